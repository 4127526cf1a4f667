"""What people do: carry a matter over, type what the other side says, settle what is wrong."""

from mingqu.exchange import rules
from mingqu.exchange.connectors import registry
from mingqu.exchange.errors import (
    HandoverEnded,
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
from mingqu.exchange.services.common import QUEUE, Sending, changed, locked, news
from mingqu.exchange.services.handing import RECALL, SEND
from mingqu.exchange.services.hearing import keep
from mingqu.exchange.types import OUTSIDE, Carried, Heard, Telling
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
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
    if of.recall != "people":  # taken back, and people find out over there what became of it
        _require_open(of)
    if not of.connector and not of.external_number:
        raise NumberMissing()
    require_whole(of, told)
    return keep(of.root_id, of.id, told, how="typed", by=by, at=at)


def require_whole(of: Handover, told: Telling) -> None:
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


def try_again(*, of: Handover, by: Actor, at: Instant, key: CommandKey) -> Carried:
    """
    What the other side refused, or what waits for its next attempt, is sent now; of what was taken back, that it was.
    Raises NothingToSendAgain.
    """
    with command("exchange.send_again", of.root_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Carried)
        row = locked(of.root_id, of.id)
        access.require(by, CARRY, row)
        if row.recall in rules.TO_TELL:
            return _tell_again(cmd, row, at)
        under_way = row.begun_at is not None and at - row.begun_at < rules.LEASE
        if row.sending not in (Sending.STUCK, Sending.WAITING) or under_way:
            raise NothingToSendAgain()
        was = row.facts
        row.sending, row.try_at = Sending.WAITING, at
        changed(cmd, row, was=was)
        cmd.defer(SEND, queue=QUEUE, root_id=row.root_id, handover_id=row.id)
        cmd.note(reference=row.reference)
        return cmd.done(Carried(row.reference))


def _tell_again(cmd: Command, row: Handover, at: Instant) -> Carried:
    if row.begun_at is not None and at - row.begun_at < rules.LEASE:
        raise NothingToSendAgain()  # the parcel may be on its way: told before it, nothing would be there to stop
    row.recall_at = at
    row.save(update_fields=["recall_at"])
    cmd.defer(RECALL, queue=QUEUE, root_id=row.root_id, handover_id=row.id)
    cmd.note(reference=row.reference, recall=True)
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
    A contradiction, a silence, an end that could not be used, or what was taken back and is not known to stop there was
    dealt with: said how. Raises NotAuthorised, NothingToResolve, ReasonMissing.
    """
    with command("exchange.resolve", of.root_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Carried)
        row = locked(of.root_id, of.id)
        access.require(by, CARRY, row)
        if row.needs not in rules.RESOLVED_BY_PEOPLE:
            raise NothingToResolve()
        if not reason.strip():
            raise ReasonMissing(field="reason")
        was, what = row.facts, row.needs
        if what == "contradicts":
            row.contradicts = False
            row.resolved = OutsideState.objects.filter(root_id=row.root_id, handover_id=row.id).count()
        elif what == "silent":
            news(row, at)
        elif what in ("recall", "too_late"):
            _recalled(row, what, at)
        else:
            row.taken, row.sending, row.ended_at = "", Sending.SETTLED, row.ended_at or at
        changed(cmd, row, was=was)
        cmd.note(reference=row.reference, kind=what)
        cmd.note_digest(reason=reason.strip())
        return cmd.done(Carried(row.reference))


def _recalled(row: Handover, what: str, at: Instant) -> None:
    """People told the other side, and it stops; or they dealt with an end that came all the same."""
    row.recall, row.recall_at, row.ended_at = "stopped" if what == "recall" else "settled", None, at
    row.contradicts = False
    row.resolved = OutsideState.objects.filter(root_id=row.root_id, handover_id=row.id).count()


def _require_open(row: Handover) -> None:
    if row.ended_at is not None or row.sending in (Sending.CALLED_OFF, Sending.SETTLED):
        raise HandoverEnded()
