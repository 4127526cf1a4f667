"""The hall of 清禾区: lines, windows, working days; appointments that are coming, a result and originals."""

from collections.abc import Callable
from datetime import time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases import selectors as cases
from mingqu.cases.models import Case
from mingqu.config.demo.district import SYSTEM, key
from mingqu.config.demo.site import SITE
from mingqu.config.demo.stories import STORIES
from mingqu.config.demo.walk_ins import SENT, WALK_INS, WINDOW, officer
from mingqu.hall import selectors, services
from mingqu.hall.courier import double, registry
from mingqu.hall.rules import Opening
from mingqu.hall.types import DEVICES, NewBooking, NewHall, NewLine, NewPaper
from mingqu.identity import selectors as people
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

CODE = "QH-HALL"
LINES = (
    NewLine("A", "综合业务", 10),
    NewLine("B", "企业开办和经营许可", 20, ("QH-SPJYXK", "QH-HWZP", "QH-PSXK", "QH-XFJC")),
)
WINDOWS = ((1, "综合窗口", "AB"), (2, "综合窗口", "AB"), (3, "综合窗口", "AB"), (4, "企业专窗", "B"))
OPEN = (Opening(time(9), time(12), 30, 4), Opening(time(13, 30), time(17, 30), 30, 4))
BOOKED = 3  # of the first people


def build(at: Instant, progress: Callable[[str], None]) -> None:
    """Idempotent: the hall once, its times as they are missing, each person's appointment once."""
    organ = people.department_by_code("QH-ZWZX")
    hall = NewHall(
        CODE, "清禾区政务服务中心", SITE["hall_address"], organ.id, LINES, WINDOWS, SITE["hall_hours"]
    )
    hall_id = services.set_up_hall(hall=hall, by=SYSTEM, at=at, key=key("hall"))
    for line in selectors.lines_of(hall_id):
        services.set_opening(
            line_id=line.pk, openings=OPEN, by=SYSTEM, at=at, key=key(f"hall:open:{line.letter}")
        )
    today = legal_day(at).isoformat()
    services.open_slots(hall_id=hall_id, by=SYSTEM, at=at, key=key(f"hall:slots:{today}"))
    for window in selectors.windows_of(hall_id):
        if window.number == 1:  # where `mingqu bridge` plays them, once it is paired by a code
            services.set_devices(
                window_id=window.pk, devices=list(DEVICES), by=SYSTEM, at=at, key=key("hall:devices")
            )
    progress("the hall: times to book")
    line = next(one for one in selectors.lines_of(hall_id) if one.letter == "B")
    for number, story in enumerate(STORIES[:BOOKED]):
        _appointment(line.pk, number, story.phone, story.person, at)
    _paper(hall_id, organ.id, at)
    progress("the hall: a result at the counter, originals on their way")


def _paper(hall_id: UUID, organ_id: UUID, at: Instant) -> None:
    """
    The first result to collect lies at the counter; its department sends the originals back to the window. Of three
    that go by courier one waits to be sent, one is on its way, one came back.
    """
    clerk, reviewer = officer(*WINDOW), officer("CGJ-SRHJ-01", "chengguan")
    found = cases.waiting_for_collection(clerk, narrowed=selectors.not_here(), limit=300)
    _parcels(hall_id, [one for one in found if one.applicant_name in SENT], clerk, at)
    case = next((one for one in found if one.applicant_name == WALK_INS[0].person), None)
    if case is None:
        return
    services.result_arrived(
        case_id=case.pk, hall_id=hall_id, place="3号柜2格", by=clerk, at=at, key=key(f"arrived:{case.pk}")
    )
    papers = (NewPaper("房屋租赁合同", "original", 1), NewPaper("招牌效果图", "copy", 2))
    services.keep_papers(case_id=case.pk, papers=papers, by=reviewer, at=at, key=key(f"kept:{case.pk}"))
    chosen = [(one.case_id, one.id) for one in selectors.papers_of_case(reviewer, case.pk)]
    services.send_papers(
        chosen=chosen, department_id=organ_id, by=reviewer, at=at, key=key(f"sent:{case.pk}")
    )


def _parcels(hall_id: UUID, found: list[Case], clerk: Actor, at: Instant) -> None:
    """By the name of who asked for it: 等着寄, 运送中, 退回窗口."""
    way = dict(zip(SENT, ((), ("collected",), ("collected", "failed", "returned")), strict=True))
    for number, case in enumerate(sorted(found, key=lambda one: one.number), start=3):
        services.result_arrived(
            case_id=case.pk,
            hall_id=hall_id,
            place=f"3号柜{number}格",
            by=clerk,
            at=at,
            key=key(f"arrived:{case.pk}"),
        )
        if happened := way[case.applicant_name]:
            _sent(case, happened, clerk, at)


def _sent(case: Case, happened: tuple[str, ...], clerk: Actor, at: Instant) -> None:
    to = cases.delivery_address(case)
    if to is None:
        return
    sent = services.send_result(case_id=case.pk, to=to, by=clerk, at=at, key=key(f"parcel:{case.pk}"))
    services.order_parcel(case_id=case.pk, consignment_id=sent, at=at)
    reference = selectors.parcels_of_case(case.pk, at)[0].reference
    for minute, kind in enumerate(happened):
        told = double.play(reference, kind, at=at - timedelta(minutes=9 - minute))
        if told:
            heard = registry.named(double.DoubleCourier.name).read(*double.telling(told, at=at), at=at)
            services.hear_courier(courier=double.DoubleCourier.name, told=heard, at=at)


def _appointment(line_id: UUID, number: int, phone: str, name: str, at: Instant) -> None:
    user = people.citizen_with_phone(phone)
    days = [one.day for one in selectors.free_days(line_id, at) if one.left]
    if user is None or len(days) < 2:
        return
    actor = Actor("citizen", user.person_id, user_id=user.id, name=name)
    if selectors.own_bookings(actor, at):
        return
    slot = selectors.free_slots(line_id, days[1], at)[number]
    made = uuid5(NAMESPACE_URL, f"mingqu:demo:appointment:{phone}:{at.isoformat()}")
    held = services.hold_slot(slot_id=slot.id, by=actor, at=at, key=made)
    services.book(
        hold_id=held.id,
        slot_id=slot.id,
        booking=NewBooking(name, phone, "QH-SPJYXK"),
        by=actor,
        at=at,
        key=uuid5(made, "book"),
    )
