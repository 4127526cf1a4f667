"""What the operators' and the auditor's pages show: how the platform runs, entries of the ledger, readings of files."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingqu.documents.selectors import DocumentView
from mingqu.exchange.types import ConnectionState
from mingqu.notifications.types import ChannelView, SentToday
from mingqu.upkeep.types import KeptView


@dataclass(frozen=True)
class DeadLetterView:
    root_id: UUID
    subscriber: str
    event_name: str
    error: str
    attempts: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class PeriodicView:
    name: str
    every: str
    last_at: datetime | None
    error: str
    late: bool
    label: str = ""  # what it does, in words

    @property
    def bad(self) -> bool:
        return bool(self.error) or self.late


@dataclass(frozen=True)
class CheckpointView:
    number: int
    at: datetime
    size: int
    root: str  # hex


@dataclass(frozen=True)
class Health:
    """How the platform runs. Nothing personal."""

    lag_seconds: float
    dead_letters: list[DeadLetterView]
    documents: list[DocumentView]
    periodic: list[PeriodicView]
    channels: list[ChannelView]
    connections: list[ConnectionState]
    sms: SentToday
    unsealed: int
    checkpoint: CheckpointView | None
    keeping: list[KeptView]
    payments_differ: int

    @property
    def problems(self) -> int:
        """How many parts need someone."""
        late = self.lag_seconds > 60
        return (
            len(self.dead_letters)
            + len(self.documents)
            + sum(p.bad for p in self.periodic)
            + late
            + self._of_messages
            + sum(one.bad for one in self.connections)
            + self.payments_differ
            + sum(kept.old or kept.failed_at is not None for kept in self.keeping)
        )

    @property
    def _of_messages(self) -> int:
        return sum(one.rests for one in self.channels) + (not self.sms.has_channel) + self.sms.near_quota


@dataclass(frozen=True)
class EntryView:
    """One entry of the ledger as the auditor reads it."""

    root_id: UUID
    seq: int
    at: datetime
    action: str
    action_words: str
    actor: str
    notes: list[tuple[str, str]]
    digests: list[str]  # names of what is kept as a digest only
    request_id: str
    checkpoint: int | None


@dataclass(frozen=True)
class ReadView:
    """One reading of a file as the auditor reads it; `case`: the number, where the file is a case's."""

    root_id: UUID
    case: str
    at: datetime
    who: str
    what: str
    way: str
    ground: str
    request_id: str


@dataclass(frozen=True)
class ReadsPage:
    """`title`: whose files, or whose readings these are."""

    title: str
    lines: list[ReadView]
    next_after: str


@dataclass(frozen=True)
class AuditPage:
    """`title`: whose entries these are. `root_id`: set when they are one chain."""

    title: str
    root_id: UUID | None
    entries: list[EntryView]
    next_after: str
