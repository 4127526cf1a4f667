"""A signature drawn on the screen, as a drawing that a paper lays down beside name and time."""

import base64
import struct
from uuid import UUID

from mingqu.cases.models import Case
from mingqu.documents import services as documents
from mingqu.documents.errors import FileNotFound


def ink(picture: bytes | None) -> str:
    """A PNG of our own making as SVG; "" where nothing was drawn (the name was typed)."""
    if not picture:
        return ""
    width, height = struct.unpack(">II", picture[16:24])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}"'
        f' href="data:image/png;base64,{base64.b64encode(picture).decode()}"/></svg>'
    )


def kept_ink(case: Case, file_id: UUID | None) -> str:
    """
    The signature that was kept with the case; in 一件事 it was given once for several parts and
    is kept with the bundle.
    Raises FileNotFound for one that is kept with neither.
    """
    if file_id is None:
        return ""
    try:
        return ink(documents.read_file(case.pk, file_id))
    except FileNotFound:
        if case.bundle_id is None:
            raise
        return ink(documents.read_file(case.bundle_id, file_id))
