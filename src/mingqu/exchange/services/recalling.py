"""
撤回: the applicant took back what the other side has, or may have. It is told in a job, under one key, until it
answers; telling it again means the same. That it stops, or had decided, is shown as it says so and not before.
"""

from uuid import UUID, uuid5

from procrastinate.contrib.django import app as jobs

from mingqu.exchange import rules
from mingqu.exchange.connectors import health, registry
from mingqu.exchange.errors import ConnectorUnknown, SystemUnavailable
from mingqu.exchange.models import Handover
from mingqu.exchange.services.common import EXCHANGE, QUEUE, changed, locked
from mingqu.exchange.services.handing import RECALL
from mingqu.exchange.services.hearing import keep
from mingqu.exchange.types import Answer
from mingqu.kernel.commands import command
from mingqu.kernel.types import CommandKey, Instant

SWEEP_BATCH = 200


def recall(*, root_id: UUID, handover_id: UUID, at: Instant) -> str:
    """One attempt to have it stopped there; what it came to ("" nothing was to be told now). Safe to repeat."""
    row = Handover.objects.get(root_id=root_id, id=handover_id)
    if row.recall not in rules.TO_TELL or row.recall_at is None or row.recall_at > at:
        return ""
    mine = Handover.objects.filter(root_id=root_id, id=handover_id, recall_at=row.recall_at)
    if not mine.filter(recall__in=rules.TO_TELL).update(recall_at=at + rules.LEASE):
        return ""  # another worker tells it
    answer = _told(row, at)
    _end(row, answer, at)
    return answer.outcome


def sweep(at: Instant) -> int:
    """Have everything told whose time has come; how many."""
    due = Handover.objects.filter(recall__in=rules.TO_TELL, recall_at__lte=at).order_by("recall_at")
    found = list(due.values_list("root_id", "id")[:SWEEP_BATCH])
    for root_id, handover_id in found:
        jobs.configure_task(RECALL, queue=QUEUE).defer(root_id=str(root_id), handover_id=str(handover_id))
    return len(found)


def _told(row: Handover, at: Instant) -> Answer:
    try:
        connector = registry.named(row.connector)
    except ConnectorUnknown:
        return Answer("failed", reason="connector_unknown")
    if health.resting(row.connector, at):
        return Answer("failed", reason="resting")
    answer = connector.recall(row.reference, row.external_number, at=at)
    health.note(row.connector, answer, at)
    if answer.outcome == "refused" and connector.can_be_asked:
        try:
            known = connector.ask(row.reference)
        except SystemUnavailable:
            return answer  # why it does not stop is told later, or asked by who deals with it
        for told in known.tellings:
            keep(row.root_id, row.id, told, how="asked", by=EXCHANGE, at=at)
    return answer


def _end(told: Handover, answer: Answer, at: Instant) -> None:
    key = CommandKey(uuid5(told.id, f"recall:{told.recall_tries}:{at.isoformat()}"))
    with command(RECALL, told.root_id, by=EXCHANGE, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(told.root_id, told.id)
        was = row.facts
        if row.recall in rules.TO_TELL:  # else a person dealt with it meanwhile, or it was decided
            _apply(row, answer, at)
            changed(cmd, row, was=was)
        cmd.note(reference=row.reference, outcome=answer.outcome)
        cmd.done(None)


def _apply(row: Handover, answer: Answer, at: Instant) -> None:
    row.last_reason, row.recall_tries = answer.reason[:60], row.recall_tries + 1
    if answer.outcome == "taken":
        row.recall, row.recall_at, row.ended_at = "stopped", None, at
    elif answer.outcome == "refused":
        row.recall, row.recall_at = "refused", None
    else:
        row.recall = "overdue" if row.recall_tries >= rules.RECALL_OVERDUE else "waiting"
        row.recall_at = at + rules.back_off(row.recall_tries)
