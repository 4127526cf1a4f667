"""
A promise is never longer than what the law gives (行政许可法 42), whatever unit it is said in: pure.

Two periods in different units come out differently from day to day: seven days over the Spring Festival are fewer than
three working days. So a definition is asked for every day, and a clock that starts all the same ends in time.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache

from mingqu.clocks.rules.calendar import Calendar, days_of
from mingqu.clocks.rules.deadline import corresponding_day
from mingqu.clocks.rules.statutory import DAY
from mingqu.clocks.types import ClockSpec, DayKind, SpecialDay, Unit, Within

HOURS_OF = {Unit.DAYS: 24, Unit.WORKING_DAYS: 24, Unit.MONTHS: 28 * 24, Unit.YEARS: 365 * 24}  # at least
# No notice is out for the years to come. Bound: each festival as long as it has been or longer, at every place in the
# week, and no weekend worked in return. (month, day of the first, days of rest); the Spring Festival at its ends.
FIXED_RESTS = ((1, 1, 4), (4, 3, 5), (5, 1, 6), (6, 10, 5), (9, 28, 11))
SPRING, SPRING_REST = ((1, 20), (2, 2), (2, 15)), 11
MADE_YEARS = (2101, 2102, 2103, 2104, 2105, 2107, 2109)  # 1 January on each day of the week


def kept_within(promised: ClockSpec, statutory: ClockSpec) -> ClockSpec:
    """The terms of a promise beside those of the law, so that it can't end later on any day."""
    if promised.unit is statutory.unit:
        return replace(promised, limit=min(promised.limit, statutory.limit))
    if promised.unit.is_time_of_day or statutory.unit.is_time_of_day:
        safe = _hours_fit(promised, statutory)
        return promised if safe else replace(promised, limit=statutory.limit, unit=statutory.unit)
    return replace(promised, within=Within(statutory.limit, statutory.unit))


def can_end_later(statutory: ClockSpec, promised: ClockSpec, calendar: Calendar) -> date | None:
    """
    A day of receipt on which the promise would end after the law's last day, if there is one: of the years whose days
    of rest are published the latest year's first, else of those that are made up as the bound.
    """
    start = date(calendar.known_until.year, 1, 1)
    if promised.unit is statutory.unit:
        return start if promised.limit > statutory.limit else None
    if promised.unit.is_time_of_day or statutory.unit.is_time_of_day:
        return None if _hours_fit(promised, statutory) else start
    return _later(statutory.limit, statutory.unit, promised.limit, promised.unit, calendar)


def _hours_fit(promised: ClockSpec, statutory: ClockSpec) -> bool:
    """Hours fit into days whenever they begin; days are moved over rest and so never fit into hours."""
    minutes = {Unit.MINUTES: 1, Unit.HOURS: 60}
    if not promised.unit.is_time_of_day:
        return False
    given = statutory.limit * minutes.get(statutory.unit, 60 * HOURS_OF.get(statutory.unit, 0))
    return promised.limit * minutes[promised.unit] <= given


@lru_cache(maxsize=256)
def _later(most: int, unit: Unit, limit: int, promised: Unit, calendar: Calendar) -> date | None:
    if limit == 1 and promised is Unit.WORKING_DAYS:
        return None  # the law's last day is a working day after the start, too
    for days, known in _every_day(calendar):
        for day in days:
            if last_day(limit, promised, day, known) > last_day(most, unit, day, known):
                return day
    return None


def last_day(limit: int, unit: Unit, day: date, calendar: Calendar) -> date:
    """The last day of a period in days, months or years from `day` that nothing touches."""
    if unit is Unit.WORKING_DAYS:
        return calendar.add_working_days(day, limit)
    months = {Unit.MONTHS: limit, Unit.YEARS: 12 * limit}
    reached = corresponding_day(day, months[unit]) if unit in months else day + limit * DAY
    return calendar.working_day_on_or_after(reached)


def _every_day(calendar: Calendar) -> Iterator[tuple[list[date], Calendar]]:
    for year in range(calendar.known_until.year, calendar.known_from.year - 1, -1):
        yield days_of(date(year, 1, 1), date(year, 12, 31)), calendar
    for made, year in _made_years():
        yield days_of(date(year, 1, 1), date(year, 12, 31)), made


@lru_cache(maxsize=1)
def _made_years() -> list[tuple[Calendar, int]]:
    return [(_made(year, spring), year) for year in MADE_YEARS for spring in SPRING]


def _made(year: int, spring: tuple[int, int]) -> Calendar:
    """Two years alike, so that a period that begins in the first ends in known days."""
    rests = {
        day
        for one in (year, year + 1)
        for month, first, length in (*FIXED_RESTS, (*spring, SPRING_REST))
        for day in days_of(date(one, month, first), date(one, month, first) + (length - 1) * DAY)
    }
    days = tuple(SpecialDay(day, DayKind.HOLIDAY, "") for day in sorted(rests))
    return Calendar(f"bound {year} {spring}", date(year, 1, 1), date(year + 1, 12, 31), days)
