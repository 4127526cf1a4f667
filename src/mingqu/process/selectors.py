"""Questions about running and finished instances. None writes; access is the owner's to check."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from mingqu.kernel.types import Instant
from mingqu.process import moments, plans, store
from mingqu.process.errors import PlanUnknown, TaskNotOpen
from mingqu.process.going_over import Element, Move, Would, elements, would_move, wrong_steps
from mingqu.process.history import event_from
from mingqu.process.layout import Layout, layout
from mingqu.process.models import FAR, History, ProcessInstance, Signing, Task, Wait
from mingqu.process.plan import Plan
from mingqu.process.standing import progress
from mingqu.process.state import EMPTY, State, Status, shape
from mingqu.process.step import earlier, step
from mingqu.process.types import Awaited, HistoryRow, RuleRow, SigningRow, TaskRow
from mingqu.process.ways import certain, conditions_to, framed, nearest_steps, possible, side_by_side

__all__ = [
    "Cursor",
    "Element",
    "Layout",
    "Move",
    "Would",
    "all_tasks",
    "asks",
    "awaited",
    "certain",
    "conditions_to",
    "differences",
    "done_steps",
    "due",
    "elements",
    "following_clocks",
    "framed",
    "hears",
    "history",
    "instance_of",
    "layout",
    "listened",
    "may_return_to",
    "nearest_steps",
    "next_page",
    "open_at",
    "open_tasks",
    "open_tasks_of",
    "plan",
    "possible",
    "progress",
    "rebuilt",
    "roots_at",
    "row_of",
    "rules_done",
    "sample",
    "side_by_side",
    "signals",
    "signings",
    "stored",
    "task",
    "tasks_for_posts",
    "thrown",
    "would_move",
    "wrong_steps",
]


def plan(digest: str) -> Plan:
    """A stored plan. Raises PlanUnknown."""
    return plans.by_digest(digest)


def instance_of(root_id: UUID) -> UUID | None:
    """The instance of this root that started last."""
    rows = ProcessInstance.objects.filter(root_id=root_id).order_by("-started_at", "-id")
    return rows.values_list("id", flat=True).first()


def task(root_id: UUID, task_id: UUID) -> TaskRow:
    """Raises TaskNotOpen where there is no such task; a closed one is returned with its status."""
    found = Task.objects.filter(root_id=root_id, id=task_id).first()
    if found is None:
        raise TaskNotOpen()
    return row_of(found)


def open_tasks(root_id: UUID) -> list[TaskRow]:
    """What waits for someone, in the order in which it opened."""
    return _rows(Task.objects.filter(root_id=root_id, status=Task.State.OPEN))


def open_tasks_of(root_ids: Collection[UUID]) -> dict[UUID, list[TaskRow]]:
    """The same for several roots, in one statement; a root without open tasks is left out."""
    found: dict[UUID, list[TaskRow]] = {}
    for row in _rows(Task.objects.filter(root_id__in=root_ids, status=Task.State.OPEN)):
        found.setdefault(row.root_id, []).append(row)
    return found


def all_tasks(root_id: UUID) -> list[TaskRow]:
    """Every task of this root, in the order in which they opened."""
    return _rows(Task.objects.filter(root_id=root_id))


def done_steps(root_id: UUID) -> list[TaskRow]:
    """Completed tasks in the order of completion; a step done twice is there twice."""
    done = _rows(Task.objects.filter(root_id=root_id, status=Task.State.COMPLETED))
    return sorted(done, key=lambda row: row.closed_at or row.opened_at)  # of one instant: as they were opened


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page; the next page begins after it."""

    due_on: date | None
    opened_at: Instant
    task_id: UUID

    @staticmethod
    def at(row: TaskRow) -> "Cursor":
        return Cursor(row.due_on, row.opened_at, row.task_id)


_COLUMNS = (
    "root_id, id, node, name, post, people, status, opened_at, due_on, claimed_by, closed_at, closed_by, outcome,"
    " lent, held, claimed_at"
)
_DUE = f"coalesce(due_on, DATE '{FAR}')"


def tasks_for_posts(
    posts: Collection[str], *, after: Cursor | None = None, limit: int = 20, claimed_by: UUID | None = None
) -> list[TaskRow]:
    """
    The worklist of these posts and pools: soonest due first, then longest waiting. One page; no count.

    `claimed_by`: only what this person has claimed. Each post is read through the index by itself, so a
    page costs at most `limit` rows for each post, however long the lists are.
    """
    codes = sorted(set(posts))
    if not codes:
        return []
    mine = " AND claimed_by = %s" if claimed_by is not None else ""
    onward = f" AND ({_DUE}, opened_at, id) > (%s, %s, %s)" if after is not None else ""
    one_post = (
        f"(SELECT {_COLUMNS} FROM process_task WHERE status = 'open' AND post = %s{mine}{onward}"  # noqa: S608  constants only
        f" ORDER BY {_DUE}, opened_at, id LIMIT %s)"
    )
    given: list[Any] = []
    for code in codes:
        given.append(code)
        given += [claimed_by] if claimed_by is not None else []
        given += [after.due_on or date.max, after.opened_at, after.task_id] if after is not None else []
        given.append(limit)
    parts = " UNION ALL ".join([one_post] * len(codes))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({parts}) AS waiting ORDER BY due_on NULLS LAST, opened_at, id LIMIT %s",  # noqa: S608  constants only
            [*given, limit],
        )
        return [TaskRow(*row) for row in cursor.fetchall()]


def roots_at(post: str, step: str) -> QuerySet[Task, UUID]:
    """Roots whose step of this id waits for this post, as the inside of another question (the worklists')."""
    open_there = Task.objects.filter(status=Task.State.OPEN, post=post, node=step)
    return open_there.values_list("root_id", flat=True)


def open_at(post: str) -> QuerySet[Task]:
    """The open steps of this post, for a room above that puts them in an order of its own; `row_of` reads each."""
    return Task.objects.filter(status=Task.State.OPEN, post=post)


def history(root_id: UUID) -> list[HistoryRow]:
    """Every event of this root's instances, oldest first."""
    rows = History.objects.filter(root_id=root_id).order_by("at", "instance_id", "seq")
    return [
        HistoryRow(r.seq, r.kind, r.node, r.outcome, r.at, r.by_id, r.by_post, r.event.get("reason", ""))
        for r in rows
    ]


def hears(of: Plan) -> bool:
    """Whether it ever waits for a message from outside."""
    return of.hears


def asks(of: Plan) -> bool:
    """Whether another system may bring what it waits for."""
    return of.asks


def awaited(root_id: UUID) -> list[Awaited]:
    """The messages this root waits for, longest first; two statements, one where it waits for none."""
    rows = Wait.objects.filter(root_id=root_id, occasion="message")
    found = rows.values_list("instance_id", "id", "node", "ref")
    waiting = sorted(found, key=lambda row: (row[0], store.row_number(row[0], row[1])))
    if not waiting:
        return []
    instances = ProcessInstance.objects.filter(root_id=root_id, id__in={one for one, *_ in waiting})
    known = {one.id: plans.by_digest(one.plan_id) for one in instances}
    nodes = {instance_id: plan.nodes for instance_id, plan in known.items()}
    return [
        Awaited(wait_id, node, nodes[instance_id][node].name, ref, nodes[instance_id][node].sender)
        for instance_id, wait_id, node, ref in waiting
    ]


def signals(of: Plan) -> tuple[frozenset[str], frozenset[str]]:
    """The signals it waits for, and those it throws, by name."""
    named = [node for node in of.nodes.values() if node.occasion == "signal"]
    thrown = {node.ref for node in named if node.kind.value in ("throw", "end")}
    return frozenset(node.ref for node in named if node.kind.value not in ("throw", "end")), frozenset(thrown)


def listened(root_id: UUID) -> list[str]:
    """The signals this root waits for, by name; one statement."""
    rows = Wait.objects.filter(root_id=root_id, occasion="signal").order_by("ref")
    return list(rows.values_list("ref", flat=True).distinct())


def thrown(root_id: UUID) -> list[tuple[str, str]]:
    """Every signal this root has thrown, oldest first: what tells one throw from another, and its name."""
    rows = History.objects.filter(root_id=root_id, effects__has_key="signals").order_by(
        "at", "instance_id", "seq"
    )
    return [
        (f"{row.instance_id}:{row.seq}:{place}", name)
        for row in rows
        for place, name in enumerate(row.effects["signals"])
    ]


def rules_done(root_id: UUID) -> list[RuleRow]:
    """The service and business-rule tasks that were done for this root, oldest first."""
    rows = History.objects.filter(root_id=root_id, kind="work").order_by("at", "instance_id", "seq")
    return [RuleRow(row.node, row.event["outcome"], row.at) for row in rows]


def may_return_to(root_id: UUID, task_id: UUID) -> list[tuple[str, str]]:
    """The steps (id, name) an open task may be returned to, in the plan's order."""
    found = Task.objects.filter(root_id=root_id, id=task_id, status=Task.State.OPEN).first()
    if found is None:
        raise TaskNotOpen()
    instance = ProcessInstance.objects.get(root_id=root_id, id=found.instance_id)
    known = plans.by_digest(instance.plan_id)
    done = Task.objects.filter(
        root_id=root_id, instance_id=instance.id, status=Task.State.COMPLETED
    ).values_list("node", flat=True)
    names = frozenset(done)
    return [(n.id, n.name) for n in known.nodes.values() if earlier(known, n.id, found.node, names)]


def stored(root_id: UUID, instance_id: UUID) -> State:
    """The state as the rows say it. Raises PlanUnknown where there is no such instance."""
    row = ProcessInstance.objects.filter(root_id=root_id, id=instance_id).first()
    if row is None:
        raise PlanUnknown()
    held = store.Locked(
        root_id, row.id, row.owner, row.plan_id, seq=row.seq, live=row.live, status=Status(row.status)
    )
    return store.load_whole(held, end=row.end or None)


def rebuilt(root_id: UUID, instance_id: UUID) -> State:
    """The state as the history alone gives it."""
    rows = _history(root_id, instance_id)
    if not rows:
        raise PlanUnknown()
    state = EMPTY
    for row in rows:  # each on the plan of its time
        event = event_from(row.seq, row.kind, row.at, row.event)
        state, _ = step(plans.by_digest(row.plan_digest), state, event)
    return state


def differences(root_id: UUID, instance_id: UUID) -> dict[str, tuple[Any, Any]]:
    """Where rows and history disagree: part -> (stored, rebuilt). {} is as it must be; checked nightly."""
    said, worked_out = stored(root_id, instance_id), rebuilt(root_id, instance_id)
    left, right = shape(said), shape(worked_out)
    found = {part: (left[part], right[part]) for part in left if left[part] != right[part]}
    for part in ("frames", "waits", "tokens", "tasks", "gatherings"):
        rows, again = getattr(said, part), getattr(worked_out, part)
        if part not in found and rows != again:
            found[part] = (sorted(rows.items()), sorted(again.items()))
    return found


def due(at: Instant, most: int) -> list[tuple[UUID, UUID, UUID]]:
    """Timers whose moment has come (root, instance, wait), the oldest first."""
    rows = Wait.objects.filter(due_at__lte=at).order_by("due_at", "id")[:most]
    return list(rows.values_list("root_id", "instance_id", "id"))


def following_clocks(after: UUID | None, most: int) -> list[tuple[UUID, UUID, UUID]]:
    """Timers that read a clock of their owner (root, instance, wait), by id of the wait; keyset."""
    rows = Wait.objects.filter(occasion="timer", ref=moments.CLOCK).order_by("id")
    if after is not None:
        rows = rows.filter(id__gt=after)
    return list(rows.values_list("root_id", "instance_id", "id")[:most])


def sample(size: int, seed: int) -> list[tuple[UUID, UUID]]:
    """About `size` instances (root, instance) taken at random without reading the whole table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'process_processinstance'::regclass")
        rows = max(float(cursor.fetchone()[0]), 1.0)
        percent = min(100.0, 200.0 * size / rows)
        cursor.execute(
            "SELECT root_id, id FROM process_processinstance TABLESAMPLE SYSTEM (%s) REPEATABLE (%s) LIMIT %s",
            [percent, seed, size],
        )
        return [(root_id, instance_id) for root_id, instance_id in cursor.fetchall()]


def _history(root_id: UUID, instance_id: UUID) -> list[History]:
    return list(History.objects.filter(root_id=root_id, instance_id=instance_id).order_by("seq"))


def _rows(found: QuerySet[Task]) -> list[TaskRow]:
    return [row_of(one) for one in sorted(found, key=_opened)]


def _opened(task: Task) -> tuple[Instant, UUID, int]:
    """Tasks opened at one instant follow their numbers; their ids tell nothing of an order."""
    return task.opened_at, task.instance_id, store.row_number(task.instance_id, task.id)


def row_of(found: Task) -> TaskRow:
    """As lists show it."""
    return TaskRow(
        root_id=found.root_id,
        task_id=found.id,
        step=found.node,
        name=found.name,
        post=found.post,
        people=found.people,
        status=found.status,
        opened_at=found.opened_at,
        due_on=found.due_on,
        claimed_by=found.claimed_by,
        closed_at=found.closed_at,
        closed_by=found.closed_by,
        outcome=found.outcome,
        lent=found.lent,
        held=found.held,
        claimed_at=found.claimed_at,
    )


def signings(root_id: UUID) -> list[SigningRow]:
    """Every opening of a step that several posts sign, oldest first."""
    rows = Signing.objects.filter(root_id=root_id)
    return sorted((_signing_row(row) for row in rows), key=lambda row: not row.open)


def _signing_row(row: Signing) -> SigningRow:
    return SigningRow(
        row.node,
        row.mode,
        row.votes,
        tuple(row.waiting),
        tuple(zip(row.signed, row.outcomes, strict=True)),
        tuple(row.added),
        row.token_id,
        row.status == Signing.State.OPEN,
    )


def next_page(rows: Sequence[TaskRow], limit: int) -> Cursor | None:
    """The cursor of the next page, or None if this one was not full."""
    return Cursor.at(rows[-1]) if len(rows) == limit and rows else None
