"""A relative books, moves and cancels for who asked her to, within the matters; a firm's handlers in its name."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.hall import selectors, services
from mingqu.hall.errors import BookedAlready, BookingUnknown
from mingqu.hall.models import Booking
from mingqu.hall.tests import factories as f
from mingqu.identity import selectors as identity
from mingqu.identity.errors import CapacityOver, OutsideAuthority
from mingqu.identity.models import Capacity
from mingqu.identity.services import end_capacity
from mingqu.identity.tests import households
from mingqu.kernel.events import ActedForAnother
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry, OutboxEvent
from mingqu.kernel.types import Actor
from mingqu.notifications.models import InboxMessage
from mingqu.portal.receivers import tell_whom_it_was_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return households.made(f.NINE)


def acting(house, capacity_id, at=f.NINE) -> Actor:
    held = identity.capacities_of(house.daughter.person_id, legal_day(at))
    return identity.citizen_actor(house.daughter, "邱晓岚", held, str(capacity_id))[0]


def test_what_she_books_is_her_mothers_and_the_ledger_has_both(house):
    made = f.hall()
    by = acting(house, house.relative)

    row = f.booked(f.slots(made)[1], by)

    assert row.party_id == house.mother.person_id
    entry = AuditEntry.objects.get(action="hall.book")
    assert entry.actor_id == house.daughter.person_id
    assert entry.notes["acting_for"] == str(house.mother.person_id)
    assert OutboxEvent.objects.filter(name="kernel.acted_for_another", payload__action="hall.book").exists()
    for action in ("hall.hold", "hall.book"):
        told = ActedForAnother(
            row.pk, house.mother.person_id, house.daughter.person_id, house.relative, action
        )
        tell_whom_it_was_for(told, at=f.NINE)
    (message,) = InboxMessage.objects.filter(person_id=house.mother.person_id, kind="acted_for_you")
    assert "预约" in message.body
    assert [one.number for one in selectors.own_bookings(by, f.NINE)] == [row.number]
    mother = Actor("citizen", house.mother.person_id, user_id=house.mother.pk)
    assert selectors.own_booking(mother, row.number, f.NINE).number == row.number
    herself = Actor("citizen", house.daughter.person_id, user_id=house.daughter.pk)
    with pytest.raises(BookingUnknown):
        selectors.own_booking(herself, row.number, f.NINE)

    services.cancel(booking_id=row.pk, by=by, at=f.NINE, key=new_id())
    assert Booking.objects.get().state == "cancelled"


def test_an_authority_for_other_matters_or_that_ended_books_nothing(house):
    made = f.hall()
    slot = f.slots(made)[1]
    Capacity.objects.filter(pk=house.relative).update(items=["QH-SPJYXK"])
    by = acting(house, house.relative)
    with pytest.raises(OutsideAuthority):
        f.hold(slot, by)

    Capacity.objects.filter(pk=house.relative).update(items=[])
    by = acting(house, house.relative)
    end_capacity(
        capacity_id=house.relative,
        by=Actor("citizen", house.mother.person_id, user_id=house.mother.pk),
        at=f.NINE,
        key=new_id(),
    )
    with pytest.raises(CapacityOver):
        f.hold(slot, by)
    assert not Booking.objects.exists()


def test_an_authority_for_some_matters_sees_the_appointments_for_these_alone(house):
    made = f.hall()
    mother = Actor("citizen", house.mother.person_id, user_id=house.mother.pk)
    row = f.booked(f.slots(made)[1], mother)
    Capacity.objects.filter(pk=house.relative).update(items=["QH-SPJYXK"])
    by = acting(house, house.relative)
    assert selectors.own_bookings(by, f.NINE) == []

    Booking.objects.filter(pk=row.pk).update(item_code="QH-SPJYXK")

    assert [one.number for one in selectors.own_bookings(by, f.NINE)] == [row.number]


def test_what_is_booked_in_a_firms_name_is_the_firms_and_no_private_appointment_is_shown(house):
    made = f.hall()
    herself = Actor("citizen", house.daughter.person_id, user_id=house.daughter.pk)
    private = f.booked(f.slots(made)[2], herself)
    firm = Capacity.objects.get(principal_id=house.firm, kind="representative")
    by = acting(house, firm.pk)

    row = f.booked(f.slots(made)[1], by)

    assert (row.firm_id, row.capacity_id, row.party_id) == (house.firm, firm.pk, house.daughter.person_id)
    (shown,) = selectors.own_bookings(by, f.NINE)
    assert shown.number == row.number and shown.firm
    with pytest.raises(BookingUnknown):
        selectors.own_booking(by, private.number, f.NINE)
    with pytest.raises(BookedAlready):
        f.hold(f.slots(made)[2], by)  # she can't be in two places: her own limits count
    services.cancel(booking_id=row.pk, by=by, at=f.NINE, key=new_id())
    assert Booking.objects.get(pk=row.pk).state == "cancelled"


def test_another_of_the_firm_moves_an_appointment_to_no_time_when_who_comes_is_elsewhere(house):
    made = f.hall()
    firm = Capacity.objects.get(principal_id=house.firm, kind="representative")
    row = f.booked(f.slots(made)[1], acting(house, firm.pk))
    herself = Actor("citizen", house.daughter.person_id, user_id=house.daughter.pk)
    private = f.booked(f.slots(made)[2], herself)
    firm.pk, firm.agent_id, firm.kind, firm._state.adding = new_id(), house.mother.person_id, "handler", True
    firm.save(force_insert=True)
    held = identity.capacities_of(house.mother.person_id, legal_day(f.NINE))
    colleague = identity.citizen_actor(house.mother, "邱桂芬", held, str(firm.pk))[0]

    with pytest.raises(BookedAlready):
        services.move(booking_id=row.pk, slot_id=private.slot_id, by=colleague, at=f.NINE, key=new_id())
    own = f.booked(f.slots(made)[3], Actor("citizen", house.mother.person_id, user_id=house.mother.pk))
    services.move(booking_id=row.pk, slot_id=own.slot_id, by=colleague, at=f.NINE, key=new_id())
    assert Booking.objects.get(pk=row.pk).party_id == house.daughter.person_id


def test_a_handler_of_another_firm_and_one_whose_authority_ended_reach_no_appointment_of_this_firm(house):
    made, stranger = f.hall(), new_id()
    firm = Capacity.objects.get(principal_id=house.firm, kind="representative")
    by = acting(house, firm.pk)
    row = f.booked(f.slots(made)[1], by)
    elsewhere = replace(by, id=stranger, agency=replace(by.agency, for_id=new_id(), agent_id=stranger))
    relative = acting(house, house.relative)

    for other in (elsewhere, relative):
        with pytest.raises(BookingUnknown):
            selectors.own_booking(other, row.number, f.NINE)
        assert selectors.own_bookings(other, f.NINE) == []
        with pytest.raises((OutsideAuthority, CapacityOver)):
            services.cancel(booking_id=row.pk, by=other, at=f.NINE, key=new_id())
    Capacity.objects.filter(pk=firm.pk).update(state="ended")
    with pytest.raises(CapacityOver):
        services.cancel(booking_id=row.pk, by=by, at=f.NINE, key=new_id())
    herself = Actor("citizen", house.daughter.person_id, user_id=house.daughter.pk)
    with pytest.raises(BookingUnknown):
        selectors.own_booking(herself, row.number, f.NINE)
    assert Booking.objects.get(pk=row.pk).state == "booked"


def test_the_pages_are_open_to_her_and_name_who_comes_not_the_mothers_telephone():
    at = timezone.now()
    house = households.made(at)
    made = f.hall_from_tomorrow()
    from mingqu.identity.tests.factories import signed_in

    browser = signed_in(Client(), house.daughter)
    browser.post(reverse("portal:switch"), {"capacity": str(house.relative)})
    slot = f.slots(made)[1]
    held = browser.post(reverse("hall:hold"), {"slot": str(slot.pk), "key": str(new_id())})
    form = browser.get(held["Location"]).content.decode()

    assert "邱晓岚" in form and house.mother.phone not in form
    assert browser.get(reverse("hall:mine")).status_code == 200
    assert f'href="{reverse("hall:mine")}"' in browser.get(reverse("portal:my")).content.decode()
    assert slot.begins_at > at + timedelta(hours=0)
