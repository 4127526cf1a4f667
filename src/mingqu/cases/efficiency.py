"""
跑动和时限: how often applicants had to come (CAS-11), how much shorter than the law promises are (CAS-10). For who
watches over departments, and for everyone (效能公开).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mingqu.cases.figures import Visited, visit_figures
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Limits
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Unit
from mingqu.kernel.types import Actor
from mingqu.ui.types import Bar

LONGEST = 366  # days that one page of figures takes in
USUAL = 30
DRAWN = 10  # bars of the chart; the table has the rest


@dataclass(frozen=True)
class FigureRow:
    """
    One item or organ. `limits`: in law and promised, in words at the desk (`statutory`, `promised`), of an item only;
    `rate` None where it can't be said. `code`: of the item, or of the organ.
    """

    name: str
    organ: str
    cases: int
    visits: int
    without: int
    most: int
    limits: Limits | None = None
    rate: float | None = None
    code: str = ""

    @property
    def statutory(self) -> str:
        return _span(*self.limits.statutory) if self.limits else ""

    @property
    def promised(self) -> str:
        return _span(*self.limits.promised) if self.limits else ""

    @property
    def average(self) -> float:
        return self.visits / self.cases

    @property
    def average_text(self) -> str:
        return f"{self.average:.2f}次"

    @property
    def rate_text(self) -> str:
        return "" if self.rate is None else f"{self.rate:.0%}"


@dataclass(frozen=True)
class Figures:
    since: date
    until: date
    rows: list[FigureRow]
    cases: int
    came: int
    without: int
    rate: float | None  # of the items, each once
    organs: list[tuple[str, str]]

    @property
    def rate_text(self) -> str:
        return "" if self.rate is None else f"{self.rate:.0%}"

    @property
    def bars(self) -> list[Bar]:
        """The rows where people come most often for one case."""
        most = sorted(self.rows, key=lambda row: -row.average)[:DRAWN]
        return [Bar(row.name, row.average, row.average_text) for row in most if row.visits]


def span(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    """The days asked about: the last 30 unless said, never turned round, never longer than a year."""
    last = until or today
    first = since or last - timedelta(days=USUAL - 1)
    first, last = min(first, last), max(first, last)
    return max(first, last - timedelta(days=LONGEST - 1)), last


def figures(actor: Actor | None, since: date, until: date, *, organ: str, by_organ: bool) -> Figures:
    """Items (or organs) with something decided in these days that the actor watches; without an actor all of them."""
    found = visit_figures(actor, since, until, organ)
    limits = catalogue.limits_of(row.item_code for row in found.rows)
    rates = {code: rate for code, one in limits.items() if (rate := _rate(one)) is not None}
    rows = _by_organ(found.rows, rates) if by_organ else [_item(row, limits, rates) for row in found.rows]
    return Figures(
        since=since,
        until=until,
        rows=rows,
        cases=sum(row.cases for row in found.rows),
        came=found.came,
        without=sum(row.without for row in found.rows),
        rate=_mean(list(rates.values())),
        organs=found.organs,
    )


def _item(row: Visited, limits: dict[str, Limits], rates: dict[str, float]) -> FigureRow:
    return FigureRow(
        row.item_name,
        row.organ,
        row.cases,
        row.visits,
        row.without,
        row.most,
        limits.get(row.item_code),
        rates.get(row.item_code),
        row.item_code,
    )


def _by_organ(rows: Sequence[Visited], rates: dict[str, float]) -> list[FigureRow]:
    organs: dict[str, list[Visited]] = {}
    for row in rows:
        organs.setdefault(row.organ_code, []).append(row)
    return [
        FigureRow(
            name=of[0].organ,
            organ=of[0].organ,
            cases=sum(row.cases for row in of),
            visits=sum(row.visits for row in of),
            without=sum(row.without for row in of),
            most=max(row.most for row in of),
            rate=_mean([rates[row.item_code] for row in of if row.item_code in rates]),
            code=of[0].organ_code,
        )
        for of in organs.values()
    ]


def _rate(limits: Limits) -> float | None:
    """None where the two can't be compared: no limit in law, or one in days and the other in working days."""
    (statutory, unit), (promised, promised_in) = limits.statutory, limits.promised
    if unit != promised_in or statutory < 1:
        return None
    return clocks.time_compression_rate(statutory, promised)


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _span(limit: int, unit: str) -> str:
    return f"{limit}{Unit(unit).text}"
