"""事项与基本目录: which items are linked, which differ, which base entries nobody carries out."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.catalogue.directory import coverage
from mingqu.identity.services import access
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff


@staff("list.see")
@never_cache
@require_GET
def items(request: Any) -> HttpResponse:
    """Without a filter the items that depart from the directory: what a new edition changes, and what was typed."""
    standing = request.GET.get("standing", "departs")
    after = request.GET.get("after", "")[:64]
    day = legal_day(request.at)
    within = access.scope(request.actor, "list.see").q()
    if standing == "unused":
        rows, more = coverage.unused(request.actor, day, after=after)
    else:
        rows, more = coverage.items(within, standing, day, after=after)
    context = {
        "rows": rows,
        "standing": standing,
        "standings": coverage.STANDINGS,
        "counts": coverage.counts(within),
        "first_url": f"?{urlencode({'standing': standing})}" if after else "",
        "next_url": f"?{urlencode({'standing': standing, 'after': more})}" if more else "",
    }
    return render(request, "catalogue/list_items.html", context)
