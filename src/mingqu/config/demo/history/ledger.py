"""
The audit ledger of what is written by COPY: the entries of a case that commands handled, said again of another case,
each chained to the one before it, all of them under signed checkpoints like any other entry.

Where an entry notes something of the case itself, its digest is made anew with the salt of the entry it follows.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from mingqu.config.demo.history.copying import Lines, Rows, columns, copy
from mingqu.config.demo.history.templates import Filled, Gaps, Parts
from mingqu.kernel import audit, ledger
from mingqu.kernel.models import AuditEntry, AuditHead, CheckpointLeaf
from mingqu.kernel.receipts import entry_body
from mingqu.kernel.types import Instant

TABLES = (AuditEntry, AuditHead)


@dataclass(frozen=True)
class Said:
    """One entry as a pattern; `at` and `notes` with gaps, `about` the notes that have one."""

    seq: int
    at: Parts
    action: str
    actor_kind: str
    actor: Parts
    post_id: UUID | None
    notes: Parts
    about: frozenset[str]
    salt: bytes
    digests: dict[str, str]


@dataclass(frozen=True)
class Chain:
    """All entries of one root, in their order; `root`: whose they are in the pattern."""

    root: int
    entries: tuple[Said, ...]


def chain_of(root_id: UUID, gaps: Gaps) -> Chain:
    found = AuditEntry.objects.filter(root_id=root_id).order_by("seq")
    return Chain(root_id.int, tuple(_said(one, gaps) for one in found))


def _said(entry: AuditEntry, gaps: Gaps) -> Said:
    split = {name: gaps.split(_json(value)) for name, value in entry.notes.items()}
    return Said(
        seq=entry.seq,
        at=gaps.split(entry.at.isoformat(" ")),
        action=entry.action,
        actor_kind=entry.actor_kind,
        actor=gaps.split(str(entry.actor_id)),
        post_id=entry.post_id,
        notes=gaps.split(_json(entry.notes)),
        about=frozenset(name for name, parts in split.items() if not all(isinstance(p, str) for p in parts)),
        salt=bytes(entry.salt),
        digests=dict(entry.digests),
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def write(rows: Rows, chain: Chain, filled: Filled) -> Iterator[tuple[UUID, int, bytes]]:
    """The entries of one root and its head; what a checkpoint covers of each."""
    root, link = filled.id(chain.root), audit.GENESIS
    for one in chain.entries:
        at, actor = filled.text(one.at), UUID(filled.text(one.actor))
        notes = json.loads(filled.text(one.notes))
        digests = one.digests | {name: audit.note_digest(one.salt, name, notes[name]) for name in one.about}
        body = entry_body(
            root_id=root,
            seq=one.seq,
            at=datetime.fromisoformat(at),
            action=one.action,
            actor_kind=one.actor_kind,
            actor_id=actor,
            post_id=one.post_id,
            request_id="",
            digests=digests,
        )
        previous, link = link, audit.entry_hash(body, link)
        row = {"root_id": root, "seq": one.seq, "at": at, "action": one.action, "actor_kind": one.actor_kind}
        row |= {"actor_id": actor, "post_id": one.post_id, "request_id": "", "notes": _json(notes)}
        row |= {"salt": one.salt, "digests": _json(digests), "previous": previous, "link": link}
        lines = rows[AuditEntry._meta.db_table]
        lines.add(*(row[name] for name in lines.columns))
        yield root, one.seq, link
    lines = rows[AuditHead._meta.db_table]
    head = {"root_id": root, "seq": chain.entries[-1].seq, "link": link}
    lines.add(*(head[name] for name in lines.columns))


def seal(cursor: psycopg.Cursor[Any], waiting: Sequence[tuple[UUID, int, bytes]], at: Instant) -> None:
    """Put entries that were written now under checkpoints of now; at most as many in one as the sealer takes."""
    names = columns(CheckpointLeaf)
    for since in range(0, len(waiting), ledger.BATCH):
        some = sorted(waiting[since : since + ledger.BATCH])
        number = ledger.sign(some, at).number
        lines = Lines(names)
        for place, (root, seq, link) in enumerate(some):
            row = {"root_id": root, "seq": seq, "checkpoint": number, "position": place, "link": link}
            lines.add(*(row[name] for name in names))
        copy(cursor, CheckpointLeaf._meta.db_table, lines)
