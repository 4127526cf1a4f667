"""A hall with two lines and two windows on a working Friday, made by the commands of production."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from mingqu.cases.types import Addressee
from mingqu.hall import selectors, services
from mingqu.hall.courier import double, registry
from mingqu.hall.models import Booking, Consignment, QueueLine, QueueNumber, Slot, SlotPlace, Window
from mingqu.hall.rules import Opening
from mingqu.hall.types import DEVICES, NewBooking, NewHall, NewLine, Paired
from mingqu.identity.tests import factories as people
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.types import Actor

# A Friday; 2026-09-20 is a working Sunday, 09-25 a holiday.
NINE = datetime(2026, 9, 18, 9, 0, tzinfo=BEIJING)
MINUTE = timedelta(minutes=1)
SYSTEM = Actor.system("demo")
MORNING = Opening(time(9), time(11), 30, 2)
PHONE = "19900001234"


@dataclass
class Made:
    hall_id: UUID
    a: UUID  # the line A, 综合业务: every item
    b: UUID  # the line B: one item only
    one: UUID  # window 1 serves A and B, window 2 A
    two: UUID
    clerk: Actor
    manager: Actor


def hall(openings=(MORNING,), at=NINE, code="H1", department: UUID | None = None) -> Made:
    department = department or people.department("清禾区政务服务中心")
    new = NewHall(
        code,
        "清禾区政务服务大厅",
        "青澜街道大厅路1号",
        department,
        (NewLine("A", "综合业务", 10), NewLine("B", "食品经营许可", 20, ("QH-SPJYXK",))),
        ((1, "综合窗口", "AB"), (2, "综合窗口", "A")),
    )
    hall_id = services.set_up_hall(hall=new, by=SYSTEM, at=at, key=uuid4())
    a, b = QueueLine.objects.filter(hall_id=hall_id).order_by("letter").values_list("id", flat=True)
    one, two = Window.objects.filter(hall_id=hall_id).order_by("number").values_list("id", flat=True)
    services.set_opening(line_id=a, openings=openings, by=SYSTEM, at=at, key=uuid4())
    services.open_slots(hall_id=hall_id, by=SYSTEM, at=at, key=uuid4())
    return Made(
        hall_id,
        a,
        b,
        one,
        two,
        people.staff_actor("window_clerk", department_id=department, name="陈晓岚"),
        people.staff_actor("hall_manager", department_id=department, name="丁大厅"),
    )


def hall_from_tomorrow() -> Made:
    """For pages, whose clock is the real one: of today are left, by the hour, all times, one or none."""
    return hall(at=timezone.now() + timedelta(days=1))


def terminal(made: Made, at=NINE, name="一楼东门") -> UUID:
    row = selectors.halls_managed(made.manager, "hall.manage").get(pk=made.hall_id)
    return services.register_terminal(hall=row, name=name, by=made.manager, at=at, key=uuid4())


def pairing_code(made: Made, at=NINE) -> str:
    return services.make_pairing_code(window_id=made.one, by=made.manager, at=at, key=uuid4())


def devices(made: Made, at=NINE, port=17630) -> Paired:
    """Window 1 has every device, and its program is paired."""
    services.set_devices(window_id=made.one, devices=list(DEVICES), by=made.manager, at=at, key=uuid4())
    return services.pair(code=pairing_code(made, at), port=port, at=at)


def parcel(w, case, at=NINE) -> Consignment:
    """Its result is on its way: fetched by the courier a moment ago."""
    to = Addressee("李晓禾", PHONE, "清禾区青澜街道试验路2号3单元401")
    sent = services.send_result(case_id=case.pk, to=to, by=w.clerk, at=at, key=uuid4())
    services.order_parcel(case_id=case.pk, consignment_id=sent, at=at)
    row = parcel_of(case)
    told = double.play(row.reference, "collected", at=at)
    headers, body = double.telling(told, at=at)
    services.hear_courier(courier="double", told=registry.named("double").read(headers, body, at=at), at=at)
    return row


def parcel_of(case) -> Consignment:
    return Consignment.objects.filter(root_id=case.pk).latest("id")


def slots(made: Made, *, days: int = 0) -> list[Slot]:
    """Of line A, on the n-th bookable day."""
    day = sorted(set(Slot.objects.filter(line_id=made.a).values_list("day", flat=True)))[days]
    return list(Slot.objects.filter(line_id=made.a, day=day).order_by("begins_at"))


def hold(slot: Slot, by: Actor, at=NINE, key=None):
    return services.hold_slot(slot_id=slot.pk, by=by, at=at, key=key or uuid4())


def booked(slot: Slot, by: Actor, at=NINE, item="", name="李晓禾", phone=PHONE) -> Booking:
    kept = hold(slot, by, at)
    done = services.book(
        hold_id=kept.id,
        slot_id=slot.pk,
        booking=NewBooking(name, phone, item),
        by=by,
        at=at,
        key=uuid4(),
    )
    return Booking.objects.get(pk=done.id)


def taken(line_id: UUID, at=NINE) -> QueueNumber:
    done = services.issue_number(line_id=line_id, by=SYSTEM, at=at, key=uuid4())
    return selectors.number_in(done.queue_id, done.number_id)


def waiting_number(line_id: UUID, at=NINE) -> QueueNumber:
    """As `taken`, on any day: by who has an appointment now, made as rows where no rule would offer one."""
    line = selectors.line_row(line_id)
    slot = Slot.objects.create(
        hall=line.hall,
        line=line,
        region_code=line.hall.region_code,
        day=legal_day(at),
        begins_at=at + MINUTE,
        ends_at=at + 60 * MINUTE,
    )
    SlotPlace.objects.create(slot=slot, number=1)
    row = booked(slot, people.citizen("刘一")[1], at=at)
    done = services.check_in(booking_id=row.pk, by=SYSTEM, at=at, key=uuid4())
    return selectors.number_in(done.queue_id, done.number_id)


def at_window(deed, made: Made, number: QueueNumber | None = None, at=NINE, window=None, **more):
    """One of the window's services by the clerk, at window 1 unless another is named."""
    given = {"number_id": number.id} if number is not None else {}
    return deed(window_id=window or made.one, by=made.clerk, at=at, key=uuid4(), **given, **more)


def again(row):
    """As it stands now."""
    return type(row).objects.get(pk=row.pk)
