"""现场核查: the days ahead, agreeing on one, the page on the spot, the signatures."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.bundles.selectors import AgreedVisit, visits_beside
from mingqu.cases.services.files import Upload
from mingqu.documents import services as documents
from mingqu.documents.services.files import limits
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.ui.access import staff
from mingqu.ui.text import clock_time
from mingqu.workbench import selectors
from mingqu.workbench.forms import ActForm
from mingqu.workbench.visit_forms import MoveForm, PlanForm, SignForm, points_posted

if TYPE_CHECKING:
    from mingqu.cases.models import Case, Visit

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
END = "_end"  # the last field: without it the form arrived only in part
PHOTOS_AT_ONCE = 10


@staff("case.record_visit")
@never_cache
@require_GET
def visits(request: Any) -> HttpResponse:
    """The days ahead: one's own, or the whole department's."""
    own = request.GET.get("whose") != "all"
    page = selectors.visits_page(request.actor, own=own, after=request.GET.get("after", ""), at=request.at)
    query = {"whose": "" if own else "all", "after": page.next_after}
    context = {
        "page": page,
        "own": own,
        "after": request.GET.get("after", ""),
        "next_url": f"?{urlencode({k: v for k, v in query.items() if v})}" if page.next_after else "",
    }
    return render(request, "workbench/visits.html", context)


# Agreeing on a day --------------------------------------------------------------------------------------------


@staff("case.plan_visit")
@never_cache
@require_http_methods(GET_OR_POST)
def plan(request: Any, number: str, task_id: UUID) -> HttpResponse:
    case = cases.case_visible_to(request.actor, number)
    task, officers = selectors.planning_of(case, task_id, request.at)
    beside = visits_beside(case)
    choices: dict[str, Any] = {"officers": officers, "agreed": {one.day for one in beside}}
    choices["law"] = cases.legally_bracketed("two_officers", case.item_type)
    if request.method != "POST":
        proposed = selectors.first_day(request.at, beside) | {
            "place": cases.address_of(case),
            "first": str(request.actor.id),
        }
        form = PlanForm(**choices, initial=proposed)
        return _plan_page(request, case, form, task.name, beside=beside)
    form, status = PlanForm(request.POST, **choices), WRONG
    if form.is_valid():
        try:
            services.plan_visit(
                case_id=case.pk,
                task_id=task_id,
                plan=form.plan,
                by=request.actor,
                at=request.at,
                key=form.command_key,
            )
        except DomainError as refused:
            status = form.tell(refused)
        else:
            messages.success(request, "已约定现场核查，时间、地点和人员正在告诉申请人。")
            return redirect("workbench:case", case.number)
    return _plan_page(request, case, form, task.name, beside=beside, status=status)


@staff("case.plan_visit")
@never_cache
@require_http_methods(GET_OR_POST)
def move(request: Any, number: str, visit_id: UUID) -> HttpResponse:
    case, visit = _found(request, number, visit_id)
    if visit.state != "planned":
        return _not_now(request, case)
    task, officers = selectors.planning_of(case, visit.task_id, request.at)
    beside = visits_beside(case)
    choices: dict[str, Any] = {"officers": officers, "agreed": {one.day for one in beside}}
    choices["law"] = cases.legally_bracketed("two_officers", case.item_type)
    if request.method != "POST":
        first, second = (*map(str, visit.officer_ids), "", "")[:2]
        proposed = {
            "day": visit.wish_on or selectors.first_day(request.at)["day"],
            "hour": clock_time(visit.planned_for),
            "place": visit.place,
            "note": visit.note,
            "first": first,
            "second": second,
            "reason": "申请人请求改期" if visit.wished_at else "",
        }
        form = MoveForm(**choices, initial=proposed)
        return _plan_page(request, case, form, task.name, visit=visit, beside=beside)
    form, status = MoveForm(request.POST, **choices), WRONG
    if form.is_valid():
        try:
            services.move_visit(
                case_id=case.pk,
                visit_id=visit_id,
                plan=form.plan,
                reason=form.cleaned_data["reason"],
                by=request.actor,
                at=request.at,
                key=form.command_key,
            )
        except DomainError as refused:
            status = form.tell(refused)
        else:
            messages.success(request, "已改期，新的时间正在告诉申请人。")
            return redirect("workbench:case", case.number)
    return _plan_page(request, case, form, task.name, visit=visit, beside=beside, status=status)


def _plan_page(
    request: Any,
    case: "Case",
    form: PlanForm,
    step: str,
    *,
    visit: "Visit | None" = None,
    beside: list[AgreedVisit],
    status: int = 200,
) -> HttpResponse:
    context = {"case": case, "form": form, "step": step, "visit": visit, "beside": beside}
    return render(request, "workbench/visit_plan.html", context, status=status)


# On the spot --------------------------------------------------------------------------------------------------


@staff("case.record_visit")
@never_cache
@require_http_methods(GET_OR_POST)
def spot(request: Any, number: str, visit_id: UUID) -> HttpResponse:
    """The checklist and the photos; each line is kept as soon as it is answered. POST keeps what the page sent."""
    case, visit = _found(request, number, visit_id)
    if request.method == "POST":
        return _keep(request, case, visit)
    if visit.state != "planned" or request.actor.id not in visit.officer_ids:
        return _not_now(request, case)
    return _spot_page(request, case, visit)


def _spot_page(
    request: Any, case: "Case", visit: "Visit", *, errors: list[str] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "spot": selectors.spot(case, visit, request.at),
        "key": new_id(),
        "errors": errors or [],
        "states": [("met", "符合"), ("not_met", "不符合"), ("na", "不涉及")],
    }
    return render(request, "workbench/visit_spot.html", context, status=status)


def _keep_points(request: Any, case: "Case", visit: "Visit") -> None:
    codes = [point.code for point in cases.checklist_of(case, visit).points]
    if given := points_posted(request.POST, codes):
        # No key of the page: keeping the same line twice is the same.
        services.save_visit(
            case_id=case.pk, visit_id=visit.id, points=given, by=request.actor, at=request.at, key=new_id()
        )


def _keep(request: Any, case: "Case", visit: "Visit") -> HttpResponse:
    _keep_points(request, case, visit)
    if request.htmx:
        now = cases.visit_of(case, visit.id)
        context = {"at": request.at, "spot": selectors.spot(case, now, request.at)}
        return render(request, "workbench/_visit_saved.html", context)
    messages.success(request, f"已保存，{clock_time(request.at)}。")
    onward = "workbench:visit_sign" if "sign" in request.POST else "workbench:visit"
    return redirect(onward, case.number, visit.id)


@staff("case.record_visit")
@never_cache
@require_POST
def photos(request: Any, number: str, visit_id: UUID) -> HttpResponse:
    """Photos from the camera, with lines not kept yet; a bad photo takes none of the others with it."""
    case, visit = _found(request, number, visit_id)
    _keep_points(request, case, visit)
    taken = request.FILES.getlist("files")[:PHOTOS_AT_ONCE]
    errors = [] if END in request.POST else ["照片没有传完整，可能是网络断了，请再传一次。"]
    if not errors and not taken:
        errors.append("还没有选择照片。请先拍照，再点“上传照片”。")
    if not errors:
        for file in taken:
            upload = Upload(str(file.name), file.read(limits().file_bytes + 1))
            try:
                services.add_visit_photos(
                    case_id=case.pk,
                    visit_id=visit.id,
                    uploads=[upload],
                    by=request.actor,
                    at=request.at,
                    key=new_id(),
                )
            except DomainError as refused:
                errors.append(refused.message)
    if errors:
        again = cases.visit_of(case, visit.id)
        if again.state != "planned" or request.actor.id not in again.officer_ids:
            return _not_now(request, case)
        return _spot_page(request, case, again, errors=errors, status=WRONG)
    messages.success(request, f"已收到{len(taken)}张照片。")
    return redirect(f"{reverse('workbench:visit', args=[case.number, visit.id])}#photos")


@staff("case.record_visit")
@never_cache
@require_POST
def remove_photo(request: Any, number: str, visit_id: UUID, photo_id: UUID) -> HttpResponse:
    case, visit = _found(request, number, visit_id)
    _keep_points(request, case, visit)
    form = ActForm(request.POST)
    if form.is_valid():
        services.remove_visit_photo(
            case_id=case.pk,
            visit_id=visit.id,
            photo_id=photo_id,
            by=request.actor,
            at=request.at,
            key=form.command_key,
        )
        messages.success(request, "已撤下这张照片。")
    return redirect(f"{reverse('workbench:visit', args=[case.number, visit.id])}#photos")


@staff("case.see")
@never_cache
@require_GET
def photo(request: Any, number: str, visit_id: UUID, photo_id: UUID) -> HttpResponse:
    """One photo, for the departments that visit and decide; for all others it does not exist."""
    case, visit = _found(request, number, visit_id)
    file_id = selectors.photo_file(request.actor, case, visit, photo_id)
    reader = documents.reader_of(request, "case.see")
    return documents.file_response(case.pk, file_id, reader=reader, inline=True)


@staff("case.record_visit")
@never_cache
@require_http_methods(GET_OR_POST)
def sign(request: Any, number: str, visit_id: UUID) -> HttpResponse:
    """The result and the signatures; with them the record is closed."""
    case, visit = _found(request, number, visit_id)
    if visit.state != "planned" or request.actor.id not in visit.officer_ids:
        return _not_now(request, case)
    found = selectors.spot(case, visit, request.at)
    if request.method != "POST":
        began = found.looked_at or found.began_at or request.at
        initial = {"outcome": "" if found.left else found.computed, "began": clock_time(began)}
        return _sign_page(request, found, SignForm(spot=found, initial=initial))
    form, status = SignForm(request.POST, spot=found), WRONG
    if form.is_valid():
        try:
            done = services.record_visit(
                case_id=case.pk,
                visit_id=visit.id,
                record=form.record(request.at),
                by=request.actor,
                at=request.at,
                key=form.command_key,
            )
        except DomainError as refused:
            status = form.tell(refused)
        else:
            again = done.outcome == "again"
            words = "整改要求正在告诉申请人，请约定复查时间。" if again else "这个环节已办完。"
            messages.success(request, f"核查记录已完成，正在生成文书。{words}")
            return redirect("workbench:case", case.number)
    return _sign_page(request, found, form, status=status)


def _sign_page(request: Any, found: Any, form: SignForm, *, status: int = 200) -> HttpResponse:
    return render(request, "workbench/visit_sign.html", {"spot": found, "form": form}, status=status)


def _found(request: Any, number: str, visit_id: UUID) -> "tuple[Case, Visit]":
    """Raises CaseUnknown, VisitGone."""
    case = cases.case_visible_to(request.actor, number)
    return case, cases.visit_of(case, visit_id)


def _not_now(request: Any, case: "Case") -> HttpResponse:
    messages.error(
        request, "这次现场核查已由他人记录、改期或者取消，或者约定的人员里没有您。下面是现在的情况。"
    )
    return redirect("workbench:case", case.number)
