"""
The deadline of a folded clock under a calendar: a pure function, by counting, without walking the days.

Days lie in (start, …]: the first day is not counted (民法典 201). A pause [since, until) is taken out.
Periods in days, months and years end on the corresponding day (202) and, where that is a day of rest or
lies in a pause, on the next day that is neither (203). Hours and minutes run by the clock on the wall.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from mingqu.clocks.errors import ExtensionAfterDeadline, PauseAfterDeadline, PromiseTooLong
from mingqu.clocks.rules.calendar import Calendar
from mingqu.clocks.rules.ledger import Clock, apply, check_recorded, effective, replay
from mingqu.clocks.rules.statutory import DAY
from mingqu.clocks.rules.wording import article_text
from mingqu.clocks.types import Action, Deadline, Entry, State, Unit, Within
from mingqu.kernel.legal_day import BEIJING, legal_day

NO_DAY = date.max


@dataclass(frozen=True, slots=True)
class Span:
    """Days not counted: [since, until)."""

    since: date
    until: date


def deadline(entries: Iterable[Entry], calendar: Calendar, as_of: datetime) -> Deadline:
    """What the ledger says at `as_of`. Raises ClockNotStarted for a ledger without a start."""
    return evaluate(replay(entries), calendar, as_of)


def evaluate(clock: Clock, calendar: Calendar, as_of: datetime) -> Deadline:
    if clock.spec.unit.is_time_of_day:
        return _evaluate_instants(clock, calendar, as_of)
    return _evaluate_days(clock, calendar, as_of)


def due_on(clock: Clock, calendar: Calendar) -> date | None:
    """The last day in law, whatever today is; None while a pause is open. What owners store."""
    if clock.spec.unit.is_time_of_day:
        due = _due_instant(clock, None)
        return None if due is None else legal_day(due)
    day, _ = _due_day(clock, calendar, None)
    return day


# Days ------------------------------------------------------------------------------------------------


def corresponding_day(start: date, months: int) -> date:
    """The same day of the month, so many months later; where there is none, the month's last (民法典 202)."""
    years, month = divmod(start.month - 1 + months, 12)
    first = date(start.year + years, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + (start.day - 1) * DAY, following - DAY)


def days_to_count(clock: Clock) -> int:
    """The whole period in what is counted: working days, or days for days, months and years."""
    unit, start = clock.spec.unit, clock.start.day
    if unit is Unit.MONTHS:
        return (corresponding_day(start, clock.limit) - start).days
    if unit is Unit.YEARS:
        return (corresponding_day(start, clock.limit * 12) - start).days
    return clock.limit


def spans(clock: Clock, reopened: date | None) -> list[Span]:
    """The pauses; an open one ends on `reopened`, or never."""
    until = NO_DAY if reopened is None else reopened
    return [Span(p.since, max(p.since, until) if p.until is None else p.until) for p in clock.pauses]


def _counter(clock: Clock, calendar: Calendar) -> Callable[[date, date], int]:
    if clock.spec.unit is Unit.WORKING_DAYS:
        return calendar.working_days_between
    return lambda after, until: max(0, (until - after).days)


def _count(clock: Clock, calendar: Calendar, after: date, until: date, pauses: list[Span]) -> int:
    """How many days of (after, until] count."""
    between, cursor, total = _counter(clock, calendar), after, 0
    for span in pauses:
        total += between(cursor, min(until, span.since - DAY))
        cursor = max(cursor, span.until - DAY)
    return total + between(cursor, until)


def _due_day(clock: Clock, calendar: Calendar, reopened: date | None) -> tuple[date | None, date | None]:
    """
    (last day, day on which the last unit falls before it is moved); None where an open pause hides it. A clock that
    stays within another period ends with that one at the latest.
    """
    own = _own_due_day(clock, calendar, reopened)
    if (within := clock.spec.within) is None:
        return own
    most = _own_due_day(_under(clock, within), calendar, reopened)
    return most if most[0] is not None and (own[0] is None or most[0] < own[0]) else own


def _under(clock: Clock, within: Within) -> Clock:
    """The same start and pauses under the period that a clock stays within; extensions of the clock do not move it."""
    spec = replace(clock.spec, limit=within.limit, unit=within.unit, within=None)
    return replace(clock, spec=spec, extensions=())


def cut_from(clock: Clock, calendar: Calendar) -> date | None:
    """The last day that the clock would have by its own limit, where the period that it stays within ends before."""
    if clock.spec.within is None:
        return None
    own, last = _own_due_day(clock, calendar, None)[0], due_on(clock, calendar)
    return own if own is not None and last is not None and last < own else None


def _own_due_day(clock: Clock, calendar: Calendar, reopened: date | None) -> tuple[date | None, date | None]:
    pauses, missing, cursor = spans(clock, reopened), days_to_count(clock), clock.start.day
    between = _counter(clock, calendar)
    for span in pauses:
        available = between(cursor, span.since - DAY)
        if available >= missing:
            break
        if span.until == NO_DAY:
            return None, None
        missing -= available
        cursor = max(cursor, span.until - DAY)
    if clock.spec.unit is Unit.WORKING_DAYS:
        last = calendar.add_working_days(cursor, missing)
        return last, last
    reached = cursor + missing * DAY
    return _moved(reached, calendar, pauses), reached


def _moved(day: date, calendar: Calendar, pauses: list[Span]) -> date | None:
    """The first day from `day` on that is neither a day of rest nor in a pause (民法典 203)."""
    for span in pauses:
        day = calendar.working_day_on_or_after(day)
        if span.since <= day < span.until:
            if span.until == NO_DAY:
                return None
            day = span.until
    return calendar.working_day_on_or_after(day)


def _evaluate_days(clock: Clock, calendar: Calendar, as_of: datetime) -> Deadline:
    spec, start = clock.spec, clock.start.day
    today = legal_day(as_of, spec.closing)
    if clock.stop is not None:
        today = clock.stop.day
    due, reached = _due_day(clock, calendar, None)
    projected, projected_reached = due, reached
    pauses, reopened = spans(clock, None), None
    if due is None and clock.open_pause is not None:
        reopened = max(today, clock.open_pause.expected_until or today)
        projected, projected_reached = _due_day(clock, calendar, reopened)
    assert projected is not None and projected_reached is not None  # every pause has an end here
    total = days_to_count(clock)
    if spec.within is not None:
        total = min(total, _count(clock, calendar, start, projected, spans(clock, reopened)))
    late = due is not None and today > due
    elapsed = min(total, _count(clock, calendar, start, today, pauses))
    return Deadline(
        kind=spec.kind,
        ref=spec.ref,
        unit=spec.unit,
        counted_in=Unit.WORKING_DAYS if spec.unit is Unit.WORKING_DAYS else Unit.DAYS,
        state=_state(clock, late),
        started_on=start,
        due_on=due,
        due_at=None if due is None else end_of(due, spec.closing),
        projected_on=projected,
        total=total,
        elapsed=elapsed,
        remaining=total - elapsed,
        overdue_by=_count(clock, calendar, due, today, pauses) if due is not None and late else 0,
        paused_since=clock.open_pause.since if clock.open_pause else None,
        stopped_on=clock.stop.day if clock.stop else None,
        in_time=None if clock.stop is None else not late,
        provisional=any(calendar.provisional(day) for day in (projected_reached, projected))
        or (spec.unit is Unit.WORKING_DAYS and calendar.provisional(start)),
        calendar_version=calendar.version,
    )


def end_of(day: date, closing: time | None) -> datetime:
    """The instant at which a last day ends: 24:00, or the close of business (民法典 203)."""
    if closing is not None:
        return datetime.combine(day, closing, BEIJING)
    return datetime.combine(day + DAY, time(), BEIJING)


def _state(clock: Clock, late: bool) -> State:
    if clock.stop is not None:
        return State.STOPPED
    if late:
        return State.OVERDUE
    return State.PAUSED if clock.open_pause else State.RUNNING


# Hours and minutes -----------------------------------------------------------------------------------


def unit_length(unit: Unit) -> timedelta:
    return timedelta(hours=1) if unit is Unit.HOURS else timedelta(minutes=1)


def instant_spans(clock: Clock, reopened: datetime | None) -> list[tuple[datetime, datetime | None]]:
    """Pauses as [since, until); an open one ends at `reopened`, or never (None)."""
    found: list[tuple[datetime, datetime | None]] = []
    for pause in clock.pauses:
        assert pause.since_at is not None  # `apply` refuses an entry without an instant
        until = pause.until_at
        if until is None and reopened is not None:
            until = max(pause.since_at, reopened)
        found.append((pause.since_at, until))
    return found


def _due_instant(clock: Clock, reopened: datetime | None) -> datetime | None:
    cursor = clock.start.at
    assert cursor is not None
    missing = clock.limit * unit_length(clock.spec.unit)
    for since, until in instant_spans(clock, reopened):
        if since - cursor >= missing:
            break
        if until is None:
            return None
        missing -= since - cursor
        cursor = until
    return cursor + missing


def time_counted(clock: Clock, until: datetime) -> timedelta:
    """The time from the start to `until` that counts."""
    cursor, total = clock.start.at, timedelta()
    assert cursor is not None
    for since, ended in instant_spans(clock, None):
        total += max(timedelta(), min(since, until) - cursor)
        if ended is None or ended >= until:
            return total
        cursor = ended
    return total + max(timedelta(), until - cursor)


def _evaluate_instants(clock: Clock, calendar: Calendar, as_of: datetime) -> Deadline:
    spec, unit = clock.spec, unit_length(clock.spec.unit)
    now = clock.stop.at if clock.stop is not None and clock.stop.at is not None else as_of
    due = projected = _due_instant(clock, None)
    if due is None:
        expected = clock.open_pause.expected_until if clock.open_pause else None
        projected = _due_instant(clock, max(now, end_of(expected, None)) if expected else now)
    assert projected is not None
    late = due is not None and now > due
    elapsed = min(clock.limit, time_counted(clock, now) // unit)
    overdue_by = 0
    if due is not None and late:
        overdue_by = -((time_counted(clock, due) - time_counted(clock, now)) // unit)
    return Deadline(
        kind=spec.kind,
        ref=spec.ref,
        unit=spec.unit,
        counted_in=spec.unit,
        state=_state(clock, late),
        started_on=clock.start.day,
        due_on=None if due is None else legal_day(due),
        due_at=due,
        projected_on=legal_day(projected),
        total=clock.limit,
        elapsed=elapsed,
        remaining=clock.limit - elapsed,
        overdue_by=overdue_by,
        paused_since=clock.open_pause.since if clock.open_pause else None,
        stopped_on=clock.stop.day if clock.stop else None,
        in_time=None if clock.stop is None else not late,
        provisional=False,
        calendar_version=calendar.version,
    )


# Writing ---------------------------------------------------------------------------------------------


def admit(entries: Iterable[Entry], entry: Entry, calendar: Calendar) -> Clock:
    """The clock with `entry` written at the end. Raises the refusal that names what is not allowed."""
    held = effective(entries)
    clock = replay(held) if held else None
    after = apply(clock, entry)
    check_recorded(after.spec, entry)
    if clock is not None:
        _check_in_time(clock, entry, legal_day(entry.recorded_at), calendar)
    return after


def check_whole(entries: Iterable[Entry], calendar: Calendar) -> Clock | None:
    """Fold a corrected ledger, each entry in time on its own day; None where nothing is left of it."""
    clock: Clock | None = None
    for entry in effective(entries):
        after = apply(clock, entry)
        check_recorded(after.spec, entry)
        if clock is not None:
            _check_in_time(clock, entry, entry.day, calendar)
        clock = after
    return clock


def _check_in_time(clock: Clock, entry: Entry, written_on: date, calendar: Calendar) -> None:
    """No extension after the last day, and no pause put back before it once it has gone by."""
    if entry.action not in (Action.EXTEND, Action.PAUSE):
        return
    due = due_on(clock, calendar)
    gone_by = due is not None and written_on > due
    if clock.spec.unit.is_time_of_day and due is not None and entry.at is not None:
        instant = _due_instant(clock, None)
        gone_by = instant is not None and entry.at > instant
    if not gone_by:
        return
    if entry.action is Action.EXTEND:
        rule = clock.spec.extension
        raise ExtensionAfterDeadline(article=article_text(rule.article if rule else None))
    if entry.day < written_on:
        raise PauseAfterDeadline()


def time_compression_rate(statutory: int, promised: int) -> float:
    """
    时限压缩率 = (statutory − promised) / statutory, both in one unit; 0 (no promise of its own) to 1.

    Raises PromiseTooLong where the promise is longer, ValueError where there is no statutory limit.
    """
    if statutory < 1 or promised < 0:
        raise ValueError("a rate needs a statutory limit of at least 1 and a promise of at least 0")
    if promised > statutory:
        raise PromiseTooLong()
    return (statutory - promised) / statutory


def after_pause(calendar: Calendar, opened: date, due: date, pause: Span) -> date:
    """
    The last day of what was given working days from `opened` on to `due`, with a pause [since, until) taken out; as it
    was where it was over before the pause, or began after it.
    """
    day = timedelta(days=1)
    before, end = max(opened, pause.since - day), pause.until - day
    if due <= before or end <= before:
        return due
    return calendar.add_working_days(end, calendar.working_days_between(before, due))
