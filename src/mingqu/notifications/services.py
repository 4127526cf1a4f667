"""Telling people. Called by the receivers of the rooms above, in the relay's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from mingqu.kernel.types import Instant
from mingqu.notifications.errors import WrongMessage
from mingqu.notifications.models import InboxMessage
from mingqu.notifications.rules import inbox_words, is_own_path, sms_words
from mingqu.notifications.sms import registry

FACT_LENGTH: Final = 40


def tell(
    person_id: UUID,
    kind: str,
    params: Mapping[str, Any],
    root_id: UUID,
    *,
    at: Instant,
    fact: str = "",
    link: str = "",
) -> bool:
    """
    Put a message into a person's inbox, once per fact; True if it is there since now.

    `kind` and `params` are those of messages.yaml. `fact` tells apart what can happen to one root several
    times (a date, a serial); without it a kind is told once per root. `at` is when the fact happened.
    Raises WrongMessage for an unknown kind, wrong parameters or a link that leaves this site.
    """
    words = inbox_words(kind, params)
    if link and not is_own_path(link):
        raise WrongMessage(f"{kind}: the link leaves this site")
    if len(fact) > FACT_LENGTH:
        raise WrongMessage(f"{kind}: the fact is longer than {FACT_LENGTH}")
    with transaction.atomic():
        if not _first_time(person_id, kind, f"{root_id}:{fact}"):
            return False
        InboxMessage(
            person_id=person_id,
            created_at=at,
            about_id=root_id,
            kind=kind,
            template_version=words.version,
            title=words.title,
            body=words.body,
            link=link,
        ).save(force_insert=True)
    return True


def mark_read(*, person_id: UUID, message_id: UUID, at: Instant) -> None:
    """Opened by its reader. The first time counts; somebody else's message stays as it is."""
    InboxMessage.objects.filter(person_id=person_id, id=message_id, read_at=None).update(read_at=at)


def mark_all_read(*, person_id: UUID, at: Instant) -> int:
    """The reader says that nothing is new any more; how many that were."""
    return InboxMessage.objects.filter(person_id=person_id, read_at=None).update(read_at=at)


def send_sms(phone: str, template: str, params: Mapping[str, Any], *, at: Instant) -> None:
    """
    Hand a text message to the installation's channel; a demo's stays in the local double.

    Raises SmsUnavailable when there is no channel, WrongMessage for an unknown template.
    """
    text = sms_words(template, params, site=str(settings.MINGQU_SITE["name"]))
    registry.channel().send(phone=phone, text=text, at=at)


def send_sign_in_code(*, phone: str, code: str, minutes: int, at: Instant) -> None:
    """The sender that identity asks for sign-in codes."""
    send_sms(phone, "sign_in_code", {"code": code, "minutes": minutes}, at=at)


def _first_time(person_id: UUID, kind: str, fact: str) -> bool:
    """Claim the fact; a second teller waits for the first and then learns that it is told."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_toldfact (person_id, kind, fact) VALUES (%s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [person_id, kind, fact],
        )
        return bool(cursor.rowcount)
