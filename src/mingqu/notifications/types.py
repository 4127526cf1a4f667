from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Message:
    """One message as its reader sees it. `link` is a path of this site, "" where there is none."""

    id: UUID
    kind: str
    title: str = field(repr=False)
    body: str = field(repr=False)
    link: str
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class MessagePage:
    """Some messages, the latest first, with the cursors of the pages above and below; "" where there is none."""

    messages: tuple[Message, ...]
    newer: str
    older: str


@dataclass(frozen=True)
class DoubleMessage:
    """A text message that never left: what the demo's stand-in for a telephone shows."""

    phone: str = field(repr=False)
    text: str = field(repr=False)
    created_at: datetime
