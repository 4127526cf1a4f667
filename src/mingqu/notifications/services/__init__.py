"""Telling people. Called by the receivers of the rooms above, in the relay's transaction."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from mingqu.kernel.rows import insert, kept_plans
from mingqu.kernel.types import Instant
from mingqu.notifications.channels import registry
from mingqu.notifications.channels.base import SMS, Channel
from mingqu.notifications.errors import SmsUnavailable, WrongMessage
from mingqu.notifications.models import Choices, InboxMessage, Outgoing
from mingqu.notifications.rules import inbox_words, is_own_path, segments, sms_templates, sms_words
from mingqu.notifications.services import sending, ways

FACT_LENGTH: Final = 40
SEND, QUEUE = "notifications.send", "messages"


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
    Put a message into a person's inbox, once per fact; True if it is there since now. Of a kind that is also sent, one
    text message or letter is queued, as its reader chose.

    `kind` and `params` are those of messages.yaml. `fact` tells apart what can happen to one root several
    times (a date, a serial); without it a kind is told once per root. `at` is when the fact happened.
    Raises WrongMessage for an unknown kind, wrong parameters or a link that leaves this site.
    """
    words = inbox_words(kind, params)
    if link and not is_own_path(link):
        raise WrongMessage(f"{kind}: the link leaves this site")
    if len(fact) > FACT_LENGTH:
        raise WrongMessage(f"{kind}: the fact is longer than {FACT_LENGTH}")
    with transaction.atomic(savepoint=False):  # the relay has one around all that an event brings
        if not _first_time(person_id, kind, f"{root_id}:{fact}"):
            return False
        message = InboxMessage(
            person_id=person_id,
            created_at=at,
            about_id=root_id,
            kind=kind,
            template_version=words.version,
            title=words.title,
            body=words.body,
            link=link,
        )
        insert([message])
        ways.push(message, params, at=at)
    return True


def mark_read(*, person_id: UUID, message_id: UUID, at: Instant) -> None:
    """Opened by its reader. The first time counts; somebody else's message stays as it is. What waits is not sent."""
    if InboxMessage.objects.filter(person_id=person_id, id=message_id, read_at=None).update(read_at=at):
        waiting = Outgoing.objects.filter(message_id=message_id, state=Outgoing.State.QUEUED)
        waiting.update(state=Outgoing.State.READ, ended_at=at)


def mark_all_read(*, person_id: UUID, at: Instant) -> int:
    """The reader says that nothing is new any more; how many that were."""
    return InboxMessage.objects.filter(person_id=person_id, read_at=None).update(read_at=at)


def forget(person_id: UUID, *, messages: bool) -> None:
    """Her account is closed: choices and e-mail address go, on demand the messages too. Safe to repeat."""
    Choices.objects.filter(pk=person_id).delete()
    if messages:
        InboxMessage.objects.filter(person_id=person_id).delete()


def send_sms(phone: str, template: str, params: Mapping[str, Any], *, at: Instant) -> None:
    """
    Send a text message that is no fact of an inbox, at once: the local double of a demo keeps it here and now, anything
    else is handed over by a job that begins when the caller's transaction ends.

    Raises SmsUnavailable when there is no channel, WrongMessage for an unknown template.
    """
    text = sms_words(template, params, site=str(settings.MINGQU_SITE["name"]))
    found = registry.channels(SMS)
    if not found:
        raise SmsUnavailable()
    row = Outgoing(
        kind=template,
        template_version=sms_templates()[template].version,
        medium=SMS,
        to=phone,
        text=text,
        segments=segments(text),
        urgent=True,
        created_at=at,
        try_at=at,
    )
    now_or_soon(row, found[0], at=at)


def send_sign_in_code(*, phone: str, code: str, minutes: int, at: Instant) -> None:
    """The sender that identity asks for sign-in codes."""
    send_sms(phone, "sign_in_code", {"code": code, "minutes": minutes}, at=at)


def now_or_soon(row: Outgoing, channel: Channel, *, at: Instant) -> None:
    """What somebody waits for: a local double takes it now, what leaves the machine goes by a job that begins now."""
    if channel.leaves_the_machine:
        row.save(force_insert=True)
        wake()
        return
    row.state, row.channel, row.attempts = Outgoing.State.SENDING, channel.name, 1
    row.save(force_insert=True)
    sending.keep(sending.hand_over([(row, channel)], at), at)


def wake() -> None:
    """Have the sender begin; one that waits already is enough."""
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        jobs.configure_task(SEND, queue=QUEUE, queueing_lock=SEND).defer()


def _first_time(person_id: UUID, kind: str, fact: str) -> bool:
    """Claim the fact; a second teller waits for the first and then learns that it is told."""
    with kept_plans() as cursor:
        cursor.execute(
            "INSERT INTO notifications_toldfact (person_id, kind, fact) VALUES (%s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [person_id, kind, fact],
        )
        return bool(cursor.rowcount)
