"""
What the pure step must be told with an event: conditions, counts, moments, completion conditions. Evaluated before it.

Each is decided in the frame it belongs to: an outcome within one of several instances, or within a called plan, is not
seen by the others.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from mingqu.decisions import services as feel
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.process import ahead, conditions, timing
from mingqu.process.errors import NotAwaited
from mingqu.process.keys import counted, fires, of_frame, settled
from mingqu.process.plan import Kind, Node, Plan, Reach
from mingqu.process.state import (
    Frame,
    State,
    Wait,
)
from mingqu.process.step import Walk
from mingqu.process.types import Json

COUNTS = frozenset(
    {"numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances", "loopCounter"}
)
"""Names of the specification (table 10.30) that a completion condition may read besides the flow's own."""


def at_start(plan: Plan, given: Mapping[str, Json], at: Instant) -> dict[str, Any]:
    """For an instance that starts with these names."""
    return _Deciding(plan, State(), given, at).of(plan.start.id, 0)


def at_node(
    plan: Plan, state: State, token: int, given: Mapping[str, Json], at: Instant, node: str = ""
) -> dict[str, Any]:
    """
    For a token that leaves where it waits (or at `node`: a boundary event, say), with what was given with that.
    """
    held = state.tokens[token]
    if plan.plain:
        flows = plan.reach[node or held.node].conditional
        return dict(conditions.decide(flows, state.variables.update(given), at))
    walk = Walk(plan, state, 0)
    walk.learn(token, given)
    return _Deciding(plan, state, walk.variables, at).of(node or held.node, held.frame)


def in_frame(
    plan: Plan, state: State, frame: int, node: str, given: Mapping[str, Json], at: Instant
) -> dict[str, Any]:
    """For the start of an event sub-process that watches a frame."""
    return _Deciding(plan, state, state.variables.update(given), at).of(node, frame)


def at_wait(plan: Plan, state: State, wait: int, given: Mapping[str, Json], at: Instant) -> dict[str, Any]:
    """For something awaited that has come. Raises NotAwaited."""
    found = state.waits.get(wait)
    if found is None:
        raise NotAwaited()
    return in_frame(plan, state, found.frame, found.node, given, at)


def of_timer(plan: Plan, state: State, wait: Wait, at: Instant) -> dict[str, Any]:
    """When a timer that is awaited would fire, if it began now."""
    return _Deciding(plan, state, state.variables, at).timer(wait.node, wait.frame)


def at_return(plan: Plan, state: State, token: int, node: str, at: Instant) -> dict[str, Any]:
    """For a step that begins again."""
    if plan.plain:
        return {}
    return _Deciding(plan, state, state.variables, at).entering(node, state.tokens[token].frame)


def at_failure(plan: Plan, state: State, token: int, at: Instant) -> dict[str, Any]:
    """For an error at a task: whatever may catch it around."""
    held, found = state.tokens[token], dict[str, Any]()
    deciding = _Deciding(plan, state, state.variables, at)
    for name in plan.catchers(held.node):
        found |= deciding.of(name, held.frame)
    return found


class _Deciding:
    def __init__(self, plan: Plan, state: State, variables: Mapping[str, Json], at: Instant) -> None:
        self.plan, self.state, self.variables, self.at = plan, state, variables, at

    def of(self, origin: str, frame: int) -> dict[str, Any]:
        return self._all(self.plan.reach[origin], origin, frame)

    def entering(self, node: str, frame: int) -> dict[str, Any]:
        return self._all(ahead.on_entry(self.plan, node), node, frame)

    def timer(self, name: str, frame: int) -> dict[str, Any]:
        node = self.plan.nodes[name]
        names = self._names(node, list(self._outward(frame)))
        return {fires(name): timing.fires_at(node.timer, names, self.at)}

    def _all(self, reach: Reach, origin: str, frame: int) -> dict[str, Any]:
        chain = list(self._outward(frame))
        nodes = self.plan.nodes
        found: dict[str, Any] = {}
        for flow in reach.conditional:
            if flow.condition is not None:
                value = self._value(flow.condition, nodes[flow.source], chain)
                found[flow.id] = value if isinstance(value, bool) else None
        for name in reach.counts:
            found[counted(name)] = _number(self._value(nodes[name].count, nodes[name], chain))
        again = [origin] if nodes[origin].occasion == "timer" else []
        for name in [*reach.timers, *again]:
            names = self._names(nodes[name], chain)
            found[fires(name)] = timing.fires_at(nodes[name].timer, names, self.at)
        for name in reach.until:
            found[settled(name)] = self._until(nodes[name], chain)
        return found

    def _outward(self, frame: int) -> Iterator[tuple[int, Frame]]:
        while frame:
            held = self.state.frames[frame]
            yield frame, held
            frame = held.parent

    def _value(self, text: str, node: Node, chain: list[tuple[int, Frame]]) -> Any:
        return feel.evaluate(text, self._names(node, chain), now=self.at)

    def _names(self, node: Node, chain: list[tuple[int, Frame]]) -> dict[str, Any]:
        around = set(self.plan.scopes_around(node.id)) - {""}
        seen = {number for number, held in chain if held.node in around} | {0}
        variables: dict[str, Json] = {}
        for key, value in sorted(self.variables.items()):
            frame, name = of_frame(key)
            if frame in seen:
                variables[name] = value
        names = conditions.nested(variables) | {"today": legal_day(self.at)}
        call = next((s for s in self.plan.scopes_around(node.id) if s and self._is_call(s)), "")
        for part in call.split(".") if call else ():
            names["outcome"] = names.get("outcome", {}).get(part, {})
        return names

    def _is_call(self, scope: str) -> bool:
        return self.plan.nodes[scope].kind is Kind.CALL

    def _until(self, node: Node, chain: list[tuple[int, Frame]]) -> bool | None:
        loop = next((held for _, held in chain if held.node == node.id and held.total), None)
        if loop is None or not node.until:
            return None
        names = self._names(node, chain) | {
            "numberOfInstances": loop.total,
            "numberOfCompletedInstances": loop.done + 1,
            "numberOfActiveInstances": loop.live - 1,
            "loopCounter": loop.done + 1,
        }
        value = feel.evaluate(node.until, names, now=self.at)
        return value if isinstance(value, bool) else None


def _number(value: Any) -> int | None:
    """A whole number, or how long a list is."""
    if isinstance(value, list):
        return len(value)
    whole = isinstance(value, int | Decimal) and not isinstance(value, bool) and value == int(value)
    return int(value) if whole else None
