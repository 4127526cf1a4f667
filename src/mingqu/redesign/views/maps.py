"""万里审批图 (CAS-05): prerequisites of the items in force, and of tables that are brought in."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError
from mingqu.kernel.tables import XLSX, book
from mingqu.redesign import services
from mingqu.redesign.forms import MapForm
from mingqu.redesign.selectors import maps
from mingqu.ui.access import staff
from mingqu.ui.forms import tell

WRONG = 400
BRING = "redesign.bring_map"


@staff("redesign.see")
@never_cache
@require_GET
def prerequisites(request: Any) -> HttpResponse:
    """Of what is in force; and the list of those brought in."""
    row = maps.of_catalogue()
    context = {
        "row": row,
        "shown": maps.shown(row) if row else None,
        "brought": maps.brought(),
        "may_bring": access.may(request.actor, BRING),
    }
    return render(request, "redesign/map.html", context)


@staff("redesign.see")
@never_cache
@require_GET
def one(request: Any, map_id: UUID) -> HttpResponse:
    row = maps.one(map_id)
    return render(request, "redesign/map.html", {"row": row, "shown": maps.shown(row)})


@staff(BRING)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: Any) -> HttpResponse:
    form, status = MapForm(), 200
    if request.method == "POST":
        form, status = MapForm(request.POST, files=request.FILES), WRONG
        if form.is_valid():
            try:
                map_id = services.bring_map(
                    title=form.cleaned_data["title"],
                    data=form.cleaned_data["file"].read(),
                    by=request.actor,
                    at=request.at,
                    key=form.command_key,
                )
            except DomainError as refused:
                status = tell(form, refused)
            else:
                return redirect("redesign:map", map_id=map_id)
    return render(request, "redesign/bring_map.html", {"form": form}, status=status)


@staff("redesign.see")
@require_GET
def export(request: Any, map_id: UUID) -> HttpResponse:
    """The table; its first columns can be brought in again."""
    row = maps.one(map_id)
    found = maps.shown(row)
    rows = [
        [each.approval.name, "；".join(name for name, _why in each.before), each.approval.length.words or "0",
         "；".join(dict.fromkeys(why for _name, why in each.before if why)), each.approval.organ,
         each.ready.words or "0", "是" if each.on_way else ""]
        for each in found.rows
    ]  # fmt: skip
    headers = ["审批事项", "前置事项", "天数", "依据", "部门", "最早多久办完", "在最长的一条上"]
    answer = HttpResponse(book("前置关系", headers, rows), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, f"{row.title}.xlsx") or ""
    return answer
