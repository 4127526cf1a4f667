"""
The package of an archived case: made and checked against its digest by a job (`working`), taken away, handed over to
the archive.
"""

import io
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from mingqu.cases import selectors
from mingqu.cases.archiving import bag, contents, copies
from mingqu.cases.archiving.errors import (
    ArchiveAtWork,
    ArchiveHanded,
    ArchiveNotKept,
    ArchiveNotMade,
    ArchiveNotSound,
    ArchiveReceiverMissing,
    ArchiveTooLarge,
    NotArchivedYet,
)
from mingqu.cases.archiving.selectors import document_numbers, missing_among, record_of, work_of
from mingqu.cases.models import ArchiveRecord, ArchiveWork, Case
from mingqu.cases.types import Done
from mingqu.documents import selectors as documents
from mingqu.documents import services as files
from mingqu.documents.selectors import FileView
from mingqu.documents.types import Reader
from mingqu.identity.services import access
from mingqu.kernel.codelists import code_list
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

PERMISSION = "case.keep_archive"
PERIODS = "retention_period"
WORK, QUEUE = "cases.archive_work", "cases"
MEGABYTES = 200  # of all files of one case together
LONGEST = 60  # letters of the name of who received it


def ask_archive(*, case_id: UUID, deed: str, by: Actor, at: Instant, key: UUID, retention: str = "") -> Done:
    """
    Have the package made, or made again and compared (`deed` of ArchiveWork): a job does it with the authority the
    asker has then. What it was asked before and has not begun is not done any more.

    Raises NotAuthorised, NotArchivedYet, ArchiveHanded, ArchiveNotMade, ArchiveAtWork, UnknownCode, ArchiveTooLarge.
    """
    with command("case.ask_archive", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case, record = _held(case_id, by)
        if deed == ArchiveWork.Deed.CHECK and record is None:
            raise ArchiveNotMade()
        if deed == ArchiveWork.Deed.MAKE:
            if record is not None and record.handed_on is not None:
                raise ArchiveHanded()
            code_list(PERIODS).require(retention, field="retention")
        before = work_of(case)
        if before is not None and before.state == ArchiveWork.State.WAITING:
            raise ArchiveAtWork()
        _lines(case)
        work = ArchiveWork(
            case=case,
            deed=ArchiveWork.Deed(deed),
            retention=retention,
            asked_by=by.id,
            asked_post=by.post_id,
            asked_at=at,
            queued_at=at,
        )
        if before is not None:
            if before.file_root and before.file_id:
                files.forget_one(cmd, before.file_root, before.file_id)
            before.delete()
        work.save(force_insert=True)
        cmd.defer(WORK, queue=QUEUE, case_id=case_id, work_id=work.id)
        cmd.note(deed=str(work.get_deed_display()), retention=retention)
        return cmd.done(Done(case.pk, case.status))


def make_archive(*, case_id: UUID, retention: str, by: Actor, at: Instant, key: UUID) -> bytes:
    """
    Count and seal what the file has; made again before it is handed over, it is to be checked again. The package; b""
    where it was made by this key before.

    Raises NotAuthorised, NotArchivedYet, ArchiveHanded, UnknownCode, ArchiveTooLarge.
    """
    with command("case.make_archive", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return b""
        case, record = _held(case_id, by)
        if record is not None and record.handed_on is not None:
            raise ArchiveHanded()
        code_list(PERIODS).require(retention, field="retention")
        missing = missing_among([case])[case.pk]
        if record is not None and record.lasting is not None:
            copies.forget(cmd, record.id, record.lasting)
        record_id, lines = record.id if record is not None else new_id(), _lines(case)
        kept = copies.make(cmd, case, record_id, lines)
        pieces = [*copies.pieces(record_id, lines, kept)]
        made = _packed(case, retention, missing, pieces, bag.LAYOUT)
        digest = sha256(made).digest()
        ArchiveRecord.objects.update_or_create(
            case=case,
            defaults={
                "id": record_id,
                "lasting": kept,
                "retention": retention,
                "pieces": len(pieces),
                "pages": sum(one.pages for one in pieces if not one.copy_of),
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
        cmd.done(None)
        return made


def check_archive(*, case_id: UUID, by: Actor, at: Instant, key: UUID) -> bytes:
    """
    Make the package again from the files as they lie now: whether it still has the digest written down, and is as its
    own lists say. The package where it is; b"" where it is not. Raises NotAuthorised, NotArchivedYet, ArchiveNotMade.
    """
    with command("case.check_archive", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return b""
        case, record = _made(case_id, by)
        pieces = [*copies.pieces(record.id, _lines(case), record.lasting)]
        layout = bag.BEFORE_COPIES if record.lasting is None else bag.LAYOUT
        again = _packed(case, record.retention, record.missing, pieces, layout)
        sound = sha256(again).digest() == bytes(record.digest) and not [*bag.faults(io.BytesIO(again))]
        ArchiveRecord.objects.filter(case=case).update(checked_at=at, sound=sound)
        cmd.note(package_sound=sound)
        cmd.done(None)
        return again if sound else b""


def take_archive(*, case_id: UUID, by: Actor, at: Instant, reader: Reader | None, key: UUID) -> bytes:
    """
    The package as a job made it, to be carried to the archive; that it was taken is written down, and every file in it
    as read.

    Raises NotAuthorised, NotArchivedYet, ArchiveNotMade, ArchiveNotKept (it was swept: checking makes it again),
    ArchiveNotSound (it is no longer what was written down).
    """
    with command("case.take_archive", case_id, by=by, at=at, key=key) as cmd:
        case, record = _made(case_id, by)
        work = work_of(case)
        if record.sound is False:
            raise ArchiveNotSound()
        if work is None or work.file_id is None or work.file_root is None:
            raise ArchiveNotKept()
        made = files.read_file(work.file_root, work.file_id)
        if sha256(made).digest() != bytes(record.digest):
            raise ArchiveNotSound()
        if reader is not None:
            taken = [file for file, _, _ in _lines(case)]
            for root in {file.root_id for file in taken}:  # its bundle's papers too
                files.note_readings(root, [file.id for file in taken if file.root_id == root], reader)
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


def _lines(case: Case) -> list[tuple[FileView, str, str]]:
    """
    Papers in the order they were made, those of its bundle, then what was handed in, replaced versions too: file,
    title, number.

    Raises ArchiveTooLarge.
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
    return lines


def _packed(case: Case, retention: str, missing: list[str], pieces: list[bag.Piece], layout: str) -> bytes:
    assert case.archived_on is not None  # as its status says
    out = io.BytesIO()
    bag.pack(out, case.number, case.archived_on, _facts(case, retention, missing), pieces, layout=layout)
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
