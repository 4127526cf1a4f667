"""During a planned stop every page says so, with 503 and until when, but to those who run the site."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from mingqu.identity.services import access
from mingqu.ui import language
from mingqu.ui.middleware import problem
from mingqu.upkeep import selectors
from mingqu.upkeep.errors import UnderMaintenance
from mingqu.upkeep.types import StopView

PROBES = ("/healthz", "/readyz")
READING = frozenset({"GET", "HEAD", "OPTIONS"})
# Who ends the stop has to be able to sign in and to take up the post that ends it, and anybody to sign out.
OPEN = ("identity:staff_sign_in", "identity:second_factor", "identity:posts", "identity:sign_out")


class StopMiddleware:
    """Nothing of a request is done that a stop forbids: it is answered before any view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if request.path in PROBES or request.path.startswith(settings.STATIC_URL):
            return self.get_response(request)
        stop = selectors.stop_running(request.at)
        if stop is None or _let_through(request, stop):
            return self.get_response(request)
        seconds = max(60, int((stop.ends_at - request.at).total_seconds()))
        error = UnderMaintenance(until=language.moment(stop.ends_at), retry_after=seconds)
        if request.path.startswith("/api/"):
            return problem(error)
        context = {
            "stop": stop,
            "until": language.moment(stop.ends_at),
            "written": request.method not in READING,
        }
        answer = render(request, "upkeep/stopped.html", context, status=error.status)
        answer["Retry-After"] = str(seconds)
        return answer


def _let_through(request: Any, stop: StopView) -> bool:
    if not stop.all and request.method in READING:
        return True
    if any(request.path.startswith(reverse(name)) for name in OPEN):
        return True
    return access.may(request.actor, "system.end_stop")
