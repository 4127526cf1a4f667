"""What upkeep tells other rooms."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID


@dataclass(frozen=True)
class EndedRun:
    """A backup or a drill that ended; the amounts are of the backup. `reason`: why it failed, in our own words."""

    what: Literal["backup", "drill"]
    ok: bool
    began_at: datetime
    name: str = ""
    reason: str = ""
    rows: int = 0
    files: int = 0
    size: int = 0


@dataclass(frozen=True)
class KeptView:
    """The last good one of a kind, and the last failure if it is newer."""

    words: str
    last_at: datetime | None
    name: str
    rows: int
    files: int
    size: int
    failed_at: datetime | None
    reason: str
    old: bool
    most_days: int


@dataclass(frozen=True)
class NewAnnouncement:
    text: str
    text_en: str
    shown_from: datetime
    shown_until: datetime


@dataclass(frozen=True)
class NewStop:
    scope: str
    reason: str
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class AnnouncementView:
    id: UUID
    text: str
    text_en: str
    shown_from: datetime
    shown_until: datetime
    state: str


@dataclass(frozen=True)
class StopView:
    """A planned stop. `running` at the instant it was asked for."""

    id: UUID
    scope: str
    scope_words: str
    reason: str
    begins_at: datetime
    ends_at: datetime
    running: bool = False
    state: str = ""

    @property
    def all(self) -> bool:
        return self.scope == "all"
