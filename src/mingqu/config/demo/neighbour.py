"""The hall of 临泊区, and what it and the hall of 清禾区 agreed to do for one another (通办)."""

from collections.abc import Callable
from datetime import time

from mingqu.across import services
from mingqu.across.models import Agreement
from mingqu.across.types import NewAgreement
from mingqu.config.demo.district import SYSTEM, key
from mingqu.config.demo.hall import CODE
from mingqu.config.demo.walk_ins import officer
from mingqu.hall import selectors as halls
from mingqu.hall import services as hall_services
from mingqu.hall.rules import Opening
from mingqu.hall.types import NewHall, NewLine
from mingqu.identity import selectors as people
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant

HALL = "ZX-LB"
OPEN = (Opening(time(9), time(12), 30, 2), Opening(time(13, 30), time(17), 30, 2))
OURS, THEIRS = ("QH-DTGL", "dating"), ("LB-DTGL", "linboguanli")
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
    progress("the neighbour's hall, four agreements with it")


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
