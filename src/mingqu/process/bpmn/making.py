"""
Makes XML: a diagram for a file without one, and a whole file for a plan. Pure.

What is made is read again, so that a file made here is a file like any other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from mingqu.process.bpmn import model as m
from mingqu.process.bpmn.drawing import scene
from mingqu.process.bpmn.drawing.shapes import measure
from mingqu.process.bpmn.made_elements import NAMES, Spec, attributes, called, key_of, of_root, parts
from mingqu.process.bpmn.reading import model_of
from mingqu.process.bpmn.tree import XML_SPACE, Document, Element, Node, Scope, Text, declared, made
from mingqu.process.errors import BpmnRefused
from mingqu.process.layout import Box, layout
from mingqu.process.plan import Kind, Plan
from mingqu.process.plan import Node as PlanNode

PREFIXES: Final = {"bpmn": m.BPMN, "bpmndi": m.BPMNDI, "dc": m.DC, "di": m.DI, "xsi": m.XSI, "mq": m.MINGQU}
TARGET: Final = "https://mingqu.org/process"

Attributes = Mapping[str, str | None]


def with_diagram(file: m.BpmnFile) -> m.BpmnFile:
    """The file with positions for everything, laid out here; the file itself if it has positions already."""
    if any(diagram.shapes for diagram in file.diagrams):
        return file
    maker = _Maker(file.document.root.scope)
    drawn = [maker.diagram(diagram) for diagram in scene.diagrams(file)]
    root = file.document.root
    kept = [
        child
        for child in root.children
        if not (isinstance(child, Element) and (child.space, child.local) == (m.BPMNDI, "BPMNDiagram"))
    ]
    while kept and isinstance(kept[-1], Text) and not kept[-1].value.strip():
        kept.pop()
    children: list[Node] = [*kept, *_lines(drawn, 1)]
    document = replace(file.document, root=replace(root, children=tuple(children)))
    return model_of(document)


def plan_to_bpmn(plan: Plan, process_id: str = "process", name: str = "") -> m.BpmnFile:
    """
    The plan as a BPMN file with positions; compiled again it has the same digest.

    Raises BpmnRefused where a node and a flow have one id, which BPMN can't say.
    """
    if twice := plan.nodes.keys() & plan.flows.keys():
        raise BpmnRefused(reason=f"编号“{min(twice)}”既是环节又是路线")
    while process_id in plan.nodes or process_id in plan.flows:
        process_id += "_"
    declarations = {f"xmlns:{prefix}": space for prefix, space in PREFIXES.items()}
    scope = declared(tuple(declarations.items()), MappingProxyType({"xml": XML_SPACE}))
    maker = _Maker(scope)
    elements = maker.inside(plan, "", 2)
    about = {"id": process_id, "name": name or None, "isExecutable": "true"}
    process = maker.element("bpmn:process", about, _lines(elements, 2, 1))
    parts = [*maker.roots(plan), process, *maker.called(plan)]
    given = {
        "id": f"{process_id}_definitions",
        "targetNamespace": TARGET,
        "expressionLanguage": m.FEEL,
        "exporter": "Mingqu",
    }
    root = maker.element("bpmn:definitions", {**declarations, **given}, _lines(parts, 1, 0))
    file = model_of(Document((), root, ()))
    picture = _picture(plan, process_id)
    if picture is None:
        return with_diagram(file)
    drawn = _lines([*parts, maker.diagram(picture)], 1, 0)
    return model_of(Document((), replace(root, children=tuple(drawn)), ()))


def _picture(plan: Plan, process_id: str) -> m.Diagram | None:
    """The picture citizens see, if it has everything and no way back, which it draws around the whole."""
    if not plan.plain or sum(1 for node in plan.nodes.values() if node.kind is Kind.START) != 1:
        return None
    found = layout(plan, "wide")
    if len(found.boxes) != len(plan.nodes) or any(line.back for line in found.lines):
        return None
    shapes = [
        m.Shape(f"{box.node}_di", box.node, m.Bounds(box.x, box.y, box.width, box.height), _label(box))
        for box in found.boxes
    ]
    edges = [
        m.Edge(f"{line.flow}_di", line.flow, tuple((float(x), float(y)) for x, y in line.points))
        for line in found.lines
    ]
    return m.Diagram(f"{process_id}_diagram", "", process_id, tuple(shapes), tuple(edges))


def _label(box: Box) -> m.Bounds | None:
    """Before and below a gateway, where none of its lines runs; below an event."""
    if box.kind is Kind.USER or not box.name.strip():
        return None
    x, y = box.middle
    if box.kind in (Kind.START, Kind.END, Kind.TERMINATE):
        wide, tall = measure(box.name, box.width + 24)
        return m.Bounds(x - wide // 2, box.y + box.height + 2, wide, tall)
    wide, tall = measure(box.name, 46)
    return m.Bounds(x - 8 - wide, y + 9, wide, tall)


class _Maker:
    """Makes elements; namespaces that `scope` does not declare are declared where they are first needed."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def element(self, name: str, attributes: Attributes, children: Iterable[Node] = ()) -> Element:
        given = tuple((key, value) for key, value in attributes.items() if value is not None)
        return made(name, given, list(children), self.scope)

    def inside(self, plan: Plan, scope: str, depth: int) -> list[Element]:
        """Everything that lies directly in a scope."""
        found = [self.node(plan, node, depth) for node in plan.nodes.values() if node.scope == scope]
        flows = [flow for flow in plan.flows.values() if plan.nodes[flow.source].scope == scope]
        return found + [self.flow(plan, flow.id, depth) for flow in flows]

    def node(self, plan: Plan, node: PlanNode, depth: int) -> Element:
        inside: list[Element] = []
        for kind, flows in (("incoming", plan.into[node.id]), ("outgoing", plan.out[node.id])):
            inside += [self.element(f"bpmn:{kind}", {}, [Text(flow.id)]) for flow in flows]
        inside += [self.spec(part, depth + 1) for part in parts(plan, node)]
        if node.kind in (Kind.SUB, Kind.EVENT_SUB):
            inside += self.inside(plan, node.id, depth + 1)
        about = {
            "id": node.id,
            "name": node.name or None,
            "default": node.default,
            "mq:post": node.post or None,
            "mq:limit": None if node.limit is None else str(node.limit),
            "mq:people": None if node.people == 1 else str(node.people),
            "mq:sign": node.sign or None,
            "mq:signers": " ".join(node.signers) or None,
            "mq:votes": str(node.votes) if node.votes else None,
            "mq:sender": node.sender or None,
            **attributes(plan, node),
        }
        return self.element(f"bpmn:{NAMES[node.kind]}", about, _lines(inside, depth + 1, depth))

    def spec(self, given: Spec, depth: int) -> Element:
        name, about, inside = given
        if isinstance(inside, str):
            return self.element(name, about, [Text(inside)])
        return self.element(
            name, about, _lines([self.spec(one, depth + 1) for one in inside], depth + 1, depth)
        )

    def roots(self, plan: Plan) -> list[Element]:
        return [self.spec(one, 1) for one in of_root(plan)]

    def called(self, plan: Plan) -> list[Element]:
        """The processes that call activities call, each once."""
        found: dict[str, Element] = {}
        for call in plan.nodes.values():
            if call.kind is Kind.CALL and call.scope in self.own(plan) and key_of(call) not in found:
                other = called(plan, call)
                about = {"id": key_of(call), "isExecutable": "true"}
                found[key_of(call)] = self.element(
                    "bpmn:process", about, _lines(self.inside(other, "", 2), 2, 1)
                )
                for deeper in self.called(other):
                    found.setdefault(deeper.get("id") or "", deeper)
        return list(found.values())

    def own(self, plan: Plan) -> set[str]:
        """The scopes that no call activity brought."""
        calls = [f"{node.id}." for node in plan.nodes.values() if node.kind is Kind.CALL]
        names = {node.scope for node in plan.nodes.values() if not node.id.startswith(tuple(calls))}
        return names or {""}

    def flow(self, plan: Plan, name: str, depth: int) -> Element:
        flow = plan.flows[name]
        inside = []
        if flow.condition is not None:
            kind = {"xsi:type": "bpmn:tFormalExpression"}
            inside.append(self.element("bpmn:conditionExpression", kind, [Text(flow.condition)]))
        about = {"id": flow.id, "sourceRef": flow.source, "targetRef": flow.target}
        return self.element("bpmn:sequenceFlow", about, _lines(inside, depth + 1, depth))

    def diagram(self, diagram: m.Diagram) -> Element:
        """A BPMNDiagram that declares its own prefixes: those of the file may mean something else."""
        outer = self.scope
        own = {"bpmndi": m.BPMNDI, "dc": m.DC, "di": m.DI}
        missing = {f"xmlns:{p}": space for p, space in own.items() if outer.get(p) != space}
        self.scope = declared(tuple(missing.items()), outer)
        shapes = [*map(self._shape, diagram.shapes), *map(self._edge, diagram.edges)]
        about = {"id": f"{diagram.id}_plane", "bpmnElement": diagram.element}
        plane = self.element("bpmndi:BPMNPlane", about, _lines(shapes, 3, 2))
        named = {**missing, "id": diagram.id, "name": diagram.name or None}
        made_of = self.element("bpmndi:BPMNDiagram", named, _lines([plane], 2, 1))
        self.scope = outer
        return made_of

    def _shape(self, shape: m.Shape) -> Element:
        inside = [self._bounds(shape.bounds), *self._labels(shape.label)]
        about = {
            "id": shape.id,
            "bpmnElement": shape.element,
            "isHorizontal": _flag(shape.horizontal),
            "isExpanded": _flag(shape.expanded),
        }
        return self.element("bpmndi:BPMNShape", about, _lines(inside, 4, 3))

    def _edge(self, edge: m.Edge) -> Element:
        inside = [self.element("di:waypoint", {"x": _digits(x), "y": _digits(y)}) for x, y in edge.points]
        about = {"id": edge.id, "bpmnElement": edge.element}
        return self.element("bpmndi:BPMNEdge", about, _lines([*inside, *self._labels(edge.label)], 4, 3))

    def _labels(self, label: m.Bounds | None) -> list[Element]:
        if label is None:
            return []
        return [self.element("bpmndi:BPMNLabel", {}, [self._bounds(label)])]

    def _bounds(self, bounds: m.Bounds) -> Element:
        numbers = {name: _digits(getattr(bounds, name)) for name in ("x", "y", "width", "height")}
        return self.element("dc:Bounds", numbers)


def _flag(value: bool | None) -> str | None:
    return None if value is None else str(value).lower()


def _digits(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(round(number, 3))


def _lines(elements: Sequence[Element], depth: int, outer: int | None = None) -> list[Node]:
    """Elements each on a line of its own, two spaces a level."""
    if not elements:
        return []
    nodes: list[Node] = []
    for element in elements:
        nodes += [Text("\n" + "  " * depth), element]
    return [*nodes, Text("\n" + "  " * (depth - 1 if outer is None else outer))]
