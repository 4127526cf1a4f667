"""每日对账: every difference is found, has an owner and is settled with a reason; what agrees is left alone."""

import csv
import io
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingqu.identity.errors import NotAuthorised
from mingqu.kernel.ids import new_id
from mingqu.payments import rules, selectors, services
from mingqu.payments.errors import (
    DayNotOver,
    DayReconciled,
    DifferenceReasonMissing,
    DifferenceSettled,
    StatementUnreadable,
)
from mingqu.payments.models import Difference, FeeNotice, Payment
from mingqu.payments.services import reconciling
from mingqu.payments.services.reconciling import HEADERS, read_statement
from mingqu.payments.tests import factories as f
from mingqu.payments.types import Line, Statement

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 18)
NEXT = f.AT + f.DAY


@pytest.fixture(autouse=True)
def every_case_is_known(monkeypatch):
    monkeypatch.setattr(reconciling, "_unknown", [])


@pytest.fixture
def finance():
    return f.officer("finance_officer", "钱正")


def statement(*rows):
    """(reference, 分) as the file of a bank; less than nothing is a refund."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADERS)
    for reference, amount in rows:
        writer.writerow(
            [reference, "缴费" if amount >= 0 else "退费", rules.yuan(abs(amount)).replace(",", "")]
        )
    return out.getvalue().encode()


def reconcile(by, *rows, at=NEXT, day=DAY, provider="double"):
    data = statement(*rows)
    return services.reconcile(
        of=Statement(provider, day, "对账单.csv", reconciling.digest_of(data)),
        lines=read_statement(data),
        by=by,
        at=at,
        key=new_id(),
    )


def kinds():
    return sorted(Difference.objects.values_list("kind", "reference"))


def test_a_day_on_which_everything_agrees_has_no_difference(finance):
    payments = [f.paid(f.notice()) for _ in range(3)]

    found = reconcile(finance, *((one.reference, one.amount) for one in payments))

    assert (found.ours, found.theirs, found.differences) == (3, 3, 0)
    assert found.our_sum == found.their_sum == 3 * f.FEN


def test_missing_extra_and_contradicting_lines_are_found_each_with_an_owner(finance):
    same, gone, other = (f.paid(f.notice()) for _ in range(3))

    found = reconcile(finance, (same.reference, f.FEN), (other.reference, f.FEN - 1), ("X", 500))

    assert found.differences == 3
    assert kinds() == sorted(
        [("missing_there", gone.reference), ("amount", other.reference), ("missing_here", "X")]
    )
    assert set(Difference.objects.values_list("owner_id", flat=True)) == {finance.id}


def test_a_line_that_stands_in_the_statement_twice_is_a_contradiction(finance):
    one = f.paid(f.notice())

    reconcile(finance, (one.reference, f.FEN), (one.reference, f.FEN))

    assert kinds() == [("amount", one.reference)]
    assert Difference.objects.get().theirs == 2 * f.FEN


def test_refunds_stand_in_the_day_they_were_given(finance):
    row = f.notice()
    payment = f.paid(row)
    clerk = f.officer("window_clerk", "陈晓岚")
    refund_id = services.ask_refund(
        notice_id=row.id, payment_id=payment.id, reason="多缴", by=clerk, at=f.AT, key=new_id()
    )
    services.agree_refund(notice_id=row.id, refund_id=refund_id, by=finance, at=f.AT, key=new_id())
    services.send_refund(notice_id=row.id, refund_id=refund_id, at=f.AT)
    back = selectors.refunds_of(row)[0]

    found = reconcile(finance, (payment.reference, f.FEN), (back.reference, -f.FEN))

    assert (found.differences, found.our_sum) == (0, 0)


def test_money_without_receipt_without_note_or_without_case_is_found(finance, monkeypatch):
    unnoted, bare, lost = (f.paid(f.notice()) for _ in range(3))
    FeeNotice.objects.filter(pk=unnoted.notice_id).update(state="due")
    Payment.objects.filter(notice_id=bare.notice_id).update(receipt_number="")
    lost_case = FeeNotice.objects.get(pk=lost.notice_id).case_id
    monkeypatch.setattr(reconciling, "_unknown", [lambda ids: {lost_case} & set(ids)])

    reconcile(finance, *((one.reference, f.FEN) for one in (unnoted, bare, lost)))

    assert kinds() == sorted(
        [("not_noted", unnoted.reference), ("no_receipt", bare.reference), ("no_case", lost.reference)]
    )


def test_a_difference_is_settled_once_with_a_reason(finance):
    found = reconcile(finance, ("X", 500))
    (one,) = Difference.objects.all()

    def settle(reason):
        services.settle_difference(
            day_id=found.day_id, difference_id=one.id, reason=reason, by=finance, at=NEXT, key=new_id()
        )

    with pytest.raises(DifferenceReasonMissing):
        settle(" ")
    settle("银行记错账户，已冲正")
    with pytest.raises(DifferenceSettled):
        settle("再一次")
    with pytest.raises(DayReconciled):
        reconcile(finance)
    one.refresh_from_db()
    assert (one.reason, one.settled_by) == ("银行记错账户，已冲正", finance.id)


def test_another_file_takes_the_place_of_the_first_while_nothing_is_settled(finance):
    one = f.paid(f.notice())
    reconcile(finance)

    assert reconcile(finance, (one.reference, f.FEN)).differences == 0
    assert Difference.objects.count() == 0


def test_a_day_is_reconciled_when_it_is_over_by_a_finance_officer(finance):
    with pytest.raises(DayNotOver):
        reconcile(finance, at=f.AT)
    with pytest.raises(NotAuthorised):
        reconcile(f.officer("approver", "汪流"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        "流水号,金额\n1,2\n".encode(),
        ",".join(HEADERS).encode() + "\nA,缴费,1.234\n".encode(),
        ",".join(HEADERS).encode() + "\nA,别的,1.20\n".encode(),
        ",".join(HEADERS).encode() + "\n,缴费,1.20\n".encode(),
        ",".join(HEADERS).encode() + "\nA,缴费\n".encode(),
        b"\x00" * 20,
        b"\xff\xfe\xfd",
    ],
)
def test_a_statement_that_is_none_leaves_nothing_behind(finance, data):
    of = Statement("double", DAY, "坏.csv", "0" * 64)

    with pytest.raises(StatementUnreadable):
        services.reconcile(of=of, lines=read_statement(data), by=finance, at=NEXT, key=new_id())
    assert selectors.days() == []


@pytest.mark.parametrize("line", ['"' + "1" * 200_000, "A,缴费,999999999999"])
def test_a_cell_without_end_and_an_amount_nobody_owes_are_refused_with_their_line(line):
    with pytest.raises(StatementUnreadable) as refusal:
        list(read_statement(f"{','.join(HEADERS)}\n{line}\n".encode()))

    assert refusal.value.params["line"] == 2


def test_a_statement_of_a_bank_that_writes_gb18030_is_read():
    assert list(read_statement(statement(("A", 120)).decode().encode("gb18030"))) == [
        Line(2, "A", "pay", 120)
    ]


AMOUNTS = st.integers(1, 10**7)
ENTRIES = st.dictionaries(st.sampled_from([f"R{n}" for n in range(12)]), AMOUNTS, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(ours=ENTRIES, theirs=ENTRIES)
def test_the_sums_of_a_day_differ_by_what_its_differences_say(finance, ours, theirs):
    from django.db import transaction

    with transaction.atomic():
        row = f.notice(amount=1)
        for reference, amount in ours.items():
            Payment.objects.create(
                notice=row,
                provider="double",
                way="online",
                reference=reference,
                amount=amount,
                state="succeeded",
                surplus=True,
                receipt_number="1",
                began_at=f.AT,
                until=f.AT,
                paid_at=f.AT,
                paid_on=DAY,
            )
        found = reconcile(finance, *theirs.items())
        wrong = {ref for ref in {*ours, *theirs} if ours.get(ref) != theirs.get(ref)}
        rows = list(Difference.objects.all())
        assert {one.reference for one in rows} == wrong
        assert found.our_sum - found.their_sum == sum((one.ours or 0) - (one.theirs or 0) for one in rows)
        assert (found.our_sum, found.their_sum) == (sum(ours.values()), sum(theirs.values()))
        transaction.set_rollback(True)


def test_a_day_with_money_that_nobody_reconciled_stands_on_the_first_page(finance):
    row, clerk = f.notice(), f.officer("window_clerk", "陈窗口")
    services.take_at_window(
        notice_id=row.pk, way="cash", amount=row.amount, proof="S-1", by=clerk, at=f.AT, key=new_id()
    )

    assert selectors.days_left(f.AT) == []  # the day is not over
    assert selectors.days_left(NEXT) == [("counter", DAY)]
    assert selectors.days_waiting(finance, NEXT).words == "1天的收款没有对账"
    assert selectors.days_waiting(clerk, NEXT) is None
    reconcile(finance, ("S-1", row.amount), provider="counter")
    assert selectors.days_left(NEXT) == [] and selectors.days_waiting(finance, NEXT) is None
