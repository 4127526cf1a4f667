"""
What is counted within a scope, and sums of it: the days' figures, and the facts of single cases for what stands at the
end of a day (overdue and not ended), which no sum over days can say. Training regions are nobody's figures.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from mingqu.identity.services import access
from mingqu.insight.models import CaseFacts, DayFigures
from mingqu.insight.types import MEASURES, STANDING, Span
from mingqu.kernel import regions
from mingqu.kernel.types import Actor


@dataclass(frozen=True)
class Kept:
    """Both tables within the same scope."""

    days: QuerySet[DayFigures]
    cases: QuerySet[CaseFacts]

    @classmethod
    def everything(cls) -> "Kept":
        return cls(DayFigures.objects.order_by(), CaseFacts.objects.order_by())

    def filter(self, where: Q) -> "Kept":
        """By a column that both have."""
        return Kept(self.days.filter(where), self.cases.filter(where))

    def without_training(self) -> "Kept":
        return self.filter(regions.not_training())


def watched(actor: Actor) -> Kept:
    """What the post watches over (board.see); nothing of training regions."""
    scope = access.scope(actor, "board.see")
    every = Kept.everything()
    return Kept(every.days.filter(scope.q()), every.cases.filter(scope.q(party="id"))).without_training()


def overdue(day: date) -> Q:
    """Cases whose last day had passed by this day and which had not ended on it."""
    return Q(overdue_from__lte=day) & (Q(ended_on=None) | Q(ended_on__gt=day))


def sums(kept: Kept, span: Span) -> dict[str, int]:
    """Every measure of these days, and what stood at the end of them; two statements."""
    return sums_of(kept, [span])[0]


def sums_of(kept: Kept, spans: Iterable[Span]) -> list[dict[str, int]]:
    """The same of several spans; a statement for each and one for what stood."""
    asked = list(spans)
    standing = standing_on(kept, [one.until for one in asked])
    return [_summed(kept, one) | {"overdue": standing[one.until]} for one in asked]


def _summed(kept: Kept, span: Span) -> dict[str, int]:
    within = kept.days.filter(day__gte=span.since, day__lte=span.until)
    found = within.aggregate(**{f"sum_{one}": Sum(one) for one in MEASURES})
    return {one: found[f"sum_{one}"] or 0 for one in MEASURES}


def standing_on(kept: Kept, days: Iterable[date]) -> dict[date, int]:
    """How many were overdue at the end of each of these days; one statement, over what was late alone."""
    asked = sorted(set(days))
    if not asked:
        return {}
    late = kept.cases.filter(Q(ended_on=None) | Q(ended_on__gt=asked[0]), overdue_from__lte=asked[-1])
    found = late.aggregate(**{f"on_{n}": Count("pk", filter=overdue(day)) for n, day in enumerate(asked)})
    return {day: found[f"on_{n}"] for n, day in enumerate(asked)}


def sums_by(kept: Kept, span: Span, column: str) -> dict[Any, Mapping[str, int]]:
    """
    Every measure by a dimension, where there is anything; two statements. By day: what stood at the end of each day.
    """
    within = kept.days.filter(day__gte=span.since, day__lte=span.until)
    grouped = within.values(key=F(column)).annotate(**{f"sum_{one}": Sum(one) for one in MEASURES})
    found: dict[Any, dict[str, int]] = {
        row["key"]: {one: row[f"sum_{one}"] for one in MEASURES} for row in grouped
    }
    found = {key: one for key, one in found.items() if any(one.values())}
    if column == "day":
        stood = standing_on(kept, found)
    else:
        rows = kept.cases.filter(overdue(span.until)).values(key=F(column)).annotate(many=Count("pk"))
        stood = {row["key"]: row["many"] for row in rows}
    nothing = dict.fromkeys(MEASURES, 0)
    return {
        key: found.get(key, nothing) | dict.fromkeys(STANDING, stood.get(key, 0))
        for key in {**found, **stood}
    }
