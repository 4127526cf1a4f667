"""A matter is given to another system, is settled by people, or is not to be handled there any more."""

from collections.abc import Collection
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.clocks import selectors as clocks
from mingqu.exchange import rules
from mingqu.exchange.connectors import registry
from mingqu.exchange.errors import ConnectorUnknown
from mingqu.exchange.models import Handover, HandoverReference
from mingqu.exchange.services.common import EXCHANGE, QUEUE, Sending, changed, digest_of, locked, news
from mingqu.exchange.types import Order
from mingqu.kernel.commands import Command, command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import CommandKey, Instant

SEND = "exchange.send"
RECALL = "exchange.recall"


def handover_id_of(root_id: UUID, part: str) -> UUID:
    """The same each time, so that a matter is handed over once however often it is asked for."""
    return uuid5(NAMESPACE_URL, f"mingqu:handover:{root_id}:{part}")


def hand_over(*, order: Order, at: Instant) -> UUID:
    """
    Write down what goes to the other system and have it sent by a job; safe to repeat. A matter that is `assisted`, or
    whose system nobody connected, waits for people.
    """
    handover_id = handover_id_of(order.root_id, order.part)
    key = CommandKey(uuid5(handover_id, "hand-over"))
    connector = registry.for_system(order.system) if order.where == "handed_over" else registry.BY_HAND
    with command("exchange.hand_over", order.root_id, by=EXCHANGE, at=at, key=key) as cmd:
        if cmd.repeated:
            return handover_id
        payload = [[one.part, one.label, one.value] for one in order.fields]
        day = legal_day(at)
        row = Handover(
            root_id=order.root_id,
            id=handover_id,
            reference=new_id().hex,
            part=order.part,
            where=order.where,
            system=order.system,
            connector=connector,
            number=order.number,
            subject=order.subject,
            department_id=order.department_id,
            region_code=order.region_code,
            item_type=order.item_type,
            post_id=order.post_id,
            payload=payload,
            digest=digest_of(payload),
            sending=Sending.WAITING if connector else Sending.BY_HAND,
            try_at=at if connector else None,
            due_on=clocks.current_calendar().add_working_days(day, order.within) if order.within else None,
            created_at=at,
            within=order.within,
        )
        HandoverReference.objects.create(reference=row.reference, root_id=row.root_id, handover_id=row.id)
        row._state.adding = True
        changed(cmd, row, was=row.facts)
        if connector:
            cmd.defer(SEND, queue=QUEUE, root_id=row.root_id, handover_id=row.id)
        cmd.note(reference=row.reference, system=row.system, part=row.part)
        cmd.note_digest(digest=row.digest)
        cmd.done(None)
    return handover_id


def settle(*, root_id: UUID, part: str, outcome: str, at: Instant) -> None:
    """
    The owner has the result `outcome` (granted, refused), the one that was told or one that a person entered. What the
    other side tells later is still kept; where it differs, a person looks at it. Safe to repeat.
    """
    handover_id = handover_id_of(root_id, part)
    if not Handover.objects.filter(root_id=root_id, id=handover_id).exists():
        return
    key = CommandKey(uuid5(handover_id, f"settle:{outcome}"))
    with command("exchange.settle", root_id, by=EXCHANGE, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(root_id, handover_id)
        was = row.facts
        if row.sending not in (Sending.SETTLED, Sending.CALLED_OFF):
            if row.outside != outcome:
                row.sending, row.try_at, row.begun_at = Sending.SETTLED, None, None
            row.taken, row.outcome, row.ended_at = "taken", outcome, row.ended_at or at
            changed(cmd, row, was=was)
        cmd.note(reference=row.reference, outcome=outcome)
        cmd.done(None)


def not_taken(*, root_id: UUID, part: str, why: str, at: Instant) -> None:
    """The owner could not use the end that was told (`why`: a stable code): a person looks at it. Safe to repeat."""
    handover_id = handover_id_of(root_id, part)
    key = CommandKey(uuid5(handover_id, f"not-taken:{why}"))
    with command("exchange.not_taken", root_id, by=EXCHANGE, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(root_id, handover_id)
        was = row.facts
        if row.taken != "taken":
            row.taken, row.last_reason = "not_taken", why[:60]
            changed(cmd, row, was=was)
        cmd.note(reference=row.reference, why=why)
        cmd.done(None)


def call_off(*, root_id: UUID, parts: Collection[str] | None = None, at: Instant) -> int:
    """
    What is not handled any more (withdrawn, ended); how many. What may have got there is taken back there as well
    (`recalling`), and stays open until the other side has answered. `parts` None: all of this root. Safe to repeat.
    """
    rows = Handover.objects.filter(root_id=root_id, ended_at__isnull=True).exclude(sending=Sending.CALLED_OFF)
    if parts is not None:
        rows = rows.filter(part__in=parts)
    return sum(_call_off(root_id, one, at) for one in list(rows.values_list("id", flat=True)))


def _call_off(root_id: UUID, handover_id: UUID, at: Instant) -> bool:
    key = CommandKey(uuid5(handover_id, "call-off"))
    with command("exchange.call_off", root_id, by=EXCHANGE, at=at, key=key) as cmd:
        if cmd.repeated:
            return False
        row = locked(root_id, handover_id)
        if row.ended_at is not None:
            return False
        was, there = row.facts, _may_be_there(row)
        row.sending, row.try_at = Sending.CALLED_OFF, None
        if there:
            _recall(cmd, row, at)
        else:
            row.ended_at = at
        news(row, at)
        changed(cmd, row, was=was)
        cmd.note(reference=row.reference, system=row.system, state="sent" if there else "")
        cmd.done(None)
    return True


def _may_be_there(row: Handover) -> bool:
    """It was taken there, an attempt is under way or went unanswered, or an earlier round of it was taken."""
    under_way = row.sending == Sending.WAITING and row.begun_at is not None
    return row.sending == Sending.SENT or under_way or row.round > 0


def _recall(cmd: Command, row: Handover, at: Instant) -> None:
    """An attempt under way is let end first: told before it came, the other side would know of nothing to stop."""
    row.recalled_at, row.due_on = at, None
    if not _can_be_told(row.connector):
        row.recall = "people"
        return
    row.recall = "waiting"
    row.recall_at = max(at, row.begun_at + rules.LEASE) if row.begun_at else at
    cmd.defer(RECALL, queue=QUEUE, root_id=row.root_id, handover_id=row.id)


def _can_be_told(connector: str) -> bool:
    try:
        return bool(connector) and registry.named(connector).can_be_recalled
    except ConnectorUnknown:
        return False
