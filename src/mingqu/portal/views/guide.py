"""办事指南."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingqu.catalogue.errors import NotApplicable
from mingqu.hall import selectors as hall
from mingqu.portal.selectors import guide as guides
from mingqu.portal.selectors.laws import law_slugs
from mingqu.ui.access import public


@public
@require_GET
def guide(request: Any, code: str) -> HttpResponse:
    """What 行政许可法 30 wants told, and the way to apply or why there is none. 404 for what is not published."""
    try:
        found = guides.guide(code, request.GET.get("handling", ""))
    except NotApplicable:
        return render(request, "portal/listed.html", {"listed": guides.listed(code)})
    context = {
        "guide": found,
        "law_slugs": law_slugs(code),
        "bookable": hall.takes_appointments(code, request.at),
    }
    return render(request, "portal/guide.html", context)
