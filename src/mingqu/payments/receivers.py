"""Who is told of a fee."""

from typing import Any

from django.urls import reverse

from mingqu.identity import selectors as identity
from mingqu.identity.types import Place
from mingqu.kernel import training
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.notifications import services as notifications
from mingqu.payments import rules
from mingqu.payments.events import FeeDue, FeeEvent, FeeOverdue, FeeRefunded, FeeSettled
from mingqu.payments.models import FeeNotice, Payment, TogetherPayment
from mingqu.ui.text import zh_day


@subscriber("payments.tell_due", FeeDue)
def tell_due(event: FeeDue, *, at: Instant) -> None:
    """What is settled by the time the message goes out is not asked for any more."""
    row = FeeNotice.objects.filter(pk=event.root_id, state__in=rules.OWED).first()
    if row is not None:
        until = f"最晚{zh_day(row.due_on)}缴" if row.due_on else "请尽快缴"
        _tell(event, "fee_due", at, until=until)


@subscriber("payments.tell_overdue", FeeOverdue)
def tell_overdue(event: FeeOverdue, *, at: Instant) -> None:
    """The payer, and in the organ who may waive it; not what was settled by the time this is told."""
    row = FeeNotice.objects.filter(pk=event.root_id, state__in=rules.OWED).first()
    if row is None or row.due_on is None:
        return
    _tell(event, "fee_overdue", at, due_on=row.due_on)
    params = _words(row) | {"due_on": row.due_on, "case": row.case_number}
    place = Place(row.department_id, row.region_code, row.item_type)
    link = reverse("payments:at_desk", args=[row.number])
    for person_id in identity.people_who_may("payment.exempt", place, legal_day(at)):
        fact = f"{row.number}:overdue"
        notifications.tell(person_id, "fee_overdue_at_desk", params, row.case_id, at=at, fact=fact, link=link)


@subscriber("payments.tell_settled", FeeSettled)
def tell_settled(event: FeeSettled, *, at: Instant) -> None:
    """What was paid together (合并缴款) is one fact and told once, whichever of its fees is written down first."""
    order = _order_of(event) if event.how == "paid" else None
    if order is not None:
        _tell_together(event, order, at)
    elif event.how in {"paid", "exempted"}:
        _tell(event, f"fee_{event.how}", at)


@subscriber("payments.tell_refunded", FeeRefunded)
def tell_refunded(event: FeeRefunded, *, at: Instant) -> None:
    _tell(event, "fee_refunded", at)


def _order_of(event: FeeEvent) -> TogetherPayment | None:
    paid = Payment.objects.filter(notice_id=event.root_id, state=Payment.State.SUCCEEDED, surplus=False)
    reference = paid.exclude(order_reference="").values_list("provider", "order_reference").first()
    if reference is None:
        return None
    return TogetherPayment.objects.filter(provider=reference[0], reference=reference[1]).first()


def _tell_together(event: FeeEvent, order: TogetherPayment, at: Instant) -> None:
    row = FeeNotice.objects.get(pk=event.root_id)
    params = {
        "item": training.named(row.item_name, row.region_code),
        "count": str(len(order.notice_ids)),
        "amount": f"{rules.yuan(order.amount)}元",
        "number": order.number,
    }
    link = reverse("payments:together", args=[order.pk])
    for person_id in identity.whom_to_tell(order.payer_id, order, legal_day(at)):
        notifications.tell(person_id, "fees_paid", params, order.pk, at=at, link=link)


def _words(row: FeeNotice) -> dict[str, Any]:
    return {
        "fee": row.fee_name,
        "item": training.named(row.item_name, row.region_code),
        "amount": f"{rules.yuan(row.amount)}元",
        "number": row.number,
    }


def _tell(event: FeeEvent, kind: str, at: Instant, **more: Any) -> None:
    row = FeeNotice.objects.get(pk=event.root_id)
    params = _words(row) | more
    link = reverse("payments:detail", args=[row.number])
    fact = f"{row.number}:{kind}"
    for person_id in identity.whom_to_tell(row.payer_id, row, legal_day(at)):
        notifications.tell(person_id, kind, params, row.case_id, at=at, fact=fact, link=link)
