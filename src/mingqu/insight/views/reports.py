"""统计报告: the list, one with its text to edit, its files."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.insight import selectors, services, word
from mingqu.insight.forms import ReportForm
from mingqu.insight.models import Report
from mingqu.insight.selectors import ReportView
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.ids import new_id
from mingqu.kernel.tables import XLSX
from mingqu.ui.access import staff
from mingqu.ui.text import zh_day

HEADS = ("指标", "本期", "上期", "环比", "去年同期", "同比")
WRONG = 400


@staff("board.see")
@never_cache
@require_GET
def reports(request: Any) -> HttpResponse:
    kind = request.GET.get("kind", "")
    lines, more = selectors.reports_at_desk(request.actor, kind=kind, after=request.GET.get("after", ""))
    context = {"lines": lines, "more": more, "kind": kind, "kinds": Report.Kind.choices}
    return render(request, "insight/reports.html", context)


@staff("board.see")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Any, report_id: UUID) -> HttpResponse:
    """One report; who may edits its text."""
    shown = selectors.report_at_desk(request.actor, report_id)
    if request.method != "POST":
        return _page(request, shown, _form_of(shown))
    form = ReportForm(request.POST)
    status = WRONG
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.edit_report(
                report=report_id,
                version=given["version"],
                text=given["text"],
                by=request.actor,
                at=request.at,
                key=given["key"],
            )
        except DomainError as refused:
            again = request.POST.copy()
            again["version"], again["key"] = str(shown.version), str(new_id())
            form.add_error("text", refused.message)
            form.data = again
            status = refused.status
        else:
            messages.success(request, "报告文字已保存。")
            return redirect("insight:report", report_id=report_id)
    return _page(request, shown, form, status)


def _form_of(shown: ReportView) -> ReportForm:
    return ReportForm(initial={"key": new_id(), "version": shown.version, "text": shown.text})


def _page(request: Any, shown: ReportView, form: ReportForm, status: int = 200) -> HttpResponse:
    context = {"shown": shown, "form": form, "figures": shown.row.figures, "heads": HEADS}
    return render(request, "insight/report.html", context, status=status)


@staff("statistics.export")
@never_cache
@require_GET
def report_file(request: Any, report_id: UUID, form: str) -> HttpResponse:
    """As Word or Excel; that it was taken stands in the ledger."""
    shown = selectors.report_at_desk(request.actor, report_id)
    if form == "xlsx":
        data = services.report_table(row=shown.row, by=request.actor, at=request.at)
    elif form == "docx":
        services.note_word(row=shown.row, by=request.actor, at=request.at)
        data = _word(shown)
    else:
        raise NotFound()
    answer = HttpResponse(data, content_type=XLSX if form == "xlsx" else word.DOCX)
    row = shown.row
    name = f"{row.get_kind_display()}-{shown.organ}-{row.since:%Y%m%d}-{row.until:%Y%m%d}.{form}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


def _word(shown: ReportView) -> bytes:
    row, figures = shown.row, shown.row.figures
    parts = [
        word.title(f"政务服务统计{row.get_kind_display()}"),
        word.paragraphs(f"{shown.organ}　{zh_day(row.since)}至{zh_day(row.until)}"),
        word.paragraphs(shown.text),
        word.heading("指标"),
        word.table(HEADS, figures["lines"]),
    ]
    for words, table in figures["tables"]:
        parts += [word.heading(f"按{words}"), word.table((words, *figures["heads"]), table)]
    return word.document(parts)
