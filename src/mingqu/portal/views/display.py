"""大厅屏: what a hall shows on its wall, read from five metres, touched by nobody."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.identity.services.traffic import read_gently
from mingqu.portal.selectors import display as shown
from mingqu.ui.access import public

AGAIN_SECONDS = 60  # it comes anew by itself
AGAIN_WITH_NUMBERS = 10  # who waits looks for their number


@public
@read_gently
@never_cache
@require_GET
def display(request: Any) -> HttpResponse:
    """Today's numbers, the latest results without names, the clock."""
    called = shown.called(request.GET.get("hall", ""), request.at)
    context = {
        "board": shown.board(request.at),
        "called": called,
        "now": request.at,
        "again_seconds": AGAIN_WITH_NUMBERS if called else AGAIN_SECONDS,
    }
    return render(request, "portal/display.html", context)
