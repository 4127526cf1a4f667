"""An explained deadline as a calendar of weeks, or as spans for hours and minutes (look: mq-days). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from mingqu.ui.text import WEEKDAYS, clock_time, zh_day_short

PAUSED = (
    "paused"  # the clocks' word for a day that the law takes out; every other uncounted day is a day of rest
)
MAKEUP = "makeup_workday"


class Row(Protocol):
    """One day as the clocks explain it; with `since` and `until` one span of a clock of hours or minutes."""

    @property
    def day(self) -> date: ...
    @property
    def counted(self) -> bool: ...
    @property
    def why(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def provisional(self) -> bool: ...
    @property
    def since(self) -> datetime | None: ...
    @property
    def until(self) -> datetime | None: ...


class Explanation(Protocol):
    @property
    def rows(self) -> Sequence[Row]: ...
    @property
    def sentences(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class Day:
    """One cell: `kind` is count, off, stop or end; `words` is what is said under the date."""

    day: date
    kind: str
    words: str
    note: str
    weekday: str
    names_month: bool
    is_today: bool
    is_due: bool


@dataclass(frozen=True)
class Calendar:
    """Either `days` (with `blanks` before the first, Monday first) or `spans` is filled."""

    blanks: range
    days: list[Day]
    spans: list[str]
    sentences: list[str]
    provisional: bool
    weekdays: str = WEEKDAYS


def _kind(row: Row, due: date) -> str:
    if row.day == due:
        return "end"
    if row.counted:
        return "count"
    return "stop" if row.why == PAUSED else "off"


def _cell(row: Row, *, first: bool, due: date, today: date | None) -> Day:
    return Day(
        day=row.day,
        kind=_kind(row, due),
        words=f"第{row.number}日" if row.counted else row.text,
        note=row.text if row.counted and row.why == MAKEUP else "",
        weekday=f"周{WEEKDAYS[row.day.weekday()]}",
        names_month=first or row.day.day == 1,
        is_today=row.day == today,
        is_due=row.day == due,
    )


def _span(row: Row) -> str:
    begins = f"{zh_day_short(row.since)}{clock_time(row.since)}" if row.since else zh_day_short(row.day)
    ends = f"至{zh_day_short(row.until)}{clock_time(row.until)}" if row.until else "起"
    return f"{begins}{ends}：{row.text}"


def calendar(explanation: Explanation, *, due: date, today: date | None = None) -> Calendar:
    """Cells of every day of the explanation, in order. Raises ValueError when it has no rows."""
    rows = list(explanation.rows)
    if not rows:
        raise ValueError("an explanation without days explains nothing")
    in_spans = any(row.since for row in rows)
    return Calendar(
        blanks=range(0) if in_spans else range(rows[0].day.weekday()),
        days=[]
        if in_spans
        else [_cell(row, first=index == 0, due=due, today=today) for index, row in enumerate(rows)],
        spans=[_span(row) for row in rows] if in_spans else [],
        sentences=[str(sentence) for sentence in explanation.sentences],
        provisional=any(row.provisional for row in rows),
    )
