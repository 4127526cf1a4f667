"""
自助机: a terminal of a hall where one person after another does things. A button at its address makes a browser one
(a cookie); then all public pages come in large, without ways out of the site. Nobody finds what the one before left:
the button 「结束并清除」, or silence, ends the session, drafts and all. Only who signs in as staff makes it an ordinary
browser again.
"""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.identity import services as identity
from mingqu.ui.access import public, staff
from mingqu.ui.context import AUDIENCE_COOKIE, ELDER_COOKIE, KIOSK_COOKIE, on_kiosk
from mingqu.ui.language import LANGUAGE_COOKIE

ONE_YEAR = 365 * 24 * 3600  # seconds
ASKED = "kiosk_asked"  # session: when it was asked whether anybody is there
CHOICES = (ELDER_COOKIE, AUDIENCE_COOKIE, LANGUAGE_COOKIE)  # what the one before chose
GRACE = 2  # seconds by which the clock of a terminal may be early


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def kiosk(request: Any) -> HttpResponse:
    """What can be done here, in large. A press of the button makes the browser a terminal; a link alone does not."""
    if request.method == "POST":
        return _made_a_terminal(request)
    if not on_kiosk(request):
        return render(request, "portal/kiosk_begin.html")
    ended = "ended" in request.GET
    signed_in = request.actor is not None and request.actor.kind == "citizen"
    return render(request, "portal/kiosk.html", {"ended": ended, "signed_in": signed_in})


def _made_a_terminal(request: Any) -> HttpResponse:
    answer = redirect("portal:kiosk")
    answer.set_cookie(
        KIOSK_COOKIE, "on", max_age=ONE_YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return answer


@public
@never_cache
@require_GET
def waiting(request: Any) -> HttpResponse:
    """还在吗? Nothing was done for a while; without an answer everything ends."""
    if not on_kiosk(request):
        return redirect("portal:front")
    if not request.session.is_empty():
        request.session[ASKED] = request.at.timestamp()
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/kiosk/"
    return render(
        request,
        "portal/kiosk_waiting.html",
        {"back": back, "seconds": settings.MINGQU_KIOSK_SECONDS["answer"]},
    )


@public
@never_cache
@require_GET
def ended(request: Any) -> HttpResponse:
    """
    Nobody answered: the session ends. The server looks at its own clock, so that this address ends nothing before
    somebody was asked and had the time to answer.
    """
    if not on_kiosk(request):
        return redirect("portal:front")
    asked, answer = request.session.get(ASKED), settings.MINGQU_KIOSK_SECONDS["answer"]
    if not request.session.is_empty() and (asked is None or request.at.timestamp() - asked < answer - GRACE):
        return redirect("portal:kiosk_waiting")
    return _cleared(request)


@public
@require_POST
def end(request: Any) -> HttpResponse:
    """结束并清除: signed out, drafts of this browser forgotten, choices as they were."""
    return _cleared(request)


@staff("")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: Any) -> HttpResponse:
    """
    The browser is no terminal any more: by staff, with password and second factor, so that nobody who uses a terminal
    turns it into an open browser. Their own session ends with it.
    """
    if request.method != "POST":
        return render(request, "portal/kiosk_leave.html") if on_kiosk(request) else redirect("portal:front")
    answer = _cleared(request)
    answer.delete_cookie(KIOSK_COOKIE, samesite="Lax")
    answer["Location"] = "/"
    return answer


def _cleared(request: Any) -> HttpResponse:
    identity.end_session(request)
    answer = redirect("/kiosk/?ended=1")
    for name in CHOICES:
        answer.delete_cookie(name, samesite="Lax")
    # What pages kept in the browser for its tab (typed and not saved yet), and pages to go back to.
    answer["Clear-Site-Data"] = '"cache", "storage"'
    return answer
