"""What stands after a dot: entries of contexts, and the properties of dates, times, durations, ranges (10.3.2.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from mingqu.decisions.temporal import (
    NANOS,
    Date,
    DateTime,
    DayTimeDuration,
    Time,
    YearMonthDuration,
)
from mingqu.decisions.types import Range
from mingqu.decisions.values import Run, Value, type_name


def property_of(run: Run, value: Value, name: str) -> Value:
    """`value.name`; for a list, that of every member; null with a warning where there is none."""
    kind = value.__class__
    if kind is dict:
        if name in value:
            return value[name]
        return run.warn("unknown_entry", name)
    if kind is list:
        run.pay(len(value))
        return [
            member[name] if member.__class__ is dict and name in member else _of_member(run, member, name)
            for member in value
        ]
    reader = PROPERTIES.get(kind, {}).get(name)
    if reader is None:
        return run.warn("unknown_entry", f"{type_name(value)}.{name}")
    return reader(value)


def _of_member(run: Run, member: Value, name: str) -> Value:
    return None if member is None else property_of(run, member, name)


def _whole(number: int) -> Decimal:
    return Decimal(number)


def _offset(value: Time | DateTime) -> Value:
    offset = value.offset if isinstance(value, DateTime) or value.zone is None else None
    return None if offset is None else DayTimeDuration(offset * NANOS)


def _signed(count: int, unit: int, cycle: int | None) -> Decimal:
    """The whole units of a count, within their next greater unit, with the count's sign."""
    units = abs(count) // unit
    if cycle is not None:
        units %= cycle
    return Decimal(-units if count < 0 else units)


Reader: TypeAlias = Callable[[Any], Value]
_DAY: Mapping[str, Reader] = {
    "year": lambda v: _whole(v.year),
    "month": lambda v: _whole(v.month),
    "day": lambda v: _whole(v.day),
    "weekday": lambda v: _whole(v.weekday),
}
_CLOCK: Mapping[str, Reader] = {
    "hour": lambda v: _whole(v.nanos // (3600 * NANOS)),
    "minute": lambda v: _whole(v.nanos // (60 * NANOS) % 60),
    "second": lambda v: Decimal(v.nanos % (60 * NANOS)) / NANOS,
    "timezone": lambda v: v.zone,
}


def _through(part: str, readers: Mapping[str, Reader]) -> dict[str, Reader]:
    """The properties of a date-time that are those of its date or of its time."""

    def behind(read: Reader) -> Reader:
        return lambda value: read(getattr(value, part))

    return {name: behind(read) for name, read in readers.items()}


PROPERTIES: Final[Mapping[type, Mapping[str, Reader]]] = {
    Date: _DAY,
    Time: {**_CLOCK, "time offset": _offset},
    DateTime: {
        **_through("date", _DAY),
        **_through("time", _CLOCK),
        "time offset": _offset,
    },
    DayTimeDuration: {
        "days": lambda v: _signed(v.nanos, 86_400 * NANOS, None),
        "hours": lambda v: _signed(v.nanos, 3600 * NANOS, 24),
        "minutes": lambda v: _signed(v.nanos, 60 * NANOS, 60),
        "seconds": lambda v: (Decimal(abs(v.nanos) % (60 * NANOS)) / NANOS).copy_sign(v.nanos),
    },
    YearMonthDuration: {
        "years": lambda v: _signed(v.months, 12, None),
        "months": lambda v: _signed(v.months, 1, 12),
    },
    Range: {
        "start": lambda v: v.low,
        "end": lambda v: v.high,
        "start included": lambda v: v.low_included,
        "end included": lambda v: v.high_included,
    },
}
