"""
Questions to the clocks. None of them checks who asks: the owner of a root has done so.

A list of any length takes one statement; the calendar's days are kept in memory by version, which never
changes once written.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any, cast
from uuid import UUID

from mingqu.clocks.ends import SIMPLE, Ends, Period, ended, simple
from mingqu.clocks.errors import CalendarMissing, ClockNotStarted
from mingqu.clocks.models import CalendarDay, CalendarVersion, ClockEntry
from mingqu.clocks.rules.calendar import Calendar
from mingqu.clocks.rules.deadline import (
    Span,
    admit,
    after_pause,
    deadline,
    end_of,
    evaluate,
    time_compression_rate,
)
from mingqu.clocks.rules.deadline import corresponding_day as months_after
from mingqu.clocks.rules.deadline import due_on as due_day
from mingqu.clocks.rules.explain import explain as explain_entries
from mingqu.clocks.rules.ledger import Clock, effective, replay
from mingqu.clocks.rules.notice import moving_festivals, seed_calendar
from mingqu.clocks.rules.promise import can_end_later, kept_within
from mingqu.clocks.rules.statutory import DAY
from mingqu.clocks.rules.wording import article_text
from mingqu.clocks.types import (
    Action,
    ClockKey,
    ClockSpec,
    DayKind,
    Deadline,
    Entry,
    Explanation,
    Kind,
    RootClocks,
    SpecialDay,
)
from mingqu.kernel.commands import load_json, remembered
from mingqu.kernel.rows import kept_plans, read_often
from mingqu.kernel.types import Instant

__all__ = [
    "Calendar",
    "Ends",
    "Period",
    "Span",
    "admit",
    "after_pause",
    "article_text",
    "can_end_later",
    "current_calendar",
    "deadline",
    "deadline_of",
    "due_on",
    "ends_of",
    "entries_of",
    "explain",
    "explanations",
    "kept_within",
    "months_after",
    "preview",
    "seed_calendar",
    "states",
    "time_compression_rate",
]

Ledgers = dict[ClockKey, list[Entry]]


# The calendar ---------------------------------------------------------------------------------------


def current_calendar() -> Calendar:
    """
    The calendar in force, the same throughout a command. Raises CalendarMissing on a database without one.
    """
    if (known := remembered().get(current_calendar)) is not None:
        return cast(Calendar, known)
    with kept_plans() as cursor:
        cursor.execute("SELECT id FROM clocks_calendarversion ORDER BY sequence DESC LIMIT 1", [])
        latest = cursor.fetchone()
    if latest is None:
        raise CalendarMissing()
    return _in_force(latest[0])


def _in_force(version_id: UUID) -> Calendar:
    calendar = calendar_version(version_id)
    remembered()[current_calendar] = calendar
    return calendar


@lru_cache(maxsize=8)
def calendar_version(version_id: UUID) -> Calendar:
    version = CalendarVersion.objects.get(pk=version_id)
    rows = CalendarDay.objects.filter(version_id=version_id).order_by("day")
    days = tuple(SpecialDay(row.day, DayKind(row.kind), row.name) for row in rows)
    return Calendar(version.code, version.known_from, version.known_until, days, moving_festivals())


# Ledgers --------------------------------------------------------------------------------------------


# Every command that touches a clock runs this, and every list: written out because building it through the ORM cost
# more than running it.
_COLUMNS = tuple(str(field.column) for field in ClockEntry._meta.concrete_fields)
_LEDGERS = " ".join((
    "SELECT", ", ".join(f'e."{column}"' for column in _COLUMNS), ", c.id",
    "FROM (SELECT id FROM clocks_calendarversion ORDER BY sequence DESC LIMIT 1) c",
    "LEFT JOIN clocks_clockentry e ON e.root_id = ANY(%s) ORDER BY e.root_id, e.kind, e.ref, e.seq",
))  # fmt: skip


def ledgers(root_ids: Sequence[UUID]) -> tuple[dict[UUID, Ledgers], Calendar]:
    """Every clock's entries of these roots, and the calendar in force: one statement. Raises CalendarMissing."""
    found: dict[UUID, Ledgers] = {root_id: {} for root_id in root_ids}
    with kept_plans() as cursor:
        cursor.execute(_LEDGERS, [list(root_ids)])
        rows = cursor.fetchall()
    if not rows:
        raise CalendarMissing()
    for *values, _calendar_id in rows:
        given: dict[str, Any] = dict(zip(_COLUMNS, values, strict=True))
        if given["root_id"] is None:  # no clock exists: the row of the calendar alone
            continue
        line = ClockEntry(**{**given, "terms": load_json(given["terms"])})
        found[line.root_id].setdefault(line.key, []).append(line.entry())
    return found, _in_force(rows[0][-1])


def clocks_of(entries: Ledgers) -> dict[ClockKey, Clock]:
    """The clocks that exist; one whose every entry was taken back does not."""
    return {key: replay(lines) for key, lines in entries.items() if effective(lines)}


def binding_day(clocks: Iterable[Clock], calendar: Calendar) -> date | None:
    """The earliest last day of the clocks that bind a root and still run; None where none has one."""
    running = [c for c in clocks if c.stop is None and c.spec.kind.binds_root]
    days = [day for c in running if (day := due_day(c, calendar)) is not None]
    return min(days, default=None)


# Answers --------------------------------------------------------------------------------------------


def due_on(root_id: UUID, kind: Kind | None = None, ref: str = "") -> date | None:
    """
    The last day of one clock of the root, or without `kind` the earliest that binds the root and runs.

    None where no such clock exists, all have stopped, or a pause is open: then no last day exists.
    """
    found, calendar = ledgers([root_id])
    clocks = clocks_of(found[root_id])
    if kind is None:
        return binding_day(clocks.values(), calendar)
    clock = clocks.get(ClockKey(kind, ref))
    return None if clock is None else due_day(clock, calendar)


def deadline_of(root_id: UUID, kind: Kind, as_of: Instant, ref: str = "") -> Deadline:
    """What one clock says at `as_of`. Raises ClockNotStarted."""
    entries, calendar = _one(root_id, ClockKey(kind, ref))
    return deadline(entries, calendar, as_of)


def explain(root_id: UUID, kind: Kind, as_of: Instant, ref: str = "") -> Explanation:
    """Day by day and in sentences why the last day is what it is. Raises ClockNotStarted."""
    entries, calendar = _one(root_id, ClockKey(kind, ref))
    return explain_entries(entries, calendar, as_of)


def explanations(root_id: UUID, as_of: Instant) -> tuple[Explanation, ...]:
    """Every clock of the root explained, in the order in which they started; one statement."""
    found, calendar = ledgers([root_id])
    told = [
        explain_entries(entries, calendar, as_of) for entries in found[root_id].values() if effective(entries)
    ]
    return tuple(sorted(told, key=lambda one: (one.deadline.started_on, one.deadline.kind, one.deadline.ref)))


def states(root_ids: Sequence[UUID], as_of: Instant) -> dict[UUID, RootClocks]:
    """Every clock of every root at `as_of`, in one statement; a root without clocks has none."""
    found, calendar = ledgers(root_ids)
    return {
        root_id: RootClocks(
            root_id, tuple(evaluate(clock, calendar, as_of) for clock in clocks_of(entries).values())
        )
        for root_id, entries in found.items()
    }


_PERIODS = (
    "SELECT root_id, kind, action, day, terms::text FROM clocks_clockentry"
    " WHERE root_id = ANY(%s) AND ref = '' AND kind IN ('statutory', 'promised') ORDER BY root_id, kind, seq"
)


def ends_of(root_ids: Sequence[UUID]) -> dict[UUID, Ends]:
    """How the statutory and the promised period of each root came out: thousands at a time, two or three statements."""
    calendar = current_calendar()
    rows = read_often(_PERIODS, [list(root_ids)])
    found: dict[UUID, dict[str, Period]] = {}
    others: set[UUID] = set()
    for (root_id, kind), lines in groupby(rows, key=lambda row: (row[0], row[1])):
        told = list(lines)
        if len(told) == 1:
            continue  # it runs
        alike = tuple(line[2] for line in told) == SIMPLE
        period = simple(told[0][4], told[0][3], told[1][3], calendar) if alike else None
        if period is None:
            others.add(root_id)
        else:
            found.setdefault(root_id, {})[kind] = period
    ends = {root_id: Ends(**periods) for root_id, periods in found.items() if root_id not in others}
    known = ledgers(sorted(others))[0] if others else {}
    for root_id, entries in known.items():
        clocks = clocks_of(entries)
        periods = {
            kind.value: ended(clock, calendar)
            for kind in (Kind.STATUTORY, Kind.PROMISED)
            if (clock := clocks.get(ClockKey(kind))) is not None
        }
        ends[root_id] = Ends(**periods)
    return ends


def entries_of(root_id: UUID, kind: Kind, ref: str = "") -> tuple[Entry, ...]:
    """The whole ledger of one clock, reversed lines and reversals with it, in order of recording."""
    return tuple(_one(root_id, ClockKey(kind, ref))[0])


def preview(spec: ClockSpec, day: date) -> Explanation:
    """What the clock would say if it started on `day`: for guides, receipts and scenarios."""
    at = end_of(day, None) - DAY
    start = Entry(1, Action.START, day, at, at=at if spec.unit.is_time_of_day else None, spec=spec)
    return explain_entries([start], current_calendar(), at)


def _one(root_id: UUID, key: ClockKey) -> tuple[list[Entry], Calendar]:
    found, calendar = ledgers([root_id])
    entries = found[root_id].get(key)
    if not entries:
        raise ClockNotStarted()
    return entries, calendar
