"""回访率和整改率 by month: who watches sees at once where a bad rating was left lying."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mingqu.evaluation import selectors
from mingqu.evaluation.selectors import Followed
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX, book
from mingqu.ui.access import staff
from mingqu.ui.types import Bar

HEADERS = [
    "月份", "部门", "收到差评", "不计入", "已回访", "其中没有联系上", "回访率", "已整改", "整改率",
    "按期整改", "按期率", "正在办", "已超期",
]  # fmt: skip


@staff("evaluation.see")
@never_cache
@require_GET
def months(request: Any) -> HttpResponse:
    """Of the last twelve months, within the acting post's scope."""
    today = legal_day(request.at)
    found = selectors.followed_by_month(request.actor, today)
    bars = [
        Bar(f"{month.year}年{month.month}月", float(of.rectified_rate), f"{of.rectified_rate}%", 100)
        for month, of in found.months
        if of.rectified_rate is not None
    ]
    context = {"found": found, "months": list(reversed(found.months)), "bars": bars, "today": today}
    return render(request, "evaluation/months.html", context)


@staff("evaluation.see")
@never_cache
@require_GET
def export(request: Any) -> HttpResponse:
    """The same by month and department."""
    today = legal_day(request.at)
    found = selectors.followed_by_month(request.actor, today)
    rows = [[f"{one.month:%Y-%m}", one.department, *_cells(one.of)] for one in found.lines]
    answer = HttpResponse(book("回访率和整改率", HEADERS, rows), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="bad-ratings-months-{today:%Y%m%d}.xlsx"'
    return answer


def _cells(of: Followed) -> list[Any]:
    def share(rate: Any) -> str:
        return "" if rate is None else f"{rate}%"

    return [
        of.given, of.left_out, of.called, of.unreached, share(of.called_rate), of.rectified, share(of.rectified_rate),
        of.in_time, share(of.in_time_rate), of.open, of.overdue,
    ]  # fmt: skip
