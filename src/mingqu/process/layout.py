"""
Where the boxes and lines of a plan's picture lie. Pure: numbers only, the page draws them.

`wide` runs from left to right, branches above one another. `tall` runs downwards in the width of a phone:
branches below one another between two rails, so that any number of them fits. Pictures are drawn for plans
that can be published; a way back is drawn around everything.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from mingqu.process.blocks import nearest_post_dominators
from mingqu.process.picture import picture
from mingqu.process.plan import Flow, Kind, Node, Plan

Point = tuple[int, int]
Way = Literal["wide", "tall"]

GATE = 32
DOT = 28
WIDE_BOX = (160, 70)
TALL_BOX_HEIGHT = 60
GAP = 36
LANE_GAP = 18
EDGE = 8
TALL_WIDTH = 340
TALL_GAP = 20
INDENT = 22
LEAST_BOX = 110
"""Groups in groups are drawn narrower as long as a box keeps this width; deeper ones share their rails."""
SHORT_LANE = 24
"""Height of a branch without a step: only a line runs there."""


@dataclass(frozen=True, slots=True)
class Box:
    """A node: `x`, `y` are its upper left corner, in pixels of the view box."""

    node: str
    kind: Kind
    name: str
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> Point:
        return self.x + self.width // 2, self.y + self.height // 2


@dataclass(frozen=True, slots=True)
class Line:
    """A flow, as the corners of a line of level and upright parts; the arrow is at the last."""

    flow: str
    source: str
    target: str
    points: tuple[Point, ...]
    back: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    way: Way
    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A node in a row, with the branches that open at it (each with its flow), if it divides the way."""

    node: Node
    branches: tuple[tuple[Flow, tuple["Item", ...]], ...] = ()
    merge: str | None = None

    @property
    def alone(self) -> bool:
        """Only one branch has steps: it goes straight on, and the others pass it by."""
        return sum(1 for _, branch in self.branches if branch) == 1


Row = tuple[Item, ...]


def layout(plan: Plan, way: Way = "wide") -> Layout:
    """The picture of a plan, from left to right or downwards."""
    plan = picture(plan)
    row = _row(plan, plan.start.id, None, nearest_post_dominators(plan), set())
    return _wide(plan, row) if way == "wide" else _tall(plan, row)


def _row(plan: Plan, first: str, stop: str | None, nearest: dict[str, str | None], placed: set[str]) -> Row:
    items: list[Item] = []
    name: str | None = first
    while name is not None and name != stop and name not in placed:
        placed.add(name)
        out = plan.out[name]
        if len(out) <= 1:
            items.append(Item(plan.nodes[name]))
            name = out[0].target if out else None
            continue
        merge = nearest.get(name)
        branches = [(flow, _row(plan, flow.target, merge, nearest, placed)) for flow in out]
        # A flow to something placed before is a way back, no branch.
        onward = tuple((flow, row) for flow, row in branches if row or flow.target == merge)
        items.append(Item(plan.nodes[name], onward, merge))
        name = merge
    return tuple(items)


def _all(row: Row) -> Iterator[Item]:
    for item in row:
        yield item
        for _, branch in item.branches:
            yield from _all(branch)


# -- from left to right


def _wide(plan: Plan, row: Row) -> Layout:
    boxes: dict[str, Box] = {}
    lanes: dict[str, int] = {}
    height = _wide_height(row)
    width = _put_wide(row, EDGE, EDGE + height // 2, boxes, lanes) - GAP + EDGE
    lines = [_wide_line(flow, boxes, lanes) for flow in plan.flows.values()]
    return _finished("wide", plan, boxes, lines, width, height + 2 * EDGE)


def _size(node: Node) -> tuple[int, int]:
    if node.kind is Kind.USER:
        return WIDE_BOX
    if node.kind in (Kind.START, Kind.END, Kind.TERMINATE):
        return DOT, DOT
    return GATE, GATE


def _wide_height(row: Row) -> int:
    return max((_item_height(item) for item in row), default=SHORT_LANE)


def _item_height(item: Item) -> int:
    return max(_size(item.node)[1], _lanes_height(item))


def _lanes_height(item: Item) -> int:
    lanes = [_wide_height(branch) for _, branch in item.branches]
    together = sum(lanes) + LANE_GAP * (len(lanes) - 1)
    return 2 * together - max(lanes) if item.alone else together


def _lanes(item: Item, middle: int) -> Iterator[tuple[Flow, Row, int]]:
    """The branches of an item with the heights their rows run at: a lone one straight on, the rest below."""
    branches = list(item.branches)
    top = middle - _lanes_height(item) // 2
    if item.alone:
        branches.sort(key=lambda branch: not branch[1])
        top = middle - _wide_height(branches[0][1]) // 2
    for flow, row in branches:
        height = _wide_height(row)
        yield flow, row, top + height // 2
        top += height + LANE_GAP


def _put_wide(row: Row, x: int, middle: int, boxes: dict[str, Box], lanes: dict[str, int]) -> int:
    """Place a row along the line `middle`; where the next thing may begin."""
    for item in row:
        width, height = _size(item.node)
        boxes[item.node.id] = _box(item.node, x, middle - height // 2, width, height)
        x += width + GAP
        furthest = x
        for flow, branch, lane in _lanes(item, middle):
            lanes[flow.id] = lane
            furthest = max(furthest, _put_wide(branch, x, lane, boxes, lanes))
        x = furthest
    return x


def _wide_line(flow: Flow, boxes: dict[str, Box], lanes: dict[str, int]) -> Line:
    source, target = boxes[flow.source], boxes[flow.target]
    sy = source.middle[1]
    if target.x <= source.x:
        return Line(flow.id, flow.source, flow.target, (), back=True)
    lane = lanes.get(flow.id, sy)
    points = [*_leaving(source, lane), *reversed(_leaving(target, lane, -1))]
    return Line(flow.id, flow.source, flow.target, tuple(points))


def _leaving(box: Box, lane: int, onward: Literal[1, -1] = 1) -> list[Point]:
    """From the border of a box to its lane: straight on, with a jog, or over its upper or lower edge."""
    x, y = box.middle
    edge = box.x + box.width if onward == 1 else box.x
    if lane == y:
        return [(edge, y)]
    if abs(lane - y) <= box.height // 2:
        jog = edge + onward * GAP // 3
        return [(edge, y), (jog, y), (jog, lane)]
    return [(x, _side(box, lane)), (x, lane)]


def _side(box: Box, lane: int) -> int:
    """The upper or lower edge, whichever looks at the lane."""
    return box.y if lane < box.middle[1] else box.y + box.height


# -- downwards


def _tall(plan: Plan, row: Row) -> Layout:
    boxes: dict[str, Box] = {}
    lines: list[Line] = []
    bottom, _ = _put_tall(plan, row, (EDGE, TALL_WIDTH - EDGE), EDGE, boxes, lines)
    drawn = {line.flow for line in lines}
    for flow in plan.flows.values():
        if flow.id not in drawn:
            lines.append(Line(flow.id, flow.source, flow.target, (), back=True))
    return _finished("tall", plan, boxes, lines, TALL_WIDTH, bottom - TALL_GAP + EDGE)


Rails = list[tuple[Flow, Box]]
"""Flows that come to the next node by the right rail, each with the box it leaves."""


def _put_tall(
    plan: Plan, row: Row, sides: tuple[int, int], y: int, boxes: dict[str, Box], lines: list[Line]
) -> tuple[int, Rails]:
    """Place a row between two sides from `y` down; where the next thing begins, and what leads there."""
    left, right = sides
    above: tuple[Flow, Box] | None = None
    rails: Rails = []
    for item in row:
        width, height = _size(item.node)
        if item.node.kind is Kind.USER:
            width, height = right - left - 2 * INDENT, TALL_BOX_HEIGHT
        box = _box(item.node, (left + right - width) // 2, y, width, height)
        boxes[item.node.id] = box
        if above is not None:
            lines.append(_straight(*above, box))
        lines.extend(_by_rail(flow, source, box, right) for flow, source in rails)
        y, rails, above = y + height + TALL_GAP, [], None
        out = plan.out[item.node.id]
        if len(item.branches) <= 1 and not item.alone:
            above = (item.branches[0][0] if item.branches else out[0], box) if out else None
            continue
        narrow = right - left < LEAST_BOX + 4 * INDENT
        inner = sides if item.alone or narrow else (left + INDENT, right - INDENT)
        for flow, branch in item.branches:
            if not branch:
                rails.append((flow, box))
                continue
            y, onward = _put_tall(plan, branch, inner, y, boxes, lines)
            first = boxes[branch[0].node.id]
            lines.append(_straight(flow, box, first) if item.alone else _into(flow, box, first, left))
            if item.alone and len(onward) == 1:
                above = onward[0]
            else:
                rails.extend(onward)
        rails = [(flow, source) for flow, source in rails if flow.target == item.merge]
    return y, rails if above is None else [*rails, above]


def _straight(flow: Flow, source: Box, target: Box) -> Line:
    x = source.middle[0]
    return Line(flow.id, flow.source, flow.target, ((x, source.y + source.height), (x, target.y)))


def _into(flow: Flow, split: Box, first: Box, rail: int) -> Line:
    """From a split along the left rail into the first box of a branch."""
    (_, sy), (_, fy) = split.middle, first.middle
    return Line(flow.id, flow.source, flow.target, ((split.x, sy), (rail, sy), (rail, fy), (first.x, fy)))


def _by_rail(flow: Flow, source: Box, target: Box, rail: int) -> Line:
    """From the end of a branch (or a split, past all of it) along the right rail to where branches meet."""
    (_, sy), (_, ty) = source.middle, target.middle
    points = ((source.x + source.width, sy), (rail, sy), (rail, ty), (target.x + target.width, ty))
    return Line(flow.id, flow.source, flow.target, points)


# -- both


def _box(node: Node, x: int, y: int, width: int, height: int) -> Box:
    return Box(node.id, node.kind, node.name, x, y, width, height)


def _finished(
    way: Way, plan: Plan, boxes: dict[str, Box], lines: list[Line], width: int, height: int
) -> Layout:
    """Ways back go around: below the picture, or along its left edge."""
    drawn: list[Line] = []
    for line in lines:
        if line.back:
            source, target = boxes[line.source], boxes[line.target]
            if way == "wide":
                height += LANE_GAP
                floor = height - EDGE
                (sx, _), (tx, _) = source.middle, target.middle
                around = (
                    (sx, source.y + source.height),
                    (sx, floor),
                    (tx, floor),
                    (tx, target.y + target.height),
                )
            else:
                (_, sy), (_, ty) = source.middle, target.middle
                around = ((source.x, sy), (EDGE // 2, sy), (EDGE // 2, ty), (target.x, ty))
            drawn.append(replace(line, points=around))
        else:
            drawn.append(line)
    order = [boxes[name] for name in plan.nodes if name in boxes]
    place = {name: number for number, name in enumerate(plan.flows)}
    drawn.sort(key=lambda line: place[line.flow])
    return Layout(way, width, height, tuple(order), tuple(drawn))
