"""外部系统对账: what was handed over on a day against the other side's list."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.exchange import rules, selectors, services
from mingqu.exchange.connectors import registry
from mingqu.exchange.forms import ListForm, SettleForm
from mingqu.exchange.models import Discrepancy, ExchangeDay
from mingqu.identity import selectors as identity
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.ids import new_id
from mingqu.kernel.tables import book
from mingqu.ui.access import staff

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADERS = ("差异", "事项", "办件编号", "流水号", "我方", "对方", "负责岗位", "处理结果", "处理人")
WRONG = 400


@staff("exchange.reconcile")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def days(request: Any) -> HttpResponse:
    """The latest days, and the place for a list that came as a file."""
    form, status = ListForm(initial={"key": new_id()}), 200
    if request.method == "POST":
        form, status = ListForm(request.POST, request.FILES), WRONG
        if form.is_valid():
            try:
                return _reconciled(request, form.cleaned_data)
            except DomainError as refused:
                form.add_error(refused.field if refused.field in form.fields else "file", refused.message)
                status = refused.status
    return render(request, "exchange/days.html", _context(request, form), status=status)


def _context(request: Any, form: ListForm) -> dict[str, Any]:
    return {"days": selectors.days(), "left": selectors.days_left(request.at), "form": form}


def _reconciled(request: Any, given: dict[str, Any]) -> HttpResponse:
    found = services.reconcile(
        connector=given["connector"],
        day=given["day"],
        lines=list(services.read_list(given["file"].read())),
        source=given["file"].name,
        by=request.actor,
        at=request.at,
    )
    messages.success(
        request, f"已对账，差异{found.differences}条。" if found.differences else "已对账，没有差异。"
    )
    return redirect("exchange:day", connector=given["connector"], day=given["day"].isoformat())


@staff("exchange.reconcile")
@never_cache
@require_GET
def day(request: Any, connector: str, day: str) -> HttpResponse:
    return _page(request, _known(connector, day))


def _page(request: Any, row: ExchangeDay, problem: str = "", status: int = 200) -> HttpResponse:
    found = _rows(row)
    ours = selectors.known_references(one.reference for one, *_ in found)
    context = {
        "day": row,
        "words": registry.words(row.connector),
        "rows": [(*line, ours.get(line[0].reference)) for line in found],
        "open": sum(1 for one, *_ in found if not one.settled_at),
        "problem": problem,
    }
    return render(request, "exchange/day.html", context, status=status)


@staff("exchange.reconcile")
@require_POST
def settle(request: Any, connector: str, day: str) -> HttpResponse:
    row = _known(connector, day)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, row, "请写明差异的原因和怎样处理的。", WRONG)
    given = form.cleaned_data
    try:
        services.settle_difference(
            day_id=row.id,
            difference_id=given["difference"],
            reason=given["reason"],
            by=request.actor,
            at=request.at,
            key=given["key"],
        )
    except DomainError as refused:
        return _page(request, row, refused.message, refused.status)
    messages.success(request, "这一条差异已处理。")
    return redirect("exchange:day", connector=connector, day=day)


@staff("exchange.reconcile")
@require_GET
def export(request: Any, connector: str, day: str) -> HttpResponse:
    """The differences as a table, the totals above them."""
    row = _known(connector, day)
    totals = [("我方转出", row.sent, *[""] * 7), ("对方收到", row.received, *[""] * 7)]
    found = _rows(row)
    ours = selectors.known_references(one.reference for one, *_ in found)
    rows = [
        (
            one.get_kind_display(),
            *ours.get(one.reference, ("", "")),
            one.reference,
            state_words(one.ours),
            state_words(one.theirs),
            post or "数据管理岗",
            one.reason or "没有处理",
            settler,
        )
        for one, post, settler in found
    ]
    answer = HttpResponse(book("外部系统对账", HEADERS, [*totals, *rows]), content_type=XLSX)
    name = f"外部系统对账-{registry.words(row.connector)}-{row.day:%Y%m%d}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


def state_words(text: str) -> str:
    """A state in words; a number as it is."""
    return rules.OUTSIDE_WORDS.get(text, text)


def _known(connector: str, given: str) -> ExchangeDay:
    try:
        row = selectors.reconciled_day(connector, date.fromisoformat(given))
    except ValueError as unreadable:
        raise NotFound() from unreadable
    if row is None:
        raise NotFound()
    return row


def _rows(row: ExchangeDay) -> list[tuple[Discrepancy, str, str]]:
    """Each difference with the post that answers for it, and who settled it."""
    found = selectors.differences_of(row)
    posts = identity.post_names({one.post_id for one in found if one.post_id})
    names = identity.names_of({one.settled_by for one in found if one.settled_by})
    return [
        (
            one,
            posts.get(one.post_id, "") if one.post_id else "",
            names.get(one.settled_by, "") if one.settled_by else "",
        )
        for one in found
    ]
