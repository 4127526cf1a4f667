"""统计报告: the list, one with its text to edit and its signature, its files."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.documents import services as documents
from mingqu.documents.types import TablePaper
from mingqu.insight import selectors, services, word
from mingqu.insight.forms import KeyForm, ReopenForm, ReportForm, SignForm
from mingqu.insight.models import Report
from mingqu.insight.selectors import ReportView
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.ids import new_id
from mingqu.kernel.tables import XLSX
from mingqu.ui.access import staff
from mingqu.ui.text import zh_day, zh_moment

HEADS = ("指标", "本期", "上期", "环比", "去年同期", "同比")
WRONG = 400
FILES = {"docx": word.DOCX, "pdf": "application/pdf", "xlsx": XLSX}


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
    """One report; who may edits its text, counts it again, signs it, takes that back."""
    shown = selectors.report_at_desk(request.actor, report_id)
    if request.method != "POST":
        return _page(request, shown)
    name = request.POST.get("act", "edit")
    if name not in DEEDS:
        raise NotFound()
    kind, deed, done = DEEDS[name]
    form, status = kind(request.POST, auto_id=_ids(kind)), WRONG
    if form.is_valid():
        try:
            deed(report_id, form.cleaned_data, request)
        except DomainError as refused:
            form, status = _again(kind, shown, request, refused), refused.status
        else:
            messages.success(request, done)
            return redirect("insight:report", report_id=report_id)
    return _page(request, shown, {name: form}, status)


def _edit(report_id: UUID, given: dict[str, Any], request: Any) -> None:
    services.edit_report(
        report=report_id, version=given["version"], text=given["text"], **_by(request, given)
    )


def _recount(report_id: UUID, given: dict[str, Any], request: Any) -> None:
    services.ask_recount(report=report_id, **_by(request, given))


def _sign(report_id: UUID, given: dict[str, Any], request: Any) -> None:
    read = {"version": given["version"], "counted_at": given["counted"]}
    services.sign_report(report=report_id, **read, **_by(request, given))


def _reopen(report_id: UUID, given: dict[str, Any], request: Any) -> None:
    services.reopen_report(report=report_id, reason=given["reason"], **_by(request, given))


def _by(request: Any, given: dict[str, Any]) -> dict[str, Any]:
    return {"by": request.actor, "at": request.at, "key": given["key"]}


# What a button of the page does: its form, the deed, what is said afterwards.
DEEDS: dict[str, tuple[type[Form], Callable[[UUID, dict[str, Any], Any], None], str]] = {
    "edit": (ReportForm, _edit, "报告文字已保存。"),
    "recount": (KeyForm, _recount, "已开始按现在的数重新计算，算好以后这一页会变。可以先做别的。"),
    "sign": (SignForm, _sign, "已签发。文字和数字不再改动。"),
    "reopen": (ReopenForm, _reopen, "已撤回签发，可以重新计算、编辑，再签发。"),
}


def _again(kind: type[Form], shown: ReportView, request: Any, refused: DomainError) -> Form:
    """The same form with what was typed, of the report as it stands now, and why it was refused."""
    again = request.POST.copy()
    for field, value in _given(shown).items():
        again[field] = value
    form = kind(again, auto_id=_ids(kind))
    form.is_valid()
    form.add_error(
        "text" if kind is ReportForm else "reason" if kind is ReopenForm else None, refused.message
    )
    return form


def _ids(kind: type[Form]) -> str:
    """Four forms on one page: no two fields have one id."""
    return f"id_{kind.__name__.lower()}_%s"


def _given(shown: ReportView) -> dict[str, Any]:
    return {
        "key": str(new_id()),
        "version": str(shown.version),
        "counted": shown.row.counted_at.isoformat(),
    }


def _page(
    request: Any, shown: ReportView, forms: Mapping[str, Form] | None = None, status: int = 200
) -> HttpResponse:
    fresh = {
        name: kind(initial=_given(shown) | {"text": shown.text}, auto_id=_ids(kind))
        for name, (kind, *_rest) in DEEDS.items()
    }
    form = next(iter((forms or {}).values()), fresh["edit"])
    context = {"shown": shown, "forms": fresh | dict(forms or {}), "form": form}
    return render(
        request,
        "insight/report.html",
        {**context, "figures": shown.row.figures, "heads": HEADS},
        status=status,
    )


@staff("statistics.export")
@never_cache
@require_GET
def report_file(request: Any, report_id: UUID, form: str) -> HttpResponse:
    """As Word, PDF or Excel; that it was taken stands in the ledger."""
    if form not in FILES:
        raise NotFound()
    shown = selectors.report_at_desk(request.actor, report_id)
    if form == "xlsx":
        data = services.report_table(row=shown.row, by=request.actor, at=request.at)
    else:
        services.note_taken(row=shown.row, form=form, by=request.actor, at=request.at)
        data = _word(shown) if form == "docx" else _pdf(shown)
    answer = HttpResponse(data, content_type=FILES[form])
    row = shown.row
    name = f"{row.get_kind_display()}-{shown.organ}-{row.since:%Y%m%d}-{row.until:%Y%m%d}.{form}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


def _pdf(shown: ReportView) -> bytes:
    row, figures = shown.row, shown.row.figures
    tables = [(f"按{words}", (words, *figures["heads"]), table) for words, table in figures["tables"]]
    return documents.table_pdf(
        TablePaper(
            title=f"政务服务统计{row.get_kind_display()}",
            organ=shown.organ,
            under=_days(row),
            text=tuple(shown.text.splitlines()),
            tables=(("指标", HEADS, figures["lines"]), *tables),
            foot=_signed(shown),
            at=row.signed_at or row.counted_at,
        )
    )


def _days(row: Report) -> str:
    return zh_day(row.since) + (f"至{zh_day(row.until)}" if row.until != row.since else "")


def _signed(shown: ReportView) -> str:
    """What stands at the end of a file: signed by whom, or that it is a draft."""
    row = shown.row
    counted = f"数字截至{zh_moment(row.counted_at)}。"
    if row.signed_at is None:
        return f"{counted}草稿，没有签发。"
    return f"{counted}{shown.signer}{zh_moment(row.signed_at)}签发。"


def _word(shown: ReportView) -> bytes:
    row, figures = shown.row, shown.row.figures
    parts = [
        word.title(f"政务服务统计{row.get_kind_display()}"),
        word.paragraphs(f"{shown.organ}　{_days(row)}"),
        word.paragraphs(shown.text),
        word.heading("指标"),
        word.table(HEADS, figures["lines"]),
    ]
    for words, table in figures["tables"]:
        parts += [word.heading(f"按{words}"), word.table((words, *figures["heads"]), table)]
    return word.document([*parts, word.paragraphs(_signed(shown))])
