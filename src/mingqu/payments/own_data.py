"""What this room holds of a person: fee notices, and money that is still open."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.identity.services.own_data import Holding, Matter, Part, table
from mingqu.payments.models import FeeNotice, Refund, TogetherPayment

State = FeeNotice.State
OPEN = (State.DUE, State.PAYING, State.REFUNDING)
NAMES = frozenset({"payments.FeeNotice.payer_id", "payments.TogetherPayment.payer_id"})
UNDER_WAY = (Refund.State.ASKED, Refund.State.SENDING, Refund.State.FAILED)


def holding() -> Holding:
    return Holding("payments", NAMES, copy, open_matters, keeps)


def open_matters(person_id: UUID, day: date) -> Iterable[Matter]:
    """A fee that is due or on its way, a refund that has not arrived."""
    mine = FeeNotice.objects.filter(payer_id=person_id)
    if number := mine.filter(state__in=OPEN).order_by("-id").values_list("number", flat=True).first():
        url = reverse("payments:detail", args=[number])
        yield Matter(_("缴费通知%(number)s还没有结清") % {"number": number}, url)
    back = mine.filter(refunds__state__in=UNDER_WAY).exclude(state__in=OPEN).order_by("-id")
    if number := back.values_list("number", flat=True).first():
        url = reverse("payments:detail", args=[number])
        yield Matter(_("缴费通知%(number)s的退费还没有到账") % {"number": number}, url)


def keeps(person_id: UUID) -> bool:
    return FeeNotice.objects.filter(payer_id=person_id).exists()


def copy(person_id: UUID) -> Iterable[Part]:
    yield table(
        "fees",
        "缴费",
        (
            ("number", "缴费通知编号"),
            ("case", "办件编号"),
            ("fee", "收费项目"),
            ("payer", "缴费人"),
            ("yuan", "金额（元）"),
            ("state", "状态"),
            ("issued_at", "开出时间"),
            ("receipt", "票据号"),
        ),
        FeeNotice.objects.filter(payer_id=person_id).order_by("-id"),
        lambda one: (
            one.number,
            one.case_number,
            one.fee_name,
            one.payer_name,
            f"{one.amount / 100:.2f}",
            one.get_state_display(),
            one.issued_at,
            one.receipt_number,
        ),
    )
    yield table(
        "fees_together",
        "合并缴款",
        (
            ("number", "合并缴款编号"),
            ("yuan", "金额（元）"),
            ("state", "状态"),
            ("began_at", "开始时间"),
            ("trade_number", "收款机构的流水号"),
        ),
        TogetherPayment.objects.filter(payer_id=person_id).order_by("-id"),
        lambda one: (
            one.number,
            f"{one.amount / 100:.2f}",
            one.get_state_display(),
            one.began_at,
            one.trade_number,
        ),
    )
