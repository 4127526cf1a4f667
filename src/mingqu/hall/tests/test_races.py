"""Two at the same moment: one place has one holder, one number one window."""

import threading
from dataclasses import replace
from uuid import uuid4

from django.db import connections, transaction

from mingqu.cases import selectors as case_questions
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as cases
from mingqu.cases.types import Addressee
from mingqu.hall import selectors, services
from mingqu.hall.errors import (
    AddressChanged,
    PaperMovedOn,
    ParcelUnderWay,
    ResultHere,
    ResultNotHere,
    SlipAnswered,
    SlotClosed,
    SlotFull,
)
from mingqu.hall.models import Booking, Consignment, KeptPaper, QueueNumber, Result, Slip, SlotPlace
from mingqu.hall.shift_types import InHand, ShiftTo
from mingqu.hall.tests import factories as f
from mingqu.hall.tests.factories import NINE
from mingqu.hall.types import Counted, NewPaper
from mingqu.identity import selectors as identity
from mingqu.identity.tests import factories as people
from mingqu.kernel.errors import DomainError

TO = Addressee("李晓禾", "19900001234", "试验路2号")


def at_once(*deeds):
    """What each returned or how it was refused."""
    results, ready = [None] * len(deeds), threading.Barrier(len(deeds))

    def work(place):
        try:
            ready.wait(10)
            results[place] = deeds[place]()
        except DomainError as refused:
            results[place] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[place]) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_races_for_places_numbers_and_days(committed_db):
    """One test for all of them: a database of its own is what costs time here."""
    made = f.hall()
    slot, other, closing = f.slots(made, days=1)[0], f.slots(made, days=2)[0], f.slots(made, days=3)[0]
    people_ = [people.citizen(f"张{n}")[1] for n in "一二三四五六"]

    # Six want two places.
    results = at_once(*(lambda by=by: f.booked(slot, by) for by in people_))
    assert sum(isinstance(one, Booking) for one in results) == 2
    assert sum(isinstance(one, SlotFull) for one in results) == 4
    holders = SlotPlace.objects.filter(slot_id=slot.pk).values_list("booking_id", flat=True)
    assert set(holders) == set(Booking.objects.values_list("id", flat=True))

    # One person presses twice for two times: one hold is left.
    me = people_[5]
    at_once(*(lambda s=s: f.hold(s, me) for s in f.slots(made, days=4)[:2]))
    assert SlotPlace.objects.filter(party_id=me.id, held_until__isnull=False).count() == 1

    # Two move into the last place of one time.
    rows = list(Booking.objects.all())
    f.booked(other, next(by for by in people_ if by.id not in {row.party_id for row in rows}))
    moves = at_once(
        *(
            lambda row=row, by=by: services.move(
                booking_id=row.pk, slot_id=other.pk, by=by, at=NINE, key=uuid4()
            )
            for row in rows
            for by in people_
            if by.id == row.party_id
        )
    )
    assert sum(isinstance(one, SlotFull) for one in moves) == 1
    assert SlotPlace.objects.filter(slot_id=other.pk, booking_id=None).count() == 0
    assert SlotPlace.objects.filter(slot_id=slot.pk, booking_id=None).count() == 1

    # Somebody books while the day is closed: refused, or booked before and then cancelled by the receiver.
    booked, _ = at_once(
        lambda: f.booked(closing, people_[3]),
        lambda: services.close_day(
            hall_id=made.hall_id, day=closing.day, reason="停电", by=made.manager, at=NINE, key=uuid4()
        ),
    )
    assert isinstance(booked, (Booking, SlotClosed))

    # A clerk presses twice to hand her shift over: one waits for the colleague.
    user = people.staff_user("李接班", made.clerk.post_id)
    shifts = at_once(
        *[
            lambda: services.give_shift(
                lines=[InHand("draft", "食品经营许可")],
                to=ShiftTo(user.person_id, made.clerk.post_id),
                by=made.clerk,
                at=NINE,
                key=uuid4(),
            )
        ]
        * 2
    )
    assert sorted(type(one).__name__ for one in shifts) == ["ShiftGivenAlready", "str"]

    # Two windows call the last number that waits.
    number = f.taken(made.a)
    calls = at_once(
        *(
            lambda window=window: services.call_next(window_id=window, by=made.clerk, at=NINE, key=uuid4())
            for window in (made.one, made.two)
        )
    )
    assert sum(isinstance(one, DomainError) for one in calls) == 1
    assert QueueNumber.objects.get(queue_id=number.queue_id).times_called == 1
    _papers_and_results(made)


def _papers_and_results(made):
    """One paper goes on one slip, one slip has one answer, one result comes to a counter once."""
    w = cases.world()
    case = cases.decided_case(w, context={"delivery": "window"})
    given = {"by": w.clerk, "at": NINE}
    services.keep_papers(case_id=case.pk, papers=[NewPaper("营业执照", "original", 1)], key=uuid4(), **given)
    (paper,) = KeptPaper.objects.filter(root_id=case.pk)
    chosen = {"chosen": [(case.pk, paper.id)], **given}

    sent = at_once(
        *(
            lambda to=to: services.send_papers(department_id=to, key=uuid4(), **chosen)
            for to in (w.bureau, identity.department_by_code("QH-SCJG-QLS").id)
        )
    )
    assert sorted(isinstance(one, PaperMovedOn) for one in sent) == [False, True]
    slip = Slip.objects.get()
    assert KeptPaper.objects.get(root_id=case.pk).slip_id == slip.pk
    signer = w.reviewer if slip.department_id == w.bureau else w.station
    counted = [Counted(line.id, 1) for line in selectors.lines_of_slip(slip.pk)]
    answered = at_once(
        lambda: services.receive_papers(slip_id=slip.pk, counted=counted, by=signer, at=NINE, key=uuid4()),
        lambda: services.call_back_slip(slip_id=slip.pk, key=uuid4(), **given),
    )
    assert sum(isinstance(one, SlipAnswered) for one in answered) == 1
    paper = KeptPaper.objects.get(root_id=case.pk)
    taken = Slip.objects.get().state == "received"
    assert (paper.state, paper.post_id) == ("kept", signer.post_id if taken else w.clerk.post_id)

    arrived = at_once(
        *(
            lambda: services.result_arrived(
                case_id=case.pk, hall_id=made.hall_id, place="", key=uuid4(), **given
            )
            for _ in range(2)
        )
    )
    assert sorted(isinstance(one, ResultHere) for one in arrived) == [False, True]
    _address_and_parcel(w, case)
    _parcel_and_result(w, case)


def _address_and_parcel(w, case):
    """She says another address while the parcel is made: it goes where she said last, or she is told it is made."""
    services.readdress(case_id=case.pk, to=TO, by=w.citizen, at=NINE, key=uuid4())
    read = case_questions.delivery_address(Case.objects.get(pk=case.pk))
    other = replace(TO, address="试验路9号")
    made, said = at_once(
        lambda: services.send_result(case_id=case.pk, to=read, by=w.clerk, at=NINE, key=uuid4()),
        lambda: services.readdress(case_id=case.pk, to=other, by=w.citizen, at=NINE, key=uuid4()),
    )
    assert isinstance(made, AddressChanged) != isinstance(said, ParcelUnderWay)
    now = case_questions.delivery_address(Case.objects.get(pk=case.pk))
    parcels = [row.address for row in Consignment.objects.filter(root_id=case.pk)]
    assert (now.address, parcels) in [(other.address, []), (TO.address, [TO.address])]
    for row in Consignment.objects.filter(root_id=case.pk):
        services.cancel_parcel(
            case_id=case.pk, consignment_id=row.id, reason="试过了", by=w.clerk, at=NINE, key=uuid4()
        )
    services.readdress(case_id=case.pk, to=None, by=w.citizen, at=NINE, key=uuid4())


def _parcel_and_result(w, case):
    """What is being taken back at this moment is waited for, and then not sent."""
    sent = []

    def send():
        sent.extend(
            at_once(lambda: services.send_result(case_id=case.pk, to=TO, by=w.clerk, at=NINE, key=uuid4()))
        )

    thread = threading.Thread(target=send)
    with transaction.atomic():
        row = Result.objects.select_for_update().get(pk=case.pk)
        thread.start()
        thread.join(1)
        Result.objects.filter(pk=row.pk).update(state="taken_back", remind_on=None, ended_on=NINE.date())
    thread.join(10)

    assert [type(one) for one in sent] == [ResultNotHere]
