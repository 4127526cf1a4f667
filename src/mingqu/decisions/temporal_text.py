"""Reads the text forms of dates, times, date-times and durations (ISO 8601 as XML Schema narrows it)."""

from __future__ import annotations

import re
from typing import Final

from mingqu.decisions.temporal import (
    MAX_YEAR,
    NANOS,
    Date,
    DateTime,
    DayTimeDuration,
    Duration,
    Time,
    YearMonthDuration,
    zone_of,
)

_DATE: Final = re.compile(r"(-?(?:[0-9]{4}|[1-9][0-9]{4,8}))-([0-9]{2})-([0-9]{2})\Z")
_TIME: Final = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,20}))?"
    r"(?:([Zz])|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@([A-Za-z][A-Za-z0-9_+/-]{0,60}))?\Z"
)
_DAYS: Final = re.compile(
    r"(-?)P(?:([0-9]{1,12})D)?(T(?:([0-9]{1,15})H)?(?:([0-9]{1,15})M)?(?:([0-9]{1,15})(?:\.([0-9]{0,20}))?S)?)?\Z"
)
_MONTHS: Final = re.compile(r"(-?)P(?:([0-9]{1,10})Y)?(?:([0-9]{1,11})M)?\Z")
MAX_OFFSET: Final = 14 * 3600


def read_date(text: str) -> Date | None:
    """`2026-11-21`, or None."""
    found = _DATE.match(text)
    if found is None:
        return None
    try:
        return Date.of(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def read_time(text: str) -> Time | None:
    """`10:30:00`, `10:30:00.5+08:00`, `10:30:00@Asia/Shanghai`, or None."""
    found = _TIME.match(text)
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3])
    fraction = int((found[4] or "0")[:9].ljust(9, "0"))
    if hour == 24 and not (minute or second or fraction):
        hour = 0  # XML Schema: the end of the day is the start of the next; a time alone has no next
    if hour > 23 or minute > 59 or second > 59:
        return None
    nanos = (hour * 3600 + minute * 60 + second) * NANOS + fraction
    if found[5]:
        return Time(nanos, offset=0)
    if found[6]:
        seconds = int(found[7]) * 3600 + int(found[8]) * 60 + int(found[9] or 0)
        if seconds > MAX_OFFSET or int(found[8]) > 59 or int(found[9] or 0) > 59:
            return None
        return Time(nanos, offset=-seconds if found[6] == "-" else seconds)
    if found[10]:
        return Time(nanos, zone=found[10]) if zone_of(found[10]) else None
    return Time(nanos)


def read_date_time(text: str) -> DateTime | None:
    """`2026-11-21T10:30:00+08:00`; a date alone is its midnight; or None."""
    day, mark, clock = text.partition("T")
    date = read_date(day)
    if date is None:
        return None
    if not mark:
        return DateTime(date, Time(0))
    time = read_time(clock)
    if time is None:
        return None
    if clock.startswith("24:"):
        if (date.year, date.month, date.day) == (MAX_YEAR, 12, 31):
            return None
        date = date.plus_days(1)
    return DateTime(date, time)


def read_duration(text: str) -> Duration | None:
    """`P1Y2M` or `P3DT4H5M6.7S`; never both kinds in one; or None."""
    found = _MONTHS.match(text)
    if found and (found[2] or found[3]):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return YearMonthDuration(-months if found[1] else months)
    found = _DAYS.match(text)
    if not found or found[3] == "T" or not (found[2] or found[3]):
        return None
    seconds = (
        int(found[2] or 0) * 86_400 + int(found[4] or 0) * 3600 + int(found[5] or 0) * 60 + int(found[6] or 0)
    )
    nanos = seconds * NANOS + int((found[7] or "0")[:9].ljust(9, "0"))
    return DayTimeDuration(-nanos if found[1] else nanos)


def read_at_literal(text: str) -> Date | Time | DateTime | Duration | None:
    """The text of an `@"…"` literal: whichever form it has, or None."""
    for reader in (read_date, read_time, read_date_time, read_duration):
        value = reader(text)
        if value is not None:
            return value
    return None
