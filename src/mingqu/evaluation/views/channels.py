"""Ratings by channel, on the page and as a file."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.evaluation import selectors
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX, book
from mingqu.ui.access import staff
from mingqu.ui.types import Bar


@staff("evaluation.see")
@never_cache
@require_GET
def channels(request: Any) -> HttpResponse:
    """Of the last twelve months, within the acting post's scope."""
    today = legal_day(request.at)
    found = selectors.by_channel(request.actor, today)
    bars = [Bar(one.words, one.total, f"{one.total}条") for one in found.channels]
    context = {"found": found, "bars": bars, "today": today}
    return render(request, "evaluation/channels.html", context)


@staff("evaluation.see")
@never_cache
@require_GET
def export(request: Any) -> HttpResponse:
    """The same by month, department and channel."""
    today = legal_day(request.at)
    found = selectors.by_channel(request.actor, today)
    head = ["月份", "部门", "渠道", *found.levels, "合计", "好评率", "不计入"]
    rows = [[f"{one.month:%Y-%m}", one.department, *_cells(one.of)] for one in found.lines]
    answer = HttpResponse(book("好差评按渠道", head, rows), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="ratings-by-channel-{today:%Y%m%d}.xlsx"'
    return answer


def _cells(of: selectors.OfChannel) -> list[Any]:
    rate = "" if of.good_rate is None else f"{of.good_rate}%"
    return [of.words, *of.counts, of.total, rate, of.left_out]
