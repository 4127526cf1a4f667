"""Date and time functions: conversions (DMN 1.5, table 71), parts of dates (table 80), now and today."""

from __future__ import annotations

import datetime as py
from decimal import Decimal
from typing import Final

from mingqu.decisions import temporal_text
from mingqu.decisions.built_in import built_in
from mingqu.decisions.builtins_list import same
from mingqu.decisions.temporal import (
    NANOS,
    Date,
    DateTime,
    DayTimeDuration,
    Time,
    YearMonthDuration,
)
from mingqu.decisions.values import Run, Value

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@built_in("date", "from: string")
def date_from_text(run: Run, text: str) -> Value:
    value = temporal_text.read_date(text)
    return run.warn("not_a_date") if value is None else value


@built_in("date", "from: day")
def date_from_moment(run: Run, moment: Date | DateTime) -> Value:
    return moment.date if isinstance(moment, DateTime) else moment


@built_in("date", "year: number, month: number, day: number")
def date_from_numbers(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Value:
    if any(abs(part) >= 10**10 for part in (year, month, day)):
        return run.warn("not_a_date", "date")
    try:
        return Date.of(int(year), int(month), int(day))
    except ValueError:
        return run.warn("not_a_date")


@built_in("time", "from: string")
def time_from_text(run: Run, text: str) -> Value:
    value = temporal_text.read_time(text)
    return run.warn("not_a_time") if value is None else value


@built_in("time", "from: time")
def time_from_time(run: Run, time: Time) -> Value:
    return time


@built_in("time", "from: day")
def time_from_moment(run: Run, moment: Date | DateTime) -> Value:
    """The time of day; of a date midnight UTC."""
    return moment.time if isinstance(moment, DateTime) else Time(0, offset=0)


@built_in("time", "hour: number, minute: number, second: number, offset: days?")
def time_from_numbers(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: DayTimeDuration | None
) -> Value:
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        return run.warn("not_a_time")
    nanos = (int(hour) * 3600 + int(minute) * 60) * NANOS + int(second * NANOS)
    if offset is None:
        return Time(nanos)
    if abs(offset.nanos) > temporal_text.MAX_OFFSET * NANOS:
        return run.warn("not_a_time")
    return Time(nanos, offset=int(offset.nanos / NANOS))


@built_in("date and time", "from: string")
def date_time_from_text(run: Run, text: str) -> Value:
    value = temporal_text.read_date_time(text)
    return run.warn("not_a_time") if value is None else value


@built_in("date and time", "from: date and time")
def date_time_from_itself(run: Run, moment: DateTime) -> Value:
    return moment


@built_in("date and time", "date: day, time: time")
def date_time_of(run: Run, day: Date | DateTime, time: Time) -> Value:
    return DateTime(day.date if isinstance(day, DateTime) else day, time)


@built_in("duration", "from: string")
def duration_from_text(run: Run, text: str) -> Value:
    value = temporal_text.read_duration(text)
    return run.warn("not_a_duration") if value is None else value


@built_in("duration", "from: days")
def duration_from_days(run: Run, duration: DayTimeDuration) -> Value:
    return duration


@built_in("duration", "from: months")
def duration_from_months(run: Run, duration: YearMonthDuration) -> Value:
    return duration


@built_in("years and months duration", "from: day, to: day")
def months_between(run: Run, start: Date | DateTime, end: Date | DateTime) -> Value:
    """Whole months from the first day to the second; negative if that is earlier."""
    first = start.date if isinstance(start, DateTime) else start
    last = end.date if isinstance(end, DateTime) else end
    forward = (last.year, last.month, last.day) >= (first.year, first.month, first.day)
    if not forward:
        first, last = last, first
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    return YearMonthDuration(months if forward else -months)


def _day(moment: Date | DateTime) -> Date:
    return moment.date if isinstance(moment, DateTime) else moment


@built_in("day of year", "date: day")
def day_of_year(run: Run, moment: Date | DateTime) -> Value:
    day = _day(moment)
    return Decimal(day.number - Date(day.year, 1, 1).number + 1)


@built_in("day of week", "date: day")
def day_of_week(run: Run, moment: Date | DateTime) -> Value:
    """Monday to Sunday, in English as the specification has it."""
    return _DAYS[_day(moment).weekday - 1]


@built_in("month of year", "date: day")
def month_of_year(run: Run, moment: Date | DateTime) -> Value:
    """January to December."""
    return _MONTHS[_day(moment).month - 1]


@built_in("week of year", "date: day")
def week_of_year(run: Run, moment: Date | DateTime) -> Value:
    """The week of ISO 8601."""
    day = _day(moment)
    same_shape = 2000 + day.year % 400
    return Decimal(py.date(same_shape, day.month, day.day).isocalendar().week)


@built_in("now", "")
def now(run: Run) -> Value:
    """The instant the caller gave; this app reads no clock."""
    return run.now if isinstance(run.now, DateTime) else run.warn("no_clock", "now")


@built_in("today", "")
def today(run: Run) -> Value:
    """The day of the instant the caller gave, in that instant's own zone."""
    return run.now.date if isinstance(run.now, DateTime) else run.warn("no_clock", "today")


@built_in("is", "value1: any?, value2: any?")
def is_same(run: Run, a: Value, b: Value) -> Value:
    """Same type and same value, zone and offset too: 10:00Z is not 10:00@Etc/UTC."""
    if a.__class__ is not b.__class__:
        return False
    if isinstance(a, Time | DateTime):
        return bool(a == b)
    return same(run, a, b)
