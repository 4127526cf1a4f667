"""Values of the federation room."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

Row = dict[str, str]  # one row of a table as it leaves: every value is text


@dataclass(frozen=True, slots=True)
class Field:
    """
    A field of a table. `form`: digits, day (yyyy-mm-dd), instant (yyyyMMddHHmmss), certificate (电子证照标识), "" any
    text. `refers`: the table whose row it names. `shown`: what is done to personal data; `assumed`: 默认值，待确认.
    """

    code: str
    name: str
    need: bool = False
    most: int = 0
    form: str = ""
    codes: tuple[str, ...] = ()
    refers: str = ""
    shown: str = ""
    assumed: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """One table that is reported, in the order of the list: a table stands after those its fields refer to."""

    code: str
    name: str
    source: str
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Source:
    """What one thing of ours comes to in a table: its rows, and what it is called on our pages (a public number)."""

    key: str
    label: str
    rows: tuple[Row, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing a receiver does not take: in which row, which field, and its words. Holds no value."""

    row_guid: str
    field: str
    words: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A batch as it leaves; the same number is always the same rows."""

    number: str
    table: str
    layout: str
    digest: str
    rows: tuple[Row, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class QualityReport:
    """What the receiver says of a batch: the rows it does not take. All others it took."""

    wrong: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True)
class Collected:
    """What gathering came to."""

    number: str
    rows: int


@dataclass(frozen=True, slots=True)
class TableState:
    """A table on the page. Counts stop at selectors.MOST; `accepted` is kept, not counted."""

    layout: Layout
    accepted: int
    waiting: int
    sent: int
    rejected: int
    last_at: datetime | None

    @property
    def any(self) -> bool:
        return bool(self.accepted or self.waiting or self.sent or self.rejected)


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """Something of ours that was not taken, with what is wrong and where it is put right."""

    id: UUID
    label: str
    since: datetime
    wrong: tuple[tuple[str, str, int], ...]  # field in words, the receiver's words, in how many rows
    address: str


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch in the history."""

    id: UUID
    number: str
    made_at: datetime
    rows: int
    accepted: int
    rejected: int
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class DayLine:
    """Rows of one day's batches: handed over, accepted, rejected."""

    day: date
    sent: int
    accepted: int
    rejected: int
