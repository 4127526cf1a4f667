"""日终清单 of a hall: to read, to print, to take away."""

import io
from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX, book
from mingqu.ui.access import staff
from mingqu.workbench.selectors import closing as pages

HEAD = ("种类", "内容", "编号", "在谁手里", "从什么时候", "说明")


@staff("hall.see_closing")
@never_cache
@require_safe
def closing(request: Any) -> HttpResponse:
    """By kind, the longest first; `mine`: what the acting post has."""
    mine = request.GET.get("mine") == "1"
    shown = pages.closing(request.actor, request.at, code=request.GET.get("hall", ""), mine=mine)
    context = {"shown": shown, "mine": mine, "now": request.at, "today": legal_day(request.at)}
    return render(request, "workbench/closing.html", context)


@staff("hall.see_closing")
@never_cache
@require_POST
def export(request: Any) -> HttpResponseBase:
    """The list as a file, nobody named; that it was taken is written down."""
    access.require_may(request.actor, "hall.see_closing")
    shown = pages.closing(
        request.actor, request.at, code=request.POST.get("hall", ""), mine=request.POST.get("mine") == "1"
    )
    rows = [
        (part.title, one.what, one.number, one.holder, one.since, one.note)
        for part in shown.parts
        for one in part.lines
    ]
    taken = new_id()
    with command("case.export", taken, by=request.actor, at=request.at, key=taken) as cmd:
        cmd.note(tab=f"日终清单：{shown.hall.name}" if shown.hall else "日终清单", rows=len(rows))
        cmd.done(None)
    made = book("日终清单", list(HEAD), rows)
    name = pages.file_name(request.at)
    return FileResponse(io.BytesIO(made), as_attachment=True, filename=name, content_type=XLSX)
