"""List functions (DMN 1.5, table 75) and `not`, `is` (tables 72, 73 tail)."""

from __future__ import annotations

import decimal
import functools
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from mingqu.decisions import operators
from mingqu.decisions.built_in import built_in, call_value
from mingqu.decisions.values import Function, Run, Value, type_name


@built_in("not", "negand: any")
def negation(run: Run, negand: Value) -> Value:
    """Three-valued not."""
    return not negand if isinstance(negand, bool) else None


@built_in("list contains", "list: list, element: any")
def list_contains(run: Run, items: list[Value], element: Value) -> Value:
    """Whether one member equals the element (null counts)."""
    run.pay(len(items))
    return any(same(run, item, element) for item in items)


def same(run: Run, a: Value, b: Value) -> bool:
    """Equal, where values of different types are just different."""
    if a.__class__ is not b.__class__:
        return False
    return operators.equal(run, a, b) is True


@built_in("count", "list: list")
def count(run: Run, items: list[Value]) -> Value:
    """Number of members."""
    return Decimal(len(items))


def _of_one_kind(run: Run, name: str, items: Sequence[Value]) -> bool:
    run.pay(len(items))
    if any(operators.order(items[0], item) is None for item in items):
        run.warn("arguments", f"{name}({', '.join(type_name(i) for i in items[:5])})")
        return False
    return True


def extreme(run: Run, name: str, items: list[Value], sign: int) -> Value:
    """The least or greatest of values of one type; null for an empty list."""
    if not items or not _of_one_kind(run, name, items):
        return None
    best = items[0]
    for item in items[1:]:
        if operators.order(item, best) == sign:
            best = item
    return best


@built_in("min", "list: list")
def minimum(run: Run, items: list[Value]) -> Value:
    return extreme(run, "min", items, -1)


@built_in("min", "c: any*")
def minimum_of(run: Run, items: list[Value]) -> Value:
    return extreme(run, "min", items, -1)


@built_in("max", "list: list")
def maximum(run: Run, items: list[Value]) -> Value:
    return extreme(run, "max", items, 1)


@built_in("max", "c: any*")
def maximum_of(run: Run, items: list[Value]) -> Value:
    return extreme(run, "max", items, 1)


def numbers_of(run: Run, name: str, items: list[Value]) -> list[Decimal] | None:
    """The members if all are numbers and there are any."""
    run.pay(len(items))
    if items and all(item.__class__ is Decimal for item in items):
        return items
    run.warn("arguments", name)
    return None


def _sum(items: Sequence[Any]) -> Any:
    total = items[0]
    for item in items[1:]:
        total = total + item
    return total


def total(run: Run, items: list[Value]) -> Value:
    """Sum of numbers or of durations; null for an empty list."""
    if items and items[0].__class__ in operators.Durations:
        result = items[0]
        for item in items[1:]:
            result = operators.add(run, result, item)
        return result
    numbers = numbers_of(run, "sum", items)
    return None if numbers is None else _sum(numbers)


def mean_of(run: Run, items: list[Value]) -> Value:
    numbers = numbers_of(run, "mean", items)
    return None if numbers is None else _sum(numbers) / len(numbers)


def product_of(run: Run, items: list[Value]) -> Value:
    numbers = numbers_of(run, "product", items)
    if numbers is None:
        return None
    result = Decimal(1)
    for number in numbers:
        result *= number
    return result


def median_of(run: Run, items: list[Value]) -> Value:
    numbers = numbers_of(run, "median", items)
    if numbers is None:
        return None
    ordered, half = sorted(numbers), len(numbers) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def deviation_of(run: Run, items: list[Value]) -> Value:
    """Standard deviation of a sample: at least two numbers."""
    numbers = numbers_of(run, "stddev", items)
    if numbers is None or len(numbers) < 2:
        return None
    average = _sum(numbers) / len(numbers)
    return (_sum([(n - average) ** 2 for n in numbers]) / (len(numbers) - 1)).sqrt()


def mode_of(run: Run, items: list[Value]) -> Value:
    """The most frequent numbers, ascending; [] for an empty list."""
    if not items:
        return []
    numbers = numbers_of(run, "mode", items)
    if numbers is None:
        return None
    counts: dict[Decimal, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values())
    return sorted(number for number, times in counts.items() if times == most)


def _guarded(name: str, function: Any) -> Any:
    def call(run: Run, items: list[Value]) -> Value:
        try:
            return function(run, items)
        except decimal.DecimalException:
            return run.warn("out_of_range", name)

    return call


for _name, _function in (
    ("sum", total),
    ("mean", mean_of),
    ("product", product_of),
    ("median", median_of),
    ("stddev", deviation_of),
    ("mode", mode_of),
):
    built_in(_name, "list: list")(_guarded(_name, _function))
    built_in(_name, "n: any*")(_guarded(_name, _function))


def _all_of(run: Run, items: list[Value], decisive: bool) -> Value:
    run.pay(len(items))
    answer: bool | None = not decisive
    for item in items:
        if item is decisive:
            return decisive
        if not isinstance(item, bool):
            answer = None
    return answer


@built_in("all", "list: list")
def all_of(run: Run, items: list[Value]) -> Value:
    """Three-valued and."""
    return _all_of(run, items, False)


@built_in("all", "b: any*")
def all_these(run: Run, items: list[Value]) -> Value:
    return _all_of(run, items, False) if items else None


@built_in("any", "list: list")
def any_of(run: Run, items: list[Value]) -> Value:
    """Three-valued or."""
    return _all_of(run, items, True)


@built_in("any", "b: any*")
def any_these(run: Run, items: list[Value]) -> Value:
    return _all_of(run, items, True) if items else None


def place(run: Run, items: list[Value], position: Decimal) -> int | None:
    """A position (from 1, or from -1 backwards) as an index; null with a warning beyond the list."""
    whole = int(position) if abs(position) < 10**9 else 0
    if whole == 0 or abs(whole) > len(items):
        run.warn("no_such_index")
        return None
    return whole - 1 if whole > 0 else len(items) + whole


@built_in("sublist", "list: list, start position: number, length: number?")
def sublist(run: Run, items: list[Value], start: Decimal, length: Decimal | None) -> Value:
    """Members from a position on."""
    index = place(run, items, start)
    if index is None:
        return None
    if length is None:
        return items[index:]
    if length < 1 or index + int(min(length, Decimal(10**9))) > len(items):
        return run.warn("no_such_index")
    return items[index : index + int(length)]


@built_in("append", "list: list, item: any*")
def append(run: Run, items: list[Value], more: list[Value]) -> Value:
    run.pay(len(items))
    return [*items, *more]


def _joined(run: Run, lists: list[Value]) -> list[Value]:
    joined: list[Value] = []
    for items in lists:
        run.pay(len(items) if isinstance(items, list) else 1)
        joined.extend(items) if isinstance(items, list) else joined.append(items)
    return joined


@built_in("concatenate", "list: any*")
def concatenate(run: Run, lists: list[Value]) -> Value:
    if not lists or any(items is None for items in lists):
        return run.warn("arguments", "concatenate")
    return _joined(run, lists)


@built_in("insert before", "list: list, position: number, newItem: any")
def insert_before(run: Run, items: list[Value], position: Decimal, item: Value) -> Value:
    run.pay(len(items))
    index = place(run, items, position)
    return None if index is None else [*items[:index], item, *items[index:]]


@built_in("remove", "list: list, position: number")
def remove(run: Run, items: list[Value], position: Decimal) -> Value:
    run.pay(len(items))
    index = place(run, items, position)
    return None if index is None else [*items[:index], *items[index + 1 :]]


@built_in("list replace", "list: list, position: number, newItem: any")
def list_replace(run: Run, items: list[Value], position: Decimal, item: Value) -> Value:
    run.pay(len(items))
    index = place(run, items, position)
    return None if index is None else [*items[:index], item, *items[index + 1 :]]


@built_in("list replace", "list: list, match: function, newItem: any")
def list_replace_where(run: Run, items: list[Value], match: Function, new: Value) -> Value:
    """Replaces every member for which match(member, new) is true."""
    replaced = []
    for item in items:
        run.pay()
        found = call_value(run, match, [item, new])
        if not isinstance(found, bool):
            return run.warn("not_boolean", type_name(found))
        replaced.append(new if found else item)
    return replaced


@built_in("reverse", "list: list")
def reverse(run: Run, items: list[Value]) -> Value:
    run.pay(len(items))
    return items[::-1]


@built_in("index of", "list: list, match: any")
def index_of(run: Run, items: list[Value], match: Value) -> Value:
    """Every position, from 1, of members equal to the match."""
    run.pay(len(items))
    return [Decimal(i) for i, item in enumerate(items, 1) if same(run, item, match)]


def distinct(run: Run, items: list[Value]) -> list[Value]:
    """Members without those equal to an earlier one."""
    seen: set[Value] = set()
    kept: list[Value] = []
    others: list[Value] = []
    for item in items:
        run.pay()
        if item is None or item.__class__ in (str, Decimal, bool):
            key = (item.__class__, item)
            if key not in seen:
                seen.add(key)
                kept.append(item)
        elif not any(same(run, item, other) for other in others):
            run.pay(len(others))
            others.append(item)
            kept.append(item)
    return kept


@built_in("distinct values", "list: list")
def distinct_values(run: Run, items: list[Value]) -> Value:
    return distinct(run, items)


@built_in("union", "list: any*")
def union(run: Run, lists: list[Value]) -> Value:
    if not lists or any(items is None for items in lists):
        return run.warn("arguments", "union")
    return distinct(run, _joined(run, lists))


@built_in("flatten", "list: list")
def flatten(run: Run, items: list[Value]) -> Value:
    """All members of members, however deep."""
    flat: list[Value] = []
    waiting = [iter(items)]
    while waiting:
        for item in waiting[-1]:
            run.pay()
            if isinstance(item, list):
                waiting.append(iter(item))
                break
            flat.append(item)
        else:
            waiting.pop()
    return flat


@built_in("sort", "list: list, precedes: function?")
def sort(run: Run, items: list[Value], precedes: Function | None) -> Value:
    """Sorted by precedes(a, b), or in natural order."""
    run.pay(len(items) * 16)
    if precedes is None:
        if not items or not _of_one_kind(run, "sort", items):
            return items if not items else None
        return sorted(items, key=functools.cmp_to_key(lambda a, b: operators.order(a, b) or 0))

    def compare(a: Value, b: Value) -> int:
        if call_value(run, precedes, [a, b]) is True:
            return -1
        return 1 if call_value(run, precedes, [b, a]) is True else 0

    if len(precedes.parameters) != 2:
        return run.warn("arguments", "sort")
    return sorted(items, key=functools.cmp_to_key(compare))
