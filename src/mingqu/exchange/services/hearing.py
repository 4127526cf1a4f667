"""
What the other side says, by itself, when asked, in a file or by the hand of a clerk: all one way in. Each telling is
kept once; where the matter stands follows from all of them together, so that their order is of no matter.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Q
from procrastinate.contrib.django import app as jobs

from mingqu.clocks import selectors as clocks
from mingqu.exchange import rules
from mingqu.exchange.connectors import health, registry
from mingqu.exchange.errors import ReferenceUnknown, SystemUnavailable
from mingqu.exchange.models import Attempt, Handover, HandoverReference, OutsideState
from mingqu.exchange.services.common import EXCHANGE, QUEUE, Sending, changed, content_of, locked, news
from mingqu.exchange.types import Answer, Heard, Telling
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant

LOOK = "exchange.look"
ASK_AFTER = timedelta(minutes=2)  # first asked so long after it was sent
ASK_AGAIN = timedelta(minutes=30)
SWEEP_BATCH = 200


def hear(*, connector: str, told: Telling, at: Instant) -> Heard:
    """
    A telling whose signature was verified; the same again does nothing. Raises ReferenceUnknown, which is written into
    the ledger of the connection: somebody there believes that we handed it over.
    """
    found = HandoverReference.objects.filter(pk=told.reference).first()
    row = found and Handover.objects.filter(root_id=found.root_id, id=found.handover_id).first()
    if not row or row.connector != connector:
        _note_unknown(connector, told, at)
        raise ReferenceUnknown()
    return keep(row.root_id, row.id, told, how="told", by=EXCHANGE, at=at)


def keep(root_id: UUID, handover_id: UUID, told: Telling, *, how: str, by: Actor, at: Instant) -> Heard:
    """The one way in for every telling, whoever brought it; the caller has checked that it may."""
    content = content_of(told)
    key = CommandKey(uuid5(handover_id, f"heard:{content}"))
    if OutsideState.objects.filter(root_id=root_id, handover_id=handover_id, content=content).exists():
        return Heard("known")
    name = "exchange.carry" if by.kind == "staff" else "exchange.hear"
    with command(name, root_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return Heard("known")
        row = locked(root_id, handover_id)
        person = by.id if by.kind == "staff" else None
        OutsideState.objects.create(
            root_id=root_id,
            handover_id=handover_id,
            seq=told.seq,
            state=told.state,
            happened_at=told.happened_at,
            content=content,
            number=told.number,
            words=told.words,
            result=_result(told),
            how=how,
            heard_at=at,
            person_id=person,
        )
        verdict = _stand(cmd, row, told, at)
        cmd.note(reference=row.reference, state=told.state, verdict=verdict, way=how)
        return cmd.done(Heard(verdict))


def look(*, root_id: UUID, handover_id: UUID, at: Instant) -> str:
    """Ask how a matter stands and keep what is said; in a job, safe to repeat. "" where there was nobody to ask."""
    row = Handover.objects.get(root_id=root_id, id=handover_id)
    if not row.connector or row.sending != Sending.SENT or row.ended_at is not None:
        return ""
    connector = registry.named(row.connector)
    if not connector.can_be_asked or health.resting(row.connector, at):
        return ""
    _asked(row, at)
    try:
        known = connector.ask(row.reference)
    except SystemUnavailable:
        health.note(row.connector, Answer("failed", reason="cannot_be_asked"), at)
        return "unavailable"
    health.note(row.connector, Answer("taken"), at)
    if not known.there:
        return "missing"  # the daily reconciliation shows it, with who answers for it
    for told in known.tellings:
        keep(root_id, handover_id, told, how="asked", by=EXCHANGE, at=at)
    return "asked"


def sweep(at: Instant) -> int:
    """Have everything asked for that was not told of for a while; how many."""
    open_ones = Handover.objects.filter(sending=Sending.SENT, ended_at__isnull=True).exclude(connector="")
    first = Q(heard_at__lt=at - ASK_AFTER, outside="", asked_at__lt=at - ASK_AFTER)
    due = open_ones.filter(first | Q(asked_at__lt=at - ASK_AGAIN)).order_by("asked_at")
    found = list(due.values_list("root_id", "id")[:SWEEP_BATCH])
    for root_id, handover_id in found:
        jobs.configure_task(LOOK, queue=QUEUE).defer(root_id=str(root_id), handover_id=str(handover_id))
    return len(found)


def flag_silent(at: Instant) -> list[tuple[UUID, UUID]]:
    """Matters of which nothing was heard for rules.SILENT_AFTER working days: (root, handover) of each."""
    due = Handover.objects.filter(
        sending=Sending.SENT, silent=False, ended_at__isnull=True, silent_on__lt=legal_day(at)
    ).order_by("silent_on")
    return list(due.values_list("root_id", "id")[:SWEEP_BATCH])


def note_silence(root_id: UUID, handover_id: UUID, at: Instant) -> bool:
    """One of them; False where something was heard meanwhile. Safe to repeat."""
    key = CommandKey(uuid5(handover_id, f"silent:{legal_day(at).isoformat()}"))
    with command("exchange.silent", root_id, by=EXCHANGE, at=at, key=key) as cmd:
        if cmd.repeated:
            return False
        row = locked(root_id, handover_id)
        open_ = row.sending == Sending.SENT and row.ended_at is None and not row.silent
        if not open_ or row.silent_on is None or row.silent_on >= legal_day(at):
            cmd.turns_out(LOOK)
            return False
        was, row.silent = row.facts, True
        changed(cmd, row, was=was)
        cmd.note(reference=row.reference, since=row.silent_on)
        cmd.done(None)
    return True


def stand(row: Handover) -> tuple[rules.Standing, int]:
    """From all that was told; how many tellings there are."""
    rows = OutsideState.objects.filter(root_id=row.root_id, handover_id=row.id)
    told = [
        rules.Told(seq, happened_at, state, content)
        for seq, happened_at, state, content in rows.values_list("seq", "happened_at", "state", "content")
    ]
    return rules.standing(told), len(told)


def _stand(cmd: Command, row: Handover, told: Telling, at: Instant) -> str:
    """Where the row stands with the new telling; what that came to."""
    was, before = row.facts, row.latest
    found, many = stand(row)
    assert found.last is not None
    holds = OutsideState.objects.get(root_id=row.root_id, handover_id=row.id, content=found.last.content)
    row.outside, row.latest, row.as_of = holds.state, holds.content, holds.happened_at
    row.said, row.result = holds.words, holds.result
    otherwise = bool(row.outcome) and holds.state in rules.FINAL and holds.state != row.outcome
    row.contradicts = (found.contradicts or otherwise) and many > row.resolved
    row.external_number = row.external_number or told.number
    if row.sending == Sending.WAITING and row.round == 0:
        _arrived(
            row, at
        )  # the answer to the parcel was lost or is still on its way: this proves that it got there
    news(row, at)
    _time_there(row, found.before)
    if row.sending == Sending.CALLED_OFF:
        _decided_after_all(row)
    elif holds.state in rules.FINAL and row.ended_at is None and row.taken != "not_taken":
        row.ended_at = at
    changed(cmd, row, was=was)
    if row.contradicts and not was.contradicts:
        return "contradicts"
    return "moved" if row.latest != before else "kept"


def _time_there(row: Handover, before: Sequence[str]) -> None:
    """
    Its own time does not run while it waits for corrected materials that it asked for before it accepted. That it had
    accepted may be told late: then the time has run all along.
    """
    asks = row.outside == "correction" and row.answers != row.latest
    if not asks or row.sending == Sending.CALLED_OFF:
        return
    if rules.starts_anew(before):
        row.due_on = None
    elif row.due_on is None and row.within:
        row.due_on = clocks.current_calendar().add_working_days(legal_day(_began(row)), row.within)


def _began(row: Handover) -> Instant:
    """When its time began: with the first attempt of this round, or, of the first round, as it was handed over."""
    tries = Attempt.objects.filter(root_id=row.root_id, handover_id=row.id, round=row.round)
    first = tries.order_by("begun_at").values_list("begun_at", flat=True).first() if row.round else None
    return first or row.created_at


def _decided_after_all(row: Handover) -> None:
    """It was taken back here, and there an end was told: nothing is to be stopped any more, a person looks at it."""
    if row.outside in rules.FINAL and row.recall != "settled":
        row.recall, row.recall_at, row.ended_at = "refused", None, None


def _arrived(row: Handover, at: Instant) -> None:
    row.sending, row.try_at, row.begun_at = Sending.SENT, None, None
    row.sent_at, row.sent_on, row.asked_at = row.sent_at or at, row.sent_on or legal_day(at), at


def _asked(row: Handover, at: Instant) -> None:
    """When it was asked for last is a mark for the sweep, no deed."""
    Handover.objects.filter(root_id=row.root_id, id=row.id).update(asked_at=at)


def _result(told: Telling) -> dict[str, str]:
    result = told.result
    found = {"number": result.number, "name": result.name, "credit_code": result.credit_code}
    return found if any(found.values()) else {}


def _note_unknown(connector: str, told: Telling, at: Instant) -> None:
    root = uuid5(NAMESPACE_URL, f"mingqu:exchange:{connector}")
    key = CommandKey(uuid5(root, f"{told.reference}:{content_of(told)}"))
    with command("exchange.hear_unknown", root, by=EXCHANGE, at=at, key=key) as cmd:
        if not cmd.repeated:
            cmd.note(reference=told.reference[:64], state=told.state)
            cmd.done(None)
