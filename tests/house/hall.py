"""A hall with its appointments, numbers, papers in its hands and results at its counter."""

from datetime import datetime

from mingqu.cases.tests import factories as f
from mingqu.cases.types import Addressee
from mingqu.hall import selectors as halls_read
from mingqu.hall import services as hall_services
from mingqu.hall.models import KeptPaper, Slip
from mingqu.hall.tests import factories as halls
from mingqu.hall.types import Counted, NewPaper
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor
from tests.house.stage import LONG_SHOP, Stage, actor

HERE = "990104000000"


def made_hall(made: Stage, w: f.World, now: datetime) -> None:
    """A hall of the bureau, an appointment that is coming and one the hall cancelled, a place held by the citizen."""
    hall = halls.hall(at=now, department=w.bureau)
    coming, closed = (halls.slots(hall, days=days)[0] for days in (1, 2))
    booked = halls.booked(coming, w.citizen, at=now, item="QH-SPJYXK")
    made.numbers["booking"], made.ids["booking_id"] = booked.number, booked.pk
    cancelled = halls.booked(closed, w.citizen, at=now)
    hall_services.cancel(
        booking_id=cancelled.pk, by=Actor.system("hall"), at=now, key=new_id(), reason="停电检修"
    )
    made.numbers["booking_cancelled"] = cancelled.number
    made.ids["slot"] = closed.pk
    made.ids["hold"] = halls.hold(closed, w.citizen, at=now).id
    made.ids["window"], made.ids["line"] = hall.one, hall.a
    hall_services.set_devices(
        window_id=hall.one, devices=["id_reader", "rating"], by=hall.manager, at=now, key=new_id()
    )
    made.ids["terminal"] = halls.terminal(hall, at=now)
    for line in (
        hall.b,
        hall.a,
        hall.a,
    ):  # numbers are given on working days alone; the house is looked at on any
        waiting = halls.waiting_number(line, at=now)
    made.ids["queue"], made.ids["queue_number"] = waiting.queue_id, waiting.id
    _paper(made, w, hall, now)


def _paper(made: Stage, w: f.World, hall: halls.Made, now: datetime) -> None:
    """A result that lies at the counter."""
    arrived = f.decided_case(w, at=now, context={"delivery": "window"})
    hall_services.result_arrived(
        case_id=arrived.pk, hall_id=hall.hall_id, place="3号柜2格", by=w.clerk, at=now, key=new_id()
    )
    made.cases["arrived"], made.numbers["arrived"] = arrived.pk, arrived.number
    sent = f.decided_case(w, at=now, context={"delivery": "window"})
    hall_services.result_arrived(
        case_id=sent.pk, hall_id=hall.hall_id, place="3号柜3格", by=w.clerk, at=now, key=new_id()
    )
    made.numbers["sent"], made.ids["consignment"] = sent.number, halls.parcel(w, sent, at=now).id
    made.words["courier"] = halls.parcel_of(sent).reference
    _to_send(made, w, hall, now)
    _originals(made, now)


def _to_send(made: Stage, w: f.World, hall: halls.Made, now: datetime) -> None:
    """A result that lies at the counter and was asked for by courier."""
    asked = f.decided_case(w, at=now, context={"delivery": "window"})
    to = Addressee("李晓禾", halls.PHONE, "清禾区青澜街道试验路2号3单元401")
    hall_services.readdress(case_id=asked.pk, to=to, by=w.citizen, at=now, key=new_id())
    hall_services.result_arrived(
        case_id=asked.pk, hall_id=hall.hall_id, place="3号柜4格", by=w.clerk, at=now, key=new_id()
    )
    made.numbers["to_send"] = asked.number


def _originals(made: Stage, now: datetime) -> None:
    """Papers in the hands of the window, one of them not found by who signed; a slip to sign and one signed."""
    clerk = actor(made.users["window_clerk"])
    away = people.department("青澜市场监督管理所二", region=HERE)
    for number, name in enumerate(("accepted", "visit")):
        papers = [NewPaper("营业执照", "original", 1), NewPaper(LONG_SHOP, "copy", 3)]
        hall_services.keep_papers(case_id=made.cases[name], papers=papers, by=clerk, at=now, key=new_id())
        chosen = list(KeptPaper.objects.filter(root_id=made.cases[name]).values_list("root_id", "id"))
        to = people.post(away, "reviewer") if number else None
        sent = hall_services.send_papers(
            chosen=chosen[: 2 - number], department_id=away, by=clerk, at=now, key=new_id()
        )
        made.numbers[f"slip_{name}"] = sent
        if to is not None:
            signer = actor(people.staff_user("孙签收", to))
            slip = Slip.objects.get(number=sent)
            counted = [Counted(line.id, 0, "没有看到") for line in halls_read.lines_of_slip(slip.pk)]
            hall_services.receive_papers(slip_id=slip.pk, counted=counted, by=signer, at=now, key=new_id())
    made.users["signer"] = people.staff_user("钱签收", people.post(away, "reviewer"))
