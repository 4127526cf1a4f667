"""存量证照: upload a table, read its quality report, look at a sample, confirm, follow, undo."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from mingqu.certificates import rules
from mingqu.certificates.errors import CertificateTypeUnknown
from mingqu.certificates.forms import ConfirmForm, KeyForm, TableForm, UndoForm
from mingqu.certificates.imports import commands, questions, report, undoing, writing
from mingqu.certificates.models import ImportBatch
from mingqu.identity import selectors as identity
from mingqu.kernel import second_person
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import id_or_none, new_id
from mingqu.kernel.second_person import DeedReasonMissing
from mingqu.kernel.tables import FILE_BYTES, XLSX
from mingqu.ui.access import staff

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
State = ImportBatch.State


@staff("certificate.import")
@never_cache
@require_http_methods(GET_OR_POST)
def batches(request: Any) -> HttpResponse:
    """The batches, and the way to bring another one."""
    form, status = TableForm(initial={"key": new_id()}), 200
    if request.method == "POST":
        form, status = TableForm(request.POST, request.FILES), WRONG
        if form.is_valid():
            given = form.cleaned_data
            try:
                taken = commands.upload(
                    name=given["file"].name,
                    data=given["file"].read(FILE_BYTES + 1),
                    by=request.actor,
                    at=request.at,
                    key=given["key"],
                )
                return redirect("certificates:import_batch", batch_id=taken.batch_id)
            except DomainError as refused:
                form.add_error("file", refused.message)
                status = refused.status
                form.data = {"key": str(new_id())}
    found, more = questions.batches(request.actor, id_or_none(request.GET.get("before", "")))
    context = {
        "form": form,
        "batches": found,
        "older_url": f"?before={more}" if more else "",
        "newer_url": request.path if request.GET.get("before") else "",
        "types": questions.types(),
        "columns": questions.column_names(),
    }
    return render(request, "certificates/imports.html", context, status=status)


@staff("certificate.import")
@require_GET
def template(request: Any) -> HttpResponse:
    """The table to fill in, with its headers and one example row."""
    kinds = {kind.code: kind for kind in questions.types()}
    code = request.GET.get("type", "") or next(iter(kinds), "")
    if code not in kinds:
        raise CertificateTypeUnknown(code=code[:21])
    kind = kinds[code]
    return _table(
        writing.template(kind.name, rules.read_fields(kind.fields)), f"存量证照模板-{kind.name}.xlsx"
    )


@staff("certificate.import")
@never_cache
@require_safe
def batch(request: Any, batch_id: UUID) -> HttpResponse:
    """How far it is, what was found, and its rows."""
    found = questions.batch(request.actor, batch_id)
    context = _context(found)
    if request.htmx and not request.htmx.boosted:
        return render(request, "certificates/_import_state.html", context)
    kept = context["report"]
    shown = request.GET.get("show", "")
    if shown not in questions.SHOWN:
        shown = "wrong" if kept.wrong else "sample"
    after = request.GET.get("after", "")
    page = questions.rows(found, shown, int(after) if after.isdecimal() and len(after) < 9 else 0)
    context |= _asked(request, found) | {
        "shown": shown,
        "page": page,
        "next_url": f"?show={shown}&after={page.after}" if page.after else "",
        "previous_url": f"?show={shown}" if page.before else "",
        "key": new_id(),
    }
    return render(request, "certificates/import_batch.html", context)


def _context(found: ImportBatch) -> dict[str, Any]:
    kept = report.read_report(found.report, found.total)
    whole = kept.usable if found.state == State.IMPORTING else found.total
    return {
        "batch": found,
        "report": kept,
        "whole": whole,
        "percent": round(100 * found.done / whole) if whole else 100,
        "checked": found.state == State.CHECKED,
        "imported": found.state == State.IMPORTED,
    }


@staff("certificate.import")
@require_POST
def wrong_rows(request: Any, batch_id: UUID) -> HttpResponse:
    """The wrong rows in full, to correct and hand in again; written down, for they leave the house."""
    found = questions.batch(request.actor, batch_id)
    form = KeyForm(request.POST)
    if not form.is_valid():
        return redirect("certificates:import_batch", batch_id=batch_id)
    commands.note_download(batch_id=batch_id, by=request.actor, at=request.at, key=form.cleaned_data["key"])
    data = writing.wrong_rows(found.headers, questions.wrong_rows(found))
    return _table(data, f"待改正-{found.file_name.rsplit('.', 1)[0]}.xlsx")


def _table(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=XLSX)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@staff("certificate.import")
@never_cache
@require_http_methods(GET_OR_POST)
def confirm(request: Any, batch_id: UUID) -> HttpResponse:
    """The sample once more, and the last question."""
    found = questions.batch(request.actor, batch_id)
    form, status = ConfirmForm(initial={"key": new_id()}), 200
    if request.method == "POST":
        form, status = ConfirmForm(request.POST), WRONG
        if form.is_valid():
            try:
                commands.confirm(
                    batch_id=batch_id, by=request.actor, at=request.at, key=form.cleaned_data["key"]
                )
            except DomainError as refused:
                messages.error(request, refused.message)
            return redirect("certificates:import_batch", batch_id=batch_id)
    elif found.state != State.CHECKED:
        return redirect("certificates:import_batch", batch_id=batch_id)
    context = {**_context(found), "form": form, "page": questions.rows(found, "sample")}
    return render(request, "certificates/import_confirm.html", context, status=status)


@staff("certificate.import")
@never_cache
@require_http_methods(GET_OR_POST)
def undo(request: Any, batch_id: UUID) -> HttpResponse:
    """Leave a checked batch, or have an imported one taken back: asked for by one steward, done by another."""
    found = questions.batch(request.actor, batch_id)
    if found.state not in (State.IMPORTED, State.CHECKED):
        return redirect("certificates:import_batch", batch_id=batch_id)
    form, status = UndoForm(initial={"key": new_id()}), 200
    if request.method == "POST":
        form, status = UndoForm(request.POST), WRONG
        if form.is_valid():
            try:
                messages.success(request, _undone(request, found, form))
            except DeedReasonMissing as refused:
                form.add_error("reason", refused.message)
            except DomainError as refused:
                messages.error(request, refused.message)
        if not form.errors:
            return redirect("certificates:import_batch", batch_id=batch_id)
    context = {**_context(found), "form": form}
    return render(request, "certificates/import_undo.html", context | _asked(request, found), status=status)


def _undone(request: Any, found: ImportBatch, form: UndoForm) -> str:
    """Do what the button says; what to tell about it."""
    who = {"batch_id": found.pk, "by": request.actor, "at": request.at, "key": form.cleaned_data["key"]}
    if found.state == State.CHECKED:
        commands.drop(**who)
        return "这一批不导入。"
    match form.cleaned_data["deed"]:
        case "agree":
            undoing.undo(**who)
            return "这一批已经从登记里取出来。"
        case "decline":
            undoing.decline_undo(**who)
            return "这一批留在登记里。"
    undoing.ask_undo(reason=form.cleaned_data["reason"], **who)
    return "已经提出整批撤销，等另一位数据管理人员复核。"


def _asked(request: Any, found: ImportBatch) -> dict[str, Any]:
    """The undo that waits for a second steward, by whom, and whether it is one's own."""
    asked = next(iter(second_person.waiting([undoing.UNDO], found.pk)), None)
    if asked is None:
        return {"asked": None}
    names = identity.names_of([asked.asked_by])
    return {"asked": asked, "asker": names.get(asked.asked_by, ""), "own": asked.asked_by == request.actor.id}
