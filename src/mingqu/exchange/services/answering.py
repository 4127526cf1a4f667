"""
A correction that the other side asked for: answered by the applicant herself, or by people of ours who take it from
her; with files. It goes there as another round of the same matter, under a key of its own.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from mingqu.clocks import selectors as clocks
from mingqu.documents import selectors as stored
from mingqu.documents import services as documents
from mingqu.documents.types import CheckedUpload
from mingqu.exchange.errors import AnswerEmpty, AnswerFilesTooMany, NotAskedToCorrect, NothingToSendAgain
from mingqu.exchange.models import Handover, HandoverFile
from mingqu.exchange.selectors import ANSWER_FILE
from mingqu.exchange.services.common import QUEUE, Sending, changed, digest_of, locked, news
from mingqu.exchange.services.handing import SEND
from mingqu.exchange.types import Carried
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command, require_command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant

CARRY = "exchange.carry"
FILES_MOST = 10
BYTES_MOST = 20_000_000  # of all files of one answer: they go in one parcel

Given = tuple[str, CheckedUpload]


def keep_files(*, root_id: UUID, handover_id: UUID, given: Sequence[Given], at: Instant) -> int:
    """
    Files wait for the answer; how many were kept. The caller has checked that the applicant may. Raises
    NotAskedToCorrect, AnswerFilesTooMany, FileInfected; then none is kept.
    """
    with transaction.atomic():
        row = locked(root_id, handover_id)
        require_asked(row)
        _keep(row, given, at)
    return len(given)


def take_back_file(*, root_id: UUID, handover_id: UUID, file_id: UUID) -> None:
    """One that waits goes nowhere. Raises NotAskedToCorrect."""
    with transaction.atomic():
        row = locked(root_id, handover_id)
        require_asked(row)
        waiting(row).filter(file_id=file_id).update(gone=True)


def answer_of_owner(cmd: Command, *, handover_id: UUID, words: str) -> None:
    """
    The applicant's own answer with the files that wait, inside her command on the root. A matter that people carried
    waits for them to carry this too. Raises NotAskedToCorrect, AnswerEmpty.
    """
    assert require_command() is cmd
    row = locked(cmd.root_id, handover_id)
    require_asked(row)
    if not words.strip() and not waiting(row).exists():
        raise AnswerEmpty(field="words")
    _answer(cmd, row, words, Sending.WAITING if row.connector else Sending.BY_HAND)


def answer_correction(
    *, of: Handover, words: str, by: Actor, at: Instant, key: CommandKey, given: Sequence[Given] = ()
) -> Carried:
    """
    The same by people of ours, who of a matter that they carry tell the other side themselves. Raises NotAuthorised,
    NotAskedToCorrect, AnswerEmpty, AnswerFilesTooMany, FileInfected.
    """
    with command("exchange.answer", of.root_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Carried)
        row = locked(of.root_id, of.id)
        access.require(by, CARRY, row)
        require_asked(row)
        if not words.strip():
            raise AnswerEmpty(field="words")
        _keep(row, given, at)
        _answer(cmd, row, words, Sending.WAITING if row.connector else Sending.SENT)
        return cmd.done(Carried(row.reference))


def carried_over(*, of: Handover, by: Actor, at: Instant, key: CommandKey) -> Carried:
    """People took the applicant's answer to the other system. Raises NotAuthorised, NothingToSendAgain."""
    with command("exchange.carried_over", of.root_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Carried)
        row = locked(of.root_id, of.id)
        access.require(by, CARRY, row)
        if row.sending != Sending.BY_HAND or not row.round or not row.external_number:
            raise NothingToSendAgain()
        was = row.facts
        row.sending = Sending.SENT
        news(row, at)
        changed(cmd, row, was=was)
        cmd.note(reference=row.reference, round=row.round)
        return cmd.done(Carried(row.reference))


def require_asked(row: Handover) -> None:
    """Raises NotAskedToCorrect."""
    facts = row.facts
    if facts.outside != "correction" or facts.answered or row.sending != Sending.SENT:
        raise NotAskedToCorrect()


def waiting(row: Handover) -> QuerySet[HandoverFile]:
    """Files that wait to go with the next round."""
    return HandoverFile.objects.filter(
        root_id=row.root_id, handover_id=row.id, round=row.round + 1, gone=False
    )


def _keep(row: Handover, given: Sequence[Given], at: Instant) -> None:
    there = [stored.file(row.root_id, one).size for one in waiting(row).values_list("file_id", flat=True)]
    sizes = [*there, *(len(upload.data) for _name, upload in given)]
    if len(sizes) > FILES_MOST or sum(sizes) > BYTES_MOST:
        raise AnswerFilesTooMany(field="files", most=FILES_MOST, megabytes=BYTES_MOST // 1_000_000)
    for name, upload in given:
        file = documents.store_upload(root_id=row.root_id, kind=ANSWER_FILE, name=name, upload=upload, at=at)
        HandoverFile.objects.create(
            root_id=row.root_id, handover_id=row.id, round=row.round + 1, file_id=file.file_id, added_at=at
        )


def _answer(cmd: Command, row: Handover, words: str, sending: str) -> None:
    was, files = row.facts, list(waiting(row).values_list("file_id", flat=True))
    row.round, row.attempts, row.supplement, row.answers = row.round + 1, 0, words.strip(), row.latest
    digests = [bytes(stored.file_row(row.root_id, one).digest).hex() for one in files]
    row.digest = digest_of(row.payload, row.supplement, digests)
    row.sending = sending
    if sending == Sending.WAITING:
        row.try_at, row.begun_at = cmd.at, None
        cmd.defer(SEND, queue=QUEUE, root_id=row.root_id, handover_id=row.id)
    if row.due_on is None and row.within:  # its time begins anew with what is corrected (rules.starts_anew)
        row.due_on = clocks.current_calendar().add_working_days(legal_day(cmd.at), row.within)
    news(row, cmd.at)
    changed(cmd, row, was=was)
    cmd.note(reference=row.reference, round=row.round, files=len(files))
    cmd.note_digest(digest=row.digest)
