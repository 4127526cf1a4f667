"""Jobs and periodic work of halls; each may run twice."""

from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone
from procrastinate.contrib.django import app

from mingqu.hall import selectors, services
from mingqu.hall.errors import BookingSettled, ResultNotHere
from mingqu.hall.models import Booking, DayQueue
from mingqu.hall.services.consignments import CANCEL, FOLLOW, LOOK, ORDER, QUEUE
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.schedule import each_alone, periodic
from mingqu.kernel.types import Actor, Instant

SYSTEM = Actor.system("hall")
PORTION = 500


@periodic("hall.open_slots", every=timedelta(hours=6))
def open_slots(at: Instant) -> None:
    """A day more may be booked every day."""
    for hall in selectors.halls():
        key = uuid5(NAMESPACE_URL, f"mingqu:hall:open:{hall.pk}:{at.isoformat()}")
        services.open_slots(hall_id=hall.pk, by=SYSTEM, at=at, key=key)


@periodic("hall.end_days", every=timedelta(hours=1))
def end_days(at: Instant) -> str:
    """Yesterday's: who did not come, and numbers nobody called. One that fails keeps no other hall's day open."""
    today = legal_day(at)
    missed = (
        Booking.objects.filter(state="booked", day__lt=today).order_by("day").values_list("id", flat=True)
    )
    queues = DayQueue.objects.filter(ended=False, day__lt=today).values_list("id", flat=True)
    failed = (
        each_alone(list(missed[:PORTION]), lambda one: _miss(one, at), "missed appointment"),
        each_alone(list(queues[:PORTION]), lambda one: _end(one, at), "end of a hall's day"),
    )
    return "; ".join(words for words in failed if words)


@periodic("hall.remind_of_results", every=timedelta(hours=6))
def remind_of_results(at: Instant) -> str:
    """Applicants whose results lie uncollected are told once more; one that fails keeps no other from being told."""
    waiting = list(selectors.results_to_remind(legal_day(at), PORTION))
    return each_alone(waiting, lambda one: _remind(one, at), "result that lies uncollected")


def _remind(case_id: UUID, at: Instant) -> None:
    key = uuid5(NAMESPACE_URL, f"mingqu:hall:remind:{case_id}:{legal_day(at).isoformat()}")
    try:
        services.remind_of_result(case_id=case_id, by=SYSTEM, at=at, key=key)
    except ResultNotHere:
        return  # collected since it was read


def _miss(booking_id: UUID, at: Instant) -> None:
    key = uuid5(NAMESPACE_URL, f"mingqu:hall:missed:{booking_id}")
    try:
        services.end_booking(booking_id=booking_id, by=SYSTEM, at=at, key=key)
    except BookingSettled:
        return  # settled by somebody else since it was read


def _end(queue_id: UUID, at: Instant) -> None:
    key = uuid5(NAMESPACE_URL, f"mingqu:hall:ended:{queue_id}")
    services.end_day(queue_id=queue_id, by=SYSTEM, at=at, key=key)


@app.task(name=ORDER, queue=QUEUE)
def order_parcel(case_id: str, consignment_id: str) -> None:
    services.order_parcel(case_id=UUID(case_id), consignment_id=UUID(consignment_id), at=timezone.now())


@app.task(name=CANCEL, queue=QUEUE)
def cancel_parcel(case_id: str, consignment_id: str) -> None:
    services.cancel_at_courier(case_id=UUID(case_id), consignment_id=UUID(consignment_id))


@app.task(name=LOOK, queue=QUEUE)
def look_at_parcel(case_id: str, consignment_id: str) -> None:
    services.look_at_parcel(case_id=UUID(case_id), consignment_id=UUID(consignment_id), at=timezone.now())


@app.task(name=FOLLOW, queue=QUEUE)
def follow_parcel(case_id: str, consignment_id: str) -> None:
    services.follow_parcel(case_id=UUID(case_id), consignment_id=UUID(consignment_id), at=timezone.now())


@periodic("hall.sweep_parcels", every=timedelta(minutes=5))
def sweep_parcels(at: Instant) -> None:
    """Orders that were lost are sent again, silent couriers asked."""
    services.sweep_parcels(at)
