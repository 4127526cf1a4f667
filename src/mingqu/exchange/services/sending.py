"""
Handing over, in a job: the attempt is written down before the other side hears of it, and ended after. What was struck
down in between, or went out without an answer, is asked for before it is sent again: nothing is lost and nothing sent
twice under two keys.
"""

from hashlib import sha256
from uuid import UUID, uuid5

from procrastinate.contrib.django import app as jobs

from mingqu.documents import selectors as stored
from mingqu.documents import services as documents
from mingqu.documents.types import Reader
from mingqu.exchange import rules
from mingqu.exchange.connectors import health, registry
from mingqu.exchange.connectors.base import Connector
from mingqu.exchange.errors import ConnectorUnknown, SystemUnavailable
from mingqu.exchange.models import Attempt, Handover, HandoverFile
from mingqu.exchange.services.common import EXCHANGE, QUEUE, Sending, changed, locked, news
from mingqu.exchange.services.handing import SEND
from mingqu.exchange.types import Answer, Parcel, ParcelFile, SheetField
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import CommandKey, Instant

SWEEP_BATCH = 200


def send(*, root_id: UUID, handover_id: UUID, at: Instant) -> str:
    """One attempt; what it came to ("" nothing was to be done). Safe to repeat and to run twice at once."""
    begun = _begin(root_id, handover_id, at)
    if begun is None:
        return ""
    row, doubtful = begun
    answer = _answer(row, doubtful, at)
    _end(row, answer, at)
    return answer.outcome


def sweep(at: Instant) -> int:
    """Have everything sent whose time has come, and what was struck down on the way; how many."""
    due = Handover.objects.filter(sending=Sending.WAITING, try_at__lte=at).order_by("try_at")
    found = list(due.values_list("root_id", "id")[:SWEEP_BATCH])
    for root_id, handover_id in found:
        jobs.configure_task(SEND, queue=QUEUE).defer(root_id=str(root_id), handover_id=str(handover_id))
    return len(found)


def parcel_of(row: Handover) -> Parcel:
    fields = tuple(SheetField(label, value, part) for part, label, value in row.payload)
    words = row.supplement or ""
    return Parcel(
        row.reference, row.round, row.system, row.number, row.subject, fields, words, _files_of(row)
    )


def _files_of(row: Handover) -> tuple[ParcelFile, ...]:
    """Those of its latest round; that they left is written down for whoever asks who read them."""
    if not row.round:
        return ()
    found = HandoverFile.objects.filter(root_id=row.root_id, handover_id=row.id, round=row.round, gone=False)
    reader = Reader(EXCHANGE, row.begun_at or row.created_at, SEND)
    ids = list(found.order_by("added_at", "id").values_list("file_id", flat=True))
    made = []
    for one in (stored.file_row(row.root_id, file_id) for file_id in ids):
        data = documents.read_file(row.root_id, one.id, reader=reader)
        made.append(ParcelFile(one.name, one.media_type, sha256(data).hexdigest(), data))
    return tuple(made)


def _begin(root_id: UUID, handover_id: UUID, at: Instant) -> tuple[Handover, bool] | None:
    """The attempt is written down; None where it is not to be made (now). Second: an earlier one may have got there."""
    row = Handover.objects.get(root_id=root_id, id=handover_id)
    if row.sending != Sending.WAITING or row.try_at is None or row.try_at > at:
        return None
    key = CommandKey(uuid5(handover_id, f"try:{row.round}:{row.attempts}:{at.isoformat()}"))
    with command("exchange.try", root_id, by=EXCHANGE, at=at, key=key) as cmd:
        if cmd.repeated:
            return None
        row = locked(root_id, handover_id)
        if row.sending != Sending.WAITING or row.try_at is None or row.try_at > at:
            cmd.turns_out("exchange.look")
            return None
        doubtful = row.begun_at is not None
        row.attempts, row.begun_at, row.try_at = row.attempts + 1, at, at + rules.LEASE
        row.save(update_fields=["attempts", "begun_at", "try_at"])
        cmd.note(reference=row.reference, round=row.round, attempt=row.attempts)
        cmd.done(None)
    return row, doubtful


def _answer(row: Handover, doubtful: bool, at: Instant) -> Answer:
    not_tried = "unknown" if doubtful else "failed"  # an earlier attempt may still have got there
    try:
        connector = registry.named(row.connector)
    except ConnectorUnknown:
        return Answer(not_tried, reason="connector_unknown")
    if health.resting(row.connector, at):
        return Answer(not_tried, reason="resting")
    answer = _asked_or_sent(connector, row, doubtful, at)
    health.note(row.connector, answer, at)
    return answer


def _asked_or_sent(connector: Connector, row: Handover, doubtful: bool, at: Instant) -> Answer:
    """What may have got there is asked for first, where it can be asked for."""
    if doubtful and connector.can_be_asked:
        try:
            known = connector.ask(row.reference)
        except SystemUnavailable:
            return Answer("unknown", reason="cannot_be_asked")
        if known.there and known.round >= row.round:
            return Answer("taken", known.number)
    return connector.send(parcel_of(row), at=at)


def _end(sent: Handover, answer: Answer, at: Instant) -> None:
    """What the attempt came to. An attempt that somebody else took over meanwhile ends nothing."""
    key = CommandKey(uuid5(sent.id, f"end:{sent.round}:{sent.attempts}"))
    with command("exchange.send", sent.root_id, by=EXCHANGE, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(sent.root_id, sent.id)
        was = row.facts
        Attempt.objects.create(
            root_id=row.root_id,
            handover_id=row.id,
            round=sent.round,
            attempt=sent.attempts,
            begun_at=sent.begun_at or at,
            ended_at=at,
            outcome=answer.outcome,
            reason=answer.reason[:60],
        )
        if row.round == sent.round and row.sending == Sending.WAITING:
            _apply(row, sent, answer, at)
            changed(cmd, row, was=was)
        elif row.sending == Sending.CALLED_OFF and answer.number and not row.external_number:
            row.external_number = answer.number  # who has it stopped there knows it by this
            changed(cmd, row, was=was)
        cmd.note(reference=row.reference, round=sent.round, attempt=sent.attempts, outcome=answer.outcome)
        cmd.done(None)


def _apply(row: Handover, sent: Handover, answer: Answer, at: Instant) -> None:
    row.last_reason = answer.reason[:60]
    if answer.outcome == "taken":
        row.sending, row.try_at, row.begun_at = Sending.SENT, None, None
        row.external_number = row.external_number or answer.number
        row.sent_at, row.sent_on = row.sent_at or at, row.sent_on or legal_day(at)
        row.asked_at = at
        news(row, at)
    elif answer.outcome == "refused":
        row.sending, row.try_at, row.begun_at = Sending.STUCK, None, None
    elif row.attempts == sent.attempts:  # else a later attempt is under way: it decides
        if answer.outcome == "failed":
            row.begun_at = None  # it never got there: the next attempt sends, without asking
        row.try_at = at + rules.back_off(row.attempts)
