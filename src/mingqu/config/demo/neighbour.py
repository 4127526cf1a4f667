"""
The hall of 临泊区, what it and the hall of 清禾区 agreed to do for one another (通办), what it received, and the shift
in which the clerk who received it hands it over.
"""

from collections.abc import Callable
from datetime import time
from uuid import UUID

from mingqu.across import selectors, services
from mingqu.across.models import Agreement, Reception
from mingqu.across.types import NewAgreement
from mingqu.cases import services as cases
from mingqu.cases.services import window
from mingqu.cases.types import Asked
from mingqu.config.demo.district import SYSTEM, key
from mingqu.config.demo.hall import CODE
from mingqu.config.demo.walk_ins import WALK_INS, WINDOW, officer
from mingqu.forms import services as forms
from mingqu.hall import selectors as halls
from mingqu.hall import services as hall_services
from mingqu.hall.rules import Opening
from mingqu.hall.types import NewHall, NewLine, ShiftTo
from mingqu.identity import selectors as people
from mingqu.identity import services as identity
from mingqu.identity.types import AssistingActor, SeenDocument
from mingqu.kernel.identifiers import CitizenNumber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.workbench.selectors.hand_over import hand_over as in_hand

HALL = "ZX-LB"
OPEN = (Opening(time(9), time(12), 30, 2), Opening(time(13, 30), time(17), 30, 2))
OURS, THEIRS, CLERK = ("QH-DTGL", "dating"), ("LB-DTGL", "linboguanli"), ("LB-HALL-01", "linbo")
COLLEAGUE = ("LB-HALL-02", "linbo2")
# Who came to 临泊's window for the waste water of 清禾; the second one's drawing can't be read.
CAME = (("葛临川", "19900000044"), ("尤泊远", "19900000045"))
BEGUN = ("姚望津", "19900000046")  # her form is half filled in when the shift ends
COLLECTED = ("QH-SPJYXK", "QH-HWZP", "QH-PSXK")
# Way, items, what was agreed in words, and whether the other side has confirmed it; 临泊 proposes each.
AGREED = (
    ("collect", COLLECTED, "材料每周三寄一次，寄费由代收的大厅出；急件打0990-5550166。", True),
    ("online", ("QH-PSXK",), "不会上网的人，代收的大厅帮着填。", True),
    ("joint", ("QH-SPJYXK",), "经营场所跨两个区的，清禾区办理，临泊区出意见。", True),
    ("collect", ("QH-JZLJ",), "", False),
)


def build(at: Instant, progress: Callable[[str], None]) -> None:
    """Idempotent: the hall once, each agreement once."""
    organ = people.department_by_code("LB-ZWZX")
    hall = NewHall(
        HALL,
        "临泊区政务服务大厅",
        "泊岸街道示例路66号",
        organ.id,
        (NewLine("A", "综合业务", 15),),
        ((1, "综合窗口", "A"), (2, "综合窗口", "A")),
        "工作日9:00至12:00、13:30至17:00",
    )
    hall_id = hall_services.set_up_hall(hall=hall, by=SYSTEM, at=at, key=key("hall:LB"))
    for line in halls.lines_of(hall_id):
        hall_services.set_opening(line_id=line.pk, openings=OPEN, by=SYSTEM, at=at, key=key("hall:LB:open"))
    if not Agreement.objects.exists():
        for place, (way, items, terms, confirmed) in enumerate(AGREED):
            _agreement(
                place, NewAgreement(HALL, CODE, True, way, items, legal_day(at), None, terms), confirmed, at
            )
    clerk = officer(*CLERK)
    if not Reception.objects.exists():
        for place, (name, phone) in enumerate(CAME):
            _received(place, name, phone, clerk, at)
        _handed_over(clerk, at)
    progress("the neighbour's hall, four agreements with it, two applications it received and hands over")


def _handed_over(clerk: Actor, at: Instant) -> None:
    """换班交接: made out, with what she receives for the other district and has not sent yet; nobody took it over."""
    _begun(len(CAME), *BEGUN, clerk, at)
    colleague = officer(*COLLEAGUE)
    assert colleague.post_id is not None
    to = ShiftTo(colleague.id, colleague.post_id, "排水户的材料还差一张图，申请人下午带来。")
    lines = in_hand(clerk, at).lines
    hall_services.give_shift(lines=lines, to=to, by=clerk, at=at, key=key("across:shift"))


def _agreement(place: int, draft: NewAgreement, confirmed: bool, at: Instant) -> None:
    made = services.propose(draft=draft, by=officer(*THEIRS), at=at, key=key(f"agreement:{place}"))
    if confirmed:
        services.answer(
            agreement_id=Agreement.objects.get(number=made.number).pk,
            agreed=True,
            reason="",
            by=officer(*OURS),
            at=at,
            key=key(f"agreement:{place}:yes"),
        )


def _received(place: int, name: str, phone: str, clerk: Actor, at: Instant) -> None:
    person_id, row, draft_id = _begun(place, name, phone, clerk, at)
    _filed(draft_id, person_id, services.as_clerk(row, clerk), at)
    if place:
        asked = [Asked("drain-plan", "看不清接管的位置，请重新画一张。")]
        cases.ask_correction(
            case_id=draft_id, asked=asked, by=officer(*WINDOW), at=at, key=key(f"across:asked:{place}")
        )


def _begun(place: int, name: str, phone: str, clerk: Actor, at: Instant) -> tuple[UUID, Reception, UUID]:
    """The person, what she is received for, and her form."""
    birth = legal_day(at).replace(year=1986 + place, month=3, day=8)
    number = str(CitizenNumber.build("990104", birth, f"{301 + place}"))
    document = SeenDocument("citizen_number", number, name, phone)
    person_id = identity.receive_person(document=document, by=clerk, at=at, key=key(f"across:{place}"))
    drain = WALK_INS[1]
    offered = next(one for one in selectors.offered(clerk, legal_day(at)) if one.item_code == drain.item)
    opened = services.open_reception(
        offered=offered, person_id=person_id, by=clerk, at=at, key=key(f"across:open:{place}")
    )
    row = selectors.reception(clerk, opened.reception_id)
    draft_id = services.begin_form(
        reception_id=row.pk, answers=dict(drain.situation), by=clerk, at=at, key=key(f"across:form:{place}")
    )
    return person_id, row, draft_id


def _filed(draft_id: UUID, person_id: UUID, by: AssistingActor, at: Instant) -> None:
    """Filled in, originals seen, handed in."""
    version = window.open_draft(draft_id=draft_id, by=by, at=at).view.version
    answers = dict(WALK_INS[1].answers)
    saved = forms.save_draft(draft_id=draft_id, changes=answers, base_version=version, by=by, at=at)
    needed = window.open_draft(draft_id=draft_id, by=by, at=at).provided
    seen = {one.material.code: True for one in needed}
    marked = window.mark_originals(draft_id=draft_id, seen=seen, by=by, at=at)
    cases.file_at_window(
        draft_id=draft_id,
        base_version=(marked or saved).version,
        applicant_id=person_id,
        by=by,
        at=at,
        key=key(f"across:filed:{draft_id}"),
    )
