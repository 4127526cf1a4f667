"""The package of an archived case: made, checked against its digest, taken away, handed over to the archive."""

import io
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from mingqu.cases import selectors
from mingqu.cases.archiving import bag, contents
from mingqu.cases.archiving.errors import (
    ArchiveHanded,
    ArchiveNotMade,
    ArchiveNotSound,
    ArchiveReceiverMissing,
    ArchiveTooLarge,
    NotArchivedYet,
)
from mingqu.cases.archiving.selectors import document_numbers, missing_among, record_of
from mingqu.cases.models import ArchiveRecord, Case
from mingqu.cases.types import Done
from mingqu.documents import selectors as documents
from mingqu.documents import services as files
from mingqu.documents.selectors import FileView
from mingqu.documents.types import Reader
from mingqu.identity.services import access
from mingqu.kernel.codelists import code_list
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

PERMISSION = "case.keep_archive"
PERIODS = "retention_period"
MEGABYTES = 200  # of all files of one case together
LONGEST = 60  # letters of the name of who received it


def make_archive(*, case_id: UUID, retention: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    Count and seal what the file has; made again before it is handed over, it is to be checked again.

    Raises NotAuthorised, NotArchivedYet, ArchiveHanded, UnknownCode, ArchiveTooLarge.
    """
    with command("case.make_archive", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case, record = _held(case_id, by)
        if record is not None and record.handed_on is not None:
            raise ArchiveHanded()
        code_list(PERIODS).require(retention, field="retention")
        missing = missing_among([case])[case.pk]
        pieces = _pieces(case, None)
        made = _packed(case, retention, missing, pieces)
        digest = sha256(made).digest()
        ArchiveRecord.objects.update_or_create(
            case=case,
            defaults={
                "retention": retention,
                "pieces": len(pieces),
                "pages": sum(one.pages for one in pieces),
                "size": len(made),
                "digest": digest,
                "missing": missing,
                "made_at": at,
                "made_by_post": by.post_id,
                "checked_at": None,
                "sound": None,
            },
        )
        cmd.note(retention=retention, archive_files=len(pieces), package_digest=digest.hex())
        return cmd.done(Done(case.pk, case.status))


def check_archive(*, case_id: UUID, by: Actor, at: Instant, key: UUID) -> bool:
    """
    Make the package again from the files as they lie now: whether it still has the digest written down, and is as its
    own lists say. Raises NotAuthorised, NotArchivedYet, ArchiveNotMade.
    """
    with command("case.check_archive", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(bool)
        case, record = _made(case_id, by)
        again = _packed(case, record.retention, record.missing, _pieces(case, None))
        sound = sha256(again).digest() == bytes(record.digest) and not [*bag.faults(io.BytesIO(again))]
        ArchiveRecord.objects.filter(case=case).update(checked_at=at, sound=sound)
        cmd.note(package_sound=sound)
        return cmd.done(sound)


def take_archive(*, case_id: UUID, by: Actor, at: Instant, reader: Reader, key: UUID) -> bytes:
    """
    The package, to be carried to the archive; that it was taken is written down, and every file in it as read.

    Raises NotAuthorised, NotArchivedYet, ArchiveNotMade, ArchiveNotSound (it is no longer what was written down).
    """
    with command("case.take_archive", case_id, by=by, at=at, key=key) as cmd:
        case, record = _made(case_id, by)
        made = _packed(case, record.retention, record.missing, _pieces(case, reader))
        if sha256(made).digest() != bytes(record.digest):
            raise ArchiveNotSound()
        if not cmd.repeated:
            cmd.note(package_digest=bytes(record.digest).hex())
            cmd.done(None)
        return made


def hand_over_archive(*, case_id: UUID, to: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    Written down that the archive has it; written down again, the later one counts (a wrong name is put right).

    Raises NotAuthorised, NotArchivedYet, ArchiveNotMade, ArchiveNotSound, ArchiveReceiverMissing.
    """
    with command("case.hand_over_archive", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case, record = _made(case_id, by)
        if not record.sound:
            raise ArchiveNotSound()
        if not 0 < len(name := to.strip()) <= LONGEST:
            raise ArchiveReceiverMissing(field="to")
        ArchiveRecord.objects.filter(case=case).update(handed_on=legal_day(at), handed_to=name)
        cmd.note(handed_to=name, retention=record.retention)
        return cmd.done(Done(case.pk, case.status))


def _held(case_id: UUID, by: Actor) -> tuple[Case, ArchiveRecord | None]:
    case = selectors.case_for_update(case_id)
    access.require(by, PERMISSION, case)
    if case.status != Case.Status.ARCHIVED:
        raise NotArchivedYet()
    return case, record_of(case)


def _made(case_id: UUID, by: Actor) -> tuple[Case, ArchiveRecord]:
    case, record = _held(case_id, by)
    if record is None:
        raise ArchiveNotMade()
    return case, record


def _pieces(case: Case, reader: Reader | None) -> list[bag.Piece]:
    """
    Papers in the order they were made, those of its bundle, then what was handed in, replaced versions too.
    """
    stored = {one.id: one for one in documents.files_of(case.pk)}
    if case.bundle_id:
        stored |= {one.id: one for one in documents.files_of(case.bundle_id)}
    of_bundle = contents.of_bundle(case)
    papers = [one for one in documents.documents_of(case.pk) if one.state == "ready" and one.file_id]
    names = {m.code: m.name for m in selectors.definition_of(case).materials}
    lines: list[tuple[FileView, str, str]] = [
        (stored[one.file_id], one.title, one.number) for one in (*papers, *of_bundle) if one.file_id in stored
    ]
    lines += [
        (stored[one.file_id], names.get(one.material_code, one.material_code), "")
        for one in selectors.files_of(case, all_versions=True)
        if one.file_id in stored
    ]
    if sum(file.size for file, _, _ in lines) > MEGABYTES * 1_000_000:
        raise ArchiveTooLarge(megabytes=MEGABYTES)
    return [
        bag.Piece(
            path=bag.path_of(order, file.kind, file.media_type),
            title=title,
            number=number,
            media_type=file.media_type,
            pages=file.pages,
            data=files.read_file(file.root_id, file.id, reader=reader),
        )
        for order, (file, title, number) in enumerate(lines, start=1)
    ]


def _packed(case: Case, retention: str, missing: list[str], pieces: list[bag.Piece]) -> bytes:
    assert case.archived_on is not None  # as its status says
    out = io.BytesIO()
    bag.pack(out, case.number, case.archived_on, _facts(case, retention, missing), pieces)
    return out.getvalue()


def _facts(case: Case, retention: str, missing: list[str]) -> dict[str, Any]:
    """What is known of an archived case; nothing of it changes any more. Days as in the file, empty where none."""
    return {
        "number": case.number,
        "document_number": document_numbers([case.pk]).get(case.pk, ""),
        "item": {"code": case.item_code, "name": case.item_name, "handling": case.handling_item},
        "organ": {"code": case.department.code, "name": case.department.name},
        "applicant": case.party_name or case.applicant_name or "",
        "outcome": case.get_outcome_display() if case.outcome else "",
        "received_on": _day(case.received_on),
        "accepted_on": _day(case.accepted_on),
        "decided_on": _day(case.decided_on),
        "delivered_on": _day(case.delivered_on),
        "archived_on": _day(case.archived_on),
        "retention": {"code": retention, "name": code_list(PERIODS).name(retention)},
        "missing": [documents.title_of(kind) for kind in missing],
        **contents.record(case),
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
