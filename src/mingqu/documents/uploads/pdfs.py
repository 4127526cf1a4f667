"""Gives a stranger's PDF to a limited process and turns its answer into a checked upload or a refusal."""

import json

from mingqu.documents import apart, errors
from mingqu.documents.types import CheckedUpload
from mingqu.documents.uploads.limits import Limits
from mingqu.documents.uploads.sniff import PDF

REFUSALS: dict[str, type[errors.UploadRefused]] = {
    kind.code: kind
    for kind in (
        errors.PdfUnreadable,
        errors.PdfEncrypted,
        errors.PdfActiveContent,
        errors.PdfEmbeddedFiles,
        errors.PdfTooManyPages,
        errors.PdfTooHeavy,
    )
}


def remake(data: bytes, limits: Limits) -> CheckedUpload:
    """The PDF rewritten, or as it came if it bears a signature. Raises one of REFUSALS."""
    sizes = [limits.pdf_memory, limits.pdf_seconds, limits.pdf_pages, limits.pdf_objects]
    answered = apart.run("mingqu.documents.uploads.pdf_reader", sizes, data, seconds=limits.pdf_seconds)
    if answered is None:
        raise errors.PdfTooHeavy()  # stopped by its limits
    head, _, body = answered.partition(b"\n")
    answer = json.loads(head)
    if answer["code"]:
        raise REFUSALS[answer["code"]](limit=limits.pdf_pages)
    return CheckedUpload(PDF, data if answer["kept"] else body, answer["pages"], tuple(answer["notes"]))
