"""Values from and to Python: what callers pass in and get back."""

from __future__ import annotations

import datetime as py
import decimal
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from mingqu.decisions.errors import ExpressionTooDeep
from mingqu.decisions.temporal import (
    NANOS,
    Date,
    DateTime,
    DayTimeDuration,
    Time,
    YearMonthDuration,
)
from mingqu.decisions.types import Range
from mingqu.decisions.values import NUMBERS, Function, Run, Value

MAX_NESTING = 100
_KEPT = (str, bool, type(None), Date, Time, DateTime, DayTimeDuration, YearMonthDuration, Range, Function)


def to_feel(value: Any, depth: int = 0) -> Value:
    """
    A Python value as FEEL knows it: int, float and Decimal become numbers, mappings contexts.

    TypeError for a type FEEL has no like of: a mistake of the calling code, not of an expression.
    """
    kind = value.__class__
    if kind is str or value is None or kind is bool:
        return value
    if kind is int or kind is Decimal:
        return _number(value)
    if depth > MAX_NESTING:
        raise ExpressionTooDeep(limit=MAX_NESTING)
    if kind is dict:
        return {str(key): to_feel(item, depth + 1) for key, item in value.items()}
    if kind is list:
        return [to_feel(item, depth + 1) for item in value]
    return _rarer(value, depth)


def _number(value: int | Decimal) -> Decimal | None:
    try:
        number = NUMBERS.create_decimal(value)
    except decimal.DecimalException:  # greater than decimal128 can hold: FEEL's null
        return None
    return number if number.is_finite() else None


def _rarer(value: Any, depth: int) -> Value:
    if isinstance(value, _KEPT):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, int | Decimal):
        return _number(value)
    if isinstance(value, float):
        return _number(Decimal(repr(value)))
    if isinstance(value, py.datetime):
        return DateTime(Date(value.year, value.month, value.day), _time(value))
    if isinstance(value, py.date):
        return Date(value.year, value.month, value.day)
    if isinstance(value, py.time):
        return _time(value)
    if isinstance(value, py.timedelta):
        return DayTimeDuration((value.days * 86_400 + value.seconds) * NANOS + value.microseconds * 1000)
    if isinstance(value, Mapping):
        return {str(key): to_feel(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_feel(item, depth + 1) for item in value]
    raise TypeError(f"no FEEL value: {type(value).__name__}")


def _time(value: py.datetime | py.time) -> Time:
    nanos = (value.hour * 3600 + value.minute * 60 + value.second) * NANOS + value.microsecond * 1000
    if isinstance(value.tzinfo, ZoneInfo) and value.tzinfo.key:
        return Time(nanos, zone=value.tzinfo.key)
    offset = value.utcoffset()
    return Time(nanos, offset=None if offset is None else int(offset.total_seconds()))


def to_python(run: Run, value: Value, depth: int = 0) -> Any:
    """
    A FEEL value as Python knows it: numbers stay Decimal; date, time and date-time become Python's
    where these can hold them (years 1 to 9999, microseconds); durations, ranges, functions stay.
    """
    kind = value.__class__
    if kind in (Decimal, str, bool) or value is None:
        return value
    if depth > MAX_NESTING:
        raise ExpressionTooDeep(limit=MAX_NESTING)
    if kind is list:
        run.pay(len(value))
        return [to_python(run, item, depth + 1) for item in value]
    if kind is dict:
        run.pay(len(value))
        return {key: to_python(run, item, depth + 1) for key, item in value.items()}
    if kind is Date:
        return py.date(value.year, value.month, value.day) if 1 <= value.year <= 9999 else value
    if kind is Time and value.nanos % 1000 == 0:
        return _python_time(value)
    if kind is DateTime and value.time.nanos % 1000 == 0 and 1 <= value.date.year <= 9999:
        day = py.date(value.date.year, value.date.month, value.date.day)
        return py.datetime.combine(day, _python_time(value.time))
    return value


def _python_time(value: Time) -> py.time:
    seconds, nanos = divmod(value.nanos, NANOS)
    zone: py.tzinfo | None = None
    if value.zone is not None:
        zone = ZoneInfo(value.zone)
    elif value.offset is not None:
        zone = py.timezone(py.timedelta(seconds=value.offset))
    return py.time(seconds // 3600, seconds // 60 % 60, seconds % 60, nanos // 1000, tzinfo=zone)
