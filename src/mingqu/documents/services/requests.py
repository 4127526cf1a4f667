"""Asking for documents, inside the command of the aggregate they belong to."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app as jobs

from mingqu.documents import rules
from mingqu.documents.errors import (
    DocumentDataInvalid,
    DocumentNotRetryable,
    FileNotFound,
    UnknownDocumentKind,
)
from mingqu.documents.models import DocumentRequest
from mingqu.kernel.commands import require_command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.numbers import Series, next_number
from mingqu.kernel.regions import is_training
from mingqu.kernel.types import Instant

MAKE = "documents.make"
QUEUE = "documents"


def next_document_number(*, prefix: str, organ_code: str, kind: str, at: Instant) -> str:
    """
    The next 文号 of this organ, kind and year: 清禾市监食受〔2026〕318号.

    `prefix` is the organ's word and the kind's. Only inside a command: a refused command takes no number.
    """
    require_command()
    serial = next_number(*document_series(organ_code=organ_code, kind=kind, at=at))
    return rules.document_number(prefix, legal_day(at).year, serial)


def document_series(*, organ_code: str, kind: str, at: Instant) -> Series:
    """What `next_document_number` takes its number from, for who takes several at once (`numbers.draw_ahead`)."""
    return Series(f"document.{kind}"[:32], organ_code, str(legal_day(at).year))


def request_document(
    *, root_id: UUID, kind: str, organ_code: str, region_code: str, data: Mapping[str, Any], at: Instant
) -> UUID:
    """
    Have a document made and sealed after this command commits; the id of the request.

    `data` holds what the template prints (rules.KINDS; `number` among it, `link` for the QR code), as it
    stands now: later changes of the case do not reach the paper. One of a training region says on every page that
    it is a sample. Raises UnknownDocumentKind, DocumentDataInvalid.
    """
    command = require_command()
    document = rules.KINDS.get(kind)
    if document is None:
        raise UnknownDocumentKind(kind=kind)
    if problems := rules.data_problems(document, data):
        raise DocumentDataInvalid(names="、".join(problems))
    row = DocumentRequest(
        root_id=root_id,
        kind=kind,
        organ_code=organ_code,
        number=data.get("number") or "",
        data={**data, **({"training": True} if is_training(region_code) else {})},
        requested_at=at,
        queued_at=at,
    )
    command.insert(row)
    command.defer(MAKE, queue=QUEUE, root_id=root_id, request_id=row.id)
    return row.id


def requests_of(root_id: UUID, kinds: Collection[str]) -> list[DocumentRequest]:
    """The latest of each of these kinds that was asked for, with what it prints: to make it anew. Inside a command."""
    require_command()
    rows = DocumentRequest.objects.filter(root_id=root_id, kind__in=kinds).order_by("requested_at", "id")
    return list({row.kind: row for row in rows}.values())


def retry_document(*, root_id: UUID, request_id: UUID, at: Instant) -> None:
    """
    Try a failed document again (the font was added, the organ has its seal now). Inside the owner's command.

    Raises FileNotFound, DocumentNotRetryable.
    """
    command = require_command()
    rows = DocumentRequest.objects.filter(root_id=root_id, id=request_id)
    changed = rows.filter(state=DocumentRequest.State.FAILED).update(
        state=DocumentRequest.State.WAITING, reason="", detail="", queued_at=at, ended_at=None
    )
    if not changed:
        raise DocumentNotRetryable() if rows.exists() else FileNotFound()
    command.defer(MAKE, queue=QUEUE, root_id=root_id, request_id=request_id)


def defer(root_id: UUID, request_id: UUID) -> None:
    """
    The same outside a command, for the sweep: a job row of this transaction. Neither takes a lock of procrastinate: the
    job of a killed worker would hold it for ever, and the sweep's new one would never start. The claim in
    `make_document` keeps two from doing the work.
    """
    jobs.configure_task(MAKE, queue=QUEUE).defer(root_id=str(root_id), request_id=str(request_id))
