"""The process of a case as a picture with the present place, and as a list."""

from typing import Any, Literal

from mingqu.process import selectors as process
from mingqu.process.types import Progress, StepState
from mingqu.ui.types import BoxState, FlowBox, FlowLayout, FlowLine, FlowStep
from mingqu.workbench.types import FlowView, StepView

DESK = 1000  # pixels a wide picture takes at least
_STATE: dict[StepState, BoxState] = {"done": "done", "now": "now", "waiting": "", "skipped": "stop"}
_WORDS: dict[StepState, str] = {"done": "已办", "now": "正在办", "waiting": "还没到", "skipped": "这次不办"}


def flow_view(plan_digest: str, progress: Progress | None, steps: list[StepView]) -> FlowView:
    """`progress` None: not accepted yet, so nothing is done and nothing is left out."""
    plan = process.plan(plan_digest)
    states = progress.steps if progress else {}
    passed = progress.passed if progress else frozenset()

    def drawn(way: Literal["wide", "tall"]) -> FlowLayout:
        return _drawing(process.layout(plan, way), states, passed)

    posts = {step.step: step.post for step in steps}
    listed = [
        FlowStep(
            f"{node.name}：{_WORDS[states[node.id]]}" if node.id in states else node.name,
            _STATE[states[node.id]] if node.id in states else "",
            posts.get(node.id, ""),
        )
        for node in plan.nodes.values()
        if node.post
    ]
    return FlowView(drawn("wide"), drawn("tall"), listed)


def _drawing(layout: process.Layout, states: dict[str, StepState], passed: frozenset[str]) -> FlowLayout:
    boxes = tuple(_box(box, states) for box in layout.boxes)
    targets = {box.node: box for box in layout.boxes}
    lines = tuple(
        FlowLine(
            line.points,
            run=line.flow in passed,
            arrow=line.target in targets and _is_words(targets[line.target].kind.value),
        )
        for line in layout.lines
    )
    # A short process is not blown up to the width of the desk.
    width = max(layout.width, DESK) if layout.way == "wide" else layout.width
    return FlowLayout(width, layout.height, boxes, lines)


def _is_words(kind: str) -> bool:
    return kind in {"start", "end", "terminate", "user"}


def _box(box: Any, states: dict[str, StepState]) -> FlowBox:
    kind = box.kind.value
    place = (box.x, box.y, box.width, box.height)
    if kind == "user":
        state = states.get(box.node)
        return FlowBox(
            *place,
            title=box.name,
            detail=_WORDS[state] if state else "",
            state=_STATE[state] if state else "",
        )
    if kind in {"start", "end", "terminate"}:
        return FlowBox(*place, title="始" if kind == "start" else "终")
    return FlowBox(*place, gate=True)
