"""
`command()`: the one way to change an aggregate.

It owns the transaction, the idempotency key, the audit entry and the events; the body takes its locks in
the order root row → process instance → tasks → clock, and the audit head comes last, here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import is_dataclass
from typing import Any, TypeVar, cast
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import translation

from mingqu.kernel import recording
from mingqu.kernel.errors import KeyReused, NoCommand
from mingqu.kernel.events import ActedForAnother, Event, publish_name
from mingqu.kernel.json import load, plain
from mingqu.kernel.rows import kept_plans
from mingqu.kernel.types import Actor, Instant

R = TypeVar("R")

SYSTEM_VERSION = 8
VERSION_PLACE = 76  # where the version of a UUID begins, in bits from the right


class Command:
    """What the body of a command may say: notes for the audit entry, events, and the result."""

    def __init__(self, name: str, root_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
        self.name, self.root_id, self.by, self.at, self.key = name, root_id, by, at, key
        self.repeated = False
        self.entry = recording.ToRecord(recording.NO_HEAD)
        self.memory: dict[Any, Any] = {}
        self._first: Any = None

    def note(self, **notes: Any) -> None:
        """Readable in the ledger: nothing personal. Goes into the chain as a salted digest."""
        self.entry.notes.update(notes)

    def note_digest(self, **values: Any) -> None:
        """Only a keyed digest is kept: for what is personal but must be provable later (`ledger.proves`)."""
        self.entry.secrets.update(values)

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
        self.entry.events.append(event)

    def insert(self, *rows: Model) -> None:
        """
        New rows which nothing in this command reads again: they are written with its entry, in one statement. What
        the database refuses of them (IntegrityError) is refused there.
        """
        self.entry.rows.extend(rows)

    def change(self, row: Model, **values: Any) -> None:
        """
        The row has these values from now on; the database gets them with the entry, in one statement for all rows. So
        nothing in this command reads the row again or writes it otherwise, and it must be under a lock already taken.
        A row that is still to be inserted has been given to `insert` before.
        """
        for name, value in values.items():
            setattr(row, name, value)
        if not row._state.adding:
            self.entry.changes.setdefault((type(row), row.pk), {}).update(values)
        elif all(one is not row for one in self.entry.rows):
            raise ValueError(f"a new {type(row).__name__} nobody inserts")

    def defer(self, task: str, *, queue: str, **ids: Any) -> None:
        """A job that begins after this command has committed; its arguments are ids and nothing else."""
        self.entry.jobs.append(recording.Job(task, queue, plain(ids)))

    def done(self, result: R) -> R:
        """The result, kept so that a second call with the same key returns it."""
        self.entry.result = plain(result)
        return result

    def first_result(self, kind: type[R]) -> R:
        """What the first call with this key returned (`kind` is its dataclass)."""
        return cast(R, load(kind, self._first)) if is_dataclass(kind) else cast(R, self._first)


_holds: list[Callable[[Actor, Instant], None]] = []


def use_agency_rule(holds: Callable[[Actor, Instant], None]) -> None:
    """
    Identity says whether an authority to act for another still holds; it is asked in the transaction of every command
    given under one, and raises when it does not.
    """
    _holds[:] = [holds]


def _under_authority(cmd: Command) -> None:
    """A deed for another carries both: whose hands it was is the actor, for whom and by what authority are notes."""
    agency = cmd.by.agency
    if cmd.by.deputy_for is not None and not cmd.repeated:  # AB岗: both persons stand in the entry
        cmd.note(deputy_for=str(cmd.by.deputy_for))
    if agency is None or cmd.repeated:
        return
    for holds in _holds:
        holds(cmd.by, cmd.at)
    cmd.note(acting_for=str(agency.for_id), capacity=str(agency.capacity_id))


def _tell_whom_it_was_for(cmd: Command) -> None:
    agency = cmd.by.agency
    if agency is not None and cmd.by.stands_in:
        told = ActedForAnother(cmd.root_id, agency.for_id, agency.agent_id, agency.capacity_id, cmd.name)
        cmd.publish(told)


_current: ContextVar[Command | None] = ContextVar("command", default=None)


def require_command() -> Command:
    """The command at hand; services that serve an aggregate call this first. Raises NoCommand."""
    current = _current.get()
    if current is None:
        raise NoCommand("call this inside the owner's command")
    return current


def remembered() -> dict[Any, Any]:
    """
    What the command at hand has read and nobody else can change before it ends, by a key of whoever read it; outside a
    command nothing is kept.
    """
    current = _current.get()
    return {} if current is None else current.memory


@contextmanager
def command(name: str, root_id: UUID, *, by: Actor, at: Instant, key: UUID) -> Iterator[Command]:
    """
    Run the body as one transaction: all of it happens and is audited, or nothing does.

    `key` was made where the person decided. If this key was already used for this command on this root,
    `cmd.repeated` is true and the body returns `cmd.first_result(...)` at once.
    A part of the system keeps its keys in a space of its own: they follow from the root's id, so a person
    could foresee one, use it up, and the system would never get to do its part.
    A key that is the root's id names what it makes: it makes nothing where something is already, or whoever chose it
    would write into the ledger of somebody else's case.
    Raises KeyReused if the key belongs to another command, or names something that is there; ValueError for an instant
    without offset.
    """
    if _current.get() is not None:
        raise RuntimeError(f"{name} inside another command: call a service of the lower app instead")
    if at.tzinfo is None:
        raise ValueError("an instant needs an offset")
    cmd = Command(name, root_id, by, at, _own_key(key, by))
    # What is kept is kept in the platform's language, whichever the page is written in.
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        _claim_key(cmd)
        if key == root_id and not cmd.repeated and cmd.entry.head != recording.NO_HEAD:
            raise KeyReused()
        token = _current.set(cmd)
        try:
            _under_authority(cmd)
            yield cmd
        finally:
            _current.reset(token)
        if not cmd.repeated:
            _tell_whom_it_was_for(cmd)
            recording.record(cmd)


def _own_key(key: UUID, by: Actor) -> UUID:
    """The key as it is stored: of version 8 (RFC 9562, for one's own use) for the system, never for a person."""
    if by.kind == "system":
        return UUID(int=key.int & ~(0xF << VERSION_PLACE) | SYSTEM_VERSION << VERSION_PLACE)
    if key.int >> VERSION_PLACE & 0xF == SYSTEM_VERSION:
        raise KeyReused()
    return key


def _claim_key(cmd: Command) -> None:
    """
    Insert the key; if another transaction holds it this waits for that one to end.

    The audit head is read on the way, unlocked: nearly always it is still the head when the entry is written.
    """
    with kept_plans() as cursor:
        cursor.execute(
            "WITH claimed AS (INSERT INTO kernel_commandrecord (root_id, key, name, actor_id, at, result)"
            " VALUES (%s, %s, %s, %s, %s, NULL) ON CONFLICT DO NOTHING RETURNING root_id)"
            " SELECT h.seq, h.link FROM claimed LEFT JOIN kernel_audithead h ON h.root_id = claimed.root_id",
            [cmd.root_id, cmd.key, cmd.name, cmd.by.doer_id, cmd.at],
        )
        if (claimed := cursor.fetchone()) is not None:
            cmd.entry.head = recording.head_of(claimed)
            return
        cursor.execute(
            "SELECT name, actor_id, result FROM kernel_commandrecord WHERE root_id = %s AND key = %s",
            [cmd.root_id, cmd.key],
        )
        name, actor_id, result = cursor.fetchone()
    if name != cmd.name or actor_id != cmd.by.doer_id:
        raise KeyReused()
    cmd.repeated = True
    cmd._first = load_json(result)


def load_json(value: Any) -> Any:
    """Django leaves jsonb of raw cursors as text."""
    import json

    return json.loads(value) if isinstance(value, str) else value
