"""Works out ahead of time what can't change: intervals of literals, `date("…")` and its like."""

from __future__ import annotations

from typing import Final

from mingqu.decisions import ast
from mingqu.decisions.built_in import BUILT_INS
from mingqu.decisions.types import Range
from mingqu.decisions.values import Run

_PURE: Final = frozenset({"date", "time", "date and time", "duration"})


def fold(node: ast.Node) -> ast.Node:
    """An equal node, with constants in place of what always gives the same value."""
    match node:
        case ast.Interval(low, high, low_included, high_included):
            low, high = fold(low), fold(high)
            if isinstance(low, ast.Literal) and isinstance(high, ast.Literal) and _alike(low, high):
                return ast.Literal(Range(low.value, high.value, low_included, high_included))
            return ast.Interval(low, high, low_included, high_included)
        case ast.OpenRange(op, end):
            return ast.OpenRange(op, fold(end))
        case ast.Call(ast.Name(name), arguments, ()) if name in _PURE:
            return _folded_call(node, name, arguments)
        case ast.Tests(tests, negated, anything):
            return ast.Tests(tuple(fold(test) for test in tests), negated, anything)
        case ast.In(value, tests):
            return ast.In(fold(value), tuple(fold(test) for test in tests))
        case ast.Logic(op, items):
            return ast.Logic(op, tuple(fold(item) for item in items))
        case ast.Binary(op, left, right):
            return ast.Binary(op, fold(left), fold(right))
        case ast.Between(value, low, high):
            return ast.Between(fold(value), fold(low), fold(high))
        case ast.If(condition, then, otherwise):
            return ast.If(fold(condition), fold(then), fold(otherwise))
        case _:
            return node


def _alike(low: ast.Literal, high: ast.Literal) -> bool:
    return low.value is not None and low.value.__class__ is high.value.__class__


def _folded_call(node: ast.Call, name: str, arguments: tuple[ast.Node, ...]) -> ast.Node:
    if not all(isinstance(argument, ast.Literal) for argument in arguments):
        return node
    run = Run()
    value = BUILT_INS.call(run, name, [a.value for a in arguments if isinstance(a, ast.Literal)])
    return node if value is None else ast.Literal(value)
