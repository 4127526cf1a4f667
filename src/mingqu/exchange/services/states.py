"""
States by file, for systems that can only export one: taken in with a click, read in a job line by line. A line that is
wrong, or could not be typed, stops no other; what is known already is kept once, so that a file may come again.
"""

from dataclasses import replace
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models import F
from procrastinate.contrib.django import app as jobs

from mingqu.documents import services as documents
from mingqu.documents.types import CheckedUpload
from mingqu.exchange.errors import FileUnreadable
from mingqu.exchange.models import Handover, StatesFile, StatesLine
from mingqu.exchange.services.carrying import CARRY, require_whole
from mingqu.exchange.services.common import EXCHANGE, QUEUE
from mingqu.exchange.services.hearing import keep
from mingqu.exchange.states_file import places_of, read_file, told_of
from mingqu.exchange.types import Telling
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.tables import FILE_BYTES
from mingqu.kernel.types import Actor, CommandKey, Instant

WORK = "exchange.read_states"
KIND, MEDIA = "outside_states", "application/octet-stream"
PORTION = 100
PATIENCE = 120  # seconds without a line, after which another worker goes on
NOT_OURS = "没有这个流水号或者编号的事项，或者不归您办"
State, LineState = StatesFile.State, StatesLine.State


def take_in(*, system: str, name: str, data: bytes, by: Actor, at: Instant, key: CommandKey) -> UUID:
    """Kept as it came and read by a job; its id. Raises NotAuthorised, FileUnreadable (empty or too large)."""
    file_id = UUID(str(key))
    with command("exchange.take_states", file_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return file_id
        access.require_may(by, CARRY)
        if not data or len(data) > FILE_BYTES:
            raise FileUnreadable(field="file", what=f"是空的，或者超过{FILE_BYTES // 1_000_000}MB")
        stored = documents.store_file(
            root_id=file_id, kind=KIND, name=name[-120:], upload=CheckedUpload(MEDIA, data, 1), at=at
        )
        digest, post = sha256(data).hexdigest(), _department(by)
        StatesFile.objects.create(
            id=file_id,
            system=system,
            file_name=name[-120:],
            digest=digest,
            file_id=stored.file_id,
            department_id=post[0],
            region_code=post[1],
            by_person=by.id,
            by_post=by.post_id,
            given_at=at,
            moved_at=at,
        )
        cmd.defer(WORK, queue=QUEUE, file_id=file_id)
        cmd.note(system=system, sha256=digest)
        cmd.done(None)
    return file_id


def work(file_id: UUID, at: Instant) -> bool:
    """The next portion; False when nothing is left. Safe to repeat and to run twice at once."""
    row = StatesFile.objects.filter(pk=file_id).first()
    if row is None or not row.at_work:
        return False
    if row.state == State.READING:
        return _read(file_id, at)
    lines = list(StatesLine.objects.filter(file=row, state=LineState.WAITING).order_by("line")[:PORTION])
    places, by = places_of(row.headers), _bringer(row)
    for line in lines:
        state, why = _kept(row, told_of(places, line.cells), by, at)
        _mark(row, line, state, why)
    left = StatesLine.objects.filter(file=row, state=LineState.WAITING).exists()
    ended = {} if left else {"state": State.DONE, "ended_at": at}
    StatesFile.objects.filter(pk=file_id).update(moved_at=at, **ended)
    return left


def sweep(at: Instant) -> int:
    """Files whose worker was struck down get another; how many."""
    stuck = [
        row
        for row in StatesFile.objects.filter(state__in=(State.READING, State.WORKING))
        if (at - row.moved_at).total_seconds() > PATIENCE
    ]
    for row in stuck:
        StatesFile.objects.filter(pk=row.pk).update(moved_at=at)
        jobs.configure_task(WORK, queue=QUEUE).defer(file_id=str(row.pk))
    return len(stuck)


def note_download(*, row: StatesFile, by: Actor, at: Instant) -> None:
    """The wrong lines leave the house as they came: that is written down. Raises NotAuthorised."""
    with command("exchange.take_wrong_states", row.pk, by=by, at=at, key=CommandKey(new_id())) as cmd:
        access.require(by, CARRY, row)
        cmd.note(rows=row.wrong)
        cmd.done(None)


def _read(file_id: UUID, at: Instant) -> bool:
    """Its lines become rows, or it says why it can't be read. One at a time: the row is locked."""
    with transaction.atomic():
        row = StatesFile.objects.select_for_update().filter(pk=file_id, state=State.READING).first()
        if row is None:
            return True  # another worker has read it
        try:
            table = read_file(documents.read_file(row.pk, row.file_id))
        except DomainError as refused:
            row.state, row.why, row.ended_at = State.UNREADABLE, refused.message[:120], at
            row.save(update_fields=["state", "why", "ended_at"])
            return False
        row.headers, row.total, row.state, row.moved_at = table.headers, len(table.rows), State.WORKING, at
        StatesLine.objects.bulk_create(
            (StatesLine(file=row, line=line, cells=cells) for line, cells in table.rows), batch_size=1000
        )
        row.save(update_fields=["headers", "total", "state", "moved_at"])
    return True


def _kept(row: StatesFile, told: Telling | str, by: Actor, at: Instant) -> tuple[str, str]:
    """What became of one line, and why it is wrong."""
    if isinstance(told, str):
        return LineState.WRONG, told
    scope = access.scope(by, CARRY).q(party="root_id")
    rows = Handover.objects.filter(scope, system=row.system)
    found = (
        rows.filter(reference=told.reference).first()
        or rows.filter(external_number=told.reference.upper()).first()
    )
    if found is None or access.kept_out(by, CARRY, found):
        return LineState.WRONG, NOT_OURS
    try:
        require_whole(found, told)
        told = replace(told, reference=found.reference)
        heard = keep(found.root_id, found.id, told, how="file", by=by, at=at)
    except DomainError as refused:
        return LineState.WRONG, refused.message
    return (LineState.KNOWN if heard.verdict == "known" else LineState.TAKEN), ""


def _mark(row: StatesFile, line: StatesLine, state: str, why: str) -> None:
    """Counted once, whichever worker comes first."""
    with transaction.atomic():
        mine = StatesLine.objects.filter(file=row, line=line.line, state=LineState.WAITING)
        if mine.update(state=state, why=why):
            StatesFile.objects.filter(pk=row.pk).update(**{state: F(state) + 1})


def _bringer(row: StatesFile) -> Actor:
    """With the powers that her post has now: what was taken from it meanwhile is not done any more."""
    if row.by_post is None:
        return EXCHANGE
    return Actor("staff", row.by_person, post_id=row.by_post)


def _department(by: Actor) -> tuple[UUID | None, str]:
    if by.post_id is None:
        return None, ""
    department = identity.post_by_code(identity.post_code(by.post_id)).department
    return department.pk, department.region_code
