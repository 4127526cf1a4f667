"""流程迁移 as the post may see it, and what can be moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count
from django.urls import reverse

from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.errors import HandlingUnknown
from mingqu.catalogue.revisions import selectors as revisions
from mingqu.clocks.types import Unit
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.types import Actor, Instant
from mingqu.process import selectors as process
from mingqu.redesign.errors import MoveUnknown, NothingToMove
from mingqu.redesign.models import FlowMove, FlowMoveCase
from mingqu.ui.menu import Waiting

PAGE = 30
ROWS = 50
MOST_NOTED = 99
SEE = "redesign.see"


@dataclass(frozen=True, slots=True)
class Source:
    """Cases of one 业务办理项 that go by the steps of a revision."""

    item_code: str
    handling: str
    revision_id: UUID


@dataclass(frozen=True, slots=True)
class Movable:
    """What can be moved: a source with its names and how many cases."""

    source: Source
    item_name: str
    handling_name: str
    from_number: int
    to_number: int
    count: int


@dataclass(frozen=True, slots=True)
class OfferedStep:
    code: str
    name: str
    suggested: str


@dataclass(frozen=True, slots=True)
class OfferedElement:
    """A sub-process or event of the old drawing that the new one does not have; `into`: what it may go to."""

    id: str
    name: str
    into: tuple[tuple[str, str], ...]
    suggested: str


@dataclass(frozen=True, slots=True)
class Offered:
    """What the form of a move needs: the old steps, the new ones, what else to say, and both promises in words."""

    handling_name: str
    from_number: int
    to_number: int
    steps: tuple[OfferedStep, ...]
    into: tuple[tuple[str, str], ...]
    promised: str
    promises: str
    elements: tuple[OfferedElement, ...] = ()


def moves(actor: Actor, *, state: str = "", after: str = "") -> tuple[list[FlowMove], str]:
    """The newest first; the id to go on from. Keyset."""
    rows = FlowMove.objects.filter(access.scope(actor, SEE).q())
    if state in FlowMove.State.values:
        rows = rows.filter(state=state)
    try:
        rows = rows.filter(pk__lt=UUID(after)) if after else rows
    except ValueError:
        return [], ""
    found = list(rows.order_by("-id")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def waiting_moves(actor: Actor, at: Instant) -> Waiting | None:
    """On the first page of who approves: what others planned."""
    scope = access.scope(actor, "redesign.approve_move")
    if not scope:
        return None
    rows = FlowMove.objects.filter(scope.q(), state=FlowMove.State.CHECKED).exclude(asked_by=actor.doer_id)
    count = rows[:MOST_NOTED].count()
    words = f"{count}次等您批准"
    return Waiting(words, label="流程迁移", url=reverse("redesign:moves")) if count else None


def move_seen(actor: Actor, move_id: UUID) -> FlowMove:
    """Raises MoveUnknown, also for one outside the post's scope."""
    row = FlowMove.objects.filter(pk=move_id).first()
    if row is None or not access.allows(actor, SEE, row):
        raise MoveUnknown()
    return row


def held(actor: Actor, move_id: UUID, action: str) -> FlowMove:
    """The move, locked, for a command. Raises MoveUnknown, NotAuthorised."""
    row = FlowMove.objects.select_for_update().filter(pk=move_id).first()
    if row is None or not access.allows(actor, SEE, row):
        raise MoveUnknown()
    access.require(actor, action, row)
    return row


def rows_of(row: FlowMove, *, state: str = "", after: str = "") -> tuple[list[FlowMoveCase], str]:
    """Its cases by number; the number to go on from. Keyset."""
    found = FlowMoveCase.objects.filter(root_id=row.pk)
    if state in FlowMoveCase.State.values:
        found = found.filter(state=state)
    if after:
        found = found.filter(number__gt=after)
    rows = list(found.order_by("number")[: ROWS + 1])
    return rows[:ROWS], rows[ROWS - 1].number if len(rows) > ROWS else ""


def counts_of(row: FlowMove) -> list[tuple[str, str, int]]:
    """(state, its word, how many) of its cases; a move has as many rows as an organ has running cases of one item."""
    found = FlowMoveCase.objects.filter(root_id=row.pk).values_list("state").annotate(n=Count("id"))
    known = dict(found.order_by())
    return [(state.value, state.label, known[state]) for state in FlowMoveCase.State if state in known]


def mapping_of(row: FlowMove) -> list[tuple[str, str]]:
    """Names of the old steps, sub-processes and events and of those they go to; "" for one that is gone."""
    old = catalogue.definition(row.from_revision, row.handling_code)
    new = catalogue.definition(row.to_revision, row.handling_code)
    names = {step.id: step.name for step in (*new.steps, new.decide)}
    steps: Mapping[str, str] = row.steps
    found = [(step.name, names.get(steps.get(step.id, step.id), "")) for step in (*old.steps, old.decide)]
    there = {one.id: one.name for one in _elements_of(row.to_revision, row.handling_code)}
    events = [one for one in _elements_of(row.from_revision, row.handling_code) if one.id in steps]
    return [*found, *((one.name, there.get(steps[one.id], "")) for one in events)]


def _elements_of(revision: UUID, handling: str) -> list[process.Element]:
    return process.elements(catalogue.plan_digest(revision, handling))


def names_of(row: FlowMove) -> tuple[str, str]:
    """Who planned it, and who decided; "" for nobody yet."""
    known = identity.names_of([one for one in (row.asked_by, row.decided_by) if one])
    return known.get(row.asked_by, ""), known.get(row.decided_by, "") if row.decided_by else ""


def waiting(actor: Actor) -> list[Movable]:
    """Items of the actor's scope with cases that go by the steps of an earlier revision."""
    scope = access.scope(actor, "redesign.plan_move")
    found = []
    for code, handling, revision, count in cases.flows_in_use(scope.q()):
        item = revisions.item(code)
        if item.current_id in (None, revision) or not access.allows(actor, "redesign.plan_move", item):
            continue
        source = Source(code, handling, revision)
        try:
            offer = offered(source, item.current_id)
        except NothingToMove:
            continue
        found.append(
            Movable(source, item.name, offer.handling_name, offer.from_number, offer.to_number, count)
        )
    return sorted(found, key=lambda one: (one.item_name, one.source.handling, one.from_number))


def offered(source: Source, to: UUID | None) -> Offered:
    """Raises NothingToMove where the 业务办理项 is not in the revision in force."""
    item = revisions.item(source.item_code)
    numbers = {one.id: one.number for one in revisions.of_item(item)}
    if to is None or source.revision_id not in numbers:
        raise NothingToMove()
    try:
        old = catalogue.definition(source.revision_id, source.handling)
        new = catalogue.definition(to, source.handling)
    except HandlingUnknown as unknown:
        raise NothingToMove() from unknown
    into = tuple((step.id, step.name) for step in (*new.steps, new.decide))
    by_name = {name: code for code, name in into}
    codes = dict(into)
    steps = tuple(
        OfferedStep(s.id, s.name, s.id if s.id in codes else by_name.get(s.name, ""))
        for s in (*old.steps, old.decide)
    )
    words = [f"{one.clocks.promised.limit}{Unit(one.clocks.promised.unit).text}" for one in (old, new)]
    return Offered(
        new.handling_item.name,
        numbers[source.revision_id],
        numbers[to],
        steps,
        into,
        words[0],
        words[1],
        _offered_elements(source, to),
    )


def _offered_elements(source: Source, to: UUID) -> tuple[OfferedElement, ...]:
    """What is drawn the same under the same id goes by itself, and is not asked about."""
    old, new = _elements_of(source.revision_id, source.handling), _elements_of(to, source.handling)
    same = {(one.id, one.kind) for one in old} & {(one.id, one.kind) for one in new}
    free = [one for one in new if (one.id, one.kind) not in same]
    found = []
    for one in old:
        if (one.id, one.kind) in same:
            continue
        into = tuple((other.id, other.name) for other in free if other.kind == one.kind)
        suggested = next((id for id, name in into if name == one.name), "")
        found.append(OfferedElement(one.id, one.name, into, suggested))
    return tuple(found)
