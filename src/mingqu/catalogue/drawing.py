"""
Tables of steps and drawn flows as pictures: the layout of `process` as the boxes and lines that pages draw. Pure; for
guides, cases and the editors of definitions alike.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from mingqu.process import services as process
from mingqu.process.selectors import Layout, framed, nearest_steps
from mingqu.process.types import StepRow
from mingqu.ui.types import BoxState, FlowBox, FlowLayout, FlowLine, FlowStep, GateSign

EDGE = 8
OPEN_ENDS = {"start", "end", "terminate"}
WIDEST = 1600
"""In drawing units: a drawn flow that is wider stands upright on desks too, where its words would be too small."""
SIGNS: dict[str, GateSign] = {"exclusive": "one", "inclusive": "some"}


@dataclass(frozen=True)
class Place:
    """Where one step stands: its state, the words in its box and those in the list."""

    state: BoxState = ""
    detail: str = ""
    note: str = ""


@dataclass(frozen=True)
class Picture:
    wide: FlowLayout
    tall: FlowLayout
    steps: list[FlowStep]


@dataclass(frozen=True)
class Frame:
    """
    What stands around a drawn flow: boxes (id, name) before it and one behind the step `last`. `over`: what an end that
    comes without that step is called where the drawing gives it no name.
    """

    before: tuple[tuple[str, str], ...]
    after: tuple[str, str]
    last: str
    over: str


@dataclass(frozen=True)
class Laid:
    """
    A drawn flow, laid out. `order`: its boxes (id, name) from top to bottom; `back`: from which box a way leads back to
    which.
    """

    plan: process.Plan
    wide: Layout
    tall: Layout
    order: tuple[tuple[str, str], ...]
    back: Mapping[str, tuple[str, ...]]


def drawn(rows: tuple[StepRow, ...], places: Mapping[str, Place], listed: list[FlowStep]) -> Picture:
    """Any table of steps, wide and tall, with its list."""
    plan, wide, tall = _laid_out(rows)
    gone = _left(plan, places)

    def line(flow: str) -> FlowLine:
        return FlowLine((), run=gone[plan.flows[flow].source])

    return Picture(_drawn(plan, wide, places, line), _drawn(plan, tall, places, line), listed)


@lru_cache(maxsize=256)
def _laid_out(rows: tuple[StepRow, ...]) -> tuple[process.Plan, Layout, Layout]:
    plan = process.plan_from_steps(rows)
    return plan, process.layout(plan, "wide"), process.layout(plan, "tall")


@lru_cache(maxsize=256)
def laid(plan: process.Plan, frame: Frame) -> Laid:
    whole = framed(plan, frame.before, frame.after, frame.last, frame.over)
    wide, tall = process.layout(whole, "wide"), process.layout(whole, "tall")
    boxes = sorted((box for box in tall.boxes if box.kind.value == "user"), key=lambda box: box.y)
    back: dict[str, tuple[str, ...]] = {}
    for line in tall.lines:
        if line.back and line.source in whole.after[line.target]:
            to = nearest_steps(whole, line.target, onward=True)
            for name in nearest_steps(whole, line.source, onward=False):
                back[name] = tuple(dict.fromkeys((*back.get(name, ()), *to)))
    return Laid(whole, wide, tall, tuple((box.node, box.name) for box in boxes), back)


def drawn_flow(
    of: Laid,
    places: Mapping[str, Place],
    listed: list[FlowStep],
    *,
    passed: Collection[str] = (),
    changed: Mapping[str, BoxState] | None = None,
) -> Picture:
    """A flow as it was drawn. `passed`: the ways a case went; `changed`: what became of each, beside another flow."""

    def line(flow: str) -> FlowLine:
        ends = of.plan.flows[flow]
        before, after = (places.get(end, Place()).state for end in (ends.source, ends.target))
        here = before == "done" and after in ("done", "now", "you")
        return FlowLine((), run=flow in passed or here, state=(changed or {}).get(flow, ""))

    tall = _drawn(of.plan, of.tall, places, line, SIGNS)
    wide = tall if of.wide.width > WIDEST else _drawn(of.plan, of.wide, places, line, SIGNS)
    return Picture(wide, tall, listed)


def _drawn(
    plan: process.Plan,
    layout: Layout,
    places: Mapping[str, Place],
    line_of: Callable[[str], FlowLine],
    signs: Mapping[str, GateSign] | None = None,
) -> FlowLayout:
    """Without the two dots at the ends, which say nothing to a reader."""
    kept = [box for box in layout.boxes if box.kind.value not in OPEN_ENDS]
    names = {box.node for box in kept}
    left = 0 if layout.way == "tall" else min(box.x for box in kept) - EDGE  # tall: as wide as a phone
    top = min(box.y for box in kept) - EDGE
    width = layout.width if layout.way == "tall" else max(box.x + box.width for box in kept) + EDGE - left
    lines = tuple(
        replace(
            line_of(line.flow),
            points=tuple((x - left, y - top) for x, y in line.points),
            arrow=line.back or plan.nodes[line.target].kind.value == "user",
        )
        for line in layout.lines
        if line.source in names and line.target in names
    )
    boxes = []
    for box in kept:
        place = places.get(box.node, Place())
        corners = (box.x - left, box.y - top, box.width, box.height)
        if box.kind.value == "user":
            boxes.append(FlowBox(*corners, title=box.name, detail=place.detail, state=place.state))
        else:
            sign = (signs or {}).get(box.kind.value, "all")
            boxes.append(FlowBox(*corners, state=place.state if signs else "", gate=True, sign=sign))
    around = [y for line in layout.lines if line.back for _, y in line.points]
    floor = max([box.y + box.height for box in kept] + around)
    return FlowLayout(width, floor + EDGE - top, tuple(boxes), lines)


def _left(plan: process.Plan, places: Mapping[str, Place]) -> dict[str, bool]:
    """The nodes the case has left behind; nodes stand in the order of the table."""
    gone: dict[str, bool] = {}
    for node in plan.nodes.values():
        if node.kind.value == "start":
            gone[node.id] = True
        elif node.kind.value == "user":
            gone[node.id] = places.get(node.id, Place()).state == "done"
        else:
            gone[node.id] = all(gone[flow.source] for flow in plan.into[node.id])
    return gone
