"""人事系统对接: staff registers that keep accounts in step (SCIM); entered, ended."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.identity.admin_forms import DeedForm, RegisterForm
from mingqu.identity.scim import selectors, services
from mingqu.identity.scim.types import RegisterView
from mingqu.identity.services import access
from mingqu.identity.views.admin.deeds import Deed, page_of
from mingqu.kernel.errors import NotFound
from mingqu.ui.access import staff


@staff("identity.see_registers")
@never_cache
@require_GET
def register_list(request: Any) -> HttpResponse:
    context = {
        "lines": selectors.registers(),
        "address": settings.MINGQU_BASE_URL + reverse("identity:scim"),
        "may": access.may(request.actor, "identity.enter_register"),
    }
    return render(request, "identity/registers.html", context)


def _register(register_id: UUID) -> RegisterView:
    found = selectors.register(register_id)
    if found is None or not found.live:
        raise NotFound()
    return found


def _enter(request: Any, about: None, form: RegisterForm) -> str:
    given = form.cleaned_data
    services.enter_register(
        name=given["name"],
        operator=given["operator"],
        department=UUID(given["department"]) if given["department"] else None,
        by=request.actor,
        at=request.at,
        key=form.command_key,
    )
    return services.token_of(form.command_key, form.command_key)


def _end(request: Any, line: RegisterView, form: DeedForm) -> None:
    services.end_register(register_id=line.id, by=request.actor, at=request.at, key=form.command_key)


enter = page_of(
    Deed(
        action="identity.enter_register",
        title="登记人事系统",
        button="确认登记",
        done="人事系统已登记。",
        about=lambda: None,
        form=lambda about, data: RegisterForm(data),
        follows=lambda about, form: [
            f"{form.cleaned_data['operator']}的“{form.cleaned_data['name']}”可以新建、改名、停用{form.whose}的账号。",
            "它不能给岗位、给权限、看密码，也动不了三员的账号；新建的账号要由系统管理员发临时密码、安全管理员任命岗位后才能用。",
            "下一页给出令牌，只显示一次。",
        ],
        run=_enter,
        back=lambda about: reverse("identity:registers"),
        once_title="人事系统的令牌",
        once_words="只在这一页显示，离开以后看不到了。请用安全的办法交给人事系统的运营单位，"
        "不要用短信、邮件或者聊天工具发。丢了就停用，再登记一个。",
    )
)
end = page_of(
    Deed(
        action="identity.end_register",
        title="停用人事系统对接",
        button="确认停用",
        done="已停用，令牌马上失效。",
        about=_register,
        form=lambda about, data: DeedForm(data),
        follows=lambda line, form: [
            f"“{line.name}”的令牌马上失效，人员变动不再自动同步。",
            "已经同步过来的账号不变，以后由系统管理员在这里管理。",
        ],
        run=_end,
        back=lambda line: reverse("identity:registers"),
        subject=lambda line: line.name,
        kind="warn",
    )
)
