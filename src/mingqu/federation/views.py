"""数据上报: how each table stands, what was rejected and where it is put right, history, Excel."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from mingqu.federation import selectors, services
from mingqu.federation.above.registry import above
from mingqu.federation.forms import AgainForm
from mingqu.federation.types import DayLine
from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX, book
from mingqu.ui.access import staff
from mingqu.ui.text import zh_day
from mingqu.ui.types import Bar

HEADS = ("记录", "字段", "上级平台的意见", "几行", "从什么时候起")
EXPORTED = 10_000


@staff("report.see")
@never_cache
@require_GET
def tables(request: Any) -> HttpResponse:
    """Every table at once."""
    to, found = above(), selectors.tables()
    context = {
        "to": to,
        "tables": found,
        "any": any(one.any for one in found),
        "rejected": sum(one.rejected for one in found),
        "most": selectors.MOST,
        "bars": _bars(selectors.days(legal_day(request.at))),
    }
    return render(request, "federation/tables.html", context)


def _bars(days: list[DayLine]) -> list[Bar]:
    return [
        Bar(
            f"{one.day.month}月{one.day.day}日",
            float(one.sent),
            f"{one.sent}（退{one.rejected}）" if one.rejected else f"{one.sent}",
            over=bool(one.rejected),
        )
        for one in days
    ]


@staff("report.see")
@never_cache
@require_GET
def table(request: Any, table: str) -> HttpResponse:
    return _page(request, table)


def _page(request: Any, table: str, problem: str = "", status: int = 200) -> HttpResponse:
    layout = selectors.table(table)
    rejected, more = selectors.rejected(request.actor, table, request.GET.get("after", ""))
    batches, earlier = selectors.batches(table, request.GET.get("before", ""))
    context = {
        "to": above(),
        "layout": layout,
        "state": next(one for one in selectors.tables() if one.layout is layout),
        "fields": selectors.fields_of(layout),
        "where": selectors.SOURCES[table][1],
        "totals": selectors.totals(request.actor, table) if rejected else [],
        "rejected": rejected,
        "more": more,
        "batches": batches,
        "earlier": earlier,
        "bars": _bars(selectors.days(legal_day(request.at), table)),
        "most": selectors.MOST,
        "may": access.may(request.actor, "report.ask_again"),
        "key": new_id(),
        "problem": problem,
    }
    return render(request, "federation/table.html", context, status=status)


@staff("report.ask_again")
@require_POST
def again(request: Any, table: str) -> HttpResponse:
    """One thing, or all that were rejected, as they stand now."""
    selectors.table(table)
    form = AgainForm(request.POST)
    if not form.is_valid():
        return _page(request, table, "没有看懂要重新报送哪一条，请再点一次。", 400)
    given = {"by": request.actor, "at": request.at, "key": form.cleaned_data["key"]}
    try:
        if entry := form.cleaned_data["entry"]:
            services.resend(entry_id=entry, **given)
        else:
            services.resend_all(table=table, **given)
    except DomainError as refused:
        return _page(request, table, refused.message, refused.status)
    messages.success(request, "已放回等待上报的队列，几分钟内按现在的内容重新报送。")
    return redirect("federation:table", table=table)


@staff("report.look_again")
@require_POST
def look(request: Any, table: str) -> HttpResponse:
    """From the beginning; only what differs is sent."""
    selectors.table(table)
    form = AgainForm(request.POST)
    if not form.is_valid():
        return _page(request, table, "请再点一次。", 400)
    try:
        services.rescan(table=table, by=request.actor, at=request.at, key=form.cleaned_data["key"])
    except DomainError as refused:
        return _page(request, table, refused.message, refused.status)
    messages.success(request, "已开始从头核对这张表，和上级平台不一致的会重新报送。")
    return redirect("federation:table", table=table)


@staff("report.see")
@require_GET
def export(request: Any, table: str) -> HttpResponse:
    """What was rejected, a line for each fault, and the days above them."""
    layout = selectors.table(table)
    days = [
        (f"{zh_day(one.day)}上报", "", f"接受{one.accepted}行，退回{one.rejected}行", one.sent, "")
        for one in selectors.days(legal_day(request.at), table)
    ]
    lines = [
        (line.label, field, words, many, zh_day(legal_day(line.since)))
        for line in selectors.rejected(request.actor, table, most=EXPORTED)[0]
        for field, words, many in line.wrong
    ]
    answer = HttpResponse(book(layout.name, HEADS, [*days, *lines]), content_type=XLSX)
    answer["Content-Disposition"] = (
        content_disposition_header(True, f"数据上报-{layout.name}-{legal_day(request.at):%Y%m%d}.xlsx") or ""
    )
    return answer
