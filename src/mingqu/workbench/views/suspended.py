"""特别程序: those that go on, by the day they were to be over."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.cases.expecting import selectors as expecting
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff

PAST = "past"


@staff("case.see")
@never_cache
@require_GET
def suspended(request: Any) -> HttpResponse:
    """Within what the post sees; all of them, or those past their day; one page at a time."""
    only_past, after = request.GET.get("only") == PAST, request.GET.get("after", "")
    today = legal_day(request.at)
    rows, more = expecting.standing(request.actor, today, only_past=only_past, after=after)
    again = {"after": more} | ({"only": PAST} if only_past else {})
    context = {
        "rows": rows,
        "more": urlencode(again) if more else "",
        "only_past": only_past,
        "first": not after,
        "today": today,
        "post": request.post_label,
    }
    return render(request, "workbench/suspended.html", context)
