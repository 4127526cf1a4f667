"""导入事项: bring a file, follow its reading, see what it came to, take the report."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingqu.catalogue.imports import report, selectors, services
from mingqu.catalogue.imports.forms import CancelForm, ImportForm
from mingqu.catalogue.imports.mapping import mapping, mappings
from mingqu.catalogue.imports.models import ImportBatch, ImportedItem
from mingqu.catalogue.imports.reading import FILE_BYTES
from mingqu.identity.services import access
from mingqu.kernel import regions
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import id_or_none, new_id
from mingqu.kernel.tables import XLSX
from mingqu.ui.access import staff

WRONG = 400
OWN_TABLE = "own_items"
SHOWN = 15  # departments at first sight
FIELDS = {"file", "mapping", "region", "defaults"}
State = ImportBatch.State


@staff("catalogue.import")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: Any) -> HttpResponse:
    """The batches, and the way to bring another one."""
    form, status = ImportForm(initial={"key": new_id()}), 200
    if request.method == "POST":
        form, status = ImportForm(request.POST, request.FILES), WRONG
        if form.is_valid():
            given = form.cleaned_data
            try:
                taken = services.import_items(
                    asked=services.Asked(
                        file_name=given["file"].name,
                        data=given["file"].read(FILE_BYTES + 1),
                        mapping=given["mapping"],
                        region=given["region"],
                        defaults=given["defaults"],
                    ),
                    by=request.actor,
                    at=request.at,
                    key=given["key"],
                )
                if taken.again:
                    messages.info(request, "这份文件以前导入过，没有改动。下面是那一批。")
                return redirect("catalogue:import_batch", batch_id=taken.batch_id)
            except DomainError as refused:
                form.add_error(refused.field if refused.field in FIELDS else _field(refused), refused.message)
                status = refused.status
                again = request.POST.copy()
                again["key"] = str(new_id())
                form.data = again
    found, older = selectors.batches(request.actor, id_or_none(request.GET.get("before", "")))
    context = {
        "form": form,
        "batches": [_line(one) for one in found],
        "older_url": f"?before={older}" if older else "",
        "newer_url": request.path if request.GET.get("before") else "",
        "mappings": mappings(),
    }
    return render(request, "catalogue/imports.html", context, status=status)


def _field(refused: DomainError) -> str:
    return (
        "mapping"
        if refused.code.startswith("import_mapping")
        else "region"
        if "region" in refused.code
        else "file"
    )


def _line(one: ImportBatch) -> dict[str, Any]:
    return {
        "batch": one,
        "region": regions.full_name(one.region_code) or one.region_code,
        "gates": one.counts.get("gates", {}),
        "refused": one.counts.get("states", {}).get(ImportedItem.State.REFUSED, 0),
    }


@staff("catalogue.import")
@never_cache
@require_safe
def batch(request: Any, batch_id: UUID) -> HttpResponse:
    """How far reading is, what was found, and the rows with one finding."""
    found = selectors.batch(request.actor, batch_id)
    context = _context(found)
    if request.htmx and not request.htmx.boosted:
        return render(request, "catalogue/_import_state.html", context)
    finding = request.GET.get("finding", "")
    finding = finding if finding in report.NAMES else ""
    after = request.GET.get("after", "")
    rows, more = selectors.rows(found, finding, int(after) if after.isdecimal() and len(after) < 9 else 0)
    context |= {
        "rows": rows,
        "finding": finding,
        "finding_words": report.NAMES.get(finding, ""),
        "next_url": f"?finding={finding}&after={more}" if more else "",
        "first_url": f"?finding={finding}" if after else "",
        "form": CancelForm(initial={"key": new_id()}),
        "all_organs": request.GET.get("organs") == "all",
        "may_review": access.may(request.actor, "catalogue.review"),
    }
    return render(request, "catalogue/import_batch.html", context)


def _context(found: ImportBatch) -> dict[str, Any]:
    counts = found.counts
    states = dict(ImportedItem.State.choices)
    return {
        "batch": found,
        "region": regions.full_name(found.region_code) or found.region_code,
        "reading": found.state == State.READING,
        "failed": found.state == State.FAILED,
        "percent": round(100 * found.read_rows / found.rows) if found.rows else 0,
        "states": [(states.get(state, state), rows) for state, rows in counts.get("states", {}).items()],
        "same": counts.get("same", 0),
        "gates": [(words, counts.get("gates", {}).get(gate, 0)) for gate, words in report.GATES.items()],
        "stopped": report.named(counts.get("stopped", {}), report.SHUT | report.NAMES),
        "findings": report.named(counts.get("findings", {}), report.NAMES),
        "organs": counts.get("organs", []),
        "shown": SHOWN,
    }


@staff("catalogue.import")
@require_safe
def template(request: Any) -> HttpResponse:
    """The table of our own column names, to be filled in."""
    answer = HttpResponse(report.template(mapping(OWN_TABLE)), content_type=XLSX)
    answer.headers["Content-Disposition"] = content_disposition_header(True, "事项表格.xlsx") or "attachment"
    return answer


@staff("catalogue.import")
@require_safe
def table(request: Any, batch_id: UUID) -> HttpResponse:
    """Every row with what was found."""
    found = selectors.batch(request.actor, batch_id)
    answer = HttpResponse(report.table(found), content_type=XLSX)
    name = f"导入报告-{found.file_name.rsplit('.', 1)[0]}.xlsx"
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


@staff("catalogue.import")
@require_POST
def cancel(request: Any, batch_id: UUID) -> HttpResponse:
    """Stop reading."""
    selectors.batch(request.actor, batch_id)
    form = CancelForm(request.POST)
    if form.is_valid():
        try:
            services.cancel(batch_id=batch_id, by=request.actor, at=request.at, key=form.cleaned_data["key"])
        except DomainError as refused:
            messages.error(request, refused.message)
    return redirect("catalogue:import_batch", batch_id=batch_id)
