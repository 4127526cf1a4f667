"""
Tables of steps as pictures: the layout of `process` as the boxes and lines that pages draw. Pure; for guides, cases and
the editors of definitions alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from mingqu.process import services as process
from mingqu.process.selectors import Layout
from mingqu.process.types import StepRow
from mingqu.ui.types import BoxState, FlowBox, FlowLayout, FlowLine, FlowStep

EDGE = 8
OPEN_ENDS = {"start", "end", "terminate"}


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


def drawn(rows: tuple[StepRow, ...], places: Mapping[str, Place], listed: list[FlowStep]) -> Picture:
    """Any table of steps, wide and tall, with its list."""
    plan, wide, tall = _laid_out(rows)
    return Picture(_drawn(plan, wide, places), _drawn(plan, tall, places), listed)


@lru_cache(maxsize=256)
def _laid_out(rows: tuple[StepRow, ...]) -> tuple[process.Plan, Layout, Layout]:
    plan = process.plan_from_steps(rows)
    return plan, process.layout(plan, "wide"), process.layout(plan, "tall")


def _drawn(plan: process.Plan, layout: Layout, places: Mapping[str, Place]) -> FlowLayout:
    """Without the two dots at the ends, which say nothing to a reader."""
    kept = [box for box in layout.boxes if box.kind.value not in OPEN_ENDS]
    names = {box.node for box in kept}
    left = 0 if layout.way == "tall" else min(box.x for box in kept) - EDGE  # tall: as wide as a phone
    top = min(box.y for box in kept) - EDGE
    width = layout.width if layout.way == "tall" else max(box.x + box.width for box in kept) + EDGE - left
    gone = _left(plan, places)
    lines = tuple(
        FlowLine(
            tuple((x - left, y - top) for x, y in line.points),
            run=gone[line.source],
            arrow=plan.nodes[line.target].kind.value == "user",
        )
        for line in layout.lines
        if line.source in names and line.target in names
    )
    boxes = tuple(
        FlowBox(box.x - left, box.y - top, box.width, box.height, gate=True)
        if box.kind.value != "user"
        else FlowBox(
            box.x - left,
            box.y - top,
            box.width,
            box.height,
            title=box.name,
            detail=places.get(box.node, Place()).detail,
            state=places.get(box.node, Place()).state,
        )
        for box in kept
    )
    return FlowLayout(width, max(box.y + box.height for box in kept) + EDGE - top, boxes, lines)


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
