"""Signing in with an account of an outside service, linking it to the account here, taking it apart."""

from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.identity.acting import in_own_name
from mingqu.identity.openid import links, outside, selectors
from mingqu.identity.openid.errors import GrantUnknown
from mingqu.identity.openid.types import Outsider
from mingqu.identity.services import limits
from mingqu.identity.web import client_address, safe_next, with_next
from mingqu.kernel.ids import new_id
from mingqu.ui.access import public, signed_in

GET_OR_POST = ["GET", "HEAD", "POST"]


@public
@never_cache
@require_GET
def begin(request: Any) -> HttpResponse:
    """To the service; it sends the person back to `back`."""
    limits.spend("outside_address", client_address(request), at=request.at)
    return HttpResponseRedirect(outside.begin(request, safe_next(request)))


@public
@never_cache
@require_GET
def back(request: Any) -> HttpResponse:
    """
    Who is linked is signed in. Who is not proves the account here first, by the code sent to her telephone, and then
    says that both are hers: an outside account alone opens nothing.
    """
    limits.spend("outside_address", client_address(request), at=request.at)
    who, target = outside.finish(request)
    user = None if request.user.is_authenticated else links.account_of(who, request.at)
    if user is not None:
        clear_login(request)
        record_authentication(request, user, method="outside")
        answer: HttpResponse = perform_login(request, Login(user=user, redirect_url=target or None))
        return answer
    request.session[outside.FOUND] = {
        "issuer": who.issuer,
        "name": outside.required().name,
        "subject": who.subject,
        "level": who.level,
        "at": request.at.timestamp(),
        "next": target,
    }
    if request.user.is_authenticated:
        return redirect("identity:outside_link")
    messages.info(request, _("第一次这样登录：请先用手机验证码登录一次，再把两个账号连起来。"))
    return HttpResponseRedirect(with_next("identity:sign_in", _link_page()))


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def link(request: Any) -> HttpResponse:
    """Are both hers? Said once, within ten minutes of both sign-ins."""
    in_own_name(request.actor)
    found = request.session.get(outside.FOUND)
    if not found or request.at.timestamp() - found["at"] > outside.WAITS.total_seconds():
        return redirect("identity:profile")
    if request.method == "POST":
        del request.session[outside.FOUND]
        who = Outsider(found["issuer"], found["subject"], found["level"])
        if request.POST.get("answer") == "link":
            links.link(who=who, by=request.actor, at=request.at, key=new_id())
            messages.success(request, _("已连接。下次可以直接用它登录。"))
        return HttpResponseRedirect(found["next"]) if found["next"] else redirect("identity:profile")
    context = {"name": found["name"], "phone": request.user.phone}
    return render(request, "identity/openid/link.html", context)


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def unlink(request: Any, link_id: UUID) -> HttpResponse:
    """Asked once more."""
    in_own_name(request.actor)
    found = next((one for one in selectors.links_of(request.user.pk) if one.pk == link_id), None)
    if found is None:
        raise GrantUnknown()
    if request.method == "POST":
        links.unlink(link_id=link_id, by=request.actor, at=request.at, key=new_id())
        messages.success(request, _("已解除连接。"))
        return redirect("identity:profile")
    return render(request, "identity/openid/unlink.html", {"service": outside.service(), "link": found})


def _link_page() -> str:
    return reverse("identity:outside_link")
