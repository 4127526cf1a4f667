"""Fees at the desk: the list, one notice, money at the window, exemptions and refunds."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from mingqu.identity.services import access
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import id_or_none, new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import XLSX
from mingqu.payments import selectors, services
from mingqu.payments.errors import NoticeUnknown
from mingqu.payments.forms import AnswerForm, CheckForm, ExemptionForm, RefundAnswerForm, RefundForm, TakeForm
from mingqu.payments.models import FeeNotice
from mingqu.ui.access import staff

WRONG = 400
PAGE = 50


@staff("payment.see")
@never_cache
@require_GET
def notices(request: Any) -> HttpResponse:
    """By state, or straight to one by its number, or those of a case by its number."""
    wanted = request.GET.get("number", "").strip()[:40]
    problem, of_case = "", selectors.of_case_number(request.actor, wanted) if wanted else []
    if wanted and not of_case:
        try:
            row = selectors.notice_visible_to(request.actor, wanted)
            return redirect("payments:at_desk", number=row.number)
        except NoticeUnknown as unknown:
            problem = unknown.message
    shown = request.GET.get("show", "owed")
    shown = shown if shown in selectors.SHOWN else "owed"
    before = id_or_none(request.GET.get("before", ""))
    rows = of_case or list(selectors.at_desk(request.actor, shown, before=before)[: PAGE + 1])
    context = {
        "rows": rows[:PAGE],
        "more": rows[PAGE - 1].id if len(rows) > PAGE and not of_case else None,
        "of_case": bool(of_case),
        "shown": shown,
        "tabs": [(code, words) for code, (words, _states) in selectors.SHOWN.items()],
        "exemptions": selectors.exemptions_waiting(request.actor),
        "refunds": selectors.refunds_waiting(request.actor),
        "differing": selectors.differing(request.actor),
        "wanted": wanted,
        "problem": problem,
        "today": legal_day(request.at),
        "may_export": access.may(request.actor, "payment.export"),
    }
    return render(request, "payments/desk.html", context, status=404 if problem else 200)


@staff("payment.export")
@never_cache
@require_POST
def export(request: Any) -> HttpResponse:
    """The list that is open as a file."""
    shown = request.POST.get("show", "")
    shown = shown if shown in selectors.SHOWN else "owed"
    made = services.export_notices(shown=shown, by=request.actor, at=request.at, key=new_id())
    answer = HttpResponse(made, content_type=XLSX)
    name = f"缴款通知-{selectors.SHOWN[shown][0]}-{legal_day(request.at):%Y%m%d}.xlsx"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    return answer


@staff("payment.see")
@never_cache
@require_GET
def notice(request: Any, number: str) -> HttpResponse:
    return _page(request, number)


def _page(
    request: Any, number: str, *, form: BaseForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    row = selectors.notice_visible_to(request.actor, number)
    by = request.actor
    may = {name: access.allows(by, f"payment.{name}", row) for name in (
        "take", "ask_exemption", "exempt", "ask_refund", "refund",
    )}  # fmt: skip
    may["see_case"] = access.allows(by, "case.see", row)  # the notice lies where its case does
    asked = selectors.exemption_waiting(row)
    shown = selectors.view_of(row)
    context = {
        "notice": shown,
        "payments": selectors.payments_of(row),
        "refunds": [(one, one.asked_by == by.id) for one in selectors.refunds_of(row)],
        "asked": asked,
        "own": asked is not None and asked.asked_by == by.id,
        "may": may,
        "take": form if isinstance(form, TakeForm) else TakeForm(initial={"key": new_id()}),
        "exemption": form if isinstance(form, ExemptionForm) else ExemptionForm(initial={"key": new_id()}),
        "check": form if isinstance(form, CheckForm) else CheckForm(initial={"key": new_id()}),
        "refund": form if isinstance(form, RefundForm) else RefundForm(initial={"key": new_id()}),
        "wrong": form,
        "key": new_id(),
        "problem": problem,
    }
    return render(request, "payments/at_desk.html", context, status=status)


def _done(
    request: Any, row: FeeNotice, form: BaseForm, act: Callable[[dict[str, Any]], None], words: str
) -> HttpResponse:
    """What was typed is kept where it is refused."""
    if not form.is_valid():
        return _page(request, row.number, form=form, status=WRONG)
    try:
        act(form.cleaned_data)
    except DomainError as refused:
        if refused.field in getattr(form, "fields", {}):
            form.add_error(refused.field, refused.message)
            return _page(request, row.number, form=form, status=refused.status)
        return _page(request, row.number, form=form, problem=refused.message, status=refused.status)
    messages.success(request, words)
    return redirect("payments:at_desk", number=row.number)


@staff("payment.take")
@require_POST
def take(request: Any, number: str) -> HttpResponse:
    """Cash or a card, with the number of its slip."""
    row = selectors.notice_visible_to(request.actor, number)

    def act(given: dict[str, Any]) -> None:
        services.take_at_window(
            notice_id=row.id,
            way=given["way"],
            amount=given["amount"],
            proof=given["proof"],
            by=request.actor,
            at=request.at,
            key=given["key"],
        )

    return _done(request, row, TakeForm(request.POST), act, "已收费，缴款凭证号见下面。")


@staff("payment.refund")
@require_POST
def checked(request: Any, number: str) -> HttpResponse:
    """What came of looking at money of another amount."""
    row = selectors.notice_visible_to(request.actor, number)

    def act(given: dict[str, Any]) -> None:
        services.close_differing(
            notice_id=row.id,
            payment_id=given["payment"],
            reason=given["reason"],
            by=request.actor,
            at=request.at,
            key=given["key"],
        )

    return _done(request, row, CheckForm(request.POST), act, "已登记核对结果，这项费用变回待缴费。")


@staff("payment.see")
@require_POST
def exemption(request: Any, number: str) -> HttpResponse:
    """Asked for with basis and reason; or the answer of the second person."""
    row = selectors.notice_visible_to(request.actor, number)
    about = {"notice_id": row.id, "by": request.actor, "at": request.at}
    if "answer" in request.POST:

        def answer(given: dict[str, Any]) -> None:
            agreed = given["answer"] == "agree"
            (services.exempt if agreed else services.decline_exemption)(**about, key=given["key"])

        return _done(request, row, AnswerForm(request.POST), answer, "已办理。")

    def ask(given: dict[str, Any]) -> None:
        services.ask_exemption(**about, basis=given["basis"], reason=given["reason"], key=given["key"])

    return _done(request, row, ExemptionForm(request.POST), ask, "已提出免缴，等另一位有权批准的人批准。")


@staff("payment.see")
@require_POST
def refund(request: Any, number: str) -> HttpResponse:
    """Asked for with a reason; the answer of the second person; handed back at the counter."""
    row = selectors.notice_visible_to(request.actor, number)
    about = {"notice_id": row.id, "by": request.actor, "at": request.at}
    if "answer" in request.POST:

        def answer(given: dict[str, Any]) -> None:
            one = about | {"refund_id": given["refund"], "key": given["key"]}
            if given["answer"] == "returned":
                services.record_returned(**one, proof=given["proof"])
                return
            (services.agree_refund if given["answer"] == "agree" else services.decline_refund)(**one)

        return _done(request, row, RefundAnswerForm(request.POST), answer, "已办理。")

    def ask(given: dict[str, Any]) -> None:
        services.ask_refund(**about, payment_id=given["payment"], reason=given["reason"], key=given["key"])

    return _done(request, row, RefundForm(request.POST), ask, "已提出退费，等财务人员复核。")
