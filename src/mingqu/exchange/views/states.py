"""States by file: bring one, see how far it is, take the wrong lines home."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingqu.exchange import selectors, services
from mingqu.exchange.forms import FileForm
from mingqu.exchange.models import StatesFile
from mingqu.exchange.states_file import HEADERS
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.tables import FILE_BYTES, XLSX, book
from mingqu.ui.access import staff

WRONG = 400
LINES_SHOWN = 100


@staff("exchange.carry")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def states(request: Any) -> HttpResponse:
    """The files brought so far, and the way to bring another."""
    known = selectors.systems()
    form, status = FileForm(initial={"key": new_id()}, systems=known), 200
    if request.method == "POST":
        form, status = FileForm(request.POST, request.FILES, systems=known), WRONG
        if form.is_valid():
            given = form.cleaned_data
            try:
                file_id = services.take_in(
                    system=given["system"],
                    name=str(given["file"].name),
                    data=given["file"].read(FILE_BYTES + 1),
                    by=request.actor,
                    at=request.at,
                    key=given["key"],
                )
                return redirect("exchange:states_file", file_id=file_id)
            except DomainError as refused:
                form.add_error("file", refused.message)
                status = refused.status
    context = {"form": form, "systems": known, "files": selectors.states_files(request.actor)}
    return render(request, "exchange/states.html", context, status=status)


@staff("exchange.carry")
@never_cache
@require_safe
def states_file(request: Any, file_id: UUID) -> HttpResponse:
    """How far it is, and what is wrong with which line."""
    row = selectors.states_file(request.actor, file_id)
    context = {"file": row, "percent": round(100 * row.done / row.total) if row.total else 0}
    if request.htmx and not request.htmx.boosted:
        return render(request, "exchange/_states_file.html", context)
    context["lines"] = selectors.wrong_lines(row, LINES_SHOWN)
    context["key"] = new_id()
    return render(request, "exchange/states_file.html", context)


@staff("exchange.carry")
@require_POST
def wrong_states(request: Any, file_id: UUID) -> HttpResponse:
    """The wrong lines as they came, each with what is wrong, to be corrected and brought again; written down."""
    row = selectors.states_file(request.actor, file_id)
    services.note_download(row=row, by=request.actor, at=request.at)
    headers = row.headers or list(HEADERS)
    lines = ([*one.cells, str(one.line), one.why] for one in selectors.wrong_lines(row))
    answer = HttpResponse(book("状态", [*headers, "原来的行", "问题"], lines), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, _named(row)) or "attachment"
    answer["Cache-Control"] = "no-store"
    return answer


def _named(row: StatesFile) -> str:
    return f"待改正-{row.file_name.rsplit('.', 1)[0]}.xlsx"
