"""Numeric functions (DMN 1.5, table 76) and number(): decimal arithmetic of 34 digits throughout."""

from __future__ import annotations

import decimal
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from mingqu.decisions.built_in import built_in
from mingqu.decisions.temporal import DayTimeDuration, YearMonthDuration
from mingqu.decisions.values import NUMBERS, Run, Value

# The scales decimal128 can express (DMN 1.5, table 76).
MIN_SCALE: Final = -6111
MAX_SCALE: Final = 6176
_NUMBER: Final = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")


def rounded(run: Run, number: Decimal, scale: Decimal, mode: str) -> Value:
    """The number at so many digits after the point (whole part of scale), negative ones before it."""
    if not MIN_SCALE <= scale <= MAX_SCALE:
        return run.warn("out_of_range", "scale")
    places = int(scale)
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent <= places:
        return number
    wide = decimal.Context(prec=13_000, rounding=mode, Emin=-999_999, Emax=999_999)
    return NUMBERS.plus(number.quantize(Decimal(1).scaleb(-places, wide), context=wide))


def _rounding(mode: str) -> Callable[[Run, Decimal, Decimal], Value]:
    return lambda run, number, scale: rounded(run, number, scale, mode)


for _name, _mode in (
    ("decimal", decimal.ROUND_HALF_EVEN),
    ("round up", decimal.ROUND_UP),
    ("round down", decimal.ROUND_DOWN),
    ("round half up", decimal.ROUND_HALF_UP),
    ("round half down", decimal.ROUND_HALF_DOWN),
):
    built_in(_name, "n: number, scale: number")(_rounding(_mode))


@built_in("floor", "n: number, scale: number~")
def floor(run: Run, number: Decimal, scale: Decimal | None) -> Value:
    """The greatest number of that scale that is not greater."""
    return rounded(run, number, scale or Decimal(0), decimal.ROUND_FLOOR)


@built_in("ceiling", "n: number, scale: number~")
def ceiling(run: Run, number: Decimal, scale: Decimal | None) -> Value:
    """The least number of that scale that is not less."""
    return rounded(run, number, scale or Decimal(0), decimal.ROUND_CEILING)


@built_in("abs", "n: number")
def absolute(run: Run, number: Decimal) -> Value:
    return abs(number)


@built_in("abs", "n: days")
def absolute_days(run: Run, duration: DayTimeDuration) -> Value:
    return DayTimeDuration(abs(duration.nanos))


@built_in("abs", "n: months")
def absolute_months(run: Run, duration: YearMonthDuration) -> Value:
    return YearMonthDuration(abs(duration.months))


@built_in("modulo", "dividend: number, divisor: number")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Value:
    """dividend - divisor * floor(dividend / divisor): takes the divisor's sign."""
    try:
        rest = dividend % divisor
    except decimal.DecimalException:
        return run.warn("division", "modulo")
    return rest + divisor if rest and (rest < 0) != (divisor < 0) else rest


def _declare(name: str, function: Callable[[Decimal], Decimal]) -> None:
    def call(run: Run, number: Decimal) -> Value:
        try:
            return function(number)
        except decimal.DecimalException:
            return run.warn("out_of_range", name)

    built_in(name, "number: number")(call)


def _logarithm(number: Decimal) -> Decimal:
    if number <= 0:
        raise decimal.InvalidOperation
    return number.ln()


_declare("sqrt", Decimal.sqrt)
_declare("exp", Decimal.exp)
_declare("log", _logarithm)


@built_in("odd", "number: number")
def odd(run: Run, number: Decimal) -> Value:
    return _rest_of_two(number) == 1


@built_in("even", "number: number")
def even(run: Run, number: Decimal) -> Value:
    return _rest_of_two(number) == 0


def _rest_of_two(number: Decimal) -> int | None:
    if number != number.to_integral_value():
        return None
    return int(number) % 2 if abs(number) < Decimal(10) ** 34 else 0


@built_in("number", "from: string, grouping separator: string?, decimal separator: string?")
def number_from(run: Run, text: str, grouping: str | None, point: str | None) -> Value:
    """The number a text says, with the separators it uses; null if it says none."""
    if (
        grouping not in (None, " ", ",", ".")
        or point not in (None, ",", ".")
        or (point and grouping == point)
    ):
        return run.warn("arguments", "number")
    if grouping:
        text = text.replace(grouping, "")
    if point == ",":
        if "." in text:
            return run.warn("not_a_number")
        text = text.replace(",", ".")
    if len(text) > 200 or _NUMBER.match(text) is None:
        return run.warn("not_a_number")
    try:
        return NUMBERS.create_decimal(text)
    except decimal.DecimalException:
        return run.warn("out_of_range", "number")
