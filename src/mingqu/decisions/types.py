"""The values and descriptions other apps meet: ranges, moments, durations, outcomes, problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from mingqu.decisions.dmn_model import DecisionTable
from mingqu.decisions.reasons import Reason
from mingqu.decisions.temporal import Date, DateTime, DayTimeDuration, Duration, Time, YearMonthDuration

__all__ = [
    "DATE",
    "NUMBER",
    "TEXT",
    "Answers",
    "Date",
    "DateTime",
    "DayTimeDuration",
    "Duration",
    "Ground",
    "Hit",
    "Limits",
    "Outcome",
    "Problem",
    "Range",
    "Reason",
    "RowTrouble",
    "Time",
    "Trouble",
    "YearMonthDuration",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one evaluation may cost: steps of loops and calls, depth of calls, seconds."""

    steps: int = 1_000_000
    calls: int = 64
    seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class Range:
    """
    An interval. `op` is None for `[a..b]`, else the operator of `(< 10)`, whose missing end is open.

    `(!= 10)` keeps its operator and has both ends at 10.
    """

    low: Any
    high: Any
    low_included: bool
    high_included: bool
    op: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """The rules that matched, by place in the table from 0: what the case page shows as the reason."""

    table: DecisionTable
    rules: tuple[int, ...]

    @property
    def notes(self) -> list[dict[str, str]]:
        """The annotations of the rules that matched, by the annotation's name (such as the article)."""
        return [dict(self.table.rules[index].notes) for index in self.rules]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A value, why parts of it became null, and (of a model, when traced) which rules of which tables matched."""

    value: Any
    warnings: tuple[Reason, ...]
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps an expression from being published: a code, what it is about, a sentence."""

    code: str
    detail: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part of the model that can't be used: where, a code, and what it is about."""

    where: str
    code: str
    detail: str
    sentence: str = ""


NUMBER: Final = "number"
DATE: Final = "date"
TEXT: Final = "text"


@dataclass(frozen=True, slots=True)
class Numbers:
    """A datum that is a number from `low` to `high`, both included; `whole`: without decimals."""

    low: Decimal | None = Decimal(0)
    high: Decimal | None = None
    whole: bool = False


Answers = Sequence[Any] | str | Numbers
"""The answers a datum can have, or of what kind it is: NUMBER (not below 0), DATE or TEXT."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Of numbers or days, those from `low` to `high`; None: no end on that side."""

    low: Any
    high: Any
    low_in: bool = False
    high_in: bool = False


@dataclass(frozen=True, slots=True)
class RowTrouble:
    """
    `rows` (from 1): two that apply together, or one that never does; none at all for data no row has. `example`: such
    data by dotted path, without what may be anything; `stretches`: how far their numbers and days may lie apart.

    `too_many`: it could not be found out in the time there is. `open_rows`: rows with a comparison that is none of one
    datum with constants; what concerns them was tried with examples alone.
    """

    rows: tuple[int, ...]
    example: Mapping[str, Any]
    too_many: bool = False
    stretches: Mapping[str, Stretch] = field(default_factory=dict)
    open_rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """
    What rows may read, by dotted path, with its answers; `optional`: what may be left out; `never`: conditions of
    circumstances that don't come so far, for which no row is needed.
    """

    data: Mapping[str, Answers]
    optional: frozenset[str] = frozenset()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """
    What a table can give: `values` its cells write as plain values, `whole` where all of them do, `many` where it gives
    a list or several columns rather than one value.
    """

    values: frozenset[str]
    whole: bool
    many: bool
