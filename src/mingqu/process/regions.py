"""
A plan in parts that never exchange tokens: the process, each sub-process, each path beside an activity. Pure.

Each part has a `view`: a plan of plain kinds that means the same for tokens in it. Blocks, the search for deadlocks and
the checks of shape judge views, and so need to know nothing of events and sub-processes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

from mingqu.process.blocks import Blocks, find_blocks
from mingqu.process.plan import ACTIVITIES, Flow, Kind, Node, Path, Plan, make_plan

LEAVES = "\0"
"""Marks the choice between the ways out of an activity that boundary events may interrupt."""


@dataclass(frozen=True, slots=True)
class Region:
    """`start`: a start event, or a boundary event that does not interrupt, whose path runs beside its activity."""

    start: str
    nodes: tuple[str, ...]
    view: Plan


def is_side(node: Node) -> bool:
    """Whether a token comes out of this boundary event while its activity goes on."""
    return node.kind is Kind.BOUNDARY and not node.interrupts


@lru_cache(maxsize=1024)
def regions(plan: Plan) -> tuple[Region, ...]:
    """Of a plan with one start in each scope. A node in no region is reached by nothing."""
    if plan.plain:
        return (Region(plan.start.id, tuple(plan.nodes), plan),)
    firsts = [*plan.starts.values(), *(node for node in plan.nodes.values() if is_side(node))]
    return tuple(_region(plan, first) for first in firsts)


def blocks_of(plan: Plan) -> Blocks:
    """The blocks of all regions together; `paths` name only splits of the node's own region."""
    found = [find_blocks(region.view) for region in regions(plan)]
    if len(found) == 1:
        return found[0]
    paths: dict[str, Path] = dict.fromkeys(plan.nodes, ())
    for blocks in found:
        paths |= {name: path for name, path in blocks.paths.items() if name in plan.nodes}
    return Blocks(
        dict(chain.from_iterable(blocks.join_of.items() for blocks in found)),
        paths,
        tuple(chain.from_iterable(blocks.problems for blocks in found)),
    )


def mixed(plan: Plan) -> Iterator[str]:
    """Boundary events whose path beside the activity comes back into what it runs beside."""
    seen: dict[str, str] = {}
    for region in regions(plan):
        for name in region.nodes:
            if seen.setdefault(name, region.start) != region.start:
                yield next(n for n in (region.start, seen[name]) if plan.nodes[n].kind is Kind.BOUNDARY)


def passed_at_once(plan: Plan, scope: str) -> bool:
    """Whether a sub-process can be run through without anybody doing anything."""
    seen: set[str] = set()
    waiting = [plan.starts[scope].id] if scope in plan.starts else []
    while waiting:
        node = plan.nodes[waiting.pop()]
        if node.id in seen:
            continue
        seen.add(node.id)
        if node.kind in (Kind.END, Kind.TERMINATE):
            return True
        if not _takes_time(plan, node):
            waiting += [flow.target for flow in plan.out[node.id]]
    return False


def _takes_time(plan: Plan, node: Node) -> bool:
    """Whether a token certainly rests there: what has several instances may have none."""
    if node.loop:
        return False
    if node.kind in (Kind.SUB, Kind.CALL):
        return not passed_at_once(plan, node.id)
    return node.kind in (Kind.USER, Kind.RECEIVE, Kind.CATCH)


def _region(plan: Plan, first: Node) -> Region:
    names: dict[str, None] = {}
    waiting = [first.id]
    while waiting:
        name = waiting.pop()
        if name in names:
            continue
        names[name] = None
        onward = [flow.target for flow in plan.out[name]]
        onward += [event.id for event in plan.boundaries.get(name, ()) if event.interrupts]
        waiting += reversed(onward)
    return Region(first.id, tuple(names), _view(plan, first, names))


def _view(plan: Plan, first: Node, names: dict[str, None]) -> Plan:
    nodes: list[Node] = []
    flows: list[Flow] = []
    for name in names:
        node = plan.nodes[name]
        nodes.append(
            replace(node, kind=Kind.START if node == first else _plainly(plan, node), loop="", scope="")
        )
        leaving = name
        if broken_off := [event for event in plan.boundaries.get(name, ()) if event.interrupts]:
            leaving = f"{name}{LEAVES}"
            nodes.append(Node(leaving, Kind.EXCLUSIVE, node.name))
            flows.append(Flow(leaving, name, leaving))
            flows += [Flow(f"{leaving}{event.id}", leaving, event.id) for event in broken_off]
        flows += [replace(flow, source=leaving) for flow in plan.out[name]]
    return make_plan(nodes, flows)


def _plainly(plan: Plan, node: Node) -> Kind:
    if node.kind is Kind.END and node.occasion == "error":
        return Kind.TERMINATE  # whatever else runs beside it is broken off
    if node.kind in (Kind.START, Kind.END, Kind.TERMINATE, Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE):
        return node.kind
    if node.kind in ACTIVITIES or node.kind is Kind.CATCH:
        return Kind.USER if _takes_time(plan, node) else Kind.EXCLUSIVE
    return Kind.EXCLUSIVE
