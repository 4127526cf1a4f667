"""Bundles (一件事) at the desk: what waits, one bundle with all its parts, and what is done to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.cases import selectors as cases
from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.selectors import timetable, to_deliver
from mingqu.cases.bundles.selectors.drawing import look
from mingqu.cases.services import served
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.documents import selectors as documents
from mingqu.documents import services as papers
from mingqu.exchange import selectors as exchange
from mingqu.exchange.types import HandoverView
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.legal_day import legal_day
from mingqu.notifications import selectors as notifications
from mingqu.ui.access import staff
from mingqu.workbench.bundle_forms import (
    BundleCorrectionForm,
    PartsForm,
    PointsForm,
    ResultForm,
    SubjectForm,
)
from mingqu.workbench.forms import ActForm, ExtendForm
from mingqu.workbench.joint_visits import JointPanel, date_form, joint_panel
from mingqu.workbench.views.counter import served_of
from mingqu.workbench.visit_forms import DateForm
from mingqu.workbench.window_forms import CollectForm

if TYPE_CHECKING:
    from mingqu.cases.models import Bundle, BundlePart

WRONG = 400
TABS = {
    "open": ("正在办", ("received", "handling")),
    "decided": ("待送达", ("decided",)),
    "done": ("已办结", ("delivered", "withdrawn")),
}
MARKS = {
    "correction": "correct",
    "accepted": "accepted",
    "outside": "accepted",
    "granted": "done",
    "not_required": "done",
    "refused": "refused",
    "not_accepted": "refused",
    "withdrawn": "void",
    "terminated": "void",
    "skipped": "void",
}


@staff("bundle.see")
@never_cache
@require_GET
def bundles(request: Any) -> HttpResponse:
    """What waits, the earliest limit first."""
    tab = request.GET.get("tab", "open")
    tab = tab if tab in TABS else "open"
    found = selectors.worklist(request.actor, statuses=TABS[tab][1])
    rows = [
        {
            "bundle": one,
            "limits": selectors.limits(one, parts),
            "marks": [part_mark(part) for part in parts],
        }
        for one in found
        for parts in [sorted(one.parts.all(), key=lambda p: p.position)]
    ]
    context = {"rows": rows, "tab": tab, "tabs": [(key, words) for key, (words, _) in TABS.items()]}
    return render(request, "workbench/bundles.html", context)


@staff("bundle.see")
@never_cache
@require_GET
def bundle(request: Any, number: str) -> HttpResponse:
    return page_of(request, found_bundle(request, number))


@dataclass(frozen=True)
class Standing:
    """A bundle as its page shows it, read once."""

    actor: Any
    bundle: "Bundle"
    parts: list["BundlePart"]
    at: Any

    @cached_property
    def points(self) -> list[selectors.PartPoints]:
        return selectors.points_of(self.parts, self.actor)

    @cached_property
    def joint(self) -> JointPanel:
        return joint_panel(self.actor, self.bundle, self.parts)

    @classmethod
    def of(cls, request: Any, bundle: "Bundle") -> "Standing":
        return cls(request.actor, bundle, selectors.parts_of(bundle), request.at)


@dataclass(frozen=True)
class Act:
    """One deed on a bundle: its permission, its form, the command, and what is said when it is done."""

    action: str
    form: Callable[[Standing, Any], ActForm]
    run: Callable[[Any, "Bundle", Any], object]
    done: str


def _accept(request: Any, found: "Bundle", form: PartsForm) -> object:
    return services.accept_bundle(parts=form.cleaned_data["parts"], **given(request, found, form))


def _correct(request: Any, found: "Bundle", form: BundleCorrectionForm) -> object:
    return services.ask_bundle_correction(asked=form.asked, **given(request, found, form))


def _record(request: Any, found: "Bundle", form: ResultForm) -> object:
    code = request.POST.get("part", "")
    return services.record_result(code=code, result=form.result, **given(request, found, form))


def _bind(request: Any, found: "Bundle", form: SubjectForm) -> object:
    return services.bind_subject(**form.given("credit_code", "name"), **given(request, found, form))


def _extend(request: Any, found: "Bundle", form: ExtendForm) -> object:
    return services.extend_bundle(**form.given("limit", "reason"), **given(request, found, form))


def _propose(request: Any, found: "Bundle", form: DateForm) -> object:
    return services.propose_visit(date=form.date, **given(request, found, form))


def _extend_form(known: Standing, data: Any) -> ExtendForm:
    most = catalogue.document(known.bundle.revision_id).limit.extension
    form = ExtendForm(data, most=most, unit="个工作日")
    law = cases.legally_of_several("joint", selectors.licences(known.parts))
    form.fields["reason"].help_text = f"会原样告知申请人{law}。"
    return form


def given(request: Any, found: "Bundle", form: ActForm) -> dict[str, Any]:
    return {"bundle_id": found.pk, "by": request.actor, "at": request.at, "key": form.command_key}


def _received(parts: list["BundlePart"]) -> list["BundlePart"]:
    return [part for part in parts if part.state == "filed" and not part.pending]


def _parts_form(known: Standing, data: Any) -> PartsForm:
    wrong = {one.part.code for one in known.points if one.lines}
    received = [(part.code, part.name) for part in _received(known.parts)]
    return PartsForm(data, received=received, wrong=wrong)


def _correction_form(known: Standing, data: Any) -> BundleCorrectionForm:
    return BundleCorrectionForm(data, points=known.points)


def _result_form(known: Standing, data: Any) -> ResultForm:
    outside = next((part for part in known.parts if part.state == "outside"), None)
    brings = bool(outside and catalogue.document(known.bundle.revision_id).part(outside.code).brings)
    return ResultForm(data, brings=brings)


ACTS: dict[str, Act] = {
    "acceptance": Act("bundle.accept", _parts_form, _accept, "正在受理，受理通知书合成一份发给申请人。"),
    "correction": Act(
        "bundle.ask_correction", _correction_form, _correct, "正在告知补正，各事项合成一份告知书。"
    ),
    "result": Act("bundle.record_result", _result_form, _record, "已登记结果，排在后面的事项正在提交。"),
    "subject": Act(
        "bundle.bind_subject", lambda known, data: SubjectForm(data), _bind, "已登记统一社会信用代码。"
    ),
    "extension": Act(
        "bundle.extend",
        _extend_form,
        _extend,
        "一并办理的期限已延长，延期告知书正在生成并发给申请人。",
    ),
    "visit": Act(
        "bundle.propose_visit",
        lambda known, data: date_form(known.joint, data, known.at),
        _propose,
        "已把这个时间提给各部门，等它们答复。",
    ),
}


def act_of(name: str) -> Callable[..., HttpResponse]:
    """The view of one deed; refused, the page comes back with the reason and with what was typed."""
    chosen = ACTS[name]

    @staff(chosen.action)
    @never_cache
    @require_POST
    def view(request: Any, number: str) -> HttpResponse:
        found = found_bundle(request, number)
        access.require(request.actor, chosen.action, found)
        form = chosen.form(Standing.of(request, found), request.POST)
        status = WRONG
        if form.is_valid():
            try:
                chosen.run(request, found, form)
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, chosen.done)
                return redirect("workbench:bundle", found.number)
        return page_of(request, found_bundle(request, number), tried={name: form}, status=status)

    return view


@staff("bundle.deliver")
@never_cache
@sensitive_post_parameters("signature", "document", "receiver")
@require_http_methods(["GET", "HEAD", "POST"])
def deliver(request: Any, number: str) -> HttpResponse:
    """统一送达: who took all results, how, with what proof; refused, the page comes back with what was typed."""
    found = found_bundle(request, number)
    if "bundle.deliver" not in selectors.actions_now(request.actor, found):
        messages.error(request, "现在没有可以统一送达的结果。下面是这件“一件事”现在的情况。")
        return redirect("workbench:bundle", number)
    form, status = CollectForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                services.deliver_bundle(
                    served=served_of(form, found.applicant_name), **given(request, found, form)
                )
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, "已统一送达，每个事项各留送达回证。")
                return redirect("workbench:bundle", number)
    parts = [part for part in selectors.parts_of(found) if to_deliver(part)]
    rows = [{**part_mark(part), "ready": part.paper_ready} for part in parts]
    context = {"form": form, "bundle": found, "rows": rows, "ready": all(part.paper_ready for part in parts)}
    return render(request, "workbench/bundle_collect.html", context, status=status)


def found_bundle(request: Any, number: str) -> "Bundle":
    return selectors.bundle_visible_to(request.actor, number)


def page_of(
    request: Any, found: "Bundle", *, tried: dict[str, ActForm] | None = None, status: int = 200
) -> HttpResponse:
    known, tried = Standing.of(request, found), tried or {}
    parts = known.parts
    allowed = selectors.actions_now(request.actor, found)
    possible = _possible(found, parts, known.joint)
    forms = {
        name: tried.get(name) or one.form(known, None)
        for name, one in ACTS.items()
        if (one.action in allowed and name in possible) or name in tried
    }
    joint = known.joint.with_tried(tried)
    names = {part.code: part.name for part in parts}
    seen = look(found, parts, request.at, to_staff=True)
    standing, points = seen.standing, _points(known, tried)
    away = exchange.views_of(found.pk) if any(part.is_outside for part in parts) else {}
    own_papers = documents.documents_of(found.pk)
    context = {
        "bundle": found,
        "served": served.lines_of_bundle(found, own_papers),
        "may_serve": access.allows(request.actor, "bundle.serve", found),
        "told": notifications.told_about([found.applicant_id], found.pk),
        "rows": [
            {
                **part_mark(part, standing.get(part.code)),
                "part": part,
                "standing": standing.get(part.code),
                "away": away.get(part.code),
                "after": [names[code] for code in part.after],
            }
            for part in parts
        ],
        "timetable": seen.times,
        "seen": seen,
        "today": legal_day(request.at),
        "limits": selectors.limits(found, parts),
        **points,
        "law": cases.legally_of_several("joint", selectors.licences(known.parts)),
        "forms": forms,
        "joint": joint,
        "visitor_forms": joint.changes(allowed, tried),
        "records": selectors.joint_records(found),
        "todo": _todo(forms, points, joint, "bundle.deliver" in allowed, others=_with_others(parts, away)),
        "may_see_exchange": access.may(request.actor, "exchange.see"),
        "tried": next(iter(tried.values()), None),
        "outside": next((part for part in parts if part.state == "outside"), None),
        "papers": own_papers,
        "rule": catalogue.document(found.revision_id),
        "owed": selectors.owed_materials(parts),
        "visits": selectors.agreed_visits(parts),
        "deliverable": "bundle.deliver" in allowed,
    }
    return render(request, "workbench/bundle.html", context, status=status)


def _todo(
    forms: dict[str, ActForm], points: dict[str, Any], joint: JointPanel, deliverable: bool, *, others: bool
) -> tuple[str, date | None] | None:
    """The first line of the page for whoever must act: what, and by when. `others`: systems tell their results."""
    if "result" in forms and not others:
        return "登记外部系统的结果，排在后面的事项才能开始", None
    if "acceptance" in forms:
        return "受理，或者把要补的一次告知申请人", points["tell_by"]
    own = [row["of"] for row in points["points"] if row["form"] and row["of"].said_at is None]
    if own:
        until = min((one.until for one in own if one.until), default=None)
        return "说本部门事项的材料要补什么，或者材料齐全", until
    if joint.own and joint.proposal:
        return "答复现场核查的时间", legal_day(joint.proposal.planned_for)
    if joint.declined and "visit" in forms:
        return "有部门去不了，请另提一个现场核查的时间", None
    return ("把各项结果统一送达申请人", None) if deliverable else None


def _with_others(parts: list["BundlePart"], away: dict[str, HandoverView]) -> bool:
    """Whether every part that is outside lies with a system that tells us by itself, and nothing is wrong there."""
    outside = [away.get(part.code) for part in parts if part.state == "outside"]
    return bool(outside) and all(one and one.connected and not one.needs for one in outside)


def _points(known: Standing, tried: dict[str, ActForm]) -> dict[str, Any]:
    """What was said of each part before the notice, who is silent, and the forms of the parts one may speak for."""
    points = known.points
    people = identity.names_of(one.said_by for one in points if one.said_by)
    rows = [
        {
            "of": one,
            "who": people.get(one.said_by, "") if one.said_by else "",
            "form": (tried.get(f"points:{one.part.code}") or PointsForm(of=one)) if one.may_say else None,
        }
        for one in points
    ]
    return {
        "points": rows,
        "silent": [one.part for one in points if one.said_at is None],
        "tell_by": min((one.until for one in points if one.until), default=None),
    }


def _possible(found: "Bundle", parts: list["BundlePart"], joint: JointPanel) -> set[str]:
    """What the parts leave to be done now."""
    able = {"extension"} if found.status == "handling" and not found.extended_on else set()
    if _received(parts):
        able |= {"acceptance", "correction"}
    if joint.able:
        able.add("visit")
    if any(part.state == "outside" for part in parts):
        able.add("result")
    elif not found.credit_code and found.party_kind == "firm":
        able.add("subject")
    return able


def part_mark(part: "BundlePart", standing: timetable.Standing | None = None) -> dict[str, Any]:
    if standing and standing.ground:
        return {"name": part.name, "mark": "special", "words": f"{standing.ground}，停算期限"}
    return {
        "name": part.name,
        "mark": MARKS.get(part.state, "received"),
        "words": part.get_pending_display() if part.pending else part.get_state_display(),
    }


@staff("bundle.see")
@never_cache
@require_GET
def paper(request: Any, number: str, file_id: UUID) -> HttpResponse:
    """A paper of the bundle itself: what was handed in for a part is read in its case, by those who see that."""
    found = found_bundle(request, number)
    if all(one.file_id != file_id for one in documents.documents_of(found.pk)):
        raise NotFound()
    reader = papers.reader_of(request, "bundle.see")
    return papers.file_response(found.pk, file_id, reader=reader, inline=True)
