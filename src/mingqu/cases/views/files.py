"""Files in and out: to the owner of the draft or case only, for anyone else they do not exist."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe
from PIL import Image

from mingqu.cases import selectors
from mingqu.cases.views.shared import Drafting, on_draft
from mingqu.documents import selectors as documents
from mingqu.documents import services as document_services
from mingqu.documents.errors import FileNotFound
from mingqu.ui.access import on_behalf, public

# Of a visit the applicant reads the record, which has their digests; what other organs answered (征求意见) and what
# came from outside (来件) stays with the officers.
OFFICERS_OWN = ("visit_photo", "visit_signature", "consultation", "arrival")
SMALL = (320, 320)  # pixels of a preview, enough for a phone's sharp screen


@public
@require_safe
@on_draft
def draft_file(request: Any, draft: Drafting, file_id: UUID) -> HttpResponse:
    return file_or_small(request, draft.id, file_id)


@on_behalf("case.see")
@require_safe
def case_file(request: Any, number: str, file_id: UUID) -> HttpResponse:
    """An uploaded material or a paper of one's own case. Raises CaseUnknown, FileNotFound."""
    case = selectors.case_visible_to(request.actor, number)
    if documents.file(case.pk, file_id).kind in OFFICERS_OWN:
        raise FileNotFound()
    return file_or_small(request, case.pk, file_id)


def file_or_small(request: Any, root_id: UUID, file_id: UUID) -> HttpResponse:
    """The file, or its picture made small; the caller has checked whose it is."""
    if "small" in request.GET:
        return _small(request, root_id, file_id)
    reader = document_services.reader_of(request)
    return document_services.file_response(
        root_id, file_id, reader=reader, inline="download" not in request.GET
    )


def _small(request: Any, root_id: UUID, file_id: UUID) -> HttpResponse:
    """A picture made small; what is no picture has none."""
    file = documents.file_row(root_id, file_id)
    if not file.media_type.startswith("image/"):
        return HttpResponse(status=404)
    picture = Image.open(BytesIO(document_services.read_file(root_id, file_id)))
    picture.draft("RGB", SMALL)
    picture.thumbnail(SMALL)
    small = BytesIO()
    picture.convert("RGB").save(small, "JPEG", quality=75)
    document_services.note_reading(file, document_services.reader_of(request), "small")
    return HttpResponse(small.getvalue(), content_type="image/jpeg")
