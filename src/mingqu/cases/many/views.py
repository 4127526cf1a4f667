"""批量申报: choose a service, take its table, upload it, see what is wrong, hand the rest in, follow all of it."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from mingqu.cases import selectors
from mingqu.cases.many import commands, packing, questions, writing
from mingqu.cases.many.columns import columns_of
from mingqu.cases.many.commands import State, Table
from mingqu.cases.many.forms import KeyForm, PressForm, TablesForm
from mingqu.cases.views.shared import GET_OR_POST, WRONG, channel
from mingqu.identity import selectors as identity
from mingqu.identity.services import limits
from mingqu.kernel.errors import DomainError, spoken
from mingqu.kernel.ids import id_or_none, new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.middleware import leads_to
from mingqu.kernel.tables import FILE_BYTES, XLSX, book
from mingqu.payments import selectors as payments
from mingqu.payments import services as paying
from mingqu.ui.access import on_behalf, public
from mingqu.ui.text import money, zh_day

LIST_HEADERS = [
    "行",
    "您自己的编号",
    "办件编号",
    "查询码",
    "现在的状态",
    "最晚哪天答复或者办结",
    "费用（元）",
    "缴费",
    "缴款凭证号",
]


@on_behalf("case.file")
@never_cache
@require_safe
def many(request: Any) -> HttpResponse:
    """One's tables, and the services that can be applied for in this way."""
    words = request.GET.get("q", "").strip()[:60]
    found, older = questions.batches(request.actor, id_or_none(request.GET.get("before", "")))
    context = {
        "acting": request.acting,
        "batches": found,
        "older_url": f"?before={older}" if older else "",
        "newer_url": request.path if request.GET.get("before") else "",
        "words": words,
        "services": questions.services(words),
    }
    return render(request, "many/many.html", context)


@on_behalf("case.file")
@never_cache
@require_http_methods(GET_OR_POST)
def prepare(request: Any, item_code: str, handling: str) -> HttpResponse:
    """The table of a service to take, what goes into each column, and the way to upload it."""
    definition, schema, _revision = commands.service(item_code, handling)
    form, status = TablesForm(initial={"key": new_id()}), 200
    if request.method == "POST":
        form, status = TablesForm(request.POST, request.FILES), WRONG
        if form.is_valid():
            try:
                return _take(request, form, item_code, handling)
            except DomainError as refused:
                where = "packed" if refused.code == "many_pack_refused" else "file"
                form.add_error(where, refused.message)
                form.data = {"key": str(new_id())}
    context = {
        "form": form,
        "acting": request.acting,
        "name": f"{definition.item.name}（{definition.handling_item.name}）",
        "item_code": item_code,
        "handling": handling,
        "columns": columns_of(definition, schema),
        "most": commands.MOST,
    }
    return render(request, "many/prepare.html", context, status=status)


def _take(request: Any, form: TablesForm, item_code: str, handling: str) -> HttpResponse:
    given = form.cleaned_data
    packed = given["packed"]
    table = Table(
        item_code,
        handling,
        given["file"].name,
        given["file"].read(FILE_BYTES + 1),
        packed.read(packing.BYTES + 1) if packed else b"",
    )
    taken = commands.upload(table=table, by=request.actor, at=request.at, key=given["key"])
    return redirect("cases:many_batch", batch_id=taken.batch_id)


@public
@require_GET
def template(request: Any, item_code: str, handling: str) -> HttpResponse:
    """The table of a service, to be filled in."""
    definition, schema, _revision = commands.service(item_code, handling)
    data = writing.template(definition.item.name, columns_of(definition, schema))
    return _table(data, f"批量申报-{definition.item.name}.xlsx")


@on_behalf("case.file")
@never_cache
@require_http_methods(GET_OR_POST)
def batch(request: Any, batch_id: UUID) -> HttpResponse:
    """How far it is; what is to be corrected; the press; what became of each row."""
    found = questions.batch(request.actor, batch_id)
    form, status = _press_form(found), 200
    if request.method == "POST":
        form, status = _press_form(found, request.POST), WRONG
        if form.is_valid():
            try:
                commands.press(
                    batch_id=batch_id,
                    delivery=form.cleaned_data["delivery"],
                    by=request.actor,
                    at=request.at,
                    key=form.cleaned_data["key"],
                    channel=channel(request),
                )
                return redirect("cases:many_batch", batch_id=batch_id)
            except DomainError as refused:
                messages.error(request, refused.message)
                return redirect("cases:many_batch", batch_id=batch_id)
    context = _context(request, found) | {"form": form}
    name = "many/_state.html" if request.htmx and not request.htmx.boosted else "many/batch.html"
    return leads_to(payments.pays_at(), render(request, name, context, status=status))


def _press_form(found: Any, data: Any = None) -> PressForm:
    return PressForm(data, initial={"key": new_id()}, licence=selectors.is_licence_type(found.item_type))


def _context(request: Any, found: Any) -> dict[str, Any]:
    counts = questions.counts(found)
    whole = found.total if found.state == State.CHECKING else counts["good"] + found.done
    shown = request.GET.get("show", "")
    tabs = [one for one in questions.SHOWN if counts[one]]
    if shown not in tabs:
        shown = tabs[0] if tabs else ""
    if found.state in (State.FILING, State.FILED) and not request.GET.get("show") and counts["filed"]:
        shown = "filed"
    after = request.GET.get("after", "")
    page = questions.rows(found, shown, int(after) if after.isdecimal() and len(after) < 6 else 0)
    fees = questions.to_pay(found) if counts["filed"] else []
    return {
        "batch": found,
        "state_words": spoken(str(found.get_state_display())),
        "counts": counts,
        "whole": whole,
        "percent": round(100 * found.done / whole) if whole else 100,
        "checked": found.state == State.CHECKED,
        "filed": found.state == State.FILED,
        "dropped": found.state == State.DROPPED,
        "to_correct": counts["wrong"] + counts["refused"],
        "tabs": [(one, _tab(one), counts[one], one == shown) for one in tabs],
        "page": page,
        "next_url": f"?show={shown}&after={page.after}" if page.after else "",
        "previous_url": f"?show={shown}" if after else "",
        "again_url": reverse("cases:many_prepare", args=[found.item_code, found.handling_code]),
        "fees": [(one.number, one.name, one.case_number, money_of(one.amount)) for one in fees],
        "sum": money_of(sum(one.amount for one in fees)),
        "orders": [(one, money_of(one.amount)) for one in payments.together_about(found.pk)],
        "pay_key": new_id(),
        "leave_key": new_id(),
    }


def _tab(state: str) -> str:
    return {
        "wrong": _("要改正"),
        "good": _("可以提交"),
        "filed": _("已提交"),
        "refused": _("没有交成"),
    }[state]


def money_of(fen: int) -> str:
    """Of whole 分, as it is shown."""
    return money(Decimal(fen) / 100)


@on_behalf("case.file")
@require_POST
def leave(request: Any, batch_id: UUID) -> HttpResponse:
    """Not handed in."""
    questions.batch(request.actor, batch_id)
    form = KeyForm(request.POST)
    if not form.is_valid():
        return redirect("cases:many_batch", batch_id=batch_id)
    try:
        commands.leave(batch_id=batch_id, by=request.actor, at=request.at, key=form.cleaned_data["key"])
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect("cases:many_batch", batch_id=batch_id)
    return redirect("cases:many")


@on_behalf("payment.pay")
@require_POST
def pay(request: Any, batch_id: UUID) -> HttpResponse:
    """Everything owed for this table at once, at the provider's page."""
    found = questions.batch(request.actor, batch_id)
    form = KeyForm(request.POST)
    if not form.is_valid():
        return redirect("cases:many_batch", batch_id=batch_id)
    try:
        limits.spend("payment_person_hour", str(request.actor.id), at=request.at)
        begun = paying.begin_together(
            about_id=found.pk,
            notice_ids=[one.id for one in questions.to_pay(found)],
            by=request.actor,
            at=request.at,
            key=form.cleaned_data["key"],
        )
    except DomainError as refused:
        messages.error(request, _(refused.message))
        return redirect("cases:many_batch", batch_id=batch_id)
    return redirect(begun.address)


@on_behalf("case.file")
@never_cache
@require_GET
def wrong_rows(request: Any, batch_id: UUID) -> HttpResponse:
    """The rows to correct, to be uploaded again; one's own data."""
    found = questions.batch(request.actor, batch_id)
    data = writing.wrong_rows(found.headers, questions.wrong_rows(found))
    return _table(data, f"要改正的行-{found.item_name}.xlsx")


@on_behalf("case.file")
@never_cache
@require_GET
def printed(request: Any, batch_id: UUID) -> HttpResponse:
    """All numbers and query codes on paper."""
    found = questions.batch(request.actor, batch_id)
    fees = questions.fees(found)
    context = {
        "batch": found,
        "rows": [(one, *_paid(fees.get(one.number, []))) for one in questions.all_filed(found)],
        "fees": fees,
        "today": legal_day(request.at),
        "applicant": found.firm_name or identity.person(found.owner_id).name,
    }
    return render(request, "many/printed.html", context)


@on_behalf("case.file")
@never_cache
@require_GET
def listed(request: Any, batch_id: UUID) -> HttpResponse:
    """The same as a table, with how each stands now."""
    found = questions.batch(request.actor, batch_id)
    fees = questions.fees(found)
    rows = (
        [
            str(one.line),
            one.own,
            one.number,
            one.query_code,
            one.status,
            zh_day(one.due_on) if one.due_on and not one.ended else "",
            *_paid(fees.get(one.number, [])),
        ]
        for one in questions.all_filed(found)
    )
    return _table(
        book("批量申报", LIST_HEADERS, rows),
        f"批量申报-{found.item_name}-{legal_day(request.at):%Y%m%d}.xlsx",
    )


def _paid(fees: list[Any]) -> tuple[str, str, str]:
    """Of one case: how much, how it stands, under which numbers it was received."""
    if not fees:
        return "", "", ""
    return (
        f"{sum(one.amount for one in fees) / 100:.2f}",
        "、".join(one.state_words for one in fees),
        "、".join(one.receipt_number for one in fees if one.receipt_number),
    )


def _table(data: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=XLSX)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer.headers["Cache-Control"] = "no-store"
    return answer
