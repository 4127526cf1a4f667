"""接入应用: applications where people sign in with their account here; registered, changed, withdrawn."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.identity.admin_forms import DeedForm
from mingqu.identity.openid import selectors, services
from mingqu.identity.openid.forms import STAFF_WORDS, AppForm, NewAppForm
from mingqu.identity.openid.types import AppView, NewApp
from mingqu.identity.services import access
from mingqu.identity.views.admin.deeds import Deed, page_of
from mingqu.kernel.errors import NotFound
from mingqu.ui.access import staff


@staff("identity.see_apps")
@never_cache
@require_GET
def app_list(request: Any) -> HttpResponse:
    after = request.GET.get("after", "")
    lines, more = selectors.apps(after)
    here = reverse("identity:outside_apps")
    context = {
        "lines": lines,
        "first_url": here if after else "",
        "next_url": f"{here}?after={more}" if more else "",
        "may": access.may(request.actor, "identity.register_app"),
    }
    return render(request, "identity/openid/app_list.html", context)


@staff("identity.see_apps")
@never_cache
@require_GET
def app(request: Any, app_id: UUID) -> HttpResponse:
    line = _app(app_id)
    deeds = [
        (label, route, kind)
        for action, label, route, kind, fits in (
            ("identity.change_app", "修改返回地址和范围", "change_app", "second", line.live),
            (
                "identity.renew_app_secret",
                "换密钥",
                "renew_app_secret",
                "second",
                line.live and line.confidential,
            ),
            ("identity.withdraw_app", "停用", "withdraw_app", "warn", line.live),
            ("identity.restore_app", "恢复", "restore_app", "first", not line.live),
        )
        if fits and access.may(request.actor, action)
    ]
    context = {"line": line, "deeds": deeds, "scopes": [str(STAFF_WORDS[one]) for one in line.scopes]}
    return render(request, "identity/openid/app.html", context)


def _app(app_id: UUID) -> AppView:
    found = selectors.app(app_id)
    if found is None:
        raise NotFound()
    return found


def _back(line: AppView) -> str:
    return reverse("identity:outside_app", args=[line.id])


def _name(line: AppView) -> str:
    return line.name


def _register(request: Any, about: None, form: NewAppForm) -> str:
    given = form.cleaned_data
    draft = NewApp(
        given["name"], given["operator"], form.lines, tuple(given["scopes"]), given["kind"] == "server"
    )
    services.register_app(draft=draft, by=request.actor, at=request.at, key=form.command_key)
    return services.app_secret(form.command_key, form.command_key) if draft.confidential else ""


def _change(request: Any, line: AppView, form: AppForm) -> None:
    scopes = tuple(form.cleaned_data["scopes"])
    services.change_app(
        app_id=line.id,
        addresses=form.lines,
        scopes=scopes,
        by=request.actor,
        at=request.at,
        key=form.command_key,
    )


def _renew(request: Any, line: AppView, form: DeedForm) -> str:
    services.renew_app_secret(app_id=line.id, by=request.actor, at=request.at, key=form.command_key)
    return services.app_secret(line.id, form.command_key)


def _withdraw(request: Any, line: AppView, form: DeedForm) -> None:
    services.withdraw_app(app_id=line.id, by=request.actor, at=request.at, key=form.command_key)


def _restore(request: Any, line: AppView, form: DeedForm) -> None:
    services.restore_app(app_id=line.id, by=request.actor, at=request.at, key=form.command_key)


def _change_form(line: AppView, data: Any) -> AppForm:
    return AppForm(data, initial={"addresses": "\n".join(line.return_addresses), "scopes": list(line.scopes)})


SECRET = {
    "once_title": "应用的密钥",
    "once_words": "只在这一页显示，离开以后看不到了。请用安全的办法交给应用的运营单位，"
    "不要用短信、邮件或者聊天工具发。丢了就换一个。",
}

register = page_of(
    Deed(
        action="identity.register_app",
        title="登记接入应用",
        button="确认登记",
        done="应用已登记。应用编号在应用的页面上。",
        about=lambda: None,
        form=lambda about, data: NewAppForm(data),
        follows=lambda about, form: [
            f"登记{form.cleaned_data['operator']}的“{form.cleaned_data['name']}”。",
            f"它可以请求：{form.scope_words}。本人同意的才给。",
            f"本人同意以后只回到这些地址：{'、'.join(form.lines)}。",
            "有服务器的应用，下一页给出密钥，只显示一次。",
        ],
        run=_register,
        back=lambda about: reverse("identity:outside_apps"),
        **SECRET,
    )
)
change = page_of(
    Deed(
        action="identity.change_app",
        title="修改接入应用",
        button="确认修改",
        done="已修改。",
        about=_app,
        form=_change_form,
        follows=lambda line, form: [
            f"只回到这些地址：{'、'.join(form.lines)}。",
            f"可以请求：{form.scope_words}。",
            "比原来多的内容，要每个人重新同意；已经同意的不会自动变多。",
        ],
        run=_change,
        back=_back,
        subject=_name,
    )
)
renew = page_of(
    Deed(
        action="identity.renew_app_secret",
        title="换密钥",
        button="确认换密钥",
        done="密钥已换。",
        about=_app,
        form=lambda about, data: DeedForm(data),
        follows=lambda line, form: [
            f"“{line.name}”原来的密钥马上失效，在换上新的以前，谁也不能用这里的账号登录它。",
            "下一页给出新密钥，只显示一次。",
        ],
        run=_renew,
        back=_back,
        subject=_name,
        kind="warn",
        **SECRET,
    )
)
withdraw = page_of(
    Deed(
        action="identity.withdraw_app",
        title="停用接入应用",
        button="确认停用",
        done="应用已停用。",
        about=_app,
        form=lambda about, data: DeedForm(data),
        follows=lambda line, form: [
            f"谁也不能再用这里的账号登录“{line.name}”；它已经拿到的令牌马上失效。",
            "可以恢复；恢复以后，本人没有收回的授权仍然有效。",
        ],
        run=_withdraw,
        back=_back,
        subject=_name,
        kind="warn",
    )
)
restore = page_of(
    Deed(
        action="identity.restore_app",
        title="恢复接入应用",
        button="确认恢复",
        done="应用已恢复。",
        about=_app,
        form=lambda about, data: DeedForm(data),
        follows=lambda line, form: [f"本人同意的，可以再用这里的账号登录“{line.name}”。密钥不变。"],
        run=_restore,
        back=_back,
        subject=_name,
    )
)
