"""
Writing what a step changed: one statement for all kinds of rows and the history row.

Updates of tasks and joins name the state they were read in, and refuse otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor
from mingqu.process.errors import ChangedMeanwhile
from mingqu.process.history import effects_json, event_json, kind_of
from mingqu.process.models import History, Variable
from mingqu.process.plan import Plan
from mingqu.process.state import (
    Complete,
    Effect,
    Event,
    JoinClosed,
    ReturnTo,
    Start,
    State,
    Status,
    TaskOpened,
)
from mingqu.process.store import Locked
from mingqu.process.types import Json


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


class _Writing:
    """
    All that one event changes, as one statement.

    Its parts see the rows as they were before: no two may touch the same row, and none may need what another
    frees (see `_write_joins`). `rows`: how many rows a part must change; one fewer, and nothing is kept.
    """

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self.parts: list[str] = []
        self.given: list[Any] = []
        self.rows: list[int | None] = []

    def add(self, sql: str, given: Sequence[Any], rows: int | None = None) -> None:
        self.parts.append(f"w{len(self.parts)} AS ({sql} RETURNING 1)")
        self.given += given
        self.rows.append(rows)

    def send(self) -> None:
        """Raises ChangedMeanwhile where a row was not as it was read."""
        counts = ", ".join(f"(SELECT count(*) FROM w{n})" for n in range(len(self.parts)))  # noqa: S608  numbers
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {', '.join(self.parts)} SELECT {counts}", self.given)
            changed = cursor.fetchone()
        if any(wanted is not None and wanted != got for wanted, got in zip(self.rows, changed, strict=True)):
            raise ChangedMeanwhile()
        self._begin()


def write(held: Locked, done: Done) -> None:
    """
    The difference between two states, and the history row.

    Raises ChangedMeanwhile where a task or join is not as it was read: then nothing may be kept, and the
    owner's transaction rolls back.
    """
    writing = _Writing()
    if isinstance(done.event, Start):
        _create_instance(writing, held, done)
    else:
        _change_instance(writing, held, done)
    _close_tasks(writing, held, done)
    _write_joins(writing, held, done)
    _write_tokens(writing, held, done)
    _open_tasks(writing, held, done)
    _write_variables(writing, held, done)
    _write_history(writing, held, done)
    writing.send()


def _create_instance(writing: _Writing, held: Locked, done: Done) -> None:
    at, after = done.event.at, done.after
    writing.add(
        "INSERT INTO process_processinstance"
        ' (root_id, id, owner, plan_digest, status, seq, live, "end", started_at, ended_at)'
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [held.root_id, held.id, held.owner, held.plan_digest, after.status.value, held.seq, after.live,
         after.end or "", at, None if after.status is Status.ACTIVE else at],
    )  # fmt: skip


def _change_instance(writing: _Writing, held: Locked, done: Done) -> None:
    """Only where more than the number of the event changed, which `lock` wrote."""
    after = done.after
    if (done.before.status, done.before.live) == (after.status, after.live):
        return
    over = after.status is not Status.ACTIVE
    writing.add(
        'UPDATE process_processinstance SET live = %s, status = %s, "end" = %s, ended_at = %s'
        " WHERE root_id = %s AND id = %s AND status = 'active' AND seq = %s",
        [after.live, after.status.value, after.end or "", done.event.at if over else None, held.root_id, held.id,
         held.seq],
        rows=1,
    )  # fmt: skip


def _close_tasks(writing: _Writing, held: Locked, done: Done) -> None:
    closed = [number for number in done.before.tasks if number not in done.after.tasks]
    if not closed:
        return
    event = done.event
    own = event.task if isinstance(event, Complete | ReturnTo) else None
    how = "completed" if isinstance(event, Complete) else "returned"
    writing.add(
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
        rows=len(closed),
    )


def _write_joins(writing: _Writing, held: Locked, done: Done) -> None:
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
        writing.add(
            "UPDATE process_join j SET arrived = v.arrived, status = v.status"
            " FROM unnest(%s::uuid[], %s::int[], %s::int[], %s::text[]) AS v(id, was, arrived, status)"
            " WHERE j.root_id = %s AND j.id = v.id AND j.status = 'open' AND j.arrived = v.was",
            [*_columns(changed), held.root_id],
            rows=len(changed),
        )
    opened = [
        (held.row(now.number), join, now.expected, now.arrived)
        for join, now in after.items()
        if join not in before or before[join].number != now.number
    ]
    if any(join in before for _, join, _, _ in opened):
        # A join is open once, and PostgreSQL promises no order of the parts: its last opening is closed first.
        writing.send()
    if opened:
        writing.add(
            "INSERT INTO process_join (root_id, instance_id, id, node, expected, arrived, status)"
            " SELECT %s, %s, v.*, 'open' FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::int[]) AS v",
            [held.root_id, held.id, *_columns(opened)],
        )


def _write_tokens(writing: _Writing, held: Locked, done: Done) -> None:
    before, after = done.before.tokens, done.after.tokens
    gone = [held.row(number) for number in before if number not in after]
    passed = sorted({effect.join for effect in done.effects if isinstance(effect, JoinClosed)})
    if gone or passed:
        # Branches parked at a join that closes were not read one by one: they go by their place. None of
        # them goes on, since what leaves a join is a new token.
        writing.add(
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
        writing.add(
            "INSERT INTO process_token AS k (root_id, instance_id, id, node, flow)"
            " SELECT %s, %s, v.* FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS v"
            " ON CONFLICT (root_id, id) DO UPDATE SET node = excluded.node, flow = excluded.flow",
            [held.root_id, held.id, *_columns(moved)],
        )


def _open_tasks(writing: _Writing, held: Locked, done: Done) -> None:
    rows = []
    for effect in done.effects:
        if isinstance(effect, TaskOpened):
            node, token = done.plan.nodes[effect.node], done.after.tasks[effect.task].token
            rows.append(
                (held.row(effect.task), held.row(token), node.id, node.name, node.post, node.people,
                 done.due.get(node.id))
            )  # fmt: skip
    if rows:
        writing.add(
            "INSERT INTO process_task (root_id, instance_id, status, outcome, opened_at,"
            " id, token_id, node, name, post, people, due_on)"
            " SELECT %s, %s, 'open', '', %s, v.* FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[],"
            " %s::text[], %s::int[], %s::date[]) AS v",
            [held.root_id, held.id, done.event.at, *_columns(rows)],
        )


def _write_variables(writing: _Writing, held: Locked, done: Done) -> None:
    before, after = done.before.variables, done.after.variables
    changed = [(name, value) for name, value in after.items() if name not in before or before[name] != value]
    if not changed:
        return
    writing.add(
        "INSERT INTO process_variable (root_id, instance_id, id, name, value)"
        " SELECT %s, %s, v.* FROM unnest(%s::uuid[], %s::text[], %s::bytea[]) AS v"
        " ON CONFLICT (root_id, instance_id, name) DO UPDATE SET value = excluded.value",
        [held.root_id, held.id, [new_id() for _ in changed], [name for name, _ in changed],
         [_sealed(Variable, "value", value) for _, value in changed]],
    )  # fmt: skip


def _write_history(writing: _Writing, held: Locked, done: Done) -> None:
    event = done.event
    node = ""
    if isinstance(event, Complete | ReturnTo):
        node = done.before.tasks[event.task].node
    writing.add(
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
