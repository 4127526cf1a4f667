"""
Conditions are evaluated here, before the step, never in it: the pure step gets their truth with the event.

So a replay needs no FEEL, and a later version of FEEL can't change what happened.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from mingqu.decisions import services as decisions
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.process.plan import Flow, Plan
from mingqu.process.state import Decisions
from mingqu.process.types import Json

GIVEN = frozenset({"today"})
"""Names that come from the instant, not from the owner."""

OUTCOME = "outcome"
"""`outcome.review` is the last outcome of step `review`."""


def names_read(condition: str) -> tuple[str, ...]:
    """The dotted names a condition decides on. Raises DecisionError where it is no FEEL expression."""
    decisions.compile_expression(condition)
    return tuple(sorted(decisions.names_used(condition) - GIVEN))


def kept(plan: Plan, data: Mapping[str, Json]) -> dict[str, Json]:
    """
    Of the owner's data what the flow decides on, by dotted name; the rest stays with the owner.

    A name that leads into a list keeps the list.
    """
    found: dict[str, Json] = {}
    for name in plan.names:
        value: Any = data
        done: list[str] = []
        for part in name.split("."):
            if not isinstance(value, Mapping):
                break
            if part not in value:
                done = []
                break
            value = value[part]
            done.append(part)
        if done:
            found[".".join(done)] = value
    return found


def given(plan: Plan, data: Mapping[str, Json], node: str, outcome: str) -> dict[str, Json]:
    """What is kept of a completion: of the owner's data what the flow decides on, and the outcome if it does."""
    name = f"{OUTCOME}.{node}"
    return kept(plan, data) | ({name: outcome} if name in plan.names else {})


def decide(flows: Iterable[Flow], variables: Mapping[str, Json], at: Instant) -> Decisions:
    """
    The truth of each flow's condition; None where FEEL gives null or no Boolean.

    Raises DecisionError for an expression that costs more than is allowed: the event is refused.
    """
    names: dict[str, Any] | None = None
    truth: dict[str, bool | None] = {}
    for flow in flows:
        if flow.condition is None:
            continue
        if names is None:
            names = nested(variables) | {"today": legal_day(at)}
        value = decisions.evaluate(flow.condition, names, now=at)
        truth[flow.id] = value if isinstance(value, bool) else None
    return truth


def nested(variables: Mapping[str, Json]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for name in sorted(variables, key=len):
        *outer, last = name.split(".")
        inside = names
        for part in outer:
            held = inside.get(part)
            inside[part] = dict(held) if isinstance(held, Mapping) else {}
            inside = inside[part]
        inside[last] = variables[name]
    return names
