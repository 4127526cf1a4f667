"""Decision tables: hit policies, priorities, aggregation, defaults (DMN 1.5, chapter 8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from mingqu.decisions import ast, operators
from mingqu.decisions.builtins_list import extreme, same, total
from mingqu.decisions.compiler_tests import Test
from mingqu.decisions.dmn_model import DecisionTable, OutputClause
from mingqu.decisions.feel_types import FeelType
from mingqu.decisions.table_index import Column, column_of
from mingqu.decisions.types import Hit
from mingqu.decisions.values import Env, Eval, Run, Value

Fit: TypeAlias = "FeelType | None"


@dataclass(frozen=True, slots=True)
class TableParts:
    """
    A table's cells, compiled by `boxed` in the scope the table stands in.

    `allowed_in` are the allowed values of the inputs as read, `reads` the data each input reads,
    `declared` the type of the datum an input is, if it is one.
    """

    table: DecisionTable
    inputs: Sequence[tuple[Eval, Fit, Test | None]]
    cells: Sequence[Sequence[tuple[ast.Tests, Test]]]
    outputs: Sequence[Sequence[Eval]]
    output_types: Sequence[Fit]
    allowed: Sequence[Test | None]
    priorities: Sequence[Sequence[Eval]]
    defaults: Sequence[Eval | None]
    allowed_in: Sequence[ast.Tests | None]
    reads: Sequence[frozenset[str]]
    declared: Sequence[Fit]


def compile_table(parts: TableParts) -> Eval:
    """The table as one closure."""
    columns = [column_of([row[index] for row in parts.cells]) for index in range(len(parts.inputs))]
    find = _finder(parts, columns)
    rows = [_row(parts, index) for index in range(len(parts.outputs))]
    table, choose, fallback = parts.table, _policy(parts), _default(parts)
    single = table.policy in "UAPF"
    multiple = len(parts.output_types) > 1

    def decide(env: Env) -> Value:
        run = env.run
        mask = find(env)
        if mask <= 0:
            if mask == 0 and fallback is not None:
                value = fallback(env)
                return value if single else [value] if not table.aggregator else value
            return choose(env, [], ()) if mask == 0 else None
        matched = _bits(mask)
        run.pay(len(matched))
        if table.policy == "F":
            matched = matched[:1]
        if run.hits is not None:
            run.hits.append(Hit(table, tuple(matched)))
        if len(matched) == 1 and single:
            return rows[matched[0]](env)
        return choose(env, [rows[index](env) for index in matched], tuple(matched))

    if multiple and table.aggregator and table.aggregator != "#":
        return lambda env: env.run.warn("aggregation", table.id)
    return decide


def _bits(mask: int) -> list[int]:
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def _finder(parts: TableParts, columns: Sequence[Column]) -> Callable[[Env], int]:
    """The rules that match, as bits; -1 if an input is not among its allowed values."""
    everything = (1 << len(parts.outputs)) - 1
    triples = [
        (value, kind, allowed, column)
        for (value, kind, allowed), column in zip(parts.inputs, columns, strict=True)
    ]

    def find(env: Env) -> int:
        mask = everything
        for value, kind, allowed, column in triples:
            given = value(env)
            if kind is not None and given is not None:
                given = kind.fit(env.run, given)
            if allowed is not None and given is not None and allowed(env, given) is not True:
                env.run.warn("not_allowed", parts.table.id)
                return -1
            mask &= column(env, given)
            if not mask:
                return 0
        return mask

    return find


def _row(parts: TableParts, index: int) -> Eval:
    cells = parts.outputs[index]
    if len(cells) == 1:
        return _output(parts, 0, cells[0])
    named = [
        (clause.name, _output(parts, column, cell))
        for column, (clause, cell) in enumerate(zip(parts.table.outputs, cells, strict=True))
    ]
    return lambda env: {name: cell(env) for name, cell in named}


def _output(parts: TableParts, column: int, cell: Eval) -> Eval:
    kind, allowed = parts.output_types[column], parts.allowed[column]
    if kind is None and allowed is None:
        return cell

    def compute(env: Env) -> Value:
        value = cell(env)
        if value is None:
            return None
        if kind is not None:
            value = kind.fit(env.run, value)
        if allowed is not None and allowed(env, value) is not True:
            return env.run.warn("not_allowed", parts.table.id)
        return value

    return compute


def _default(parts: TableParts) -> Eval | None:
    if all(default is None for default in parts.defaults):
        return None
    if len(parts.defaults) == 1:
        return parts.defaults[0]
    named = [
        (clause.name, default) for clause, default in zip(parts.table.outputs, parts.defaults, strict=True)
    ]
    return lambda env: {name: None if default is None else default(env) for name, default in named}


Choice: TypeAlias = Callable[[Env, list[Value], tuple[int, ...]], Value]


def _policy(parts: TableParts) -> Choice:
    table = parts.table
    choices: Mapping[str, Choice] = {
        "U": lambda env, values, rules: _unique(env, table, values),
        "A": lambda env, values, rules: _any(env, table, values),
        "F": lambda env, values, rules: values[0] if values else env.run.warn("no_rule", table.id),
        "P": lambda env, values, rules: (
            _sorted(env, parts, values)[0] if values else env.run.warn("no_rule", table.id)
        ),
        "O": lambda env, values, rules: _sorted(env, parts, values),
        "R": lambda env, values, rules: values,
        "C": lambda env, values, rules: _collected(env.run, table.aggregator, values),
    }
    return choices[table.policy]


def _unique(env: Env, table: DecisionTable, values: list[Value]) -> Value:
    return env.run.warn("overlapping_rules" if values else "no_rule", table.id)


def _any(env: Env, table: DecisionTable, values: list[Value]) -> Value:
    if not values:
        return env.run.warn("no_rule", table.id)
    if all(same(env.run, value, values[0]) for value in values[1:]):
        return values[0]
    return env.run.warn("rules_disagree", table.id)


def _collected(run: Run, aggregator: str, values: list[Value]) -> Value:
    if not aggregator:
        return values
    if aggregator == "#":
        return Decimal(len(values))
    if not values:
        return None
    if aggregator == "+":
        return total(run, values)
    return extreme(run, aggregator, values, -1 if aggregator == "<" else 1)


def _sorted(env: Env, parts: TableParts, values: list[Value]) -> list[Value]:
    """By priority: the place of each output among its column's values, first column first."""
    orders = [[entry(env) for entry in column] for column in parts.priorities]
    clauses: Sequence[OutputClause] = parts.table.outputs

    def rank(value: Value) -> tuple[int, ...]:
        cells = [value] if len(clauses) == 1 else [value[clause.name] for clause in clauses]
        return tuple(_place(env.run, order, cell) for order, cell in zip(orders, cells, strict=True))

    return sorted(values, key=rank)


def _place(run: Run, order: Sequence[Any], value: Value) -> int:
    for index, entry in enumerate(order):
        if entry.__class__ is value.__class__ and operators.equal(run, entry, value):
            return index
    return len(order)
