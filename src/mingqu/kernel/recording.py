"""
How a command is written down: its entry at the head of the root's audit chain, its result, its events, the rows it
adds and the jobs it asks for, all in one statement.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from psycopg.types.json import Jsonb

from mingqu.kernel import audit
from mingqu.kernel.context import request_id
from mingqu.kernel.crypto import keyed_salt
from mingqu.kernel.events import Event, publish_name
from mingqu.kernel.ids import new_id
from mingqu.kernel.json import plain
from mingqu.kernel.rows import change_of, insertion, kept_plans
from mingqu.kernel.types import Instant

if TYPE_CHECKING:
    from mingqu.kernel.commands import Command

EVENTS_PER_COMMAND = 1000
SALT_BYTES = 16

Head = tuple[int, bytes]
NO_HEAD: Head = (0, audit.GENESIS)  # of a root without entries
Part = tuple[str, list[Any]]  # of a statement, with its parameters


@dataclass(frozen=True)
class Job:
    """Work for procrastinate: arguments are ids only."""

    task: str
    queue: str
    args: dict[str, Any]


@dataclass
class ToRecord:
    """What a command has gathered. `head`: the last entry of its root, read when the command began."""

    head: Head
    result: Any = None
    notes: dict[str, Any] = field(default_factory=dict)
    secrets: dict[str, Any] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    rows: list[Model] = field(default_factory=list)
    changes: dict[tuple[type[Model], Any], dict[str, Any]] = field(
        default_factory=dict
    )  # by row: its new values
    jobs: list[Job] = field(default_factory=list)


def head_of(row: Any) -> Head:
    """From the columns seq and link; NULLs where the root has no entry."""
    seq, link = row
    return NO_HEAD if seq is None else (seq, bytes(link))


_MOVE_HEAD = (
    "head AS (INSERT INTO kernel_audithead AS h (root_id, seq, link) VALUES (%s, %s, %s)"
    " ON CONFLICT (root_id) DO UPDATE SET seq = excluded.seq, link = excluded.link"
    " WHERE h.link = %s RETURNING root_id)"
)
_ENTRY = (
    "entry AS (INSERT INTO kernel_auditentry (root_id, seq, at, action, actor_kind, actor_id, post_id,"
    " request_id, notes, salt, digests, previous, link)"
    " SELECT root_id, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s FROM head)"
)
_UNSEALED = (
    "queue AS (INSERT INTO kernel_unsealedentry (root_id, seq, link) SELECT root_id, %s, %s FROM head)"
)
_KEEP_RESULT = "result AS (UPDATE kernel_commandrecord SET result = %s WHERE root_id = %s AND key = %s)"
_EVENTS = (
    'events AS (INSERT INTO kernel_outboxevent (root_id, event_id, at, "order", name, payload, try_at)'
    " SELECT root_id, id, %s, place, name, payload, %s FROM head,"
    " jsonb_to_recordset(%s) AS event(id uuid, place bigint, name text, payload jsonb))"
)
# What is caught up with (a history brought in, events that waited for a relay) makes way for what people wait for now.
_DEFER = (
    "procrastinate_defer_jobs_v1(ARRAY(SELECT ROW(queue, task,"
    " CASE WHEN %s < now() - interval '1 day' THEN -1 ELSE 0 END, NULL, NULL, args, NULL)"
    "::procrastinate_job_to_defer_v1 FROM jsonb_to_recordset(%s) AS job(queue text, task text, args jsonb)))"
)
_LOCKED_HEAD = "SELECT seq, link FROM kernel_audithead WHERE root_id = %s FOR UPDATE"


def record(cmd: "Command") -> None:
    """
    The audit head is the last lock. Where another command of this root wrote its entry since the head was read, the
    entry can't follow it: then the head is locked, read again, and the entry written after the other one.
    """
    entry = cmd.entry
    with kept_plans() as cursor:
        added = [*_inserts(entry.rows), *_updates(entry.changes)]
        while not _append(cursor, cmd, added):
            cursor.execute(_LOCKED_HEAD, [cmd.root_id])
            entry.head, added = head_of(cursor.fetchone()), []  # the rows are in already


def _append(cursor: Any, cmd: "Command", added: list[Part]) -> bool:
    """Whether the entry follows the head as it was read; otherwise only `added` was written."""
    entry, (last, previous) = cmd.entry, cmd.entry.head
    seq = last + 1
    body, link = _entry(cmd, seq, previous)
    parts = [
        (_MOVE_HEAD, [cmd.root_id, seq, link, previous]),
        (_ENTRY, body),
        (_UNSEALED, [seq, link]),
        *added,
    ]
    if entry.result is not None:
        parts.append((_KEEP_RESULT, [Jsonb(entry.result), cmd.root_id, cmd.key]))
    if entry.events:
        parts.append((_EVENTS, _events(cmd, seq)))
    then, given = _told(entry, cmd.at)
    statement = f"WITH {', '.join(text for text, _ in parts)} SELECT root_id{then} FROM head"  # noqa: S608  constants
    cursor.execute(statement, [*chain.from_iterable(values for _, values in parts), *given])
    return cursor.fetchone() is not None


def _inserts(rows: list[Model]) -> list[Part]:
    """One INSERT for the rows of each table, as `bulk_create` would send it."""
    tables: dict[type[Model], list[Model]] = {}
    for row in rows:
        tables.setdefault(type(row), []).append(row)
    return [
        (f"added{place} AS ({text})", list(given))
        for place, (model, same) in enumerate(tables.items())
        for text, given in insertion(model, same)
    ]


def _updates(changes: Mapping[tuple[type[Model], Any], Mapping[str, Any]]) -> Iterator[Part]:
    """One UPDATE for each changed row."""
    for place, ((model, pk), values) in enumerate(changes.items()):
        text, given = change_of(model, pk, values)
        yield f"changed{place} AS ({text})", given


def _told(entry: ToRecord, at: Instant) -> Part:
    """Who must know once it is committed: relay and workers."""
    text, given = "", []
    if entry.events:
        text += ", pg_notify('mingqu_outbox', '')"
    if jobs := entry.jobs:
        text += f", {_DEFER}"
        given = [at, Jsonb([{"queue": one.queue, "task": one.task, "args": one.args} for one in jobs])]
    return text, given


def _entry(cmd: "Command", seq: int, previous: bytes) -> tuple[list[Any], bytes]:
    """The columns of the entry after its root, and its link."""
    from mingqu.kernel.receipts import entry_body

    salt, by, request = os.urandom(SALT_BYTES), cmd.by, request_id.get()
    notes, hidden = plain(cmd.entry.notes), keyed_salt(salt)
    digests = {name: audit.note_digest(salt, name, value) for name, value in notes.items()} | {
        name: audit.note_digest(hidden, name, value) for name, value in plain(cmd.entry.secrets).items()
    }
    body = entry_body(
        root_id=cmd.root_id,
        seq=seq,
        at=cmd.at,
        action=cmd.name,
        actor_kind=by.kind,
        actor_id=by.doer_id,
        post_id=by.post_id,
        request_id=request,
        digests=digests,
    )
    link = audit.entry_hash(body, previous)
    told = [Jsonb(notes), salt, Jsonb(digests), previous, link]
    return [seq, cmd.at, cmd.name, by.kind, by.doer_id, by.post_id, request, *told], link


def _events(cmd: "Command", seq: int) -> list[Any]:
    told = [
        {
            "id": str(new_id()),
            "place": seq * EVENTS_PER_COMMAND + place,
            "name": publish_name(type(event)),
            "payload": plain(event),
        }
        for place, event in enumerate(cmd.entry.events)
    ]
    return [cmd.at, cmd.at, Jsonb(told)]
