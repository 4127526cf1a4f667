"""How every connection does: last good exchange, what waits, what is out."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.exchange import selectors
from mingqu.identity.services import access
from mingqu.ui.access import staff


@staff("exchange.see_connections")
@never_cache
@require_GET
def connections(request: Any) -> HttpResponse:
    context = {
        "connections": selectors.connections(request.at),
        "demo": settings.MINGQU_DEMO,
        "may_reconcile": access.may(request.actor, "exchange.reconcile"),
        "may_see": access.may(request.actor, "exchange.see"),
    }
    return render(request, "exchange/connections.html", context)
