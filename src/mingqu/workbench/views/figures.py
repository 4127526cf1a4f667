"""跑动和时限: figures for who watches over departments, as page and as spreadsheet. Nobody's data."""

from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import staff
from mingqu.ui.text import day_written
from mingqu.workbench import services
from mingqu.workbench.selectors import figures as counted

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff("board.see")
@never_cache
@require_GET
def figures(request: Any) -> HttpResponse:
    """By item or by organ, for cases decided in the days asked about."""
    found, organ, by_organ = _asked(request)
    asked = {"since": found.since, "until": found.until, "organ": organ, "by": "organ" if by_organ else ""}
    context = {
        "found": found,
        "organ": organ,
        "by_organ": by_organ,
        "longest": counted.LONGEST,
        "asked": urlencode({name: value for name, value in asked.items() if value}),
    }
    return render(request, "workbench/figures.html", context)


@staff("board.see")
@never_cache
@require_GET
def export(request: Any) -> FileResponse:
    """The same table as a spreadsheet."""
    found, _, by_organ = _asked(request)
    name = f"跑动和时限-{found.since:%Y%m%d}-{found.until:%Y%m%d}.xlsx"
    made = services.figures_file(found, by_organ=by_organ)
    return FileResponse(made, as_attachment=True, filename=name, content_type=XLSX)


def _asked(request: Any) -> tuple[counted.Figures, str, bool]:
    since, until = counted.span(
        day_written(request.GET.get("since", "")),
        day_written(request.GET.get("until", "")),
        legal_day(request.at),
    )
    organ, by_organ = request.GET.get("organ", ""), request.GET.get("by") == "organ"
    return counted.figures(request.actor, since, until, organ=organ, by_organ=by_organ), organ, by_organ
