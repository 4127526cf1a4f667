"""What regulation tells other rooms, and its own pages."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Found:
    """One inspection as it is written down. `next_on`: by when the next one."""

    inspected_on: date
    finding: str
    seen: str = field(repr=False)
    done: str = field(repr=False)
    next_on: date
    second: UUID | None = None  # who inspected along


@dataclass(frozen=True)
class Seen:
    """What the page showed when it was read: the day that was due, and how many inspections there were."""

    next_on: date
    inspections: int


@dataclass(frozen=True)
class Written:
    """The result of writing an inspection down, and of putting one off."""

    number: str
    next_on: date


@dataclass(frozen=True)
class Due:
    """How many inspections this post has to do within the days of the note; of them those past their day."""

    all: int
    late: int


@dataclass(frozen=True)
class KindToTake:
    """A type of certificates of which some are in force and under no supervision yet."""

    code: str
    name: str
    many: int


@dataclass(frozen=True)
class LineToTake:
    """One of them, as the preview shows it; the holder as this reader may see it."""

    number: str
    holder: str
    organ: str
    existing: bool
    valid_until: date | None


@dataclass(frozen=True)
class Taken:
    """How many came under supervision, and of how many of the same type that was not done yet."""

    many: int
    left: int


@dataclass(frozen=True)
class SupervisedLine:
    """A supervised object as a list shows it; the holder's name as this reader may see it."""

    id: UUID
    number: str
    certificate_name: str
    item_code: str
    item_name: str
    holder: str
    organ: str
    since: date
    next_on: date
    late: bool
    last_on: date | None
    last_words: str
    last_tag: str
    ended_on: date | None
    ended_words: str


@dataclass(frozen=True)
class InspectionView:
    """One inspection with its words and who signed it."""

    inspected_on: date
    finding: str
    finding_words: str
    tag: str
    seen: str = field(repr=False)
    done: str = field(repr=False)
    signed_name: str = field(repr=False)
    second_name: str = field(repr=False)
    at: datetime


@dataclass(frozen=True)
class PutOffView:
    """The next inspection was put on another day: by whom and why, for the organ alone."""

    was_on: date
    next_on: date
    reason: str = field(repr=False)
    who: str = field(repr=False)
    at: datetime


@dataclass(frozen=True)
class SupervisedView:
    """One object with its inspections, the latest first."""

    line: SupervisedLine
    case_number: str
    inspections: tuple[InspectionView, ...]
    put_off: tuple[PutOffView, ...]
    not_public: str
    recused: bool  # the reader stands aside: she sees it and writes nothing


@dataclass(frozen=True)
class SupervisedPage:
    """Some objects; `more` is the cursor to go on from, "" at the end."""

    lines: tuple[SupervisedLine, ...]
    more: str


@dataclass(frozen=True)
class OpenRecord:
    """One inspection as everybody may read it; of a person only the family name."""

    number: str
    certificate_name: str
    holder: str
    organ: str
    inspected_on: date
    finding: str
    finding_words: Any
    tag: str
    seen: str
    done: str
