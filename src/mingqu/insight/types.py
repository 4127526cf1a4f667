"""What insight counts, and what it tells pages."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

Ending = Literal["", "granted", "refused", "not_accepted", "not_required", "withdrawn", "terminated"]
# Against the promised period, or the one in law where nothing is promised: before its last day, on it, after it;
# "late_law": after the last day in law. "": nothing was decided, or there is no period.
Timing = Literal["", "early", "on_day", "late", "late_law"]

# What is counted of a day, in the order of the columns of a day's figures.
MEASURES = (
    "received", "online", "bundled", "accepted", "owed", "corrections", "ended", "decided", "granted", "refused",
    "not_accepted", "not_required", "withdrawn", "terminated", "timed", "early", "on_time", "late", "late_law",
    "full_online", "zero_visit", "visits", "same_day", "promised_days", "statutory_days",
    "level5", "level4", "level3", "level2", "level1",
)  # fmt: skip
# What stands at the end of the last day asked about, counted from the cases' facts: never summed over days.
STANDING = ("overdue",)


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What statistics know of one case. `promised_days` and `statutory_days`: its two limits where they can be compared,
    else 0. `ratings`: day and level of each.
    """

    received_on: date
    accepted_on: date | None = None
    ended_on: date | None = None
    ending: Ending = ""
    timing: Timing = ""
    online: bool = False
    in_bundle: bool = False
    owed: bool = False
    electronic: bool = False
    visits: int = 0
    promised_days: int = 0
    statutory_days: int = 0
    corrections: tuple[date, ...] = ()
    ratings: tuple[tuple[date, int], ...] = ()

    @property
    def decided(self) -> bool:
        return self.ending in ("granted", "refused")


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where a case is counted: the dimensions of a day's figures. `item_type`, `region_code`: for the access rule.
    `street_code`: 镇街 that the application is about, "" where it does not say.
    """

    department_id: UUID
    item_code: str
    item_type: str
    region_code: str
    street_code: str
    channel: str
    post_id: UUID
    clerk_id: UUID


@dataclass(frozen=True, slots=True)
class Span:
    """Days, both ends included."""

    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1


@dataclass(frozen=True, slots=True)
class Compared:
    """The days asked about, those just before (环比) and those of the year before (同比)."""

    now: Span
    before: Span
    year_ago: Span


@dataclass(frozen=True, slots=True)
class Difference:
    """What a case adds to a day is not what was counted of it (`kept`)."""

    case_id: UUID
    day: date
    measure: str
    kept: int
    counted: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure and the one way it is worked out (figures.yaml)."""

    code: str
    name: str
    kind: Literal["count", "rate", "average"]
    of: tuple[str, ...]
    by: tuple[str, ...]
    better: Literal["higher", "lower", "none"]
    day: str
    words: str
    hidden: bool = False  # of few: one rating would tell who gave it (评价人 stays hidden from who was rated)

    @property
    def unit(self) -> str:
        return PIECES.get(self.code) or {"count": "件", "rate": "%", "average": "次"}[self.kind]


PIECES = {"corrections": "次", "rated": "条", "bad": "条"}


@dataclass(frozen=True, slots=True)
class Value:
    """
    A figure of a span: `number` None where it can't be said, with what it was divided. `few`: of fewer cases than are
    ranked.
    """

    figure: Figure
    number: Decimal | None
    of: int
    by: int
    few: bool = False

    @property
    def text(self) -> str:
        if self.number is None:
            return "—"
        return f"{self.number}%" if self.figure.kind == "rate" else f"{self.number}"


@dataclass(frozen=True, slots=True)
class Line:
    """A figure beside what it is compared with, in words; `judged`: better, worse or "" (nothing to say)."""

    value: Value
    before: str
    year_ago: str
    change: str
    change_year: str
    judged: Literal["", "better", "worse"] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One department, item, window, clerk, street, channel or day with its figures, in the order asked for."""

    key: str
    name: str
    values: tuple[Value, ...]
    number: int  # of cases received, for the order


@dataclass(frozen=True)
class Asked:
    """What a page of statistics is about; every part may come from an address and is checked there."""

    kind: str = "month"
    on: date | None = None
    since: date | None = None
    until: date | None = None
    by: str = "department"
    sort: str = ""
    shown: str = "received"
    department: str = ""
    item: str = ""
    channel: str = ""
    region: str = ""
    window: str = ""
