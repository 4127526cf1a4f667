"""接口说明: for programmers of other systems."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from mingqu.portal.selectors import programs
from mingqu.ui.access import public


@public
@require_GET
def described(request: Any) -> HttpResponse:
    """How to call, and every operation."""
    base = settings.MINGQU_BASE_URL.rstrip("/")
    context = {"groups": programs.groups(), "base": base, "openapi": reverse("api:openapi-json")}
    return render(request, "portal/programs.html", context)
