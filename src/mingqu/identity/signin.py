"""
Signing in, between our pages and allauth: the code sent to a telephone, name and password, second factor,
passkey. allauth keeps the pending sign-in in the (encrypted) session and ends it in `AccountAdapter.login`.
"""

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, perform_password_login, record_authentication
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.core.internal.cryptokit import compare_user_code, generate_user_code
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.core.exceptions import ValidationError
from django.http import HttpResponse

from mingqu.identity.adapter import CodeStage, SecondFactorStage
from mingqu.identity.errors import TooManyAttempts, WrongCode
from mingqu.identity.models import User
from mingqu.identity.rules import normal_username
from mingqu.identity.services import accounts, codes, limits, second_factor
from mingqu.identity.web import client_address, with_next
from mingqu.kernel.ids import new_id

# What a browser sends as a passkey's answer may have any shape; fido2 and its CBOR reader fail in these ways.
MALFORMED = (ValidationError, ValueError, TypeError, KeyError, AttributeError, IndexError)
PHONE_CHANGE = "phone_change"
EPOCH = "epoch"  # of the account when its password was shown


def spend_a_code(request: Any, phone: str) -> None:
    """
    Raises TooManyAttempts: one code a minute and ten a day to a number, sixty an hour from an address. One address
    has fewer for one number than its day holds: else anybody could keep its owner out for a day.
    """
    address = client_address(request)
    limits.spend("code_address_hour", address, at=request.at)
    limits.spend(
        "code_phone_address_day", f"{phone} {address}", at=request.at
    )  # before the pause: it could be held
    limits.spend("code_phone_pause", phone, at=request.at)
    limits.spend("code_phone_day", phone, at=request.at)


class PhoneCode(LoginCodeVerificationProcess):  # type: ignore[misc]  # allauth is untyped
    """
    A six-digit code on its way to a telephone, valid five minutes and five attempts.

    Unlike allauth's it is sent to known and unknown numbers alike and opens the account when it comes back
    right: so nobody learns which numbers have one, and no account is made for a number nobody proved.
    """

    @classmethod
    def begin(cls, request: Any, phone: str, target: str) -> None:
        """
        Send a code and remember it in the session. Raises TooManyAttempts, CodesUnavailable.
        """
        spend_a_code(request, phone)
        clear_login(request)
        login = Login(user=None, phone=phone, redirect_url=target)
        login.state["stages"] = {"current": CodeStage.key}
        stage = CodeStage(LoginStageController(request, login), request, login)
        state = cls.initial_state(user=None, phone=phone)
        stage.state.update(state, at=request.at.timestamp(), issue=str(new_id()), initiated_by_user=True)
        process = cls(stage)
        process.send()
        process.persist()

    @classmethod
    def pending(cls, request: Any) -> "PhoneCode | None":
        """The code this session waits for, if it is still valid."""
        stage = LoginStageController.enter(request, CodeStage.key)
        return cls(stage).abort_if_invalid() if stage else None

    @property
    def phone(self) -> str:
        return str(self.state["phone"])

    @property
    def target(self) -> str:
        """Where to go on to."""
        return self.stage.login.redirect_url or ""

    def is_valid(self) -> bool:
        return bool(self.request.at.timestamp() - self.state["at"] <= self.timeout)

    def generate_code(self) -> str:
        self.state["code"] = generate_user_code(**app_settings.LOGIN_BY_CODE_FORMAT)
        return str(self.state["code"])

    def send(self, skip_enumeration_mails: bool = False) -> None:
        codes.send_code(self.phone, self.generate_code(), at=self.request.at)

    def check(self, code: str) -> None:
        """
        Raises WrongCode, TooManyAttempts once this code was tried five times (it is void then).

        The database counts, because parallel requests would all read the same count from the session.
        """
        try:
            limits.spend("code_attempt", self.state["issue"], at=self.request.at)
        except TooManyAttempts:
            self.abort()
            raise
        if not compare_user_code(actual=code, expected=self.code):
            self.record_invalid_attempt()
            raise WrongCode(field="code")

    def sign_in(self) -> HttpResponse:
        """The code was right: open or find the account and sign it in."""
        request, phone, target = self.request, self.phone, self.target
        user = accounts.open_account(phone=phone, at=request.at)
        clear_login(request)
        record_authentication(request, user, method="code")
        if user.created_at == request.at:
            target = with_next("identity:declare", target)
        response: HttpResponse = perform_login(request, Login(user=user, redirect_url=target or None))
        return response


def keep_session(request: Any) -> None:
    """This session goes on, under a new key, where all others of the account end: they carry the hash of before."""
    fresh = User.objects.get(pk=request.user.pk)
    request.session["_auth_user_hash"] = fresh.get_session_auth_hash()
    request.session.cycle_key()


def begin_phone_change(request: Any, phone: str) -> None:
    """Send a code to the number a signed-in person wants to have. Raises TooManyAttempts, CodesUnavailable."""
    spend_a_code(request, phone)
    code = generate_user_code(**app_settings.LOGIN_BY_CODE_FORMAT)
    codes.send_code(phone, code, at=request.at)
    request.session[PHONE_CHANGE] = {
        "phone": phone,
        "code": code,
        "at": request.at.timestamp(),
        "issue": str(new_id()),
    }


def pending_phone_change(request: Any) -> str:
    """The number waiting for its code, or ""."""
    state = request.session.get(PHONE_CHANGE)
    if not state or request.at.timestamp() - state["at"] > codes.CODE_MINUTES * 60:
        return ""
    return str(state["phone"])


def prove_phone_change(request: Any, code: str) -> str:
    """The proved number. Raises WrongCode, TooManyAttempts."""
    phone = pending_phone_change(request)
    state = request.session.get(PHONE_CHANGE, {})
    if not phone:
        raise WrongCode(field="code")
    limits.spend("code_attempt", state["issue"], at=request.at)
    if not compare_user_code(actual=code, expected=state["code"]):
        raise WrongCode(field="code")
    del request.session[PHONE_CHANGE]
    return phone


def sign_in_with_password(request: Any, username: str, password: str, target: str) -> HttpResponse | None:
    """
    Name and password of staff; None when they don't fit (the answer never tells which of the two).

    Five wrong attempts lock the name for a quarter of an hour, whether it exists or not: for the address they came
    from. Fifty lock it for all, so that nobody guesses from many addresses, and nobody alone keeps another out.
    Raises TooManyAttempts.
    """
    name = normal_username(username) or username.strip().lower()
    address = client_address(request)
    limits.spend("password_address", address, at=request.at)
    limits.spend("password_account", f"{name} {address}", at=request.at)
    limits.spend("password_account_anywhere", name, at=request.at)
    clear_login(request)
    user = get_adapter(request).authenticate(request, username=name, password=password)
    if user is None:
        known = User.objects.filter(username=name).values_list("id", flat=True).first()
        accounts.note_refused_sign_in(user_id=known, method="password", at=request.at)
        return None
    limits.give_back("password_address", address)
    limits.give_back("password_account", f"{name} {address}")
    limits.give_back("password_account_anywhere", name)
    login = Login(user=user, redirect_url=target or None)
    login.state[EPOCH] = user.epoch
    response: HttpResponse = perform_password_login(request, {"username": name}, login)
    return response


def pending_second_factor(request: Any) -> Any:
    """
    allauth's stage of a sign-in that waits for the second factor, or None: also when the account was locked
    or got another password or factor since its password was shown.
    """
    stage = LoginStageController.enter(request, SecondFactorStage.key)
    if stage is None:
        return None
    user: User = stage.login.user
    if not user.is_active or stage.login.state.get(EPOCH) != user.epoch:
        clear_login(request)
        return None
    return stage


def pass_second_factor(request: Any, stage: Any, *, code: str = "", credential: Any = None) -> HttpResponse:
    """
    A code of the authenticator app, a recovery code, or a passkey's answer ends the pending sign-in.

    Raises WrongCode, TooManyAttempts (five wrong ones lock for a quarter of an hour).
    """
    user: User = stage.login.user
    limits.spend("second_factor_account", str(user.pk), at=request.at)
    if credential is not None:
        found = _authenticator_of(user, credential)
    else:
        found = second_factor.check_code(user.pk, code, at=request.at)
    if found is None:
        accounts.note_refused_sign_in(user_id=user.pk, method="second_factor", at=request.at)
        raise WrongCode(field="code")
    limits.give_back("second_factor_account", str(user.pk))
    found.user = user
    post_authentication(request, found)
    response: HttpResponse = stage.exit()
    return response


def show_again(request: Any, *, code: str = "", credential: Any = None) -> None:
    """
    A second factor of the account that is signed in, shown once more: to open a locked screen. Another person's does
    not open it. Raises WrongCode, TooManyAttempts, as at sign-in.
    """
    user: User = request.user
    limits.spend("second_factor_account", str(user.pk), at=request.at)
    if credential is not None:
        found = _authenticator_of(user, credential)
    else:
        found = second_factor.check_code(user.pk, code, at=request.at)
    if found is None:
        accounts.note_refused_sign_in(user_id=user.pk, method="second_factor", at=request.at)
        raise WrongCode(field="code")
    limits.give_back("second_factor_account", str(user.pk))


def passkey_challenge(user: User | None) -> dict[str, Any]:
    """What a passkey must sign: of this account, or (None) of whichever account it belongs to."""
    options: dict[str, Any] = webauthn.begin_authentication(user)
    return options


def sign_in_with_passkey(request: Any, credential: Any, target: str) -> HttpResponse:
    """
    A passkey alone is both factors: possession, and the finger or PIN it asked for. Raises WrongCode,
    TooManyAttempts.
    """
    limits.spend("passkey_address", client_address(request), at=request.at)
    try:
        webauthn.parse_authentication_response(credential)
        user = webauthn.extract_user_from_response(credential)
        found = webauthn.complete_authentication(user, credential)
    except MALFORMED as wrong:
        accounts.note_refused_sign_in(user_id=None, method="passkey", at=request.at)
        raise WrongCode() from wrong
    found.user = user
    response: HttpResponse = perform_passwordless_login(
        request, found, Login(user=user, redirect_url=target or None)
    )
    return response


def registered_passkey(credential: Any) -> None:
    """Check a new passkey's attestation against the challenge in the session. Raises WrongCode."""
    try:
        webauthn.parse_registration_response(credential)
        data = webauthn.complete_registration(credential)
    except MALFORMED as wrong:
        raise WrongCode() from wrong
    if not data.is_user_verified():
        raise WrongCode()


def _authenticator_of(user: User, credential: Any) -> Authenticator | None:
    try:
        webauthn.parse_authentication_response(credential)
        return webauthn.complete_authentication(user, credential)
    except MALFORMED:
        return None
