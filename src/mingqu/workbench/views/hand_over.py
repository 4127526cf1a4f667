"""交接清单, to be printed and signed when a post changes hands."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.ui.access import staff
from mingqu.workbench.selectors.hand_over import hand_over as in_hand


@staff("case.recuse")
@never_cache
@require_GET
def hand_over(request: Any) -> HttpResponse:
    context = {"slip": in_hand(request.actor, request.at), "post": request.post_label, "now": request.at}
    return render(request, "workbench/hand_over.html", context)
