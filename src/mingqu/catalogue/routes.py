"""
自动判定: what a case comes to at a business-rule task of its flow, and what keeps one from being published. Pure.

`route_checks` holds what concerns its table and the flow.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from mingqu.catalogue.types import Definition, FeeTable, Route
from mingqu.decisions.errors import DecisionError

NOTHING = ""  # the outcome where the table gave none of the results: the way for all other cases is taken
MOST_SIGNS = 64  # of a value, as the engine keeps outcomes

Ask = Callable[[FeeTable, Mapping[str, Any]], Any]


def decided(route: Route, names: Mapping[str, Any], ask: Ask) -> str:
    """
    The value of the result, NOTHING where the table gives none of them or can't be evaluated within the limits: a case
    never stops at a table.
    """
    try:
        value = ask(route.table, names)
    except DecisionError:
        return NOTHING
    return value if isinstance(value, str) and route.result(value) else NOTHING


def decided_at(routes: Sequence[Route], node: str, names: Mapping[str, Any], ask: Ask) -> str:
    """The same at an element of the flow; NOTHING at one that is none of these."""
    route = next((one for one in routes if one.code == node), None)
    return NOTHING if route is None else decided(route, names, ask)


def decider(routes: Sequence[Route], names: Mapping[str, Any], ask: Ask) -> Callable[[str], str]:
    """Does the business-rule tasks of a run in memory for {situation, form}."""
    return lambda node: decided_at(routes, node, names, ask)


def names(routes: Sequence[Route]) -> set[str]:
    """What conditions of the flow may read of them."""
    return {f"outcome.{route.code}" for route in routes}


def problems(definition: Definition) -> Iterator[str]:
    """What keeps them from being published besides their tables and the drawing, in sentences."""
    codes = [step.id for step in (*definition.steps, definition.decide)]
    codes += [route.code for route in definition.routes]
    for code in sorted({route.code for route in definition.routes if codes.count(route.code) > 1}):
        yield f"自动判定的编码“{code}”和别的环节或者判定重复"
    for route in definition.routes:
        what = f"自动判定“{route.name or route.code}”"
        if not route.name.strip():
            yield f"自动判定“{route.code}”没有名称"
        values = [result.value for result in route.results]
        if len(values) < 2 or len(set(values)) < len(values):
            yield f"{what}至少要有两个不同的结果"
        for result in route.results:
            if not result.value.strip() or len(result.value) > MOST_SIGNS or not result.label.strip():
                yield f"{what}的结果要有不太长的值和给人看的名称"
            if not result.basis.law.strip() or not result.basis.article:
                yield f"{what}的结果“{result.label}”要写明依据哪部法律法规第几条"
