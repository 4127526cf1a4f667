"""
The whole audit ledger, read once from end to end: after a backup was brought back, and whenever an auditor asks.

Months that were removed with proof begin their chains later; whether any is missing is said by the count of entries,
which who brings a backup back compares.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.db import connection

from mingqu.kernel import audit, receipts, signatures
from mingqu.kernel.models import AuditEntry, AuditHead, Checkpoint, CheckpointLeaf

CHUNK = 2000
MOST_TOLD = 20  # findings named; the rest is counted


@dataclass
class LedgerReport:
    """What was looked at, and what does not hold; no finding names a person or a value."""

    entries: int = 0
    roots: int = 0
    checkpoints: int = 0
    broken: int = 0
    findings: list[str] = field(default_factory=list)

    def say(self, sentence: str) -> None:
        self.broken += 1
        if len(self.findings) < MOST_TOLD:
            self.findings.append(sentence)


def check_ledger() -> LedgerReport:
    """Every chain, every checkpoint with its signature and tree, and that each sealed link is its entry's."""
    report = LedgerReport()
    rows = AuditEntry.objects.order_by("root_id", "seq").iterator(chunk_size=CHUNK)
    for root_id, chain in groupby(rows, key=attrgetter("root_id")):
        _check_chain(root_id, chain, report)
    _check_checkpoints(report)
    _check_links(report)
    return report


def _check_chain(root_id: UUID, chain: Iterator[AuditEntry], report: LedgerReport) -> None:
    report.roots += 1
    seq, link = 0, audit.GENESIS
    for entry in chain:
        report.entries += 1
        begins_later = seq == 0 and entry.seq > 1
        if not begins_later and (entry.seq != seq + 1 or bytes(entry.previous) != link):
            report.say(f"{root_id}: entry {entry.seq} does not follow entry {seq}")
        seq, link = entry.seq, bytes(entry.link)
        if audit.entry_hash(_body(entry), bytes(entry.previous)) != link:
            report.say(f"{root_id}: entry {entry.seq} was altered")
        salt = bytes(entry.salt)
        for name, value in entry.notes.items():
            if audit.note_digest(salt, name, value) != entry.digests.get(name):
                report.say(f"{root_id}: the note {name} of entry {entry.seq} was altered")
    head = AuditHead.objects.filter(root_id=root_id).first()
    if head is None or (head.seq, bytes(head.link)) != (seq, link):
        report.say(f"{root_id}: the chain does not end where its head is")


def _body(entry: AuditEntry) -> dict[str, object]:
    return receipts.entry_body(
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


def _check_checkpoints(report: LedgerReport) -> None:
    previous = audit.GENESIS
    for number, point in enumerate(Checkpoint.objects.select_related("signer").order_by("number"), start=1):
        report.checkpoints += 1
        links = [
            bytes(link)
            for link in CheckpointLeaf.objects.filter(checkpoint=point.number)
            .order_by("position")
            .values_list("link", flat=True)
        ]
        at = point.at.astimezone(UTC).isoformat()
        body = audit.checkpoint_body(point.number, at, point.size, bytes(point.root), previous)
        if (point.number, bytes(point.previous), point.size) != (number, previous, len(links)):
            report.say(f"checkpoint {point.number} does not follow the one before, or lacks leaves")
        elif audit.merkle_root(links) != bytes(point.root):
            report.say(f"the leaves of checkpoint {point.number} are not those it was signed over")
        if sha256(body).digest() != bytes(point.digest) or not signatures.holds(
            point.signer.public_pem, bytes(point.signature), body
        ):
            report.say(f"the signature of checkpoint {point.number} does not hold")
        previous = bytes(point.digest)


def _check_links(report: LedgerReport) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.root_id, e.seq FROM kernel_auditentry e JOIN kernel_checkpointleaf l"
            " ON l.root_id = e.root_id AND l.seq = e.seq WHERE l.link <> e.link LIMIT %s",
            [MOST_TOLD],
        )
        for root_id, seq in cursor.fetchall():
            report.say(f"{root_id}: entry {seq} is not the one that was sealed")
