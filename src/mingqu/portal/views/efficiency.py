"""效能公开: figures of visits and limits, for everyone."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingqu.identity.services.traffic import read_gently
from mingqu.kernel.legal_day import legal_day
from mingqu.portal.rules import clean
from mingqu.portal.selectors import efficiency as shown
from mingqu.ui.access import public


@public
@read_gently
@require_GET
def efficiency(request: Any) -> HttpResponse:
    """By item, or by organ; of one organ or one item."""
    organ, item = clean(request.GET.get("organ", "")), clean(request.GET.get("item", ""))
    by_organ = request.GET.get("by") == "organ" and not item
    page = shown.page(legal_day(request.at), organ=organ, item=item, by_organ=by_organ)
    context = {"page": page, "organ": organ, "item": item, "by_organ": by_organ, "days": shown.DAYS}
    return render(request, "portal/efficiency.html", context)
