"""By which way a person is told besides the inbox: one message for one fact, the next way only where one failed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from mingqu.identity import selectors as identity
from mingqu.kernel.rows import Columns, insert
from mingqu.kernel.types import Instant
from mingqu.notifications import rules
from mingqu.notifications.channels import registry
from mingqu.notifications.channels.base import EMAIL, SMS
from mingqu.notifications.models import Choices, InboxMessage, Outgoing

QUIET: Final = (time(22), time(7))


_CHOICES = Columns(Choices, "c")
_CHOSEN = f"SELECT {_CHOICES} FROM notifications_choices c WHERE c.id = %s"  # noqa: S608


def push(message: InboxMessage, params: Mapping[str, Any], *, at: Instant) -> None:
    """Queue what is sent out of a new message of the inbox, if its kind is sent and its reader has a way."""
    template = rules.inbox_templates()[message.kind]
    if not template.sms:
        return
    choices = _CHOICES.first(_CHOSEN, [message.person_id])
    way = next(iter(_ways(message.person_id, choices)), None)
    if way is None:
        return
    medium, to = way
    if medium == SMS:
        link = settings.MINGQU_BASE_URL + message.link if choices and choices.links and message.link else ""
        text = rules.push_words(message.kind, params, site=_site(), link=link)
        row = Outgoing(text=text, segments=rules.segments(text))
    else:
        row = _letter(message, choices)
    insert([_of(row, message, medium, to, urgent=template.urgent, at=at)])


def try_other(failed: Outgoing, *, at: Instant) -> None:
    """The fact of a message that did not get through goes by the reader's next way, once."""
    if failed.person_id is None or failed.message_id is None or failed.medium != SMS:
        return
    message = InboxMessage.objects.filter(person_id=failed.person_id, id=failed.message_id).first()
    choices = Choices.objects.filter(pk=failed.person_id).first()
    to = dict(_ways(failed.person_id, choices)).get(EMAIL)
    if message is None or to is None or message.read_at is not None:
        return
    if Outgoing.objects.filter(message_id=message.id, medium=EMAIL).exists():
        return
    _of(_letter(message, choices), message, EMAIL, to, urgent=failed.urgent, at=at).save(force_insert=True)


def _of(row: Outgoing, message: InboxMessage, medium: str, to: str, *, urgent: bool, at: Instant) -> Outgoing:
    row.person_id, row.message_id, row.about_id = message.person_id, message.id, message.about_id
    row.kind, row.template_version = message.kind, message.template_version
    row.medium, row.to, row.urgent, row.created_at, row.try_at = medium, to, urgent, at, at
    return row


def _letter(message: InboxMessage, choices: Choices | None) -> Outgoing:
    """The whole message; with a link only for who wants links."""
    link = settings.MINGQU_BASE_URL + message.link if choices and choices.links and message.link else ""
    end = f"\n\n{link}" if link else "\n\n请登录网站，在“我的消息”里查看。"
    return Outgoing(
        subject=" ".join(f"{_site()}：{message.title}".split()),
        text=f"{message.body}{end}\n\n{_site()}\n这封信是系统发出的，请不要回复。",
        segments=1,
    )


def _ways(person_id: UUID, choices: Choices | None) -> list[tuple[str, str]]:
    """(medium, address) in the order in which they are tried."""
    found = []
    if choices is None or choices.sms:
        phone = identity.contact_of(person_id) if registry.channels(SMS) else ""
        found += [(SMS, phone)] if phone else []
    if choices and choices.by_email and choices.email_proved_at and registry.channels(EMAIL):
        found.append((EMAIL, choices.email))
    return found


def _site() -> str:
    return str(settings.MINGQU_SITE["name"])
