"""The audit ledger as the audit officer reads it: by case, by chain or by officer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from mingqu.cases import selectors as cases
from mingqu.cases.errors import CaseUnknown
from mingqu.identity import selectors as identity
from mingqu.identity.errors import UnknownAccount
from mingqu.kernel import ledger
from mingqu.kernel.errors import NotFound
from mingqu.kernel.models import AuditEntry, Checkpoint, CheckpointLeaf
from mingqu.workbench.operating_types import AuditPage, CheckpointView, EntryView
from mingqu.workbench.selectors.health import checkpoint_view
from mingqu.workbench.selectors.history import action_words, who_words
from mingqu.workbench.selectors.notes import key_words, value_words

PAGE = 50
CHECKPOINTS = 10


def root_of(words: str) -> UUID | None:
    """The chain that a case number or an identifier names; None if there is none."""
    try:
        root_id = UUID(words)
    except ValueError:
        try:
            root_id = cases.case_id_of(words)
        except CaseUnknown:
            return None
    return root_id if AuditEntry.objects.filter(root_id=root_id).exists() else None


def audit_of_root(root_id: UUID, title: str, *, after: str = "") -> AuditPage:
    """One chain in its order; `after` is the number of the last entry seen."""
    found = AuditEntry.objects.filter(root_id=root_id).order_by("seq")
    if after.isdecimal():
        found = found.filter(seq__gt=int(after))
    read = list(found[: PAGE + 1])
    entries = _views(read[:PAGE])
    return AuditPage(title, root_id, entries, str(read[PAGE - 1].seq) if len(read) > PAGE else "")


def audit_of_actor(username: str, *, after: str = "") -> AuditPage | None:
    """What an officer did, the latest first; None where there is no such account."""
    try:
        account = identity.staff_account(username)
    except UnknownAccount:
        return None
    found = AuditEntry.objects.filter(actor_id=account.person_id).order_by("-at", "root_id", "seq")
    if cursor := _cursor(after):
        at, root_id, seq = cursor
        later = Q(at__lt=at) | Q(at=at, root_id__gt=root_id) | Q(at=at, root_id=root_id, seq__gt=seq)
        found = found.filter(later)
    read = list(found[: PAGE + 1])
    last = read[PAGE - 1] if len(read) > PAGE else None
    more = f"{last.at.isoformat()}_{last.root_id}_{last.seq}" if last else ""
    return AuditPage(f"账号{account.username}", None, _views(read[:PAGE]), more)


def checkpoints() -> list[CheckpointView]:
    """The latest signed checkpoints."""
    return [checkpoint_view(c) for c in Checkpoint.objects.order_by("-number")[:CHECKPOINTS]]


def receipt(root_id: UUID) -> dict[str, Any]:
    """The receipt of a chain, readable notes included. Raises NotFound."""
    if not AuditEntry.objects.filter(root_id=root_id).exists():
        raise NotFound()
    return ledger.receipt(root_id)


def _cursor(text: str) -> tuple[datetime, UUID, int] | None:
    try:
        at, root_id, seq = text.split("_")
        instant = datetime.fromisoformat(at)
        return (instant, UUID(root_id), int(seq)) if instant.tzinfo else None
    except ValueError:
        return None


def _views(entries: list[AuditEntry]) -> list[EntryView]:
    who, sealed = who_words(entries, "个人用户"), _sealed(entries)
    return [
        EntryView(
            root_id=entry.root_id,
            seq=entry.seq,
            at=entry.at,
            action=entry.action,
            action_words=action_words(entry.action),
            actor=who[entry.root_id, entry.seq],
            notes=[(key_words(name), value_words(value)) for name, value in entry.notes.items()],
            digests=[key_words(name) for name in sorted(set(entry.digests) - set(entry.notes))],
            request_id=entry.request_id,
            checkpoint=sealed.get((entry.root_id, entry.seq)),
        )
        for entry in entries
    ]


def _sealed(entries: Iterable[AuditEntry]) -> dict[tuple[UUID, int], int]:
    roots = {entry.root_id for entry in entries}
    rows = CheckpointLeaf.objects.filter(root_id__in=roots).values_list("root_id", "seq", "checkpoint")
    return {(root_id, seq): checkpoint for root_id, seq, checkpoint in rows}
