"""The gate: bytes from a stranger in, a checked upload out, or a refusal with its sentence."""

from collections.abc import Collection, Sequence

from mingqu.documents import errors
from mingqu.documents.types import CheckedUpload
from mingqu.documents.uploads import images, pdfs
from mingqu.documents.uploads.limits import DEFAULT, MEGA, Limits
from mingqu.documents.uploads.sniff import ACCEPTED, HEIC, JPEG, PDF, PNG, media_type

PHOTOS = (JPEG, PNG, HEIC)


def check(
    data: bytes, *, allowed: Collection[str] = tuple(ACCEPTED), limits: Limits = DEFAULT
) -> CheckedUpload:
    """
    The file as it may be stored. `allowed`: media types this place takes (a subset of ACCEPTED).

    Raises FileEmpty, FileTooLarge, FileTypeNotAllowed, or what pictures and PDFs are refused for.
    """
    if not data:
        raise errors.FileEmpty()
    if len(data) > limits.file_bytes:
        raise errors.FileTooLarge(limit_mb=limits.file_bytes // MEGA)
    kind = media_type(data)
    if kind is None or kind not in allowed:
        names = "、".join(name for code, name in ACCEPTED.items() if code in allowed)
        raise errors.FileTypeNotAllowed(allowed=names)
    return pdfs.remake(data, limits) if kind == PDF else images.remake(data, kind, limits)


def merge_photos(photos: Sequence[bytes], *, limits: Limits = DEFAULT) -> CheckedUpload:
    """Several photos of one paper as one PDF, in order. Raises TooManyPhotos and what `check` raises."""
    if not photos:
        raise errors.FileEmpty()
    if len(photos) > limits.photos:
        raise errors.TooManyPhotos(limit=limits.photos)
    checked = [check(photo, allowed=PHOTOS, limits=limits) for photo in photos]
    return images.merge(checked)
