"""Gives a stranger's PDF to a limited process and turns its answer into a checked upload or a refusal."""

import json
import os
import subprocess
import sys
from pathlib import Path

from mingqu.documents import errors
from mingqu.documents.types import CheckedUpload
from mingqu.documents.uploads.limits import Limits
from mingqu.documents.uploads.sniff import PDF

SOURCE = Path(__file__).resolve().parents[3]
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
    command = [sys.executable, "-m", "mingqu.documents.uploads.pdf_reader", *(str(size) for size in sizes)]
    # Nothing of our environment (keys, database address) is handed to a process that reads a stranger's file.
    environment = {"PYTHONPATH": str(SOURCE), "PATH": os.defpath, "LANG": "C.UTF-8"}
    try:
        done = subprocess.run(  # noqa: S603 - our own module, its arguments are our own numbers
            command,
            input=data,
            capture_output=True,
            timeout=limits.pdf_seconds + 5,
            check=False,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        raise errors.PdfTooHeavy() from None
    head, _, body = done.stdout.partition(b"\n")
    if done.returncode != 0 or not head:
        raise errors.PdfTooHeavy()  # stopped by its limits
    answer = json.loads(head)
    if answer["code"]:
        raise REFUSALS[answer["code"]](limit=limits.pdf_pages)
    return CheckedUpload(PDF, data if answer["kept"] else body, answer["pages"], tuple(answer["notes"]))
