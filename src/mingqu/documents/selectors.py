"""
Questions about files and documents. They hold no access check of their own: a file belongs to an aggregate,
and who may see that is the owner's to say before it asks here.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet

from mingqu.documents import rules, storage
from mingqu.documents.errors import FileNotFound
from mingqu.documents.models import DocumentRequest, FileRead, OrganKey, StoredFile
from mingqu.documents.types import OrganKeyView, ReadLine

MOST_FAILED = 5000  # looked through for the first page of a post


@dataclass(frozen=True, slots=True)
class FileView:
    root_id: UUID
    id: UUID
    kind: str
    name: str
    media_type: str
    size: int
    pages: int
    scan: str
    scan_words: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document and how far it is. `detail` tells a clerk why it failed."""

    root_id: UUID
    id: UUID
    kind: str
    title: str
    number: str
    state: str
    state_words: str
    reason: str
    detail: str
    requested_at: datetime
    file_id: UUID | None


def file_row(root_id: UUID, file_id: UUID) -> StoredFile:
    """Raises FileNotFound."""
    found = StoredFile.objects.filter(root_id=root_id, id=file_id).first()
    if found is None:
        raise FileNotFound()
    return found


def file(root_id: UUID, file_id: UUID) -> FileView:
    """Raises FileNotFound."""
    return _file_view(file_row(root_id, file_id))


def files_of(root_id: UUID, kind: str = "") -> list[FileView]:
    rows = StoredFile.objects.filter(root_id=root_id)
    if kind:
        rows = rows.filter(kind=kind)
    return [_file_view(row) for row in rows.order_by("created_at", "id")]


def put_aside(most: int) -> tuple[int, datetime | None]:
    """How much that no row names lies aside (up to `most`), and since when the eldest: it goes a day later."""
    found = [since for _address, since in islice(storage.aside(), most)]
    return len(found), min(found, default=None)


def files_among(root_ids: Iterable[UUID]) -> list[FileView]:
    """Every file of these roots, oldest first: one statement."""
    rows = StoredFile.objects.filter(root_id__in=list(root_ids)).order_by("created_at", "id")
    return [_file_view(row) for row in rows]


def readers_of(root_ids: Iterable[UUID], limit: int, *, without: Collection[str] = ()) -> list[ReadLine]:
    """
    Who read which file of these aggregates, each reader and file once with how often; the latest first. `without`:
    kinds of files that are none of the asker's business.
    """
    same: tuple[str, ...] = (
        "root_id",
        "file_id",
        "kind",
        "ground",
        "terminal",
        "actor_kind",
        "actor_id",
        "post_id",
    )
    read = FileRead.objects.filter(root_id__in=list(root_ids)).exclude(kind__in=list(without))
    found = read.values(*same)
    rows = found.annotate(times=Count("id"), first_at=Min("at"), latest=Max("at"), way=Max("way"))
    return [
        ReadLine(
            **{name: row[name] for name in (*same, "times", "first_at", "way")},
            at=row["latest"],
            title=_title(row["kind"]),
        )
        for row in rows.order_by("-latest", "file_id")[:limit]
    ]


def reads(
    *,
    root_id: UUID | None = None,
    actor_id: UUID | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int,
) -> list[ReadLine]:
    """Every reading of one aggregate's files, or by one person, the latest first; `before`: the last one seen."""
    found = (
        FileRead.objects.filter(root_id=root_id) if root_id else FileRead.objects.filter(actor_id=actor_id)
    )
    if before is not None:
        at, last = before
        found = found.filter(Q(at__lt=at) | Q(at=at, id__lt=last))
    return [
        ReadLine(
            root_id=row.root_id,
            file_id=row.file_id,
            kind=row.kind,
            title=_title(row.kind),
            way=row.get_way_display(),
            ground=row.ground,
            terminal=row.terminal,
            actor_kind=row.actor_kind,
            actor_id=row.actor_id,
            post_id=row.post_id,
            at=row.at,
            id=row.id,
            request_id=row.request_id,
        )
        for row in found.order_by("-at", "-id")[:limit]
    ]


def _title(kind: str) -> str:
    known = rules.KINDS.get(kind)
    return known.title if known else ""


def ready_among(root_ids: Iterable[UUID], kinds: Iterable[str]) -> set[UUID]:
    """Of these aggregates those that have a finished document of one of these kinds; one statement."""
    ready = DocumentRequest.objects.filter(root_id__in=list(root_ids), kind__in=list(kinds), state="ready")
    return set(ready.values_list("root_id", flat=True))


def states_among(root_ids: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    """Of each of these aggregates: kind of document → the state of the latest of its kind; one statement."""
    rows = DocumentRequest.objects.filter(root_id__in=list(root_ids)).order_by("requested_at", "id")
    found: dict[UUID, dict[str, str]] = {}
    for root_id, kind, state in rows.values_list("root_id", "kind", "state"):
        found.setdefault(root_id, {})[kind] = state
    return found


def title_of(kind: str) -> str:
    """What a kind of document is called. Raises KeyError."""
    return rules.KINDS[kind].title


def documents_of(root_id: UUID) -> list[DocumentView]:
    """Every document of an aggregate in the order they were asked for."""
    rows = DocumentRequest.objects.filter(root_id=root_id).defer("data").order_by("requested_at", "id")
    return [_document_view(row) for row in rows]


def roots_with_failed() -> list[UUID]:
    """The aggregates of which a document could not be made, the latest first, each once."""
    failed = DocumentRequest.objects.filter(state=DocumentRequest.State.FAILED).order_by("-ended_at", "id")
    return list(dict.fromkeys(failed.values_list("root_id", flat=True)[:MOST_FAILED]))


def failed_documents(limit: int = 50) -> list[DocumentView]:
    """The documents of all aggregates that could not be made, the latest first; for who runs the platform."""
    rows = DocumentRequest.objects.filter(state=DocumentRequest.State.FAILED).defer("data")
    return [_document_view(row) for row in rows.order_by("-ended_at", "id")[:limit]]


def document(root_id: UUID, request_id: UUID) -> DocumentView:
    """Raises FileNotFound."""
    found = DocumentRequest.objects.filter(root_id=root_id, id=request_id).defer("data").first()
    if found is None:
        raise FileNotFound()
    return _document_view(found)


def trusted_roots() -> list[str]:
    """Certificates (PEM) under which this installation's seals are valid; published for offline checks."""
    return list(
        OrganKey.objects.filter(organ_code="").order_by("since").values_list("certificate", flat=True)
    )


def organ_keys() -> dict[str, OrganKeyView]:
    """The key each organ signs with, by the organ's code; one statement."""
    rows = OrganKey.objects.exclude(organ_code="").order_by("-since")
    found: dict[str, OrganKeyView] = {}
    for row in rows.only("organ_code", "organ_name", "fingerprint", "since", "retired_at", "provider"):
        known = found.get(row.organ_code)
        if row.retired_at is None or known is None:
            found[row.organ_code] = OrganKeyView(
                row.fingerprint, row.since, row.retired_at, row.provider, row.organ_name
            )
    return found


def has_seal(organ_code: str) -> bool:
    return seals_in_use(organ_code).exists()


def seals_in_use(organ_code: str) -> QuerySet[OrganKey]:
    """The seal an organ signs with: one or none."""
    return OrganKey.objects.filter(organ_code=organ_code, retired_at=None)


def _file_view(row: StoredFile) -> FileView:
    return FileView(
        root_id=row.root_id,
        id=row.id,
        kind=row.kind,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        pages=row.pages,
        scan=row.scan,
        scan_words=StoredFile.Scan(row.scan).label,
        created_at=row.created_at,
    )


def _document_view(row: DocumentRequest) -> DocumentView:
    return DocumentView(
        root_id=row.root_id,
        id=row.id,
        kind=row.kind,
        title=rules.KINDS[row.kind].title,
        number=row.number,
        state=row.state,
        state_words=DocumentRequest.State(row.state).label,
        reason=row.reason,
        detail=row.detail,
        requested_at=row.requested_at,
        file_id=row.file_id,
    )
