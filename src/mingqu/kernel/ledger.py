"""
Sealing the audit ledger: within 60 s each entry stands under a signed Merkle checkpoint, and from then on a
receipt proves it.
"""

import hmac
from collections.abc import Iterable
from datetime import UTC
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from mingqu.kernel import audit, ledger_keys, receipts
from mingqu.kernel.crypto import AUDIT_SECRET, keyed_salt
from mingqu.kernel.json import plain
from mingqu.kernel.keyring import keyring
from mingqu.kernel.models import AuditEntry, Checkpoint, CheckpointLeaf, UnsealedEntry
from mingqu.kernel.types import Instant

SEAL_LOCK = 0x4D51_5EA1  # advisory lock: one sealer at a time
BATCH = 10_000


def seal(at: Instant, limit: int = BATCH) -> Checkpoint | None:
    """
    Put the waiting entries (at most `limit`) under a new checkpoint; None if there are none or another seals.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEAL_LOCK])
        if not cursor.fetchone()[0]:
            return None
        cursor.execute(
            # Materialised: as a plain subquery a nested loop may run it anew for each row and pass the limit.
            "WITH waiting AS MATERIALIZED (SELECT root_id, seq FROM kernel_unsealedentry"
            " ORDER BY root_id, seq LIMIT %s FOR UPDATE SKIP LOCKED)"
            " DELETE FROM kernel_unsealedentry u USING waiting w"
            " WHERE u.root_id = w.root_id AND u.seq = w.seq RETURNING u.root_id, u.seq, u.link",
            [limit],
        )
        waiting = sorted((root, seq, bytes(link)) for root, seq, link in cursor.fetchall())
        if not waiting:
            return None
        checkpoint = sign(waiting, at)
        CheckpointLeaf.objects.bulk_create(
            CheckpointLeaf(root_id=root_id, seq=seq, checkpoint=checkpoint.number, position=place, link=link)
            for place, (root_id, seq, link) in enumerate(waiting)
        )
        return checkpoint


def sign(waiting: list[tuple[UUID, int, bytes]], at: Instant) -> Checkpoint:
    """A new checkpoint over these entries, in this order; the caller holds the sealer's lock and writes the leaves."""
    last = Checkpoint.objects.order_by("-number").first()
    number = last.number + 1 if last else 1
    previous = bytes(last.digest) if last else audit.GENESIS
    root = audit.merkle_root([link for _, _, link in waiting])
    body = audit.checkpoint_body(number, at.astimezone(UTC).isoformat(), len(waiting), root, previous)
    signer = ledger_keys.newest(at)
    return Checkpoint.objects.create(
        number=number,
        at=at,
        size=len(waiting),
        root=root,
        previous=previous,
        digest=sha256(body).digest(),
        signature=ledger_keys.sign(signer, body),
        signer=signer,
    )


def checkpoint_json(checkpoint: Checkpoint) -> dict[str, Any]:
    """A checkpoint as published on the ledger page and feed, and carried in receipts."""
    return {
        "number": checkpoint.number,
        "at": checkpoint.at.astimezone(UTC).isoformat(),
        "size": checkpoint.size,
        "root": bytes(checkpoint.root).hex(),
        "previous": bytes(checkpoint.previous).hex(),
        "signature": bytes(checkpoint.signature).hex(),
        "signer": checkpoint.signer.fingerprint,
    }


def receipt(root_id: UUID, *, notes: bool = True) -> dict[str, Any]:
    """
    The receipt of one root: all its entries, their places in checkpoints, the keys.

    `notes=False` leaves the readable notes out (their digests stay), for readers who may only check.
    """
    entries = [
        _entry_json(entry, notes) for entry in AuditEntry.objects.filter(root_id=root_id).order_by("seq")
    ]
    leaves = list(CheckpointLeaf.objects.filter(root_id=root_id).order_by("seq"))
    numbers = {leaf.checkpoint for leaf in leaves}
    checkpoints = {
        c.number: c for c in Checkpoint.objects.filter(number__in=numbers).select_related("signer")
    }
    return {
        "format": receipts.FORMAT,
        "root": str(root_id),
        "entries": entries,
        "seals": {str(leaf.seq): seal for leaf, seal in _seals(leaves, numbers)},
        "checkpoints": {str(number): checkpoint_json(c) for number, c in checkpoints.items()},
        "keys": {c.signer.fingerprint: c.signer.public_pem for c in checkpoints.values()},
    }


def _seals(
    leaves: Iterable[CheckpointLeaf], numbers: set[int]
) -> Iterable[tuple[CheckpointLeaf, dict[str, Any]]]:
    trees: dict[int, list[bytes]] = {number: [] for number in numbers}
    for number, link in (
        CheckpointLeaf.objects.filter(checkpoint__in=numbers)
        .order_by("checkpoint", "position")
        .values_list("checkpoint", "link")
    ):
        trees[number].append(bytes(link))
    for leaf in leaves:
        path = audit.merkle_path(trees[leaf.checkpoint], leaf.position)
        yield leaf, {"checkpoint": leaf.checkpoint, "path": path}


def _entry_json(entry: AuditEntry, notes: bool) -> dict[str, Any]:
    body = receipts.entry_body(
        root_id=entry.root_id,
        seq=entry.seq,
        at=entry.at,
        action=entry.action,
        actor_kind=entry.actor_kind,
        actor_id=entry.actor_id,
        post_id=entry.post_id,
        request_id=entry.request_id,
        digests=entry.digests,
    )
    return {
        "body": body,
        "link": bytes(entry.link).hex(),
        "salt": bytes(entry.salt).hex() if notes else "",
        "notes": entry.notes if notes else {},
    }


def proves(entry: AuditEntry, name: str, value: Any) -> bool:
    """
    Whether this value was noted under `name`, also where only its digest was kept. Needs a master key that
    was listed when the entry was written.
    """
    stored, salt = str(entry.digests.get(name, "")), bytes(entry.salt)
    salts = [salt, *(keyed_salt(salt, version) for version in keyring().versions(AUDIT_SECRET))]
    return any(hmac.compare_digest(stored, audit.note_digest(one, name, plain(value))) for one in salts)


def forgotten(since: Instant, until: Instant, limit: int = BATCH) -> int:
    """
    Queue again what was written in this time and is neither sealed nor waiting; how many entries.

    The app role must be able to empty the queue, so a row taken from it by hand would keep its entry out of
    every checkpoint for ever.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_unsealedentry (root_id, seq, link)"
            " SELECT e.root_id, e.seq, e.link FROM kernel_auditentry e"
            " WHERE e.at >= %s AND e.at < %s"
            " AND NOT EXISTS (SELECT FROM kernel_checkpointleaf l WHERE l.root_id = e.root_id AND l.seq = e.seq)"
            " LIMIT %s ON CONFLICT DO NOTHING",
            [since, until, limit],
        )
        return int(cursor.rowcount)


def unsealed_count() -> int:
    return UnsealedEntry.objects.count()
