"""Fees for the pages: one in each state, with the words by which the list of pages finds them."""

from datetime import datetime, timedelta
from uuid import UUID

from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor
from mingqu.payments import services
from mingqu.payments.models import FeeNotice, Payment, TogetherPayment
from mingqu.payments.tests import factories as f
from mingqu.payments.types import Line, Statement

Staff = tuple[Actor, Actor, Actor]  # reviewer, window clerk, finance officer


def made(payer: Actor, department: UUID, staff: Staff, now: datetime) -> dict[str, str]:
    reviewer, clerk, finance = staff
    before = now - timedelta(days=1)

    def notice(amount: int = f.FEN) -> FeeNotice:
        of = f.of(payer.id, department_id=department)
        pk = services.issue_notice(of=of, charge=f.charge(amount), at=before)
        return FeeNotice.objects.get(pk=pk)

    due, asked, paid, back = notice(), notice(45_000), notice(30_050), notice(8_800)
    services.ask_exemption(
        notice_id=asked.id,
        basis="清禾区演示设置第二条",
        reason="建设小学教学楼",
        by=reviewer,
        at=now,
        key=new_id(),
    )
    f.paid(paid, at=before)
    payment = f.paid(back, at=before)
    refund_id = services.ask_refund(
        notice_id=back.id, payment_id=payment.id, reason="重复缴了一次", by=clerk, at=now, key=new_id()
    )
    assert refund_id is not None
    services.agree_refund(notice_id=back.id, refund_id=refund_id, by=finance, at=now, key=new_id())
    day = legal_day(before)
    services.reconcile(
        of=Statement("double", day, "对账单.csv", "0" * 64),
        lines=[Line(2, payment.reference, "pay", 8_801), Line(3, "B0001", "pay", 500)],
        by=finance,
        at=now,
        key=new_id(),
    )
    orders = []
    for _ in range(2):
        ids = [notice(amount).id for amount in (1_200, 2_400)]
        key = new_id()
        services.begin_together(about_id=key, notice_ids=ids, by=payer, at=now, key=key)
        orders.append(TogetherPayment.objects.get(pk=key))
    f.tell(f.bank_pays(orders[1], at=now), at=now)
    services.settle(together_id=orders[1].pk, at=now)
    opened, differs = f.begin(notice(1), at=now), notice(9_900)
    order = f.bank_pays(f.begin(differs, at=now), at=now)
    f.tell(order, amount=order.amount - 100, at=now)
    return {
        "fee_due": due.number,
        "fee_asked": asked.number,
        "fee_paid": paid.number,
        "fee_exempted": FeeNotice.objects.get(pk=notice(0).pk).number,
        "fee_differs": differs.number,
        "fee_refunding": back.number,
        "fee_together": str(orders[0].pk),
        "fee_together_paid": str(orders[1].pk),
        "reconciled_day": day.isoformat(),
        "bank_reference": opened.reference,
        "bank_paid": Payment.objects.get(notice=paid).reference,
    }
