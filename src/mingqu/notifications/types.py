from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
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
    subject: str = field(default="", repr=False)  # of a letter


@dataclass(frozen=True)
class SentOut:
    """One way by which a message left the house. `at`: when it was sent or what became of it was known."""

    medium: str
    to: str
    state: str
    words: str
    at: datetime | None


@dataclass(frozen=True)
class ChannelView:
    """How a channel is doing: `rests` after failures or slow answers."""

    name: str
    failures: int
    rests: bool
    last_reason: str
    last_failed_at: datetime | None


@dataclass(frozen=True)
class SentToday:
    """Text messages of a day against the quota; `waiting`: due and not sent, counted to a limit."""

    has_channel: bool
    segments: int
    quota: int
    waiting: int
    waiting_more: bool

    @property
    def near_quota(self) -> bool:
        return self.segments * 10 >= self.quota * 9


@dataclass(frozen=True)
class Wanted:
    """What a person chooses about being told."""

    sms: bool
    by_email: bool
    links: bool
    quiet_from: time
    quiet_until: time


@dataclass(frozen=True)
class ChoicesView:
    """`email`: the proved address, masked; `asked`: one that waits for its code. "" where there is none."""

    wanted: Wanted
    email: str
    asked: str
    can_email: bool


@dataclass(frozen=True)
class Service:
    """送达 of one paper: `way` of ServiceRecord.Way, who took it, what proves it, the day it counts."""

    root_id: UUID
    paper_id: UUID
    paper: str
    way: str
    served_on: date
    address: str = field(default="", repr=False)
    receiver: str = field(default="", repr=False)
    relation: str = ""
    document: str = field(default="", repr=False)
    refused_because: str = field(default="", repr=False)
    proof: str = field(default="", repr=False)
    signature_id: UUID | None = None
    way_words: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Closed:
    """Why a paper left the list without a service record: `ground` of ClosedPaper.Ground, and in words."""

    ground: str
    ground_words: str
    reason: str = field(repr=False)
    at: datetime | None = None


@dataclass(frozen=True)
class Unserved:
    """A paper that waits to be served; the columns of UnservedPaper."""

    root_id: UUID
    paper_id: UUID
    paper: str
    document_number: str
    owner: str
    number: str
    subject: str
    department_id: UUID
    region_code: str
    item_type: str
    since: datetime
    limit_on: date | None = None


@dataclass(frozen=True)
class ServiceView:
    """A program of a department that sends through us; `keys` and `templates` where one is shown alone."""

    id: UUID
    name: str
    department: str
    open_keys: int
    keys: list[dict[str, Any]] = field(default_factory=list)
    templates: list[dict[str, Any]] = field(default_factory=list)
