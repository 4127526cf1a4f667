"""
A plan that stands in for a drawing with elements this engine does not execute. Pure.

Steps stand for whatever takes time, choices for whatever divides the way, and ways that BPMN draws by other
means than sequence flows (boundary events, links, compensation) become flows, so that the plan's checks
can say what nothing leads to and what leads nowhere. It is never executed.
"""

from collections.abc import Iterator
from typing import Final

from mingqu.process.bpmn import model as m
from mingqu.process.plan import Flow, Kind, Node, Plan, make_plan

START: Final = "\0start"
END: Final = "\0end"
_LEAVES: Final = frozenset({"endEvent"})
_LINK: Final = "linkEventDefinition"


def stood_in(scope: m.Scope) -> Plan | None:
    """The plan that stands in for a scope; None where nothing is drawn with flows (an ad hoc sub-process)."""
    if not scope.flows:
        return None
    ways = list(_ways(scope))
    entered = {target for _, target in ways}
    started = [n for n in scope.nodes if n.kind == "startEvent" or _starts_itself(n, entered)]
    if not any(n.kind == "startEvent" for n in started):
        # Without a start event, whatever nothing leads to begins with the process.
        started += [n for n in scope.nodes if n.id not in entered and n not in started]
    ended = [n for n in scope.nodes if n.kind in _LEAVES or _ends_itself(n)]
    if not any(n.kind in _LEAVES for n in ended):  # then the process ends where ways do
        left = {source for source, _ in ways}
        ended += [n for n in scope.nodes if n.id not in left and n not in ended]
    nodes = [Node(START, Kind.START), *map(_stand_in, scope.nodes), Node(END, Kind.END)]
    middle = [Node(f"{START}s", Kind.EXCLUSIVE)]
    flows = [Flow("\0first", START, f"{START}s")]
    flows += [Flow(f"\0in{n}", f"{START}s", node.id) for n, node in enumerate(started)]
    flows += [Flow(f"\0way{n}", source, target) for n, (source, target) in enumerate(ways)]
    flows += [Flow(f"\0out{n}", node.id, END) for n, node in enumerate(ended)]
    return make_plan(nodes + middle, flows)


def _stand_in(node: m.FlowNode) -> Node:
    if node.kind == "userTask":
        return Node(node.id, Kind.USER, node.name, node.post or "")
    kind = Kind.EXCLUSIVE if node.kind in m.GATEWAYS else Kind.USER
    return Node(node.id, kind, node.name or node.id, "-")


def _ways(scope: m.Scope) -> Iterator[tuple[str, str]]:
    here = {node.id for node in scope.nodes}
    yield from ((flow.start, flow.end) for flow in scope.flows)
    yield from ((node.attached, node.id) for node in scope.nodes if node.attached)
    for artifact in scope.artifacts:  # a compensation event leads to its handler
        if artifact.start in here and artifact.end in here:
            yield artifact.start, artifact.end
    for node in scope.nodes:
        names = {event.refers or node.name for event in node.events if event.kind == _LINK}
        if node.kind != "intermediateThrowEvent" or not names:
            continue
        for other in scope.nodes:
            if other.kind == "intermediateCatchEvent" and any(
                event.kind == _LINK and (event.refers or other.name) in names for event in other.events
            ):
                yield node.id, other.id


def _starts_itself(node: m.FlowNode, entered: set[str]) -> bool:
    """Event sub-processes, and a process's first task that waits for a message."""
    return node.event_started or (node.kind == "receiveTask" and node.id not in entered)


def _ends_itself(node: m.FlowNode) -> bool:
    throws = node.kind == "intermediateThrowEvent" and any(event.kind == _LINK for event in node.events)
    return node.event_started or node.compensates or throws
