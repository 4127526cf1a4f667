"""
Can it get stuck? A bounded search over what can be reached. Pure, and apart from `step`: it knows only the
flows and BPMN's rules for tokens on them, no blocks, so that each checks the other.

A marking is the set of flows that carry a token. Where several nodes can act, one of them is enough to
follow: what one does never hinders another (they share no flow), so every deadlock is still found.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from mingqu.process.plan import FORKS, Flow, Kind, Node, Plan, is_join

Marking = frozenset[str]

LIMIT = 20_000
"""Markings looked at before giving up. A step table of a hundred rows needs a few hundred."""
ALL_CHOICES_UP_TO = 4
"""Inclusive splits with more conditions are tried with each one, all, and all but one."""


@dataclass(slots=True)
class Search:
    """`stuck`: joins that wait for ever. `doubled`: nodes two tokens can come to on one flow."""

    stuck: set[str] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)
    looked_at: int = 0
    complete: bool = True


def search(plan: Plan, limit: int = LIMIT) -> Search:
    """Look at every marking reachable from the start, up to `limit`."""
    found = Search()
    order = _depth_first(plan)
    first = frozenset(flow.id for flow in plan.out[plan.start.id])
    seen: set[Marking] = {first}
    waiting = [first]
    while waiting:
        if found.looked_at >= limit:
            found.complete = False
            return found
        marking = waiting.pop()
        found.looked_at += 1
        node = _next(plan, marking, order)
        if node is None:
            found.stuck |= {plan.flows[flow].target for flow in marking}
            continue
        for following in _moves(plan, marking, node, found):
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return found


def _depth_first(plan: Plan) -> dict[str, int]:
    order: dict[str, int] = {}
    waiting = [plan.start.id]
    while waiting:
        name = waiting.pop()
        if name not in order:
            order[name] = len(order)
            waiting.extend(flow.target for flow in reversed(plan.out[name]))
    return order


def _next(plan: Plan, marking: Marking, order: dict[str, int]) -> Node | None:
    """The first node that can act; inclusive joins only when no other can, since they look at the others."""
    targets = sorted({plan.flows[flow].target for flow in marking}, key=order.__getitem__)
    patient = []
    for name in targets:
        node = plan.nodes[name]
        if not is_join(plan, node):
            return node
        if node.kind is Kind.INCLUSIVE:
            patient.append(node)
        elif all(flow.id in marking for flow in plan.into[name]):
            return node
    return next((node for node in patient if _nobody_else_comes(plan, marking, node)), None)


def _nobody_else_comes(plan: Plan, marking: Marking, join: Node) -> bool:
    empty = {flow.id for flow in plan.into[join.id]} - marking
    others = [flow for flow in marking if plan.flows[flow].target != join.id]
    return not any(_comes_by(plan, flow, join.id) & empty for flow in others)


def _comes_by(plan: Plan, flow: str, join: str) -> set[str]:
    """The flows into `join` that a token on `flow` can come by, without passing the join."""
    found: set[str] = set()
    seen = {plan.flows[flow].target}
    waiting = list(seen)
    while waiting:
        for following in plan.out[waiting.pop()]:
            if following.target == join:
                found.add(following.id)
            elif following.target not in seen:
                seen.add(following.target)
                waiting.append(following.target)
    return found


def _moves(plan: Plan, marking: Marking, node: Node, found: Search) -> Iterator[Marking]:
    if node.kind is Kind.TERMINATE:
        return
    came = [flow.id for flow in plan.into[node.id] if flow.id in marking]
    if node.kind in FORKS and len(plan.into[node.id]) > 1:
        rest = marking - set(came)
    else:
        rest = marking - {came[0]}
        if len(came) > 1 and node.kind is not Kind.END:
            found.doubled.add(node.id)
    for chosen in _choices(plan, node):
        added = {flow.id for flow in chosen}
        if added & rest:
            found.doubled |= {flow.target for flow in chosen if flow.id in rest}
        if rest or added:
            yield rest | added


def _choices(plan: Plan, node: Node) -> Iterator[tuple[Flow, ...]]:
    flows = plan.out[node.id]
    if len(flows) <= 1 or node.kind not in (Kind.EXCLUSIVE, Kind.INCLUSIVE):
        yield flows
        return
    if node.kind is Kind.EXCLUSIVE:
        yield from ((flow,) for flow in flows)
        return
    always = tuple(flow for flow in flows if flow.condition is None and flow.id != node.default)
    perhaps = [flow for flow in flows if flow.condition is not None and flow.id != node.default]
    for size in range(len(perhaps) + 1):
        if len(perhaps) > ALL_CHOICES_UP_TO and size not in (0, 1, len(perhaps) - 1, len(perhaps)):
            continue
        for some in combinations(perhaps, size):
            if always or some:
                yield always + some
    if not always and node.default is not None:
        yield (plan.flows[node.default],)
