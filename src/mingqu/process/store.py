"""
The rows of an instance: hold it, and read what one event can touch. `writes` adds what it changed.

Plain SQL by shard key, in a number of statements that does not depend on how many branches there are: `lock`
(one), `load` (one), `writes.write` (one). The first locks the instance's row and numbers the event, so two at
once come one after the other even without the owner's lock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection
from immutables import Map

from mingqu.kernel.types import Actor
from mingqu.process.errors import ProcessNotActive, TaskNotOpen, TaskTaken
from mingqu.process.models import Variable
from mingqu.process.plan import Plan
from mingqu.process.state import (
    Gathering,
    OpenTask,
    State,
    Status,
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
