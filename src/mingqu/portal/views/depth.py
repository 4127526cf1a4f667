"""网上办理深度: how far services go online."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingqu.identity.services.traffic import read_gently
from mingqu.portal.rules import clean
from mingqu.portal.selectors import depth as shown
from mingqu.ui.access import public

LONGEST = 120


@public
@read_gently
@require_GET
def depth(request: Any) -> HttpResponse:
    """In all and by organ."""
    after = clean(request.GET.get("after", ""))[:LONGEST]
    return render(request, "portal/depth.html", {"page": shown.page(request.at, after), "first": not after})
