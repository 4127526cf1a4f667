"""
One busy day of a hall: four people at a time take places, a fifth more of them than there are places. Afterwards every
place is looked at: each has one holder, and nobody has two.
"""

from collections.abc import Iterable
from datetime import time
from uuid import UUID, uuid4

from django.db.models import Count

from mingqu.hall import services
from mingqu.hall.errors import SlotFull
from mingqu.hall.models import Booking, SlotPlace
from mingqu.hall.rules import Opening
from mingqu.hall.tests import factories as f
from mingqu.hall.types import NewBooking
from mingqu.identity.tests import factories as people
from mingqu.kernel.types import Actor
from tests.bench import load
from tests.bench import world as w
from tests.bench.figures import Figure
from tests.bench.meter import in_processes

WHOLE_DAY = Opening(time(9), time(17), 30, 50)  # 16 times of 50 places
CLIENTS, MORE, FIRST_NAME = 4, 1.2, 0x4E00
BAR = 25  # a second: three thousand places that open at one moment are gone in two minutes


def bench() -> Iterable[Figure]:
    w.world()
    slots = [slot.pk for slot in f.slots(f.hall((WHOLE_DAY,)), days=1)]
    places = len(slots) * WHOLE_DAY.places
    wanting = [people.citizen(f"张{chr(FIRST_NAME + n)}")[1] for n in range(round(places * MORE))]

    def work(number: int) -> None:
        for place, by in enumerate(wanting[number::CLIENTS]):
            take(slots[place % len(slots) :] + slots[: place % len(slots)], by)

    yield load.series()
    spent = in_processes(CLIENTS, work)
    made = look(places)
    name = f"{places} places of one day wanted by {len(wanting)}"
    yield Figure(f"{name}: bookings with {CLIENTS} connections", made / spent.wall, "1/s", "higher", bar=BAR)
    yield Figure(f"{name}: CPU of the clients, a booking", spent.clients / made * 1e3, "ms")
    yield Figure(f"{name}: CPU of PostgreSQL, a booking", spent.servers / made * 1e3, "ms")


def take(slots: list[UUID], by: Actor) -> None:
    """The first time of these that has a place left, held and booked; none where the day is full."""
    for slot in slots:
        try:
            held = services.hold_slot(slot_id=slot, by=by, at=w.AT, key=uuid4())
        except SlotFull:
            continue
        services.book(
            hold_id=held.id,
            slot_id=slot,
            booking=NewBooking("李晓禾", f.PHONE, ""),
            by=by,
            at=w.AT,
            key=uuid4(),
        )
        return


def look(places: int) -> int:
    """How many were booked. Raises RuntimeError for a place with two holders, or a holder with two places."""
    booked = set(Booking.objects.filter(state="booked").values_list("pk", flat=True))
    taken = list(SlotPlace.objects.exclude(booking_id=None).values_list("booking_id", flat=True))
    twice = Booking.objects.values("party_id").annotate(n=Count("pk")).filter(n__gt=1).exists()
    if len(taken) != len(set(taken)) or set(taken) != booked or twice or len(booked) != places:
        raise RuntimeError(f"{len(booked)} bookings, {len(taken)} places taken of {places}")
    return len(booked)
