"""From the XML tree to the typed model. Pure; what has no type stays in the tree."""

from collections.abc import Callable, Iterable, Iterator
from math import isfinite
from typing import TypeVar

from mingqu.process.bpmn import model as m
from mingqu.process.bpmn import troubles
from mingqu.process.bpmn.tree import Document, Element
from mingqu.process.errors import BpmnRefused

T = TypeVar("T")

XPATH = "http://www.w3.org/1999/XPath"
"""The specification's default, which tools write whatever their expressions are: it says nothing."""

_REFERRING = {
    "messageEventDefinition": "messageRef",
    "signalEventDefinition": "signalRef",
    "errorEventDefinition": "errorRef",
    "escalationEventDefinition": "escalationRef",
    "compensateEventDefinition": "activityRef",
    "linkEventDefinition": "name",
}
_TIMERS = ("timeDate", "timeDuration", "timeCycle")
_NO_ROOT = frozenset(
    {"process", "collaboration", "import", "documentation", "extensionElements", "extension"}
)


def model_of(document: Document) -> m.BpmnFile:
    """The typed model of a document. BpmnRefused where it is no BPMN 2.0 file."""
    root = document.root
    if root.space != m.BPMN or root.local != "definitions":
        raise BpmnRefused(reason="不是 BPMN 2.0 的文件")
    return _File(document).whole()


def children(element: Element, local: str, space: str = m.BPMN) -> Iterator[Element]:
    return (child for child in element.elements if child.local == local and child.space == space)


def child(element: Element | None, local: str, space: str = m.BPMN) -> Element | None:
    return None if element is None else next(children(element, local, space), None)


def reference(element: Element, text: str | None) -> str:
    """An id from a qualified name: the prefix goes if it is one."""
    text = (text or "").strip()
    prefix, colon, local = text.partition(":")
    return local if colon and prefix in element.scope else text


def refer(element: Element, attribute: str) -> str:
    return reference(element, element.get(attribute))


def _texts(element: Element, local: str) -> tuple[str, ...]:
    return tuple(reference(found, found.text) for found in children(element, local))


def _flag(element: Element, attribute: str, default: bool) -> bool:
    value = element.get(attribute)
    return default if value is None else value.strip() in ("true", "1")


def _own(scope_of: Element, kinds: Iterable[str], make: Callable[[Element], T]) -> tuple[T, ...]:
    wanted = frozenset(kinds)
    return tuple(make(e) for e in scope_of.elements if e.space == m.BPMN and e.local in wanted)


class _File:
    """The parts of one file; `language` is what expressions are written in that don't say."""

    def __init__(self, document: Document) -> None:
        self.document = document
        root = document.root
        language = (root.get("expressionLanguage") or "").strip()
        self.language = "" if language == XPATH else language

    def whole(self) -> m.BpmnFile:
        root = self.document.root
        file = m.BpmnFile(
            document=self.document,
            id=root.get("id") or "",
            name=root.get("name") or "",
            namespace=root.get("targetNamespace") or "",
            language=self.language,
            exporter=" ".join(filter(None, (root.get("exporter"), root.get("exporterVersion")))),
            imports=_own(root, ("import",), _import),
            processes=_own(root, ("process",), self.process),
            collaborations=_own(root, ("collaboration",), self.collaboration),
            roots=tuple(
                m.RootItem(e.get("id") or "", e.local, e.get("name") or "", e)
                for e in root.elements
                if e.space == m.BPMN and e.local not in _NO_ROOT
            ),
            diagrams=tuple(_diagram(e) for e in children(root, "BPMNDiagram", m.BPMNDI)),
            troubles=(),
        )
        return troubles.with_troubles(file)

    def process(self, element: Element) -> m.Process:
        executable = element.get("isExecutable")
        return m.Process(
            element.get("id") or "",
            element.get("name") or "",
            None if executable is None else _flag(element, "isExecutable", False),
            self.scope(element),
            _documentation(element),
            element,
        )

    def scope(self, element: Element) -> m.Scope:
        sets = children(element, "laneSet")
        return m.Scope(
            _own(element, m.FLOW_NODES, self.node),
            _own(element, ("sequenceFlow",), self.flow),
            _own(element, m.DATA, _data),
            _own(element, m.ARTIFACTS, _artifact),
            tuple(_lane(lane) for held in sets for lane in children(held, "lane")),
        )

    def node(self, element: Element) -> m.FlowNode:
        interrupting = "cancelActivity" if element.local == "boundaryEvent" else "isInterrupting"
        return m.FlowNode(
            id=element.get("id") or "",
            kind=element.local,
            name=element.get("name") or "",
            incoming=_texts(element, "incoming"),
            outgoing=_texts(element, "outgoing"),
            default=refer(element, "default"),
            events=self.events(element),
            attached=refer(element, "attachedToRef"),
            interrupting=_flag(element, interrupting, True),
            called=refer(element, "calledElement"),
            loop=next(iter(_own(element, m.LOOPS, self.loop)), None),
            compensates=_flag(element, "isForCompensation", False),
            event_started=_flag(element, "triggeredByEvent", False),
            data=_own(element, ("dataInputAssociation", "dataOutputAssociation"), _data_association),
            items=_items(element),
            inside=self.scope(element) if element.local in m.SUB_PROCESSES else None,
            documentation=_documentation(element),
            post=element.get("post", m.MINGQU),
            limit=element.get("limit", m.MINGQU),
            people=element.get("people", m.MINGQU),
            sign=element.get("sign", m.MINGQU),
            signers=element.get("signers", m.MINGQU),
            votes=element.get("votes", m.MINGQU),
            source=element,
        )

    def events(self, element: Element) -> tuple[m.EventDefinition, ...]:
        return tuple(
            self.event(e)
            for e in element.elements
            if e.space == m.BPMN and e.local.endswith("EventDefinition")
        ) + tuple(
            m.EventDefinition("", "eventDefinitionRef", reference(e, e.text), "", None, e)
            for e in children(element, "eventDefinitionRef")
        )

    def event(self, element: Element) -> m.EventDefinition:
        timer = next((name for name in _TIMERS if child(element, name) is not None), "")
        said = child(element, timer or "condition")
        return m.EventDefinition(
            element.get("id") or "",
            element.local,
            refer(element, _REFERRING.get(element.local, "")),
            timer,
            self.expression(said),
            element,
        )

    def loop(self, element: Element) -> m.Loop:
        count = child(element, "loopCardinality")
        done = child(element, "completionCondition") or child(element, "loopCondition")
        return m.Loop(
            element.local,
            _flag(element, "isSequential", False),
            self.expression(count),
            self.expression(done),
            element,
        )

    def expression(self, element: Element | None) -> m.Expression | None:
        if element is None:
            return None
        return m.Expression(element.text, (element.get("language") or self.language).strip(), element)

    def flow(self, element: Element) -> m.SequenceFlow:
        return m.SequenceFlow(
            element.get("id") or "",
            element.get("name") or "",
            refer(element, "sourceRef"),
            refer(element, "targetRef"),
            self.expression(child(element, "conditionExpression")),
            element,
        )

    def collaboration(self, element: Element) -> m.Collaboration:
        return m.Collaboration(
            element.get("id") or "",
            element.get("name") or "",
            _own(element, ("participant",), _participant),
            _own(element, ("messageFlow",), _message_flow),
            _own(element, m.ARTIFACTS, _artifact),
            element,
        )


def _import(element: Element) -> m.Import:
    return m.Import(*(element.get(name) or "" for name in ("namespace", "location", "importType")))


def _documentation(element: Element) -> str:
    return "\n".join(found.text for found in children(element, "documentation"))


def _data(element: Element) -> m.DataItem:
    target = {"dataObjectReference": "dataObjectRef", "dataStoreReference": "dataStoreRef"}
    return m.DataItem(
        element.get("id") or "",
        element.local,
        element.get("name") or "",
        refer(element, target.get(element.local, "itemSubjectRef")),
        _flag(element, "isCollection", False),
        element,
    )


def _items(element: Element) -> tuple[m.DataItem, ...]:
    """Properties, and the inputs and outputs an activity or event declares."""
    declared = child(element, "ioSpecification")
    inside = _own(declared, m.DATA, _data) if declared is not None else ()
    return _own(element, m.DATA, _data) + inside


def _data_association(element: Element) -> m.DataAssociation:
    target = _texts(element, "targetRef")
    return m.DataAssociation(
        element.get("id") or "",
        element.local,
        _texts(element, "sourceRef"),
        target[0] if target else "",
        element,
    )


def _artifact(element: Element) -> m.Artifact:
    text = child(element, "text")
    return m.Artifact(
        element.get("id") or "",
        element.local,
        text.text if text is not None else "",
        refer(element, "sourceRef"),
        refer(element, "targetRef"),
        element,
    )


def _lane(element: Element) -> m.Lane:
    inner = child(element, "childLaneSet")
    return m.Lane(
        element.get("id") or "",
        element.get("name") or "",
        _texts(element, "flowNodeRef"),
        _own(inner, ("lane",), _lane) if inner is not None else (),
        element,
    )


def _participant(element: Element) -> m.Participant:
    return m.Participant(
        element.get("id") or "", element.get("name") or "", refer(element, "processRef"), element
    )


def _message_flow(element: Element) -> m.MessageFlow:
    return m.MessageFlow(
        element.get("id") or "",
        element.get("name") or "",
        refer(element, "sourceRef"),
        refer(element, "targetRef"),
        refer(element, "messageRef"),
        element,
    )


# -- diagrams


def _diagram(element: Element) -> m.Diagram:
    plane = child(element, "BPMNPlane", m.BPMNDI)
    inside = plane if plane is not None else element
    shapes = [_shape(e) for e in children(inside, "BPMNShape", m.BPMNDI)]
    return m.Diagram(
        element.get("id") or "",
        element.get("name") or "",
        refer(inside, "bpmnElement"),
        tuple(shape for shape in shapes if shape is not None),
        tuple(_edge(e) for e in children(inside, "BPMNEdge", m.BPMNDI)),
    )


def _shape(element: Element) -> m.Shape | None:
    bounds = _bounds(element)
    if bounds is None:
        return None
    flags = [
        None if element.get(name) is None else _flag(element, name, False)
        for name in ("isHorizontal", "isExpanded")
    ]
    label = _bounds(child(element, "BPMNLabel", m.BPMNDI))
    return m.Shape(element.get("id") or "", refer(element, "bpmnElement"), bounds, label, *flags)


def _bounds(element: Element | None) -> m.Bounds | None:
    found = child(element, "Bounds", m.DC)
    if found is None:
        return None
    numbers = [_number(found.get(name)) for name in ("x", "y", "width", "height")]
    return m.Bounds(*numbers)


def _edge(element: Element) -> m.Edge:
    points = [(_number(e.get("x")), _number(e.get("y"))) for e in children(element, "waypoint", m.DI)]
    label = _bounds(child(element, "BPMNLabel", m.BPMNDI))
    return m.Edge(element.get("id") or "", refer(element, "bpmnElement"), tuple(points), label)


def _number(text: str | None) -> float:
    """A coordinate; what is none counts as 0, since a diagram's numbers decide nothing."""
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if isfinite(value) else 0.0
