"""寄递 that goes astray: a clock that is wrong, tellings before their order, what is fetched though cancelled."""

from datetime import timedelta

import pytest

from mingqu.cases.models import Case, ServiceOfPaper
from mingqu.cases.services import deliver_case
from mingqu.cases.types import Served
from mingqu.hall import errors, selectors, services
from mingqu.hall.courier import double
from mingqu.hall.models import Consignment
from mingqu.hall.services import consignments
from mingqu.hall.tests.test_consignments import HOUR, NOON, case, ordered, relayed, send, tell, w
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day

pytestmark = pytest.mark.django_db
__all__ = ["case", "w"]


def state(row) -> str:
    return Consignment.objects.get(id=row.id).state


def test_a_courier_whose_clock_is_days_behind_serves_on_no_day_before_it_was_sent(w, case):
    row = ordered(w, case)
    told = double.play(row.reference, "signed", at=NOON - timedelta(days=3), signer="李晓禾")
    headers, body = double.telling(told, at=NOON + HOUR)
    heard = double.DoubleCourier().read(headers, body, at=NOON + HOUR)
    services.hear_courier(courier="double", told=heard, at=NOON + HOUR)
    relayed(case)

    assert Case.objects.get(pk=case.pk).status == "delivered"
    assert ServiceOfPaper.objects.get(case=case).served_on == legal_day(NOON)


def test_what_is_told_before_the_order_was_written_down_counts(w, case, monkeypatch):
    parcel_id = send(w, case)
    row = Consignment.objects.get(id=parcel_id)
    ask = consignments.registry.named

    class Struck:
        name = "double"

        def order(self, parcel, *, at):
            ask("double").order(parcel, at=at)
            raise SystemExit  # the courier has it; we are struck down

    with monkeypatch.context() as m, pytest.raises(SystemExit):
        m.setattr(consignments.registry, "named", lambda name: Struck())
        services.order_parcel(case_id=case.pk, consignment_id=parcel_id, at=NOON)
    assert tell(row, "collected") == ["moving"]
    services.order_parcel(case_id=case.pk, consignment_id=parcel_id, at=NOON + 2 * HOUR)
    assert state(row) == "moving"
    assert tell(row, "signed", at=NOON + 3 * HOUR, signer="李晓禾") == ["signed"]


def test_what_was_fetched_although_cancelled_is_followed_to_its_end(w, case):
    row = ordered(w, case)
    services.cancel_parcel(
        case_id=case.pk, consignment_id=row.id, reason="自己来领", by=w.clerk, at=NOON, key=new_id()
    )

    assert tell(row, "collected") == ["moving"], "the courier had been there"
    assert tell(row, "signed", at=NOON + 2 * HOUR, signer="李晓禾") == ["signed"]
    relayed(case, NOON + 2 * HOUR)
    assert Case.objects.get(pk=case.pk).status == "delivered"


def test_struck_down_after_an_order_that_was_cancelled_meanwhile_the_courier_is_told(w, case, monkeypatch):
    parcel_id = send(w, case)
    real = double.DoubleCourier.order

    def cancelled_meanwhile(self, parcel, *, at):
        found = real(self, parcel, at=at)
        services.cancel_parcel(
            case_id=case.pk, consignment_id=parcel_id, reason="自己来领", by=w.clerk, at=at, key=new_id()
        )
        return found

    told = []
    monkeypatch.setattr(double.DoubleCourier, "order", cancelled_meanwhile)
    monkeypatch.setattr(double.DoubleCourier, "cancel", lambda self, reference: told.append(reference))
    jobs = Jobs(monkeypatch)
    services.order_parcel(case_id=case.pk, consignment_id=parcel_id, at=NOON)

    assert consignments.CANCEL in jobs.after_order


class Jobs:
    """The jobs that the command of the order leaves, which outlive the process."""

    def __init__(self, monkeypatch):
        from mingqu.kernel.commands import Command

        self.after_order: list[str] = []
        real = Command.defer

        def defer(cmd, task, *, queue, **ids):
            if cmd.name == "parcel.order":
                self.after_order.append(task)
            return real(cmd, task, queue=queue, **ids)

        monkeypatch.setattr(Command, "defer", defer)


def test_what_is_on_its_way_is_not_handed_out_taken_back_or_asked_to_be_collected(w, case):
    row = ordered(w, case)
    tell(row, "collected")
    late = NOON + timedelta(days=9)

    with pytest.raises(errors.ParcelUnderWay):
        services.take_result_back(
            case_id=case.pk, reason="登记错了", by=w.clerk, at=NOON + HOUR, key=new_id()
        )
    assert list(selectors.results_to_remind(legal_day(late), 9)) == []


def test_collected_at_the_window_after_all_the_parcel_that_was_only_ordered_is_cancelled(w, case):
    row = ordered(w, case)
    deliver_case(case_id=case.pk, served=Served.at_window("李晓禾"), by=w.clerk, at=NOON + HOUR, key=new_id())
    relayed(case)

    assert state(row) == "cancelled"
    services.cancel_at_courier(case_id=case.pk, consignment_id=row.id)
    assert double.DoubleParcel.objects.get().state == "cancelled"


def test_many_parcels_on_their_way_keep_no_lost_order_waiting(w, case, monkeypatch):
    monkeypatch.setattr(consignments, "SWEEP_BATCH", 1)
    row = ordered(w, case)
    tell(row, "collected")
    other = second(w)
    parcel_id = send(w, other, at=NOON + 2 * HOUR)

    assert services.sweep_parcels(NOON + 3 * HOUR) == 1
    assert Consignment.objects.get(id=parcel_id).asked_at == NOON + 3 * HOUR


def second(w):
    from mingqu.cases.tests import factories as cases
    from mingqu.hall.models import Hall

    found = cases.decided_case(w, context={"delivery": "window"})
    hall = Hall.objects.get()
    services.result_arrived(case_id=found.pk, hall_id=hall.pk, place="", by=w.clerk, at=NOON, key=new_id())
    return found
