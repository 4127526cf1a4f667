"""Questions about halls: what is open, free times, appointments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Why
from mingqu.hall.errors import (
    BookingUnknown,
    HallUnknown,
    LineUnknown,
    SlotUnknown,
)
from mingqu.hall.models import (
    Booking,
    BookingNumber,
    ClosedDay,
    Hall,
    OpeningRule,
    QueueLine,
    Slot,
    SlotPlace,
    Terminal,
    Window,
)
from mingqu.hall.types import (
    BookingView,
    FreeDay,
    FreeSlot,
    LineView,
    WindowView,
)
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import CommandRecord
from mingqu.kernel.types import Actor, Instant

PAGE = 30
SATURDAY = 6
FRESH_FOR = 30.0  # seconds
TAGS = {"booked": "accepted", "checked_in": "done", "cancelled": "void", "missed": "refused"}


def setting(name: str) -> int:
    return int(settings.MINGQU_HALL[name])


# Halls -----------------------------------------------------------------------------------------------------------


def hall(code: str) -> Hall:
    """Raises HallUnknown."""
    found = Hall.objects.filter(code=code).first()
    if found is None:
        raise HallUnknown()
    return found


def code_taken(code: str, key: UUID) -> bool:
    """Whether another press has made a hall of this code, in capitals or not; the same press may come again."""
    found = Hall.objects.filter(code__iexact=code).values_list("id", flat=True).first()
    return found is not None and not CommandRecord.objects.filter(root_id=found, key=key).exists()


def terminals_of(hall_id: UUID) -> QuerySet[Terminal]:
    """Its terminals that give numbers, the oldest first."""
    return Terminal.objects.filter(hall_id=hall_id, ended_at=None).order_by("registered_at", "id")


def hall_of_terminal(terminal_id: str) -> Hall | None:
    """The hall for which a terminal gives numbers; None for what is no id, and for one that was ended."""
    try:
        found = Terminal.objects.filter(pk=UUID(terminal_id), ended_at=None).select_related("hall").first()
    except ValueError:  # a cookie of before terminals had ids
        return None
    return found.hall if found else None


def halls() -> list[Hall]:
    return list(Hall.objects.order_by("code"))


def halls_managed(actor: Actor, action: str) -> QuerySet[Hall]:
    """Within the acting post's scope; a hall is of no type of items, so a post of some types alone has none."""
    return Hall.objects.filter(access.scope(actor, action).q(item_type="code")).order_by("code")


def line_row(line_id: UUID) -> QueueLine:
    """With its hall. Raises LineUnknown."""
    found = QueueLine.objects.select_related("hall").filter(pk=line_id).first()
    if found is None:
        raise LineUnknown()
    return found


def line(line_id: UUID) -> LineView:
    """Raises LineUnknown."""
    return line_view(line_row(line_id))


def line_view(row: QueueLine) -> LineView:
    of = row.hall
    return LineView(row.pk, row.name, row.letter, of.pk, of.code, of.name, of.address)


def lines_for(at: Instant, item_code: str = "") -> list[LineView]:
    """
    Lines that take appointments now and serve the item, those that name it before those for all; without an item all.
    """
    offered = Slot.objects.filter(line_id=OuterRef("pk"), closed=False, begins_at__gt=at)
    rows = QueueLine.objects.filter(Exists(offered)).select_related("hall").order_by("hall__code", "letter")
    if item_code:
        rows = rows.filter(Q(item_codes__contains=[item_code]) | Q(item_codes=[]))
    return [line_view(row) for row in sorted(rows, key=lambda row: bool(item_code) and not row.item_codes)]


@dataclass
class Offered:
    """What this process knows of lines that take appointments: their items, and since when."""

    items: tuple[frozenset[str], ...] = ()
    read_at: float | None = None


offered = Offered()


def takes_appointments(item_code: str, at: Instant) -> bool:
    """Whether some line serves the item; asked by every guide, so what was read half a minute ago is good enough."""
    return any(not items or item_code in items for items in _offered(at))


def bookable_items(at: Instant) -> set[str] | None:
    """Codes of the items for which some line takes appointments; None: one takes them for all."""
    lines = _offered(at)
    return {code for line in lines for code in line} if all(lines) else None


def _offered(at: Instant) -> tuple[frozenset[str], ...]:
    if offered.read_at is None or monotonic() - offered.read_at > FRESH_FOR:
        known = set(
            Slot.objects.filter(closed=False, begins_at__gt=at).values_list("line_id", flat=True).distinct()
        )
        rows = QueueLine.objects.filter(pk__in=known).values_list("item_codes", flat=True) if known else []
        offered.items, offered.read_at = tuple(frozenset(codes) for codes in rows), monotonic()
    return offered.items


def stale() -> None:
    """What is open has changed: asked anew."""
    offered.read_at = None


def lines_of(hall_id: UUID) -> list[QueueLine]:
    return list(QueueLine.objects.filter(hall_id=hall_id).select_related("hall").order_by("letter"))


def serves(row: QueueLine, item_code: str) -> bool:
    return not item_code or not row.item_codes or item_code in row.item_codes


def windows_of(hall_id: UUID) -> list[Window]:
    return list(Window.objects.filter(hall_id=hall_id).select_related("hall").order_by("number"))


def windows_for(actor: Actor, action: str) -> list[WindowView]:
    """Windows of the halls within the acting post's scope."""
    scope = access.scope(actor, action).q(
        department="hall__department_id", region="hall__region_code", item_type="hall__code"
    )
    rows = Window.objects.filter(scope, in_use=True).select_related("hall").order_by("hall__code", "number")
    return [WindowView(row.pk, row.number, row.name, row.hall.name) for row in rows]


def other_lines(window_id: UUID) -> list[LineView]:
    """Where a number of this window may be passed on to: the lines of its hall."""
    rows = QueueLine.objects.filter(hall__windows=window_id).select_related("hall").order_by("letter")
    return [line_view(row) for row in rows]


def rules_of(hall_id: UUID) -> list[OpeningRule]:
    rows = OpeningRule.objects.filter(line__hall_id=hall_id).select_related("line")
    return list(rows.order_by("line__letter", "-since", "begins"))


def is_open(hall_id: UUID, day: date) -> bool:
    """Whether the hall works on that day: on Saturdays for which it gave out times, otherwise on working days."""
    if ClosedDay.objects.filter(hall_id=hall_id, day=day).exists():
        return False
    if clocks.current_calendar().working_day(day):
        return True
    return plain_saturday(day) and Slot.objects.filter(hall_id=hall_id, day=day, closed=False).exists()


def plain_saturday(day: date) -> bool:
    """A Saturday that is neither worked on in exchange for a holiday nor within one."""
    return day.isoweekday() == SATURDAY and clocks.current_calendar().fact(day).why == Why.WEEKEND


def closed_days(hall_id: UUID, since: date) -> list[ClosedDay]:
    return list(ClosedDay.objects.filter(hall_id=hall_id, day__gte=since).order_by("day"))


# Free times ------------------------------------------------------------------------------------------------------


def _is_free(at: Instant) -> Q:
    return Q(places__booking_id=None) | Q(places__held_until__lte=at)


def _slots(line_id: UUID, at: Instant) -> QuerySet[Slot]:
    return Slot.objects.filter(line_id=line_id, closed=False, begins_at__gt=at)


def free_days(line_id: UUID, at: Instant) -> list[FreeDay]:
    """The days on which a line takes appointments, with the places left."""
    rows = _slots(line_id, at).values("day").annotate(left=Count("places", filter=_is_free(at)))
    return [FreeDay(row["day"], row["left"]) for row in rows.order_by("day")]


def free_slots(line_id: UUID, day: date, at: Instant) -> list[FreeSlot]:
    """The times of a day, full ones too."""
    rows = _slots(line_id, at).filter(day=day).annotate(left=Count("places", filter=_is_free(at)))
    return [FreeSlot(row.pk, row.begins_at, row.ends_at, row.left) for row in rows.order_by("begins_at")]


def slot(slot_id: UUID) -> Slot:
    """With line and hall. Raises SlotUnknown."""
    found = Slot.objects.select_related("line__hall").filter(pk=slot_id).first()
    if found is None:
        raise SlotUnknown()
    return found


def slot_for_booking(slot_id: UUID) -> Slot:
    """
    Locked as shared by its shard key: many book in it at once, who closes the day waits for them.

    Raises SlotUnknown.
    """
    found = next(
        iter(Slot.objects.raw("SELECT * FROM hall_slot WHERE id = %s FOR SHARE", [slot_id])),
        None,
    )
    if found is None:
        raise SlotUnknown()
    return found


def held(actor: Actor, slot_id: UUID, hold_id: UUID) -> datetime | None:
    """
    Until when this place is held for this person; None if it is not any more. Raises BookingUnknown for another's.
    """
    row = SlotPlace.objects.filter(slot_id=slot_id, booking_id=hold_id).first()
    if row is not None and row.party_id != actor.id:
        raise BookingUnknown()
    return row.held_until if row else None


# Appointments ----------------------------------------------------------------------------------------------------


def booking_for_update(booking_id: UUID) -> Booking:
    """Locked by its shard key. Raises BookingUnknown."""
    found = Booking.objects.select_for_update().filter(pk=booking_id).first()
    if found is None:
        raise BookingUnknown()
    return found


def booking_id_of(number: str) -> UUID:
    """Raises BookingUnknown."""
    found = BookingNumber.objects.filter(number=number.upper()).values_list("booking_id", flat=True).first()
    if found is None:
        raise BookingUnknown()
    return found


def own_booking(actor: Actor | None, number: str, at: Instant) -> BookingView:
    """One's own. Raises BookingUnknown for anybody else's."""
    row = Booking.objects.select_related("hall", "line").filter(pk=booking_id_of(number)).first()
    if row is None or not access.allows(actor, "hall.book", row):
        raise BookingUnknown()
    return _booking_views([row], at)[0]


def own_bookings(actor: Actor, at: Instant) -> list[BookingView]:
    """The latest, by the time they are for; never many, since open ones are limited."""
    rows = Booking.objects.filter(access.scope(actor, "hall.book").q(party="party_id", theirs=Booking.THEIRS))
    rows = rows.select_related("hall", "line").order_by("-begins_at", "-id")[:PAGE]
    return _booking_views(rows, at)


def open_bookings(actor: Actor, at: Instant) -> int:
    """How many a person has that are still to come."""
    rows = Booking.objects.filter(access.scope(actor, "hall.book").q(party="party_id", theirs=Booking.THEIRS))
    return rows.filter(state="booked", ends_at__gt=at).count()


def bookings_on(hall_id: UUID, day: date, at: Instant) -> list[BookingView]:
    """Of a day, for who runs the hall."""
    rows = Booking.objects.filter(hall_id=hall_id, day=day).select_related("hall", "line")
    return _booking_views(rows.order_by("begins_at", "number"), at)


def bookings_of(actor: Actor, party_id: UUID, at: Instant) -> list[BookingView]:
    """
    Of the person at a window, who showed her document: what she booked from today on in halls where the acting post
    checks in, the soonest first.
    """
    scope = access.scope(actor, "hall.check_in").q(
        department="hall__department_id", region="hall__region_code", item_type="hall__code"
    )
    rows = Booking.objects.filter(
        scope, party_id=party_id, day__gte=legal_day(at), state__in=("booked", "checked_in")
    )
    return _booking_views(rows.select_related("hall", "line").order_by("begins_at", "id")[:PAGE], at)


def bookings_to_check_in(hall_id: UUID, day: date, tail: str, phone_tail: str) -> list[UUID]:
    """Those of the day whose number and telephone end so."""
    rows = Booking.objects.filter(hall_id=hall_id, day=day, state="booked", number__endswith=tail)
    return [row.pk for row in rows if row.phone.endswith(phone_tail)]


def missed_lately(party_id: UUID, today: date) -> tuple[int, date | None]:
    """How many were missed in the time that counts, and when the last one was."""
    since = today - timedelta(days=setting("missed_days"))
    days = Booking.objects.filter(party_id=party_id, state="missed", day__gte=since).values_list(
        "day", flat=True
    )
    return len(days), max(days, default=None)


def _booking_views(rows: Iterable[Booking], at: Instant) -> list[BookingView]:
    """With the firms' names, by one statement where there is a firm."""
    found = list(rows)
    ids = {row.firm_id for row in found if row.firm_id}
    firms = {firm.pk: firm.name for firm in identity.firms_by_id(ids)} if ids else {}
    return [_booking_view(row, at, firms.get(row.firm_id, "") if row.firm_id else "") for row in found]


def _booking_view(row: Booking, at: Instant, firm: str) -> BookingView:
    return BookingView(
        id=row.pk,
        number=row.number,
        state=row.state,
        state_words=str(Booking.State(row.state).label),
        tag=TAGS[row.state],
        hall_name=row.hall.name,
        address=row.hall.address,
        line_id=row.line_id,
        line_name=row.line.name,
        item_code=row.item_code,
        item_name=row.item_name,
        day=row.day,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        reason=row.reason,
        may_change=row.state == "booked" and at < row.begins_at,
        name=row.name,
        phone=row.phone,
        firm=firm,
    )
