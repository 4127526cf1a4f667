"""/api/v1/: appointments. The same commands as the pages; a key of the client makes a second call the first one's."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Router, Schema, Status
from ninja.params.functions import Header, Query
from pydantic import Field

from mingqu.hall import selectors, services
from mingqu.hall.bridge.signing import MOST, PROTOCOL
from mingqu.hall.courier import registry
from mingqu.hall.types import BookingView, NewBooking
from mingqu.identity.services import client_address, limits
from mingqu.identity.services.traffic import count
from mingqu.kernel.masking import mask_phone
from mingqu.ui.access import public, signed_in

router = Router(tags=["appointments"])
KEY: Any = Header(..., alias="Idempotency-Key")


class LineOut(Schema):
    id: UUID
    name: str
    hall: str
    address: str


class SlotOut(Schema):
    id: UUID
    begins_at: datetime
    ends_at: datetime
    places_left: int


class HoldIn(Schema):
    slot: UUID


class HoldOut(Schema):
    id: UUID
    slot: UUID
    until_at: datetime


class BookIn(Schema):
    """`hold` and `slot` as a hold gave them."""

    hold: UUID
    slot: UUID
    name: str = Field(max_length=60)
    phone: str = Field(max_length=20)
    service: str = Field("", max_length=64)


class MoveIn(Schema):
    slot: UUID


class PairingIn(Schema):
    """`code` as the manager of the hall was shown it; `port` where the program listens on 127.0.0.1."""

    code: str = Field(max_length=20)
    port: int


class PairingOut(Schema):
    """`origin`: the only one whose pages the program answers. `secret` is told here and never again."""

    protocol: str
    secret: str
    origin: str
    window: str
    devices: list[str]


class DeviceRatingIn(Schema):
    """`answer`: bytes in base64, a point, the signature (docs/devices.md)."""

    answer: str = Field(max_length=MOST)


class DeviceRatingOut(Schema):
    heard: bool


class CourierOut(Schema):
    """`verdict`: the state it led to, or known (nothing changed)."""

    verdict: str


class BookingOut(Schema):
    number: str
    state: str
    hall: str
    address: str
    line: str
    service: str
    begins_at: datetime
    ends_at: datetime
    reason: str
    phone: str


def _out(shown: BookingView) -> dict[str, Any]:
    return {
        "number": shown.number,
        "state": shown.state,
        "hall": shown.hall_name,
        "address": shown.address,
        "line": shown.line_name,
        "service": shown.item_code,
        "begins_at": shown.begins_at,
        "ends_at": shown.ends_at,
        "reason": shown.reason,
        "phone": mask_phone(shown.phone),
    }


@router.get("/appointment-lines", response=list[LineOut])
@public
def appointment_lines(request: Any, service: str = Query("", max_length=64)) -> Any:
    """Where times may be booked now, for a service or for anything."""
    count("reading_address", client_address(request), at=request.at)
    return [
        {"id": one.id, "name": one.name, "hall": one.hall_name, "address": one.address}
        for one in selectors.lines_for(request.at, service)
    ]


@router.get("/appointment-lines/{uuid:line}/slots", response=list[SlotOut])
@public
def free_slots(request: Any, line: UUID, day: date | None = None) -> Any:
    """The times of a day, full ones with 0 places; without a day those of the first that has any left."""
    count("reading_address", client_address(request), at=request.at)
    selectors.line(line)
    if day is None:
        days = selectors.free_days(line, request.at)
        day = next((one.day for one in days if one.left), None)
    found = selectors.free_slots(line, day, request.at) if day else []
    return [
        {"id": one.id, "begins_at": one.begins_at, "ends_at": one.ends_at, "places_left": one.left}
        for one in found
    ]


@router.post("/appointment-holds", response={201: HoldOut})
@signed_in
def hold(request: Any, given: HoldIn, key: UUID = KEY) -> Any:
    """A place is kept for some minutes."""
    held = services.hold_slot(slot_id=given.slot, by=request.actor, at=request.at, key=key)
    return Status(201, {"id": held.id, "slot": held.slot_id, "until_at": held.until})


@router.get("/appointments", response=list[BookingOut])
@signed_in
def appointments(request: Any) -> Any:
    """One's own, the latest first."""
    return [_out(one) for one in selectors.own_bookings(request.actor, request.at)]


@router.post("/appointments", response={201: BookingOut})
@signed_in
def book(request: Any, given: BookIn, key: UUID = KEY) -> Any:
    """What was held becomes an appointment."""
    done = services.book(
        hold_id=given.hold,
        slot_id=given.slot,
        booking=NewBooking(given.name, given.phone, given.service),
        by=request.actor,
        at=request.at,
        key=key,
    )
    return Status(201, _out(selectors.own_booking(request.actor, done.number, request.at)))


@router.get("/appointments/{slug:number}", response=BookingOut)
@signed_in
def appointment(request: Any, number: str) -> Any:
    return _out(selectors.own_booking(request.actor, number, request.at))


@router.post("/appointments/{slug:number}/time", response=BookingOut)
@signed_in
def move(request: Any, number: str, given: MoveIn, key: UUID = KEY) -> Any:
    """Another time of the same line."""
    shown = selectors.own_booking(request.actor, number, request.at)
    services.move(booking_id=shown.id, slot_id=given.slot, by=request.actor, at=request.at, key=key)
    return _out(selectors.own_booking(request.actor, number, request.at))


@router.post("/appointments/{slug:number}/cancellation", response=BookingOut)
@signed_in
def cancel(request: Any, number: str, key: UUID = KEY) -> Any:
    shown = selectors.own_booking(request.actor, number, request.at)
    services.cancel(booking_id=shown.id, by=request.actor, at=request.at, key=key)
    return _out(selectors.own_booking(request.actor, number, request.at))


@router.post("/device-pairings", response={201: PairingOut})
@public
def device_pairing(request: Any, given: PairingIn) -> Any:
    """The program on a window's computer is paired by a code, which is used once."""
    limits.spend("device_pairing_address", client_address(request), at=request.at)
    done = services.pair(code=given.code, port=given.port, at=request.at)
    return Status(
        201,
        {
            "protocol": PROTOCOL,
            "secret": done.secret,
            "origin": done.origin,
            "window": done.window,
            "devices": list(done.devices),
        },
    )


@router.post("/device-ratings", response=DeviceRatingOut)
@public
def device_rating(request: Any, given: DeviceRatingIn) -> Any:
    """What was pressed on a rating device, signed by its program; the same answer again changes nothing."""
    count("device_rating_address", client_address(request), at=request.at)
    services.hear_rating(answer=given.answer, at=request.at)
    return {"heard": True}


@router.post("/courier-callbacks/{slug:courier}", response=CourierOut)
@public
def courier_callback(request: Any, courier: str) -> Any:
    """A signed telling of a parcel; the same `event` again is answered as at first."""
    count("courier_callback_address", client_address(request), at=request.at)
    told = registry.named(courier).read(request.headers, request.body, at=request.at)
    return {"verdict": services.hear_courier(courier=courier, told=told, at=request.at)}
