"""
The rows of an instance: read what one event can touch, write what it changed.

Plain SQL by shard key, in a number of statements that does not depend on how many branches there are:
`lock` (one), `load` (one), then at most one for each kind of row that changed, the history row always. The
first statement locks the instance's row and numbers the event, so two at once come one after the other even
without the owner's lock; updates of tasks and joins name the state they were read in, and refuse otherwise.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from immutables import Map
from psycopg.types.json import Jsonb

from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor, Instant
from mingqu.process.errors import ChangedMeanwhile, ProcessNotActive, TaskNotOpen, TaskTaken
from mingqu.process.history import effects_json, event_json, kind_of
from mingqu.process.models import History, Variable
from mingqu.process.plan import Plan
from mingqu.process.state import (
    Complete,
    Effect,
    Event,
    Gathering,
    JoinClosed,
    OpenTask,
    ReturnTo,
    State,
    Status,
    TaskOpened,
    Token,
)
from mingqu.process.types import Json


@dataclass(frozen=True, slots=True)
class Locked:
    """An instance whose row this transaction holds; `seq` is the number of the event at hand."""

    root_id: UUID
    id: UUID
    owner: str
    plan_digest: str
    seq: int
    live: int
    status: Status

    def row(self, number: int) -> UUID:
        return row_id(self.id, number)

    def number(self, row: UUID) -> int:
        return row.int ^ self.id.int


def row_id(instance: UUID, number: int) -> UUID:
    """The id of the row for a number: the low bits of the instance's id, which are random, take it up."""
    return UUID(int=instance.int ^ number)


# -- reading

_LOCK = (
    "UPDATE process_processinstance SET seq = seq + 1 WHERE root_id = %s AND id = {which}"
    " AND status = 'active' RETURNING id, owner, plan_digest, seq, live"
)
_BY_TASK = "(SELECT instance_id FROM process_task WHERE root_id = %s AND id = %s)"


def lock(root_id: UUID, instance_id: UUID) -> Locked:
    """Hold an active instance. Raises ProcessNotActive."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(which="%s"), [root_id, instance_id])
        found = cursor.fetchone()
    if found is None:
        raise ProcessNotActive()
    return _held(root_id, found)


def lock_by_task(root_id: UUID, task_id: UUID) -> Locked:
    """Hold the active instance of a task. Raises TaskNotOpen (no such task), ProcessNotActive."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(which=_BY_TASK), [root_id, root_id, task_id])
        found = cursor.fetchone()
        if found is None:
            cursor.execute("SELECT 1 FROM process_task WHERE root_id = %s AND id = %s", [root_id, task_id])
            raise ProcessNotActive() if cursor.fetchone() else TaskNotOpen()
    return _held(root_id, found)


_JOINS = (
    "SELECT 'j' AS kind, id, node, expected, arrived, NULL::uuid AS token, NULL::uuid AS holder,"
    " NULL::bytea AS value FROM process_join"
    " WHERE root_id = %(root)s AND instance_id = %(instance)s AND status = 'open'"
)
_VARIABLES = (
    "SELECT 'v', id, name, 0, 0, NULL, NULL, value FROM process_variable"
    " WHERE root_id = %(root)s AND instance_id = %(instance)s"
)
_TASKS = (
    "SELECT 't', id, node, 0, 0, token_id, claimed_by, NULL FROM process_task"
    " WHERE root_id = %(root)s AND instance_id = %(instance)s AND status = 'open'"
)
_TOKENS = (
    "SELECT 'k' || flow, id, node, 0, 0, NULL, NULL, NULL FROM process_token"
    " WHERE root_id = %(root)s AND instance_id = %(instance)s"
)
_DONE = (
    "SELECT DISTINCT 'd', NULL::uuid, node, 0, 0, NULL::uuid, NULL::uuid, NULL::bytea FROM process_task"
    " WHERE root_id = %(root)s AND instance_id = %(instance)s AND status = 'completed'"
)
_FOR_ONE_TASK = f"{_JOINS} UNION ALL {_VARIABLES} UNION ALL {_TASKS} AND id = %(task)s"
_WHOLE = " UNION ALL ".join((_JOINS, _VARIABLES, _TASKS, _TOKENS, _DONE))


def _held(root_id: UUID, found: Sequence[Any]) -> Locked:
    instance, owner, digest, seq, live = found
    return Locked(root_id, instance, owner, digest, seq, live, Status.ACTIVE)


def load(held: Locked, plan: Plan, task_id: UUID, by: Actor) -> State:
    """
    What completing a task can touch: the task and its token, the open joins (no more than blocks lie in
    one another), the variables. One statement; a second only where a terminate end is near.

    Raises TaskNotOpen, and TaskTaken if another person than `by` has claimed it.
    """
    state = _read(held, _FOR_ONE_TASK, task_id, by)
    task = state.tasks[held.number(task_id)]
    if plan.reach[task.node].everything:
        return load_whole(held, task_id, by)
    return replace(state, tokens=Map({task.token: Token(task.node)}))


def load_whole(
    held: Locked, task_id: UUID | None = None, by: Actor | None = None, end: str | None = None
) -> State:
    """
    Everything, for events that may touch everything: withdrawal, return, a terminate end. One statement.

    `end`: the end a finished instance came to. Raises TaskNotOpen, TaskTaken if a task is named.
    """
    return replace(_read(held, _WHOLE, task_id, by), end=end)


def _read(held: Locked, statement: str, task_id: UUID | None, by: Actor | None) -> State:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"root": held.root_id, "instance": held.id, "task": task_id})
        rows = cursor.fetchall()
    if task_id is not None:
        holders = [row[6] for row in rows if row[0] == "t" and row[1] == task_id]
        if not holders:
            raise TaskNotOpen()
        if by is not None and holders[0] not in (None, by.id):
            raise TaskTaken()
    return _state(held, rows)


def _state(held: Locked, rows: Iterable[Sequence[Any]]) -> State:
    tokens: dict[int, Token] = {}
    tasks: dict[int, OpenTask] = {}
    joins: dict[str, Gathering] = {}
    variables: dict[str, Json] = {}
    done: set[str] = set()
    value_of: Any = Variable._meta.get_field("value")
    for kind, row, name, expected, arrived, token, _, value in rows:
        if kind == "j":
            joins[name] = Gathering(held.number(row), expected, arrived)
        elif kind == "v":
            variables[name] = value_of.from_db_value(value, None, connection)
        elif kind == "t":
            tasks[held.number(row)] = OpenTask(name, held.number(token))
        elif kind == "d":
            done.add(name)
        else:
            tokens[held.number(row)] = Token(name, kind[1:])
    return State(
        status=held.status,
        live=held.live,
        tokens=Map(tokens),
        tasks=Map(tasks),
        gatherings=Map(joins),
        variables=Map(variables),
        done=Map(dict.fromkeys(done, True)),
    )


# -- writing


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was taken and is to be written. `due`: the last day of each step that opens."""

    plan: Plan
    before: State
    event: Event
    after: State
    effects: Sequence[Effect]
    by: Actor
    due: Mapping[str, date | None]


def create(held: Locked, at: Instant, after: State) -> None:
    """The row of a new instance; `write` adds the rest."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO process_processinstance"
            ' (root_id, id, owner, plan_digest, status, seq, live, "end", started_at, ended_at)'
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [held.root_id, held.id, held.owner, held.plan_digest, after.status.value, held.seq, after.live,
             after.end or "", at, None if after.status is Status.ACTIVE else at],
        )  # fmt: skip


def write(held: Locked, done: Done) -> None:
    """
    The difference between two states, and the history row.

    Raises ChangedMeanwhile where a task or join is not as it was read: then nothing may be kept, and the
    owner's transaction rolls back.
    """
    with connection.cursor() as cursor:
        _close_tasks(cursor, held, done)
        _write_joins(cursor, held, done)
        _write_tokens(cursor, held, done)
        _open_tasks(cursor, held, done)
        _write_variables(cursor, held, done)
        _write_instance(cursor, held, done)
        _write_history(cursor, held, done)


def _close_tasks(cursor: Any, held: Locked, done: Done) -> None:
    closed = [number for number in done.before.tasks if number not in done.after.tasks]
    if not closed:
        return
    event = done.event
    own = event.task if isinstance(event, Complete | ReturnTo) else None
    how = "completed" if isinstance(event, Complete) else "returned"
    cursor.execute(
        "UPDATE process_task t SET status = v.status, outcome = v.outcome, closed_at = %s, closed_by = %s"
        " FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS v(id, status, outcome)"
        " WHERE t.root_id = %s AND t.id = v.id AND t.status = 'open'",
        [
            event.at,
            done.by.id,
            [held.row(number) for number in closed],
            [how if number == own else "dropped" for number in closed],
            [event.outcome if number == own and isinstance(event, Complete) else "" for number in closed],
            held.root_id,
        ],
    )
    if cursor.rowcount != len(closed):
        raise ChangedMeanwhile()


def _write_joins(cursor: Any, held: Locked, done: Done) -> None:
    before, after = done.before.gatherings, done.after.gatherings
    closed = {effect.number for effect in done.effects if isinstance(effect, JoinClosed)}
    changed: list[tuple[UUID, int, int, str]] = []
    for join, was in before.items():
        now = after.get(join)
        if now == was:
            continue
        if now is not None and now.number == was.number:
            changed.append((held.row(was.number), was.arrived, now.arrived, "open"))
        elif was.number in closed:
            changed.append((held.row(was.number), was.arrived, was.expected, "closed"))
        else:
            changed.append((held.row(was.number), was.arrived, was.arrived, "dropped"))
    if changed:
        cursor.execute(
            "UPDATE process_join j SET arrived = v.arrived, status = v.status"
            " FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::text[]) AS v(id, was, arrived, status)"
            " WHERE j.root_id = %s AND j.id = v.id AND j.status = 'open' AND j.arrived = v.was"
            " RETURNING j.id",
            [*_columns(changed), held.root_id],
        )
        if len(cursor.fetchall()) != len(changed):
            raise ChangedMeanwhile()
    opened = [
        (held.row(now.number), join, now.expected, now.arrived)
        for join, now in after.items()
        if join not in before or before[join].number != now.number
    ]
    if opened:
        cursor.execute(
            "INSERT INTO process_join (root_id, instance_id, id, node, expected, arrived, status)"
            " SELECT %s, %s, v.*, 'open' FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::int[]) AS v",
            [held.root_id, held.id, *_columns(opened)],
        )


def _write_tokens(cursor: Any, held: Locked, done: Done) -> None:
    before, after = done.before.tokens, done.after.tokens
    gone = [held.row(number) for number in before if number not in after]
    passed = sorted({effect.join for effect in done.effects if isinstance(effect, JoinClosed)})
    if gone or passed:
        # Branches parked at a join that closes were not read one by one: they go by their place.
        cursor.execute(
            "DELETE FROM process_token WHERE root_id = %s AND instance_id = %s"
            " AND (id = ANY(%s) OR node = ANY(%s))",
            [held.root_id, held.id, gone, passed],
        )
    moved = [
        (held.row(number), token.node, token.flow)
        for number, token in after.items()
        if before.get(number) != token
    ]
    if moved:
        cursor.execute(
            "INSERT INTO process_token AS k (root_id, instance_id, id, node, flow)"
            " SELECT %s, %s, v.* FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS v"
            " ON CONFLICT (root_id, id) DO UPDATE SET node = excluded.node, flow = excluded.flow",
            [held.root_id, held.id, *_columns(moved)],
        )


def _open_tasks(cursor: Any, held: Locked, done: Done) -> None:
    rows = []
    for effect in done.effects:
        if isinstance(effect, TaskOpened):
            node, token = done.plan.nodes[effect.node], done.after.tasks[effect.task].token
            rows.append(
                (held.row(effect.task), held.row(token), node.id, node.name, node.post, node.people,
                 done.due.get(node.id))
            )  # fmt: skip
    if rows:
        cursor.execute(
            "INSERT INTO process_task (root_id, instance_id, status, outcome, opened_at,"
            " id, token_id, node, name, post, people, due_on)"
            " SELECT %s, %s, 'open', '', %s, v.* FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[],"
            " %s::text[], %s::int[], %s::date[]) AS v",
            [held.root_id, held.id, done.event.at, *_columns(rows)],
        )


def _write_variables(cursor: Any, held: Locked, done: Done) -> None:
    before, after = done.before.variables, done.after.variables
    changed = [(name, value) for name, value in after.items() if name not in before or before[name] != value]
    if not changed:
        return
    cursor.execute(
        "INSERT INTO process_variable (root_id, instance_id, id, name, value)"
        " SELECT %s, %s, v.* FROM unnest(%s::uuid[], %s::text[], %s::bytea[]) AS v"
        " ON CONFLICT (root_id, instance_id, name) DO UPDATE SET value = excluded.value",
        [held.root_id, held.id, [new_id() for _ in changed], [name for name, _ in changed],
         [_sealed(Variable, "value", value) for _, value in changed]],
    )  # fmt: skip


def _write_instance(cursor: Any, held: Locked, done: Done) -> None:
    """Only where more than the number of the event changed, which `lock` wrote."""
    after = done.after
    if held.seq == 1 or (done.before.status, done.before.live) == (after.status, after.live):
        return
    over = after.status is not Status.ACTIVE
    cursor.execute(
        'UPDATE process_processinstance SET live = %s, status = %s, "end" = %s, ended_at = %s'
        " WHERE root_id = %s AND id = %s AND status = 'active' AND seq = %s",
        [after.live, after.status.value, after.end or "", done.event.at if over else None, held.root_id, held.id,
         held.seq],
    )  # fmt: skip
    if cursor.rowcount != 1:
        raise ChangedMeanwhile()


def _write_history(cursor: Any, held: Locked, done: Done) -> None:
    event = done.event
    node = ""
    if isinstance(event, Complete | ReturnTo):
        node = done.before.tasks[event.task].node
    cursor.execute(
        "INSERT INTO process_history (root_id, id, instance_id, seq, plan_digest, kind, node, outcome, at,"
        " by_kind, by_id, by_post, event, effects)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [held.root_id, new_id(), held.id, held.seq, held.plan_digest, kind_of(event), node,
         event.outcome if isinstance(event, Complete) else "", event.at, done.by.kind, done.by.id,
         done.by.post_id, _sealed(History, "event", event_json(event)), Jsonb(effects_json(done.effects))],
    )  # fmt: skip


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _sealed(model: type[Variable] | type[History], name: str, value: Json) -> bytes | None:
    field: Any = model._meta.get_field(name)
    return None if value is None else bytes(field.get_db_prep_value(value, connection).obj)
