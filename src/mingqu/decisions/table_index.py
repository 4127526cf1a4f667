"""
Finds the matching rules of a table without trying each: one look-up per column, then bits are combined.

A column is indexed when all its cells are constant (literals, ranges, comparisons, lists and negations of
them): then which rules match is the same for all values between two neighbouring limits, so one
representative of each stretch is tried beforehand with the very tests the cells compile to. Values of
another type, and null, take the tests themselves.
"""

from __future__ import annotations

import decimal
import itertools
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from mingqu.decisions import ast
from mingqu.decisions.compiler_tests import Test
from mingqu.decisions.temporal import Date, DayTimeDuration, YearMonthDuration
from mingqu.decisions.types import Range
from mingqu.decisions.values import NUMBERS, Env, Run, Value

Column: TypeAlias = Callable[[Env, Value], int]


def column_of(cells: Sequence[tuple[ast.Tests, Test]]) -> Column:
    """A function from an input to the rules (as bits) whose cell it passes."""
    plain = plain_column([test for _, test in cells])
    constants = [constant for tests, _ in cells for constant in constants_of(tests)]
    if any(constant is None for constant in constants):
        return plain
    values = [value for constant in constants if constant is not None for value in constant]
    kinds = {value.__class__ for value in values if value is not None}
    if kinds <= {str, bool}:
        return _word_column(plain, values)
    if kinds == {Decimal}:
        return _number_column(plain, values)
    return plain


def plain_column(tests: Sequence[Test]) -> Column:
    """A column whose cells are tried one after another."""
    numbered = [(1 << index, test) for index, test in enumerate(tests)]

    def match(env: Env, value: Value) -> int:
        mask = 0
        for bit, test in numbered:
            if test(env, value) is True:
                mask |= bit
        return mask

    return match


def constants_of(tests: ast.Tests) -> Iterator[list[Value] | None]:
    """The constants a cell compares with; None for a cell that depends on anything else."""
    for test in tests.tests:
        node = test.end if isinstance(test, ast.OpenRange) else test
        if isinstance(node, ast.ListOf):
            yield from (_constant(item) for item in node.items)
        else:
            yield _constant(node)


_CONSTANT: Final = (str, bool, Decimal, type(None), Date, DayTimeDuration, YearMonthDuration)


def _constant(node: ast.Node) -> list[Value] | None:
    if not isinstance(node, ast.Literal):
        return None
    if isinstance(node.value, Range):
        return [node.value.low, node.value.high]
    return [node.value] if node.value.__class__ in _CONSTANT else None


def _tried(plain: Column, value: Value) -> int:
    with decimal.localcontext(NUMBERS):
        return plain(Env({}, None, Run()), value)


def _word_column(plain: Column, values: Sequence[Value]) -> Column:
    if any(isinstance(value, str) for value in values) and _orders_words(plain, values):
        return plain
    known = {value: _tried(plain, value) for value in values if isinstance(value, str)}
    other = _tried(plain, "\x00".join(["other", *known]))
    true, false = _tried(plain, True), _tried(plain, False)

    def match(env: Env, value: Value) -> int:
        if value.__class__ is str:
            return known.get(value, other)
        if value is True:
            return true
        return false if value is False else plain(env, value)

    return match


def _orders_words(plain: Column, values: Sequence[Value]) -> bool:
    """Whether a cell compares words by order: then words that are in no cell differ among themselves."""
    words = sorted(value for value in values if isinstance(value, str))
    around = ["", *(word + "\x00" for word in words), chr(0x10FFFF) * 2]
    return len({_tried(plain, word) for word in around}) > 1


def _number_column(plain: Column, values: Sequence[Value]) -> Column:
    limits = sorted({value for value in values if value is not None})
    with decimal.localcontext(NUMBERS):
        inner = [(a + b) / 2 for a, b in itertools.pairwise(limits)]
        between = [limits[0].next_minus(), *inner, limits[-1].next_plus()]
    gaps = [_tried(plain, value) for value in between]
    exact = [_tried(plain, limit) for limit in limits]
    count = len(limits)

    def match(env: Env, value: Value) -> int:
        if value.__class__ is not Decimal:
            return plain(env, value)
        place = bisect_left(limits, value)
        if place < count and limits[place] == value:
            return exact[place]
        return gaps[place]

    return match
