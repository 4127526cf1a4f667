"""
Making a document, in a job. Each step can be repeated: the claim is one conditional update, rendering is
deterministic, the end is a command with a key of its own.
"""

import logging
from datetime import timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from mingqu.documents import rendering, rules
from mingqu.documents.errors import GlyphMissing, RenderingFailed, SealRetired, SealUnavailable
from mingqu.documents.events import DocumentFailed, DocumentReady
from mingqu.documents.models import DocumentRequest
from mingqu.documents.services.files import store_file
from mingqu.documents.services.requests import defer
from mingqu.documents.services.seals import require_active, sealed
from mingqu.documents.types import CheckedUpload
from mingqu.kernel.commands import command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.types import Actor, CommandKey, Instant

log = logging.getLogger(__name__)

MAKER = Actor.system("documents")
ATTEMPTS = 5
DEAD_AFTER = timedelta(minutes=3)  # rendering and sealing take well under a second
LOST_AFTER = timedelta(minutes=5)  # waiting this long, its job is gone
SWEEP_BATCH = 200
State = DocumentRequest.State


class _Overtaken(Exception):
    """Another worker has taken this document over; rolls back the command, its key and its entry with it."""


def make_document(*, root_id: UUID, request_id: UUID, at: Instant) -> str:
    """
    Render, seal and store one requested document; the state it is in afterwards.

    Does nothing unless it is waiting. A missing glyph or a missing seal ends it as failed, for a clerk;
    anything else is tried again by the sweep, ATTEMPTS times each time somebody asks for it.
    """
    rows = DocumentRequest.objects.filter(root_id=root_id, id=request_id)
    claimed = rows.filter(state=State.WAITING).update(
        state=State.RENDERING, started_at=at, attempts=F("attempts") + 1
    )
    row = rows.get()
    if not claimed:
        return row.state
    try:
        return _finish(row, *_sealed(row, at), at)
    except (GlyphMissing, SealUnavailable) as error:
        return _fail(row, error, at)
    except (RenderingFailed, SealRetired) as error:
        return _try_again(row, error, at)


def sweep(at: Instant) -> int:
    """
    Take back documents whose worker died, and queue those whose job was lost; how many.

    procrastinate leaves the job of a killed worker as `doing` for ever, so nobody else would look after them.
    """
    dead = Q(state=State.RENDERING, started_at__lt=at - DEAD_AFTER)
    lost = Q(state=State.WAITING, queued_at__lt=at - LOST_AFTER)
    found = list(DocumentRequest.objects.filter(dead | lost).defer("data")[:SWEEP_BATCH])
    for row in found:
        if row.state == State.RENDERING and _last_attempt(row):
            _fail(row, RenderingFailed(), at)
            continue
        with transaction.atomic():
            # queued_at moves on, so that the next sweep leaves it alone while its new job waits its turn.
            if _mine(row, row.state).update(state=State.WAITING, queued_at=at):
                defer(row.root_id, row.id)
    return len(found)


def _sealed(row: DocumentRequest, at: Instant) -> tuple[bytes, UUID | None]:
    """The file, and the key it is sealed with."""
    kind = rules.KINDS[row.kind]
    made = rendering.render(
        kind.template,
        row.data,
        at=row.requested_at,
        demo=settings.MINGQU_DEMO,
        sealed=kind.sealed,
        extra_fonts=settings.MINGQU_HOME / "fonts",
    )
    if not kind.sealed:
        return made.pdf, None
    return sealed(made.pdf, organ_code=row.organ_code, reason=kind.title, at=at, place=made.seal_place)


def _finish(row: DocumentRequest, pdf: bytes, key_id: UUID | None, at: Instant) -> str:
    """The document is there, unless another worker has taken it over: then nothing is changed."""
    upload = CheckedUpload("application/pdf", pdf, rendering.pages_of(pdf))
    try:
        _record_ready(row, upload, key_id, at)
    except _Overtaken:
        log.warning("document %s of %s was made by another worker meanwhile", row.id, row.root_id)
    return _state(row)


def _record_ready(row: DocumentRequest, upload: CheckedUpload, key_id: UUID | None, at: Instant) -> None:
    """One transaction: the file's row, the state, the event. Raises SealRetired."""
    title = rules.KINDS[row.kind].title
    with command("documents.finish", row.root_id, by=MAKER, at=at, key=_key(row, "ready")) as cmd:
        if cmd.repeated:
            return
        if not _mine(row, State.RENDERING).select_for_update().exists():
            raise _Overtaken
        if key_id is not None:
            require_active(key_id)
        name = f"{title}{row.number}"
        file = store_file(root_id=row.root_id, kind=row.kind, name=name, upload=upload, at=at)
        _mine(row, State.RENDERING).update(state=State.READY, file_id=file.file_id, ended_at=at)
        cmd.note(document=row.kind, number=row.number, file=str(file.file_id))
        cmd.publish(
            DocumentReady(root_id=row.root_id, request_id=row.id, kind=row.kind, file_id=file.file_id)
        )
        cmd.done(None)


def _fail(row: DocumentRequest, error: DomainError, at: Instant) -> str:
    try:
        _record_failed(row, error, at)
    except _Overtaken:
        return _state(row)
    log.warning("document %s of %s failed: %s", row.id, row.root_id, error.code)
    return _state(row)


def _record_failed(row: DocumentRequest, error: DomainError, at: Instant) -> None:
    key = _key(row, f"failed:{row.attempts}")
    detail = error.kept if isinstance(error, GlyphMissing) else error.message
    with command("documents.fail", row.root_id, by=MAKER, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        if not _mine(row, State.RENDERING).update(
            state=State.FAILED, reason=error.code, detail=detail[:200], ended_at=at
        ):
            raise _Overtaken
        cmd.note(document=row.kind, number=row.number, reason=error.code)
        cmd.publish(DocumentFailed(root_id=row.root_id, request_id=row.id, kind=row.kind, reason=error.code))
        cmd.done(None)


def _try_again(row: DocumentRequest, error: DomainError, at: Instant) -> str:
    if _last_attempt(row):
        return _fail(row, error, at)
    log.warning("document %s of %s was not made, attempt %d", row.id, row.root_id, row.attempts)
    _mine(row, State.RENDERING).update(state=State.WAITING)
    return _state(row)


def _last_attempt(row: DocumentRequest) -> bool:
    """`attempts` only grows, as the fence against a worker that comes back; each go has ATTEMPTS of them."""
    return row.attempts % ATTEMPTS == 0


def _mine(row: DocumentRequest, state: str) -> QuerySet[DocumentRequest]:
    """The row while nobody else has taken it over since we read it."""
    return DocumentRequest.objects.filter(root_id=row.root_id, id=row.id, state=state, attempts=row.attempts)


def _state(row: DocumentRequest) -> str:
    return DocumentRequest.objects.values_list("state", flat=True).get(root_id=row.root_id, id=row.id)


def _key(row: DocumentRequest, what: str) -> CommandKey:
    return CommandKey(uuid5(row.id, what))
