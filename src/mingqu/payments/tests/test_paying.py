"""A fee is paid once, whatever the provider tells, how often and in which order."""

import json

import pytest
from django.test import Client

from mingqu.identity.errors import NotAuthorised
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor
from mingqu.payments import selectors, services
from mingqu.payments.errors import (
    CallbackStale,
    CallbackUnreadable,
    NoticeUnknown,
    NotOwed,
    ProviderUnavailable,
    ReferenceUnknown,
    SignatureWrong,
)
from mingqu.payments.models import FeeNotice, Payment, ProviderCallback, Refund
from mingqu.payments.providers import double, registry, signing
from mingqu.payments.tests import factories as f

pytestmark = pytest.mark.django_db


def test_a_fee_of_a_case_is_raised_once():
    of, fee = f.of(), f.charge()

    first = services.issue_notice(of=of, charge=fee, at=f.AT)
    again = services.issue_notice(of=of, charge=fee, at=f.AT + f.DAY)

    row = FeeNotice.objects.get()
    assert first == again == row.pk
    assert (row.state, row.amount, str(row.due_on)) == ("due", f.FEN, "2026-10-09")
    assert row.number.startswith("JK99010420260918")


def test_what_a_rule_makes_free_is_written_down_with_its_reason_and_nobody_is_asked():
    row = f.notice(amount=0, because="建设学校，免缴")

    assert (row.state, row.ended_because, row.request_id) == ("exempted", "建设学校，免缴", None)
    with pytest.raises(NotOwed):
        f.begin(row)


def test_money_told_by_the_bank_pays_with_a_receipt_and_the_browsers_return_does_not():
    row = f.notice()
    payment = f.begin(row)
    assert f.state(row) == "paying"
    order = f.bank_pays(payment)
    assert f.state(row) == "paying", "nothing was told yet: that the browser came back proves nothing"

    assert f.tell(order).verdict == "paid"

    row.refresh_from_db()
    payment.refresh_from_db()
    assert (row.state, row.receipt_number) == ("paid", "990104202600000001")
    assert (payment.state, payment.trade_number) == ("succeeded", order.trade_number)


def test_a_telling_that_comes_before_the_browser_is_back_pays_too_and_the_page_says_so(client: Client):
    row = f.notice()
    f.paid(row)

    assert selectors.view_of(FeeNotice.objects.get()).state_words == "已缴费"


def test_the_same_telling_three_times_is_one_payment():
    row = f.notice()
    order, event = f.bank_pays(f.begin(row)), new_id()

    said = [f.tell(order, event=event, at=f.AT + n * f.MINUTE).verdict for n in range(3)]

    assert said == ["paid", "paid", "paid"], "answered as at first"
    assert Payment.objects.filter(state="succeeded").count() == ProviderCallback.objects.count() == 1
    assert Refund.objects.count() == 0


def test_three_tellings_of_one_payment_are_one_payment():
    order = f.bank_pays(f.begin(f.notice()))

    assert [f.tell(order).verdict for _ in range(3)] == ["paid", "known", "known"]
    assert Payment.objects.filter(state="succeeded").count() == 1
    assert AuditEntry.objects.filter(action="payment.hear").count() == 3, "each stands in the ledger"


def test_two_pages_open_side_by_side_lead_to_one_order():
    row = f.notice()

    assert f.begin(row).reference == f.begin(row, at=f.AT + f.MINUTE).reference
    assert Payment.objects.count() == 1


def test_an_attempt_that_failed_leaves_the_fee_due_and_the_next_one_pays():
    row = f.notice()
    first = f.begin(row)
    order = double.decide(first.reference, paid=False, at=f.AT)

    assert f.tell(order, "failed").verdict == "failed"
    assert f.state(row) == "due"
    assert f.paid(row).reference != first.reference


def test_a_telling_with_another_amount_pays_nothing_and_is_kept():
    row = f.notice()
    order = f.bank_pays(f.begin(row))

    assert f.tell(order, amount=order.amount - 1).verdict == "amount_differs"
    assert f.state(row) == "paying"
    assert ProviderCallback.objects.get().verdict == "amount_differs"


def test_money_that_comes_after_the_fee_was_cancelled_is_proposed_to_be_given_back():
    row = f.notice()
    order = f.bank_pays(f.begin(row))
    services.cancel_of_case(case_id=row.case_id, because="申请已撤回", at=f.AT)

    assert f.tell(order).verdict == "late"

    assert f.state(row) == "cancelled"
    assert Refund.objects.get().state == "asked"
    assert Payment.objects.get().surplus


def test_money_that_comes_by_two_attempts_pays_once_and_the_rest_is_proposed_to_be_given_back():
    row = f.notice()
    first = f.begin(row)
    second = f.begin(row, at=f.AT + 31 * f.MINUTE)  # the first page has shut by then
    assert first.reference != second.reference

    assert f.tell(f.bank_pays(first)).verdict == "paid"
    assert f.tell(f.bank_pays(second)).verdict == "surplus"
    assert f.state(row) == "paid"
    assert Refund.objects.get().payment_id == second.id


def test_a_telling_that_never_came_is_asked_for_and_paid_once():
    """Struck down between the provider's page and our record: the reference was written down before."""
    row = f.notice()
    payment = f.begin(row)
    order = f.bank_pays(payment)

    for minutes in (3, 4, 5):
        services.look_again(notice_id=row.id, payment_id=payment.id, at=f.AT + minutes * f.MINUTE)

    assert f.state(row) == "paid"
    assert f.tell(order, at=f.AT + 6 * f.MINUTE).verdict == "known"
    assert FeeNotice.objects.get().receipt_number == Payment.objects.get().receipt_number


def test_an_order_the_provider_never_heard_of_is_given_up_when_its_page_would_have_shut():
    row = f.notice()
    payment = f.begin(row)
    double.DoubleOrder.objects.all().delete()  # the call never reached it

    services.look_again(notice_id=row.id, payment_id=payment.id, at=f.AT + 3 * f.MINUTE)
    assert f.state(row) == "paying"
    services.look_again(notice_id=row.id, payment_id=payment.id, at=f.AT + 31 * f.MINUTE)
    assert f.state(row) == "due"


def test_the_sweep_asks_for_what_was_not_told_in_time_and_not_at_every_turn(
    django_capture_on_commit_callbacks,
):
    row = f.notice()
    payment = f.begin(row)

    assert services.sweep(f.AT + f.MINUTE) == 0
    assert services.sweep(f.AT + 3 * f.MINUTE) == 1
    services.look_again(notice_id=row.id, payment_id=payment.id, at=f.AT + 3 * f.MINUTE)
    assert services.sweep(f.AT + 4 * f.MINUTE) == 0


def test_only_the_payer_pays_and_sees_the_fee():
    row, stranger = f.notice(), Actor("citizen", new_id())

    with pytest.raises(NotAuthorised):
        services.begin_payment(notice_id=row.id, by=stranger, at=f.AT, key=new_id())
    with pytest.raises(NoticeUnknown):
        selectors.notice_visible_to(stranger, row.number)
    assert selectors.notice_visible_to(f.payer_of(row), row.number) == row


def test_without_a_provider_nobody_pays_online(settings):
    row = f.notice()
    settings.MINGQU_DEMO, settings.MINGQU_PAYMENT_PROVIDER = False, "double"

    with pytest.raises(ProviderUnavailable):
        f.begin(row)
    assert f.state(row) == "due"


# The door of the provider -----------------------------------------------------------------------------------------


def read(headers, body, *, at=f.AT):
    return registry.named("double").read(headers, body, at=at)


def test_a_telling_changed_on_the_way_or_signed_by_nobody_is_refused():
    headers, body = double.telling(f.bank_pays(f.begin(f.notice())), "paid", at=f.AT)

    with pytest.raises(SignatureWrong):
        read(headers, body.replace(b"1260000", b"1260001"))
    with pytest.raises(SignatureWrong):
        read(headers | {signing.SENT: (f.AT + f.MINUTE).isoformat()}, body)
    with pytest.raises(SignatureWrong):
        read({}, body)
    with pytest.raises(SignatureWrong):
        read(headers | {signing.SIGNATURE: "收"}, body)


def test_a_telling_recorded_and_sent_again_later_is_refused():
    headers, body = double.telling(f.bank_pays(f.begin(f.notice())), "paid", at=f.AT)

    with pytest.raises(CallbackStale):
        read(headers, body, at=f.AT + 11 * f.MINUTE)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"\xff", b"[" * 9000, json.dumps({"event": "x", "kind": "paid"}).encode()]
)
def test_a_signed_telling_that_says_nothing_is_refused(body):
    sent = f.AT.isoformat()
    headers = {signing.SENT: sent, signing.SIGNATURE: signing.sign(double.secret(), sent, body)}

    with pytest.raises(CallbackUnreadable):
        read(headers, body)


@pytest.mark.parametrize("amount", [True, 1.5, "1260000", -1, 10**12])
def test_an_amount_that_is_no_whole_number_of_fen_is_refused(amount):
    order = f.bank_pays(f.begin(f.notice()))
    headers, body = double.telling(order, "paid", at=f.AT, amount=amount)

    with pytest.raises(CallbackUnreadable):
        read(headers, body)


def test_a_telling_of_a_payment_we_never_asked_for_is_refused_and_stands_in_the_ledger():
    order = f.bank_pays(f.begin(f.notice()))
    order.reference = "unknown"

    with pytest.raises(ReferenceUnknown):
        f.tell(order)
    assert AuditEntry.objects.filter(action="payment.hear_unknown").count() == 1


@pytest.fixture
def now(monkeypatch):
    from types import SimpleNamespace

    monkeypatch.setattr("mingqu.kernel.middleware.timezone", SimpleNamespace(now=lambda: f.AT))


def posted(client: Client, headers, body, provider="double"):
    return client.post(
        f"/api/v1/payment-callbacks/{provider}", body, content_type="application/json", headers=headers
    )


def test_the_address_of_callbacks_needs_a_signature_and_neither_session_nor_csrf_token(now):
    client = Client(enforce_csrf_checks=True)
    row = f.notice()
    order = f.bank_pays(f.begin(row))
    headers, body = double.telling(order, "paid", at=f.AT)

    assert posted(client, {}, body).status_code == 403
    assert f.state(row) == "paying"
    answer = posted(client, headers, body)
    assert (answer.status_code, answer.json()) == (200, {"verdict": "paid"})
    assert posted(client, headers, body).json() == {"verdict": "paid"}
    assert f.state(row) == "paid"


def test_what_the_address_of_callbacks_refuses_it_says_as_a_problem(now):
    client = Client()
    order = f.bank_pays(f.begin(f.notice()))
    headers, body = double.telling(order, "paid", at=f.AT, amount=1)

    answer = posted(client, headers, body)
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["code"] == "payment_amount_differs"
    assert posted(client, headers, body, "nobody").json()["code"] == "payment_provider_unknown"


def test_the_address_of_callbacks_is_not_hammered(now, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"payment_callback_address": (3, 60)}

    assert [posted(Client(), {}, b"").status_code for _ in range(5)][-1] == 429
