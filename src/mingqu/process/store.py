"""
The rows of an instance: hold it, and read what one event can touch. `writes` adds what it changed.

Plain SQL by shard key, in a number of statements that does not depend on how many branches there are: `lock`
(one), `load` (one), `writes.write` (one). The first locks the instance's row and numbers the event, so two at
once come one after the other even without the owner's lock.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from immutables import Map

from mingqu.kernel.rows import kept_plans
from mingqu.kernel.types import Actor
from mingqu.process.errors import ProcessNotActive, TaskNotOpen, TaskTaken
from mingqu.process.keys import at_join, local
from mingqu.process.models import Variable
from mingqu.process.plan import Plan
from mingqu.process.state import (
    Frame,
    Gathering,
    OpenTask,
    Signing,
    State,
    Status,
    Token,
    Wait,
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

    def place(self, row: UUID | None) -> int:
        """The number of a frame or token; 0 where there is none."""
        return 0 if row is None else self.number(row)

    def perhaps(self, number: int) -> UUID | None:
        return self.row(number) if number else None

    def number(self, row: UUID) -> int:
        return row_number(self.id, row)


def row_id(instance: UUID, number: int) -> UUID:
    """The id of the row for a number: the low bits of the instance's id, which are random, take it up."""
    return UUID(int=instance.int ^ number)


SEPARATOR = "\x1f"

# -- reading


def row_number(instance: UUID, row: UUID) -> int:
    return row.int ^ instance.int


def require_not_taken(root_id: UUID, task_id: UUID, by: Actor) -> None:
    """Raises TaskTaken if another has claimed it than `by`, or whose place `by` takes (AB岗)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM process_task WHERE root_id = %s AND id = %s AND claimed_by <> ALL(%s)",
            [root_id, task_id, [one for one in (by.id, by.deputy_for) if one]],
        )
        if cursor.fetchone():
            raise TaskTaken()


_LOCK = (
    "UPDATE process_processinstance SET seq = seq + 1 WHERE root_id = %s AND id = {which}"
    " AND status = 'active' RETURNING id, owner, plan_digest, seq, live"
)
_BY_TASK = "(SELECT instance_id FROM process_task WHERE root_id = %s AND id = %s)"


def lock(root_id: UUID, instance_id: UUID) -> Locked:
    """Hold an active instance. Raises ProcessNotActive."""
    with kept_plans() as cursor:
        cursor.execute(_LOCK.format(which="%s"), [root_id, instance_id])
        found = cursor.fetchone()
    if found is None:
        raise ProcessNotActive()
    return _held(root_id, found)


def lock_by_task(root_id: UUID, task_id: UUID) -> Locked:
    """Hold the active instance of a task. Raises TaskNotOpen (no such task), ProcessNotActive."""
    with kept_plans() as cursor:
        cursor.execute(_LOCK.format(which=_BY_TASK), [root_id, root_id, task_id])
        found = cursor.fetchone()
        if found is None:
            cursor.execute("SELECT 1 FROM process_task WHERE root_id = %s AND id = %s", [root_id, task_id])
            raise ProcessNotActive() if cursor.fetchone() else TaskNotOpen()
    return _held(root_id, found)


_JOINS = (
    "SELECT 'j' AS kind, id, node, expected, arrived, NULL::uuid AS token, frame_id AS holder,"
    " NULL::bytea AS value FROM process_join"
    " WHERE root_id = %(root)s AND instance_id = %(instance)s AND status = 'open'"
)
_VARIABLES = (
    "SELECT 'v', id, name, 0, 0, NULL, frame_id, value FROM process_variable"
    " WHERE root_id = %(root)s AND instance_id = %(instance)s"
)
_TASKS = (
    "SELECT concat('t', chr(31), post, chr(31), lent, chr(31), held), id, node, 0, 0, token_id, claimed_by, NULL"
    " FROM process_task WHERE root_id = %(root)s AND instance_id = %(instance)s AND status = 'open'"
)
_OPEN_SIGNINGS = "process_signing WHERE root_id = %(root)s AND instance_id = %(instance)s AND status = 'open'"
_SIGNINGS = (
    "SELECT 's', id, node, votes, 0, token_id, NULL, convert_to(jsonb_build_array(mode, to_jsonb(waiting),"  # noqa: S608  constants only
    f" to_jsonb(signed), to_jsonb(outcomes), to_jsonb(added))::text, 'UTF8') FROM {_OPEN_SIGNINGS}"
)
_TOKENS = (
    "SELECT 'k' || flow, id, node, 0, 0, NULL, frame_id, NULL FROM process_token"
    " WHERE root_id = %(root)s AND instance_id = %(instance)s"
)
_DONE = (
    "SELECT DISTINCT 'd', NULL::uuid, node, 0, 0, NULL::uuid, NULL::uuid, NULL::bytea FROM process_task"
    " WHERE root_id = %(root)s AND instance_id = %(instance)s AND status = 'completed'"
)
_FRAMES = (
    "SELECT 'f' || done, id, node, live, total, token_id, parent_id, NULL FROM process_frame"
    " WHERE root_id = %(root)s AND instance_id = %(instance)s"
)
_WAITS = (
    "SELECT 'w' || coalesce(to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), ''), id, node,"
    ' "left", 0, token_id, frame_id, NULL FROM process_wait WHERE root_id = %(root)s AND instance_id = %(instance)s'
)
_SIGNED_WITH = f"{_TASKS} AND (id = %(task)s OR token_id IN (SELECT token_id FROM {_OPEN_SIGNINGS}))"  # noqa: S608  constants only
_FOR_ONE_TASK = " UNION ALL ".join((_JOINS, _VARIABLES, _SIGNED_WITH, _SIGNINGS))
_WHOLE = " UNION ALL ".join((_JOINS, _VARIABLES, _TASKS, _TOKENS, _DONE, _SIGNINGS, _FRAMES, _WAITS))

_IN_CHAIN = "(frame_id IS NULL OR frame_id IN (SELECT id FROM around))"
_HERE = "(SELECT id FROM here)"
_WATCHED = f"(token_id IS NULL AND {_IN_CHAIN})"
_NEAR = (
    "WITH RECURSIVE here AS ({here}), around AS ("  # noqa: S608  constants only
    "SELECT f.id, f.parent_id, f.token_id FROM process_frame f JOIN here ON f.id = here.frame_id"
    " WHERE f.root_id = %(root)s UNION ALL SELECT f.id, f.parent_id, f.token_id FROM process_frame f"
    " JOIN around a ON f.id = a.parent_id WHERE f.root_id = %(root)s)"
    + " UNION ALL ".join(
        (
            f"{_JOINS} AND {_IN_CHAIN}",
            f"{_VARIABLES} AND {_IN_CHAIN}",
            f"{_TASKS} AND token_id = {_HERE}",
            f"{_SIGNINGS} AND token_id = {_HERE}",
            f"{_TOKENS} AND (id = {_HERE} OR id IN (SELECT token_id FROM around))",  # noqa: S608  constants only
            f"{_FRAMES} AND id IN (SELECT id FROM around)",  # noqa: S608  constants only
            f"{_WAITS} AND (token_id = {_HERE} OR token_id IN (SELECT token_id FROM around) OR {_WATCHED})",  # noqa: S608
        )
    )
)
_OF_TASK = (
    "SELECT k.id, k.frame_id FROM process_token k JOIN process_task t ON t.root_id = k.root_id"
    " AND t.token_id = k.id WHERE t.root_id = %(root)s AND t.id = %(task)s AND t.status = 'open'"
)
_BY_NUMBER = "SELECT id, frame_id FROM process_token WHERE root_id = %(root)s AND id = %(token)s"
_NEAR_TASK = _NEAR.replace("{here}", _OF_TASK)
_NEAR_TOKEN = _NEAR.replace("{here}", _BY_NUMBER)


def _held(root_id: UUID, found: Sequence[Any]) -> Locked:
    instance, owner, digest, seq, live = found
    return Locked(root_id, instance, owner, digest, seq, live, Status.ACTIVE)


def load(held: Locked, plan: Plan, task_id: UUID, by: Actor | None) -> State:
    """
    What completing a task can touch: the task and its token, who signs it too, the open joins (no more than blocks
    lie in one another), the variables. One statement; a second only where a terminate end is near.

    Raises TaskNotOpen, and TaskTaken if another person than `by` has claimed it.
    """
    state = _read(held, _FOR_ONE_TASK if plan.plain else _NEAR_TASK, task_id, by)
    task = state.tasks[held.number(task_id)]
    if plan.reach[task.node].everything:
        return load_whole(held, task_id, by)
    if not plan.plain:
        return state
    return replace(state, tokens=Map({task.token: Token(task.node)}))


def load_token(held: Locked, plan: Plan, token: int) -> State:
    """
    What going on from where a token waits can touch: it, the frames around it, their joins, waits and variables. A
    state without the token if it is there no more.
    """
    given = {"root": held.root_id, "instance": held.id, "token": held.row(token)}
    with connection.cursor() as cursor:
        cursor.execute(_NEAR_TOKEN, given)
        state = _state(held, cursor.fetchall())
    here = state.tokens.get(token)
    if here is not None and here.node in plan.reach and plan.reach[here.node].everything:
        return load_whole(held)
    return state


def token_there(held: Locked, token: int) -> bool:
    """Whether a token still waits: what came before may have broken it off."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM process_token WHERE root_id = %s AND id = %s", [held.root_id, held.row(token)]
        )
        return cursor.fetchone() is not None


def load_whole(
    held: Locked, task_id: UUID | None = None, by: Actor | None = None, end: str | None = None
) -> State:
    """
    Everything, for events that may touch everything: withdrawal, return, a terminate end. One statement.

    `end`: the end a finished instance came to. Raises TaskNotOpen, TaskTaken if a task is named.
    """
    return replace(_read(held, _WHOLE, task_id, by), end=end)


def _read(held: Locked, statement: str, task_id: UUID | None, by: Actor | None) -> State:
    with kept_plans() as cursor:
        cursor.execute(statement, {"root": held.root_id, "instance": held.id, "task": task_id})
        rows = cursor.fetchall()
    if task_id is not None:
        holders = [row[6] for row in rows if row[0][0] == "t" and row[1] == task_id]
        if not holders:
            raise TaskNotOpen()
        if by is not None and holders[0] not in (None, by.id, by.deputy_for):
            raise TaskTaken()
    return _state(held, rows)


def _state(held: Locked, rows: Iterable[Sequence[Any]]) -> State:
    tokens: dict[int, Token] = {}
    tasks: dict[int, OpenTask] = {}
    joins: dict[str, Gathering] = {}
    variables: dict[str, Json] = {}
    done: set[str] = set()
    signings: dict[int, Signing] = {}
    value_of: Any = Variable._meta.get_field("value")
    frames: dict[int, Frame] = {}
    waits: dict[int, Wait] = {}
    for kind, row, name, expected, arrived, token, holder, value in rows:
        if kind == "j":
            joins[at_join(name, held.place(holder))] = Gathering(held.number(row), expected, arrived)
        elif kind == "v":
            variables[local(name, held.place(holder))] = value_of.from_db_value(value, None, connection)
        elif kind == "s":
            mode, waiting, signed, outcomes, added = json.loads(bytes(value))
            pairs = tuple(zip(signed, outcomes, strict=True))
            signings[held.number(token)] = Signing(
                held.number(row), name, mode, expected, tuple(waiting), pairs, tuple(added)
            )
        elif kind[0] == "t":
            _t, post, lent, still = kind.split(SEPARATOR)
            tasks[held.number(row)] = OpenTask(name, held.number(token), post, lent, still == "t")
        elif kind == "d":
            done.add(name)
        elif kind[0] == "f":
            frames[held.number(row)] = Frame(
                name, held.place(holder), held.number(token), expected, arrived, int(kind[1:])
            )
        elif kind[0] == "w":
            due = datetime.fromisoformat(kind[1:]).replace(tzinfo=UTC) if kind[1:] else None
            waits[held.number(row)] = Wait(name, held.place(token), held.place(holder), due, expected)
        else:
            tokens[held.number(row)] = Token(name, kind[1:], held.place(holder))
    return State(
        status=held.status,
        live=held.live,
        tokens=Map(tokens),
        tasks=Map(tasks),
        gatherings=Map(joins),
        variables=Map(variables),
        done=Map(dict.fromkeys(done, True)),
        signings=Map(signings),
        frames=Map(frames),
        waits=Map(waits),
    )
