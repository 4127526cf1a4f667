"""
我的资料 → 注销账号, 下载我的数据: what one does with the account as a whole, each after showing one's telephone again.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mingqu.identity import confirming
from mingqu.identity.account_errors import ClosingAsked, ClosingBarred, ClosingOver, OnTerminal
from mingqu.identity.acting import in_own_name
from mingqu.identity.forms import CodeForm, KeyForm, UnderstoodForm
from mingqu.identity.services import closing, codes, copies
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.ui.access import signed_in
from mingqu.ui.context import on_kiosk
from mingqu.ui.forms import tell

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
CLOSE, TAKE = "close", "take"  # purposes of a code


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def close(request: Any) -> HttpResponse:
    """What goes and what stays, what is in the way; then a code to one's telephone."""
    in_own_name(request.actor)
    form, status = UnderstoodForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                _nothing_in_the_way(request)
                confirming.begin(request, CLOSE, key=str(new_id()))
            except DomainError as refused:
                status = tell(form, refused)
            else:
                return redirect("identity:close_code")
    matters = closing.matters(request.actor.id, request.at)
    context = {
        "form": form,
        "waiting": closing.waiting(request.user.pk),
        "bars": [one for one in matters if one.bars],
        "notes": [one for one in matters if not one.bars],
        "days": settings.MINGQU_CLOSING_DAYS,
        "key_form": KeyForm(initial={"key": new_id()}),
    }
    return render(request, "identity/close.html", context, status=status)


def _nothing_in_the_way(request: Any) -> None:
    """Before a code is sent for nothing."""
    if bars := [one.words for one in closing.matters(request.actor.id, request.at) if one.bars]:
        raise ClosingBarred(what=bars[0])
    if closing.waiting(request.user.pk) is not None:
        raise ClosingAsked()


@signed_in
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(GET_OR_POST)
def close_code(request: Any) -> HttpResponse:
    """The code that came; right, the account is closed after its days."""

    def done(facts: dict[str, str]) -> HttpResponse:
        closing.ask(by=request.actor, at=request.at, key=UUID(facts["key"]))
        messages.success(request, _("已申请注销。期满以前，随时可以在这一页撤回。"))
        return redirect("identity:close")

    return _code_page(request, CLOSE, done, "identity:close")


@signed_in
@never_cache
@require_POST
def keep(request: Any) -> HttpResponse:
    """One changed one's mind."""
    form, found = KeyForm(request.POST), closing.waiting(request.user.pk)
    if found is None:
        raise ClosingOver()
    key = form.cleaned_data["key"] if form.is_valid() else new_id()
    closing.call_off(closing_id=found.id, by=request.actor, at=request.at, key=key)
    messages.success(request, _("已撤回，账号照常使用。"))
    return redirect("identity:profile")


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def own_copies(request: Any) -> HttpResponse:
    """Ask for a copy, see how far it is, take it."""
    in_own_name(request.actor)
    form, status = KeyForm(request.POST or None, initial={"key": new_id()}), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                copies.ask(by=request.actor, at=request.at, key=form.cleaned_data["key"])
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, _("正在准备，一般几分钟。好了会发消息告诉您。"))
                return redirect("identity:own_copies")
    found = copies.copies_of(request.actor.id)
    context = {
        "form": form,
        "ready": [one for one in found if one.state == copies.State.READY and one.until > request.at],
        "making": [one for one in found if one.state == copies.State.WAITING],
        "gone": [one for one in found if one.state == copies.State.GONE],
        "days": settings.MINGQU_COPY_DAYS,
    }
    return render(request, "identity/own_copies.html", context, status=status)


@signed_in
@never_cache
@require_POST
def begin_taking(request: Any, copy_id: UUID) -> HttpResponse:
    """A code to one's telephone before the file; not on a machine that stands in a hall."""
    in_own_name(request.actor)
    if on_kiosk(request):
        raise OnTerminal()
    confirming.begin(request, TAKE, copy=str(copy_id))
    return redirect("identity:take_code")


@signed_in
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(GET_OR_POST)
def take_code(request: Any) -> HttpResponse:
    """The code that came; right, the file."""

    def done(facts: dict[str, str]) -> HttpResponse:
        name, data = copies.take(copy_id=UUID(facts["copy"]), by=request.actor, at=request.at, key=new_id())
        response = HttpResponse(data, content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "no-store, private"
        return response

    return _code_page(request, TAKE, done, "identity:own_copies")


def _code_page(
    request: Any, purpose: str, done: Callable[[dict[str, str]], HttpResponse], back: str
) -> HttpResponse:
    """The same page for each purpose: where the code went, the field, what is wrong beside it."""
    in_own_name(request.actor)
    if confirming.waits(request, purpose) is None:
        return redirect(back)
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                return done(confirming.prove(request, purpose, form.cleaned_data["code"]))
            except DomainError as refused:
                status = tell(form, refused)
    context = {
        "form": form,
        "phone": request.user.phone,
        "minutes": codes.CODE_MINUTES,
        "purpose": purpose,
        "back": back,
    }
    return render(request, "identity/confirming.html", context, status=status)
