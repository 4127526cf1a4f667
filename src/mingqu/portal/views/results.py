"""行政许可决定公开: what was granted, open to everyone (行政许可法 40)."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingqu.identity.services.traffic import read_gently
from mingqu.portal.rules import clean
from mingqu.portal.selectors import results as shown
from mingqu.ui.access import public
from mingqu.ui.text import day_written

LONGEST = 120


@public
@read_gently
@require_GET
def results(request: Any) -> HttpResponse:
    """The latest first; by organ, item, days, the beginning of a firm's name or a 文号."""
    given = {
        name: clean(request.GET.get(name, ""))[:LONGEST] for name in ("organ", "item", "q", "since", "until")
    }
    asked = shown.Asked(
        given["organ"], given["item"], given["q"], day_written(given["since"]), day_written(given["until"])
    )
    page = shown.page(asked, request.GET.get("before", ""))
    query = {name: value for name, value in given.items() if value}
    context = {
        "page": page,
        "asked": asked,
        "organs": shown.organs(),
        "item_name": shown.item_name(asked.item),
        "narrowed": bool(query),
        "first_url": f"?{urlencode(query)}" if request.GET.get("before") else "",
        "next_url": f"?{urlencode(query | {'before': page.more})}" if page.more else "",
    }
    return render(request, "portal/results.html", context)
