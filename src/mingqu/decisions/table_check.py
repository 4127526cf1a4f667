"""
What keeps a decision table from being published: rules that apply together where one alone may, rules that never
apply, priorities that nobody wrote down (DMN 1.5, 8.2.10: unique rules are disjoint).

Nothing is decided here. Where all cells of a column are constant, one value of each stretch within which they answer
alike is tried with the very tests the cells compile to. Other columns keep two rules apart unless their cells read
alike: what can't be known is no reason to refuse.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Final

from mingqu.decisions import analysis, ast
from mingqu.decisions.errors import DecisionError
from mingqu.decisions.expression import parse
from mingqu.decisions.feel_types import FeelType, samples_of
from mingqu.decisions.table_index import constants_of, plain_column
from mingqu.decisions.tables import TableParts
from mingqu.decisions.temporal import Date, DayTimeDuration, YearMonthDuration
from mingqu.decisions.text_of import text_of
from mingqu.decisions.types import Trouble
from mingqu.decisions.values import NUMBERS, Env, Run, Value

MAX_SHOWN: Final = 10
MAX_WORK: Final = 10_000_000
OTHER: Final = "\x00"
_LISTED: Final = (str, bool, Decimal, type(None), Date, DayTimeDuration, YearMonthDuration)


@dataclass(frozen=True, slots=True)
class Side:
    """
    One input, as far as it keeps rules apart: `together[i]` are the rules (as bits) that some value lets apply
    with rule i; `examples` are such values with the rules they let apply.
    """

    label: str
    together: Sequence[int]
    examples: Sequence[tuple[Value, int]] = ()

    def example(self, both: int) -> str:
        """A value that lets both rules apply, as words; empty where any will do."""
        value = next((value for value, mask in self.examples if mask & both == both), None)
        if value is None or (isinstance(value, str) and OTHER in value):
            return ""
        return f"{self.label} 为 {text_of(Run(), value, inside=True)}"


def troubles_of(where: str, parts: TableParts) -> list[Trouble]:
    """All of one table."""
    if parts.table.policy in "PO" and not any(parts.priorities):
        sentence = "结果按优先顺序取舍，但结果列没有按顺序写明取值。"
        return [Trouble(where, "no_priorities", parts.table.id, sentence)]
    if not parts.inputs or not parts.outputs:
        return []
    if len(parts.inputs) * len(parts.outputs) ** 2 > MAX_WORK:
        return [Trouble(where, "table_too_large", parts.table.id, "决策表过大，无法检查规则是否重叠。")]
    sides = list(_sides(parts))
    found = [*_never(where, sides)]
    if parts.table.policy in "UA" and _independent(parts):
        found += _overlapping(where, parts, sides)
    return found[:MAX_SHOWN]


def _never(where: str, sides: Sequence[Side]) -> Iterator[Trouble]:
    for side in sides:
        for rule, together in enumerate(side.together):
            if not together >> rule & 1:
                sentence = f"第 {rule + 1} 条规则永远不会适用：“{side.label}”没有满足它的取值。"
                yield Trouble(where, "dead_rule", f"{rule + 1}", sentence)


def _overlapping(where: str, parts: TableParts, sides: Sequence[Side]) -> Iterator[Trouble]:
    unique = parts.table.policy == "U"
    for one, other in _pairs(sides):
        if not unique and not _differ(parts, one, other):
            continue
        both = 1 << one | 1 << other
        example = "，".join(filter(None, (side.example(both) for side in sides)))
        sentence = f"第 {one + 1} 条和第 {other + 1} 条规则会同时适用"
        sentence += f"（例如 {example}）" if example else ""
        sentence += "，但这张表只允许一条。" if unique else "，而结果不同。"
        code = "overlapping_rules" if unique else "rules_disagree"
        yield Trouble(where, code, f"{one + 1}, {other + 1}", sentence)


def _pairs(sides: Sequence[Side]) -> Iterator[tuple[int, int]]:
    """Rules that no input keeps apart, the first of each pair the earlier one."""
    for rule in range(len(sides[0].together)):
        later = -1 << (rule + 1)
        for side in sides:
            later &= side.together[rule]
        while later:
            low = later & -later
            yield rule, low.bit_length() - 1
            later ^= low


def _differ(parts: TableParts, one: int, other: int) -> bool:
    """Whether two rules surely give different results: both are written down, and unlike."""
    rules = parts.table.rules
    for first, second in zip(rules[one].outputs, rules[other].outputs, strict=True):
        a, b = _written(first), _written(second)
        if a is not None and b is not None and a.value != b.value:
            return True
    return False


def _written(text: str) -> ast.Literal | None:
    try:
        node = parse(text)
    except DecisionError:
        return None
    return node if isinstance(node, ast.Literal) else None


def _independent(parts: TableParts) -> bool:
    """Whether inputs that differ read different data: else one may settle the other."""
    reads = {clause.text: names for clause, names in zip(parts.table.inputs, parts.reads, strict=True)}
    return all(not analysis.meet(first, second) for first, second in combinations(list(reads.values()), 2))


def _sides(parts: TableParts) -> Iterator[Side]:
    """One for each input that differs: two columns of one input are one side."""
    by_text: dict[str, list[int]] = {}
    for index, clause in enumerate(parts.table.inputs):
        by_text.setdefault(clause.text, []).append(index)
    for text, columns in by_text.items():
        label = parts.table.inputs[columns[0]].label or text
        side = _tried_side(parts, columns, label)
        if side is not None:
            yield side
        else:
            for index in columns:
                yield Side(label, _read_alike([row[index][0] for row in parts.cells]))


def _constants(parts: TableParts, columns: Sequence[int]) -> list[Value] | None:
    """All limits of the cells; None if one is worked out, or of a type whose values can't be listed."""
    found: list[Value] = []
    for index in columns:
        for cell in (row[index][0] for row in parts.cells):
            if ast.ListOf(()) in cell.tests:
                return None
            for limits in constants_of(cell):
                if limits is None or not all(isinstance(value, _LISTED) for value in limits):
                    return None
                found += limits
    return found


def _read_alike(cells: Sequence[ast.Tests]) -> list[int]:
    """Cells that can't be tried: those that take anything, and those that are written alike."""
    alike: dict[ast.Tests, int] = {}
    anything = 0
    for index, cell in enumerate(cells):
        if cell.anything:
            anything |= 1 << index
        else:
            alike[cell] = alike.get(cell, 0) | 1 << index
    everything = (1 << len(cells)) - 1
    return [everything if cell.anything else alike[cell] | anything for cell in cells]


def _tried_side(parts: TableParts, columns: Sequence[int], label: str) -> Side | None:
    """None where cells can't be tried."""
    count = len(parts.outputs)
    everything = (1 << count) - 1
    values = _constants(parts, columns)
    if values is None:
        return None
    if all(row[index][0].anything for index in columns for row in parts.cells):
        return Side(label, [everything] * count)
    env = Env({}, None, Run())
    examples: list[tuple[Value, int]] = []
    with decimal.localcontext(NUMBERS):
        samples = _samples(parts, columns)
        tests = [plain_column([row[index][1] for row in parts.cells]) for index in columns]
        for value in stretches([*values, *(samples or ())]):
            if all(_may_be(parts, index, value, env, samples is not None) for index in columns):
                mask = everything
                for test in tests:
                    mask &= test(env, value)
                examples.append((value, mask))
    if all(value is None for value, _ in examples):
        return None
    together = [0] * count
    for mask in {mask for _, mask in examples}:
        rest = mask
        while rest:
            low = rest & -rest
            together[low.bit_length() - 1] |= mask
            rest ^= low
    return Side(label, together, examples)


def _samples(parts: TableParts, columns: Sequence[int]) -> list[Value] | None:
    """The limits of the allowed values; None if they are worked out, so that they can't be tried."""
    found: list[Value] = []
    for index in columns:
        limits = [
            *map(samples_of, _kinds(parts, index)),
            *([] if parts.allowed_in[index] is None else _limits(parts, index)),
        ]
        for part in limits:
            if part is None:
                return None
            found += part
    return found


def _kinds(parts: TableParts, index: int) -> list[FeelType]:
    return [kind for kind in (parts.inputs[index][1], parts.declared[index]) if kind is not None]


def _limits(parts: TableParts, index: int) -> list[list[Value] | None]:
    cell = parts.allowed_in[index]
    return [] if cell is None else list(constants_of(cell))


def _may_be(parts: TableParts, index: int, value: Value, env: Env, limited: bool) -> bool:
    """Whether the column can be asked about the value: it is of its type and allowed."""
    if value is None:
        return True
    for kind in _kinds(parts, index):
        if not (kind.conforms(env.run, value) if limited else kind.is_kind(value)):
            return False
    _, _, allowed = parts.inputs[index]
    return not limited or allowed is None or allowed(env, value) is True


def stretches(limits: Sequence[Value]) -> list[Value]:
    """The limits, and a value of each stretch between, before and after them. Null only where it is a limit."""
    found: list[Value] = [None] if any(value is None for value in limits) else []
    words = sorted({value for value in limits if isinstance(value, str)})
    found += [True, False, *words, "", OTHER, *(word + OTHER for word in words)]
    for kind, before, between, after in _ORDERED:
        ends = sorted({value for value in limits if value.__class__ is kind}, key=_key)
        if ends:
            inner = [between(a, b) for a, b in pairwise(ends)]
            found += [before(ends[0]), *ends, *inner, after(ends[-1])]
        elif kind is Decimal:
            found.append(Decimal(0))
    return found


def _next_day(day: Date, step: int) -> Date:
    try:
        return day.plus_days(step)
    except ValueError:  # the end of the calendar
        return day


def _key(value: Value) -> Value:
    return value.number if isinstance(value, Date) else value


_ORDERED: Final[Sequence[tuple[type, Callable[..., Value], Callable[..., Value], Callable[..., Value]]]] = (
    (
        Decimal,
        lambda a: min(a - 1, a.next_minus()),
        lambda a, b: (a + b) / 2,
        lambda a: max(a + 1, a.next_plus()),
    ),
    (Date, lambda a: _next_day(a, -1), lambda a, b: _next_day(a, 1), lambda a: _next_day(a, 1)),
    (
        DayTimeDuration,
        lambda a: DayTimeDuration(a.nanos - 1),
        lambda a, b: DayTimeDuration(a.nanos + 1),
        lambda a: DayTimeDuration(a.nanos + 1),
    ),
    (
        YearMonthDuration,
        lambda a: YearMonthDuration(a.months - 1),
        lambda a, b: YearMonthDuration(a.months + 1),
        lambda a: YearMonthDuration(a.months + 1),
    ),
)
