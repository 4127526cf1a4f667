"""
What of a BPMN file this engine does not execute: listed with element, kind and a sentence, never dropped. Pure.

`blocks`: tokens would move otherwise than here, so such a process can't be published until it is redrawn. The
rest (data, messages drawn between pools, other tools' extensions) is kept as it is and says what it says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mingqu.process.bpmn import model as m
from mingqu.process.bpmn.tree import Element, Scope, walk
from mingqu.process.plan import Kind

EXECUTED: Final[Mapping[str, Kind]] = {
    "startEvent": Kind.START,
    "endEvent": Kind.END,
    "userTask": Kind.USER,
    "exclusiveGateway": Kind.EXCLUSIVE,
    "parallelGateway": Kind.PARALLEL,
    "inclusiveGateway": Kind.INCLUSIVE,
    "eventBasedGateway": Kind.EVENTS,
    "manualTask": Kind.MANUAL,
    "serviceTask": Kind.SERVICE,
    "businessRuleTask": Kind.RULE,
    "sendTask": Kind.SEND,
    "receiveTask": Kind.RECEIVE,
    "callActivity": Kind.CALL,
    "subProcess": Kind.SUB,
    "boundaryEvent": Kind.BOUNDARY,
    "intermediateCatchEvent": Kind.CATCH,
    "intermediateThrowEvent": Kind.THROW,
}
TERMINATE: Final = "terminateEventDefinition"
OCCASIONS: Final = {
    "messageEventDefinition": "message",
    "timerEventDefinition": "timer",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
}
_MAY_BE: Final = {
    "startEvent": frozenset({"", "message", "timer", "signal", "error", "escalation"}),
    "endEvent": frozenset({"", "message", "signal", "error", "escalation"}),
    "boundaryEvent": frozenset({"message", "timer", "signal", "error", "escalation"}),
    "intermediateCatchEvent": frozenset({"message", "timer", "signal"}),
    "intermediateThrowEvent": frozenset({"", "message", "signal", "escalation"}),
}

NODES: Final = {
    "task": "“{name}”没有写明是哪一种任务。要由人办理的，请改成用户任务并写明岗位。",
    "scriptTask": "“{name}”是脚本任务。脚本一律不执行，请改成条件或规则表。",
    "eventBasedGateway": "“{name}”自己启动流程，或者要等齐几件事，现在不能执行。",
    "receiveTask": "“{name}”自己启动流程，现在不能执行。",
    "transaction": "“{name}”是事务子流程，现在不能执行。",
    "adHocSubProcess": "“{name}”是没有固定顺序的子流程，现在不能执行。",
    "complexGateway": "“{name}”是复杂网关，请改成排他、并行或包容网关。",
    "boundaryEvent": "“{name}”是附在环节上的{event}事件，现在不能执行。",
    "intermediateCatchEvent": "“{name}”等{event}发生，现在不能执行。",
    "intermediateThrowEvent": "“{name}”发出{event}，现在不能执行。",
    "startEvent": "“{name}”由{event}启动，现在不能执行。",
    "endEvent": "“{name}”结束时要发出{event}，现在不能执行。",
}
EVENTS: Final = {
    "messageEventDefinition": "消息",
    "timerEventDefinition": "时间",
    "conditionalEventDefinition": "条件",
    "signalEventDefinition": "信号",
    "errorEventDefinition": "差错",
    "escalationEventDefinition": "上报",
    "compensateEventDefinition": "补偿",
    "cancelEventDefinition": "撤销",
    "linkEventDefinition": "链接",
}
OTHER_EVENT: Final = "别的事件"
SENTENCES: Final = {
    "unknown": "“{name}”是这里不认识的元素（{kind}），现在不能执行。",
    "standardLoopCharacteristics": "“{name}”写明要循环办理，现在不能执行，请用排他网关画出回路。",
    "multiInstanceLoopCharacteristics": "“{name}”要办理几次没有用数目写明，或者另有事件规则，现在不能执行。",
    "compensation": "“{name}”是补偿用的环节，现在不能执行。",
    "quantity": "“{name}”一次要收到或发出几个标记，现在不能执行。",
    "language": "路线“{name}”的条件是用“{language}”写的，这里只用 FEEL。",
    "data": "数据“{name}”原样保留，流程不读写它。",
    "data_association": "“{name}”的数据传入传出原样保留，不执行。",
    "message_flow": "消息流“{name}”原样保留，只作说明，不收发消息。",
    "resource": "“{name}”的人员规则原样保留，岗位以任务上写明的为准。",
    "extension": "“{space}”的扩展内容（{count}处）原样保留，不执行。",
}
RESOURCES: Final = frozenset({"resourceRole", "performer", "humanPerformer", "potentialOwner"})
_DRAWN: Final = frozenset(
    {
        m.BPMNDI,
        m.DC,
        m.DI,
        m.MINGQU,
        m.XSI,
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
    }
)
"""Namespaces that only draw, or are ours."""


@dataclass(frozen=True, slots=True)
class Outside:
    """One thing that is not executed: where, what BPMN calls it, and what that means for the official."""

    element: str
    kind: str
    sentence: str
    blocks: bool = True


def outside(file: m.BpmnFile, process: m.Process) -> tuple[Outside, ...]:
    """Everything in the process that this engine does not execute, blocking things first."""
    found = [thing for scope in m.all_scopes(process.scope) for thing in _in_scope(scope)]
    found += _messages(file, process)
    found += _extensions(process.source)
    return tuple(sorted(found, key=lambda thing: not thing.blocks))


def kind_of(node: m.FlowNode) -> Kind:
    """The plan's kind of an executed node."""
    if node.event_started:
        return Kind.EVENT_SUB
    return Kind.TERMINATE if _terminates(node) else EXECUTED[node.kind]


def occasion_of(node: m.FlowNode) -> str:
    """Of an executed node: "" where it has none."""
    if node.kind in ("sendTask", "receiveTask"):
        return "message"
    return OCCASIONS.get(node.events[0].kind, "") if node.events else ""


def _in_scope(scope: m.Scope) -> Iterator[Outside]:
    for node in scope.nodes:
        yield from _of_node(node)
    for flow in scope.flows:
        if flow.condition is not None and not feel(flow.condition.language):
            name = flow.name or flow.id
            sentence = SENTENCES["language"].format(name=name, language=flow.condition.language)
            yield Outside(flow.id, "conditionExpression", sentence)
    for item in scope.data:
        yield Outside(item.id, item.kind, SENTENCES["data"].format(name=item.name or item.id), blocks=False)


def feel(language: str) -> bool:
    """Whether an expression in this language is FEEL, of whatever version; none said counts as FEEL."""
    return language == "" or language.rstrip("/").lower().endswith("feel")


def _of_node(node: m.FlowNode) -> Iterator[Outside]:
    name = node.name or node.id
    if (sentence := _own_sentence(node)) is not None:
        yield Outside(node.id, _kind(node), sentence.format(name=name, kind=node.kind, event=_event(node)))
    if node.loop is not None and not _counted(node.loop):
        yield Outside(node.id, node.loop.kind, SENTENCES[node.loop.kind].format(name=name))
    if node.compensates:
        yield Outside(node.id, "isForCompensation", SENTENCES["compensation"].format(name=name))
    if any((node.source.get(attribute) or "1").strip() != "1" for attribute in _QUANTITIES):
        yield Outside(node.id, "quantity", SENTENCES["quantity"].format(name=name))
    if node.data or node.items:
        sentence = SENTENCES["data_association"].format(name=name)
        yield Outside(node.id, "ioSpecification", sentence, blocks=False)
    if any(e.space == m.BPMN and e.local in RESOURCES for e in node.source.elements):
        yield Outside(node.id, "resourceRole", SENTENCES["resource"].format(name=name), blocks=False)


_QUANTITIES: Final = ("startQuantity", "completionQuantity")


def _own_sentence(node: m.FlowNode) -> str | None:
    if node.kind in EXECUTED and not _instantiates(node) and (_terminates(node) or _one_occasion(node)):
        return None
    return NODES.get(node.kind, SENTENCES["unknown"])


def _one_occasion(node: m.FlowNode) -> bool:
    if len(node.events) > 1:
        return False
    kinds = [OCCASIONS.get(event.kind, event.kind) for event in node.events] or [""]
    return kinds[0] in _MAY_BE.get(node.kind, {""})


def _instantiates(node: m.FlowNode) -> bool:
    given = (node.source.get("instantiate") or "false").strip()
    return given in ("true", "1") or node.source.get("eventGatewayType") == "Parallel"


def _counted(loop: m.Loop) -> bool:
    """Whether a loop is several instances with a number; how often standard loops run nothing says in advance."""
    several = loop.kind == "multiInstanceLoopCharacteristics"
    behaves = loop.source.get("behavior") in (None, "All")
    return several and behaves and loop.cardinality is not None and feel(loop.cardinality.language)


def _terminates(node: m.FlowNode) -> bool:
    return node.kind == "endEvent" and [event.kind for event in node.events] == [TERMINATE]


def _kind(node: m.FlowNode) -> str:
    events = "+".join(event.kind for event in node.events)
    return f"{node.kind}:{events}" if events else node.kind


def _event(node: m.FlowNode) -> str:
    return "、".join(EVENTS.get(event.kind, OTHER_EVENT) for event in node.events)


def _messages(file: m.BpmnFile, process: m.Process) -> Iterator[Outside]:
    here = {node.id for node in m.all_nodes(process.scope)}
    for collaboration in file.collaborations:
        pools = {p.id for p in collaboration.participants if p.process == process.id}
        for message in collaboration.messages:
            if {message.start, message.end} & (here | pools):
                sentence = SENTENCES["message_flow"].format(name=message.name or message.id)
                yield Outside(message.id, "messageFlow", sentence, blocks=False)


def _extensions(process: Element) -> Iterator[Outside]:
    """One line for each foreign namespace, at the first element that bears it."""
    first: dict[str, str] = {}
    count: dict[str, int] = {}
    for bearer, space in _foreign(process, process.get("id") or ""):
        first.setdefault(space, bearer)
        count[space] = count.get(space, 0) + 1
    for space, bearer in first.items():
        sentence = SENTENCES["extension"].format(space=space, count=count[space])
        yield Outside(bearer, "extension", sentence, blocks=False)


def _foreign(process: Element, bearer: str) -> Iterator[tuple[str, str]]:
    for element in walk(process):
        if element.space != m.BPMN:
            continue
        bearer = element.get("id") or bearer
        for space in _spaces(element.attributes, element.scope):
            yield bearer, space
        for child in element.elements:
            if child.space not in _DRAWN and child.space != m.BPMN:
                yield bearer, child.space


def _spaces(attributes: tuple[tuple[str, str], ...], scope: Scope) -> Iterator[str]:
    for name, _ in attributes:
        prefix, colon, _ = name.partition(":")
        if colon and prefix not in ("xmlns", "xml") and scope[prefix] not in _DRAWN:
            yield scope[prefix]
