"""用手机扫码登录: the page of the browser that asks, and the one of the telephone that answers."""

from typing import Any
from uuid import UUID

import segno
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.identity.acting import in_own_name
from mingqu.identity.rules import browser_name
from mingqu.identity.services import limits, scanning
from mingqu.identity.web import client_address, safe_next
from mingqu.kernel.ids import new_id
from mingqu.ui.access import public, signed_in

ASKED = "scan"  # in the session of the browser that asks


@public
@never_cache
@require_GET
def show(request: Any) -> HttpResponse:
    """A new picture each time the page is opened; the one before is worth nothing then."""
    target = safe_next(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(target or "/")
    address = client_address(request)
    limits.spend("scan_address", address, at=request.at)
    browser = browser_name(request.headers.get("User-Agent", ""))
    found = scanning.ask(browser=browser, address=address, at=request.at)
    request.session[ASKED] = {"id": str(found.id), "own": found.own, "next": target}
    link = settings.MINGQU_BASE_URL + reverse("identity:scan_answer", args=[found.id, found.scan])
    context = {"qr": _drawn(link), "number": found.number, "state": "waiting", "target": target}
    return render(request, "identity/scan.html", context)


@public
@never_cache
@require_GET
def state(request: Any) -> HttpResponse:
    """What has become of it, asked every two seconds by the page alone; nothing but a word comes back."""
    waiting = request.session.get(ASKED)
    said = scanning.state_of(UUID(waiting["id"]), waiting["own"], request.at) if waiting else "over"
    return render(request, "identity/_scan_state.html", {"state": said})


@public
@never_cache
@require_POST
def done(request: Any) -> HttpResponse:
    """The telephone said yes: this browser is signed in, with a session of another key than it had before."""
    waiting = request.session.pop(ASKED, None)
    if waiting is None or request.user.is_authenticated:
        return redirect("identity:sign_in")
    user = scanning.spend(scan_id=UUID(waiting["id"]), own=waiting["own"], at=request.at)
    clear_login(request)
    record_authentication(request, user, method="scan")
    answer: HttpResponse = perform_login(request, Login(user=user, redirect_url=waiting["next"] or None))
    if request.headers.get("HX-Request"):  # the page asked by itself: it goes on as a whole, not in a piece
        return HttpResponse(headers={"HX-Redirect": answer["Location"]})
    return answer


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Any, scan_id: UUID, secret: str) -> HttpResponse:
    """On the telephone: who asks, from where and since when; she picks the number of the other screen, or says no."""
    in_own_name(request.actor)
    limits.spend("scan_person", str(request.actor.id), at=request.at)
    if request.method == "POST":
        text = request.POST.get("number", "")
        picked = int(text) if text.isdecimal() and len(text) == 2 else None
        given = {"by": request.actor, "at": request.at, "key": new_id()}
        scanning.answer(scan_id=scan_id, secret=secret, picked=picked, **given)
        if picked is None:
            messages.success(request, _("已拒绝，电脑没有登录。"))
        else:
            messages.success(request, _("已同意，电脑马上登录。用完请在电脑上退出登录。"))
        return redirect("identity:profile")
    return render(request, "identity/scan_answer.html", {"scan": scanning.asked(scan_id, secret, request.at)})


def _drawn(text: str) -> SafeString:
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=False, svgclass="mq-qr")
    return mark_safe(drawn)  # noqa: S308 - drawn by segno out of modules only
