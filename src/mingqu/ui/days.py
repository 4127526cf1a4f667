"""An explained deadline as a calendar of weeks, or as spans for hours and minutes (look: mq-days)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.utils.translation import gettext as _

from mingqu.ui import language
from mingqu.ui.text import clock_time

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
    month_words: str
    day_words: str
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
    weekdays: Sequence[str]


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
        words=_("第%(number)d日") % {"number": row.number} if row.counted else row.text,
        note=row.text if row.counted and row.why == MAKEUP else "",
        month_words=language.month(row.day),
        day_words=language.day_of_month(row.day),
        weekday=language.weekday_short(row.day),
        names_month=first or row.day.day == 1,
        is_today=row.day == today,
        is_due=row.day == due,
    )


def _span(row: Row) -> str:
    begins = _moment(row.since) if row.since else language.day_short(row.day)
    if row.until is None:
        return _("%(begins)s起：%(what)s") % {"begins": begins, "what": row.text}
    given = {"begins": begins, "ends": _moment(row.until), "what": row.text}
    return _("%(begins)s至%(ends)s：%(what)s") % given


def _moment(at: datetime) -> str:
    return _("%(day)s%(time)s") % {"day": language.day_short(at), "time": clock_time(at)}


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
        weekdays=language.weekday_heads(),
    )
