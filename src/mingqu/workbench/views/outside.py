"""清单之外: items applied for that rest on no list (CAT-02). It must be empty."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff
from mingqu.ui.text import day_written
from mingqu.workbench.selectors import outside as found


@staff("list.see")
@never_cache
@require_GET
def outside_lists(request: Any) -> HttpResponse:
    """Applications since a day, by item, for items that are not lawful; by default since the newest list."""
    since = (
        day_written(request.GET.get("since", "")) or found.first_day(request.actor) or legal_day(request.at)
    )
    context = {"since": since, "rows": found.outside(request.actor, since)}
    return render(request, "workbench/outside.html", context)
