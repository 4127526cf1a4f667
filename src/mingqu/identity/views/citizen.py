"""Signing in by telephone code, and what one tells about oneself."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.identity import selectors, signin
from mingqu.identity.errors import TooManyAttempts
from mingqu.identity.forms import CodeForm, IdentityForm, PhoneForm
from mingqu.identity.openid import outside
from mingqu.identity.openid.selectors import links_of
from mingqu.identity.services import (
    bind_account,
    change_phone,
    closing,
    codes,
    declare_identity,
    recovery_online,
)
from mingqu.identity.web import safe_next, with_next
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.ui.access import public, signed_in
from mingqu.ui.forms import tell

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400


@public
@never_cache
@require_http_methods(GET_OR_POST)
def sign_in(request: Any) -> HttpResponse:
    """A telephone number; the answer is the same whether it has an account or not."""
    target, status = safe_next(request), 200
    if request.user.is_authenticated:
        return HttpResponseRedirect(target or "/")
    form = PhoneForm(request.POST or None)
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                signin.PhoneCode.begin(request, form.cleaned_data["phone"], target)
            except DomainError as refused:
                status = tell(form, refused)
            else:
                return redirect("identity:code")
    context = {"form": form, "target": target, "service": outside.service()}
    return render(request, "identity/sign_in.html", context, status=status)


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(GET_OR_POST)
def code(request: Any) -> HttpResponse:
    """The code that came; five attempts in five minutes."""
    pending = signin.PhoneCode.pending(request)
    if pending is None:
        if not request.user.is_authenticated and request.method == "POST":
            messages.error(request, _("验证码已过期，请重新获取。"))
        return redirect("identity:sign_in")
    if request.POST.get("again"):
        return _send_again(request, pending)
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                pending.check(form.cleaned_data["code"])
                return pending.sign_in()
            except TooManyAttempts:
                messages.error(request, _("输错次数太多，这个验证码已作废，请重新获取。"))
                return HttpResponseRedirect(with_next("identity:sign_in", pending.target))
            except DomainError as refused:
                status = tell(form, refused)
    context = {"form": form, "phone": pending.phone, "minutes": codes.CODE_MINUTES}
    return render(request, "identity/code.html", context, status=status)


def _send_again(request: Any, pending: signin.PhoneCode) -> HttpResponse:
    try:
        signin.PhoneCode.begin(request, pending.phone, pending.target)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("已重新发送，请使用最新的验证码。"))
    return redirect("identity:code")


@signed_in
@require_GET
def profile(request: Any) -> HttpResponse:
    """What is known of me, masked."""
    person = selectors.person(request.actor.id)
    context = {
        "person": person,
        "phone": request.user.phone,
        "links": links_of(request.user.pk),
        "service": outside.service(),
        "closing": closing.waiting(request.user.pk),
        "recovery": recovery_online.waiting(request.user.pk),
    }
    return render(request, "identity/profile.html", context)


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
def declare(request: Any) -> HttpResponse:
    """Name and number, once; it may wait until something needs it."""
    target, status = safe_next(request), 200
    form = IdentityForm(request.POST or None, initial={"key": new_id()})
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                _say_who(request, form.cleaned_data)
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, _("已保存。"))
                return HttpResponseRedirect(target) if target else redirect("identity:profile")
    context = {"form": form, "target": target, "verified": selectors.person(request.actor.id).assurance >= 2}
    return render(request, "identity/declare.html", context, status=status)


def _say_who(request: Any, given: Any) -> None:
    """Who was registered at a window is found again; anyone else is who they say, unchecked."""
    who = {"name": given["name"], "citizen_number": given["citizen_number"]}
    when = {"by": request.actor, "at": request.at, "key": given["key"]}
    if not bind_account(user_id=request.user.id, **who, **when):
        declare_identity(person_id=request.actor.id, **who, **when)


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def phone(request: Any) -> HttpResponse:
    """Another telephone number: a code goes to it first."""
    form, status = PhoneForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                signin.begin_phone_change(request, form.cleaned_data["phone"])
            except DomainError as refused:
                status = tell(form, refused)
            else:
                return redirect("identity:phone_code")
    return render(request, "identity/phone.html", {"form": form, "phone": request.user.phone}, status=status)


@signed_in
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(GET_OR_POST)
def phone_code(request: Any) -> HttpResponse:
    """The code that came to the new number."""
    waiting = signin.pending_phone_change(request)
    if not waiting:
        return redirect("identity:phone")
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                proved = signin.prove_phone_change(request, form.cleaned_data["code"])
                change_phone(
                    user_id=request.user.id, phone=proved, by=request.actor, at=request.at, key=new_id()
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                signin.keep_session(request)
                messages.success(request, _("手机号码已更换，下次请用新号码登录。"))
                return redirect("identity:profile")
    context = {"form": form, "phone": waiting, "minutes": codes.CODE_MINUTES}
    return render(request, "identity/phone_code.html", context, status=status)


@public
@require_GET
def closed(request: Any) -> HttpResponse:
    """The account was stopped."""
    return render(request, "identity/closed.html", status=403)
