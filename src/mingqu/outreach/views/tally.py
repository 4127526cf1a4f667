"""月度统计 of 帮办代办: for who manages points, and for an agent his own."""

import io
from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX
from mingqu.outreach import selectors, services
from mingqu.outreach.selectors.tally import HEADERS
from mingqu.ui.access import staff


@staff("errand.tally")
@never_cache
@require_safe
def tally(request: Any) -> HttpResponse:
    """A month, this one unless another is chosen."""
    today = legal_day(request.at)
    first = selectors.month_of(request.GET.get("month", ""), today)
    rows = selectors.tally(request.actor, first)
    chosen = f"{first:%Y-%m}"
    offered = [(f"{one:%Y-%m}", f"{one.year}年{one.month}月") for one in selectors.months(today)]
    if chosen not in dict(offered):
        offered.append((chosen, f"{first.year}年{first.month}月"))
    context = {
        "rows": [(one, zip(HEADERS, one.counts, strict=True)) for one in rows],
        "sum": zip(HEADERS, selectors.total(rows).counts, strict=True),
        "headers": HEADERS,
        "months": offered,
        "chosen": chosen,
        "words": dict(offered)[chosen],
    }
    return render(request, "outreach/tally.html", context)


@staff("errand.tally")
@never_cache
@require_safe
def export(request: Any) -> HttpResponseBase:
    """The same as a workbook."""
    first = selectors.month_of(request.GET.get("month", ""), legal_day(request.at))
    made = services.export_tally(
        first=first, rows=selectors.tally(request.actor, first), by=request.actor, at=request.at
    )
    name = f"帮办代办月度统计-{first:%Y%m}.xlsx"
    return FileResponse(io.BytesIO(made), as_attachment=True, filename=name, content_type=XLSX)
