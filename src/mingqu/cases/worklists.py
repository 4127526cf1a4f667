"""
The lists of cases that officers work from: by state, by deadline, by label, by item and step; one page at a time.

No list is counted to its end: `counts` stops one beyond what it is asked for.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from django.db.models import Q, QuerySet, Value

from mingqu.cases.models import AfterCheck, Case, CaseMaterial
from mingqu.identity.services import access
from mingqu.kernel.types import Actor
from mingqu.process import selectors as process

Order = Literal["due", "received"]
Label = Literal["", "returned", "special", "owed"]
RUNNING = (
    Case.Status.RECEIVED,
    Case.Status.ACCEPTED,
    Case.Status.DECIDED,
)  # the organ owes something by a day


@dataclass(frozen=True)
class Cursor:
    """Where a page ends: the day it is sorted by (None comes last) and the id."""

    due_on: date | None
    case_id: UUID

    def __str__(self) -> str:
        return f"{self.due_on.isoformat() if self.due_on else '-'}_{self.case_id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """None for anything that is not a cursor: a stale link shows the first page."""
        day, _, case_id = text.partition("_")
        try:
            return cls(None if day == "-" else date.fromisoformat(day), UUID(case_id))
        except ValueError:
            return None


@dataclass(frozen=True)
class Wanted:
    """
    Which cases a list shows. `due_from` and `due_until`: the last day lies between them, both included. `label`:
    returned inside, in a special procedure, or with a material that is still owed. `step`: post and id of a
    step that is open now.
    """

    statuses: tuple[str, ...]
    item: str = ""
    step: tuple[str, str] | None = None
    due_from: date | None = None
    due_until: date | None = None
    label: Label = ""
    order: Order = "due"


def worklist(actor: Actor, wanted: Wanted, *, after: Cursor | None = None, limit: int = 30) -> list[Case]:
    """Cases the acting post may see, by deadline (without one at the end) or by the day they came in. Keyset."""
    found = _found(actor, wanted)
    if wanted.order == "received":
        found = found.order_by("received_on", "id")
        if after and after.due_on:
            later = Q(received_on=after.due_on, pk__gt=after.case_id) | Q(received_on__gt=after.due_on)
            found = found.filter(later)
        return list(found[:limit])
    found = found.order_by("due_on", "id")
    if after:
        later = Q(due_on=after.due_on, pk__gt=after.case_id)
        if after.due_on is not None:
            later |= Q(due_on__gt=after.due_on) | Q(due_on=None)
        found = found.filter(later)
    return list(found[:limit])


def cursor_of(case: Case, order: Order) -> Cursor:
    """The place of this case in a list of that order."""
    return Cursor(case.received_on if order == "received" else case.due_on, case.pk)


def counts(actor: Actor, lists: Mapping[str, Wanted], checks: str = "", *, most: int = 99) -> dict[str, int]:
    """
    How many each list has, one more than `most` at the highest; one statement for all of them. `checks`: the name
    under which promises to be checked are counted.
    """
    parts = [
        _found(actor, wanted).order_by().values_list(Value(name), flat=True)[: most + 1]
        for name, wanted in lists.items()
    ]
    if checks:
        parts.append(_open_checks(actor).order_by().values_list(Value(checks), flat=True)[: most + 1])
    first, *others = parts
    return dict(Counter(first.union(*others, all=True) if others else first))


def after_checks(
    actor: Actor, *, item: str = "", after: Cursor | None = None, limit: int = 30
) -> list[tuple[Case, AfterCheck]]:
    """Promises that are still to be checked (告知承诺事后核查), the first due first. Keyset by day and id."""
    found = _open_checks(actor).select_related("case").order_by("due_on", "id")
    if item:
        found = found.filter(case__item_code=item)
    if after and after.due_on:
        found = found.filter(Q(due_on=after.due_on, id__gt=after.case_id) | Q(due_on__gt=after.due_on))
    return [(check.case, check) for check in found[:limit]]


def _open_checks(actor: Actor) -> QuerySet[AfterCheck]:
    scope = access.scope(actor, "case.see").q(
        department="department_id", region="case__region_code", item_type="case__item_type"
    )
    return AfterCheck.objects.filter(scope, finding="")


def _found(actor: Actor, wanted: Wanted) -> QuerySet[Case]:
    found = Case.objects.filter(access.scope(actor, "case.see").q(), status__in=wanted.statuses)
    if wanted.item:
        found = found.filter(item_code=wanted.item)
    if wanted.step:
        found = found.filter(pk__in=process.roots_at(*wanted.step))
    if wanted.due_from:
        found = found.filter(due_on__gte=wanted.due_from)
    if wanted.due_until:
        found = found.filter(due_on__lte=wanted.due_until)
    match wanted.label:
        case "returned":
            found = found.filter(returned_inside=True)
        case "special":
            found = found.filter(suspended_since__isnull=False)
        case "owed":
            owed = CaseMaterial.objects.filter(state=CaseMaterial.State.OWED).values("case_id")
            found = found.filter(pk__in=owed)
    return found
