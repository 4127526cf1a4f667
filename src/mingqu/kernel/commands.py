"""
`command()`: the one way to change an aggregate.

It owns the transaction, the idempotency key, the audit entry and the events; the body takes its locks in
the order root row → process instance → tasks → clock, and the audit head comes last, here.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import is_dataclass
from typing import Any, TypeVar, cast
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from psycopg.types.json import Jsonb

from mingqu.kernel import audit
from mingqu.kernel.context import request_id
from mingqu.kernel.crypto import keyed_salt
from mingqu.kernel.errors import KeyReused, NoCommand
from mingqu.kernel.events import Event, publish_name
from mingqu.kernel.ids import new_id
from mingqu.kernel.json import load, plain
from mingqu.kernel.types import Actor, Instant

R = TypeVar("R")

EVENTS_PER_COMMAND = 1000
SALT_BYTES = 16
SYSTEM_VERSION = 8
VERSION_PLACE = 76  # where the version of a UUID begins, in bits from the right


class Command:
    """What the body of a command may say: notes for the audit entry, events, and the result."""

    def __init__(self, name: str, root_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
        self.name, self.root_id, self.by, self.at, self.key = name, root_id, by, at, key
        self.repeated = False
        self._first: Any = None
        self._result: Any = None
        self._notes: dict[str, Any] = {}
        self._secrets: dict[str, Any] = {}
        self._events: list[Event] = []

    def note(self, **notes: Any) -> None:
        """Readable in the ledger: nothing personal. Goes into the chain as a salted digest."""
        self._notes.update(notes)

    def note_digest(self, **values: Any) -> None:
        """Only a keyed digest is kept: for what is personal but must be provable later (`ledger.proves`)."""
        self._secrets.update(values)

    def turns_out(self, name: str) -> None:
        """
        What was called is found to be another act than its name says (审核, not 承办): the entry is written under this
        name, which `roles.yaml` has. The key stays with what was called.
        """
        self.name = name

    def publish(self, event: Event) -> None:
        """An outbox row of this transaction."""
        if event.root_id != self.root_id:
            raise ValueError(f"{publish_name(type(event))} belongs to another root")
        self._events.append(event)

    def done(self, result: R) -> R:
        """The result, kept so that a second call with the same key returns it."""
        self._result = plain(result)
        return result

    def first_result(self, kind: type[R]) -> R:
        """What the first call with this key returned (`kind` is its dataclass)."""
        return cast(R, load(kind, self._first)) if is_dataclass(kind) else cast(R, self._first)


_current: ContextVar[Command | None] = ContextVar("command", default=None)


def require_command() -> Command:
    """The command at hand; services that serve an aggregate call this first. Raises NoCommand."""
    current = _current.get()
    if current is None:
        raise NoCommand("call this inside the owner's command")
    return current


@contextmanager
def command(name: str, root_id: UUID, *, by: Actor, at: Instant, key: UUID) -> Iterator[Command]:
    """
    Run the body as one transaction: all of it happens and is audited, or nothing does.

    `key` was made where the person decided. If this key was already used for this command on this root,
    `cmd.repeated` is true and the body returns `cmd.first_result(...)` at once.
    A part of the system keeps its keys in a space of its own: they follow from the root's id, so a person
    could foresee one, use it up, and the system would never get to do its part.
    Raises KeyReused if the key belongs to another command, ValueError for an instant without offset.
    """
    if _current.get() is not None:
        raise RuntimeError(f"{name} inside another command: call a service of the lower app instead")
    if at.tzinfo is None:
        raise ValueError("an instant needs an offset")
    cmd = Command(name, root_id, by, at, _own_key(key, by))
    # What is kept is kept in the platform's language, whichever the page is written in.
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        _claim_key(cmd)
        token = _current.set(cmd)
        try:
            yield cmd
        finally:
            _current.reset(token)
        if not cmd.repeated:
            _record(cmd)


def _own_key(key: UUID, by: Actor) -> UUID:
    """The key as it is stored: of version 8 (RFC 9562, for one's own use) for the system, never for a person."""
    if by.kind == "system":
        return UUID(int=key.int & ~(0xF << VERSION_PLACE) | SYSTEM_VERSION << VERSION_PLACE)
    if key.int >> VERSION_PLACE & 0xF == SYSTEM_VERSION:
        raise KeyReused()
    return key


def _claim_key(cmd: Command) -> None:
    """Insert the key; if another transaction holds it this waits for that one to end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_commandrecord (root_id, key, name, actor_id, at, result)"
            " VALUES (%s, %s, %s, %s, %s, NULL) ON CONFLICT DO NOTHING RETURNING true",
            [cmd.root_id, cmd.key, cmd.name, cmd.by.id, cmd.at],
        )
        if cursor.fetchone():
            return
        cursor.execute(
            "SELECT name, actor_id, result FROM kernel_commandrecord WHERE root_id = %s AND key = %s",
            [cmd.root_id, cmd.key],
        )
        name, actor_id, result = cursor.fetchone()
    if name != cmd.name or actor_id != cmd.by.id:
        raise KeyReused()
    cmd.repeated = True
    cmd._first = load_json(result)


def load_json(value: Any) -> Any:
    """Django leaves jsonb of raw cursors as text."""
    import json

    return json.loads(value) if isinstance(value, str) else value


_LOCK_HEAD = (
    "INSERT INTO kernel_audithead AS h (root_id, seq, link) VALUES (%(root)s, 1, %(genesis)s)"
    " ON CONFLICT (root_id) DO UPDATE SET seq = h.seq + 1 RETURNING seq, link"
)
_KEEP_RESULT = (
    "UPDATE kernel_commandrecord SET result = %(result)s WHERE root_id = %(root)s AND key = %(key)s"
)
_ENTRY = (
    "entry AS (INSERT INTO kernel_auditentry (root_id, seq, at, action, actor_kind, actor_id, post_id,"
    " request_id, notes, salt, digests, previous, link)"
    " VALUES (%(root)s, %(seq)s, %(at)s, %(action)s, %(kind)s, %(actor)s, %(post)s, %(request)s, %(notes)s,"
    " %(salt)s, %(digests)s, %(previous)s, %(link)s)),"
    " queue AS (INSERT INTO kernel_unsealedentry (root_id, seq, link) VALUES (%(root)s, %(seq)s, %(link)s))"
)
_EVENTS = (
    'events AS (INSERT INTO kernel_outboxevent (root_id, event_id, at, "order", name, payload, try_at)'
    " SELECT %(root)s, id, %(at)s, place, name, payload, %(at)s FROM"
    " unnest(%(ids)s::uuid[], %(places)s::bigint[], %(names)s::text[], %(payloads)s::jsonb[])"
    " AS event(id, place, name, payload))"
)
_MOVE_HEAD = "UPDATE kernel_audithead SET link = %(link)s WHERE root_id = %(root)s"
_TELL_RELAY = " RETURNING pg_notify('mingqu_outbox', '')"


def _record(cmd: Command) -> None:
    """Result, audit entry, outbox: in two statements, the audit head being the last lock."""
    cursor: Any
    with connection.cursor() as cursor:
        seq, previous = _lock_head(cursor, cmd)
        given = _entry(cmd, seq, previous)
        if cmd._events:
            statement = f"WITH {_ENTRY}, {_EVENTS} {_MOVE_HEAD}{_TELL_RELAY}"
            given |= _events(cmd, seq)
        else:
            statement = f"WITH {_ENTRY} {_MOVE_HEAD}"
        cursor.execute(statement, given)


def _lock_head(cursor: Any, cmd: Command) -> tuple[int, bytes]:
    """Number the entry; its predecessor's link. The result, a row this transaction made, goes along."""
    given = {"root": cmd.root_id, "genesis": audit.GENESIS}
    if cmd._result is None:
        cursor.execute(_LOCK_HEAD, given)
    else:
        given |= {"key": cmd.key, "result": Jsonb(cmd._result)}
        cursor.execute(f"WITH result AS ({_KEEP_RESULT}) {_LOCK_HEAD}", given)
    seq, link = cursor.fetchone()
    return seq, bytes(link)


def _entry(cmd: Command, seq: int, previous: bytes) -> dict[str, Any]:
    salt = os.urandom(SALT_BYTES)
    notes, hidden = plain(cmd._notes), keyed_salt(salt)
    digests = {name: audit.note_digest(salt, name, value) for name, value in notes.items()} | {
        name: audit.note_digest(hidden, name, value) for name, value in plain(cmd._secrets).items()
    }
    return {
        "root": cmd.root_id,
        "seq": seq,
        "at": cmd.at,
        "action": cmd.name,
        "kind": cmd.by.kind,
        "actor": cmd.by.id,
        "post": cmd.by.post_id,
        "request": request_id.get(),
        "notes": Jsonb(notes),
        "salt": salt,
        "digests": Jsonb(digests),
        "previous": previous,
        "link": audit.entry_hash(audit_body(cmd, seq, digests), previous),
    }


def _events(cmd: Command, seq: int) -> dict[str, Any]:
    return {
        "ids": [new_id() for _ in cmd._events],
        "places": [seq * EVENTS_PER_COMMAND + place for place, _ in enumerate(cmd._events)],
        "names": [publish_name(type(event)) for event in cmd._events],
        "payloads": [Jsonb(plain(event)) for event in cmd._events],
    }


def audit_body(cmd: Command, seq: int, digests: dict[str, str]) -> dict[str, Any]:
    """The fields of an entry that its link covers, in the form a receipt shows."""
    from mingqu.kernel.receipts import entry_body

    return entry_body(
        root_id=cmd.root_id,
        seq=seq,
        at=cmd.at,
        action=cmd.name,
        actor_kind=cmd.by.kind,
        actor_id=cmd.by.id,
        post_id=cmd.by.post_id,
        request_id=request_id.get(),
        digests=digests,
    )
