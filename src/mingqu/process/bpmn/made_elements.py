"""Events, sub-processes, calls and several instances of a plan as elements: the reverse of `elements`. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from mingqu.process import timing
from mingqu.process.plan import Flow, Kind, Node, Plan, make_plan

NAMES: Final = {
    Kind.START: "startEvent",
    Kind.END: "endEvent",
    Kind.TERMINATE: "endEvent",
    Kind.USER: "userTask",
    Kind.EXCLUSIVE: "exclusiveGateway",
    Kind.PARALLEL: "parallelGateway",
    Kind.INCLUSIVE: "inclusiveGateway",
    Kind.SERVICE: "serviceTask",
    Kind.RULE: "businessRuleTask",
    Kind.SEND: "sendTask",
    Kind.RECEIVE: "receiveTask",
    Kind.MANUAL: "manualTask",
    Kind.SUB: "subProcess",
    Kind.CALL: "callActivity",
    Kind.EVENT_SUB: "subProcess",
    Kind.EVENTS: "eventBasedGateway",
    Kind.CATCH: "intermediateCatchEvent",
    Kind.THROW: "intermediateThrowEvent",
    Kind.BOUNDARY: "boundaryEvent",
}
ROOTS: Final = ("message", "signal", "error", "escalation")
_CODES: Final = {"error": "errorCode", "escalation": "escalationCode"}

Spec = tuple[str, dict[str, str | None], list["Spec"] | str]
"""An element to be made: name, attributes, and its elements or its text."""


def of_root(plan: Plan) -> Iterator[Spec]:
    """The messages, signals, errors and escalations a plan names, each once."""
    for occasion, ref in sorted({(n.occasion, n.ref) for n in plan.nodes.values()}):
        if occasion in ROOTS and ref:
            about: dict[str, str | None] = {"id": root_id(plan, occasion, ref), "name": ref}
            if code := _CODES.get(occasion):
                about[code] = ref
            yield f"bpmn:{occasion}", about, []


def root_id(plan: Plan, occasion: str, ref: str) -> str:
    """Of letters and digits alone, since a code may hold anything; no id of the plan."""
    refs = sorted({n.ref for n in plan.nodes.values() if n.occasion == occasion and n.ref})
    name = f"{occasion}_{refs.index(ref) + 1}"
    while name in plan.nodes or name in plan.flows:
        name += "_"
    return name


def attributes(plan: Plan, node: Node) -> dict[str, str | None]:
    """Beside those of a task of people."""
    found: dict[str, str | None] = {}
    if node.kind is Kind.BOUNDARY:
        found |= {"attachedToRef": node.attached, "cancelActivity": _unless(node.interrupts)}
    elif node.kind is Kind.START:
        found["isInterrupting"] = _unless(node.interrupts)
    elif node.kind is Kind.EVENT_SUB:
        found["triggeredByEvent"] = "true"
    elif node.kind is Kind.CALL:
        found["calledElement"] = key_of(node)
    elif node.kind in (Kind.SERVICE, Kind.RULE):
        found["mq:work"] = node.ref or None
    elif node.kind in (Kind.SEND, Kind.RECEIVE):
        found["messageRef"] = root_id(plan, "message", node.ref) if node.ref else None
    return found


def _unless(flag: bool) -> str | None:
    return None if flag else "false"


def parts(plan: Plan, node: Node) -> Iterator[Spec]:
    """What lies in an element besides its flows and, of a sub-process, its own elements."""
    if node.loop:
        inside: list[Spec] = [("bpmn:loopCardinality", _FORMAL, node.count)]
        if node.until:
            inside.append(("bpmn:completionCondition", _FORMAL, node.until))
        sequential = "true" if node.loop == "sequential" else None
        yield "bpmn:multiInstanceLoopCharacteristics", {"isSequential": sequential}, inside
    if node.kind is Kind.TERMINATE:
        yield "bpmn:terminateEventDefinition", {"id": f"{node.id}_terminate"}, []
    elif node.occasion == "timer":
        text = node.timer
        how = "timeCycle" if text.startswith("R") else "timeDuration" if text.startswith("P") else "timeDate"
        how = how if timing.is_iso(text) else "timeDate"
        timer: list[Spec] = [(f"bpmn:{how}", _FORMAL, text)] if text else []
        yield "bpmn:timerEventDefinition", {"id": f"{node.id}_timer"}, timer
    elif node.occasion and node.kind not in (Kind.SEND, Kind.RECEIVE):
        about: dict[str, str | None] = {"id": f"{node.id}_{node.occasion}"}
        if node.ref:
            about[f"{node.occasion}Ref"] = root_id(plan, node.occasion, node.ref)
        yield f"bpmn:{node.occasion}EventDefinition", about, []


_FORMAL: Final[dict[str, str | None]] = {"xsi:type": "bpmn:tFormalExpression"}


def key_of(call: Node) -> str:
    return call.called.rpartition("@")[0]


def called(plan: Plan, call: Node) -> Plan:
    """The plan a call activity holds a copy of."""
    before = f"{call.id}."

    def own(name: str) -> str:
        return name.removeprefix(before)

    nodes = [
        replace(
            node,
            id=own(node.id),
            scope="" if node.scope == call.id else own(node.scope),
            attached=own(node.attached),
            default=own(node.default) if node.default else None,
        )
        for node in plan.nodes.values()
        if node.id.startswith(before)
    ]
    flows = [
        Flow(own(flow.id), own(flow.source), own(flow.target), flow.condition)
        for flow in plan.flows.values()
        if flow.source.startswith(before)
    ]
    return make_plan(nodes, flows)
