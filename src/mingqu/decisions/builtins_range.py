"""Range functions (DMN 1.5, table 78: Allen's relations of points and intervals) and range()."""

from __future__ import annotations

from typing import Any

from mingqu.decisions import ast, operators
from mingqu.decisions.built_in import BUILT_INS, built_in
from mingqu.decisions.errors import DecisionError
from mingqu.decisions.naming import NameIndex
from mingqu.decisions.parser_forms import Parser
from mingqu.decisions.types import Range
from mingqu.decisions.values import Run, Value


class Incomparable(Exception):
    """Two ends of different types, or an end that is missing; FEEL's answer is null."""


def _order(a: Value, b: Value) -> int:
    found = operators.order(a, b)
    if found is None:
        raise Incomparable
    return found


def _lt(a: Value, b: Value) -> bool:
    return _order(a, b) < 0


def _eq(a: Value, b: Value) -> bool:
    return _order(a, b) == 0


def _as_range(value: Value) -> Range:
    return value if isinstance(value, Range) else Range(value, value, True, True)


def _before(a: Value, b: Value) -> bool:
    one, other = _as_range(a), _as_range(b)
    touch = not one.high_included or not other.low_included
    return _lt(one.high, other.low) or (touch and _eq(one.high, other.low))


def _meets(a: Range, b: Range) -> bool:
    return a.high_included and b.low_included and _eq(a.high, b.low)


def _starts_not_later(a: Range, b: Range) -> bool:
    """Whether a begins where b begins or before."""
    return _lt(a.low, b.low) or (_eq(a.low, b.low) and (a.low_included or not b.low_included))


def _ends_not_earlier(a: Range, b: Range) -> bool:
    return _lt(b.high, a.high) or (_eq(a.high, b.high) and (a.high_included or not b.high_included))


def _includes(a: Range, b: Value) -> bool:
    inner = _as_range(b)
    return _starts_not_later(a, inner) and _ends_not_earlier(a, inner)


def _overlaps(a: Range, b: Range) -> bool:
    return not _before(a, b) and not _before(b, a)


def _overlaps_before(a: Range, b: Range) -> bool:
    """a begins first, and ends inside b (or with it)."""
    begins = _lt(a.low, b.low) or (_eq(a.low, b.low) and a.low_included and not b.low_included)
    ends = _lt(a.high, b.high) or (_eq(a.high, b.high) and (not a.high_included or b.high_included))
    return begins and ends and not _before(a, b)


def _overlaps_after(a: Range, b: Range) -> bool:
    """a begins last, inside b, and ends after b (or with it)."""
    ends = _lt(b.high, a.high) or (_eq(a.high, b.high) and (a.high_included or not b.high_included))
    begins = _lt(b.low, a.low) or (_eq(a.low, b.low) and b.low_included and not a.low_included)
    return begins and ends and not _before(b, a)


def _finishes(a: Value, b: Range) -> bool:
    if not isinstance(a, Range):
        return b.high_included and _eq(a, b.high)
    begins = _lt(b.low, a.low) or (_eq(a.low, b.low) and (not a.low_included or b.low_included))
    return a.high_included == b.high_included and _eq(a.high, b.high) and begins


def _starts(a: Value, b: Range) -> bool:
    if not isinstance(a, Range):
        return b.low_included and _eq(a, b.low)
    ends = _lt(a.high, b.high) or (_eq(a.high, b.high) and (not a.high_included or b.high_included))
    return a.low_included == b.low_included and _eq(a.low, b.low) and ends


def _coincides(a: Value, b: Value) -> bool:
    one, other = _as_range(a), _as_range(b)
    ends = (one.low_included, one.high_included) == (other.low_included, other.high_included)
    return ends and _eq(one.low, other.low) and _eq(one.high, other.high)


def _declare(name: str, parameters: str, relation: Any) -> None:
    def call(run: Run, a: Value, b: Value) -> Value:
        if a is None or b is None:
            return run.warn("arguments", name)
        try:
            return relation(a, b)
        except Incomparable:
            return run.warn("operand_types", name)

    built_in(name, parameters)(call)


def _swapped(relation: Any) -> Any:
    return lambda a, b: relation(b, a)


for _name, _relation in (("before", _before), ("after", _swapped(_before)), ("coincides", _coincides)):
    for _one in ("range", "point"):
        for _other in ("range", "point"):
            _first = f"{_one}1" if _one == _other else _one
            _second = f"{_other}2" if _one == _other else _other
            _kinds = {"range": "range", "point": "any"}
            _declare(_name, f"{_first}: {_kinds[_one]}, {_second}: {_kinds[_other]}", _relation)

for _name, _relation in (
    ("meets", _meets),
    ("met by", _swapped(_meets)),
    ("overlaps", _overlaps),
    ("overlaps before", _overlaps_before),
    ("overlaps after", _overlaps_after),
):
    _declare(_name, "range1: range, range2: range", _relation)

for _name, _relation in (("finishes", _finishes), ("starts", _starts), ("during", _swapped(_includes))):
    _declare(_name, "range1: range, range2: range", _relation)
    _declare(_name, "point: any, range: range", _relation)

for _name, _relation in (
    ("finished by", _swapped(_finishes)),
    ("started by", _swapped(_starts)),
    ("includes", _includes),
):
    _declare(_name, "range1: range, range2: range", _relation)
    _declare(_name, "range: range, point: any", _relation)


@built_in("range", "from: string")
def range_from(run: Run, text: str) -> Value:
    """The interval a text like `[1..3]` says: both ends literal, of one type, in order."""
    try:
        node = Parser(text, NameIndex(), NameIndex(BUILT_INS.signatures), NameIndex()).whole()
    except DecisionError:
        return run.warn("not_a_range")
    if not isinstance(node, ast.Interval):
        return run.warn("not_a_range")
    low, high = _end(run, node.low), _end(run, node.high)
    found = operators.order(low, high)
    if found is None or found > 0:
        return run.warn("not_a_range")
    return Range(low, high, node.low_included, node.high_included)


def _end(run: Run, node: ast.Node) -> Value:
    """A literal, or a date, time or duration made from one; else null."""
    if isinstance(node, ast.Literal):
        return node.value
    if isinstance(node, ast.Call) and isinstance(node.function, ast.Name) and not node.names:
        literals = [a.value for a in node.arguments if isinstance(a, ast.Literal)]
        pure = node.function.name in ("date", "time", "date and time", "duration")
        if pure and len(literals) == len(node.arguments):
            return BUILT_INS.call(run, node.function.name, literals)
    return None
