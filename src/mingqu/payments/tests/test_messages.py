"""The payer hears that a fee is due, that it was paid, waived, given back; once each."""

from datetime import UTC, datetime, time

import pytest
from django.urls import reverse

from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.kernel.ids import new_id
from mingqu.notifications.models import InboxMessage
from mingqu.payments import services
from mingqu.payments.tests import factories as f
from mingqu.payments.tests.test_together import pays, three, together
from mingqu.ui.text import zh_day

pytestmark = pytest.mark.django_db


def told(payer):
    while relay.round_once(f.AT):
        pass
    kinds = [one.kind for one in InboxMessage.objects.filter(person_id=payer.id)]
    InboxMessage.objects.all().delete()
    return kinds


def test_the_payer_hears_of_every_turn_of_a_fee_once():
    payer = people.citizen()[1]
    clerk, leader, finance = (
        f.officer(role, role) for role in ("window_clerk", "approver", "finance_officer")
    )
    row, other = f.notice(payer), f.notice(payer)
    assert told(payer) == ["fee_due", "fee_due"]

    payment = f.paid(row)
    assert told(payer) == ["fee_paid"]

    services.ask_exemption(notice_id=other.id, basis="某办法", reason="学校", by=clerk, at=f.AT, key=new_id())
    services.exempt(notice_id=other.id, by=leader, at=f.AT, key=new_id())
    assert told(payer) == ["fee_exempted"]

    refund_id = services.ask_refund(
        notice_id=row.id, payment_id=payment.id, reason="缴错了", by=clerk, at=f.AT, key=new_id()
    )
    services.agree_refund(notice_id=row.id, refund_id=refund_id, by=finance, at=f.AT, key=new_id())
    services.send_refund(notice_id=row.id, refund_id=refund_id, at=f.AT)
    assert told(payer) == ["fee_refunded"]


def test_a_day_that_passes_is_told_once_to_payer_and_organ_and_not_on_the_day_itself():
    payer = people.citizen()[1]
    head, other = f.officer("approver", "批准人"), f.officer("reviewer", "审查人")
    row, paid = f.notice(payer), f.notice(payer)
    f.paid(paid)
    told(payer)
    noon = datetime.combine(row.due_on, time(4), UTC)

    assert services.note_overdue(noon) == 0
    late = noon + f.DAY
    assert (services.note_overdue(late), services.note_overdue(late + f.DAY)) == (1, 0)
    while relay.round_once(late):
        pass

    assert InboxMessage.objects.filter(kind="fee_overdue_at_desk", person_id=head.id).count() == 1
    assert not InboxMessage.objects.filter(person_id=other.id).exists()
    assert told(payer) == ["fee_overdue"]


def test_what_is_paid_by_the_time_it_is_told_is_not_told_as_overdue():
    payer = people.citizen()[1]
    row = f.notice(payer)
    told(payer)
    late = datetime.combine(row.due_on, time(4), UTC) + f.DAY
    services.note_overdue(late)
    f.paid(row, at=late)
    while relay.round_once(late):
        pass

    assert told(payer) == ["fee_paid"]


def test_the_message_that_asks_for_money_says_until_when():
    payer = people.citizen()[1]
    row, open_ended = f.notice(payer), f.notice(payer, within=None)
    while relay.round_once(f.AT):
        pass

    said = {one.body for one in InboxMessage.objects.filter(person_id=payer.id)}
    assert any(f"最晚{zh_day(row.due_on)}缴" in one for one in said) and open_ended.due_on is None
    assert any("请尽快缴" in one for one in said)


def test_who_has_paid_by_the_time_the_message_goes_out_is_not_asked_to_pay():
    payer = people.citizen()[1]
    f.paid(f.notice(payer))

    assert told(payer) == ["fee_paid"]


def test_three_fees_paid_with_one_order_are_told_once_with_their_sum():
    payer = people.citizen()[1]
    order = together(three(payer), payer)
    assert told(payer) == ["fee_due"] * 3

    pays(order)
    while relay.round_once(f.AT):
        pass

    [message] = InboxMessage.objects.filter(person_id=payer.id)
    assert message.kind == "fees_paid" and message.title == "已缴费：3笔，共321.00元"
    assert message.link == reverse("payments:together", args=[order.pk])


def test_a_fee_paid_at_the_counter_before_the_order_came_is_told_as_that_one():
    payer = people.citizen()[1]
    rows, clerk = three(payer), f.officer("window_clerk", "周敏")
    together(rows, payer)
    told(payer)
    services.take_at_window(
        notice_id=rows[0].id, way="cash", amount=rows[0].amount, proof="A1", by=clerk, at=f.AT, key=new_id()
    )

    assert told(payer) == ["fee_paid"]
