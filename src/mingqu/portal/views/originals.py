"""我的原件: what others hold of mine, and where I get it back."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mingqu.kernel.legal_day import legal_day
from mingqu.portal.selectors import originals as own
from mingqu.ui.access import on_behalf


@on_behalf("case.see")
@never_cache
@require_safe
def originals(request: Any) -> HttpResponse:
    """By application; what was given back lately below."""
    shown = own.originals(request.actor)
    herself = not request.actor.stands_in
    context = {"shown": shown, "herself": herself, "today": legal_day(request.at)}
    return render(request, "portal/originals.html", context)
