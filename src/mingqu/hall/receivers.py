"""Who booked is told; a closed day cancels what was booked on it; who may collect a result is told."""

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.urls import reverse

from mingqu.cases import selectors as cases
from mingqu.cases.errors import NotDecided
from mingqu.cases.events import CaseDelivered
from mingqu.cases.services import deliver_case
from mingqu.cases.types import Served
from mingqu.hall import selectors, services
from mingqu.hall.courier import registry
from mingqu.hall.errors import BookingSettled
from mingqu.hall.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMissed,
    AppointmentMoved,
    DayClosed,
    NumberCalled,
    PapersGivenBack,
    ParcelReturned,
    ParcelSent,
    ParcelSigned,
    ResultArrived,
    ResultNotThere,
    ResultUncollected,
)
from mingqu.hall.models import Booking, QueueNumber
from mingqu.identity import selectors as identity
from mingqu.identity.events import AccountBound
from mingqu.kernel import training
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.notifications import services as notifications
from mingqu.ui.text import zh_moment

CLOSING = SYSTEM = Actor.system("hall")


@subscriber("hall.tell_booked", AppointmentBooked)
def tell_booked(event: AppointmentBooked, *, at: Instant) -> None:
    row = _booking(event.root_id)
    _tell(row, "hall_booked", at, when=zh_moment(event.begins_at), place=_place(row))


@subscriber("hall.tell_moved", AppointmentMoved)
def tell_moved(event: AppointmentMoved, *, at: Instant) -> None:
    row = _booking(event.root_id)
    fact = at.isoformat()
    _tell(row, "hall_moved", at, fact=fact, when=zh_moment(event.begins_at), place=_place(row))


@subscriber("hall.tell_cancelled", AppointmentCancelled)
def tell_cancelled(event: AppointmentCancelled, *, at: Instant) -> None:
    """Of what the hall cancelled; who cancels by themselves knows it."""
    if event.by_hall:
        row = _booking(event.root_id)
        _tell(row, "hall_cancelled", at, when=zh_moment(row.begins_at), reason=event.reason)


@subscriber("hall.tell_missed", AppointmentMissed)
def tell_missed(event: AppointmentMissed, *, at: Instant) -> None:
    row = _booking(event.root_id)
    _tell(row, "hall_missed", at, when=zh_moment(row.begins_at))


@subscriber("hall.tell_called", NumberCalled)
def tell_called(event: NumberCalled, *, at: Instant) -> None:
    """Who booked may wait outside: the first call is told; the screen and the voice of the hall tell everybody."""
    number = QueueNumber.objects.filter(queue_id=event.root_id, id=event.number_id).first()
    if number is None or number.booking_id is None or event.times > 1:
        return
    row = _booking(number.booking_id)
    _tell(row, "hall_called", at, label=event.label, window=event.window)


@subscriber("hall.cancel_closed_day", DayClosed)
def cancel_closed_day(event: DayClosed, *, at: Instant) -> None:
    """Each appointment of that day, by a command of its own; once, however often this comes."""
    rows = Booking.objects.filter(hall_id=event.root_id, day=event.day, state="booked")
    for booking_id in rows.values_list("id", flat=True):
        key = uuid5(NAMESPACE_URL, f"mingqu:hall:closed:{booking_id}")
        try:
            services.cancel(booking_id=booking_id, by=CLOSING, at=at, key=key, reason=event.reason)
        except BookingSettled:
            continue  # cancelled by the person, or moved on, a moment before


@subscriber("hall.bookings_follow_their_owner", AccountBound)
def bookings_follow_their_owner(event: AccountBound, *, at: Instant) -> None:
    """An account turned out to be a registered person's: what it booked is that person's."""
    services.hand_over(before=event.before, to=event.root_id)


def _booking(booking_id: Any) -> Booking:
    return Booking.objects.select_related("hall", "line").get(pk=booking_id)


def _place(row: Booking) -> str:
    return f"{row.hall.name}（{row.hall.address}）"


def _tell(row: Booking, kind: str, at: Instant, *, fact: str = "", **words: Any) -> None:
    params = {"what": row.item_name or row.line.name, "number": row.number} | words
    link = reverse("hall:booking", args=[row.number])
    for person_id in identity.whom_to_tell(row.party_id, row, legal_day(at)):
        notifications.tell(person_id, kind, params, row.pk, at=at, link=link, fact=fact)


# Results at a counter -------------------------------------------------------------------------------------------------


@subscriber("hall.tell_result_arrived", ResultArrived)
def tell_result_arrived(event: ResultArrived, *, at: Instant) -> None:
    """Ready to collect: what, where, when the hall is open, what to bring; or that it is going to be sent."""
    sent = selectors.is_asked(event.root_id)
    _tell_result(event.root_id, "hall_result_to_send" if sent else "hall_result_ready", at)


@subscriber("hall.tell_result_uncollected", ResultUncollected)
def tell_result_uncollected(event: ResultUncollected, *, at: Instant) -> None:
    _tell_result(event.root_id, "hall_result_waits", at, since=event.arrived_on)


@subscriber("hall.tell_result_not_there", ResultNotThere)
def tell_result_not_there(event: ResultNotThere, *, at: Instant) -> None:
    _tell_result(event.root_id, "hall_result_not_there", at)


@subscriber("hall.result_handed_out", CaseDelivered)
def result_handed_out(event: CaseDelivered, *, at: Instant) -> None:
    """However it was served: it does not lie at a counter any more."""
    key = uuid5(NAMESPACE_URL, f"mingqu:hall:handed-out:{event.root_id}")
    services.result_handed_out(case_id=event.root_id, by=SYSTEM, at=at, key=key)


@subscriber("hall.tell_parcel_sent", ParcelSent)
def tell_parcel_sent(event: ParcelSent, *, at: Instant) -> None:
    _tell_parcel(event.root_id, event.consignment_id, "hall_parcel_sent", at)


@subscriber("hall.tell_parcel_returned", ParcelReturned)
def tell_parcel_returned(event: ParcelReturned, *, at: Instant) -> None:
    _tell_parcel(event.root_id, event.consignment_id, "hall_parcel_returned", at)


@subscriber("hall.serve_by_courier", ParcelSigned)
def serve_by_courier(event: ParcelSigned, *, at: Instant) -> None:
    """送达 by post, on the day somebody signed, with the waybill and who signed as its proof; once."""
    row = services.parcel_served(case_id=event.root_id, consignment_id=event.consignment_id)
    signer = row.signer or "签收人没有说明"
    served = Served(
        way="post",
        receiver=row.signer,
        address=row.address,
        proof=f"{registry.named(row.courier).words}运单{row.waybill}，{signer}签收",
        received_on=row.signed_on,
    )
    key = uuid5(row.id, "served")
    try:
        deliver_case(case_id=event.root_id, served=served, by=SYSTEM, at=at, key=key)
    except NotDecided:
        return  # served otherwise a moment before: the parcel says who signed for it all the same


def _tell_parcel(case_id: UUID, consignment_id: UUID, kind: str, at: Instant) -> None:
    row = services.parcel_served(case_id=case_id, consignment_id=consignment_id)
    if row.along_id is not None:
        return  # told once for the parcel, of the case it was ordered for
    name = training.named(row.item_name, row.region_code)
    if others := selectors.in_one_parcel(selectors.parcels_of_case(case_id, at)).get(row.id):
        name = f"{name}等{len(others) + 1}件结果"
    params = {"what": name, "number": row.case_number, "waybill": row.waybill}
    _tell_of_case(case_id, row.case_number, kind, params, at)


def _tell_result(case_id: UUID, kind: str, at: Instant, **words: Any) -> None:
    row = selectors.result(case_id)
    if row is None or (kind != "hall_result_not_there" and row.state != "lying"):
        return  # collected before this was told
    name = training.named(row.item_name, row.region_code)
    params: dict[str, Any] = {"what": name, "number": row.case_number, **words}
    if kind in {"hall_result_ready", "hall_result_waits"}:
        hours = row.hall.hours or "工作时间"
        params |= {"place": f"{row.hall.name}（{row.hall.address}）", "hours": hours}
    _tell_of_case(case_id, row.case_number, kind, params, at)


@subscriber("hall.tell_papers_given_back", PapersGivenBack)
def tell_papers_given_back(event: PapersGivenBack, *, at: Instant) -> None:
    """Also to who sent somebody for them."""
    params = {"number": event.number, "papers": event.papers}
    _tell_of_case(event.root_id, event.number, "hall_papers_given_back", params, at)


def _tell_of_case(case_id: UUID, number: str, kind: str, params: dict[str, Any], at: Instant) -> None:
    link = reverse("cases:progress", args=[number])
    for person_id in cases.whom_to_tell(case_id, legal_day(at)):
        notifications.tell(person_id, kind, params, case_id, at=at, link=link, fact=at.isoformat())
