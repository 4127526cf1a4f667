"""我的认证等级: how surely one is known, what each level is for, and how to get to the next."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.identity import selectors
from mingqu.identity.openid import outside
from mingqu.identity.openid.selectors import links_of
from mingqu.identity.sources import faces
from mingqu.kernel.codelists import code_list
from mingqu.ui.access import signed_in

# What a level is for and how it is reached; where `address` is "", only at a window.
LEVELS = (
    (1, _("查进度、收消息、填申请表。"), _("用手机验证码登录就有。"), ""),
    (
        2,
        _("提交要求实名的申请、请亲友代办、替别人和单位办事。"),
        _("在网上实名认证，或者带身份证到窗口核验。"),
        "identity:real_name",
    ),
    (
        3,
        _("事项要求人脸或者网络身份核验的。"),
        _("办要求这一级的事，提交的时候在网上做人脸核验，或者带身份证到窗口办理。"),
        "identity:face",
    ),
    (4, _("事项要求电子证书或者电子营业执照的。"), _("这个网站现在不能在网上做，请带证件到窗口办理。"), ""),
)
FACE = 3
AT_WINDOW = _("这个网站现在不能在网上做，请带身份证到窗口办理。")


@dataclass(frozen=True)
class Level:
    """One level; `now`: the person's, `had`: hers or below, `address`: where the next is reached."""

    name: str
    what: Any
    how: Any
    had: bool
    now: bool
    address: str
    face: bool = False


@signed_in
@never_cache
@require_GET
def level(request: Any) -> HttpResponse:
    mine = max(1, selectors.person(request.actor.id).assurance)
    names = code_list("assurance_level")
    lines = [
        Level(
            names.require(f"AAL{number}", field="level").name,
            what,
            how,
            number <= mine,
            number == mine,
            face=number == FACE,
            address=reverse(page)
            if page and number == mine + 1 and (number != FACE or faces.available())
            else "",
        )
        for number, what, how, page in LEVELS
    ]
    if not faces.available():
        lines[FACE - 1] = replace(lines[FACE - 1], how=AT_WINDOW)
    service = outside.service()
    said = [one.level for one in links_of(request.user.pk) if service and one.issuer == service.issuer]
    context = {
        "lines": lines,
        "mine": next(one.name for one in lines if one.now),
        "service": service,
        "said": names.require(f"AAL{max(said)}", field="level").name if said else "",
    }
    return render(request, "identity/level.html", context)
