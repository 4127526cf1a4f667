"""Who books has a place of their own, changes it, gives it back, and takes no more than is fair."""

from datetime import date
from uuid import uuid4

import pytest

from mingqu.catalogue.errors import ItemUnknown
from mingqu.hall import selectors, services, tasks
from mingqu.hall.errors import (
    Barred,
    BookedAlready,
    BookingSettled,
    BookingUnknown,
    DayClosedAlready,
    DayNotClosed,
    HoldExpired,
    NameMissing,
    SlotClosed,
    SlotFull,
    SlotOver,
    TooManyBookings,
)
from mingqu.hall.models import Booking, Slot, SlotPlace
from mingqu.hall.rules import Opening
from mingqu.hall.tests import factories as f
from mingqu.hall.tests.factories import MINUTE, NINE
from mingqu.hall.types import NewBooking
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.tests import factories as people
from mingqu.kernel.errors import DomainError
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.relay import round_once
from mingqu.notifications.models import InboxMessage

DAY = 24 * 60 * MINUTE


@pytest.fixture
def made(db):
    return f.hall()


@pytest.fixture
def me(db):
    return people.citizen()[1]


def somebody():
    return people.citizen("张三")[1]


def told(person, kind):
    while round_once(NINE):
        pass
    return [m.body for m in InboxMessage.objects.filter(person_id=person.id, kind=kind)]


def left(slot):
    return {one.id: one.left for one in selectors.free_slots(slot.line_id, slot.day, NINE - DAY)}[slot.pk]


def test_slots_are_made_for_working_days_with_their_places(made):
    days = [one.day for one in selectors.free_days(made.a, NINE)]

    # 14 days ahead: the Sunday before 中秋 and the first days of 国庆 are as the notice says.
    assert days[0] == date(2026, 9, 18)
    assert date(2026, 9, 19) not in days  # a Saturday
    assert date(2026, 9, 20) in days  # a working Sunday
    assert date(2026, 9, 25) not in days  # 中秋节
    assert [one.left for one in selectors.free_slots(made.a, days[1], NINE)] == [2, 2, 2, 2]
    assert selectors.free_days(made.b, NINE) == []  # no times are open for that line


def test_making_the_slots_again_makes_none(made):
    assert services.open_slots(hall_id=made.hall_id, by=f.SYSTEM, at=NINE, key=uuid4()) == 0


def test_a_place_is_held_then_booked_and_the_person_is_told(made, me):
    slot = f.slots(made, days=1)[0]
    row = f.booked(slot, me)

    assert row.number == "YY99010420260920000001"
    assert (row.state, row.begins_at, row.name, row.phone) == ("booked", slot.begins_at, "李晓禾", f.PHONE)
    assert left(slot) == 1
    (body,) = told(me, "hall_booked")
    assert "2026年9月20日" in body and "大厅路1号" in body and row.number in body
    entries = AuditEntry.objects.filter(root_id=row.pk).order_by("seq")
    assert [entry.action for entry in entries] == ["hall.hold", "hall.book"]
    assert "李晓禾" not in str([entry.notes for entry in entries])


def test_a_second_press_of_the_same_form_is_the_same_hold_and_the_same_appointment(made, me):
    slot, key = f.slots(made, days=1)[0], uuid4()
    first, second = f.hold(slot, me, key=key), f.hold(slot, me, key=key)
    assert (first, left(slot)) == (second, 1)

    book = lambda: services.book(  # noqa: E731
        hold_id=first.id, slot_id=slot.pk, booking=NewBooking("李晓禾", f.PHONE), by=me, at=NINE, key=key_of
    )
    key_of = uuid4()
    assert book() == book()
    assert Booking.objects.count() == 1


def test_a_hold_that_is_over_is_free_for_others_and_books_nothing(made, me):
    slot = f.slots(made, days=1)[0]
    kept = f.hold(slot, me)
    f.hold(slot, somebody())
    with pytest.raises(SlotFull):
        f.hold(slot, somebody())

    late = NINE + 11 * MINUTE
    f.booked(slot, somebody(), at=late)
    f.booked(slot, somebody(), at=late)
    with pytest.raises(HoldExpired):
        services.book(
            hold_id=kept.id,
            slot_id=slot.pk,
            booking=NewBooking("李晓禾", f.PHONE),
            by=me,
            at=late,
            key=uuid4(),
        )
    assert not Booking.objects.filter(party_id=me.id).exists()


def test_a_person_holds_one_place_at_a_time(made, me):
    first, second = f.slots(made, days=1)[:2]
    f.hold(first, me)
    f.hold(second, me)

    assert (left(first), left(second)) == (2, 1)


def test_nobody_books_what_another_holds(made, me):
    slot = f.slots(made, days=1)[0]
    kept = f.hold(slot, me)

    with pytest.raises(DomainError):
        services.book(
            hold_id=kept.id,
            slot_id=slot.pk,
            booking=NewBooking("张三", f.PHONE),
            by=somebody(),
            at=NINE,
            key=uuid4(),
        )
    assert SlotPlace.objects.get(booking_id=kept.id).party_id == me.id


@pytest.mark.parametrize(
    ("name", "phone", "item", "refusal"),
    [
        (" ", f.PHONE, "", NameMissing),
        ("李晓禾", "12345", "", DomainError),
        ("李晓禾", f.PHONE, "NONE", ItemUnknown),
    ],
)
def test_what_is_refused_leaves_the_hold_as_it_was(made, me, name, phone, item, refusal):
    slot = f.slots(made, days=1)[0]
    with pytest.raises(refusal):
        f.booked(slot, me, name=name, phone=phone, item=item)

    assert not Booking.objects.exists()
    assert SlotPlace.objects.get(party_id=me.id).held_until is not None


def test_moving_gives_the_first_place_back_in_the_same_moment(made, me):
    first, second = f.slots(made, days=1)[:2]
    row = f.booked(first, me)
    services.move(booking_id=row.pk, slot_id=second.pk, by=me, at=NINE, key=uuid4())

    row = f.again(row)
    assert (row.slot_id, row.begins_at, left(first), left(second)) == (second.pk, second.begins_at, 2, 1)
    assert len(told(me, "hall_moved")) == 1


def test_moving_to_a_full_time_leaves_everything_as_it_was(made, me):
    first, second = f.slots(made, days=1)[:2]
    row = f.booked(first, me)
    f.booked(second, somebody())
    f.booked(second, somebody())
    with pytest.raises(SlotFull):
        services.move(booking_id=row.pk, slot_id=second.pk, by=me, at=NINE, key=uuid4())

    assert f.again(row).slot_id == first.pk
    assert left(first) == 1


def test_what_is_cancelled_is_free_again_and_stays_cancelled(made, me):
    slot = f.slots(made, days=1)[0]
    row = f.booked(slot, me)
    services.cancel(booking_id=row.pk, by=me, at=NINE, key=uuid4())

    assert (f.again(row).state, left(slot)) == ("cancelled", 2)
    with pytest.raises(BookingSettled):
        services.cancel(booking_id=row.pk, by=me, at=NINE, key=uuid4())


def test_what_has_begun_is_neither_booked_nor_moved_nor_cancelled(made, me):
    first, second = f.slots(made, days=1)[:2]
    row, begun = f.booked(first, me), first.begins_at
    for deed in (
        lambda: f.hold(first, somebody(), at=begun),
        lambda: services.move(booking_id=row.pk, slot_id=second.pk, by=me, at=begun, key=uuid4()),
        lambda: services.cancel(booking_id=row.pk, by=me, at=begun, key=uuid4()),
    ):
        with pytest.raises(SlotOver):
            deed()
    assert f.again(row).state == "booked"


def test_somebody_elses_appointment_is_not_there(made, me):
    row, other = f.booked(f.slots(made, days=1)[0], me), somebody()
    with pytest.raises(BookingUnknown):
        selectors.own_booking(other, row.number, NINE)
    with pytest.raises(NotAuthorised):
        services.cancel(booking_id=row.pk, by=other, at=NINE, key=uuid4())

    assert selectors.own_bookings(other, NINE) == []
    assert [one.number for one in selectors.own_bookings(me, NINE)] == [row.number]


def test_a_person_has_three_open_appointments_at_most_and_one_in_a_time(made, me):
    times = f.slots(made, days=1)
    f.booked(times[0], me)
    with pytest.raises(BookedAlready):
        f.hold(times[0], me)
    f.booked(times[1], me)
    f.booked(times[2], me)
    with pytest.raises(TooManyBookings):
        f.hold(times[3], me)


def test_who_missed_three_books_no_more_for_a_while_and_then_again(made, me):
    days = [f.slots(made, days=n)[0] for n in (1, 2, 3)]
    rows = [f.booked(slot, me) for slot in days]
    tasks.end_days(days[2].begins_at + DAY)

    assert {f.again(row).state for row in rows} == {"missed"}
    assert len(told(me, "hall_missed")) == 3
    last = f.slots(made, days=5)[0]
    with pytest.raises(Barred):
        f.hold(last, me, at=days[2].begins_at + DAY)
    later = NINE + 45 * DAY
    services.open_slots(hall_id=made.hall_id, by=f.SYSTEM, at=later, key=uuid4())
    f.hold(Slot.objects.filter(begins_at__gt=later).order_by("begins_at")[0], me, at=later)


def test_a_closed_day_takes_no_bookings_and_cancels_what_was_booked_with_its_reason(made, me):
    slot = f.slots(made, days=1)[0]
    row = f.booked(slot, me)
    close = {"hall_id": made.hall_id, "day": slot.day, "reason": "停电", "by": made.manager, "at": NINE}
    services.close_day(**close, key=uuid4())

    with pytest.raises(SlotClosed):
        f.hold(slot, somebody())
    (body,) = told(me, "hall_cancelled")
    assert "停电" in body
    assert f.again(row).state == "cancelled"
    assert slot.day not in [one.day for one in selectors.free_days(made.a, NINE)]
    with pytest.raises(DayClosedAlready):
        services.close_day(**close, key=uuid4())


def test_a_closed_day_that_works_after_all_is_booked_again_but_what_was_cancelled_stays_so(made, me):
    slot = f.slots(made, days=1)[0]
    row, day = f.booked(slot, me), {"hall_id": made.hall_id, "day": slot.day, "by": made.manager, "at": NINE}
    with pytest.raises(DayNotClosed):
        services.reopen_day(**day, key=uuid4())
    services.close_day(**day, reason="停电", key=uuid4())
    assert not selectors.is_open(made.hall_id, slot.day)

    services.reopen_day(**day, key=uuid4())

    assert selectors.is_open(made.hall_id, slot.day)
    assert slot.day in [one.day for one in selectors.free_days(made.a, NINE)]
    assert told(me, "hall_cancelled")
    assert f.again(row).state == "cancelled"
    f.hold(slot, somebody())


def test_new_rules_begin_where_no_times_were_offered_yet(made):
    opening = Opening(f.MORNING.begins, f.MORNING.ends, 60, 5)
    since = services.set_opening(line_id=made.a, openings=[opening], by=made.manager, at=NINE, key=uuid4())
    last = Slot.objects.filter(line_id=made.a).latest("day").day

    assert since == last + DAY
    assert services.open_slots(hall_id=made.hall_id, by=f.SYSTEM, at=NINE, key=uuid4()) == 0


def test_only_who_manages_the_hall_changes_what_is_open(made, me):
    for by in (me, made.clerk, people.staff_actor("hall_manager")):
        with pytest.raises(NotAuthorised):
            services.set_opening(line_id=made.a, openings=[f.MORNING], by=by, at=NINE, key=uuid4())


def test_what_an_account_booked_is_the_registered_persons_it_turns_out_to_be(made, me):
    row, registered = f.booked(f.slots(made, days=1)[0], me), somebody()
    services.hand_over(before=me.id, to=registered.id)

    assert [one.number for one in selectors.own_bookings(registered, NINE)] == [row.number]
    assert selectors.own_bookings(me, NINE) == []
    services.cancel(booking_id=row.pk, by=registered, at=NINE, key=uuid4())
