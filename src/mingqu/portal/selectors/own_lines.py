"""One line for each of a person's own cases and bundles: where it is, who has it, what is to be done by when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.cases import selectors as cases
from mingqu.cases.types import Turn
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Deadline, Kind, State
from mingqu.evaluation import selectors as evaluation
from mingqu.identity import selectors as identity
from mingqu.kernel.types import Instant
from mingqu.portal.types import BundleLine, CaseLine
from mingqu.process import selectors as process
from mingqu.process.types import TaskRow
from mingqu.ui import language

_POINTS = {Kind.CORRECTION_NOTICE: "correction", Kind.STATUTORY: "decide", Kind.DELIVERY: "delivery"}
_BUNDLE_TAGS = {"received": "received", "handling": "accepted", "decided": "accepted", "delivered": "done"}


def case_lines(page: Sequence[Any], at: Instant) -> dict[UUID, CaseLine]:
    """Lines with the open steps, the reason of each date and what waits for a rating; four statements at most."""
    ids = [case.pk for case in page]
    if not ids:
        return {}
    tasks = process.open_tasks_of(ids)
    posts = identity.posts_by_code({task.post for line in tasks.values() for task in line})
    organs = {code: post.department.name for code, post in posts.items()}
    why = {root_id: state.binding for root_id, state in clocks.states(ids, at).items()}
    waiting = unrated(page)
    return {case.pk: replace(line(case, tasks, organs, why), to_rate=case.number in waiting) for case in page}


def line(
    case: Any,
    tasks: Mapping[UUID, list[TaskRow]] | None = None,
    organs: Mapping[str, str] | None = None,
    why: Mapping[UUID, Deadline | None] | None = None,
) -> CaseLine:
    """Of a case read with its department and materials; no statement."""
    organ = case.department.name
    deadline = (why or {}).get(case.pk)
    turn = cases.turn_of(case, organ, owed_until=_owed_until(case))
    if case.status == "accepted" and (system := getattr(case, "asked_by", None)):
        turn = cases.asked_by(turn, system)
    return CaseLine(
        number=case.number,
        name=f"{case.item_name}（{case.handling_item}）",
        turn=turn,
        organ=organ,
        asked=_asked(case),
        at_work=tuple(_steps((tasks or {}).get(case.pk, []), organs or {}, organ)),
        why=_why(deadline, case.item_type) if deadline else "",
        late=bool(deadline and deadline.state is State.OVERDUE),
        owes=case.owes and case.status == "accepted",
        party=case.party_name if case.party_id else "",
    )


def unrated(rows: Sequence[Any]) -> set[str]:
    """Numbers of those that may be rated and are not; one statement."""
    due = [case for case in rows if evaluation.may_be_rated(case.status, case.item_type)]
    rated = evaluation.rated(case.pk for case in due) if due else set()
    return {case.number for case in due if case.pk not in rated}


def bundle_line(bundle: Any) -> BundleLine:
    """Of a bundle of `bundles.own_bundles`; no statement."""
    parts = sorted(bundle.parts.all(), key=lambda part: part.position)
    return BundleLine(
        number=bundle.number,
        name=bundle.name,
        turn=bundle_turn(bundle),
        parts=tuple((part.name, part.get_state_display()) for part in parts),
        to_correct=bundle.to_correct,
        owes=bundle.owes and not bundle.to_correct,
        party=bundle.party_name if bundle.party_id else "",
    )


def bundle_turn(bundle: Any) -> Turn:
    """What happens now with a bundle as a whole, who must act, by when."""
    tag, words = _BUNDLE_TAGS.get(bundle.status, "void"), bundle.get_status_display()
    organ, you = bundle.lead.name, cases.YOU
    if bundle.to_correct:
        return Turn(_("请把要补的材料交上来"), you, None, "correct", _("等您补正"))
    if bundle.owes:
        return Turn(_("您承诺补交的材料还没有交齐，请补交"), you, bundle.owed_until, tag, words)
    match bundle.status:
        case "received":
            by = _answer_by(bundle)
            what = _("正在看您的申请，会告诉您是否受理") if by else _("先办排在前面的事项，后面的接着办")
            return Turn(what, organ, by, tag, words)
        case "handling" if answer := _answer_by(bundle):
            return Turn(_("有的事项已经受理，有的还在核对材料"), organ, answer, tag, words)
        case "handling":
            return Turn(_("已经受理，各部门同时在办"), organ, bundle.due_on, tag, words)
        case "decided" if bundle.by_post:
            return Turn(_("结果出来了，会寄到您填的地址，签收以后才算送达"), organ, None, tag, words)
        case "decided" if bundle.delivery_way == "window":
            return Turn(_("结果出来了，请带身份证件到窗口领取"), you, None, tag, words)
        case "decided":
            return Turn(_("各项结果都出来了，正在送达"), organ, None, tag, words)
        case "withdrawn":
            return Turn(_("您已经撤回这件申请"), "", None, tag, words)
    return Turn(_("已经办结，每一项的结果写在里面"), "", None, tag, words)


def _answer_by(bundle: Any) -> date | None:
    """Of the parts that wait for the word whether they are taken, the last day that comes first."""
    waiting = (part.due_on for part in bundle.parts.all() if part.state == "filed")
    return min((day for day in waiting if day), default=None)


def todo_words(case_or_bundle: CaseLine | BundleLine) -> str:
    """What the person must do, in a line that begins a page."""
    name = {"name": case_or_bundle.name}
    if isinstance(case_or_bundle, CaseLine) and case_or_bundle.asked:
        return _("请为“%(name)s”补正%(materials)s") % (name | {"materials": "、".join(case_or_bundle.asked)})
    if case_or_bundle.turn.tag == "correct":
        return _("请为“%(name)s”补要补的材料") % name
    if case_or_bundle.owes:
        return _("请为“%(name)s”补交您承诺过的材料") % name
    return _("“%(name)s”的结果出来了，请带身份证件到窗口领取") % name


def todo_url(case_or_bundle: CaseLine | BundleLine) -> str:
    """Where that is done; for a result at the window, what to know before going."""
    room = "cases" if isinstance(case_or_bundle, CaseLine) else "bundles"
    page = "correction" if case_or_bundle.turn.tag == "correct" else "progress"
    if room == "cases" and case_or_bundle.owes:
        page = "owed"
    return reverse(f"{room}:{page}", args=[case_or_bundle.number])


def _asked(case: Any) -> tuple[str, ...]:
    """What the notice asks for: fields of the form, then materials."""
    fields = (_("申请表里的“%(name)s”") % {"name": name} for name in case.asked_fields)
    return (*fields, *(m.name for m in case.materials.all() if m.state == "asked"))


def _owed_until(case: Any) -> date | None:
    """The next last day of what was promised to follow."""
    days = [m.owed_until for m in case.materials.all() if m.state == "owed" and m.owed_until]
    return min(days, default=None) if case.owes else None


def _steps(tasks: Iterable[TaskRow], organs: Mapping[str, str], organ: str) -> list[str]:
    """Open steps; whose each is, where it is not the organ of the case itself."""
    found = []
    for task in tasks:
        other = organs.get(task.post, organ)
        found.append(task.name if other == organ else f"{task.name}（{other}）")
    return found


def _why(deadline: Deadline, item_type: str) -> str:
    """Why the last day is that day, in a line; day by day it stands on the page of the case."""
    words = {
        "total": deadline.total,
        "unit": language.unit(deadline.total, deadline.counted_in.text),
        "elapsed": deadline.elapsed,
        "left": deadline.remaining,
        "article": cases.legal_words(_POINTS[deadline.kind], item_type) if deadline.kind in _POINTS else "",
    }
    since = {
        Kind.CORRECTION_NOTICE: _("收到材料后%(total)d%(unit)s内告诉您是否受理"),
        Kind.PROMISED: _("承诺受理后%(total)d%(unit)s内作出决定"),
        Kind.STATUTORY: _("受理后%(total)d%(unit)s内作出决定"),
        Kind.DELIVERY: _("决定后%(total)d%(unit)s内送达"),
    }.get(deadline.kind, _("%(total)d%(unit)s")) % words
    if words["article"]:
        since += _("（%(article)s）") % words
    if deadline.overdue_by:
        return since + _("；已经超过%(days)d%(unit)s，您可以打电话催办或者投诉") % {
            "days": deadline.overdue_by,
            "unit": words["unit"],
        }
    if deadline.state is State.OVERDUE:  # no working day has passed since
        return since + _("；这一天已经过了，您可以打电话催办或者投诉")
    return since + _("；已过%(elapsed)d%(unit)s，还剩%(left)d%(unit)s") % words
