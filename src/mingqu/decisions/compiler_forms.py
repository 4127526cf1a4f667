"""Compiles what iterates, selects, calls and builds: for, some, every, filters, paths, calls, contexts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from mingqu.decisions import ast
from mingqu.decisions.built_in import BUILT_INS, call_value, call_value_named
from mingqu.decisions.compiler_tests import TestCompiler
from mingqu.decisions.feel_types import FeelType, resolve
from mingqu.decisions.properties import property_of
from mingqu.decisions.scope import Scope, hops_to
from mingqu.decisions.temporal import Date
from mingqu.decisions.types import Range
from mingqu.decisions.values import Env, Eval, Function, Parameter, Run, Value, type_name


class FullCompiler(TestCompiler):
    """All nodes."""

    def context(self, node: ast.Context, scope: Scope) -> Eval:
        inside = scope.inner()
        entries: list[tuple[str, Eval]] = []
        twice = len({key for key, _ in node.entries}) != len(node.entries)
        for key, value in node.entries:
            if isinstance(value, ast.Lambda):
                inside.names.add(key)  # a function may call itself
            entries.append((key, self.compile(value, inside)))
            inside.names.add(key)

        def build(env: Env) -> Value:
            if twice:
                return env.run.warn("duplicate_key")
            built: dict[str, Value] = {}
            inner = Env(built, env, env.run)
            for key, value in entries:
                built[key] = value(inner)
            return built

        return build

    def path(self, node: ast.Path, scope: Scope) -> Eval:
        source, name = self.compile(node.source, scope), node.name

        def follow(env: Env) -> Value:
            value = source(env)
            if value.__class__ is dict and name in value:
                return value[name]
            return property_of(env.run, value, name)

        return follow

    def filter(self, node: ast.Filter, scope: Scope) -> Eval:
        source = self.compile(node.source, scope)
        condition = self.compile(node.condition, scope.filtering())
        index = None if _is_condition(node.condition) else self.compile(node.condition, scope)

        def select(env: Env) -> Value:
            value = source(env)
            if value is None and index is None:
                return []
            items = value if value.__class__ is list else [] if value is None else [value]
            if index is not None:
                noted = len(env.run.warnings)
                position = index(env)
                del env.run.warnings[noted:]  # names of the items are unknown out here
                if position.__class__ is Decimal:
                    return at_index(env.run, items, position)
            return keep_where(env, items, condition)

        return select

    def call(self, node: ast.Call, scope: Scope) -> Eval:
        arguments = [self.compile(argument, scope) for argument in node.arguments]
        function = node.function
        if isinstance(function, ast.Name) and function.name in BUILT_INS.signatures:
            where, _ = hops_to(function.name, scope)
            if where != "closed":
                return self._call_built_in(function, arguments, node.names, scope)
        called, names = self.compile(function, scope), node.names
        if names:
            return lambda env: call_value_named(
                env.run, called(env), {n: a(env) for n, a in zip(names, arguments, strict=True)}
            )
        return lambda env: call_value(env.run, called(env), [argument(env) for argument in arguments])

    def _call_built_in(
        self, function: ast.Name, arguments: list[Eval], names: tuple[str, ...], scope: Scope
    ) -> Eval:
        """A built-in function, unless the data has a function of that name."""
        name, looked_up = function.name, self.compile(function, scope)
        own = BUILT_INS.functions[name]

        def call(env: Env) -> Value:
            target = looked_up(env)
            if target.__class__ is not Function:
                target = own  # a datum called `date` or `count` does not hide the function
            if names:
                given = {n: a(env) for n, a in zip(names, arguments, strict=True)}
                if len(given) != len(names):
                    return env.run.warn("arguments", name)
                return call_value_named(env.run, target, given)
            return call_value(env.run, target, [argument(env) for argument in arguments])

        return call

    def function(self, node: ast.Lambda, scope: Scope) -> Eval:
        names = tuple(name for name, _ in node.parameters)
        kinds = tuple(None if ref is None else resolve(ref, scope.types) for _, ref in node.parameters)
        parameters = tuple(Parameter(name, kind) for name, kind in zip(names, kinds, strict=True))
        if node.body is None:
            refused = Function("function", parameters, lambda run, given: run.warn("external_function"))
            return lambda env: refused
        body = self.compile(node.body, scope.inner(*names))
        return lambda env: make_function("function", parameters, names, body, env)

    def loop(self, node: ast.For, scope: Scope) -> Eval:
        scope = scope.inner("partial")
        walk, inside = self.iteration(node.iterators, scope)
        result = self.compile(node.result, inside)

        def run_loop(env: Env) -> Value:
            results: list[Value] = []
            try:
                for inner in walk(Env({"partial": results}, env, env.run)):
                    results.append(result(inner))
            except NotIterable as problem:
                return env.run.warn("not_iterable", str(problem))
            return results

        return run_loop

    def quantified(self, node: ast.Quantified, scope: Scope) -> Eval:
        walk, inside = self.iteration(node.iterators, scope)
        condition, decisive = self.compile(node.condition, inside), not node.every

        def check(env: Env) -> Value:
            answer: bool | None = not decisive
            try:
                for inner in walk(env):
                    value = condition(inner)
                    if value is decisive:
                        return decisive
                    if value is not (not decisive):
                        answer = env.run.warn("not_boolean", type_name(value))  # type: ignore[func-returns-value]
            except NotIterable as problem:
                return env.run.warn("not_iterable", str(problem))
            return answer

        return check

    def iteration(
        self, iterators: tuple[ast.Iterator, ...], scope: Scope
    ) -> tuple[Callable[[Env], Iterable[Env]], Scope]:
        """A walk over all combinations, one Env each, and the scope those Envs have."""
        first, rest = iterators[0], iterators[1:]
        source = self.compile(first.source, scope)
        end = None if first.end is None else self.compile(first.end, scope)
        inside, name = scope.inner(first.name), first.name
        deeper: Callable[[Env], Iterable[Env]] | None = None
        if rest:
            deeper, innermost = self.iteration(rest, inside)
        else:
            innermost = inside

        def walk(env: Env) -> Iterator[Env]:
            run = env.run
            value = source(env)
            members = items_of(run, value) if end is None else count_from(run, value, end(env))
            for member in members:
                run.pay()
                inner = Env({name: member}, env, run)
                if deeper is None:
                    yield inner
                else:
                    yield from deeper(inner)

        return walk, innermost


class NotIterable(Exception):
    """A loop over something that has no members; FEEL's answer is null."""


def items_of(run: Run, value: Value) -> Iterable[Value]:
    """The members of a list or of a range of whole numbers or days; any other value is its only member."""
    if value.__class__ is list:
        return value
    if value.__class__ is Range:
        return _items_of_range(value)
    if value is None:
        raise NotIterable("null")
    return [value]


def _items_of_range(value: Range) -> Iterable[Value]:
    if value.low.__class__ is not value.high.__class__ or value.low.__class__ not in (Decimal, Date):
        raise NotIterable("range")
    first, last = _place(value.low) + (not value.low_included), _place(value.high) - (not value.high_included)
    if first > last:
        raise NotIterable("range")
    return _count(first, last, isinstance(value.low, Decimal))


def count_from(run: Run, low: Value, high: Value) -> Iterable[Value]:
    """`1..5` of a loop, which may also count down."""
    if low.__class__ is not high.__class__ or low.__class__ not in (Decimal, Date):
        raise NotIterable(f"{type_name(low)} .. {type_name(high)}")
    return _count(_place(low), _place(high), isinstance(low, Decimal))


def _place(end: Decimal | Date) -> int:
    """A whole number, or a day as a number."""
    if isinstance(end, Date):
        return end.number
    number = end
    if number != number.to_integral_value() or abs(number) > Decimal(10) ** 18:
        raise NotIterable("number")
    return int(number)


def _count(low: int, high: int, is_number: bool) -> Iterator[Value]:
    step = 1 if low <= high else -1
    day = Date(1970, 1, 1)
    for number in range(low, high + step, step):
        yield Decimal(number) if is_number else day.plus_days(number)


_CONDITIONS: Final = (ast.Logic, ast.Between, ast.In, ast.InstanceOf, ast.Quantified)


def _is_condition(node: ast.Node) -> bool:
    """Whether the node can only be true, false or null: then `a[node]` is no index."""
    if isinstance(node, ast.Binary):
        return node.op in ("=", "!=", "<", "<=", ">", ">=")
    return isinstance(node, _CONDITIONS) or (isinstance(node, ast.Literal) and isinstance(node.value, bool))


def at_index(run: Run, items: list[Value], position: Decimal) -> Value:
    """The item at a place counted from 1, or from -1 backwards; null beyond the list."""
    if not -len(items) <= position <= len(items) or int(position) == 0:
        return run.warn("no_such_index")
    place = int(position)
    return items[place - 1 if place > 0 else place]


def keep_where(env: Env, items: list[Value], condition: Eval, *, strict: bool = False) -> list[Value] | None:
    """
    The items for which the condition is true; inside, an item's entries are names, and `item` is it.

    `strict` (boxed filters): a condition that is neither true, false nor null makes the whole null.
    """
    run, kept = env.run, []
    for item in items:
        run.pay()
        inner = Env({"item": item}, env, run)
        if item.__class__ is dict:
            inner = Env(item, inner, run)
        answer = condition(inner)
        if answer is True:
            kept.append(item)
        elif strict and answer is not None and answer is not False:
            return run.warn("not_boolean", type_name(answer))  # type: ignore[func-returns-value]
    return kept


def make_function(
    name: str,
    parameters: tuple[Parameter, ...],
    names: tuple[str, ...],
    body: Eval,
    env: Env | None,
    result: FeelType | None = None,
) -> Function:
    """A function value whose body sees its arguments and the names around its definition."""

    def call(run: Run, given: Iterable[Value]) -> Value:
        arguments: Mapping[str, Value] = dict(zip(names, given, strict=True))
        return body(Env(arguments, env, run))

    return Function(name, parameters, call, result)
