"""The result counter (出件): what waits to be collected, and handing it out with 送达回证 (行政许可法 44)."""

import io
from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.announcing import selectors as announcing
from mingqu.cases.types import Served
from mingqu.documents import services as documents
from mingqu.hall import selectors as halls
from mingqu.hall import services as hall_services
from mingqu.hall.errors import HallUnknown
from mingqu.identity import services as identity
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff
from mingqu.workbench import services as services_of_desk
from mingqu.workbench.selectors import counter as pages
from mingqu.workbench.services import note_search
from mingqu.workbench.views.devices import with_devices
from mingqu.workbench.window_forms import ArrivalForm, CollectForm, CounterSearchForm, TakeBackForm

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHELF = "workbench_counter_shelf"  # session: hall and shelf of the last result registered
ON_PAPER = "在纸质送达回证上签名"


@staff("case.deliver")
@never_cache
@sensitive_post_parameters("number")
@require_http_methods(GET_OR_POST)
def counter(request: Any) -> HttpResponse:
    """Oldest first; found by case number or citizen number, which are only posted."""
    form, found, status = CounterSearchForm(request.POST or None), None, 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                found, status = _found(request, form.cleaned_data["number"]), 200
            except DomainError as refused:
                form.add_error("number", refused.message)
                status = refused.status
    return _counter(request, form=form, found=found, status=status)


def _counter(
    request: Any,
    *,
    form: CounterSearchForm,
    found: list[pages.Lying] | None = None,
    arrival: ArrivalForm | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = request.GET.get("list", "")
    shown = shown if shown in pages.LISTS else "all"
    whose = _whose(request.GET)
    page = pages.counter(
        request.actor, request.at, shown=shown, whose=whose, after=request.GET.get("after", "")
    )
    days = halls.setting("uncollected_days")
    context = {
        "page": page,
        "form": form,
        "found": found,
        "tabs": [
            (code, words if code != "longest" else f"超过{days}天没有来领")
            for code, words in pages.LISTS.items()
        ],
        "counters": halls.result_counters(request.actor) if page.shown in pages.AT_COUNTER else [],
        "own_post": request.actor.post_id,
        "arrival": arrival or _arrival(request),
        "days": days,
        "next_url": _next(page),
        "key": new_id(),
        "today": legal_day(request.at),
    }
    return render(request, "workbench/counter.html", context, status=status)


def _whose(given: Any) -> UUID | None:
    """The post whose counter alone is looked at; None: every counter, also for what is no post."""
    try:
        return UUID(given.get("counter", ""))
    except ValueError:
        return None


def _arrival(request: Any, data: Any = None) -> ArrivalForm | None:
    """None for who registers no results, or where there is no hall. Hall and shelf are remembered in the session."""
    if not access.may(request.actor, "result.arrive"):
        return None
    found = [(str(one.pk), one.name) for one in halls.halls_for_results(request.actor)]
    if not found:
        return None
    kept = request.session.get(SHELF, {})
    return ArrivalForm(
        found, data, initial={"hall": kept.get("hall") or found[0][0], "place": kept.get("place", "")}
    )


@staff("result.arrive")
@never_cache
@require_POST
def arrived(request: Any) -> HttpResponse:
    """One result after the other by the scanner; refused, the page comes back with what was typed."""
    form = _arrival(request, request.POST)
    if form is None:
        raise HallUnknown()
    if not form.is_valid():
        return _counter(request, form=CounterSearchForm(), arrival=form, status=WRONG)
    given = form.cleaned_data
    request.session[SHELF] = {"hall": str(given["hall"]), "place": given["place"]}
    try:
        case = cases.case_visible_to(request.actor, given["number"])
        hall_services.result_arrived(
            case_id=case.pk,
            hall_id=given["hall"],
            place=given["place"],
            by=request.actor,
            at=request.at,
            key=uuid5(form.command_key, given["number"]),
        )
    except DomainError as refused:
        refused.field = refused.field or "number"
        return _counter(request, form=CounterSearchForm(), arrival=form, status=form.tell(refused))
    messages.success(request, f"已登记到件：{case.item_name}，{given['number']}。正在通知申请人来领。")
    return redirect("workbench:counter")


@staff("result.take_back")
@never_cache
@require_POST
def take_back(request: Any, number: str) -> HttpResponse:
    """到件 registered by mistake."""
    case = cases.case_visible_to(request.actor, number)
    form = TakeBackForm(request.POST, auto_id="back_%s")
    if form.is_valid():
        try:
            hall_services.take_result_back(
                case_id=case.pk,
                reason=form.cleaned_data["reason"],
                by=request.actor,
                at=request.at,
                key=form.command_key,
            )
        except DomainError as refused:
            form.tell(refused)
        else:
            messages.success(request, "已撤销到件登记，正在通知申请人先不要来。")
            return redirect("workbench:counter")
    return _collect(request, case, CollectForm(), status=WRONG, wrong=form)


@staff("case.deliver")
@never_cache
@require_POST
def export(request: Any) -> HttpResponseBase:
    """The list that is open, as a file; that it was taken is written down."""
    shown = request.POST.get("list", "")
    shown = shown if shown in pages.LISTS else "all"
    made = services_of_desk.export_counter(
        tab=pages.LISTS[shown],
        rows=pages.counter_rows(request.actor, request.at, shown, _whose(request.POST)),
        by=request.actor,
        at=request.at,
    )
    name = f"出件-{pages.LISTS[shown]}-{legal_day(request.at):%Y%m%d}.xlsx"
    return FileResponse(io.BytesIO(made), as_attachment=True, filename=name, content_type=XLSX)


def _found(request: Any, number: str) -> list[pages.Lying]:
    """That somebody was looked for by a citizen number is written down, as at the desk. Raises TooManyAttempts."""
    if not pages.is_citizen_number(number):
        return pages.found(request.actor, number, request.at)
    identity.count_search(request.actor, request.at)
    rows = pages.found(request.actor, number, request.at)
    note_search(citizen_number=number, phone="", found=len(rows), by=request.actor, at=request.at)
    return rows


def _next(page: pages.CounterPage) -> str:
    if not page.next_after:
        return ""
    more = f"&list={page.shown}" if page.shown != "all" else ""
    more += f"&counter={page.whose}" if page.whose else ""
    return f"{reverse('workbench:counter')}?after={page.next_after}{more}"


@staff("case.deliver")
@never_cache
@with_devices
@sensitive_post_parameters("signature", "document", "receiver")
@require_http_methods(GET_OR_POST)
def deliver(request: Any, number: str) -> HttpResponse:
    """Who took it, how, with what proof; refused, the page comes back with what was typed."""
    case = cases.case_visible_to(request.actor, number)
    if "case.deliver" not in cases.actions_now(request.actor, case):
        messages.error(request, "现在没有可以送达的结果。下面是这件申请现在的情况。")
        return redirect("workbench:case", number)
    form, status = CollectForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                _deliver(request, case.pk, case.applicant_name, form)
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, "已登记送达，送达回证正在生成。")
                return redirect("workbench:case", number)
    return _collect(request, case, form, status=status)


def _collect(
    request: Any, case: Any, form: CollectForm, *, status: int = 200, wrong: TakeBackForm | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "row": pages.lying(case, request.at),
        "number": case.number,
        "wrong": wrong or TakeBackForm(auto_id="back_%s"),
        "given": wrong,
        "may_send": access.allows(request.actor, "parcel.send", case),
        "to_announce": _to_announce(request, case),
        "by_courier": halls.goes_by_courier(case.pk),
        "may_take_back": access.allows(request.actor, "result.take_back", case),
    }
    return render(request, "workbench/collect.html", context, status=status)


def _to_announce(request: Any, case: Any) -> Any:
    """The paper of the decision, for who may announce it (公告送达)."""
    if not access.allows(request.actor, "case.announce", case):
        return None
    return announcing.decision_to_announce(case)


def _deliver(request: Any, case_id: Any, applicant: str, form: CollectForm) -> None:
    services.deliver_case(
        case_id=case_id,
        served=served_of(form, applicant),
        by=request.actor,
        at=request.at,
        key=form.command_key,
    )


def served_of(form: CollectForm, applicant: str) -> Served:
    """What the clerk filled in, as the command takes it. Raises what is wrong with a drawn signature."""
    given = form.cleaned_data
    own = given["relation"] == "self" and given["way"] != "left"
    return Served(
        way=given["way"],
        receiver=given["receiver"] or (applicant if own else ""),
        relation=given["relation"] if given["way"] != "left" else "",
        address=given["address"],
        proof=given["proof"] or (ON_PAPER if given["on_paper"] else ""),
        document=given["document"],
        reason=given["reason"],
        received_on=given["received_on"],
        drawn=documents.check_signature(given["signature"]),
    )
