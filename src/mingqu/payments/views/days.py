"""每日对账: the finance officer's page."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingqu.identity import selectors as identity
from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.ids import new_id
from mingqu.kernel.tables import book
from mingqu.payments import rules, selectors, services
from mingqu.payments.forms import SettleForm, StatementForm
from mingqu.payments.models import Difference, ReconciledDay
from mingqu.payments.providers import registry
from mingqu.payments.services.reconciling import digest_of, read_statement
from mingqu.payments.types import Statement
from mingqu.ui.access import staff

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADERS = ("差异", "流水号", "缴款通知", "我方（元）", "对账单（元）", "负责人", "处理结果", "处理人")
WRONG = 400


@staff("payment.reconcile")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def days(request: Any) -> HttpResponse:
    """The latest days, and the place for a statement."""
    names = registry.names()
    form = StatementForm(initial={"key": new_id()}, providers=names)
    status = 200
    if request.method == "POST":
        form = StatementForm(request.POST, request.FILES, providers=names)
        status = WRONG
        if form.is_valid():
            try:
                return _reconciled(request, form.cleaned_data)
            except DomainError as refused:
                form.add_error("file" if "line" in refused.params else "day", refused.message)
                status = refused.status
    context = {"days": selectors.days(), "left": selectors.days_left(request.at), "form": form}
    return render(request, "payments/days.html", context, status=status)


def _reconciled(request: Any, given: dict[str, Any]) -> HttpResponse:
    data = given["file"].read()
    found = services.reconcile(
        of=Statement(given["provider"], given["day"], given["file"].name, digest_of(data)),
        lines=read_statement(data),
        by=request.actor,
        at=request.at,
        key=given["key"],
    )
    messages.success(
        request, f"已对账，差异{found.differences}条。" if found.differences else "已对账，没有差异。"
    )
    return redirect("payments:day", provider=given["provider"], day=given["day"].isoformat())


@staff("payment.reconcile")
@never_cache
@require_GET
def day(request: Any, provider: str, day: str) -> HttpResponse:
    return _page(request, _known(provider, day))


def _page(request: Any, row: ReconciledDay, problem: str = "", status: int = 200) -> HttpResponse:
    rows = _rows(row)
    context = {"day": row, "rows": rows, "open": sum(1 for one, *_ in rows if not one.settled_at)}
    context |= {
        "problem": problem,
        "key": new_id(),
        "agree": (row.ours, row.our_sum) == (row.theirs, row.their_sum),
    }
    return render(request, "payments/day.html", context, status=status)


@staff("payment.reconcile")
@require_POST
def settle(request: Any, provider: str, day: str) -> HttpResponse:
    row = _known(provider, day)
    form = SettleForm(request.POST)
    if not form.is_valid():
        return _page(request, row, "请写明差异的原因和怎样处理的。", WRONG)
    try:
        services.settle_difference(
            day_id=row.id,
            difference_id=form.cleaned_data["difference"],
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=request.at,
            key=form.cleaned_data["key"],
        )
    except DomainError as refused:
        return _page(request, row, refused.message, refused.status)
    messages.success(request, "这一条差异已处理。")
    return redirect("payments:day", provider=provider, day=day)


@staff("payment.reconcile")
@require_GET
def export(request: Any, provider: str, day: str) -> HttpResponse:
    """The differences as a table, the totals above them."""
    row = _known(provider, day)
    totals = [
        ("我方合计", f"{row.ours}笔", "", rules.yuan(row.our_sum), "", "", "", ""),
        ("对账单合计", f"{row.theirs}笔", "", "", rules.yuan(row.their_sum), "", "", ""),
    ]
    rows = [
        (
            one.get_kind_display(),
            one.reference,
            number or order,
            "" if one.ours is None else rules.yuan(one.ours),
            "" if one.theirs is None else rules.yuan(one.theirs),
            owner,
            one.reason or "没有处理",
            settler,
        )
        for one, number, order, owner, settler in _rows(row)
    ]
    answer = HttpResponse(book("对账", HEADERS, [*totals, *rows]), content_type=XLSX)
    name = f"对账-{registry.words(row.provider)}-{row.day:%Y%m%d}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


def _known(provider: str, given: str) -> ReconciledDay:
    try:
        row = selectors.reconciled_day(provider, date.fromisoformat(given))
    except ValueError as unreadable:
        raise NotFound() from unreadable
    if row is None:
        raise NotFound()
    return row


def _rows(row: ReconciledDay) -> list[tuple[Difference, str, str, str, str]]:
    """Each difference with its notice's number (or the order's for several), who answers for it, who settled it."""
    found = selectors.differences_of(row)
    orders = selectors.orders_by_reference(one.reference for one in found if one.notice_id is None)
    numbers = selectors.numbers_of(one.notice_id for one in found if one.notice_id)
    people = {one.owner_id for one in found} | {one.settled_by for one in found if one.settled_by}
    names = identity.names_of(people) if people else {}
    return [
        (
            one,
            numbers.get(one.notice_id, "") if one.notice_id else "",
            orders[one.reference].number if one.reference in orders else "",
            names.get(one.owner_id, ""),
            names.get(one.settled_by, "") if one.settled_by else "",
        )
        for one in found
    ]
