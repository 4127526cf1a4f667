"""Money at the window; what two people decide: that nothing is owed, that it is given back."""

import pytest

from mingqu.identity.errors import NotAuthorised
from mingqu.kernel.ids import new_id
from mingqu.kernel.second_person import DeedAsked, DeedNotAsked, DeedReasonMissing, SecondPersonNeeded
from mingqu.payments import selectors, services
from mingqu.payments.errors import (
    AmountWrong,
    ExemptionBasisMissing,
    NothingToRefund,
    NotOwed,
    ProofMissing,
    ProofUsed,
    ProviderUnavailable,
    RefundNotWaiting,
    RefundReasonMissing,
)
from mingqu.payments.models import DoubleOrder, FeeNotice, Payment, Refund
from mingqu.payments.providers.double import DoubleBank
from mingqu.payments.tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return f.officer("window_clerk", "陈晓岚")


@pytest.fixture
def leader():
    return f.officer("approver", "汪流")


@pytest.fixture
def finance():
    return f.officer("finance_officer", "钱正")


def take(row, by, *, way="cash", amount=f.FEN, proof="S-0001"):
    return services.take_at_window(
        notice_id=row.id, way=way, amount=amount, proof=proof, by=by, at=f.AT, key=new_id()
    )


def ask_exemption(row, by, basis="水土保持补偿费征收使用管理办法第十一条", reason="建设学校"):
    services.ask_exemption(notice_id=row.id, basis=basis, reason=reason, by=by, at=f.AT, key=new_id())


def exempt(row, by):
    services.exempt(notice_id=row.id, by=by, at=f.AT, key=new_id())


def ask_refund(row, payment, by, reason="重复缴了"):
    return services.ask_refund(
        notice_id=row.id, payment_id=payment.id, reason=reason, by=by, at=f.AT, key=new_id()
    )


def agree(row, refund_id, by):
    services.agree_refund(notice_id=row.id, refund_id=refund_id, by=by, at=f.AT, key=new_id())


def send(row, refund_id, minutes=0):
    return services.send_refund(notice_id=row.id, refund_id=refund_id, at=f.AT + minutes * f.MINUTE)


# At the window ----------------------------------------------------------------------------------------------------


def test_cash_at_the_window_pays_with_its_slip(clerk):
    row = f.notice()

    assert take(row, clerk).verdict == "paid"
    row.refresh_from_db()
    payment = Payment.objects.get()
    assert (row.state, bool(row.receipt_number)) == ("paid", True)
    assert (payment.way, payment.reference, payment.post_id) == ("cash", "S-0001", clerk.post_id)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"amount": f.FEN - 1}, AmountWrong),
        ({"amount": f.FEN + 1}, AmountWrong),
        ({"proof": " "}, ProofMissing),
        ({"way": "online"}, ProofMissing),
    ],
)
def test_the_window_takes_exactly_what_is_owed_and_notes_the_slip(clerk, given, refusal):
    row = f.notice()

    with pytest.raises(refusal):
        take(row, clerk, **given)
    assert (f.state(row), Payment.objects.count()) == ("due", 0)


def test_one_slip_is_one_payment(clerk):
    take(f.notice(), clerk)

    with pytest.raises(ProofUsed):
        take(f.notice(), clerk)


def test_what_was_paid_online_is_not_taken_again_at_the_window(clerk):
    row = f.notice()
    f.paid(row)

    with pytest.raises(NotOwed):
        take(row, clerk)


def test_a_reviewer_takes_no_money():
    with pytest.raises(NotAuthorised):
        take(f.notice(), f.officer("reviewer", "梁坡"))


# Exemption --------------------------------------------------------------------------------------------------------


def test_an_exemption_is_asked_for_by_one_and_approved_by_another(clerk, leader):
    row = f.notice()
    ask_exemption(row, clerk)
    assert f.state(row) == "due"
    assert selectors.exemptions_waiting(leader) == [row]

    exempt(row, leader)

    row.refresh_from_db()
    assert row.state == "exempted"
    assert row.ended_because == "建设学校（水土保持补偿费征收使用管理办法第十一条）"


def test_nobody_approves_an_exemption_of_her_own(leader):
    row = f.notice()
    ask_exemption(row, leader)

    with pytest.raises(SecondPersonNeeded):
        exempt(row, leader)
    with pytest.raises(DeedAsked):
        ask_exemption(row, leader)
    assert f.state(row) == "due"


def test_an_exemption_needs_its_basis_and_its_reason(clerk):
    row = f.notice()

    with pytest.raises(ExemptionBasisMissing):
        ask_exemption(row, clerk, basis=" ")
    with pytest.raises(DeedReasonMissing):
        ask_exemption(row, clerk, reason=" ")


def test_what_nobody_asked_for_is_not_approved_and_a_clerk_approves_nothing(clerk, leader):
    row = f.notice()

    with pytest.raises(DeedNotAsked):
        exempt(row, leader)
    ask_exemption(row, leader)
    with pytest.raises(NotAuthorised):
        exempt(row, clerk)


def test_an_exemption_that_was_declined_leaves_the_fee_due(clerk, leader):
    row = f.notice()
    ask_exemption(row, clerk)

    services.decline_exemption(notice_id=row.id, by=leader, at=f.AT, key=new_id())

    assert f.state(row) == "due"
    assert f.paid(row).state == "succeeded"


def test_what_was_paid_meanwhile_is_not_exempted(clerk, leader):
    row = f.notice()
    ask_exemption(row, clerk)
    f.paid(row)

    with pytest.raises(NotOwed):
        exempt(row, leader)


# Refund -----------------------------------------------------------------------------------------------------------


def test_a_refund_is_asked_for_by_one_agreed_by_another_and_goes_back_the_way_it_came(clerk, finance):
    row = f.notice()
    payment = f.paid(row)

    refund_id = ask_refund(row, payment, clerk)
    assert f.state(row) == "paid", "asked for is not given"
    assert [one for one, _ in selectors.refunds_waiting(finance)] == list(Refund.objects.all())
    agree(row, refund_id, finance)
    assert f.state(row) == "refunding"

    assert [send(row, refund_id, minutes) for minutes in (0, 1, 2)] == ["done"] * 3
    assert f.state(row) == "refunded"
    assert DoubleOrder.objects.filter(refund_of=payment.reference).count() == 1, "given back once"


def test_a_refund_needs_a_reason_and_a_payment_and_is_asked_for_once(clerk):
    row = f.notice()
    payment = f.paid(row)

    with pytest.raises(RefundReasonMissing):
        ask_refund(row, payment, clerk, " ")
    ask_refund(row, payment, clerk)
    with pytest.raises(NothingToRefund):
        ask_refund(row, payment, clerk)
    with pytest.raises(NothingToRefund):
        ask_refund(f.notice(), payment, clerk)


def test_who_asked_for_a_refund_does_not_agree_to_it(finance):
    row = f.notice()
    refund_id = ask_refund(row, f.paid(row), finance)

    with pytest.raises(SecondPersonNeeded):
        agree(row, refund_id, finance)
    assert f.state(row) == "paid"


def test_a_declined_refund_may_be_asked_for_again(clerk, finance):
    row = f.notice()
    payment = f.paid(row)
    refund_id = ask_refund(row, payment, clerk)

    services.decline_refund(notice_id=row.id, refund_id=refund_id, by=finance, at=f.AT, key=new_id())
    with pytest.raises(RefundNotWaiting):
        agree(row, refund_id, finance)
    assert ask_refund(row, payment, clerk) != refund_id


def test_cash_is_handed_back_at_the_window_with_its_slip(clerk, finance):
    row = f.notice()
    take(row, clerk)
    refund_id = ask_refund(row, Payment.objects.get(), clerk)
    agree(row, refund_id, finance)

    def returned(proof):
        services.record_returned(
            notice_id=row.id, refund_id=refund_id, proof=proof, by=clerk, at=f.AT, key=new_id()
        )

    with pytest.raises(ProofMissing):
        returned(" ")
    returned("T-0001")
    assert f.state(row) == "refunded"
    with pytest.raises(RefundNotWaiting):
        returned("T-0002")


def test_a_refund_the_bank_refuses_is_seen_and_tried_again(clerk, finance):
    row = f.notice()
    payment = f.paid(row)
    DoubleOrder.objects.filter(pk=payment.reference).update(state="failed")
    refund_id = ask_refund(row, payment, clerk)
    agree(row, refund_id, finance)

    assert send(row, refund_id) == "failed"
    assert f.state(row) == "refunding"
    DoubleOrder.objects.filter(pk=payment.reference).update(state="paid")
    agree(row, refund_id, finance)
    assert send(row, refund_id, 1) == "done"


def test_struck_down_between_the_bank_and_our_record_a_refund_is_given_once(clerk, finance, monkeypatch):
    row = f.notice()
    refund_id = ask_refund(row, f.paid(row), clerk)
    agree(row, refund_id, finance)
    whole = DoubleBank.refund

    def struck(self, *args, **more):
        whole(self, *args, **more)
        raise ProviderUnavailable()

    monkeypatch.setattr(DoubleBank, "refund", struck)
    with pytest.raises(ProviderUnavailable):
        send(row, refund_id)
    assert f.state(row) == "refunding"
    monkeypatch.setattr(DoubleBank, "refund", whole)
    assert services.sweep(f.AT + 11 * f.MINUTE) == 1
    assert send(row, refund_id, 11) == "done"
    assert DoubleOrder.objects.exclude(refund_of="").count() == 1


def test_money_nobody_owed_is_given_back_after_one_officer_looked_and_the_fee_stays_paid(clerk, finance):
    row = f.notice()
    first = f.begin(row)
    take(row, clerk)
    assert f.tell(f.bank_pays(first)).verdict == "surplus"
    refund = Refund.objects.get()

    agree(row, refund.id, finance)
    assert send(row, refund.id) == "done"
    assert f.state(row) == "paid"
    assert FeeNotice.objects.get().receipt_number == Payment.objects.get(way="cash").receipt_number


def test_a_case_that_ends_while_money_is_given_back_changes_nothing_of_it(clerk, finance):
    row = f.notice()
    refund_id = ask_refund(row, f.paid(row), clerk)
    agree(row, refund_id, finance)

    assert services.cancel_of_case(case_id=row.case_id, because="办件终止", at=f.AT) == 0
    assert send(row, refund_id) == "done"
    assert f.state(row) == "refunded"
