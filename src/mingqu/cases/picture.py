"""
The way of an application as a picture and as a list: receipt, acceptance, the steps that apply, decision,
delivery. For a guide every box is plain; for a case each says where it stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from mingqu.cases import legal
from mingqu.cases.ways import ACCEPT, DELIVER, RECEIVE, Way
from mingqu.catalogue.drawings.selectors import drawn_flow
from mingqu.catalogue.selectors import Picture, Place, drawn
from mingqu.catalogue.types import Step
from mingqu.process.services import Node
from mingqu.process.types import StepRow
from mingqu.ui.types import FlowStep

__all__ = [
    "ACCEPT",
    "DELIVER",
    "RECEIVE",
    "Picture",
    "Place",
    "drawn",
    "elsewhere",
    "passed_by",
    "picture",
    "to_applicant",
]

ELSEWHERE = frozenset({"handed_over", "assisted"})  # another system decides, and tells or is asked


def picture(
    steps: Sequence[Step],
    decide: Step,
    organs: Mapping[str, str],
    places: Mapping[str, Place],
    about: Mapping[str, str],
    way: Way | None = None,
) -> Picture:
    """
    `organs`: whose post it is, by post code; `places`: by step id, missing ones are still to come; `about`: what the
    list says of receipt, acceptance and delivery (`to_applicant`); `way`: where an expert drew the flow, and then who
    comes after whom is the drawing's to say.
    """
    if way is not None:
        return _as_drawn(way, organs, places, about)
    rows = (
        StepRow(RECEIVE, _("收件"), "-"),
        StepRow(ACCEPT, _("受理"), "-"),
        *(
            StepRow(s.id, s.name, s.post, s.limit, None, s.parallel or None, s.people)
            for s in [*steps, decide]
        ),
        StepRow(DELIVER, _("送达"), "-"),
    )
    away = {step.id: _more(step) for step in [*steps, decide]}
    listed = [_listed(row, organs, places.get(row.id, Place()), about, away.get(row.id, "")) for row in rows]
    return drawn(rows, places, listed)


def _as_drawn(
    way: Way, organs: Mapping[str, str], places: Mapping[str, Place], about: Mapping[str, str]
) -> Picture:
    """
    The list goes from top to bottom of the picture; of a step that is not one of the table the name is all, of a rule
    or a message that nobody has to do anything.
    """
    laid, listed = way.laid(), []
    by_itself = {name: words for name, node in way.plan.nodes.items() if (words := _by_itself(node))}
    asked = {name: places.get(name, Place()) for name in by_itself}
    places = {**places, **{n: replace(p, detail=p.detail or by_itself[n]) for n, p in asked.items()}}
    steps = {step.id: step for step in [*way.definition.steps, way.definition.decide]}
    for name, title in laid.order:
        row, away = StepRow(name, title, "-"), by_itself.get(name, "")
        if step := steps.get(name):
            row = StepRow(name, step.name, step.post, step.limit, None, None, step.people)
            away = _("，").join(filter(None, (*way.words(name, laid), _more(step))))
        listed.append(_listed(row, organs, places.get(name, Place()), about, away))
    return drawn_flow(laid, places, listed, passed=way.passed)


def _by_itself(node: Node) -> str:
    """What an element is that nobody's step is: a rule, a message or signal waited for or told; "" for others."""
    kind = node.kind.value
    if kind == "rule":
        return _("自动判定")
    if node.occasion == "signal":
        return _("自动告诉其他事项") if kind == "throw" else _("等其他事项的消息")
    if node.occasion != "message":
        return ""
    return _("自动告诉您") if kind in ("send", "throw") else _("等来件")


def passed_by(way: Way | None) -> dict[str, Place]:
    """The places of what nobody does with these answers."""
    states = way.states if way else {}
    gone = Place("skipped", _("不用办"), _("不用办"))
    return {name: gone for name, state in states.items() if state == "skipped"}


def _more(step: Step) -> str:
    return _("，").join(filter(None, (signed_by(step), elsewhere(step))))


def signed_by(step: Step) -> str:
    """How many posts sign a step, and how; "" for one post alone."""
    words = {
        "all": _("由%(count)d个岗位会签"),
        "any": _("%(count)d个岗位中的一个签署"),
        "votes": _("%(count)d个岗位票签，%(votes)d票同意通过"),
        "turn": _("%(count)d个岗位依次签署"),
    }.get(step.sign, "")
    return words % {"count": len(step.signers) + 1, "votes": step.votes} if words else ""


def elsewhere(step: Step) -> str:
    """Where a step is done that is not done here, honestly; in guides and on the progress page alike."""
    words = {
        "handed_over": _("转到%(system)s办理，结果会传回来"),
        "assisted": _("工作人员在%(system)s里录入，进度以那里为准"),
        "link": _("在%(system)s办理"),
    }.get(step.where, "")
    return words % {"system": step.system} if words else ""


def to_applicant(item_type: str) -> dict[str, str]:
    """What the list says of receipt, acceptance and delivery, with the law of this type of item."""
    accept, deliver = legal.words("acceptance", item_type), legal.words("delivery", item_type)
    return {
        RECEIVE: _("当场给您《收件凭证》"),
        ACCEPT: _("5个工作日内告诉您受理、要补什么或者不予受理")
        + (f"{_('（')}{accept}{_('）')}" if accept else ""),
        DELIVER: _("决定后10个工作日内送达") + (f"{_('（')}{deliver}{_('）')}" if deliver else ""),
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
    return FlowStep(_("：").join(filter(None, (row.name, about))), place.state, place.note)
