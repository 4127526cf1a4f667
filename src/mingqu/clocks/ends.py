"""
How a period came out, worked out once for all that are alike: most ledgers are a start and a stop, and what they come
to depends on the terms, the two days and the calendar alone. For statistics over thousands of roots.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from mingqu.clocks.models import spec_of
from mingqu.clocks.rules.calendar import Calendar
from mingqu.clocks.rules.deadline import end_of, evaluate
from mingqu.clocks.rules.ledger import Clock, replay
from mingqu.clocks.types import Action, Entry, Unit
from mingqu.kernel.commands import load_json

KEPT = 50_000
SIMPLE = (Action.START, Action.STOP)


@dataclass(frozen=True, slots=True)
class Period:
    """One that has ended: `limit` in `unit` as first set, the last day as it stood then, and whether it was kept."""

    limit: int
    unit: Unit
    stopped_on: date
    due_on: date | None
    in_time: bool


@dataclass(frozen=True, slots=True)
class Ends:
    """The two periods of one root; None for one that it does not have, or that runs."""

    statutory: Period | None = None
    promised: Period | None = None


@lru_cache(maxsize=KEPT)
def simple(terms: str, started: date, stopped: date, calendar: Calendar) -> Period | None:
    """Of a start under these terms (as the ledger has them) and a stop; None where hours and minutes are counted."""
    spec = spec_of(load_json(terms))
    if spec.unit.is_time_of_day:
        return None
    at = end_of(stopped, None)
    lines = (Entry(1, Action.START, started, at, spec=spec), Entry(2, Action.STOP, stopped, at))
    return ended(replay(lines), calendar)


def ended(clock: Clock, calendar: Calendar) -> Period | None:
    """None while it runs."""
    if clock.stop is None:
        return None
    told = evaluate(clock, calendar, clock.stop.at or end_of(clock.stop.day, None) - timedelta(seconds=1))
    return Period(clock.spec.limit, told.unit, clock.stop.day, told.due_on, bool(told.in_time))
