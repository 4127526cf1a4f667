"""通办代收, after it was received: originals to the other district, notices and the result given out here."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingqu.across import selectors as across
from mingqu.across import services as receiving
from mingqu.across.errors import ReceptionUnknown
from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.errors import NoticeUnknown
from mingqu.cases.services import notices, served
from mingqu.documents import selectors as papers_of
from mingqu.documents import services as documents
from mingqu.hall import selectors as halls
from mingqu.hall import services as hall
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor
from mingqu.ui.access import staff
from mingqu.workbench.forms import ActForm
from mingqu.workbench.paper_forms import KeepForm
from mingqu.workbench.selectors import elsewhere as shown_here
from mingqu.workbench.views.counter import served_of
from mingqu.workbench.views.devices import with_devices
from mingqu.workbench.views.elsewhere import one_shown
from mingqu.workbench.views.window.shared import GET_OR_POST, WRONG
from mingqu.workbench.window_forms import CollectForm


def _filed(request: Any, reception_id: UUID) -> tuple[Any, Any, Actor]:
    """The row, its case, and the clerk as who gives out for the other district. Raises ReceptionUnknown."""
    row = across.reception(request.actor, reception_id)
    if not row.is_filed:
        raise ReceptionUnknown()
    assert row.draft_id is not None
    clerk = receiving.as_giver(row, request.actor)
    return row, cases.case_visible_to_id(clerk, row.draft_id), clerk


@staff("across.receive")
@never_cache
@require_POST
def papers(request: Any, reception_id: UUID) -> HttpResponse:
    """Originals are kept here and go on a slip to the organ that decides."""
    row, case, _clerk = _filed(request, reception_id)
    form = KeepForm([one.name for one in cases.materials_of(case)], request.POST, auto_id="keep_%s")
    status = WRONG
    if form.is_valid():
        try:
            number = receiving.keep_and_send(
                reception_id=row.pk, papers=form.papers, by=request.actor, at=request.at, key=form.command_key
            )
        except DomainError as refused:
            status = form.tell(refused)
        else:
            messages.success(request, "材料交接单已开出。打印出来随材料寄走，对方点数签收以前还算在您手里。")
            return redirect("workbench:paper_slip", number)
    return one_shown(request, row, shown_here.page(request.actor, row, request.at), wrong=form, status=status)


@staff("across.receive")
@never_cache
@require_POST
def arrived(request: Any, reception_id: UUID) -> HttpResponse:
    """到件: the result came from the other district and lies here."""
    row, case, clerk = _filed(request, reception_id)
    form = ActForm(request.POST)
    if form.is_valid():
        try:
            hall.result_arrived(
                case_id=case.pk,
                hall_id=row.hall_id,
                place=request.POST.get("place", "")[:40],
                by=clerk,
                at=request.at,
                key=form.command_key,
            )
        except DomainError as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, "已登记到件，正在通知申请人来领。")
    return redirect("workbench:across_one", reception_id=row.pk)


@staff("across.receive")
@never_cache
@with_devices
@sensitive_post_parameters("signature", "document", "receiver")
@require_http_methods(GET_OR_POST)
def collect(request: Any, reception_id: UUID) -> HttpResponse:
    """The result is given out against signature (送达回证)."""
    row, case, clerk = _filed(request, reception_id)
    lies = halls.results_of([case.pk], legal_day(request.at)).get(case.pk)
    if case.status != "decided" or row.home_gives:
        messages.error(request, "现在没有可以送达的结果。")
        return redirect("workbench:across_one", reception_id=row.pk)
    if lies is None:
        messages.error(request, "结果还没有登记到件：先在这里登记到件，再发给申请人。")
        return redirect("workbench:across_one", reception_id=row.pk)
    form, status = CollectForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                services.deliver_case(
                    case_id=case.pk,
                    served=served_of(form, case.applicant_name),
                    by=clerk,
                    at=request.at,
                    key=form.command_key,
                )
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, "已登记送达，送达回证正在生成。")
                return redirect("workbench:across_one", reception_id=row.pk)
    context = {
        "form": form,
        "title": f"送达：{case.item_name}（{case.handling_item}）",
        "number": case.number,
    }
    context |= {"back": reverse("workbench:across_one", args=[row.pk]), "outcome": case.get_outcome_display()}
    return render(request, "workbench/across_give.html", context, status=status)


@staff("across.receive")
@never_cache
@with_devices
@sensitive_post_parameters("signature", "document", "receiver")
@require_http_methods(GET_OR_POST)
def notice(request: Any, reception_id: UUID, paper_id: UUID) -> HttpResponse:
    """How a notice of the other district reached the applicant here."""
    row, case, clerk = _filed(request, reception_id)
    paper = next((one for one in served.lines(case) if one.paper_id == paper_id), None)
    if paper is None:
        raise NoticeUnknown()
    if not paper.to_serve:
        messages.error(request, "这份文书现在不用登记送达：已经登记过，或者还在生成。")
        return redirect("workbench:across_one", reception_id=row.pk)
    form, status = CollectForm(request.POST or None), 200
    if request.method == "POST":
        status = WRONG
        if form.is_valid():
            try:
                notices.serve_notice(
                    case_id=case.pk,
                    paper_id=paper_id,
                    served=served_of(form, case.applicant_name),
                    by=clerk,
                    at=request.at,
                    key=form.command_key,
                )
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, f"已登记送达：{paper.title}。")
                return redirect("workbench:across_one", reception_id=row.pk)
    context = {"form": form, "title": f"送达：{paper.title}", "number": case.number, "outcome": ""}
    context |= {"back": reverse("workbench:across_one", args=[row.pk])}
    return render(request, "workbench/across_give.html", context, status=status)


@staff("across.receive")
@never_cache
@require_safe
def file(request: Any, reception_id: UUID, file_id: UUID) -> HttpResponse:
    """A paper meant for the applicant, to print and hand out; that it was read is written down."""
    _row, case, _clerk = _filed(request, reception_id)
    found = papers_of.documents_of(case.pk)
    if not any(one.file_id == file_id and shown_here.is_for_her(one.kind) for one in found):
        raise NoticeUnknown()
    reader = documents.reader_of(request, "across.receive")
    return documents.file_response(case.pk, file_id, reader=reader, inline=True)
