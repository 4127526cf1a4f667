"""What we tell allauth: where telephones live, how secrets are encrypted, which stages a sign-in has."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.stages import LoginByCodeStage
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from mingqu.identity import selectors
from mingqu.identity.models import User
from mingqu.identity.services import accounts, codes, second_factor
from mingqu.kernel.crypto import decrypt_bytes, encrypt_bytes

SECRET_CONTEXT = b"mfa_authenticator.secret"


class CodeStage(LoginByCodeStage):  # type: ignore[misc]
    """Waiting for the code sent to a telephone."""

    urlname = "identity:code"


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]
    """Waiting for the second factor of a member of staff."""

    urlname = "identity:second_factor"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if self._should_handle(self.request):
            self.state["authentication_required"] = True
            return HttpResponseRedirect(reverse(self.urlname)), True
        return None, True


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by our commands; allauth signs in, and shows no page or message of its own."""

    def get_login_stages(self) -> list[str]:
        return ["mingqu.identity.adapter.CodeStage", "mingqu.identity.adapter.SecondFactorStage"]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """allauth's own messages are English and not ours."""

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return HttpResponseRedirect(reverse("identity:closed"))

    def login(self, request: Any, user: User) -> None:
        """Every finished sign-in passes here: a new session key, the session's clock, the ledger."""
        super().login(request, user)
        request.session["began"] = request.session["seen"] = request.at.timestamp()
        records = get_authentication_records(request, user)
        method = "passkey" if any(r.get("passwordless") for r in records) else records[0]["method"]
        accounts.note_sign_in(user=user, method=method, at=request.at)

    def get_login_redirect_url(self, request: Any) -> str:
        return reverse("identity:start") if request.user.kind == User.Kind.STAFF else "/"

    def get_user_by_phone(self, phone: str) -> User | None:
        return selectors.citizen_with_phone(phone)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified_at is not None) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        raise NotImplementedError("services.accounts.change_phone")

    def set_phone_verified(self, user: User, phone: str) -> None:
        """An account is opened only after its number was proved."""

    def send_verification_code_sms(self, user: User | None, phone: str, code: str, **kwargs: Any) -> None:
        codes.send_code(phone, code, at=self.request.at)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets under the installation's master key; our name on the authenticator app."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(encrypt_bytes(text.encode(), context=SECRET_CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt_bytes(base64.b64decode(encrypted_text), context=SECRET_CONTEXT).decode()

    def get_totp_issuer(self) -> str:
        return str(settings.MINGQU_SITE["name"])

    def _get_site_name(self) -> str:
        return str(settings.MINGQU_SITE["name"])

    def is_mfa_enabled(self, user: User, types: Any = None) -> bool:
        if user.is_anonymous:
            return False
        have = second_factor.kinds(user.pk)
        return bool(have & {str(t) for t in types}) if types is not None else bool(have)

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        return "通行密钥"

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """E-mail is not used."""
