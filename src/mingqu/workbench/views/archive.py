"""归档清单 by days, organ, item, period and package, on a page and as a file; the package of one case."""

import io
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.cases import selectors as cases
from mingqu.cases.archiving import selectors as archiving
from mingqu.cases.archiving import services as packages
from mingqu.cases.archiving.errors import NotArchivedYet
from mingqu.documents import services as documents
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX
from mingqu.ui.access import staff
from mingqu.workbench.archive_book import export_archive
from mingqu.workbench.archive_forms import ArchiveListForm, HandOverArchiveForm, MakeArchiveForm
from mingqu.workbench.forms import STALE_PAGE, ActForm
from mingqu.workbench.selectors import archive as pages

if TYPE_CHECKING:
    from mingqu.cases.models import Case

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
ZIP = "application/zip"
ARCHIVED = "archived"


@staff("case.keep_archive")
@never_cache
@require_GET
def archive_list(request: Any) -> HttpResponse:
    """The latest first; which papers are missing and how far the package is stand in each line."""
    form = _form(request, request.GET)
    lines, after = pages.archived(request.actor, form.asked, request.GET.get("after", ""))
    kept = [(name, value) for name, value in request.GET.items() if name != "after"]
    context = {
        "form": form,
        "asked": form.asked,
        "lines": lines,
        "kept": urlencode(kept),
        "first": "after" not in request.GET,
        "more": urlencode([*kept, ("after", after)]) if after else "",
        "post": request.post_label,
        "today": legal_day(request.at),
    }
    return render(request, "workbench/archive_list.html", context, status=WRONG if form.errors else 200)


@staff("case.keep_archive")
@never_cache
@require_GET
def archive_export(request: Any) -> HttpResponseBase:
    """The whole list as narrowed; that it was taken is written down."""
    form = _form(request, request.GET)
    asked = form.asked
    if form.errors:
        return redirect("workbench:archive_list")
    made = export_archive(
        rows=pages.every(request.actor, asked), asked=asked, by=request.actor, at=request.at
    )
    name = f"归档清单-{asked.since:%Y%m%d}-{asked.until:%Y%m%d}.xlsx"
    return FileResponse(io.BytesIO(made), as_attachment=True, filename=name, content_type=XLSX)


def _form(request: Any, data: Any) -> ArchiveListForm:
    return ArchiveListForm(data, organs=pages.organs(request.actor), today=legal_day(request.at))


@staff("case.keep_archive")
@never_cache
@require_http_methods(GET_OR_POST)
def package(request: Any, number: str) -> HttpResponse:
    """What is in the package, what is missing, and the one thing to do next: make, check, hand over."""
    case = cases.case_visible_to(request.actor, number)
    if case.status != ARCHIVED:
        raise NotArchivedYet()
    forms = {
        "make": MakeArchiveForm(initial={"retention": archiving.usual_retention(case)}, prefix="make"),
        "check": ActForm(prefix="check"),
        "hand": HandOverArchiveForm(prefix="hand"),
    }
    if request.method != "POST":
        return _package(request, case, forms)
    deed = next((name for name in forms if name in request.POST), "check")
    form = forms[deed] = type(forms[deed])(request.POST, prefix=deed)
    if not form.is_valid():
        return _package(request, case, forms, wrong=form, status=WRONG)
    try:
        messages.success(request, _done(request, case, deed, form))
    except DomainError as refused:
        return _package(request, case, forms, wrong=form, status=form.tell(refused))
    return redirect("workbench:archive_package", case.number)


def _done(request: Any, case: "Case", deed: str, form: Any) -> str:
    """Does it; what to say about it."""
    by, at, key = request.actor, request.at, form.command_key
    if deed == "make":
        packages.ask_archive(case_id=case.pk, deed=deed, by=by, at=at, key=key, **form.given("retention"))
        return "已开始做包，做好以后在这一页核对。可以先做别的。"
    if deed == "hand":
        packages.hand_over_archive(case_id=case.pk, by=by, at=at, key=key, **form.given("to"))
        return "移交已登记。"
    packages.ask_archive(case_id=case.pk, deed=deed, by=by, at=at, key=key)
    return "已开始核对，结果在这一页。可以先做别的。"


def _package(
    request: Any, case: "Case", forms: dict[str, Any], *, wrong: Any = None, status: int = 200
) -> HttpResponse:
    record, work = archiving.record_of(case), archiving.work_of(case)
    context = {
        **forms,
        "wrong": wrong,
        "line": pages.line_of(case),
        "record": record,
        "work": work,
        "kept": bool(work and work.file_id and record and record.sound is not False),
        "digest": bytes(record.digest).hex() if record else "",
        "take": ActForm(auto_id="take_%s"),
    }
    return render(request, "workbench/archive_package.html", context, status=status)


@staff("case.keep_archive")
@never_cache
@require_POST
def take(request: Any, number: str) -> HttpResponseBase:
    """The package as a file."""
    case = cases.case_visible_to(request.actor, number)
    form = ActForm(request.POST)
    if not form.is_valid():
        messages.error(request, STALE_PAGE)
        return redirect("workbench:archive_package", case.number)
    try:
        made = packages.take_archive(
            case_id=case.pk,
            by=request.actor,
            at=request.at,
            reader=documents.reader_of(request, "case.keep_archive"),
            key=form.command_key,
        )
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect("workbench:archive_package", case.number)
    return FileResponse(io.BytesIO(made), as_attachment=True, filename=f"{case.number}.zip", content_type=ZIP)
