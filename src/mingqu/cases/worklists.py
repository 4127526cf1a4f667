"""
The lists of cases that officers work from: by state, by deadline, by label, by item and step; one page at a time.

No list is counted to its end: `counts` stops one beyond what it is asked for.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case as Either
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Least

from mingqu.cases.models import AfterCheck, Case, CaseMaterial
from mingqu.identity.services import access
from mingqu.kernel.rows import planned_anew
from mingqu.kernel.types import Actor
from mingqu.process import selectors as process
from mingqu.process.types import TaskRow

Order = Literal["due", "received", "newest"]
Label = Literal["", "returned", "special", "owed"]
STATEMENTS = 500  # kept: one for each set of mandates and day
DAYS = {"due": "due_on", "received": "received_on"}  # the column of a list that is in the order of days
# Columns that no list shows and that are read only by decrypting them, case by case.
UNSHOWN = ("answers", "query_code", "party_name")
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


@dataclass(frozen=True)
class StepsWanted:
    """
    Which open steps of a post a list shows: of an item, of one step of it; the order. `claim`: those the actor has
    claimed, or those that nobody of `holders`, who hold the post today, has.
    """

    item: str = ""
    step: str = ""
    order: Order = "due"
    claim: Literal["", "own", "free"] = ""
    holders: tuple[UUID, ...] = ()


def worklist(actor: Actor, wanted: Wanted, *, after: Cursor | None = None, limit: int = 30) -> list[Case]:
    """Cases the acting post may see, by deadline (without one at the end), by receipt, or newest first. Keyset."""
    found = _found(access.scope(actor, "case.see"), wanted).defer(*UNSHOWN)
    if wanted.order == "newest":
        found = found.order_by("-id")
        return list((found.filter(pk__lt=after.case_id) if after else found)[:limit])
    # Each state is read by itself through an index that has its cases in this order, and no further than the page goes.
    day = DAYS[wanted.order]
    first, *others = [
        found.filter(status=status, **place).filter(later).order_by(day, "id")[:limit]
        for status in wanted.statuses
        for place, later in _onward(day, after)
    ]
    return list(first.union(*others, all=True).order_by(day, "id")[:limit] if others else first)


def received_at_post(actor: Actor, post_id: UUID, limit: int) -> list[Case]:
    """What a window's post took in that is neither accepted nor refused, corrections among it, by the last day."""
    within = access.scope(actor, "case.see").q()
    found = Case.objects.filter(within, filed_by_post=post_id, status__in=("received", "correction"))
    return list(_without_barred(actor, found).defer(*UNSHOWN).order_by("due_on", "id")[:limit])


def _onward(day: str, after: Cursor | None) -> list[tuple[dict[str, Any], Q]]:
    """Where a list by `day` goes on: a place from which an index is read, and what of it comes later."""
    without = {f"{day}__isnull": True}
    if after is None:
        return [({}, Q())]
    if after.due_on is None:
        return [(without, Q(pk__gt=after.case_id))]
    later = Q(**{f"{day}__gt": after.due_on}) | Q(pk__gt=after.case_id)
    onward = [({f"{day}__gte": after.due_on}, later)]
    return onward if day == "received_on" else [*onward, (without, Q())]  # every case has been received


@dataclass(frozen=True)
class Waiting:
    """
    An open step of a post with its case. `day`: the sooner last day of the two, None while the deadlines stand still; a
    step entered late may have days left when the whole has none. `place`: the day it is sorted by.
    """

    task: TaskRow
    case: Case
    day: date | None
    place: date


@dataclass(frozen=True)
class StepCursor:
    """Where a page of steps ends."""

    place: date
    task_id: UUID

    def __str__(self) -> str:
        return f"{self.place.isoformat()}_{self.task_id}"

    @classmethod
    def parse(cls, text: str) -> "StepCursor | None":
        """None for anything that is not a cursor: a stale link shows the first page."""
        day, _, task_id = text.partition("_")
        try:
            return cls(date.fromisoformat(day), UUID(task_id))
        except ValueError:
            return None


def steps_waiting(
    actor: Actor, post: str, wanted: StepsWanted, *, after: StepCursor | None = None, limit: int = 30
) -> list[Waiting]:
    """
    The open steps of a post: what is late first, then by the sooner of the two last days; those whose deadlines stand
    still (特别程序) last. Two statements. Keyset by day and id.
    """
    visible = _without_barred(actor, Case.objects.filter(access.scope(actor, "case.see").q()))
    if wanted.item:
        visible = visible.filter(item_code=wanted.item)
    own = visible.filter(pk=OuterRef("root_id"))
    found = process.open_at(post).filter(root_id__in=visible.values("pk"))
    if wanted.claim == "own":
        found = found.filter(claimed_by=actor.deputy_for or actor.id)
    if wanted.claim == "free":  # a claim counts only while its holder holds the post
        found = found.filter(Q(claimed_by=None) | ~Q(claimed_by__in=wanted.holders))
    if wanted.step:
        found = found.filter(node=wanted.step)
    if wanted.order == "received":
        found = found.annotate(place=Subquery(own.values("received_on")[:1]))
    else:
        running = Subquery(own.filter(suspended_since=None).values("due_on")[:1])
        stands = Exists(own.exclude(suspended_since=None))
        sooner = Coalesce(Least("due_on", running), Value(date.max))
        found = found.annotate(place=Either(When(stands, then=Value(date.max)), default=sooner))
    found = found.order_by("place", "id")
    if after:
        found = found.filter(Q(place__gt=after.place) | Q(place=after.place, id__gt=after.task_id))
    page = list(found[:limit])
    cases = {case.pk: case for case in visible.filter(pk__in={task.root_id for task in page}).defer(*UNSHOWN)}
    return [
        Waiting(process.row_of(task), case, _sooner(task.due_on, case), task.place)
        for task in page
        if (case := cases.get(task.root_id))
    ]


def _without_barred(actor: Actor, rows: QuerySet[Case]) -> QuerySet[Case]:
    """回避: what a person has no hand in is nothing for her to do."""
    return rows.exclude(barred_ids__contains=[actor.id]) if actor.kind == "staff" else rows


def _sooner(step: date | None, case: Case) -> date | None:
    return None if case.suspended_since else min(filter(None, (step, case.due_on)), default=None)


def cursor_of(case: Case, order: Order) -> Cursor:
    """The place of this case in a list of that order."""
    return Cursor(case.received_on if order == "received" else case.due_on, case.pk)


def counts(actor: Actor, lists: Mapping[str, Wanted], checks: str = "", *, most: int = 99) -> dict[str, int]:
    """
    How many each list has, one more than `most` at the highest; one statement for all of them. `checks`: the name
    under which promises to be checked are counted.
    """
    statement = _counting(access.scope(actor, "case.see"), tuple(lists.items()), checks, most)
    if statement is None:
        return {}
    with planned_anew() as cursor:
        cursor.execute(*statement)
        return dict(Counter(name for (name,) in cursor.fetchall()))


@lru_cache(maxsize=STATEMENTS)
def _counting(
    scope: access.Scope, lists: tuple[tuple[str, Wanted], ...], checks: str, most: int
) -> tuple[str, tuple[Any, ...]] | None:
    """
    The statement that counts, None where no list can have anything. To write it takes longer than to run it, and it is
    the same for a post all day long.
    """
    parts = [
        _found(scope, wanted).order_by().values_list(Value(name), flat=True)[: most + 1]
        for name, wanted in lists
    ]
    if checks:
        parts.append(_open_checks(scope).order_by().values_list(Value(checks), flat=True)[: most + 1])
    first, *others = parts
    found = first.union(*others, all=True) if others else first
    try:
        text, given = found.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None
    return text, tuple(given)


def after_checks(
    actor: Actor, *, item: str = "", after: Cursor | None = None, limit: int = 30
) -> list[tuple[Case, AfterCheck]]:
    """Promises that are still to be checked (告知承诺事后核查), the first due first. Keyset by day and id."""
    found = _open_checks(access.scope(actor, "case.see")).select_related("case").order_by("due_on", "id")
    if item:
        found = found.filter(case__item_code=item)
    if after and after.due_on:
        found = found.filter(Q(due_on=after.due_on, id__gt=after.case_id) | Q(due_on__gt=after.due_on))
    return [(check.case, check) for check in found[:limit]]


def _open_checks(scope: access.Scope) -> QuerySet[AfterCheck]:
    own = scope.q(department="department_id", region="case__region_code", item_type="case__item_type")
    return AfterCheck.objects.filter(own, finding="")


def _found(scope: access.Scope, wanted: Wanted) -> QuerySet[Case]:
    found = Case.objects.filter(scope.q(), status__in=wanted.statuses)
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
