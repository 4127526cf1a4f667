"""What people do: carry a matter over, type what the other side says, answer its correction, settle what is wrong."""

from dataclasses import replace

from mingqu.exchange import rules
from mingqu.exchange.connectors import registry
from mingqu.exchange.errors import (
    HandoverEnded,
    NotAskedToCorrect,
    NotByHand,
    NothingToResolve,
    NothingToSendAgain,
    NumberMissing,
    NumbersDiffer,
    NumberTaken,
    ReasonMissing,
    ResultIncomplete,
    StateUnknown,
)
from mingqu.exchange.models import Handover, OutsideState
from mingqu.exchange.services.common import QUEUE, Sending, changed, digest_of, locked, news
from mingqu.exchange.services.handing import SEND
from mingqu.exchange.services.hearing import keep
from mingqu.exchange.states_file import read_states
from mingqu.exchange.types import OUTSIDE, Carried, Heard, ImportReport, Telling
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant

CARRY = "exchange.carry"


def read_sheet(*, of: Handover, by: Actor, at: Instant, key: CommandKey) -> None:
    """Who read what goes to the other system, in the clear: it stands in the ledger. Raises NotAuthorised."""
    with command("exchange.read_sheet", of.root_id, by=by, at=at, key=key) as cmd:
        access.require(by, CARRY, of)
        cmd.note(reference=of.reference, system=of.system)
        cmd.done(None)


def type_number(*, of: Handover, number: str, again: str, by: Actor, at: Instant, key: CommandKey) -> Carried:
    """
    It was typed into the other system; its number there, typed twice. Raises NotAuthorised, HandoverEnded, NotByHand,
    NumbersDiffer, NumberTaken.
    """
    with command(CARRY, of.root_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Carried)
        row = locked(of.root_id, of.id)
        access.require(by, CARRY, row)
        _require_open(row)
        if row.connector:
            raise NotByHand()
        plain = "".join(number.split()).upper()
        if not plain or plain != "".join(again.split()).upper():
            raise NumbersDiffer(field="again")
        other = Handover.objects.filter(system=row.system, external_number=plain).exclude(id=row.id).first()
        if other is not None:
            raise NumberTaken(field="number", number=other.number)
        was = row.facts
        row.external_number, row.sending = plain, Sending.SENT
        row.sent_at, row.sent_on = row.sent_at or at, row.sent_on or legal_day(at)
        news(row, at)
        changed(cmd, row, was=was)
        cmd.note(reference=row.reference, number=plain, system=row.system)
        return cmd.done(Carried(row.reference))


def type_state(*, of: Handover, told: Telling, by: Actor, at: Instant) -> Heard:
    """
    What the other system shows of a matter that people carried there. The same again is the same telling. Raises
    NotAuthorised, HandoverEnded, NotByHand, NumberMissing, StateUnknown, ResultIncomplete.
    """
    access.require(by, CARRY, of)
    _require_open(of)
    if not of.connector and not of.external_number:
        raise NumberMissing()
    _require_whole(of, told)
    return keep(of.root_id, of.id, told, how="typed", by=by, at=at)


def _require_whole(of: Handover, told: Telling) -> None:
    """What people bring, typed or in a file, is of a matter that people carry, and says all that its state needs."""
    if of.connector:
        raise NotByHand()
    if told.state not in OUTSIDE:
        raise StateUnknown(field="state", state=told.state)
    if told.state == "refused" and not told.words.strip():
        raise ResultIncomplete(field="words", what="不予办理的理由")
    if told.state == "correction" and not told.words.strip():
        raise ResultIncomplete(field="words", what="对方要补正什么")
    if told.state == "granted" and not told.result.number.strip():
        raise ResultIncomplete(field="result_number", what="结果的编号")


def import_states(*, text: str, system: str, by: Actor, at: Instant) -> ImportReport:
    """
    States by file: each line by our reference or the other side's number, those within the post's scope; a line that
    is wrong, or could not be typed, stops no other. Safe to repeat: what is known already is kept once.
    """
    access.require_may(by, CARRY)
    taken, wrong = 0, []
    scope = access.scope(by, CARRY).q(party="root_id")
    for line, told in read_states(text):
        if isinstance(told, str):
            wrong.append((line, told))
            continue
        rows = Handover.objects.filter(scope, system=system)
        row = (
            rows.filter(reference=told.reference).first()
            or rows.filter(external_number=told.reference.upper()).first()
        )
        if row is None or access.kept_out(by, CARRY, row):
            wrong.append((line, "没有这个流水号或者编号的事项，或者不归您办"))
            continue
        try:
            _require_whole(row, told)
        except DomainError as refused:
            wrong.append((line, refused.message))
            continue
        keep(row.root_id, row.id, replace(told, reference=row.reference), how="file", by=by, at=at)
        taken += 1
    return ImportReport(taken, tuple(wrong))


def answer_correction(*, of: Handover, words: str, by: Actor, at: Instant, key: CommandKey) -> Carried:
    """
    What the other side asked to be corrected goes there, as another round of the same matter. Raises NotAuthorised,
    NotAskedToCorrect, ReasonMissing.
    """
    with command("exchange.answer", of.root_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Carried)
        row = locked(of.root_id, of.id)
        access.require(by, CARRY, row)
        facts = row.facts
        if facts.outside != "correction" or facts.answered or row.sending != Sending.SENT:
            raise NotAskedToCorrect()
        if not words.strip():
            raise ReasonMissing(field="words")
        row.round, row.attempts, row.supplement, row.answers = row.round + 1, 0, words.strip(), row.latest
        row.digest = digest_of(row.payload, row.supplement)
        if row.connector:
            row.sending, row.try_at, row.begun_at = Sending.WAITING, at, None
            cmd.defer(SEND, queue=QUEUE, root_id=row.root_id, handover_id=row.id)
        news(row, at)
        changed(cmd, row, was=facts)
        cmd.note(reference=row.reference, round=row.round)
        cmd.note_digest(digest=row.digest)
        return cmd.done(Carried(row.reference))


def try_again(*, of: Handover, by: Actor, at: Instant, key: CommandKey) -> Carried:
    """What the other side refused, or what waits for its next attempt, is sent now. Raises NothingToSendAgain."""
    with command("exchange.send_again", of.root_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Carried)
        row = locked(of.root_id, of.id)
        access.require(by, CARRY, row)
        under_way = row.begun_at is not None and at - row.begun_at < rules.LEASE
        if row.sending not in (Sending.STUCK, Sending.WAITING) or under_way:
            raise NothingToSendAgain()
        was = row.facts
        row.sending, row.try_at = Sending.WAITING, at
        changed(cmd, row, was=was)
        cmd.defer(SEND, queue=QUEUE, root_id=row.root_id, handover_id=row.id)
        cmd.note(reference=row.reference)
        return cmd.done(Carried(row.reference))


def by_hand(*, of: Handover, reason: str, by: Actor, at: Instant, key: CommandKey) -> Carried:
    """
    The connection does not work: people carry this one over. Not while it may have got there. Raises NotAuthorised,
    HandoverEnded, NothingToSendAgain, ReasonMissing.
    """
    with command("exchange.by_hand", of.root_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Carried)
        row = locked(of.root_id, of.id)
        access.require(by, CARRY, row)
        _require_open(row)
        if not reason.strip():
            raise ReasonMissing(field="reason")
        stuck = row.sending == Sending.STUCK
        if row.round or not (stuck or (row.sending == Sending.WAITING and row.begun_at is None)):
            raise NothingToSendAgain()
        was = row.facts
        row.connector, row.sending, row.try_at = registry.BY_HAND, Sending.BY_HAND, None
        changed(cmd, row, was=was)
        cmd.note(reference=row.reference)
        cmd.note_digest(reason=reason.strip())
        return cmd.done(Carried(row.reference))


def resolve(*, of: Handover, reason: str, by: Actor, at: Instant, key: CommandKey) -> Carried:
    """
    A contradiction, a silence or an end that could not be used was dealt with: said how. Raises NotAuthorised,
    NothingToResolve, ReasonMissing.
    """
    with command("exchange.resolve", of.root_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Carried)
        row = locked(of.root_id, of.id)
        access.require(by, CARRY, row)
        if row.needs not in {"contradicts", "silent", "not_taken"}:
            raise NothingToResolve()
        if not reason.strip():
            raise ReasonMissing(field="reason")
        was, what = row.facts, row.needs
        if what == "contradicts":
            row.contradicts = False
            row.resolved = OutsideState.objects.filter(root_id=row.root_id, handover_id=row.id).count()
        elif what == "silent":
            news(row, at)
        else:
            row.taken, row.sending, row.ended_at = "", Sending.SETTLED, row.ended_at or at
        changed(cmd, row, was=was)
        cmd.note(reference=row.reference, kind=what)
        cmd.note_digest(reason=reason.strip())
        return cmd.done(Carried(row.reference))


def _require_open(row: Handover) -> None:
    if row.ended_at is not None or row.sending in (Sending.CALLED_OFF, Sending.SETTLED):
        raise HandoverEnded()
