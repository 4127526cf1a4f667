"""Questions about messages; each asks whose they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from mingqu.kernel.identifiers import IdentifierRefused, Phone
from mingqu.kernel.masking import mask_phone
from mingqu.notifications.errors import MessageNotFound
from mingqu.notifications.models import DoubleSms, InboxMessage
from mingqu.notifications.types import DoubleMessage, Message, MessagePage

PAGE: Final = 20
UNREAD_SHOWN: Final = 99
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def inbox(person_id: UUID, *, before: str = "", after: str = "") -> MessagePage:
    """A page of a person's messages, the latest first; `before` and `after` are cursors of a page shown."""
    found = InboxMessage.objects.filter(person_id=person_id)
    if after:
        at, message_id = _read_cursor(after)
        newer = Q(created_at__gt=at) | Q(created_at=at, id__gt=message_id)
        rows = list(found.filter(newer, created_at__gte=at).order_by("created_at", "id")[: PAGE + 1])
        more_newer, more_older = len(rows) > PAGE, True
        rows = rows[:PAGE][::-1]
    else:
        if before:
            at, message_id = _read_cursor(before)
            older = Q(created_at__lt=at) | Q(created_at=at, id__lt=message_id)
            found = found.filter(older, created_at__lte=at)
        rows = list(found.order_by("-created_at", "-id")[: PAGE + 1])
        more_newer, more_older = bool(before), len(rows) > PAGE
        rows = rows[:PAGE]
    return MessagePage(
        messages=tuple(_message(row) for row in rows),
        newer=_cursor(rows[0]) if rows and more_newer else "",
        older=_cursor(rows[-1]) if rows and more_older else "",
    )


def message(person_id: UUID, message_id: UUID) -> Message:
    """One message of this person. Raises MessageNotFound."""
    row = InboxMessage.objects.filter(person_id=person_id, id=message_id).first()
    if row is None:
        raise MessageNotFound()
    return _message(row)


def messages_about(person_id: UUID, about_id: UUID) -> list[Message]:
    """What this person was told about one case or certificate, the latest first; at most a page."""
    rows = InboxMessage.objects.filter(person_id=person_id, about_id=about_id)
    return [_message(row) for row in rows.order_by("-created_at", "-id")[:PAGE]]


def unread_count(person_id: UUID) -> int:
    """How many messages nobody has opened; counting stops at 99."""
    unread = InboxMessage.objects.filter(person_id=person_id, read_at=None)
    return len(unread.values_list("id")[:UNREAD_SHOWN])


def double_messages() -> list[DoubleMessage]:
    """The last text messages of a demo. A number that is not of the demo's own is masked."""
    return [
        DoubleMessage(_shown(row.phone), row.text, row.created_at)
        for row in DoubleSms.objects.order_by("-created_at")[:PAGE]
    ]


def _shown(phone: str) -> str:
    try:
        number = Phone.parse(phone, demo=True)
    except IdentifierRefused:
        return mask_phone(phone)
    return number.grouped() if number.is_demo else mask_phone(phone)


def _cursor(row: InboxMessage) -> str:
    """Microseconds since 1970 and the id: safe in an address, exact to the row."""
    return f"{(row.created_at - EPOCH) // timedelta(microseconds=1)}_{row.id}"


def _read_cursor(cursor: str) -> tuple[datetime, UUID]:
    micros, _, message_id = cursor.partition("_")
    try:
        return EPOCH + timedelta(microseconds=int(micros)), UUID(message_id)
    except (ValueError, OverflowError) as wrong:
        raise MessageNotFound() from wrong


def _message(row: InboxMessage) -> Message:
    return Message(row.id, row.kind, row.title, row.body, row.link, row.created_at, row.read_at)
