"""
A plan as it is drawn for people: what lies in sub-processes stands in the way itself, what waits is a box. Pure.

Boundary events are ways out of a choice behind their activity. An event sub-process is not drawn: nothing leads to it.
"""

from dataclasses import replace
from functools import lru_cache

from mingqu.process.plan import ACTIVITIES, ENDS, Flow, Kind, Node, Plan, make_plan

BOXES = ACTIVITIES - {Kind.SUB, Kind.CALL} | {Kind.CATCH, Kind.THROW}
"""What is drawn as a box: somebody or something works or waits there."""
BEHIND = "\0behind"
"""Ends the id of the choice between the ways out of an activity."""


@lru_cache(maxsize=256)
def picture(plan: Plan) -> Plan:
    """A plan of plain kinds; a plain plan is its own picture."""
    return plan if plan.plain else _Picture(plan).plan()


class _Picture:
    def __init__(self, plan: Plan) -> None:
        self.whole = plan
        beside = {n.id for n in plan.nodes.values() if n.kind is Kind.EVENT_SUB}
        self.shown = {
            name: node
            for name, node in plan.nodes.items()
            if node.id not in beside and not beside & set(plan.scopes_around(name))
        }

    def plan(self) -> Plan:
        nodes: list[Node] = []
        flows: list[Flow] = []
        for node in self.shown.values():
            if node.scope and (node.kind is Kind.START or node.kind in ENDS):
                continue
            plain = replace(node, kind=_kind(node), scope="", loop="", default=None)
            events = self.whole.boundaries.get(node.id, ())
            if not events:
                nodes.append(plain)
                continue
            behind = node.id if node.kind in (Kind.SUB, Kind.CALL) else f"{node.id}{BEHIND}"
            nodes += [plain] if behind == node.id else [plain, Node(behind, Kind.EXCLUSIVE)]
            flows += [] if behind == node.id else [Flow(behind, node.id, behind)]
            flows += [Flow(f"{behind}>{event.id}", behind, event.id) for event in events]
        for flow in self.whole.flows.values():
            if flow.source in self.shown and not self._first(flow):
                flows.append(
                    replace(flow, source=self._leaving(flow.source), target=self._entry(flow.target))
                )
        return make_plan(nodes, flows)

    def _first(self, flow: Flow) -> bool:
        """The flow out of a sub-process's start: whatever leads to the sub-process leads on along it."""
        source = self.shown[flow.source]
        return source.kind is Kind.START and bool(source.scope)

    def _leaving(self, name: str) -> str:
        node = self.shown[name]
        busy = name in self.whole.boundaries and node.kind not in (Kind.SUB, Kind.CALL)
        return f"{name}{BEHIND}" if busy else name

    def _entry(self, target: str) -> str:
        node = self.whole.nodes[target]
        if node.kind in ENDS and node.scope:
            return node.scope
        if node.kind in (Kind.SUB, Kind.CALL):
            return self._entry(self.whole.out[self.whole.starts[target].id][0].target)
        return target


def _kind(node: Node) -> Kind:
    if node.kind in BOXES:
        return Kind.USER
    if node.kind in (Kind.START, Kind.END, Kind.TERMINATE, Kind.PARALLEL, Kind.INCLUSIVE):
        return node.kind
    return Kind.EXCLUSIVE
