"""
Rows of conditions that are more than comparisons with constants, tried with examples.

Nothing is proved: each datum is tried with every answer it can have, or, where it has no list of answers, with the
values the conditions name and one of each stretch between them. What compares two open data is seen only there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any, Final

from mingqu.decisions import analysis, ast
from mingqu.decisions.expression import Compiled, compiled, evaluate_outcome
from mingqu.decisions.table_check import stretches
from mingqu.decisions.types import DATE, NUMBER, Answers, Ground, Numbers, RowTrouble
from mingqu.decisions.values import DEFAULT_LIMITS

MOST_TRIED: Final = 3_000
MOST_SHOWN: Final = 5
_OTHER: Final = "其他"


def troubles(conditions: Sequence[str], ground: Ground) -> list[RowTrouble]:
    """What is wrong with rows of which one is to apply. Raises like compile_expression."""
    rows, never = [compiled(text) for text in conditions], [compiled(text) for text in ground.never]
    read = {path for row in rows for path in analysis.names_used(row.node)}
    axes = {
        path: _tried(path, kind, rows, path in ground.optional)
        for path, kind in ground.data.items()
        if path in read
    }
    if prod(len(values) for values in axes.values()) > MOST_TRIED:
        return []  # nothing is claimed: the rows are said to be open anyway
    found: dict[tuple[int, ...], RowTrouble] = {}
    for values in product(*axes.values()):
        example = dict(zip(axes, values, strict=True))
        if any(_applies(one, example) for one in never):
            continue
        applying = tuple(number for number, row in enumerate(rows, start=1) if _applies(row, example))
        if len(applying) != 1:
            found.setdefault(applying[:2], RowTrouble(applying[:2], example))
    return list(found.values())[:MOST_SHOWN]


def _tried(path: str, answers: Answers, rows: Sequence[Compiled], optional: bool) -> list[Any]:
    named = [value for row in rows if path in analysis.names_used(row.node) for value in _literals(row.node)]
    kind = NUMBER if isinstance(answers, Numbers) else answers
    found = list(kind) if not isinstance(kind, str) else list(_open(kind, named))
    return [*found, None] if optional else found


def _open(kind: str, named: Sequence[Any]) -> Iterator[Any]:
    if kind == NUMBER:
        numbers = [value for value in named if isinstance(value, Decimal)]
        yield from (value for value in stretches(numbers) if isinstance(value, Decimal) and value >= 0)
    elif kind == DATE:
        days = sorted({day for value in named if (day := _day(value))})
        around = {day + timedelta(days=step) for day in days for step in (-1, 0, 1)}
        yield from (day.isoformat() for day in sorted(around) or [date(2026, 1, 1)])
    else:
        yield from dict.fromkeys([*(value for value in named if isinstance(value, str)), _OTHER])


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _literals(node: ast.Node) -> Iterator[Any]:
    if isinstance(node, ast.Literal):
        yield node.value
    for child in ast.children(node):
        yield from _literals(child)


def _applies(row: Compiled, example: Mapping[str, Any]) -> bool:
    names: dict[str, Any] = {}
    for path, value in example.items():
        *way, last = path.split(".")
        here = names
        for name in way:
            here = here.setdefault(name, {})
        here[last] = value
    return evaluate_outcome(row, names, DEFAULT_LIMITS, None).value is True
