"""联合踏勘: one page of shared findings for all departments that come, with a phone in one hand."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.types import Correction, RecordOf
from mingqu.documents import selectors as kept
from mingqu.documents import services as documents
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.ui.access import staff
from mingqu.workbench.finding_forms import CloseForm, CorrectForm, FindingForm, RemoveForm, VisitorForm
from mingqu.workbench.forms import ActForm
from mingqu.workbench.joint_findings import FindingsPage, findings_page, photo_of
from mingqu.workbench.joint_visits import joint_panel
from mingqu.workbench.views.bundles import WRONG, found_bundle, page_of
from mingqu.workbench.visit_forms import OfficersForm

GET_OR_POST = ["GET", "HEAD", "POST"]


@staff("bundle.see")
@never_cache
@require_http_methods(GET_OR_POST)
def findings(request: Any, number: str, joint_id: UUID) -> HttpResponse:
    """What was found together; POST writes one thing more."""
    page = findings_page(request.actor, found_bundle(request, number), joint_id, request.at)
    form, status = FindingForm(), 200
    if request.method == "POST":
        of = page.record_of()
        if of is None or not page.may_write:
            return _not_now(request, page)
        form, status = FindingForm(request.POST, files=request.FILES), WRONG
        if form.is_valid():
            try:
                services.write_finding(of=of, finding=form.finding(), **_given(request, form))
            except DomainError as refused:
                status = form.tell(refused)
                page = findings_page(request.actor, page.bundle, joint_id, request.at)
            else:
                messages.success(request, f"已写进共同记录：{form.cleaned_data['subject']}。")
                return _back(page)
    context = {"page": page, "form": form, "papers": _papers_of(page)}
    return render(request, "workbench/findings.html", context, status=status)


def _papers_of(page: FindingsPage) -> list[kept.DocumentView]:
    """联合踏勘记录 as it was made when the record was closed and after each correction since, the latest first."""
    closed = page.joint.recorded_at
    if closed is None:
        return []
    made = kept.documents_of(page.bundle.pk)
    return [one for one in reversed(made) if one.kind == "joint_visit_record" and one.requested_at >= closed]


@staff("bundle.correct_finding")
@never_cache
@require_http_methods(GET_OR_POST)
def correct(request: Any, number: str, joint_id: UUID, finding_id: UUID) -> HttpResponse:
    """Another in the place of what stands there."""
    page = findings_page(request.actor, found_bundle(request, number), joint_id, request.at)
    row, of = page.row(finding_id), page.record_of()
    if row is None or of is None or not page.may_correct:
        return _not_now(request, page)
    form, status = CorrectForm(initial=_as_written(page, finding_id)), 200
    if request.method == "POST":
        form, status = CorrectForm(request.POST, files=request.FILES), WRONG
        if form.is_valid():
            try:
                services.correct_finding(
                    of=of,
                    correction=Correction(finding_id, form.finding(), form.cleaned_data["reason"]),
                    **_given(request, form),
                )
            except DomainError as refused:
                status = form.tell(refused)
            else:
                words = (
                    "已更正，引用这一条的部门正在收到消息。"
                    if page.closed
                    else "已更正，签过名的部门要再签。"
                )
                messages.success(request, words)
                return _back(page)
    context = {"page": page, "row": row, "form": form, "remove": None if page.closed else RemoveForm()}
    return render(request, "workbench/finding_correct.html", context, status=status)


@staff("bundle.remove_finding")
@never_cache
@require_POST
def remove(request: Any, number: str, joint_id: UUID, finding_id: UUID) -> HttpResponse:
    page = findings_page(request.actor, found_bundle(request, number), joint_id, request.at)
    row, of = page.row(finding_id), page.record_of()
    if row is None or of is None or not page.may_write:
        return _not_now(request, page)
    form, status = RemoveForm(request.POST), WRONG
    if form.is_valid():
        try:
            services.remove_finding(
                of=of, finding_id=finding_id, reason=form.cleaned_data["reason"], **_given(request, form)
            )
        except DomainError as refused:
            status = form.tell(refused)
        else:
            messages.success(request, f"已撤下：{row.subject}。签过名的部门要再签。")
            return _back(page)
    context = {
        "page": page,
        "row": row,
        "remove": form,
        "form": CorrectForm(initial=_as_written(page, finding_id)),
    }
    return render(request, "workbench/finding_correct.html", context, status=status)


@staff("bundle.see")
@never_cache
@require_GET
def photo(request: Any, number: str, joint_id: UUID, finding_id: UUID) -> HttpResponse:
    """For the departments of the bundle's parts and the lead; the applicant reads the record, which has its digest."""
    found = found_bundle(request, number)
    file_id = photo_of(found, joint_id, finding_id)
    if file_id is None:
        raise NotFound()
    reader = documents.reader_of(request, "bundle.see")
    return documents.file_response(found.pk, file_id, reader=reader, inline=True)


@staff("bundle.sign_findings")
@never_cache
@require_http_methods(GET_OR_POST)
def sign(request: Any, number: str, joint_id: UUID) -> HttpResponse:
    """A department's officers sign what stands in the record."""
    page = findings_page(request.actor, found_bundle(request, number), joint_id, request.at)
    of = page.record_of(request.GET.get("part", ""))
    if of is None or not page.may_write or not page.rows:
        return _not_now(request, page)
    officers = _officers(page, of)
    form, status = OfficersForm(officers=officers), 200
    if request.method == "POST":
        form, status = OfficersForm(request.POST, officers=officers), WRONG
        if form.is_valid():
            try:
                services.sign_findings(of=of, signed=form.signed, **_given(request, form))
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, "本部门已在共同记录上签名。")
                return _back(page)
    name = next(one.part.name for one in page.own if one.part.code == of.part)
    return render(
        request, "workbench/findings_sign.html", {"page": page, "form": form, "name": name}, status=status
    )


@staff("bundle.close_findings")
@never_cache
@require_http_methods(GET_OR_POST)
def close(request: Any, number: str, joint_id: UUID) -> HttpResponse:
    """The applicant's side signs, who did not come is named, and the record is complete."""
    page = findings_page(request.actor, found_bundle(request, number), joint_id, request.at)
    signed = next((one for one in page.own if one.signed), None)
    if signed is None or not page.may_write:
        return _not_now(request, page)
    absent = ",".join(one.part.code for one in page.unsigned)
    form, status = CloseForm(initial={"absent": absent}), 200
    if request.method == "POST":
        form, status = CloseForm(request.POST), WRONG
        if form.is_valid():
            of = RecordOf(page.bundle.pk, joint_id, signed.part.code)
            try:
                services.close_findings(of=of, closing=form.closing, **_given(request, form))
            except DomainError as refused:
                status = form.tell(refused)
            else:
                messages.success(request, "共同记录已完成，正在生成联合踏勘记录。请写本部门的核查结果。")
                return _back(page)
    return render(request, "workbench/findings_close.html", {"page": page, "form": form}, status=status)


@staff("bundle.add_visitor")
@never_cache
@require_POST
def add_visitor(request: Any, number: str) -> HttpResponse:
    """加 a department to the date that stands."""
    return _change_visitors(request, number, adds=True)


@staff("bundle.drop_visitor")
@never_cache
@require_POST
def drop_visitor(request: Any, number: str) -> HttpResponse:
    """减: it is no longer waited for."""
    return _change_visitors(request, number, adds=False)


def _change_visitors(request: Any, number: str, *, adds: bool) -> HttpResponse:
    found = found_bundle(request, number)
    access.require(request.actor, "bundle.add_visitor" if adds else "bundle.drop_visitor", found)
    name = "add_visitor" if adds else "drop_visitor"
    known = joint_panel(request.actor, found, selectors.parts_of(found))
    form = VisitorForm(request.POST, parts=known.addable if adds else known.droppable, adds=adds)
    status = WRONG
    if form.is_valid():
        given = {"bundle_id": found.pk, "part": form.cleaned_data["part"], **_given(request, form)}
        try:
            if adds:
                services.add_visitor(**given)
            else:
                services.drop_visitor(reason=form.cleaned_data["reason"], **given)
        except DomainError as refused:
            status = form.tell(refused)
        else:
            words = "已问这个部门去不去，等它答复。" if adds else "已减去，不再等这个部门。"
            messages.success(request, words)
            return redirect("workbench:bundle", number)
    return page_of(request, found, tried={name: form}, status=status)


def _given(request: Any, form: ActForm) -> dict[str, Any]:
    return {"by": request.actor, "at": request.at, "key": form.command_key}


def _officers(page: FindingsPage, of: RecordOf) -> list[tuple[UUID, str]]:
    answers = selectors.answers_to(page.joint)
    ids = next(one.officer_ids for one in answers if one.part == of.part)
    names = identity.names_of(ids)
    return [(one, names.get(one, "")) for one in ids]


def _as_written(page: FindingsPage, finding_id: UUID) -> dict[str, Any]:
    found = selectors.findings_of(page.bundle.pk, page.joint.id)
    one = next(one for one in found if one.id == finding_id)
    amount = None if one.amount is None else f"{one.amount.normalize():f}"
    return {"subject": one.subject, "text": one.text, "amount": amount, "unit": one.unit}


def _back(page: FindingsPage) -> HttpResponse:
    return redirect("workbench:findings", page.bundle.number, page.joint.id)


def _not_now(request: Any, page: FindingsPage) -> HttpResponse:
    messages.error(
        request,
        "现在不能这样做：共同记录已经完成、那一条已由他人改过、还没有到约定的日子，或者约定的人员里没有您。下面是现在的情况。",
    )
    return _back(page)
