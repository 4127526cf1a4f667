"""How a person wants to be told: by which ways, when not, with links or without."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from mingqu.identity.services import access, limits
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant
from mingqu.notifications import rules, services
from mingqu.notifications.channels import registry
from mingqu.notifications.channels.base import EMAIL
from mingqu.notifications.errors import EmailCodeWrong, EmailUnavailable, EmailUnreadable
from mingqu.notifications.models import Choices, Outgoing
from mingqu.notifications.types import Wanted

CODE_MINUTES: Final = 10


def choose(*, wanted: Wanted, by: Actor, at: Instant, key: UUID) -> None:
    """
    Of the person herself. What is queued already keeps its way; the quiet hours count at once. Raises NotAuthorised.
    """
    with command("message.choose", by.id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(by, "message.choose")
        row = _row(by, at)
        row.sms, row.links = wanted.sms, wanted.links
        row.by_email = wanted.by_email and row.email_proved_at is not None
        row.quiet_from, row.quiet_until = wanted.quiet_from, wanted.quiet_until
        row.save()
        cmd.note(sms=row.sms, by_email=row.by_email, links=row.links)
        return cmd.done(None)


def ask_email(*, address: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    Send a code to an address; who types it proves that letters reach her. Until then the old address stays.

    Raises NotAuthorised, EmailUnavailable, EmailUnreadable, TooManyAttempts.
    """
    channels = registry.channels(EMAIL)
    if not channels:
        raise EmailUnavailable()
    try:
        validate_email(address)
    except ValidationError as wrong:
        raise EmailUnreadable(field="email") from wrong
    limits.spend("email_code_day", str(by.id), at=at)
    with command("message.ask_email", by.id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(by, "message.ask_email")
        row = _row(by, at)
        row.email_asked, row.email_code = address, f"{secrets.randbelow(10**6):06d}"
        row.email_code_until = at + timedelta(minutes=CODE_MINUTES)
        row.save()
        words = rules.letter_words("email_code", {"code": row.email_code, "minutes": CODE_MINUTES})
        letter = Outgoing(
            kind="email_code",
            template_version=words.version,
            medium=EMAIL,
            to=address,
            subject=words.title,
            text=words.body,
            segments=1,
            urgent=True,
            created_at=at,
            try_at=at,
        )
        services.now_or_soon(letter, channels[0], at=at)
        cmd.note_digest(email=address)
        return cmd.done(None)


def prove_email(*, code: str, by: Actor, at: Instant, key: UUID) -> None:
    """The code that came: letters go to that address from now on. Raises NotAuthorised, EmailCodeWrong."""
    _try_counts(by, at)
    with command("message.prove_email", by.id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(by, "message.prove_email")
        row = _row(by, at)
        fresh = row.email_code_until is not None and at < row.email_code_until
        if not fresh or not hmac.compare_digest(row.email_code.encode(), code.strip().encode()):
            raise EmailCodeWrong(field="code")
        row.email, row.email_proved_at, row.by_email = row.email_asked, at, True
        row.email_asked, row.email_code, row.email_code_until = "", "", None
        row.save()
        cmd.note_digest(email=row.email)
        return cmd.done(None)


def _try_counts(by: Actor, at: Instant) -> None:
    """Outside the command, whose refusal would undo the count."""
    limits.spend("email_code_attempt", str(by.id), at=at)


def _row(by: Actor, at: Instant) -> Choices:
    """Hers, locked."""
    Choices.objects.get_or_create(pk=by.id, defaults={"changed_at": at})
    row = Choices.objects.select_for_update().get(pk=by.id)
    row.changed_at = at
    return row
