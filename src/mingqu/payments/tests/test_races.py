"""Two at once on one notice."""

import threading

from django.db import connections

from mingqu.identity.tests import factories as people
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.payments import services
from mingqu.payments.models import FeeNotice, Payment, PaymentReference, Refund
from mingqu.payments.tests import factories as f


def at_once(*deeds):
    """Each in a thread of its own; what each came to, a refusal by its code."""
    results = [None] * len(deeds)
    barrier = threading.Barrier(len(deeds))

    def work(place, deed):
        barrier.wait(10)
        try:
            results[place] = deed()
        except DomainError as refused:
            results[place] = refused.code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_paying_from_two_places_begins_one_order(committed_db):
    row = f.notice()

    first, second = at_once(lambda: f.begin(row), lambda: f.begin(row))

    assert first.reference == second.reference
    assert Payment.objects.count() == 1


def test_two_tellings_at_once_are_one_payment(committed_db):
    row = f.notice()
    order = f.bank_pays(f.begin(row))

    said = at_once(lambda: f.tell(order), lambda: f.tell(order))

    assert sorted(one.verdict for one in said) == ["known", "paid"]
    assert Payment.objects.get().state == "succeeded"


def test_the_window_and_the_bank_at_once_take_the_fee_once_and_what_is_too_much_is_given_back(committed_db):
    clerk, row = f.officer("window_clerk", "陈晓岚"), f.notice()
    order = f.bank_pays(f.begin(row))

    def window():
        return services.take_at_window(
            notice_id=row.id, way="pos", amount=f.FEN, proof="P1", by=clerk, at=f.AT, key=new_id()
        ).verdict

    taken, told = at_once(window, lambda: f.tell(order).verdict)

    assert (taken, told) in {("paid", "surplus"), ("fee_not_owed", "paid")}
    assert FeeNotice.objects.get().state == "paid"
    assert Payment.objects.filter(state="succeeded", surplus=False).count() == 1
    assert Refund.objects.count() == Payment.objects.filter(surplus=True).count()


def begun(rows, payer, about):
    ids = [row.id for row in rows]
    return services.begin_together(
        about_id=about, notice_ids=ids, by=payer, at=f.AT, key=new_id()
    ).together_id


def test_pressed_at_two_places_at_once_begins_one_order(committed_db):
    payer = people.citizen()[1]
    rows, about = [f.notice(payer, amount=amount) for amount in (100, 200, 300)], new_id()

    first, second = at_once(*[lambda: begun(rows, payer, about)] * 2)

    assert first == second
    assert (Payment.objects.count(), PaymentReference.objects.filter(together=True).count()) == (3, 1)
