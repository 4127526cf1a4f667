"""Two halls of two districts and who signs for each, made by the commands of production."""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from mingqu.across import services
from mingqu.across.models import Agreement
from mingqu.across.types import NewAgreement
from mingqu.cases.tests import factories as f
from mingqu.hall import services as halls
from mingqu.hall.types import NewHall, NewLine
from mingqu.identity import services as identity
from mingqu.identity.types import NewDepartment
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor

ITEM, NEIGHBOUR = "QH-SPJYXK", "990105000000"
NOON = f.FRIDAY_NOON
FROM = date(2026, 9, 21)


@dataclass
class Sides:
    """`home`: 清禾区, whose organs handle; `away`: the hall of the neighbour district."""

    home: Actor
    away: Actor
    away_clerk: Actor


def sides(at=NOON) -> Sides:
    f.world()
    home = f.Department.objects.get(code="QH-ZWZX").pk
    draft = NewDepartment("LB-ZWZX", "临泊区政务服务中心", NEIGHBOUR, None, "")
    away = identity.create_department(draft=draft, by=f.SYSTEM, at=at, key=new_id())
    for code, name, organ in (("QH-H", "清禾区政务服务大厅", home), ("LB-H", "临泊区政务服务大厅", away)):
        hall = NewHall(
            code, name, "大厅路1号", organ, (NewLine("A", "综合业务", 10),), ((1, "综合窗口", "A"),)
        )
        halls.set_up_hall(hall=hall, by=Actor.system("demo"), at=at, key=uuid4())
    return Sides(
        f.post_of("QH-DT", "清禾大厅管理", home, "hall_manager"),
        f.post_of("LB-DT", "临泊大厅管理", away, "hall_manager"),
        f.post_of("LB-CK", "临泊窗口", away, "window_clerk"),
    )


def draft(**given) -> NewAgreement:
    usual = {
        "own": "LB-H",
        "other": "QH-H",
        "receives": True,
        "way": "collect",
        "items": (ITEM,),
        "from_on": FROM,
        "terms": "每周三寄一次材料。",
    }
    return NewAgreement(**(usual | given))


def proposed(s: Sides, *, by: Actor | None = None, at=NOON, **given) -> Agreement:
    done = services.propose(draft=draft(**given), by=by or s.away, at=at, key=uuid4())
    return Agreement.objects.get(number=done.number)


def answered(
    s: Sides, row: Agreement, *, agreed=True, reason="", by: Actor | None = None, at=NOON
) -> Agreement:
    services.answer(agreement_id=row.pk, agreed=agreed, reason=reason, by=by or s.home, at=at, key=uuid4())
    row.refresh_from_db()
    return row
