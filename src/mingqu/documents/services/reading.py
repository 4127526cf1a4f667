"""Who read a file: written down with each that leaves, by one insert outside any command."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from mingqu.documents.models import FileRead, StoredFile
from mingqu.documents.types import BY_CODE, OWN, Reader
from mingqu.kernel.context import request_id
from mingqu.ui.context import on_kiosk


def reader_of(request: Any, ground: str = "") -> Reader:
    """
    Who asks for a file on this request. `ground`: the permission by which staff read it; the applicant's side needs
    none, nor who came with the code of a draft.
    """
    by = request.actor
    own = OWN if by is not None and by.kind == "citizen" else BY_CODE
    return Reader(by, request.at, ground or own, on_kiosk(request))


def note_readings(root_id: UUID, file_ids: Collection[UUID], reader: Reader) -> None:
    """These files of one aggregate were taken away together."""
    for row in StoredFile.objects.filter(root_id=root_id, id__in=list(file_ids)):
        note_reading(row, reader, "taken")


def note_reading(row: StoredFile, reader: Reader, way: str) -> None:
    """The file is read now, in this way (FileRead.Way)."""
    by = reader.by
    FileRead.objects.create(
        root_id=row.root_id,
        at=reader.at,
        file_id=row.id,
        kind=row.kind,
        way=way,
        ground=reader.ground,
        terminal=reader.terminal,
        actor_kind=by.kind if by else "",
        actor_id=by.doer_id if by else None,
        post_id=by.post_id if by else None,
        request_id=request_id.get(),
    )
