"""Special procedures by the day they were to be over; each question holds its access check or says who has."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mingqu.cases.models import Case
from mingqu.clocks.types import GROUNDS
from mingqu.identity.services import access
from mingqu.kernel.types import Actor

PAGE = 30
MOST = 200  # beyond it a note says "more than"


@dataclass(frozen=True)
class Standing:
    """A case in a special procedure. `past`: whole days since the day it was to be over; below 1: not yet."""

    number: str
    item: str
    organ: str
    ground: str
    since: date
    until: date
    past: int


def to_tell(day: date) -> list[UUID]:
    """Cases whose day has passed and whose officers were not told; all: failing ones would hide the rest."""
    found = Case.objects.filter(suspended_until__lt=day, suspension_told=False)
    return list(found.order_by("suspended_until", "id").values_list("pk", flat=True))


def past(actor: Actor, day: date) -> int:
    """How many of those the actor sees should be over; up to one more than MOST."""
    found = Case.objects.filter(access.scope(actor, "case.see").q(), suspended_until__lt=day)
    return found.order_by()[: MOST + 1].count()


def standing(actor: Actor, day: date, *, only_past: bool, after: str = "") -> tuple[list[Standing], str]:
    """Special procedures the actor sees, the one that was to be over first; keyset. Where the list goes on, or ""."""
    found = Case.objects.filter(access.scope(actor, "case.see").q(), suspended_until__isnull=False)
    if only_past:
        found = found.filter(suspended_until__lt=day)
    if (start := _cursor(after)) is not None:
        found = found.filter(suspended_until__gte=start[0]).exclude(
            suspended_until=start[0], pk__lte=start[1]
        )
    rows = list(found.select_related("department").order_by("suspended_until", "id")[: PAGE + 1])
    shown = rows[:PAGE]
    more = f"{shown[-1].suspended_until}_{shown[-1].pk}" if len(rows) > PAGE else ""
    return [_standing(case, day) for case in shown], more


def _standing(case: Case, day: date) -> Standing:
    assert case.suspended_since is not None and case.suspended_until is not None
    return Standing(
        case.number,
        case.item_name,
        case.department.name,
        GROUNDS[case.suspended_ground].text,
        case.suspended_since,
        case.suspended_until,
        (day - case.suspended_until).days,
    )


def _cursor(text: str) -> tuple[date, UUID] | None:
    day, _sep, one = text.partition("_")
    try:
        return date.fromisoformat(day), UUID(one)
    except ValueError:
        return None
