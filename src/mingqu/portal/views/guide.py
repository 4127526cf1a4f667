"""办事指南."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingqu.portal.selectors import guide as guides
from mingqu.ui.access import public


@public
@require_GET
def guide(request: Any, code: str) -> HttpResponse:
    """What 行政许可法 30 wants told, and the way to apply. 404 for what is not published."""
    return render(
        request, "portal/guide.html", {"guide": guides.guide(code, request.GET.get("handling", ""))}
    )
