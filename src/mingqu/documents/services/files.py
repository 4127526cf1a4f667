"""Files in and out. Access is the caller's: it knows whose the aggregate is."""

import logging
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse

from mingqu.documents import rules, selectors, storage
from mingqu.documents.errors import FileInfected, FileNotFound
from mingqu.documents.models import StoredFile
from mingqu.documents.services.reading import note_reading
from mingqu.documents.types import CheckedUpload, FileRef, Reader
from mingqu.documents.uploads import clamd, intake, signatures
from mingqu.documents.uploads.limits import DEFAULT, Limits
from mingqu.documents.uploads.sniff import ACCEPTED
from mingqu.kernel.commands import Command
from mingqu.kernel.types import Instant

log = logging.getLogger(__name__)


def limits() -> Limits:
    """MINGQU_UPLOAD_LIMITS: a mapping over the defaults."""
    given = getattr(settings, "MINGQU_UPLOAD_LIMITS", {})
    return Limits(**{**{f: getattr(DEFAULT, f) for f in DEFAULT.__slots__}, **given})


def check_upload(data: bytes, *, allowed: Collection[str] = tuple(ACCEPTED)) -> CheckedUpload:
    """What may be stored of a stranger's file. Raises UploadRefused."""
    return intake.check(data, allowed=allowed, limits=limits())


def merge_photos(photos: Sequence[bytes]) -> CheckedUpload:
    """Several photos of one paper as one PDF. Raises UploadRefused."""
    return intake.merge_photos(photos, limits=limits())


def check_signature(field: str) -> CheckedUpload | None:
    """
    A signature drawn on ui's pad, as the page's field sent it; None where nothing was drawn (the name was typed).

    Raises SignatureUnreadable, SignatureBlank.
    """
    return signatures.read(field.strip(), limits()) if field.strip() else None


def store_upload(*, root_id: UUID, kind: str, name: str, upload: CheckedUpload, at: Instant) -> FileRef:
    """
    Keep a checked upload under its aggregate; scanned for malware where clamd is configured.

    Raises FileInfected. If the scanner is configured but gives no answer, the file is kept as 未查毒: a clerk
    sees that, and nobody's application fails because a scanner is down.
    """
    scan = _scan(upload.data)
    return _keep(root_id, kind, rules.clean_name(name, upload.media_type), upload, scan, at)


def store_file(*, root_id: UUID, kind: str, name: str, upload: CheckedUpload, at: Instant) -> FileRef:
    """Keep a file this system made itself."""
    return _keep(root_id, kind, rules.clean_name(name, upload.media_type), upload, StoredFile.Scan.CLEAN, at)


def copy_file(*, root_id: UUID, file_id: UUID, to_root: UUID, kind: str, at: Instant) -> FileRef:
    """The same file under another aggregate; its bytes are stored once. Raises FileNotFound."""
    copied = copy_files(root_id=root_id, kinds={file_id: kind}, to_root=to_root, at=at)
    return FileRef(to_root, copied[file_id])


def copy_files(
    *, root_id: UUID, kinds: Mapping[UUID, str], to_root: UUID, at: Instant, cmd: Command | None = None
) -> dict[UUID, UUID]:
    """
    Several at once, each as its kind there; file -> its id under the other aggregate. With `cmd` they are written with
    its entry. Raises FileNotFound.
    """
    rows = StoredFile.objects.filter(root_id=root_id, id__in=list(kinds))
    copied = {
        row.id: StoredFile(
            root_id=to_root,
            kind=kinds[row.id],
            name=row.name,
            media_type=row.media_type,
            size=row.size,
            pages=row.pages,
            digest=row.digest,
            address=row.address,
            scan=row.scan,
            created_at=at,
        )
        for row in rows
    }
    if copied.keys() != set(kinds):
        raise FileNotFound()
    if cmd is None:
        StoredFile.objects.bulk_create(copied.values())
    else:
        cmd.insert(*copied.values())
    return {file_id: row.id for file_id, row in copied.items()}


def read_file(root_id: UUID, file_id: UUID, *, reader: Reader | None = None) -> bytes:
    """
    The plain bytes. Who takes them out of the platform is its `reader`, and that is written down; None where they stay
    inside. Raises FileNotFound, NotDecryptable.
    """
    row = selectors.file_row(root_id, file_id)
    if reader is not None:
        note_reading(row, reader, "taken")
    try:
        return storage.get(row.address)
    except FileNotFoundError as error:
        log.error("a stored file is missing from the store: %s of %s", row.id, row.root_id)
        raise FileNotFound() from error


def file_response(
    root_id: UUID, file_id: UUID, *, reader: Reader | None, inline: bool = False, name: str = ""
) -> HttpResponse:
    """
    The file as a download, or `inline` beside a form. It can run nothing: no sniffing, no script, no origin.

    That it was read is written down for `reader`; None only for what is nobody's (a blank form). A PDF shown inline
    gets no sandbox, in which browsers refuse to draw it; its policy still allows nothing. Raises FileNotFound.
    """
    row = selectors.file_row(root_id, file_id)
    response = HttpResponse(read_file(root_id, file_id), content_type=row.media_type)
    if reader is not None:
        note_reading(row, reader, "shown" if inline else "taken")
    shown = name or row.name
    way = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(shown, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    policy = "default-src 'none'; frame-ancestors 'self'; style-src 'unsafe-inline'; img-src 'self'"
    drawn_by_browser = inline and row.media_type == "application/pdf"
    response["Content-Security-Policy"] = policy if drawn_by_browser else f"{policy}; sandbox"
    if inline:
        response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _scan(data: bytes) -> str:
    address = getattr(settings, "MINGQU_CLAMD", "")
    if not address:
        return StoredFile.Scan.NOT_SCANNED
    try:
        verdict = clamd.scan(data, address)
    except clamd.ScannerUnavailable as error:
        log.warning("the malware scanner gave no answer (%s); the file is kept as not scanned", error)
        return StoredFile.Scan.NOT_SCANNED
    if verdict.state == "infected":
        log.warning("an upload was refused: %s", verdict.threat)
        raise FileInfected()
    return StoredFile.Scan.CLEAN


def _keep(root_id: UUID, kind: str, name: str, upload: CheckedUpload, scan: str, at: Instant) -> FileRef:
    # Bytes first: a row without its file would be a promise broken; a file without a row is only litter.
    address, digest = storage.put(upload.data)
    row = StoredFile.objects.create(
        root_id=root_id,
        kind=kind,
        name=name,
        media_type=upload.media_type,
        size=len(upload.data),
        pages=upload.pages,
        digest=digest,
        address=address,
        scan=scan,
        created_at=at,
    )
    return FileRef(row.root_id, row.id)
