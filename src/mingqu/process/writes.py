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
from mingqu.kernel.rows import kept_plans
from mingqu.kernel.types import Actor
from mingqu.process import write_frames, write_replan
from mingqu.process.errors import ChangedMeanwhile
from mingqu.process.history import effects_json, event_json, kind_of
from mingqu.process.keys import of_frame
from mingqu.process.models import History, Variable
from mingqu.process.plan import Plan
from mingqu.process.replan import Replan
from mingqu.process.state import (
    Complete,
    Effect,
    Event,
    Fail,
    JoinClosed,
    PutOff,
    ReturnTo,
    Start,
    State,
    Status,
    TakeBack,
    TaskOpened,
    Terminate,
    Trigger,
    Work,
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


class Writing:
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
        with kept_plans() as cursor:
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
    writing = Writing()
    if isinstance(done.event, Start):
        _create_instance(writing, held, done)
    else:
        _change_instance(writing, held, done)
    if isinstance(done.event, Replan):
        write_replan.write(writing, held, done, done.event)
        _write_tokens(writing, held, done)
        _write_variables(writing, held, done)
        _write_history(writing, held, done)
        writing.send()
        return
    _close_tasks(writing, held, done)
    _change_tasks(writing, held, done)
    _write_signings(writing, held, done)
    _write_joins(writing, held, done)
    _write_tokens(writing, held, done)
    if not done.plan.plain:
        write_frames.write(writing, held, done)
    _open_tasks(writing, held, done)
    _write_variables(writing, held, done)
    _write_history(writing, held, done)
    writing.send()


def _create_instance(writing: Writing, held: Locked, done: Done) -> None:
    at, after = done.event.at, done.after
    writing.add(
        "INSERT INTO process_processinstance"
        ' (root_id, id, owner, plan_digest, status, seq, live, "end", started_at, ended_at)'
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [held.root_id, held.id, held.owner, held.plan_digest, after.status.value, held.seq, after.live,
         after.end or "", at, None if after.status is Status.ACTIVE else at],
    )  # fmt: skip


def _change_instance(writing: Writing, held: Locked, done: Done) -> None:
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


def _close_tasks(writing: Writing, held: Locked, done: Done) -> None:
    closed = [number for number in done.before.tasks if number not in done.after.tasks]
    if not closed:
        return
    event = done.event
    own = event.task if isinstance(event, Complete | ReturnTo) else None
    how = "returned"
    if isinstance(event, Complete):
        # A token whose signing goes on stays where it is: the signature is given, the step is not done.
        token = done.before.tasks[event.task].token
        was, now = done.before.signings.get(token), done.after.signings.get(token)
        how = "signed" if was and now and was.number == now.number else "completed"
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


def _change_tasks(writing: Writing, held: Locked, done: Done) -> None:
    """Tasks that go to another post or stand still; a claim does not go with them."""
    before, after = done.before.tasks, done.after.tasks
    changed = [
        (held.row(number), task.post, task.lent, task.held, task.post != before[number].post)
        for number, task in after.items()
        if number in before and before[number] != task
    ]
    if changed:
        writing.add(
            "UPDATE process_task t SET post = v.post, lent = v.lent, held = v.held,"
            " claimed_by = CASE WHEN v.freed THEN NULL ELSE t.claimed_by END,"
            " claimed_at = CASE WHEN v.freed THEN NULL ELSE t.claimed_at END"
            " FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bool[], %s::bool[])"
            " AS v(id, post, lent, held, freed)"
            " WHERE t.root_id = %s AND t.id = v.id AND t.status = 'open'",
            [*_columns(changed), held.root_id],
            rows=len(changed),
        )


def _write_signings(writing: Writing, held: Locked, done: Done) -> None:
    before, after = done.before.signings, done.after.signings
    numbers = {signing.number for signing in after.values()}
    gone = [held.row(was.number) for was in before.values() if was.number not in numbers]
    if gone:
        # Who signed last is kept with the rest, for whoever takes that back.
        last = _last_signature(done)
        writing.add(
            "UPDATE process_signing SET status = 'closed', signed = signed || %s::text[],"
            " outcomes = outcomes || %s::text[] WHERE root_id = %s AND id = ANY(%s) AND status = 'open'",
            [*last, held.root_id, gone],
            rows=len(gone),
        )
    for token, signing in after.items():
        was = before.get(token)
        if was == signing:
            continue
        lists: list[Any] = [list(signing.waiting), [p for p, _ in signing.signed], [o for _, o in signing.signed],
                            list(signing.added)]  # fmt: skip
        if was is not None and was.number == signing.number:
            writing.add(
                "UPDATE process_signing SET waiting = %s, signed = %s, outcomes = %s, added = %s"
                " WHERE root_id = %s AND id = %s AND status = 'open'",
                [*lists, held.root_id, held.row(signing.number)],
                rows=1,
            )
            continue
        writing.add(
            "INSERT INTO process_signing (root_id, instance_id, id, token_id, node, mode, votes, waiting, signed,"
            " outcomes, added, status) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'open')",
            [held.root_id, held.id, held.row(signing.number), held.row(token), signing.node, signing.mode,
             signing.votes, *lists],
        )  # fmt: skip


def _last_signature(done: Done) -> tuple[list[str], list[str]]:
    event = done.event
    if isinstance(event, Complete) and done.before.tasks[event.task].token in done.before.signings:
        return [done.before.tasks[event.task].post], [event.outcome]
    return [], []


def _write_joins(writing: Writing, held: Locked, done: Done) -> None:
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
        (held.row(now.number), of_frame(join)[1], now.expected, now.arrived, held.perhaps(of_frame(join)[0]))
        for join, now in after.items()
        if join not in before or before[join].number != now.number
    ]
    if any(join in before and before[join].number != now.number for join, now in after.items()):
        # A join is open once, and PostgreSQL promises no order of the parts: its last opening is closed first.
        writing.send()
    if opened:
        writing.add(
            "INSERT INTO process_join (root_id, instance_id, id, node, expected, arrived, frame_id, status)"
            " SELECT %s, %s, v.*, 'open' FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::int[], %s::uuid[]) AS v",
            [held.root_id, held.id, *_columns(opened)],
        )


def _write_tokens(writing: Writing, held: Locked, done: Done) -> None:
    before, after = done.before.tokens, done.after.tokens
    gone = [held.row(number) for number in before if number not in after]
    closed = [effect for effect in done.effects if isinstance(effect, JoinClosed)]
    passed = sorted({effect.join for effect in closed if not effect.frame})
    inner = [effect for effect in closed if effect.frame]
    if gone or closed:
        # Branches parked at a join that closes were not read one by one: they go by their place. None of
        # them goes on, since what leaves a join is a new token.
        writing.add(
            "DELETE FROM process_token WHERE root_id = %s AND instance_id = %s"  # noqa: S608  constants only
            f" AND (id = ANY(%s) OR (node = ANY(%s){'' if done.plan.plain else ' AND frame_id IS NULL'})"
            " OR (frame_id, node) IN (SELECT * FROM unnest(%s::uuid[], %s::text[])))",
            [held.root_id, held.id, gone, passed, [held.row(effect.frame) for effect in inner],
             [effect.join for effect in inner]],
        )  # fmt: skip
    moved = [
        (held.row(number), token.node, token.flow, held.perhaps(token.frame))
        for number, token in after.items()
        if before.get(number) != token
    ]
    if moved:
        writing.add(
            "INSERT INTO process_token AS k (root_id, instance_id, id, node, flow, frame_id)"
            " SELECT %s, %s, v.* FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[]) AS v"
            " ON CONFLICT (root_id, id) DO UPDATE SET node = excluded.node, flow = excluded.flow",
            [held.root_id, held.id, *_columns(moved)],
        )


def _open_tasks(writing: Writing, held: Locked, done: Done) -> None:
    rows = []
    for effect in done.effects:
        if isinstance(effect, TaskOpened):
            node, token = done.plan.nodes[effect.node], done.after.tasks[effect.task].token
            rows.append(
                (held.row(effect.task), held.row(token), node.id, node.name, effect.post, node.people,
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


def _write_variables(writing: Writing, held: Locked, done: Done) -> None:
    before, after = done.before.variables, done.after.variables
    changed: dict[bool, list[tuple[UUID, str, bytes | None, UUID | None]]] = {}
    for key, value in after.items():
        if key not in before or before[key] != value:
            frame, name = of_frame(key)
            row = (new_id(), name, _sealed(Variable, "value", value), held.perhaps(frame))
            changed.setdefault(bool(frame), []).append(row)
    for inside, rows in changed.items():
        once = (
            "frame_id, name) WHERE frame_id IS NOT NULL"
            if inside
            else "instance_id, name) WHERE frame_id IS NULL"
        )
        writing.add(
            "INSERT INTO process_variable (root_id, instance_id, id, name, value, frame_id)"  # noqa: S608  constants only
            " SELECT %s, %s, v.* FROM unnest(%s::uuid[], %s::text[], %s::bytea[], %s::uuid[]) AS v"
            f" ON CONFLICT (root_id, {once} DO UPDATE SET value = excluded.value",
            [held.root_id, held.id, *_columns(rows)],
        )


def _write_history(writing: Writing, held: Locked, done: Done) -> None:
    event = done.event
    node = ""
    if isinstance(event, TakeBack):
        node = event.node
    elif isinstance(event, Trigger | PutOff):
        node = done.before.waits[event.wait].node
    elif isinstance(event, Work | Fail):
        node = done.before.tokens[event.token].node
    elif not isinstance(event, Start | Terminate | Replan):
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
