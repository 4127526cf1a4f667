"""
The relay: gives events to their subscribers, in order per root, each exactly once in effect.

The effects of every subscriber and the `(subscriber, event)` rows commit together, for a few roots at once: where
everything succeeds, as nearly always, they share one transaction. Where something fails each root has its own; a
subscriber that fails there writes a dead letter and is passed over for this root until a retry succeeds, and other
roots and other subscribers go on.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from mingqu.kernel import context
from mingqu.kernel.errors import DomainError
from mingqu.kernel.events import KINDS, SUBSCRIBERS, Event, Subscriber
from mingqu.kernel.json import load
from mingqu.kernel.models import DeadLetter, Delivery, OutboxEvent
from mingqu.kernel.rows import Columns, insert, kept_plans
from mingqu.kernel.types import Instant

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0
ROOTS_PER_ROUND = 100
ROOTS_TOGETHER = (
    8  # in one transaction: its fixed statements and its commit are half of what one root alone takes
)
EVENTS_AT_ONCE = 100
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(hours=1)


def round_once(at: Instant, roots: int = ROOTS_PER_ROUND) -> int:
    """Deliver what is due; the number of events that were completed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT root_id FROM kernel_outboxevent WHERE done_at IS NULL AND try_at <= %s"
            " GROUP BY root_id ORDER BY min(try_at) LIMIT %s",
            [at, roots],
        )
        due = [row[0] for row in cursor.fetchall()]
    return sum(
        _deliver(due[first : first + ROOTS_TOGETHER], at) for first in range(0, len(due), ROOTS_TOGETHER)
    )


_EVENT = Columns(OutboxEvent, "e")
_IN_HAND = (  # those that no other relay has in hand
    "SELECT one FROM unnest(%s::uuid[]) AS one"
    " WHERE pg_try_advisory_xact_lock(hashtextextended(one::text, 77))"
)
_WAITING = (
    f"SELECT {_EVENT} FROM kernel_outboxevent e WHERE e.root_id = ANY(%s) AND e.done_at IS NULL"  # noqa: S608  constants
    f' ORDER BY e.root_id, e."order" LIMIT {EVENTS_AT_ONCE}'
)
_KNOWN = (
    "SELECT subscriber, event_id, false FROM kernel_delivery WHERE root_id = ANY(%s) AND event_id = ANY(%s)"
    " UNION ALL SELECT subscriber, event_id, true FROM kernel_deadletter WHERE root_id = ANY(%s)"
)
# The instants name the months to look into; what waits has a small index of its own.
_DONE = (
    "UPDATE kernel_outboxevent SET done_at = %s, try_at = %s"
    " WHERE root_id = ANY(%s) AND done_at IS NULL AND event_id = ANY(%s) AND at = ANY(%s)"
)


@dataclass
class _Round:
    """What one transaction does. What became of its events is written at the end, in one statement each."""

    at: Instant
    waiting: list[OutboxEvent]  # by root, in order
    had: set[tuple[str, UUID]]
    failed_before: set[tuple[str, UUID]]
    blocked: dict[str, Instant] = field(default_factory=dict)
    given: list[Delivery] = field(default_factory=list)
    done: list[OutboxEvent] = field(default_factory=list)


def _deliver(root_ids: Sequence[UUID], at: Instant) -> int:
    done = _deliver_together(root_ids, at) if len(root_ids) > 1 else None
    return sum(deliver_root(one, at) for one in root_ids) if done is None else done


def _deliver_together(root_ids: Sequence[UUID], at: Instant) -> int | None:
    """Several roots at once; None, and nothing given, if one of them failed now or before."""
    with transaction.atomic(), kept_plans() as cursor:
        this = _begin(cursor, root_ids, at)
        if this.failed_before or not _deliver_all(this):
            return None
        _write(this)
        return len(this.done)


def deliver_root(root_id: UUID, at: Instant) -> int:
    """Deliver one root's waiting events in order; 0 if another relay has this root in hand."""
    with transaction.atomic(), kept_plans() as cursor:
        this = _begin(cursor, [root_id], at)
        if this.failed_before or not _deliver_all(this):
            for event in this.waiting:
                _deliver_event(event, this)
        _write(this)
        return len(this.done)


def _begin(cursor: Any, root_ids: Sequence[UUID], at: Instant) -> _Round:
    cursor.execute(_IN_HAND, [list(root_ids)])
    mine = [row[0] for row in cursor.fetchall()]
    if not mine:
        return _Round(at, [], set(), set())
    cursor.execute(_WAITING, [mine])
    waiting = [_EVENT.instance(row) for row in cursor.fetchall()]
    cursor.execute(_KNOWN, [mine, [event.event_id for event in waiting], mine])
    rows = cursor.fetchall()
    return _Round(
        at,
        waiting,
        had={(subscriber, event_id) for subscriber, event_id, failed in rows if not failed},
        failed_before={(subscriber, event_id) for subscriber, event_id, failed in rows if failed},
    )


def _deliver_all(this: _Round) -> bool:
    """
    To everybody under one savepoint, as nearly always succeeds; a savepoint each is twice the statements.

    False, and nothing given, if one of them failed: whose fault it was is found by giving each its own.
    """
    given: list[Delivery] = []
    many: dict[Callable[..., None], list[Event]] = {}
    try:
        with transaction.atomic():
            for row in this.waiting:
                for subscriber in SUBSCRIBERS.get(row.name, []):
                    if (subscriber.name, row.event_id) in this.had:
                        continue
                    if subscriber.of_many:
                        many.setdefault(subscriber.receive, []).append(_event(row))
                        given.append(_delivery(subscriber, row))
                    else:
                        given.append(_give(subscriber, row))
            for receive, events in many.items():
                receive(events)
    except Exception as error:  # noqa: BLE001 - told, with its dead letter, when each is tried alone
        roots = ", ".join(sorted({str(row.root_id) for row in this.waiting}))
        log.info("one of the subscribers of %s failed (%s): each alone", roots, type(error).__name__)
        return False
    this.given, this.done = given, list(this.waiting)
    return True


def _deliver_event(row: OutboxEvent, this: _Round) -> None:
    try_at: list[Instant] = []
    for subscriber in SUBSCRIBERS.get(row.name, []):
        if (subscriber.name, row.event_id) in this.had:
            continue
        if subscriber.name in this.blocked:
            try_at.append(this.blocked[subscriber.name])
            continue
        retry = _hand_over(subscriber, row, this)
        if retry is not None:
            this.blocked[subscriber.name] = retry
            try_at.append(retry)
    if try_at:
        OutboxEvent.objects.filter(root_id=row.root_id, event_id=row.event_id, at=row.at).update(
            try_at=min(try_at)
        )
    else:
        this.done.append(row)


def _hand_over(subscriber: Subscriber, row: OutboxEvent, this: _Round) -> Instant | None:
    """Call one subscriber; None when it succeeded, else when to try again."""
    try:
        with transaction.atomic():
            this.given.append(_give(subscriber, row))
    except Exception as error:  # noqa: BLE001 - whatever a subscriber raises must not stop other roots
        return _bury(subscriber, row, error, this.at)
    return None


def _give(subscriber: Subscriber, row: OutboxEvent) -> Delivery:
    if subscriber.of_many:
        subscriber.receive([_event(row)])
    else:
        subscriber.receive(_event(row), at=row.at)
    return _delivery(subscriber, row)


def _event(row: OutboxEvent) -> Event:
    event: Event = load(KINDS[row.name], row.payload)
    return event


def _delivery(subscriber: Subscriber, row: OutboxEvent) -> Delivery:
    return Delivery(root_id=row.root_id, event_id=row.event_id, subscriber=subscriber.name)


def _write(this: _Round) -> None:
    insert(this.given)
    for one in this.given:
        if (one.subscriber, one.event_id) in this.failed_before:
            DeadLetter.objects.filter(
                root_id=one.root_id, event_id=one.event_id, subscriber=one.subscriber
            ).delete()
    if this.done:
        roots, instants = {event.root_id for event in this.done}, {event.at for event in this.done}
        ids = [event.event_id for event in this.done]
        with kept_plans() as cursor:
            cursor.execute(_DONE, [this.at, this.at, list(roots), ids, sorted(instants)])


def _bury(subscriber: Subscriber, row: OutboxEvent, error: Exception, at: Instant) -> Instant:
    what = f"{type(error).__name__}: {error.code}" if isinstance(error, DomainError) else type(error).__name__
    letter, made = DeadLetter.objects.get_or_create(
        root_id=row.root_id,
        event_id=row.event_id,
        subscriber=subscriber.name,
        defaults={"event_name": row.name, "error": what, "first_at": at, "last_at": at},
    )
    if not made:
        DeadLetter.objects.filter(
            root_id=row.root_id, event_id=row.event_id, subscriber=subscriber.name
        ).update(attempts=letter.attempts + 1, error=what, last_at=at)
    # The traceback may hold values of people: where the error arose is enough to find it.
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    where = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "?"
    log.error("subscriber %s failed on %s %s: %s at %s", subscriber.name, row.name, row.event_id, what, where)
    attempts = letter.attempts + (0 if made else 1)
    wait: timedelta = min(FIRST_RETRY * 2 ** min(attempts - 1, 12), LONGEST_RETRY)
    return at + wait


def retry_now(root_id: UUID, at: Instant) -> None:
    """Let a blocked root be tried in the next round (the dead-letter page's button)."""
    OutboxEvent.objects.filter(root_id=root_id, done_at=None).update(try_at=at)


def lag_seconds(at: Instant) -> float:
    """
    How long the oldest event that has not failed has been waiting; what `/readyz` and the health page show.

    Counted from when the event was written, which its id holds (UUID 7), not from when it counts in law.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.event_id FROM kernel_outboxevent e WHERE e.done_at IS NULL AND NOT EXISTS"
            " (SELECT FROM kernel_deadletter d WHERE d.root_id = e.root_id) ORDER BY e.event_id LIMIT 1"
        )
        oldest = cursor.fetchone()
    if not oldest:
        return 0.0
    written: float = (oldest[0].int >> 80) / 1000
    return max(0.0, at.timestamp() - written)


def run(stopping: Callable[[], bool]) -> None:
    """Deliver until told to stop; sleeps on NOTIFY, at most POLL_SECONDS."""
    while not stopping():
        context.request_id.set("")
        if round_once(timezone.now()):
            continue
        _wait()


def _wait() -> None:
    connection.ensure_connection()
    raw = connection.connection
    if raw is None:
        time.sleep(POLL_SECONDS)
        return
    raw.execute("LISTEN mingqu_outbox")
    for _ in raw.notifies(timeout=POLL_SECONDS, stop_after=1):
        break
