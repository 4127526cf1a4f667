"""
The second factor of staff: TOTP (RFC 6238), recovery codes, passkeys. Kept by allauth.mfa, whose secrets
our adapter encrypts; checked here, so that the time is passed in and a code is accepted once.
"""

import base64
from uuid import UUID

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.db import transaction

from mingqu.identity.errors import NotAuthorised, SecondFactorExists, UnknownAccount
from mingqu.identity.models import User
from mingqu.identity.services import access
from mingqu.identity.services.accounts import as_actor
from mingqu.identity.types import Place
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor, Instant

STEP_SECONDS = 30
STEPS_AROUND = 1  # a clock may be half a minute off, either way
STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_set_up(user_id: UUID) -> bool:
    """Whether the account has a second factor (recovery codes alone are none)."""
    return bool(Authenticator.objects.filter(user_id=user_id, type__in=STRONG).exists())


def kinds(user_id: UUID) -> set[str]:
    """Which kinds the account has: `totp`, `webauthn`, `recovery_codes`."""
    return set(Authenticator.objects.filter(user_id=user_id).values_list("type", flat=True))


def step_of(at: Instant) -> int:
    """The time step of RFC 6238."""
    return int(at.timestamp()) // STEP_SECONDS


def matching_step(secret: str, code: str, at: Instant) -> int | None:
    """The time step whose code this is, within the tolerance, or None."""
    now = step_of(at)
    for step in range(now - STEPS_AROUND, now + STEPS_AROUND + 1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return None


def code_at(secret: str, at: Instant) -> str:
    """The code an authenticator app shows (demo guide, tests)."""
    return str(format_hotp_value(hotp_value(secret, step_of(at))))


def check_code(user_id: UUID, code: str, *, at: Instant) -> Authenticator | None:
    """
    The authenticator that this code belongs to, or None. A TOTP step and a recovery code count once: the
    row lock decides between two who use one code at the same moment.
    """
    with transaction.atomic():
        found = Authenticator.objects.select_for_update().filter(user_id=user_id)
        for one in found.exclude(type=Authenticator.Type.WEBAUTHN).order_by("-type", "pk"):
            if one.type == Authenticator.Type.TOTP:
                step = matching_step(decrypt(one.data["secret"]), code, at)
                if step is not None and step > one.data.get("last_step", -1):
                    one.data["last_step"] = step
                    one.last_used_at = at
                    one.save(update_fields=["data", "last_used_at"])
                    return one
            elif one.wrap().validate_code(code):
                return one
    return None


def add_totp(*, user: User, secret: str, step: int, at: Instant) -> None:
    """
    Enrol a TOTP secret, with recovery codes. `step` is the time step whose code the person has just shown; it
    does not count again. Raises SecondFactorExists.
    """
    with command("identity.add_second_factor", user.id, by=as_actor(user), at=at, key=new_id()) as cmd:
        _lock(user.id)
        _enrol_totp(user, secret, step)
        cmd.note(kind="totp")


def add_passkey(*, user: User, name: str, credential: dict[str, object], at: Instant) -> Authenticator:
    """Enrol a passkey whose attestation was verified, with recovery codes if there are none yet."""
    with command("identity.add_second_factor", user.id, by=as_actor(user), at=at, key=new_id()) as cmd:
        _lock(user.id)
        added = WebAuthn.add(user, name, credential).instance
        RecoveryCodes.activate(user)
        cmd.note(kind="passkey")
    return added


def reset_second_factor(*, user_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """
    Take all second factors away (telephone lost); sessions end, the next sign-in sets up a new one.

    Raises UnknownAccount, NotAuthorised (also for one's own account).
    """
    with command("identity.reset_second_factor", user_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "identity.reset_second_factor", Place())
        if by.user_id == user_id:
            raise NotAuthorised(action="identity.reset_second_factor")
        user = _lock(user_id)
        removed = sorted(kinds(user_id))
        Authenticator.objects.filter(user_id=user_id).delete()
        user.epoch += 1
        user.save(update_fields=["epoch"])
        cmd.note(removed=removed)
        cmd.done(None)


def seed_totp(*, user_id: UUID, secret: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    A known secret for a demo account. Raises NotAuthorised outside a demo installation and for anyone but
    a part of the system.
    """
    if not settings.MINGQU_DEMO or by.kind != "system":
        raise NotAuthorised(action="identity.seed_totp")
    base64.b32decode(secret)
    with command("identity.add_second_factor", user_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        _enrol_totp(_lock(user_id), secret)
        cmd.note(kind="totp", demo=True)
        cmd.done(None)


def recovery_codes_once(user_id: UUID) -> list[str]:
    """The recovery codes, if nobody has been shown them yet; else empty."""
    with transaction.atomic():
        found = Authenticator.objects.select_for_update().filter(
            user_id=user_id, type=Authenticator.Type.RECOVERY_CODES
        )
        one = found.first()
        if one is None:
            return []
        codes = one.wrap()
        if codes.did_view:
            return []
        codes.mark_as_viewed()
        unused: list[str] = codes.get_unused_codes()
        return unused


def renew_recovery_codes(*, user: User, at: Instant) -> None:
    """New recovery codes; the old ones stop working."""
    with command("identity.renew_recovery_codes", user.id, by=as_actor(user), at=at, key=new_id()):
        _lock(user.id)
        Authenticator.objects.filter(user_id=user.id, type=Authenticator.Type.RECOVERY_CODES).delete()
        RecoveryCodes.activate(user)


def _lock(user_id: UUID) -> User:
    found = User.objects.select_for_update().filter(pk=user_id, kind=User.Kind.STAFF).first()
    if found is None:
        raise UnknownAccount()
    return found


def _enrol_totp(user: User, secret: str, step: int = -1) -> None:
    if Authenticator.objects.filter(user_id=user.id, type=Authenticator.Type.TOTP).exists():
        raise SecondFactorExists()
    enrolled = TOTP.activate(user, secret).instance
    enrolled.data["last_step"] = step
    enrolled.save(update_fields=["data"])
    RecoveryCodes.activate(user)
