"""What every command on a handover begins and ends with."""

import json
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from mingqu.clocks import selectors as clocks
from mingqu.exchange import rules
from mingqu.exchange.errors import HandoverUnknown
from mingqu.exchange.events import HandoverMoved, HandoverNeedsHand
from mingqu.exchange.models import Handover, HandoverReference
from mingqu.exchange.types import Telling
from mingqu.kernel.commands import Command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

EXCHANGE = Actor.system("exchange")
QUEUE = "exchange"
Sending = Handover.Sending


def locked(root_id: UUID, handover_id: UUID) -> Handover:
    """Nobody else's until the command ends: every change of it begins here. Raises HandoverUnknown."""
    row = Handover.objects.select_for_update().filter(root_id=root_id, id=handover_id).first()
    if row is None:
        raise HandoverUnknown()
    return row


def of_reference(reference: str) -> Handover:
    """Raises HandoverUnknown."""
    found = HandoverReference.objects.filter(pk=reference).first()
    row = found and Handover.objects.filter(root_id=found.root_id, id=found.handover_id).first()
    if not row:
        raise HandoverUnknown()
    return row


def changed(cmd: Command, row: Handover, *, was: rules.Facts) -> None:
    """Written with whom it waits for now; who follows is told what is new."""
    before, row.needs = row.needs, rules.needs(row.facts)
    row.save()
    if (now := rules.shown(row.facts)) != rules.shown(was):
        cmd.publish(HandoverMoved(row.root_id, row.id, row.part, now))
    if row.needs and row.needs != before:
        cmd.publish(HandoverNeedsHand(row.root_id, row.id, row.part, row.needs))


def news(row: Handover, at: Instant) -> None:
    """Something was learned: the silence begins anew, counted in working days."""
    row.heard_at, row.silent = at, False
    row.silent_on = clocks.current_calendar().add_working_days(legal_day(at), rules.SILENT_AFTER)


def digest_of(payload: Sequence[Sequence[str]], supplement: str = "", files: Sequence[str] = ()) -> str:
    """Of what is sent, `files` by their own digests, so that it can be shown later what it was."""
    said = [payload, supplement, *([list(files)] if files else [])]
    return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def content_of(told: Telling) -> str:
    """Of everything a telling says: the same again is the same telling, whichever way it came."""
    said = [
        told.seq,
        told.state,
        told.happened_at.isoformat() if told.seq == 0 else "",
        told.words,
        told.result.number,
        told.result.name,
        told.result.credit_code,
    ]
    return sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
