"""效能公开: how often people had to come and how long it may take, by item and organ, for everyone (ARC-06)."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, timedelta
from time import monotonic

from mingqu.cases import selectors as cases
from mingqu.clocks.types import Unit
from mingqu.portal.selectors.results import item_name
from mingqu.ui import language

DAYS = 30
PAGE = 50  # rows
FRESH_FOR = 300.0  # seconds for which what was counted is shown again
KEPT = 64  # counts a process remembers at most: an organ and a way each

# The counts go over everything decided in a month, and anybody may ask for them: a process makes each once in a while.
kept: OrderedDict[tuple[date, str, bool], tuple[float, cases.Figures]] = OrderedDict()


@dataclass(frozen=True)
class Row:
    """An item or an organ; its limits in the language of the page, "" where there is none; `rate` in percent."""

    code: str
    name: str
    organ: str
    cases: int
    without: int
    average: str
    statutory: str
    promised: str
    rate: str


@dataclass(frozen=True)
class EfficiencyPage:
    """`share`: of the cases for which nobody came at all, in percent. `more`: the number of rows not shown."""

    since: date
    until: date
    rows: list[Row]
    cases: int
    came: int
    share: str
    organs: list[tuple[str, str]]
    only: str  # name of the one item that was asked for
    more: int = 0


def page(today: date, *, organ: str = "", item: str = "", by_organ: bool = False) -> EfficiencyPage:
    """The last thirty whole days: the same counts as at the desk, some minutes old at most; six statements."""
    until = today - timedelta(days=1)
    since = until - timedelta(days=DAYS - 1)
    found = _counted(since, until, organ, by_organ and not item)
    rows = [row for row in found.rows if item in ("", row.code)]
    number = sum(row.cases for row in rows)
    without = sum(row.without for row in rows)
    return EfficiencyPage(
        since,
        until,
        [_row(row) for row in rows[:PAGE]],
        number,
        sum(row.visits for row in rows) if item else found.came,
        f"{without / number:.0%}" if number else "",
        found.organs,
        item_name(item),
        max(0, len(rows) - PAGE),
    )


def _counted(since: date, until: date, organ: str, by_organ: bool) -> cases.Figures:
    """As it was counted lately; an organ that has none of it is not counted for: its code may be anything."""
    if organ:
        organs = _counted(since, until, "", by_organ).organs
        if organ not in dict(organs):
            return cases.Figures(since, until, [], 0, 0, 0, None, organs)
    mark = (until, organ, by_organ)
    counted_at, found = kept.pop(mark, (0.0, None))
    if found is None or monotonic() - counted_at > FRESH_FOR:
        counted_at = monotonic()
        found = cases.figures_within(None, since, until, organ=organ, by_organ=by_organ)
    kept[mark] = (counted_at, found)
    if len(kept) > KEPT:
        kept.popitem(last=False)
    return found


def _row(row: cases.FigureRow) -> Row:
    limits = row.limits
    return Row(
        row.code,
        row.name,
        row.organ,
        row.cases,
        row.without,
        f"{row.average:.2f}",
        _span(*limits.statutory) if limits else "",
        _span(*limits.promised) if limits else "",
        row.rate_text,
    )


def _span(limit: int, unit: str) -> str:
    return f"{limit}{language.unit(limit, Unit(unit).text)}"
