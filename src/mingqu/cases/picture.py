"""
The way of an application as a picture and as a list: receipt, acceptance, the steps that apply, decision,
delivery. For a guide every box is plain; for a case each says where it stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from mingqu.cases import legal
from mingqu.catalogue.types import Step
from mingqu.process import services as process
from mingqu.process.selectors import Layout
from mingqu.process.types import StepRow
from mingqu.ui.figures import text_width
from mingqu.ui.types import BoxState, FlowBox, FlowLayout, FlowLine, FlowStep

RECEIVE, ACCEPT, DELIVER = "mq_receive", "mq_accept", "mq_deliver"
EDGE = 8
TITLE_FITS = 9  # characters in a box; the list beside it has the whole name
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


def picture(
    steps: Sequence[Step],
    decide: Step,
    organs: Mapping[str, str],
    places: Mapping[str, Place],
    about: Mapping[str, str],
) -> Picture:
    """
    `organs`: whose post it is, by post code; `places`: by step id, missing ones are still to come; `about`: what the
    list says of receipt, acceptance and delivery (`to_applicant`).
    """
    rows = (
        StepRow(RECEIVE, _("收件"), "-"),
        StepRow(ACCEPT, _("受理"), "-"),
        *(
            StepRow(s.id, s.name, s.post, s.limit, None, s.parallel or None, s.people)
            for s in [*steps, decide]
        ),
        StepRow(DELIVER, _("送达"), "-"),
    )
    away = {step.id: elsewhere(step) for step in [*steps, decide]}
    listed = [_listed(row, organs, places.get(row.id, Place()), about, away.get(row.id, "")) for row in rows]
    return drawn(rows, places, listed)


def elsewhere(step: Step) -> str:
    """Where a step is done that is not done here, honestly; in guides and on the progress page alike."""
    words = {
        "handed_over": _("转到%(system)s办理，结果会传回来"),
        "assisted": _("工作人员在%(system)s里录入，进度以那里为准"),
        "link": _("在%(system)s办理"),
    }.get(step.where, "")
    return words % {"system": step.system} if words else ""


def drawn(rows: tuple[StepRow, ...], places: Mapping[str, Place], listed: list[FlowStep]) -> Picture:
    """Any table of steps, wide and tall, with its list."""
    plan, wide, tall = _laid_out(rows)
    return Picture(_drawn(plan, wide, places), _drawn(plan, tall, places), listed)


@lru_cache(maxsize=256)
def _laid_out(rows: tuple[StepRow, ...]) -> tuple[process.Plan, Layout, Layout]:
    plan = process.plan_from_steps(rows)
    return plan, process.layout(plan, "wide"), process.layout(plan, "tall")


def to_applicant(item_type: str) -> dict[str, str]:
    """What the list says of receipt, acceptance and delivery, with the law of this type of item."""
    accept, deliver = legal.words("acceptance", item_type), legal.words("delivery", item_type)
    return {
        RECEIVE: _("当场给您《收件凭证》"),
        ACCEPT: _("5个工作日内告诉您受理、要补什么或者不予受理") + (f"（{accept}）" if accept else ""),
        DELIVER: _("决定后10个工作日内送达") + (f"（{deliver}）" if deliver else ""),
    }


def _listed(
    row: StepRow, organs: Mapping[str, str], place: Place, told: Mapping[str, str], away: str
) -> FlowStep:
    about = told.get(row.id, "")
    if not about:
        parts = [organs.get(row.post, ""), _("%(days)d个工作日") % {"days": row.limit} if row.limit else ""]
        if row.people > 1:
            parts.append(_("%(count)d名以上工作人员") % {"count": row.people})
        if row.parallel:
            parts.append(_("与其他审查同时进行"))
        parts.append(away)
        about = _("，").join(filter(None, parts))
    return FlowStep(f"{row.name}{_('：')}{about}", place.state, place.note)


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
            title=_title(box.name),
            detail=places.get(box.node, Place()).detail,
            state=places.get(box.node, Place()).state,
        )
        for box in kept
    )
    return FlowLayout(width, max(box.y + box.height for box in kept) + EDGE - top, boxes, lines)


def _title(name: str) -> str:
    return name if text_width(name) <= text_width("受") * TITLE_FITS else f"{name[: TITLE_FITS - 1]}…"


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
