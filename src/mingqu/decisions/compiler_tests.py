"""Compiles tests: what stands after `in`, and the cells of a decision table (DMN 1.5, 7.3.3 and table 54)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final, TypeAlias

from mingqu.decisions import ast, operators
from mingqu.decisions.compiler import Compiler
from mingqu.decisions.scope import Scope
from mingqu.decisions.types import Range
from mingqu.decisions.values import Env, Eval, Value

Test: TypeAlias = Callable[[Env, Value], "bool | None"]
INPUT: Final = "?"


class TestCompiler(Compiler):
    """Tests of one value."""

    def in_tests(self, node: ast.In, scope: Scope) -> Eval:
        value = self.compile(node.value, scope)
        tests = [self.test(test, scope) for test in node.tests]
        if len(tests) == 1:
            only = tests[0]
            return lambda env: only(env, value(env))
        return lambda env: _any(tests, env, value(env))

    def test(self, node: ast.Node, scope: Scope) -> Test:
        """One test after `in`."""
        if isinstance(node, ast.OpenRange):
            return _operator_test(node.op, self.compile(node.end, scope))
        if uses_input(node):
            return self._expression_test(node, scope)
        if isinstance(node, ast.Literal):
            return _literal_test(node.value)
        against = self.compile(node, scope)
        return lambda env, value: operators.contains(env.run, value, against(env))

    def _expression_test(self, node: ast.Node, scope: Scope) -> Test:
        condition = self.compile(node, scope.inner(INPUT))

        def check(env: Env, value: Value) -> bool | None:
            answer = condition(Env({INPUT: value}, env, env.run))
            if answer is None or isinstance(answer, bool):
                return answer
            return operators.contains(env.run, value, answer)

        return check

    def cell_test(self, node: ast.Node, scope: Scope) -> Test:
        """One test of a table's cell: also a condition that is true by itself, whatever the input."""
        if uses_input(node) or isinstance(node, (ast.OpenRange, ast.Literal)):
            return self.test(node, scope)
        against = self.compile(node, scope)

        def check(env: Env, value: Value) -> bool | None:
            found = against(env)
            if isinstance(found, bool) and not isinstance(value, bool):
                return found
            return operators.contains(env.run, value, found)

        return check

    def cell(self, node: ast.Tests, scope: Scope) -> Test:
        """A whole cell."""
        if node.anything:
            return lambda env, value: True
        tests = [self.cell_test(test, scope) for test in node.tests]
        if node.negated:
            return lambda env, value: _not(_any(tests, env, value))
        if len(tests) == 1:
            return tests[0]
        return lambda env, value: _any(tests, env, value)


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _any(tests: list[Test], env: Env, value: Value) -> bool | None:
    answer: bool | None = False
    for test in tests:
        found = test(env, value)
        if found:
            return True
        if found is None:
            answer = None
    return answer


def uses_input(node: ast.Node) -> bool:
    """Whether `?` stands somewhere inside."""
    if isinstance(node, ast.Name):
        return node.name == INPUT
    return any(uses_input(child) for child in ast.children(node))


def _literal_test(against: Value) -> Test:
    if isinstance(against, Range) and against.low.__class__ is Decimal and against.high.__class__ is Decimal:
        return _number_range_test(against)
    kind = against.__class__
    if kind is str or kind is Decimal:

        def same(env: Env, value: Value) -> bool | None:
            if value.__class__ is kind:
                return bool(value == against)
            return operators.equal(env.run, value, against)

        return same
    return lambda env, value: operators.contains(env.run, value, against)


def _number_range_test(range_: Range) -> Test:
    low, high, low_in, high_in = range_.low, range_.high, range_.low_included, range_.high_included

    def inside(env: Env, value: Value) -> bool | None:
        if value.__class__ is not Decimal or range_.op is not None:
            return operators.contains(env.run, value, range_)
        return bool(
            (low < value or (low_in and low == value)) and (value < high or (high_in and value == high))
        )

    return inside


_ORDERS: Final = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0)}


def _operator_test(op: str, end: Eval) -> Test:
    if op in ("=", "!="):
        wanted = op == "="

        def equality(env: Env, value: Value) -> bool | None:
            same = operators.equal(env.run, value, end(env))
            return same if same is None or wanted else not same

        return equality
    accepted = _ORDERS[op]

    def compare(env: Env, value: Value) -> bool | None:
        limit = end(env)
        found = operators.order(value, limit)
        if found is None:
            return operators.refuse(env.run, op, value, limit)  # type: ignore[func-returns-value]
        return found in accepted

    return compare
