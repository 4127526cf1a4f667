"""
FEEL dates, times, date-times and durations (DMN 1.5, 10.3.2.3.4 to 10.3.2.3.8).

Python's own types stop at year 9999 and microseconds; FEEL has years up to ±999,999,999 and
nanoseconds, so values inside the evaluator are these. All are immutable and hashable.
"""

from __future__ import annotations

import datetime as py
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NANOS = 1_000_000_000
DAY_NANOS = 86_400 * NANOS
MAX_YEAR = 999_999_999
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """Leap year of the proleptic Gregorian calendar."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """28 to 31."""
    return 29 if month == 2 and is_leap(year) else _MONTH_DAYS[month - 1]


def day_number(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 for any year, proleptic Gregorian."""
    # Any year has the same shape as one of 2000..2399, whole 400-year cycles of 146,097 days away.
    cycles, rest = divmod(year - 2000, 400)
    return py.date(2000 + rest, month, day).toordinal() - _EPOCH + cycles * 146_097


_EPOCH = py.date(1970, 1, 1).toordinal()
_CYCLE_START = py.date(2000, 1, 1).toordinal()


def from_day_number(number: int) -> Date:
    """The inverse of `day_number`. ValueError outside the years of FEEL."""
    cycles, rest = divmod(number + _EPOCH - _CYCLE_START, 146_097)
    day = py.date.fromordinal(_CYCLE_START + rest)
    return Date.of(day.year + cycles * 400, day.month, day.day)


@lru_cache(maxsize=700)
def zone_of(name: str) -> ZoneInfo | None:
    """The IANA zone of that name, or None."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder's name is an OSError
        return None


@dataclass(frozen=True, slots=True)
class Date:
    """A day of the proleptic Gregorian calendar."""

    year: int
    month: int
    day: int

    @classmethod
    def of(cls, year: int, month: int, day: int) -> Date:
        """A checked date. ValueError if there is no such day."""
        if not (
            -MAX_YEAR <= year <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)
        ):
            raise ValueError("no such day")
        return cls(year, month, day)

    @property
    def number(self) -> int:
        """Days since 1970-01-01."""
        return day_number(self.year, self.month, self.day)

    @property
    def weekday(self) -> int:
        """1 Monday to 7 Sunday."""
        return (self.number + 3) % 7 + 1

    def plus_months(self, months: int) -> Date:
        """The same day so many months on, or the month's last day. ValueError outside the years of FEEL."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Date.of(year, month + 1, min(self.day, days_in_month(year, month + 1)))

    def plus_days(self, days: int) -> Date:
        """So many days on. ValueError outside the years of FEEL."""
        return from_day_number(self.number + days)

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day in nanoseconds, local, with an offset in seconds, or with a zone's name."""

    nanos: int
    offset: int | None = None
    zone: str | None = None

    @property
    def zoned(self) -> bool:
        """Whether the time says where."""
        return self.offset is not None or self.zone is not None

    def __str__(self) -> str:
        seconds, nanos = divmod(self.nanos, NANOS)
        text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        if nanos:
            text += f".{nanos:09d}".rstrip("0")
        return text + _offset_text(self.offset, self.zone)


def _offset_text(offset: int | None, zone: str | None) -> str:
    if zone is not None:
        return "@" + zone
    if offset is None:
        return ""
    if offset == 0:
        return "Z"
    seconds = abs(offset)
    text = f"{'-' if offset < 0 else '+'}{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    return text + (f":{seconds % 60:02d}" if seconds % 60 else "")


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date and a time of day; local, with offset, or with zone, as its time says."""

    date: Date
    time: Time

    @property
    def local_nanos(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00 on the clock on the wall."""
        return self.date.number * DAY_NANOS + self.time.nanos

    @property
    def offset(self) -> int | None:
        """Seconds east of UTC at this instant; None if local."""
        if self.time.zone is None:
            return self.time.offset
        return _zone_offset(self.time.zone, self.date, self.time.nanos)

    @property
    def instant_nanos(self) -> int | None:
        """Nanoseconds since 1970-01-01T00:00:00Z; None if local."""
        offset = self.offset
        return None if offset is None else self.local_nanos - offset * NANOS

    def plus_nanos(self, nanos: int) -> DateTime:
        """So much later on the clock on the wall. ValueError outside the years of FEEL."""
        days, rest = divmod(self.local_nanos + nanos, DAY_NANOS)
        return DateTime(from_day_number(days), Time(rest, self.time.offset, self.time.zone))

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


def _zone_offset(name: str, date: Date, nanos: int) -> int:
    zone = zone_of(name)
    if zone is None:
        raise ValueError("no such zone")
    # Years Python does not know follow the rule of a year of the same shape.
    year = date.year if 2 <= date.year <= 9998 else 2000 + date.year % 400
    seconds = nanos // NANOS
    moment = py.datetime(
        year, date.month, date.day, seconds // 3600, seconds // 60 % 60, seconds % 60, tzinfo=zone
    )
    offset = moment.utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


@dataclass(frozen=True, slots=True, order=True)
class DayTimeDuration:
    """Days, hours, minutes and seconds as nanoseconds; may be negative."""

    nanos: int

    def __str__(self) -> str:
        seconds, nanos = divmod(abs(self.nanos), NANOS)
        days, seconds = divmod(seconds, 86_400)
        text = f"{days}D" if days else ""
        clock = f"{seconds // 3600}H" if seconds >= 3600 else ""
        clock += f"{seconds // 60 % 60}M" if seconds // 60 % 60 else ""
        if seconds % 60 or nanos:
            fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
            clock += f"{seconds % 60}{fraction}S"
        if clock:
            text += "T" + clock
        return ("-" if self.nanos < 0 else "") + "P" + (text or "T0S")

    def as_timedelta(self) -> py.timedelta:
        """Python's duration, to the microsecond. OverflowError beyond its range."""
        return py.timedelta(microseconds=self.nanos // 1000)


@dataclass(frozen=True, slots=True, order=True)
class YearMonthDuration:
    """Years and months as months; may be negative."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if self.months < 0 else "") + "P" + (text or "0M")


Duration = DayTimeDuration | YearMonthDuration
