"""
Getting messages out of the house: queued beside the fact, handed over by a job, off every request's path.

A sender takes rows under a lease and commits that before it calls a provider. If it dies between the call and the mark,
the lease runs out and the message is UNKNOWN to us: it is handed over again only to a channel that tells repetitions by
our reference; of any other nobody on this side can know, the message ends as unknown, and is shown so. It is never
asked of a second provider, so no message is sent twice; the fact itself stands in the inbox in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.types import Instant
from mingqu.notifications import rules, selectors
from mingqu.notifications.channels import health, registry
from mingqu.notifications.channels.base import SMS, Answer, Channel, Outcome, Parcel
from mingqu.notifications.models import Attempt, Choices, Outgoing, SentOnDay
from mingqu.notifications.services import ways

BATCH: Final = 200
AT_ONCE: Final = 8  # calls to a provider at one time
LEASE: Final = timedelta(minutes=2)  # longer than the longest call
ASK_AGAIN: Final = timedelta(seconds=30)  # what is unknown, of a channel that tells repetitions
ALL_REST: Final = timedelta(seconds=20)
STALE: Final = timedelta(days=3)  # a fact this old is no news: it stays in the inbox alone
STALE_CODE: Final = timedelta(minutes=10)  # a code that nobody waits for any more
MORNING: Final = time(7)
State = Outgoing.State
OPEN: Final = (State.QUEUED, State.SENDING)


@dataclass
class Handed:
    """A row that was handed over, and what came of it."""

    row: Outgoing
    channel: Channel
    answer: Answer


def send_batch(*, at: Instant) -> int:
    """Hand over what is due, at most a batch; how many rows were looked at. 0: nothing is due any more."""
    _let_go(at)
    with transaction.atomic():
        found = _due(at)
        taken = _take(found, at)
    if taken:
        handed = hand_over(taken, at)
        with transaction.atomic():
            keep(handed, at)
    return len(found)


def hand_over(taken: Sequence[tuple[Outgoing, Channel]], at: Instant) -> list[Handed]:
    """Calls the providers; writes nothing. A local double works in this process alone."""

    def one(pair: tuple[Outgoing, Channel]) -> Handed:
        row, channel = pair
        return Handed(row, channel, channel.send(Parcel(row.id, row.to, row.subject, row.text), at=at))

    outside = [pair for pair in taken if pair[1].leaves_the_machine]
    inside = [one(pair) for pair in taken if not pair[1].leaves_the_machine]
    if not outside:
        return inside
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [*inside, *pool.map(one, outside)]


def keep(handed: Iterable[Handed], at: Instant) -> None:
    """
    What is known now, with its attempts. A row that the provider has told more of meanwhile keeps that: only what is
    still being sent is marked.
    """
    handed = list(handed)
    for one in handed:
        _mark(one, at)
    kept = write([one.row for one in handed], was=State.SENDING)
    Attempt.objects.bulk_create([_attempt(one, at) for one in handed], ignore_conflicts=True)
    health.note([(one.channel, one.answer) for one in handed], at)
    _count([one.row for one in handed if one.answer.outcome == Outcome.TAKEN], at)
    for one in handed:
        if one.row.state == State.FAILED and one.row.id in kept:
            ways.try_other(one.row, at=at)


def _mark(one: Handed, at: Instant) -> None:
    row, answer = one.row, one.answer
    row.reason = answer.reason[:60]
    if answer.outcome == Outcome.TAKEN:
        row.state, row.sent_at, row.provider_reference = State.SENT, at, answer.provider_reference
        if not one.channel.leaves_the_machine:
            row.state, row.ended_at = State.DELIVERED, at
    elif answer.outcome == Outcome.UNKNOWN:
        row.try_at = at + ASK_AGAIN
    elif answer.outcome == Outcome.REFUSED or row.attempts >= rules.MOST_ATTEMPTS:
        row.state, row.ended_at = State.FAILED, at
    else:
        row.state, row.try_at = State.QUEUED, at + rules.next_try(row.attempts)


def _attempt(one: Handed, at: Instant) -> Attempt:
    return Attempt(
        outgoing_id=one.row.id,
        number=one.row.attempts,
        at=at,
        channel=one.channel.name,
        outcome=one.answer.outcome,
        reason=one.answer.reason[:60],
        milliseconds=round(one.answer.seconds * 1000),
    )


def _let_go(at: Instant) -> None:
    """
    What is too old to be news is sent no more. A demo's past was made in one go: its double takes old messages as
    delivered on their day without keeping them.
    """
    waiting = Outgoing.objects.filter(state=State.QUEUED, try_at__lte=at)
    if settings.MINGQU_DEMO:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE notifications_outgoing SET state = 'delivered', sent_at = try_at, ended_at = try_at"
                " WHERE state = 'queued' AND try_at <= %s",
                [at - STALE],
            )
        return
    waiting.filter(created_at__lte=at - STALE).update(state=State.EXPIRED, ended_at=at)
    codes = waiting.filter(urgent=True, message_id=None, created_at__lte=at - STALE_CODE)
    codes.update(state=State.EXPIRED, ended_at=at)


def _due(at: Instant) -> list[Outgoing]:
    """Locked, what another sender holds left out; codes first."""
    rows = Outgoing.objects.filter(state__in=OPEN, try_at__lte=at).order_by("-urgent", "try_at")
    return list(rows.select_for_update(skip_locked=True)[:BATCH])


def _take(found: list[Outgoing], at: Instant) -> list[tuple[Outgoing, Channel]]:
    """Each with the channel that is to be asked; what waits, and what can't be known, is written as that."""
    if not found:
        return []
    resting = health.resting(at)
    quiet = _quiet_hours(found)
    left = _quota_left(at)
    taken = []
    for row in found:
        if row.state == State.SENDING:
            channel = _same_again(row)
            if channel is None:
                row.state, row.ended_at = State.UNKNOWN, at
                continue
        elif (waits := _waits(row, quiet, left, at)) > at:
            row.try_at = waits
            continue
        else:
            channel = _pick(row, resting)
            if channel is None:
                row.try_at = at + ALL_REST
                continue
        left -= row.segments if row.medium == SMS else 0
        row.state, row.channel = State.SENDING, channel.name
        row.attempts, row.try_at = row.attempts + 1, at + LEASE
        taken.append((row, channel))
    write(found)
    return taken


def _same_again(row: Outgoing) -> Channel | None:
    channel = registry.channel(row.medium, row.channel)
    if channel is None or not channel.tells_repetitions or row.attempts >= rules.MOST_ATTEMPTS:
        return None
    return channel


def _pick(row: Outgoing, resting: set[str]) -> Channel | None:
    """The first that does not rest; after a failure rather one that has not just failed."""
    awake = [one for one in registry.channels(row.medium) if one.name not in resting]
    return next((one for one in awake if one.name != row.channel), awake[0] if awake else None)


def _waits(row: Outgoing, quiet: dict[object, tuple[time, time]], left: int, at: Instant) -> Instant:
    if row.urgent:
        return at
    if row.medium == SMS and left < row.segments:
        return datetime.combine(legal_day(at) + timedelta(days=1), MORNING, BEIJING)
    if row.person_id is None:  # of another department's program, which knows its hours
        return at
    return rules.quiet_until(at, *quiet.get(row.person_id, ways.QUIET))


def _quiet_hours(found: list[Outgoing]) -> dict[object, tuple[time, time]]:
    people = {row.person_id for row in found if row.person_id and not row.urgent}
    rows = Choices.objects.filter(pk__in=people).values_list("id", "quiet_from", "quiet_until")
    return {person: (begins, ends) for person, begins, ends in rows}


def _quota_left(at: Instant) -> int:
    return settings.MINGQU_SMS_QUOTA - selectors.sent_on(legal_day(at), SMS)


def _count(rows: list[Outgoing], at: Instant) -> None:
    for medium in sorted({row.medium for row in rows}):
        of = [row.segments for row in rows if row.medium == medium]
        SentOnDay.objects.get_or_create(day=legal_day(at), medium=medium)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE notifications_sentonday SET messages = messages + %s, segments = segments + %s"
                " WHERE day = %s AND medium = %s",
                [len(of), sum(of), legal_day(at), medium],
            )


_WRITE = (
    "UPDATE notifications_outgoing AS kept SET state = new.state, try_at = new.try_at, attempts = new.attempts,"
    " channel = new.channel, provider_reference = new.theirs, reason = new.reason, sent_at = new.sent_at,"
    " ended_at = new.ended_at FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::int[], %s::text[],"
    " %s::text[], %s::text[], %s::timestamptz[], %s::timestamptz[])"
    " AS new(id, state, try_at, attempts, channel, theirs, reason, sent_at, ended_at)"
    " WHERE kept.id = new.id AND (%s = '' OR kept.state = %s) RETURNING kept.id"
)


def write(rows: Sequence[Outgoing], *, was: str = "") -> set[object]:
    """Course of rows, in one statement; with `was`, of those alone that are still so. Which were written."""
    if not rows:
        return set()
    columns: list[list[Any]] = [
        [str(row.id) for row in rows],
        [str(row.state) for row in rows],
        [row.try_at for row in rows],
        [row.attempts for row in rows],
        [row.channel for row in rows],
        [row.provider_reference for row in rows],
        [row.reason for row in rows],
        [row.sent_at for row in rows],
        [row.ended_at for row in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [*columns, was, was])
        return {found for (found,) in cursor.fetchall()}
