"""Signing in of staff: name and password with a second factor, or a passkey."""

import ipaddress
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

import segno
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.logout import logout
from allauth.mfa.adapter import get_adapter as second_factor_adapter
from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from allauth.mfa.webauthn.internal.auth import begin_registration
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.identity import selectors, signin
from mingqu.identity.errors import TooManyAttempts, WrongCode
from mingqu.identity.forms import PasskeyForm, PasswordForm, SecondFactorForm, StaffSignInForm, TotpForm
from mingqu.identity.locking import is_locked
from mingqu.identity.middleware import POST, acting_post
from mingqu.identity.models import User
from mingqu.identity.services import accounts, limits, second_factor
from mingqu.identity.web import safe_next, with_next
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import public, staff
from mingqu.ui.forms import tell
from mingqu.ui.language import only_chinese
from mingqu.ui.menu import Navigation

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
RECENT = 10 * 60  # seconds since the factor was shown, within which another may be added

View = Callable[..., HttpResponse]


def staff_session(view: View) -> View:
    """Someone signed in with name and password at least: pages that come before the second factor is proved."""

    @wraps(view)
    def held(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated or request.user.kind != User.Kind.STAFF:
            return HttpResponseRedirect(with_next("identity:staff_sign_in", safe_next(request)))
        if is_locked(request):
            return HttpResponseRedirect(with_next("identity:unlock_screen", safe_next(request)))
        return view(request, *args, **kwargs)

    return held


def passkeys_work_here(request: Any) -> bool:
    """Browsers know passkeys for names only, not for bare addresses."""
    host = split_domain_port(request.get_host())[0].strip("[]")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return False


@only_chinese
@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(GET_OR_POST)
def staff_sign_in(request: Any) -> HttpResponse:
    """Name and password; or the passkey, whose challenge the page carries."""
    target, status = safe_next(request), 200
    if request.user.is_authenticated:
        staff_here = request.user.kind == User.Kind.STAFF
        return HttpResponseRedirect(target or (reverse("identity:start") if staff_here else "/"))
    form = StaffSignInForm(request.POST or None)
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            given = form.cleaned_data
            try:
                done = signin.sign_in_with_password(request, given["username"], given["password"], target)
            except DomainError as refused:
                status = tell(form, refused)
            else:
                if done:
                    return done
                form.add_error(None, "账号或密码不正确。连续输错5次，要等15分钟再试。")
    options = json.dumps(signin.passkey_challenge(None)) if passkeys_work_here(request) else None
    context = {"form": form, "target": target, "passkey_options": options, "passkey_form": PasskeyForm()}
    return render(request, "identity/staff_sign_in.html", context, status=status)


@public
@never_cache
@require_POST
def staff_passkey(request: Any) -> HttpResponse:
    """The answer of a passkey."""
    form = PasskeyForm(request.POST)
    try:
        if not form.is_valid():
            raise WrongCode()
        return signin.sign_in_with_passkey(request, form.cleaned_data["credential"], safe_next(request))
    except TooManyAttempts as refused:
        messages.error(request, refused.message)
    except WrongCode:
        messages.error(request, "通行密钥没有通过。请再试一次，或用账号和密码登录。")
    return HttpResponseRedirect(with_next("identity:staff_sign_in", safe_next(request)))


@only_chinese
@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(GET_OR_POST)
def second_factor_page(request: Any) -> HttpResponse:
    """The second factor of a pending sign-in."""
    stage = signin.pending_second_factor(request)
    if stage is None or request.user.is_authenticated:
        return redirect("identity:staff_sign_in")
    form, status = SecondFactorForm(request.POST or None), 200
    by_passkey = PasskeyForm(request.POST if "credential" in request.POST else None)
    if request.method == "POST":
        status = WRONG
        try:
            if by_passkey.is_bound and by_passkey.is_valid():
                return signin.pass_second_factor(
                    request, stage, credential=by_passkey.cleaned_data["credential"]
                )
            if form.is_valid():
                return signin.pass_second_factor(request, stage, code=form.cleaned_data["code"])
        except DomainError as refused:
            status = tell(form, refused)
    kinds = second_factor.kinds(stage.login.user.pk)
    options = None
    if "webauthn" in kinds and passkeys_work_here(request):
        options = json.dumps(signin.passkey_challenge(stage.login.user))
    context = {"form": form, "kinds": kinds, "passkey_options": options, "passkey_form": PasskeyForm()}
    return render(request, "identity/second_factor.html", context, status=status)


def _may_add_factor(request: Any) -> bool:
    """
    Without any second factor yet: yes. With one: only in a session that has just shown it, so that a
    screen left open is not enough.
    """
    if not second_factor.is_set_up(request.user.pk):
        return True
    shown = [r["at"] for r in get_authentication_records(request, request.user) if r["method"] == "mfa"]
    return bool(shown) and request.at.timestamp() - max(shown) <= RECENT


def _sign_in_anew(request: Any) -> HttpResponse:
    logout(request, show_message=False)
    messages.error(request, "请重新登录，再设置第二验证方式。")
    return redirect("identity:staff_sign_in")


@only_chinese
@public
@staff_session
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(GET_OR_POST)
def second_factor_setup(request: Any) -> HttpResponse:
    """Scan, type the first code; or make a passkey. Nothing else opens before one of them is done."""
    if not _may_add_factor(request):
        return _sign_in_anew(request)
    has_totp = "totp" in second_factor.kinds(request.user.pk)
    form, status, secret = TotpForm(request.POST or None), 200, get_totp_secret()
    if request.method == "POST" and not has_totp:
        status = WRONG
        if form.is_valid():
            try:
                _enrol_totp(request, secret, form.cleaned_data["code"])
            except DomainError as refused:
                status = tell(form, refused)
            else:
                return HttpResponseRedirect(with_next("identity:recovery_codes", safe_next(request)))
    context: dict[str, Any] = {"form": form, "target": safe_next(request), "has_totp": has_totp}
    if not has_totp:
        groups = [secret[at : at + 4] for at in range(0, len(secret), 4)]
        context |= {"secret": [groups[:4], groups[4:]]}  # two halves, so that a phone's line holds one
        context |= {"qr": _qr(second_factor_adapter().build_totp_url(request.user, secret))}
    if passkeys_work_here(request):
        context |= {
            "passkey_options": json.dumps(begin_registration(request.user, True)),
            "passkey_form": PasskeyForm(),
        }
    return render(request, "identity/second_factor_setup.html", context, status=status)


def _qr(text: str) -> str:
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=False, svgclass="mq-qr")
    # Drawn by segno out of modules only: the text itself is not in the markup.
    return mark_safe(drawn)  # noqa: S308


def _enrol_totp(request: Any, secret: str, code: str) -> None:
    limits.spend("second_factor_account", str(request.user.pk), at=request.at)
    step = second_factor.matching_step(secret, code, request.at)
    if step is None:
        raise WrongCode(field="code")
    limits.give_back("second_factor_account", str(request.user.pk))
    second_factor.add_totp(user=request.user, secret=secret, step=step, at=request.at)
    clear_totp_secret(request)
    _proved(request, "totp")


def _proved(request: Any, kind: str) -> None:
    """The session may do more from here on: a new key for it."""
    record_authentication(request, request.user, "mfa", type=kind)
    request.session.cycle_key()


@public
@staff_session
@never_cache
@require_POST
def add_passkey(request: Any) -> HttpResponse:
    """A new passkey, attested by the browser."""
    if not _may_add_factor(request):
        return _sign_in_anew(request)
    form = PasskeyForm(request.POST)
    try:
        if not form.is_valid():
            raise WrongCode()
        signin.registered_passkey(form.cleaned_data["credential"])
    except WrongCode:
        messages.error(request, "通行密钥没有保存，请再试一次。")
        return HttpResponseRedirect(with_next("identity:second_factor_setup", safe_next(request)))
    second_factor.add_passkey(
        user=request.user, name="通行密钥", credential=form.cleaned_data["credential"], at=request.at
    )
    _proved(request, "webauthn")
    return HttpResponseRedirect(with_next("identity:recovery_codes", safe_next(request)))


@staff("")
@never_cache
@require_http_methods(GET_OR_POST)
def recovery_codes(request: Any) -> HttpResponse:
    """Shown once. New ones on request, by someone who has just shown the second factor."""
    if request.method == "POST":
        if not _may_add_factor(request):
            return _sign_in_anew(request)
        second_factor.renew_recovery_codes(user=request.user, at=request.at)
        return redirect("identity:recovery_codes")
    found = second_factor.recovery_codes_once(request.user.pk)
    context = {"codes": found, "target": safe_next(request)}
    return render(request, "identity/recovery_codes.html", context)


@only_chinese
@public
@staff_session
@never_cache
@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
def password(request: Any) -> HttpResponse:
    """One's own password; asked for when it was given by another or has grown old."""
    if request.actor is None:
        return redirect("identity:second_factor_setup")
    form, status = PasswordForm(request.POST or None, initial={"key": new_id()}), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                _change_password(request, form.cleaned_data)
            except DomainError as refused:
                status = tell(form, refused)
            else:
                messages.success(request, "密码已修改，其他设备上的登录已退出。")
                return HttpResponseRedirect(safe_next(request) or "/")
    context = {"form": form, "target": safe_next(request), "forced": request.user.must_change_password}
    return render(request, "identity/password.html", context, status=status)


def _change_password(request: Any, given: dict[str, Any]) -> None:
    limits.spend("password_account", request.user.get_username(), at=request.at)
    accounts.change_password(
        user_id=request.user.pk,
        old=given["old"],
        new=given["password"],
        by=request.actor,
        at=request.at,
        key=given["key"],
    )
    limits.give_back("password_account", request.user.get_username())
    signin.keep_session(request)


@staff("")
@require_GET
def start(request: Any) -> HttpResponse:
    """Where staff go after signing in: the workbench, or their posts where they may not open it."""
    home = next(iter(Navigation(request).links("staff_home")), None)
    return HttpResponseRedirect(home.url) if home else redirect("identity:posts")


@staff("")
@require_http_methods(GET_OR_POST)
def posts(request: Any) -> HttpResponse:
    """「切换岗位」: one person may hold several posts and acts as one at a time."""
    held = selectors.posts_held(request.user.standing, legal_day(request.at))
    if request.method == "POST":
        chosen = next((post for post in held if str(post.id) == request.POST.get("post")), None)
        if chosen is None:
            messages.error(request, "您没有这个岗位，或者任期已经结束。")
            return redirect("identity:posts")
        request.session[POST] = str(chosen.id)
        messages.success(request, f"现在以“{chosen.department_name} {chosen.name}”办理。")
        return redirect("identity:start")
    acting = acting_post(request, request.user.standing, request.at)
    return render(request, "identity/posts.html", {"held": held, "acting": acting})


@public
@require_POST
def sign_out(request: Any) -> HttpResponse:
    """End the session."""
    if request.user.is_authenticated:
        accounts.note_sign_out(user=request.user, at=request.at)
        logout(request, show_message=False)
    return HttpResponseRedirect("/")
