"""
What a BPMN 2.0 file says, in types. Pure.

Every part keeps its `source`, the element it was read from: whatever has no field here (extension
elements, foreign attributes, monitoring) is still there, and `write` writes the document, not this reading.
References are ids of the same file; a reference into another file keeps its prefix.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from mingqu.process.bpmn.tree import Document, Element
from mingqu.process.types import Finding

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DI: Final = "http://www.omg.org/spec/DD/20100524/DI"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
MINGQU: Final = "https://mingqu.org/bpmn"
"""Attributes `post`, `limit` (working days), `people`, `sign`, `signers` (posts, a blank between) and `votes` of a user
task; `work` of a service or business-rule task; `sender` of what waits for a message."""
FEEL: Final = "https://www.omg.org/spec/DMN/20191111/FEEL/"

SUB_PROCESSES: Final = frozenset({"subProcess", "transaction", "adHocSubProcess"})
TASKS: Final = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "scriptTask",
        "businessRuleTask",
    }
)
CHOREOGRAPHY: Final = frozenset({"choreographyTask", "subChoreography", "callChoreography"})
ACTIVITIES: Final = TASKS | SUB_PROCESSES | CHOREOGRAPHY | {"callActivity"}
GATEWAYS: Final = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"}
)
EVENTS: Final = frozenset(
    {
        "startEvent",
        "endEvent",
        "boundaryEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "implicitThrowEvent",
    }
)
FLOW_NODES: Final = ACTIVITIES | GATEWAYS | EVENTS
DATA: Final = frozenset(
    {
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "dataInput",
        "dataOutput",
        "property",
    }
)
ARTIFACTS: Final = frozenset({"association", "group", "textAnnotation"})
LOOPS: Final = frozenset({"standardLoopCharacteristics", "multiInstanceLoopCharacteristics"})


@dataclass(frozen=True, slots=True)
class Expression:
    """`language` is what the expression itself names, else what the file does; "" if neither does."""

    text: str
    language: str
    source: Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """
    What an event waits for or does. `refers`: the message, signal, error, escalation or activity; a link's
    name. `expression`: a timer's or a condition's, `timer` says which ("timeDate", "timeDuration", "timeCycle").
    """

    id: str
    kind: str
    refers: str
    timer: str
    expression: Expression | None
    source: Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class Loop:
    kind: str
    sequential: bool
    cardinality: Expression | None
    completion: Expression | None
    source: Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class DataItem:
    """A data object, store, input, output or property; `refers`: what a reference points to."""

    id: str
    kind: str
    name: str
    refers: str
    collection: bool
    source: Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class DataAssociation:
    id: str
    kind: str
    sources: tuple[str, ...]
    target: str
    source: Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class Artifact:
    """`text` of an annotation; `start` and `end` of an association."""

    id: str
    kind: str
    text: str
    start: str
    end: str
    source: Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lane:
    id: str
    name: str
    nodes: tuple[str, ...]
    lanes: tuple["Lane", ...]
    source: Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class SequenceFlow:
    id: str
    name: str
    start: str
    end: str
    condition: Expression | None
    source: Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class FlowNode:
    """
    An activity, gateway or event; `kind` is its BPMN name.

    `default`: a flow. `attached`: the activity a boundary event sits on. `interrupting`: of boundary events
    and starts of event sub-processes. `called`: what a call activity calls. `event_started`: an event
    sub-process. `post`, `limit`, `people`, `sign`, `signers` and `votes` are as written: a limit may be no number.
    """

    id: str
    kind: str
    name: str
    incoming: tuple[str, ...]
    outgoing: tuple[str, ...]
    default: str
    events: tuple[EventDefinition, ...]
    attached: str
    interrupting: bool
    called: str
    loop: Loop | None
    compensates: bool
    event_started: bool
    data: tuple[DataAssociation, ...]
    items: tuple[DataItem, ...]
    inside: "Scope | None"
    documentation: str
    post: str | None
    limit: str | None
    people: str | None
    sign: str | None
    signers: str | None
    votes: str | None
    source: Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """What lies directly in a process or sub-process, in the order of the file."""

    nodes: tuple[FlowNode, ...]
    flows: tuple[SequenceFlow, ...]
    data: tuple[DataItem, ...]
    artifacts: tuple[Artifact, ...]
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True)
class Process:
    id: str
    name: str
    executable: bool | None
    scope: Scope
    documentation: str
    source: Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class Participant:
    id: str
    name: str
    process: str
    source: Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class MessageFlow:
    id: str
    name: str
    start: str
    end: str
    message: str
    source: Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class Collaboration:
    id: str
    name: str
    participants: tuple[Participant, ...]
    messages: tuple[MessageFlow, ...]
    artifacts: tuple[Artifact, ...]
    source: Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class Import:
    namespace: str
    location: str
    kind: str


@dataclass(frozen=True, slots=True)
class RootItem:
    """A message, signal, error, item definition, data store, interface, choreography and so on."""

    id: str
    kind: str
    name: str
    source: Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class Bounds:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Shape:
    id: str
    element: str
    bounds: Bounds
    label: Bounds | None = None
    horizontal: bool | None = None
    expanded: bool | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    id: str
    element: str
    points: tuple[tuple[float, float], ...]
    label: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Diagram:
    id: str
    name: str
    element: str
    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class BpmnFile:
    """
    A file. `troubles`: ids given twice and references that lead nowhere; a file with troubles is kept and
    written like any other, but what they touch can't be compiled.
    """

    document: Document = field(repr=False)
    id: str
    name: str
    namespace: str
    language: str
    exporter: str
    imports: tuple[Import, ...]
    processes: tuple[Process, ...]
    collaborations: tuple[Collaboration, ...]
    roots: tuple[RootItem, ...]
    diagrams: tuple[Diagram, ...]
    troubles: tuple[Finding, ...]

    def process(self, name: str) -> Process | None:
        return next((process for process in self.processes if process.id == name), None)

    @property
    def nodes(self) -> Iterator[FlowNode]:
        """Every flow node of every process, sub-processes included."""
        for process in self.processes:
            yield from all_nodes(process.scope)


def all_nodes(scope: Scope) -> Iterator[FlowNode]:
    for node in scope.nodes:
        yield node
        if node.inside is not None:
            yield from all_nodes(node.inside)


def all_scopes(scope: Scope) -> Iterator[Scope]:
    yield scope
    for node in scope.nodes:
        if node.inside is not None:
            yield from all_scopes(node.inside)
