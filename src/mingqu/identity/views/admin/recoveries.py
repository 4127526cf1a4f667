"""窗口换号: who lost the number she signs in with gets another at the window; a second clerk agrees."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.identity import signin
from mingqu.identity.admin_forms import DeedForm, RecoveryForm
from mingqu.identity.forms import CodeForm
from mingqu.identity.services import access, codes, recovery
from mingqu.identity.types import SeenDocument
from mingqu.identity.views.admin.deeds import Deed, page_of
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor, Instant
from mingqu.ui import menu
from mingqu.ui.access import staff
from mingqu.ui.forms import tell

BEGUN = "recovery"  # in the clerk's session, between the document and the code
GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400


@staff("identity.agree_recovery")
@never_cache
@require_GET
def recovery_list(request: Any) -> HttpResponse:
    """What waits for a second person; who asked may call it off."""
    lines = [(line, line.asked_by == request.actor.id) for line in recovery.waiting(request.actor)]
    may = access.may(request.actor, "identity.ask_recovery")
    return render(request, "identity/recoveries.html", {"lines": lines, "may": may})


@staff("identity.ask_recovery")
@never_cache
@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
def begin(request: Any) -> HttpResponse:
    """The document in the clerk's hands; a code goes to the new number."""
    form, status = RecoveryForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            given = {name: form.cleaned_data[name] for name in ("kind", "number", "name", "phone", "reason")}
            try:
                recovery.account_of(_document(given), by=request.actor, at=request.at)
                signin.begin_phone_change(request, given["phone"])
            except DomainError as refused:
                status = tell(form, refused)
            else:
                request.session[BEGUN] = given | {"key": str(new_id())}
                return redirect("identity:recovery_code")
    return render(request, "identity/recovery.html", {"form": form}, status=status)


@staff("identity.ask_recovery")
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(GET_OR_POST)
def code(request: Any) -> HttpResponse:
    """The code that came to the new number, read out at the window: then it waits for a second person."""
    begun, phone = request.session.get(BEGUN), signin.pending_phone_change(request)
    if not begun or phone != begun["phone"]:
        return redirect("identity:begin_recovery")
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                signin.prove_phone_change(request, form.cleaned_data["code"])
                given = {"by": request.actor, "at": request.at, "key": UUID(begun["key"])}
                recovery.ask(document=_document(begun), reason=begun["reason"], **given)
            except DomainError as refused:
                status = tell(form, refused)
            else:
                del request.session[BEGUN]
                messages.success(request, "已登记，等另一名工作人员复核。原来的号码已经收到短信。")
                return redirect("identity:recoveries")
    context = {"form": form, "phone": phone, "minutes": codes.CODE_MINUTES, "name": begun["name"]}
    return render(request, "identity/recovery_code.html", context, status=status)


def waits(actor: Actor, at: Instant) -> menu.Waiting | None:
    """On the first page of who may be the second person."""
    number = recovery.waits_for(actor)
    return menu.Waiting(f"{number}件换号等复核") if number else None


def _document(given: dict[str, str]) -> SeenDocument:
    return SeenDocument(given["kind"], given["number"], given["name"], given["phone"])


def _agree(request: Any, line: recovery.Recovery, form: DeedForm) -> None:
    recovery.agree(recovery_id=line.id, by=request.actor, at=request.at, key=form.command_key)


def _decline(request: Any, line: recovery.Recovery, form: DeedForm) -> None:
    recovery.decline(recovery_id=line.id, by=request.actor, at=request.at, key=form.command_key)


def _name(line: recovery.Recovery) -> str:
    return line.name


agree = page_of(
    Deed(
        action="identity.agree_recovery",
        title="复核换号",
        button="同意换号",
        done="已换号。原来的号码和新号码都会收到短信。",
        about=recovery.one,
        for_actor=True,
        form=lambda about, data: DeedForm(data),
        follows=lambda line, form: [
            f"{line.name}，证件号码{line.number}，登录号码从{line.old_phone}换成{line.new_phone}。",
            f"登记的人写的理由：{line.reason}",
            "请自己看一遍证件原件和本人，再同意。登记的人自己不能复核。",
            "同意以后马上用新号码登录；所有已经打开的登录和应用的授权令牌都失效。",
        ],
        run=_agree,
        back=lambda line: reverse("identity:recoveries"),
        subject=_name,
    )
)
decline = page_of(
    Deed(
        action="identity.agree_recovery",
        title="不换号",
        button="确认不换",
        done="没有换号，原来的号码照常使用。",
        about=recovery.one,
        for_actor=True,
        form=lambda about, data: DeedForm(data),
        follows=lambda line, form: [
            f"{line.name}的登录号码不变，还是{line.old_phone}。",
            "登记的人自己办的，记为撤回；另一个人办的，记为复核不同意。",
        ],
        run=_decline,
        back=lambda line: reverse("identity:recoveries"),
        subject=_name,
        kind="warn",
    )
)
