"""Questions about messages; each asks whose they are."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from mingqu.kernel.identifiers import IdentifierRefused, Phone
from mingqu.kernel.masking import mask_phone
from mingqu.notifications.errors import MessageNotFound
from mingqu.notifications.models import DoubleSms, InboxMessage
from mingqu.notifications.types import DoubleMessage, Message, MessagePage

PAGE: Final = 20
UNREAD_SHOWN: Final = 99


def inbox(person_id: UUID, *, before: str = "", after: str = "") -> MessagePage:
    """A page of a person's messages, the latest first; `before` and `after` are cursors of a page shown."""
    found = InboxMessage.objects.filter(person_id=person_id)
    if after:
        rows = list(found.filter(id__gt=_id(after)).order_by("id")[: PAGE + 1])
        more_newer, more_older = len(rows) > PAGE, True
        rows = rows[:PAGE][::-1]
    else:
        if before:
            found = found.filter(id__lt=_id(before))
        rows = list(found.order_by("-id")[: PAGE + 1])
        more_newer, more_older = bool(before), len(rows) > PAGE
        rows = rows[:PAGE]
    return MessagePage(
        messages=tuple(_message(row) for row in rows),
        newer=str(rows[0].id) if rows and more_newer else "",
        older=str(rows[-1].id) if rows and more_older else "",
    )


def message(person_id: UUID, message_id: UUID) -> Message:
    """One message of this person. Raises MessageNotFound."""
    row = InboxMessage.objects.filter(person_id=person_id, id=message_id).first()
    if row is None:
        raise MessageNotFound()
    return _message(row)


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


def _id(cursor: str) -> UUID:
    try:
        return UUID(cursor)
    except ValueError as wrong:
        raise MessageNotFound() from wrong


def _message(row: InboxMessage) -> Message:
    return Message(row.id, row.kind, row.title, row.body, row.link, row.created_at, row.read_at)
