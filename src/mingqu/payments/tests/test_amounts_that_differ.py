"""Money of another amount than was asked for: it pays nothing, is asked for no more, and a finance officer sees it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from mingqu.identity.errors import NotAuthorised
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor
from mingqu.payments import selectors, services
from mingqu.payments.errors import AmountAgrees, AmountBeingChecked, CheckReasonMissing
from mingqu.payments.models import FeeNotice, Payment
from mingqu.payments.services.hearing import LOOK
from mingqu.payments.tests import factories as f

pytestmark = pytest.mark.django_db


def differing() -> tuple[FeeNotice, Payment]:
    row = f.notice(people.citizen()[1])
    payment = f.begin(row)
    order = f.bank_pays(payment)
    assert f.tell(order, amount=order.amount - 1).verdict == "amount_differs"
    return row, Payment.objects.get(notice=row, id=payment.id)


def finance() -> Actor:
    return f.officer("finance_officer", "钱管家")


def close(row: FeeNotice, payment: Payment, by: Actor, reason="收款机构已原路退回", key=None) -> None:
    services.close_differing(
        notice_id=row.id, payment_id=payment.id, reason=reason, by=by, at=f.AT + f.DAY, key=key or new_id()
    )


def test_it_is_asked_for_no_more_and_stands_on_the_officers_list_with_both_amounts():
    row, payment = differing()

    assert services.sweep(f.AT + timedelta(hours=1)) == 0
    assert not ProcrastinateJob.objects.filter(task_name=LOOK).exists()
    assert (payment.state, payment.told_amount, f.state(row)) == ("differs", f.FEN - 1, "paying")
    officer = finance()
    assert [one.id for one, _row in selectors.differing(officer)] == [payment.id]
    assert "1笔金额不符" in selectors.waiting(officer, f.AT).words
    assert selectors.differing_everywhere() == 1
    assert selectors.waiting(f.officer("window_clerk", "窗小青"), f.AT) is None


def test_the_payer_is_not_let_pay_a_second_time_meanwhile():
    row, _payment = differing()

    with pytest.raises(AmountBeingChecked):
        f.begin(row, at=f.AT + f.DAY)
    assert Payment.objects.count() == 1


def test_the_provider_corrects_the_amount_and_the_fee_is_paid():
    row, payment = differing()
    order = f.DoubleOrder.objects.get(pk=payment.reference)

    assert f.tell(order).verdict == "paid"
    assert (f.state(row), selectors.differing_everywhere()) == ("paid", 0)


def test_an_attempt_given_up_and_then_told_with_another_amount_is_looked_at_too():
    row = f.notice()
    payment = f.begin(row)
    order = f.bank_pays(payment)
    Payment.objects.filter(id=payment.id).update(state="expired")
    FeeNotice.objects.filter(pk=row.pk).update(state="due")

    f.tell(order, amount=order.amount + 5)

    assert (f.state(row), selectors.differing_everywhere()) == ("paying", 1)


def test_the_officer_writes_what_came_of_it_and_the_fee_is_due_again_once():
    row, payment = differing()
    officer, key = finance(), new_id()

    close(row, payment, officer, key=key)
    close(row, payment, officer, key=key)

    payment.refresh_from_db()
    assert (f.state(row), payment.state, payment.checked_by) == ("due", "failed", officer.id)
    assert AuditEntry.objects.filter(action="payment.close_differing").count() == 1
    assert f.paid(row, at=f.AT + f.DAY).state == "succeeded"
    with pytest.raises(AmountAgrees):
        close(row, payment, officer)


def test_nobody_else_and_nothing_without_a_reason():
    row, payment = differing()

    with pytest.raises(NotAuthorised):
        close(row, payment, f.officer("window_clerk", "窗小青"))
    with pytest.raises(CheckReasonMissing):
        close(row, payment, finance(), reason="  ")
    assert (f.state(row), selectors.differing_everywhere()) == ("paying", 1)


def test_the_pages_say_it_to_payer_and_officer(client: Client):
    user, payer = people.citizen()
    row = f.notice(payer)
    order = f.bank_pays(f.begin(row))
    f.tell(order, amount=order.amount - 1)
    mine = reverse("payments:detail", args=[row.number])

    said = people.signed_in(client, user).get(mine).content.decode()

    assert "正在核对" in said and "去缴费" not in said
