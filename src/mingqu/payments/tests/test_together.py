"""合并缴款: one order for several fees; each keeps its own receipt and refund, and the statement has one line."""

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.identity.errors import NotAuthorised
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry
from mingqu.payments import selectors, services
from mingqu.payments.errors import (
    NotOwed,
    NotTogether,
    PaidTogether,
    SettlingIncomplete,
    TogetherUnknown,
)
from mingqu.payments.models import Difference, Payment, ProviderCallback, TogetherPayment
from mingqu.payments.providers import double
from mingqu.payments.services import reconciling
from mingqu.payments.services.together import close_order
from mingqu.payments.tests import factories as f
from mingqu.payments.types import Line, Statement

pytestmark = pytest.mark.django_db
LATER = f.AT + f.MINUTE
AMOUNTS = (100, 2_000, 30_000)


def three(payer):
    return [f.notice(payer, amount=amount) for amount in AMOUNTS]


def together(rows, by, *, about=None, at=f.AT, key=None):
    ids = [row.id for row in rows]
    begun = services.begin_together(
        about_id=about or new_id(), notice_ids=ids, by=by, at=at, key=key or new_id()
    )
    return TogetherPayment.objects.get(pk=begun.together_id)


def pays(order, *, at=f.AT, amount=None, times=1):
    bank = double.decide(order.reference, paid=True, at=at)
    said = [f.tell(bank, at=at, amount=amount).verdict for _ in range(times)]
    services.settle(together_id=order.pk, at=at)
    order.refresh_from_db()
    return said


@pytest.fixture
def payer():
    return people.citizen()[1]


def test_three_fees_are_paid_with_one_order_and_each_has_a_receipt_of_its_own(payer):
    rows = three(payer)
    order = together(rows, payer)

    assert order.amount == sum(AMOUNTS)
    assert pays(order, times=3) == ["paid", "known", "known"]

    assert order.settled and [f.state(row) for row in rows] == ["paid"] * 3
    paid = Payment.objects.filter(order_reference=order.reference)
    assert sorted(one.amount for one in paid) == sorted(AMOUNTS)
    assert len({one.receipt_number for one in paid}) == 3
    assert not paid.filter(surplus=True).exists()
    assert ProviderCallback.objects.count() == 0, "no notice was told of alone"


def test_struck_down_between_two_notices_the_next_run_writes_the_rest(payer, monkeypatch):
    rows = three(payer)
    order = together(rows, payer)
    from mingqu.payments.services import settling

    real, written = settling._write, []

    def dies_after_one(*given):
        if written:
            raise SystemExit
        written.append(real(*given))

    monkeypatch.setattr(settling, "_write", dies_after_one)
    with pytest.raises(SystemExit):
        pays(order)
    assert sorted(f.state(row) for row in rows) == ["paid", "paying", "paying"]
    assert services.sweep(f.AT + 3 * f.MINUTE) == 1, "what was told and not written is found"
    monkeypatch.setattr(settling, "_write", real)
    services.settle(together_id=order.pk, at=LATER)
    services.settle(together_id=order.pk, at=LATER)

    assert [f.state(row) for row in rows] == ["paid"] * 3
    assert Payment.objects.filter(state="succeeded").count() == 3


def test_one_notice_that_cannot_be_written_stops_no_other_and_is_tried_again(payer, monkeypatch):
    rows = three(payer)
    order = together(rows, payer)
    from mingqu.payments.services import settling

    real, first = settling._write, min(row.id for row in rows)

    def breaks_at_the_first(row, notice_id, *given):
        if notice_id == first:
            raise ZeroDivisionError
        return real(row, notice_id, *given)

    monkeypatch.setattr(settling, "_write", breaks_at_the_first)
    with pytest.raises(SettlingIncomplete, match="1 × ZeroDivisionError"):
        pays(order)
    order.refresh_from_db()
    assert not order.settled
    assert sorted(f.state(row) for row in rows) == ["paid", "paid", "paying"]
    assert services.sweep(f.AT + 3 * f.MINUTE) == 1, "the order is taken up again"
    monkeypatch.setattr(settling, "_write", real)
    services.settle(together_id=order.pk, at=LATER)

    assert [f.state(row) for row in rows] == ["paid"] * 3
    order.refresh_from_db()
    assert order.settled


def test_pressed_again_it_is_the_same_order_and_a_fee_in_it_is_not_paid_alone(payer):
    rows, about = three(payer), new_id()
    order = together(rows, payer, about=about)

    assert together(rows, payer, about=about, at=LATER) == order
    with pytest.raises(PaidTogether, match=order.number):
        services.begin_payment(notice_id=rows[0].id, by=payer, at=LATER, key=new_id())
    assert Payment.objects.count() == 3


def test_what_is_being_paid_alone_or_owed_no_more_is_left_out(payer):
    rows = three(payer)
    f.begin(rows[0])
    f.paid(rows[1])
    begun = services.begin_together(
        about_id=new_id(), notice_ids=[row.id for row in rows], by=payer, at=f.AT, key=new_id()
    )

    assert (begun.amount, begun.many, begun.left_out) == (AMOUNTS[2], 1, 2)
    pays(TogetherPayment.objects.get())
    f.paid(rows[0])
    with pytest.raises(NotOwed):
        together(rows, payer)


def test_fees_of_two_people_are_two_payments_and_nobody_pays_anothers(payer):
    stranger = people.citizen()[1]
    mine, theirs = f.notice(payer), f.notice(stranger)

    with pytest.raises(NotAuthorised):
        together([mine, theirs], payer)
    other = people.department("澜州市清禾区城市管理局", code="QH-CGJ")
    elsewhere = services.issue_notice(
        of=f.of(payer.id, department_id=other, case_id=new_id()), charge=f.charge(), at=f.AT
    )
    with pytest.raises(NotTogether):
        services.begin_together(
            about_id=new_id(), notice_ids=[mine.id, elsewhere], by=payer, at=f.AT, key=new_id()
        )
    order = together([mine], payer)
    with pytest.raises(TogetherUnknown):
        selectors.together_visible_to(stranger, order.pk)
    assert selectors.together_visible_to(payer, order.pk).many == 1


def test_one_of_three_goes_back_alone_and_never_more_than_came(payer):
    rows, finance, clerk = (
        three(payer),
        f.officer("finance_officer", "钱正"),
        f.officer("window_clerk", "周敏"),
    )
    order = together(rows, payer)
    pays(order)
    payment = Payment.objects.get(notice=rows[1])
    refund_id = services.ask_refund(
        notice_id=rows[1].id, payment_id=payment.id, reason="这一件不办了", by=clerk, at=f.AT, key=new_id()
    )
    services.agree_refund(notice_id=rows[1].id, refund_id=refund_id, by=finance, at=f.AT, key=new_id())
    services.send_refund(notice_id=rows[1].id, refund_id=refund_id, at=LATER)

    assert [f.state(row) for row in rows] == ["paid", "refunded", "paid"]
    bank = double.DoubleBank()
    left = sum(AMOUNTS) - AMOUNTS[1]
    assert bank.refund(order.reference, "more", left + 1, at=LATER).state == "failed"
    assert bank.refund(order.reference, "rest", left, at=LATER).state == "paid"


def test_the_statements_one_line_agrees_with_the_three_payments(payer, monkeypatch):
    monkeypatch.setattr(reconciling, "_unknown", [])
    finance, alone = f.officer("finance_officer", "钱正"), f.paid(f.notice(payer, amount=7))
    order = together(three(payer), payer)
    pays(order)

    def reconcile(amount):
        lines = [Line(2, order.reference, "pay", amount), Line(3, alone.reference, "pay", 7)]
        return services.reconcile(
            of=Statement("double", f.AT.date(), "对账单.csv", "0" * 64),
            lines=lines,
            by=finance,
            at=f.AT + f.DAY,
            key=new_id(),
        )

    agrees = reconcile(order.amount)
    assert (agrees.differences, agrees.ours, agrees.our_sum) == (0, 2, agrees.their_sum)
    assert reconcile(order.amount - 1).differences == 1
    found = Difference.objects.get()
    assert (found.kind, found.reference, found.ours) == ("amount", order.reference, order.amount)
    monkeypatch.setattr(reconciling, "_unknown", [set])
    assert reconcile(order.amount).differences == 4, "each payment is looked for with its own case"


def test_another_amount_pays_none_of_them_until_an_officer_closes_the_whole_order(payer):
    rows, finance = three(payer), f.officer("finance_officer", "钱正")
    order = together(rows, payer)
    assert pays(order, amount=order.amount - 1) == ["amount_differs"]
    assert [f.state(row) for row in rows] == ["paying"] * 3
    assert len(selectors.differing(finance)) == 3
    share = Payment.objects.filter(notice=rows[0]).get()
    services.close_differing(
        notice_id=rows[0].id, payment_id=share.id, reason="银行退回了", by=finance, at=LATER, key=new_id()
    )
    services.settle(together_id=order.pk, at=LATER)

    assert [f.state(row) for row in rows] == ["due"] * 3
    assert not selectors.differing(finance)
    assert pays(together(rows, payer, at=LATER), at=LATER) == ["paid"]


def test_a_job_that_was_overtaken_writes_nothing_that_is_told_otherwise_by_now(payer, monkeypatch):
    """It read the order as differing, then an officer closed it and that was written at every notice."""
    rows, finance = three(payer), f.officer("finance_officer", "钱正")
    order = together(rows, payer)
    bank = double.decide(order.reference, paid=True, at=f.AT)
    f.tell(bank, at=f.AT, amount=order.amount - 1)
    from mingqu.payments.services import settling

    real, closed = settling._write, []

    def overtaken(*given):
        if not closed:
            closed.append(True)
            key = {"by": finance, "at": LATER, "key": new_id()}
            close_order(together_id=order.pk, reason="银行退回了", **key)
            services.settle(together_id=order.pk, at=LATER)
        real(*given)

    monkeypatch.setattr(settling, "_write", overtaken)
    services.settle(together_id=order.pk, at=LATER)

    assert [f.state(row) for row in rows] == ["due"] * 3
    assert not selectors.differing(finance)


@pytest.mark.parametrize("told", ["failed", "expired"])
def test_an_order_nothing_came_of_leaves_all_of_them_due(payer, told):
    rows = three(payer)
    order = together(rows, payer)
    if told == "failed":
        f.tell(double.decide(order.reference, paid=False, at=f.AT), "failed")
    else:
        assert services.look_at_order(together_id=order.pk, at=f.AT + 31 * f.MINUTE) == "expired"
    services.settle(together_id=order.pk, at=LATER)

    assert [f.state(row) for row in rows] == ["due"] * 3
    order.refresh_from_db()
    assert (order.state, order.settled) == (told, True)
    assert AuditEntry.objects.filter(root_id=order.pk, action="payment.pay_together").exists()


def test_paid_at_the_counter_meanwhile_the_share_is_surplus_and_goes_back_alone(payer):
    rows, clerk = three(payer), f.officer("window_clerk", "周敏")
    order = together(rows, payer)
    services.take_at_window(
        notice_id=rows[0].id, way="cash", amount=AMOUNTS[0], proof="A1", by=clerk, at=f.AT, key=new_id()
    )
    pays(order)

    share = Payment.objects.get(notice=rows[0], order_reference=order.reference)
    assert (share.state, share.surplus) == ("succeeded", True)
    assert [f.state(row) for row in rows] == ["paid"] * 3


def test_the_page_of_an_order_is_its_payers_alone(payer):
    user, by = people.citizen()
    order = together(three(by), by)
    url = reverse("payments:together", args=[order.pk])
    assert people.signed_in(Client(), people.citizen()[0]).get(url).status_code == 404
    mine = people.signed_in(Client(), user)
    assert "正在等收款机构确认" in mine.get(url).content.decode()
    again = reverse("payments:together_again", args=[order.pk])
    assert mine.post(again).status_code == 302
    assert people.signed_in(Client(), people.citizen()[0]).post(again).status_code == 404
    pays(order)
    assert mine.post(again)["Location"] == url, "paid meanwhile"
    shown = mine.get(url).content.decode()
    assert "每一笔都记好了" in shown
    for payment in Payment.objects.filter(order_reference=order.reference):
        assert payment.receipt_number in shown


def test_an_order_that_was_left_is_gone_on_with_at_the_same_page_until_its_time_is_over(payer):
    row = together(three(payer), payer)
    before = AuditEntry.objects.count()

    address = services.address_again(together_id=row.pk, by=payer, at=LATER)

    assert row.reference in address
    assert [one.id for one in selectors.together_open(payer, LATER)] == [row.pk]
    assert AuditEntry.objects.count() == before, "nothing of ours changes"
    assert selectors.together_open(people.citizen()[1], LATER) == []
    with pytest.raises(NotAuthorised):
        services.address_again(together_id=row.pk, by=people.citizen()[1], at=LATER)
    with pytest.raises(TogetherUnknown):
        services.address_again(together_id=new_id(), by=payer, at=LATER)
    with pytest.raises(NotOwed):
        services.address_again(together_id=row.pk, by=payer, at=row.until)
    assert selectors.together_open(payer, row.until) == []
