"""The public side of the audit ledger: sealed checkpoints, the keys that signed them, the check of a receipt."""

from collections.abc import Sequence
from typing import Any

from mingqu.kernel import ledger, receipts
from mingqu.kernel.models import Checkpoint, LedgerKey
from mingqu.portal.types import CheckpointLine, Verdict

PAGE = 20
FEED_PAGE = 100
NUMBER_LIMIT = 2**63 - 1  # of a bigint


def checkpoints(*, before: int | None = None, limit: int = PAGE) -> tuple[list[Checkpoint], int | None]:
    """Sealed checkpoints, the latest first, and the number to go on from (None at the end)."""
    found = Checkpoint.objects.select_related("signer").order_by("-number")
    if before is not None:
        found = found.filter(number__lt=before)
    rows = list(found[: limit + 1])
    return rows[:limit], rows[limit - 1].number if len(rows) > limit else None


def lines(rows: Sequence[Checkpoint]) -> list[CheckpointLine]:
    return [
        CheckpointLine(row.number, row.at, row.size, bytes(row.root).hex(), row.signer.fingerprint)
        for row in rows
    ]


def feed(*, before: int | None = None) -> tuple[dict[str, Any], int | None]:
    """The same for programs, with the public keys."""
    rows, more = checkpoints(before=before, limit=FEED_PAGE)
    return {
        "checkpoints": [ledger.checkpoint_json(row) for row in rows],
        "keys": {row.signer.fingerprint: row.signer.public_pem for row in rows},
    }, more


def keys() -> list[LedgerKey]:
    """The keys of this installation, the newest first: few, one more at each change."""
    return list(LedgerKey.objects.defer("private_sealed").order_by("-since"))


def check_receipt(data: bytes) -> Verdict:
    """
    Whether these bytes are an unaltered receipt, signed by this installation.

    A receipt carries the key that signed it, and anybody can make a key: only ours count here. Entries after
    the last checkpoint are proved by nobody yet, and the answer says so. Never raises for a bad file.
    """
    ours = set(LedgerKey.objects.values_list("fingerprint", flat=True))
    report = receipts.verify(data, checked=ours)
    if not report.intact:
        return Verdict("bad", report.summary, tuple(report.findings))
    if report.signers - ours:
        return Verdict("foreign", report.summary)
    if report.unsealed:
        return Verdict("partly", report.summary, sealed_until=report.sealed_until)
    return Verdict("good", report.summary, sealed_until=report.sealed_until)


def cursor(text: str) -> int | None:
    """The number in an address; None for anything else: a stale link shows the first page."""
    if not text.isascii() or not text.isdecimal() or len(text) > 19:
        return None
    number = int(text)
    return number if number <= NUMBER_LIMIT else None
