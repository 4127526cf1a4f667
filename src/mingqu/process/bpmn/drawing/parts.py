"""
One element with all that clings to it: its label, boundary events below, data and notes above. Pure.

Such a compound is one part of the drawing; nothing else is laid into its room.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mingqu.process.bpmn import model as m
from mingqu.process.bpmn.drawing import shapes as size
from mingqu.process.bpmn.drawing.levels import Part
from mingqu.process.bpmn.drawing.tracks import Point

STRIP = 30
"""Least height below an activity for each boundary event: its way out, and room for its name."""
RISE = 22
"""Between an activity and the data or notes above it."""


@dataclass(slots=True)
class Picture:
    """Shapes and edges placed; `boxes`: the bounds of everything a line may end at."""

    width: int = 0
    height: int = 0
    shapes: list[m.Shape] = field(default_factory=list)
    edges: list[m.Edge] = field(default_factory=list)
    solid: list[m.Bounds] = field(default_factory=list)
    """What lines drawn later go around."""

    @property
    def labels(self) -> list[m.Bounds]:
        labels = [shape.label for shape in self.shapes] + [edge.label for edge in self.edges]
        return [label for label in labels if label is not None]

    @property
    def boxes(self) -> dict[str, m.Bounds]:
        return {shape.element: shape.bounds for shape in self.shapes}

    def put(self, element: str, bounds: m.Bounds, label: m.Bounds | None = None, **more: bool | None) -> None:
        shape = m.Shape(f"{element}_di", element, bounds, label)
        self.shapes.append(replace(shape, expanded=more.get("expanded"), horizontal=more.get("horizontal")))
        if not more:
            self.solid.append(bounds)

    def draw(self, element: str, points: Sequence[Point], label: m.Bounds | None = None) -> None:
        self.edges.append(m.Edge(f"{element}_di", element, tuple(_straightened(points)), label))

    def include(self, other: "Picture", x: int, y: int) -> None:
        """Another picture at a place of this one."""
        for shape in other.shapes:
            label = None if shape.label is None else moved(shape.label, x, y)
            self.shapes.append(replace(shape, bounds=moved(shape.bounds, x, y), label=label))
        for edge in other.edges:
            points = tuple((px + x, py + y) for px, py in edge.points)
            label = None if edge.label is None else moved(edge.label, x, y)
            self.edges.append(replace(edge, points=points, label=label))
        self.solid += [moved(bounds, x, y) for bounds in other.solid]


def moved(bounds: m.Bounds, x: float, y: float) -> m.Bounds:
    return replace(bounds, x=bounds.x + x, y=bounds.y + y)


def _straightened(points: Sequence[Point]) -> list[Point]:
    """Without points that lie on the way between their neighbours, or twice."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and _in_line(kept[-2], kept[-1], point):
            kept[-1] = point
        else:
            kept.append(point)
    return kept


def _in_line(a: Point, b: Point, c: Point) -> bool:
    level = a[1] == b[1] == c[1] and (b[0] - a[0]) * (c[0] - b[0]) >= 0
    upright = a[0] == b[0] == c[0] and (b[1] - a[1]) * (c[1] - b[1]) >= 0
    return level or upright


@dataclass(frozen=True, slots=True)
class Rider:
    """Data or a note above its element. `lines`: the associations between the two, each with whether it leads up."""

    element: str
    kind: str
    name: str
    lines: tuple[tuple[str, bool], ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        if self.kind == "textAnnotation":
            return size.NOTE, size.measure(self.name, size.NOTE - 10)[1] + 12
        return size.STORE if self.kind == "dataStoreReference" else size.DATA

    @property
    def label(self) -> tuple[int, int]:
        return (0, 0) if self.kind == "textAnnotation" else size.measure(self.name)

    @property
    def width(self) -> int:
        return max(self.size[0], self.label[0])


@dataclass(slots=True)
class Compound:
    """`out`: how far below the line each boundary event's way leaves. `loops`: flows from the element to itself."""

    node: m.FlowNode
    lane: int = 0
    inner: Picture | None = None
    boundary: list[m.FlowNode] = field(default_factory=list)
    riders: list[Rider] = field(default_factory=list)
    loops: list[tuple[str, int]] = field(default_factory=list)
    """Each with the place of the boundary event it comes from, -1 for the element itself."""

    @property
    def box(self) -> tuple[int, int]:
        kind = self.node.kind
        if self.inner is not None:
            return self.inner.width + 2 * size.PAD, self.inner.height + 2 * size.PAD + size.LINE_HEIGHT
        if kind in m.EVENTS:
            return size.EVENT, size.EVENT
        if kind in m.GATEWAYS:
            return size.GATEWAY, size.GATEWAY
        return max(size.TASK[0], 44 * len(self.boundary)), size.TASK[1]

    @property
    def label(self) -> tuple[int, int]:
        """The name, where it is written beside the element and not in it."""
        beside = self.node.kind in m.EVENTS or self.node.kind in m.GATEWAYS
        return size.measure(self.node.name) if beside else (0, 0)

    def out(self, number: int) -> int:
        """How far below the line the way of a boundary event leaves; the last one on the right is the highest."""
        names = [max(STRIP, size.measure(event.name)[1] + 8) for event in self.boundary[number:]]
        return self.box[1] // 2 + size.EVENT // 2 + sum(names) - 4

    @property
    def part(self) -> Part:
        width, height = self.box
        above, below, left = height // 2, height - height // 2, 0
        wide, tall = self.label
        if self.node.kind in m.EVENTS:
            width, below = max(width, wide), below + (tall + 4 if tall else 0)
        elif tall:
            above, left = max(above, tall + 8), max(0, wide + 20 - width // 2)
        if self.boundary:
            below = self.out(0) + 8
            width += 2 * max(16, size.LABEL - width // (2 * len(self.boundary)))
        if self.loops:
            above, width = above + 18, width + 32
        if self.riders:
            above += RISE + max(r.size[1] + r.label[1] for r in self.riders)
            width = max(width, sum(r.width for r in self.riders) + 16 * (len(self.riders) - 1))
        return Part(self.node.id, width, above, below, self.lane, left)

    def place(self, picture: Picture, x: int, line: int) -> None:
        """Draw the element around a line, its middle at `x`."""
        width, height = self.box
        bounds = m.Bounds(x - width // 2, line - height // 2, width, height)
        if self.inner is not None:
            picture.put(self.node.id, bounds, expanded=True)
            inside = bounds.x + size.PAD, bounds.y + size.PAD + size.LINE_HEIGHT
            picture.include(self.inner, int(inside[0]), int(inside[1]))
        elif self.node.kind in m.SUB_PROCESSES or self.node.kind == "subChoreography":
            picture.put(self.node.id, bounds, expanded=False)
            picture.solid.append(bounds)
        else:
            picture.put(self.node.id, bounds, self._label(bounds))
        for flow, number in self.loops:
            left, right, top = x - width // 4, x + width // 4, line - height // 2
            way = [(right, top), (right, top - 14), (left, top - 14), (left, top)]
            picture.draw(flow, way if number < 0 else self._around(number, x, line))
        self._place_boundary(picture, bounds)
        self._place_riders(picture, bounds)

    def _label(self, bounds: m.Bounds) -> m.Bounds | None:
        wide, tall = self.label
        if not tall:
            return None
        middle = bounds.x + bounds.width // 2
        if self.node.kind in m.EVENTS:
            return m.Bounds(middle - wide // 2, bounds.y + bounds.height + 4, wide, tall)
        return m.Bounds(middle - wide - 16, bounds.y + bounds.height // 2 - tall - 6, wide, tall)

    def exit_of(self, number: int, x: int, line: int) -> Point:
        """The lower border of a boundary event, where its way begins."""
        width, height = self.box
        apart = width / len(self.boundary)
        return x - width // 2 + round(apart * (number + 0.5)), line - height // 2 + height + size.EVENT // 2

    def _around(self, number: int, x: int, line: int) -> list[Point]:
        """From a boundary event back to the left side of its own activity, below where other flows come."""
        exit_x, exit_y = self.exit_of(number, x, line)
        edge, floor, height = x - self.box[0] // 2, line + self.out(number), line + 14
        return [(exit_x, exit_y), (exit_x, floor), (edge - 12, floor), (edge - 12, height), (edge, height)]

    def _place_boundary(self, picture: Picture, bounds: m.Bounds) -> None:
        middle, line = int(bounds.x + bounds.width // 2), int(bounds.y + bounds.height // 2)
        for number, event in enumerate(self.boundary):
            x, y = self.exit_of(number, middle, line)
            label = None
            wide, tall = size.measure(event.name)
            if tall:
                label = m.Bounds(x + 5, line + self.out(number) - tall - 3, wide, tall)
            box = m.Bounds(x - size.EVENT // 2, y - size.EVENT, size.EVENT, size.EVENT)
            picture.put(event.id, box, label)

    def _place_riders(self, picture: Picture, host: m.Bounds) -> None:
        whole = sum(r.width for r in self.riders) + 16 * (len(self.riders) - 1)
        x = int(host.x + host.width // 2) - whole // 2
        roof = int(host.y) - (18 if self.loops else 0)
        for rider in self.riders:
            width, height = rider.size
            middle, floor = x + rider.width // 2, roof - RISE
            label = None
            wide, tall = rider.label
            if tall:
                label = m.Bounds(middle - wide // 2, floor - height - tall, wide, tall)
            picture.put(rider.element, m.Bounds(middle - width // 2, floor - height, width, height), label)
            inside = min(max(middle, int(host.x) + 8), int(host.x + host.width) - 8)
            if self.node.kind in m.GATEWAYS or self.node.kind in m.EVENTS:
                inside = int(host.x + host.width // 2)
            down = [(middle, floor), (middle, floor + 10), (inside, floor + 10), (inside, int(host.y))]
            for flow, up in rider.lines:
                picture.draw(flow, down[::-1] if up else down)
            x += rider.width + 16
