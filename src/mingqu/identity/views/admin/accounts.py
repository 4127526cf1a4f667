"""Accounts of staff: found, made, stopped, let in again; password and second factor reset."""

import base64
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.identity import staff_lists
from mingqu.identity.admin_forms import DeedForm, LockForm, NewAccountForm
from mingqu.identity.errors import UnknownAccount
from mingqu.identity.services import access, accounts, second_factor
from mingqu.identity.types import NewAccount
from mingqu.identity.views.admin.deeds import Deed, page_of
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff


@staff("identity.see_accounts")
@never_cache
@require_GET
def account_list(request: Any) -> HttpResponse:
    words, after = request.GET.get("q", "").strip()[:32], request.GET.get("after", "")
    lines, more = staff_lists.accounts(legal_day(request.at), words=words, after=after)
    here = reverse("identity:accounts")
    context = {
        "lines": lines,
        "asked": words,
        "first_url": f"{here}?{urlencode({'q': words})}" if after else "",
        "next_url": f"{here}?{urlencode({'q': words, 'after': more})}" if more else "",
        "may_create": access.may(request.actor, "identity.create_user"),
    }
    return render(request, "identity/accounts.html", context)


@staff("identity.see_accounts")
@never_cache
@require_GET
def account(request: Any, user_id: UUID) -> HttpResponse:
    line, day = _account(user_id), legal_day(request.at)
    may = [
        (label, route, kind)
        for action, label, route, kind, fits in (
            ("identity.unlock_user", "恢复账号", "unlock", "first", not line.active),
            ("identity.reset_password", "重置密码", "reset_password", "second", True),
            ("identity.reset_second_factor", "重置第二验证方式", "reset_factor", "second", True),
            ("identity.lock_user", "停用账号", "lock", "warn", line.active),
        )
        if fits and access.may(request.actor, action) and line.id != request.user.pk
    ]
    context = {"line": line, "holdings": staff_lists.holdings_of(user_id, day), "deeds": may}
    return render(request, "identity/account.html", context)


def _account(user_id: UUID) -> staff_lists.AccountLine:
    line = staff_lists.account(user_id)
    if line is None:
        raise UnknownAccount()
    return line


def _words(line: staff_lists.AccountLine) -> str:
    return f"{line.name}（{line.username}）"


def _back(line: staff_lists.AccountLine) -> str:
    return reverse("identity:account", args=[line.id])


def temporary_password(form: DeedForm) -> str:
    """
    A password to be changed at the first sign-in. It follows from the key of the deed, so that a second press of the
    button, which does nothing, does not show one that was never set.
    """
    digest = salted_hmac(
        "mingqu.identity.temporary_password", str(form.command_key), algorithm="sha256"
    ).digest()
    letters = base64.b32encode(digest).decode()[:12]
    return f"Mq7-{letters[:4].lower()}-{letters[4:8]}-{letters[8:]}"


def _create(request: Any, about: None, form: Any) -> str:
    password = temporary_password(form)
    draft = NewAccount(form.cleaned_data["username"], form.cleaned_data["name"], password)
    accounts.create_user(draft=draft, by=request.actor, at=request.at, key=form.command_key)
    return password


def _reset_password(request: Any, line: Any, form: Any) -> str:
    password = temporary_password(form)
    accounts.reset_password(
        user_id=line.id, password=password, by=request.actor, at=request.at, key=form.command_key
    )
    return password


def _lock(request: Any, line: Any, form: Any) -> None:
    reason = form.cleaned_data["reason"]
    accounts.lock_user(user_id=line.id, reason=reason, by=request.actor, at=request.at, key=form.command_key)


def _unlock(request: Any, line: Any, form: Any) -> None:
    accounts.unlock_user(user_id=line.id, by=request.actor, at=request.at, key=form.command_key)


def _reset_factor(request: Any, line: Any, form: Any) -> None:
    second_factor.reset_second_factor(user_id=line.id, by=request.actor, at=request.at, key=form.command_key)


create = page_of(
    Deed(
        action="identity.create_user",
        title="新建账号",
        button="确认新建",
        done="账号已新建。",
        about=lambda: None,
        form=lambda about, data: NewAccountForm(data),
        follows=lambda about, form: [
            f"新建账号{form.cleaned_data['username']}，使用人{form.cleaned_data['name']}。",
            "系统给出一个临时密码，只显示一次；第一次登录时必须修改，并设置第二验证方式。",
            "新账号没有岗位，什么也不能办；由安全管理员任命岗位。",
        ],
        run=_create,
        back=lambda about: reverse("identity:accounts"),
    )
)
lock = page_of(
    Deed(
        action="identity.lock_user",
        title="停用账号",
        button="确认停用",
        done="账号已停用，正在使用的登录已经退出。",
        about=_account,
        form=lambda about, data: LockForm(data),
        follows=lambda line, form: [
            f"{_words(line)}马上退出登录，不能再登录。",
            "账号和办过的事都保留，可以恢复。",
            f"停用的理由加密保存，办理存证里只有摘要：{form.cleaned_data['reason']}",
        ],
        run=_lock,
        back=_back,
        subject=_words,
        kind="warn",
    )
)
unlock = page_of(
    Deed(
        action="identity.unlock_user",
        title="恢复账号",
        button="确认恢复",
        done="账号已恢复，可以登录。",
        about=_account,
        form=lambda about, data: DeedForm(data),
        follows=lambda line, form: [f"{_words(line)}可以用原来的密码和第二验证方式登录。", "岗位不变。"],
        run=_unlock,
        back=_back,
        subject=_words,
    )
)
reset_password = page_of(
    Deed(
        action="identity.reset_password",
        title="重置密码",
        button="确认重置密码",
        done="密码已重置。",
        about=_account,
        form=lambda about, data: DeedForm(data),
        follows=lambda line, form: [
            f"{_words(line)}马上退出登录，原来的密码作废。",
            "系统给出一个临时密码，只显示一次；请当面或者打电话告诉本人，下次登录时必须修改。",
        ],
        run=_reset_password,
        back=_back,
        subject=_words,
        kind="warn",
    )
)
reset_factor = page_of(
    Deed(
        action="identity.reset_second_factor",
        title="重置第二验证方式",
        button="确认重置",
        done="第二验证方式已清除，本人下次登录时重新设置。",
        about=_account,
        form=lambda about, data: DeedForm(data),
        follows=lambda line, form: [
            f"{_words(line)}马上退出登录；动态口令、通行密钥和恢复码全部作废。",
            "本人下次用密码登录时重新设置。请先核对是不是本人提出的。",
        ],
        run=_reset_factor,
        back=_back,
        subject=_words,
        kind="warn",
    )
)
