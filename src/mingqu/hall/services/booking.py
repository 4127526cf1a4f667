"""Appointments: a place is held, booked, moved, given back. A place is a row, so that it has one holder."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection, transaction
from django.db.models import Q

from mingqu.catalogue import selectors as catalogue
from mingqu.hall import rules, selectors
from mingqu.hall.errors import (
    Barred,
    BookedAlready,
    HoldExpired,
    NameMissing,
    NotServed,
    SlotClosed,
    SlotFull,
    TooManyBookings,
)
from mingqu.hall.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMissed,
    AppointmentMoved,
)
from mingqu.hall.models import Booker, Booking, BookingNumber, Slot, SlotPlace
from mingqu.hall.types import Booked, Hold, NewBooking
from mingqu.identity.services import access, limits
from mingqu.identity.services.people import for_field
from mingqu.kernel.commands import command
from mingqu.kernel.identifiers import Phone
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.numbers import next_number
from mingqu.kernel.types import Actor, Instant

NAME_LENGTH = 60


@dataclass(frozen=True)
class _Wanted:
    """What a place is wanted for, as an object of access: whose it will be, and which item."""

    party_ids: tuple[UUID, ...]
    item_code: str = ""
    item_type: str = ""
    department_id: UUID | None = None
    region_code: str = ""
    firm_id: UUID | None = None
    capacity_id: UUID | None = None


def _wanted(by: Actor, item_code: str) -> _Wanted:
    """The item is looked up for who acts for another alone: her authority may be for some matters only."""
    firm_id, capacity_id = _in_whose_name(by)
    if by.agency is None or not item_code:
        return _Wanted((by.id,), firm_id=firm_id, capacity_id=capacity_id)
    item = catalogue.item(item_code)
    return _Wanted((by.id,), item.code, item.item_type, firm_id=firm_id, capacity_id=capacity_id)


def _in_whose_name(by: Actor) -> tuple[UUID | None, UUID | None]:
    """The firm and the authority; none where somebody books for a person."""
    agency = by.agency
    return (agency.for_id, agency.capacity_id) if agency and agency.for_firm else (None, None)


def hold_slot(*, slot_id: UUID, by: Actor, at: Instant, key: UUID, item_code: str = "") -> Hold:
    """
    A place of this time is kept for the person for some minutes; what they held before is free again. `by` may be who
    acts for the person (亲友代办): the place is that person's, within the matters of the authority; or who acts for a
    firm: the appointment is the firm's, and counts among those of who comes.

    Raises SlotUnknown, SlotClosed, SlotOver, SlotFull, BookedAlready, TooManyBookings, Barred, TooManyAttempts or
    NotAuthorised.
    """
    limits.spend("hall_person_day", str(by.id), at=at)  # each writes to the ledger, and moving tells besides
    hold_id = uuid5(NAMESPACE_URL, f"mingqu:hall:{by.id}:{key}")  # a person's key makes nobody else's hold
    with command("hall.hold", hold_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Hold)
        booker = _booker_for_update(by.id)
        access.require(by, "hall.hold", _wanted(by, item_code))
        _check_may_book(by, slot_id, at)
        slot = _open_slot(slot_id, at)
        if booker.hold_id and booker.held_slot_id:
            _release(booker.held_slot_id, booker.hold_id, held_only=True)
        until = at + timedelta(minutes=selectors.setting("hold_minutes"))
        _claim(slot.pk, hold_id, by.id, at, until)
        booker.hold_id, booker.held_slot_id = hold_id, slot.pk
        booker.save(update_fields=["hold_id", "held_slot_id"])
        cmd.note(begins_at=slot.begins_at, until=until)
        return cmd.done(Hold(hold_id, slot.pk, until))


def book(*, hold_id: UUID, slot_id: UUID, booking: NewBooking, by: Actor, at: Instant, key: UUID) -> Booked:
    """
    The place that is held becomes an appointment, with who comes and for what.

    Raises HoldExpired, SlotClosed, SlotOver, NameMissing, what is wrong with the telephone, ItemUnknown, NotServed,
    TooManyBookings, Barred or NotAuthorised.
    """
    name = " ".join(booking.name.split())
    if not name or len(name) > NAME_LENGTH:
        raise NameMissing(field="name")
    phone = str(for_field("phone", Phone.parse, booking.phone))
    with command("hall.book", hold_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Booked)
        booker = _booker_for_update(by.id)
        access.require(by, "hall.book", _wanted(by, booking.item_code))
        _check_may_book(by, slot_id, at)
        slot = _open_slot(slot_id, at)
        _keep(slot_id, hold_id, by.id, at)
        row = _new_booking(hold_id, slot, booking.item_code, by, at)
        row.name, row.phone = name, phone
        row.save(force_insert=True)
        BookingNumber(number=row.number, booking_id=row.pk).save(force_insert=True)
        booker.hold_id = booker.held_slot_id = None
        booker.save(update_fields=["hold_id", "held_slot_id"])
        cmd.note(number=row.number, begins_at=row.begins_at, item=row.item_code)
        cmd.note_digest(name=name, phone=phone)
        cmd.publish(AppointmentBooked(row.pk, row.hall_id, row.line_id, row.begins_at))
        return cmd.done(Booked(row.pk, row.number, row.begins_at))


def move(*, booking_id: UUID, slot_id: UUID, by: Actor, at: Instant, key: UUID) -> Booked:
    """
    To another time of the same line; the first place is given back in the same moment.

    Raises BookingUnknown, BookingSettled, SlotUnknown, SlotClosed, SlotOver, SlotFull, NotServed, BookedAlready,
    TooManyAttempts or NotAuthorised.
    """
    limits.spend("hall_person_day", str(by.id), at=at)
    with command("hall.move", booking_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Booked)
        row = selectors.booking_for_update(booking_id)
        access.require(by, "hall.move", row)
        row.state = rules.booking_after(row.state, "move")
        rules.check_not_begun(row.begins_at, at)
        _booker_for_update(row.party_id)  # who moves two at once, or books beside it, waits here
        if slot_id in _open_slots(row.party_id, at):  # hers who comes, whoever of her firm moves it
            raise BookedAlready()
        slot = _open_slot(slot_id, at)
        if slot.line_id != row.line_id:
            raise NotServed()
        _claim(slot.pk, row.pk, row.party_id, at, None)
        _release(row.slot_id, row.pk)
        row.slot_id, row.day = slot.pk, slot.day
        row.begins_at, row.ends_at = slot.begins_at, slot.ends_at
        row.save(update_fields=["slot_id", "day", "begins_at", "ends_at", "state"])
        cmd.note(number=row.number, begins_at=row.begins_at)
        cmd.publish(AppointmentMoved(row.pk, row.hall_id, row.begins_at))
        return cmd.done(Booked(row.pk, row.number, row.begins_at))


def cancel(*, booking_id: UUID, by: Actor, at: Instant, key: UUID, reason: str = "") -> None:
    """
    By the person, before it begins; or by the hall (a part of the system), with its reason.

    Raises BookingUnknown, BookingSettled, SlotOver or NotAuthorised.
    """
    with command("hall.cancel", booking_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = selectors.booking_for_update(booking_id)
        access.require(by, "hall.cancel", row)
        row.state = rules.booking_after(row.state, "cancel")
        by_hall = by.kind == "system"
        if not by_hall:
            rules.check_not_begun(row.begins_at, at)
        row.reason = reason if by_hall else ""
        row.save(update_fields=["state", "reason"])
        _release(row.slot_id, row.pk)
        cmd.note(number=row.number, by_hall=by_hall, reason=row.reason)
        cmd.publish(AppointmentCancelled(row.pk, row.hall_id, by_hall, row.reason))
        cmd.done(None)


def end_booking(*, booking_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """The day is over and nobody came. Raises BookingUnknown, BookingSettled or NotAuthorised."""
    with command("hall.miss", booking_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = selectors.booking_for_update(booking_id)
        access.require(by, "hall.miss", row)
        row.state = rules.booking_after(row.state, "end_day")
        row.save(update_fields=["state"])
        cmd.note(number=row.number, day=row.day)
        cmd.publish(AppointmentMissed(row.pk, row.hall_id, row.day))
        cmd.done(None)


def hand_over(*, before: UUID, to: UUID) -> None:
    """Appointments and held places of one person are another's from now on (identity says that they are one)."""
    with transaction.atomic():
        Booking.objects.filter(party_id=before).update(party_id=to)
        SlotPlace.objects.filter(party_id=before).update(party_id=to)


# Parts -------------------------------------------------------------------------------------------------------------


def _booker_for_update(person_id: UUID) -> Booker:
    """The person's row, made when there is none yet; who books at the same time waits here."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO hall_booker (id) VALUES (%s) ON CONFLICT DO NOTHING", [person_id])
    return Booker.objects.select_for_update().get(pk=person_id)


def _check_may_book(by: Actor, slot_id: UUID, at: Instant) -> None:
    """Raises BookedAlready, TooManyBookings or Barred."""
    open_slots = _open_slots(by.id, at)
    if slot_id in open_slots:
        raise BookedAlready()
    if len(open_slots) >= (most := selectors.setting("open_bookings")):
        raise TooManyBookings(most=most)
    today = legal_day(at)
    missed, last = selectors.missed_lately(by.id, today)
    barred = timedelta(days=selectors.setting("barred_days"))
    if last is not None and missed >= selectors.setting("missed_most") and today <= last + barred:
        raise Barred(missed=missed)


def _open_slots(person_id: UUID, at: Instant) -> list[UUID]:
    """Where the person has appointments that are not over."""
    rows = Booking.objects.filter(party_id=person_id, state="booked", ends_at__gt=at)
    return list(rows.values_list("slot_id", flat=True))


def _open_slot(slot_id: UUID, at: Instant) -> Slot:
    """Raises SlotUnknown, SlotClosed or SlotOver."""
    slot = selectors.slot_for_booking(slot_id)
    if slot.closed:
        raise SlotClosed()
    rules.check_not_begun(slot.begins_at, at)
    return slot


def _claim(slot_id: UUID, booking_id: UUID, party_id: UUID, at: Instant, until: Instant | None) -> None:
    """
    One free place, or one whose hold is over; places that somebody else is taking at this moment are passed over.

    Raises SlotFull.
    """
    places = SlotPlace.objects.select_for_update(skip_locked=True).filter(slot_id=slot_id)
    free = places.filter(Q(booking_id=None) | Q(held_until__lte=at)).order_by("number").first()
    if free is None:
        raise SlotFull()
    SlotPlace.objects.filter(slot_id=slot_id, number=free.number).update(
        booking_id=booking_id, party_id=party_id, held_until=until
    )


def _keep(slot_id: UUID, hold_id: UUID, party_id: UUID, at: Instant) -> None:
    """The held place is theirs without end now. Raises HoldExpired."""
    kept = SlotPlace.objects.filter(
        slot_id=slot_id, booking_id=hold_id, party_id=party_id, held_until__gt=at
    ).update(held_until=None)
    if not kept:
        raise HoldExpired()


def _release(slot_id: UUID, booking_id: UUID, *, held_only: bool = False) -> None:
    places = SlotPlace.objects.filter(slot_id=slot_id, booking_id=booking_id)
    if held_only:
        places = places.filter(held_until__isnull=False)
    places.update(booking_id=None, party_id=None, held_until=None)


def _new_booking(booking_id: UUID, slot: Slot, item_code: str, by: Actor, at: Instant) -> Booking:
    """Raises ItemUnknown, ItemWithdrawn or NotServed."""
    line = selectors.line_row(slot.line_id)
    if not selectors.serves(line, item_code):
        raise NotServed()
    item = catalogue.item(item_code) if item_code else None
    firm_id, capacity_id = _in_whose_name(by)
    period = f"{slot.day:%Y%m%d}"
    serial = next_number("hall", slot.region_code[:6], period)
    return Booking(
        id=booking_id,
        number=rules.number_of_booking(slot.region_code, slot.day, serial),
        party_id=by.id,
        firm_id=firm_id,
        capacity_id=capacity_id,
        hall_id=slot.hall_id,
        line_id=slot.line_id,
        department_id=line.hall.department_id,
        region_code=slot.region_code,
        item_code=item.code if item else "",
        item_name=item.name if item else "",
        item_type=item.item_type if item else "",
        slot_id=slot.pk,
        day=slot.day,
        begins_at=slot.begins_at,
        ends_at=slot.ends_at,
        made_at=at,
    )
