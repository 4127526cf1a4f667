"""
Arithmetic, comparison and equality of FEEL values (DMN 1.5, tables 44, 45, 52 to 56).

Every function returns null with a warning where FEEL has no answer.
"""

from __future__ import annotations

import decimal
from decimal import Decimal
from typing import Final

from mingqu.decisions.temporal import (
    DAY_NANOS,
    NANOS,
    Date,
    DateTime,
    DayTimeDuration,
    Time,
    YearMonthDuration,
)
from mingqu.decisions.types import Range
from mingqu.decisions.values import Function, Run, Value, register_type_name, type_name

for _cls, _name in (
    (Date, "date"),
    (Time, "time"),
    (DateTime, "date and time"),
    (DayTimeDuration, "days and time duration"),
    (YearMonthDuration, "years and months duration"),
):
    register_type_name(_cls, _name)

Durations: Final = (DayTimeDuration, YearMonthDuration)


def refuse(run: Run, sign: str, a: Value, b: Value) -> None:
    """No such operation between these types."""
    run.warn("operand_types", f"{type_name(a)} {sign} {type_name(b)}")


def add(run: Run, a: Value, b: Value) -> Value:
    """a + b."""
    ta, tb = a.__class__, b.__class__
    try:
        if ta is Decimal and tb is Decimal:
            return a + b
        if ta is str and tb is str:
            return run.grown(a + b)
        if tb in Durations:
            return plus_duration(a, b, 1) if ta is not tb else tb(_bounded(_count(a) + _count(b)))
        if ta in Durations:
            return plus_duration(b, a, 1)
    except (decimal.DecimalException, ValueError, NotImplementedError):
        run.warn("out_of_range", "+")
        return None
    return refuse(run, "+", a, b)


def subtract(run: Run, a: Value, b: Value) -> Value:
    """a - b."""
    ta, tb = a.__class__, b.__class__
    try:
        if ta is Decimal and tb is Decimal:
            return a - b
        if tb in Durations:
            return plus_duration(a, b, -1) if ta is not tb else tb(_bounded(_count(a) - _count(b)))
        if ta in (Date, DateTime) and tb in (Date, DateTime):
            first, second = _moment(a, b), _moment(b, a)
            if first is not None and second is not None:
                return DayTimeDuration(first - second)
        elif ta is Time and tb is Time:
            first, second = time_key(a), time_key(b)
            if a.zoned == b.zoned:
                return DayTimeDuration(first - second)
    except (decimal.DecimalException, ValueError, NotImplementedError):
        run.warn("out_of_range", "-")
        return None
    return refuse(run, "-", a, b)


def _moment(value: Date | DateTime, other: Date | DateTime) -> int | None:
    """Nanoseconds of the value on a scale the other one can share, or None. A date is midnight UTC."""
    if isinstance(value, Date):
        return value.number * DAY_NANOS
    if isinstance(other, Date):
        return value.instant_nanos
    if (value.offset is None) != (other.offset is None):
        return None
    return value.local_nanos if value.offset is None else value.instant_nanos


def _count(duration: DayTimeDuration | YearMonthDuration) -> int:
    return duration.nanos if isinstance(duration, DayTimeDuration) else duration.months


_MOST: Final = 10**30


def _bounded(count: int) -> int:
    if abs(count) > _MOST:
        raise ValueError("duration out of range")
    return count


def plus_duration(value: Value, duration: Value, sign: int) -> Value:
    """A date, time or date-time plus (or minus) a duration. NotImplementedError for anything else."""
    if isinstance(duration, YearMonthDuration):
        if isinstance(value, Date):
            return value.plus_months(sign * duration.months)
        if isinstance(value, DateTime):
            return DateTime(value.date.plus_months(sign * duration.months), value.time)
        raise NotImplementedError
    nanos = sign * duration.nanos
    if isinstance(value, Date):
        return value.plus_days(nanos // DAY_NANOS)
    if isinstance(value, DateTime):
        return value.plus_nanos(nanos)
    if isinstance(value, Time):
        return Time((value.nanos + nanos) % DAY_NANOS, value.offset, value.zone)
    raise NotImplementedError


def multiply(run: Run, a: Value, b: Value) -> Value:
    """a * b."""
    ta, tb = a.__class__, b.__class__
    try:
        if ta is Decimal and tb is Decimal:
            return a * b
        if ta is Decimal and tb in Durations:
            return tb(_bounded(int(Decimal(_count(b)) * a)))
        if tb is Decimal and ta in Durations:
            return ta(_bounded(int(Decimal(_count(a)) * b)))
    except (decimal.DecimalException, ValueError):
        run.warn("out_of_range", "*")
        return None
    return refuse(run, "*", a, b)


def divide(run: Run, a: Value, b: Value) -> Value:
    """a / b."""
    ta, tb = a.__class__, b.__class__
    try:
        if ta is Decimal and tb is Decimal:
            return a / b
        if tb is Decimal and ta in Durations:
            return ta(_bounded(int(Decimal(_count(a)) / b)))
        if ta is tb and ta in Durations:
            return Decimal(_count(a)) / Decimal(_count(b))
    except (decimal.DecimalException, ValueError):
        run.warn("division", "/")
        return None
    return refuse(run, "/", a, b)


def power(run: Run, a: Value, b: Value) -> Value:
    """a ** b."""
    if a.__class__ is Decimal and b.__class__ is Decimal:
        try:
            return a**b
        except decimal.DecimalException:
            run.warn("out_of_range", "**")
            return None
    return refuse(run, "**", a, b)


def negate(run: Run, a: Value) -> Value:
    """-a."""
    if a.__class__ is Decimal:
        return -a
    if a.__class__ in Durations:
        return a.__class__(-_count(a))
    run.warn("operand_types", f"-{type_name(a)}")
    return None


def time_key(value: Time) -> int:
    """Nanoseconds of the day, on UTC where the time has an offset (a zone counts as of 1970-01-01)."""
    if value.offset is not None:
        return value.nanos - value.offset * NANOS
    if value.zone is not None:
        return value.nanos - (DateTime(Date(1970, 1, 1), value).offset or 0) * NANOS
    return value.nanos


def order(a: Value, b: Value) -> int | None:
    """-1, 0 or 1, or None where the two can't be compared."""
    kind = a.__class__
    if kind is not b.__class__:
        return None
    if kind is Decimal or kind is str or kind in Durations:
        return -1 if a < b else int(a > b)
    if kind is Date:
        return _sign(a.number - b.number)
    if kind is DateTime:
        if (a.offset is None) != (b.offset is None):
            return None
        if a.offset is None:
            return _sign(a.local_nanos // NANOS - b.local_nanos // NANOS)
        return _sign(a.instant_nanos // NANOS - b.instant_nanos // NANOS)
    if kind is Time:
        if a.zoned != b.zoned:
            return None
        return _sign(time_key(a) // NANOS - time_key(b) // NANOS)
    return None


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def equal(run: Run, a: Value, b: Value) -> bool | None:
    """a = b: null if both are of different types and neither is null (DMN 1.5, table 42)."""
    if a is None or b is None:
        return a is b
    kind = a.__class__
    if kind is not b.__class__:
        run.warn("operand_types", f"{type_name(a)} = {type_name(b)}")
        return None
    if kind is Decimal or kind is str or kind is bool or kind is Date or kind in Durations:
        return bool(a == b)
    if kind is list or kind is dict:
        return _same_members(run, a, b)
    if kind is Range:
        return _same_range(run, a, b)
    if kind is Function:
        return a is b
    compared = order(a, b)
    return compared == 0


def _same_members(run: Run, a: Value, b: Value) -> bool | None:
    run.pay(1 + len(a))
    if len(a) != len(b):
        return False
    pairs = zip(a, b, strict=True) if isinstance(a, list) else ((a[k], b.get(k, _ABSENT)) for k in a)
    for one, other in pairs:
        if other is _ABSENT:
            return False
        if not equal(run, one, other):
            return False
    return True


_ABSENT: Final = object()


def _same_range(run: Run, a: Range, b: Range) -> bool | None:
    if (a.op, a.low_included, a.high_included) != (b.op, b.low_included, b.high_included):
        return False
    return bool(equal(run, a.low, b.low) and equal(run, a.high, b.high))


def within(run: Run, value: Value, range_: Range) -> bool | None:
    """Whether the value lies in the range; null where they can't be compared."""
    if range_.op is not None:
        return _within_operator(run, value, range_)
    low, high = order(value, range_.low), order(value, range_.high)
    if low is None or high is None:
        refuse(run, "in", value, range_)
        return None
    return (low > 0 or (low == 0 and range_.low_included)) and (
        high < 0 or (high == 0 and range_.high_included)
    )


def _within_operator(run: Run, value: Value, range_: Range) -> bool | None:
    if range_.op in ("=", "!="):
        same = equal(run, value, range_.low)
        return same if range_.op == "=" or same is None else not same
    compared = order(value, range_.low if range_.op in (">", ">=") else range_.high)
    if compared is None:
        refuse(run, range_.op or "in", value, range_.low)
        return None
    return {"<": compared < 0, "<=": compared <= 0, ">": compared > 0, ">=": compared >= 0}[range_.op or ""]


def contains(run: Run, tested: Value, against: Value) -> bool | None:
    """`tested in against` for one value on the right: a range, a list, or an equal value."""
    kind = against.__class__
    if kind is Range:
        return within(run, tested, against)
    if kind is list:
        run.pay(len(against))
        if tested.__class__ is list and equal(run, tested, against):
            return True
        for member in against:
            found = contains_member(run, tested, member)
            if found:
                return True
        return False
    return equal(run, tested, against)


def contains_member(run: Run, tested: Value, member: Value) -> bool | None:
    """Whether a list's member is the value, or a range or list that holds it; other types don't match."""
    if member.__class__ is Range:
        return within(run, tested, member) if tested.__class__ is not Range else equal(run, tested, member)
    if member.__class__ is list and tested.__class__ is not list:
        return False
    if tested is not None and member is not None and tested.__class__ is not member.__class__:
        return False
    return equal(run, tested, member)
