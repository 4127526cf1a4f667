"""Two halls of two districts and who signs for each, made by the commands of production."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from mingqu.across import selectors, services
from mingqu.across.models import Agreement, Reception
from mingqu.across.types import NewAgreement
from mingqu.cases import services as case_services
from mingqu.cases.models import Case
from mingqu.cases.tests import at_window
from mingqu.cases.tests import factories as f
from mingqu.hall import services as halls
from mingqu.hall.types import NewHall, NewLine
from mingqu.identity import services as identity
from mingqu.identity.tests import factories as people
from mingqu.identity.types import NewDepartment, SeenDocument
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor
from mingqu.process import selectors as tasks

ITEM, NEIGHBOUR = "QH-SPJYXK", "990105000000"
NOON = f.FRIDAY_NOON
FROM = date(2026, 9, 21)


@dataclass
class Sides:
    """`home`: 清禾区, whose organs handle; `away`: the hall of the neighbour district."""

    home: Actor
    away: Actor
    away_clerk: Actor
    w: f.World


def sides(at=NOON) -> Sides:
    w = f.world()
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
        w,
    )


def item_without_area() -> None:
    """Another food service of 清禾, whose guide names no 通办范围."""
    document = f.food_licence()
    document["item"] |= {"code": "QH-NEAR", "name": "食品摊贩登记"}
    del document["item"]["handle_area"]
    f.catalogue_services.publish_revision(
        document=document, by=f.SYSTEM, at=NOON, key=new_id(), files=f.form_files()
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


def in_force(s: Sides, **given) -> Agreement:
    """临泊 receives the food licence for 清禾 from today on."""
    return answered(s, proposed(s, from_on=NOON.date(), **given))


def person_at(clerk: Actor, name: str = "田桂香", at=NOON) -> UUID:
    """Registered by the clerk who has seen her document."""
    document = SeenDocument("citizen_number", people.citizen_number(), name)
    return identity.receive_person(document=document, by=clerk, at=at, key=uuid4())


def opened(s: Sides, *, at=NOON, person: UUID | None = None, key: UUID | None = None) -> Reception:
    (chosen,) = selectors.offered(s.away_clerk, legal_day(at))
    person = person or person_at(s.away_clerk, at=at)
    done = services.open_reception(
        offered=chosen, person_id=person, by=s.away_clerk, at=at, key=key or uuid4()
    )
    return Reception.objects.get(pk=done.reception_id)


def begun(s: Sides, row: Reception, *, at=NOON) -> int:
    """The application filled in, originals seen; its version."""
    draft_id = services.begin_form(
        reception_id=row.pk, answers=dict(f.SITUATION), by=s.away_clerk, at=at, key=uuid4()
    )
    row.refresh_from_db()
    return at_window.filled_in(draft_id, services.as_clerk(row, s.away_clerk), at=at)


def hand_in(s: Sides, row: Reception, version: int, *, at=NOON, key: UUID | None = None):
    by = services.as_clerk(row, s.away_clerk)
    return at_window.file_it(s.w, row.person_id, (row.draft_id, version), by=by, at=at, key=key)


def received(s: Sides, *, at=NOON) -> tuple[Reception, Case]:
    """Filed at the window of 临泊 for the food licence of 清禾."""
    row = opened(s, at=at)
    filed = hand_in(s, row, begun(s, row, at=at), at=at)
    row.refresh_from_db()
    return row, Case.objects.get(number=filed.number)


def decided(w: f.World, case: Case, at=NOON) -> Case:
    """Accepted, reviewed and granted by the home side."""
    case_services.accept_case(case_id=case.pk, by=w.clerk, at=at, key=uuid4())
    case.refresh_from_db()
    while steps := [one.step for one in tasks.open_tasks(case.pk) if one.step != "decide"]:
        f.review(w, case, steps[0], at=at)
    given = {"outcome": "granted", "reasons": "", "by": w.leader}
    case_services.decide_case(case_id=case.pk, at=at, key=uuid4(), **given)
    case.refresh_from_db()
    return case
