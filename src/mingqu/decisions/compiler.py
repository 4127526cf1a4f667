"""
Turns a parsed expression into Python closures: names, operators, logic, comparison, ranges.

Iteration, filters, paths, calls and contexts are in `compiler_forms`, tests in `compiler_tests`.
"""

from __future__ import annotations

import decimal
import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from mingqu.decisions import ast, operators
from mingqu.decisions.built_in import BUILT_INS
from mingqu.decisions.feel_types import resolve
from mingqu.decisions.scope import Scope, hops_to
from mingqu.decisions.types import Range
from mingqu.decisions.values import Env, Eval, Run, Value, type_name

_MISSING: Final = object()


class Compiler:
    """Compiles nodes; the parts of it are mixed together in `compiler_forms.FullCompiler`."""

    def compile(self, node: ast.Node, scope: Scope) -> Eval:
        """The closure that evaluates the node in an Env shaped like the scope."""
        return _METHODS[type(node)](self, node, scope)

    def literal(self, node: ast.Literal, scope: Scope) -> Eval:
        value = node.value
        return lambda env: value

    def name(self, node: ast.Name, scope: Scope) -> Eval:
        name = node.name
        where, hops = hops_to(name, scope)
        if where == "closed":
            return _closed_name(name, hops)
        fallback: Value = BUILT_INS.functions.get(name, _MISSING)
        if where == "top":
            return _top_name(name, hops, fallback)

        def dynamic(env: Env) -> Value:
            place: Env | None = env
            while place is not None:
                if name in place.names:
                    return place.names[name]
                place = place.up
            return env.run.warn("unknown_name", name) if fallback is _MISSING else fallback

        return dynamic

    def list_of(self, node: ast.ListOf, scope: Scope) -> Eval:
        items = [self.compile(item, scope) for item in node.items]
        return lambda env: [item(env) for item in items]

    def negation(self, node: ast.Negation, scope: Scope) -> Eval:
        operand = self.compile(node.operand, scope)
        return lambda env: operators.negate(env.run, operand(env))

    def binary(self, node: ast.Binary, scope: Scope) -> Eval:
        left, right = self.compile(node.left, scope), self.compile(node.right, scope)
        if node.op in _ARITHMETIC:
            return _arithmetic(node.op, left, right)
        if node.op in ("=", "!="):
            return _equality(left, right, wanted=node.op == "=")
        return _comparison(node.op, left, right)

    def logic(self, node: ast.Logic, scope: Scope) -> Eval:
        items = [self.compile(item, scope) for item in node.items]
        decisive = node.op == "or"

        def combine(env: Env) -> Value:
            certain = True
            for item in items:
                value = item(env)
                if value is decisive:
                    return decisive
                if value is not True and value is not False:
                    certain = False
                    if value is not None:
                        env.run.warn("not_boolean", type_name(value))
            return (not decisive) if certain else None

        return combine

    def between(self, node: ast.Between, scope: Scope) -> Eval:
        value, low, high = (self.compile(part, scope) for part in (node.value, node.low, node.high))

        def check(env: Env) -> Value:
            return operators.within(env.run, value(env), Range(low(env), high(env), True, True))

        return check

    def interval(self, node: ast.Interval, scope: Scope) -> Eval:
        low, high = self.compile(node.low, scope), self.compile(node.high, scope)
        low_in, high_in = node.low_included, node.high_included

        def build(env: Env) -> Value:
            return make_range(env.run, low(env), high(env), low_in, high_in)

        return build

    def open_range(self, node: ast.OpenRange, scope: Scope) -> Eval:
        end, op = self.compile(node.end, scope), node.op
        return lambda env: make_open_range(op, end(env))

    def instance_of(self, node: ast.InstanceOf, scope: Scope) -> Eval:
        value, kind = self.compile(node.value, scope), resolve(node.type, scope.types)
        name = node.type.name
        if kind is None:
            return lambda env: env.run.warn("unknown_type", name)
        known = kind
        return lambda env: known.matches(value(env))

    def condition(self, node: ast.If, scope: Scope) -> Eval:
        test = self.compile(node.condition, scope)
        then, otherwise = self.compile(node.then, scope), self.compile(node.otherwise, scope)

        def choose(env: Env) -> Value:
            value = test(env)
            if value is True:
                return then(env)
            if value is not False and value is not None:
                env.run.warn("not_boolean", type_name(value))
            return otherwise(env)

        return choose


Method = Callable[..., Eval]
_METHODS: Final[dict[type, Method]] = {
    ast.Literal: lambda c, n, s: c.literal(n, s),
    ast.Name: lambda c, n, s: c.name(n, s),
    ast.ListOf: lambda c, n, s: c.list_of(n, s),
    ast.Context: lambda c, n, s: c.context(n, s),
    ast.Interval: lambda c, n, s: c.interval(n, s),
    ast.OpenRange: lambda c, n, s: c.open_range(n, s),
    ast.Binary: lambda c, n, s: c.binary(n, s),
    ast.Logic: lambda c, n, s: c.logic(n, s),
    ast.Negation: lambda c, n, s: c.negation(n, s),
    ast.Between: lambda c, n, s: c.between(n, s),
    ast.In: lambda c, n, s: c.in_tests(n, s),
    ast.InstanceOf: lambda c, n, s: c.instance_of(n, s),
    ast.Path: lambda c, n, s: c.path(n, s),
    ast.Filter: lambda c, n, s: c.filter(n, s),
    ast.Call: lambda c, n, s: c.call(n, s),
    ast.If: lambda c, n, s: c.condition(n, s),
    ast.For: lambda c, n, s: c.loop(n, s),
    ast.Quantified: lambda c, n, s: c.quantified(n, s),
    ast.Lambda: lambda c, n, s: c.function(n, s),
}


def make_range(run: Run, low: Value, high: Value, low_in: bool, high_in: bool) -> Range:
    """An interval's value. Ends of different types make a range nothing lies in."""
    if low is not None and high is not None and low.__class__ is not high.__class__:
        run.warn("operand_types", f"{type_name(low)} .. {type_name(high)}")
    return Range(low, high, low_in, high_in)


def make_open_range(op: str, end: Value) -> Range:
    """`(< 10)` and its like as a value."""
    if op in ("<", "<="):
        return Range(None, end, False, op == "<=", op)
    if op in (">", ">="):
        return Range(end, None, op == ">=", False, op)
    return Range(end, end, True, True, op)


def _closed_name(name: str, hops: int) -> Eval:
    if hops == 0:
        return lambda env: env.names[name]
    if hops == 1:
        return lambda env: env.up.names[name]  # type: ignore[union-attr]

    def climb(env: Env) -> Value:
        for _ in range(hops):
            env = env.up  # type: ignore[assignment]
        return env.names[name]

    return climb


def _top_name(name: str, hops: int, fallback: Value) -> Eval:
    def look(env: Env) -> Value:
        run = env.run
        for _ in range(hops):
            env = env.up  # type: ignore[assignment]
        value = env.names.get(name, _MISSING)
        if value is not _MISSING:
            return value
        return run.warn("unknown_name", name) if fallback is _MISSING else fallback

    def look_here(env: Env) -> Value:
        try:
            return env.names[name]
        except KeyError:
            return env.run.warn("unknown_name", name) if fallback is _MISSING else fallback

    return look if hops else look_here


_ARITHMETIC: Final = {
    "+": (operators.add, operator.add),
    "-": (operators.subtract, operator.sub),
    "*": (operators.multiply, operator.mul),
    "/": (operators.divide, operator.truediv),
    "**": (operators.power, operator.pow),
}


def _arithmetic(op: str, left: Eval, right: Eval) -> Eval:
    slow, fast = _ARITHMETIC[op]

    def compute(env: Env) -> Value:
        a, b = left(env), right(env)
        if a.__class__ is Decimal and b.__class__ is Decimal:
            try:
                return fast(a, b)
            except decimal.DecimalException:
                return env.run.warn("out_of_range", op)
        return slow(env.run, a, b)

    return compute


def _equality(left: Eval, right: Eval, *, wanted: bool) -> Eval:
    def compare(env: Env) -> Value:
        a, b = left(env), right(env)
        kind = a.__class__
        if kind is b.__class__ and (kind is str or kind is Decimal):
            return (a == b) is wanted
        same = operators.equal(env.run, a, b)
        return same if same is None or wanted else not same

    return compare


_ORDERS: Final[dict[str, Sequence[int]]] = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0)}


def _comparison(op: str, left: Eval, right: Eval) -> Eval:
    accepted = _ORDERS[op]

    def compare(env: Env) -> Value:
        a, b = left(env), right(env)
        found = operators.order(a, b)
        if found is None:
            return operators.refuse(env.run, op, a, b)
        return found in accepted

    return compare
