"""
到现场次数: how often applicants had to come, counted from what the commands wrote down on each case (`Case.visits`:
filed at a window, correction or owed material brought to it, result collected at the counter).
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from mingqu.cases.models import Case
from mingqu.identity.services import access
from mingqu.kernel import regions
from mingqu.kernel.types import Actor


@dataclass(frozen=True)
class Visited:
    """Decided cases of one item: how many, their visits in all, how many without any, the most of one case."""

    item_code: str
    item_name: str
    organ_code: str
    organ: str
    cases: int
    visits: int
    without: int
    most: int


@dataclass(frozen=True)
class VisitFigures:
    """`came`: visits in all, where who came for several parts of one 一件事 came once. `organs`: code and name."""

    rows: list[Visited]
    came: int
    organs: list[tuple[str, str]]


def visit_figures(actor: Actor | None, since: date, until: date, organ: str = "") -> VisitFigures:
    """
    Of cases decided between two days (both included) that the actor's figures take in (without one: all), by item; of
    one organ where it is named. Training regions are nobody's figures. Four statements, bounded by the index of
    decisions.
    """
    within = _decided(actor, since, until)
    organs = within.values_list("department__code", "department__name").distinct()
    if organ:
        within = within.filter(department__code=organ)
    counted = within.values("item_code", code=F("department__code"), organ=F("department__name")).annotate(
        name=Max("item_name"),
        count=Count("id"),
        sum=Sum("visits"),
        without=Count("id", filter=Q(visits=0)),
        most=Max("visits"),
    )
    rows = [
        Visited(
            item_code=row["item_code"],
            item_name=row["name"],
            organ_code=row["code"],
            organ=row["organ"],
            cases=row["count"],
            visits=row["sum"],
            without=row["without"],
            most=row["most"],
        )
        for row in counted.order_by("-count", "item_code")
    ]
    return VisitFigures(rows, _came(within), sorted(organs))


def _came(within: QuerySet[Case]) -> int:
    matters = (
        within.annotate(matter=Coalesce("bundle_id", "id")).values("matter").annotate(times=Max("visits"))
    )
    return int(matters.aggregate(all=Coalesce(Sum("times"), 0))["all"])


def _decided(actor: Actor | None, since: date, until: date) -> QuerySet[Case]:
    watched = access.scope(actor, "board.see").q() if actor else Q()
    found = Case.objects.filter(watched, decided_on__gte=since, decided_on__lte=until)
    return found.filter(regions.not_training()).order_by()
