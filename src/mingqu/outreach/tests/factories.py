"""A point with an agent, an errand and a visit, made by the commands of production."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from mingqu.cases.tests import at_window
from mingqu.cases.tests import factories as f
from mingqu.documents import services as documents
from mingqu.identity import selectors as identity
from mingqu.identity import services as accounts
from mingqu.identity.models import Department
from mingqu.identity.tests import factories as people
from mingqu.identity.types import SeenDocument
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.regions import load_demo_district
from mingqu.kernel.types import Actor
from mingqu.outreach import selectors, services
from mingqu.outreach.models import Errand, Point
from mingqu.outreach.types import NewPoint, NewVisit, PaperAnswer

ITEM = "QH-SPJYXK"
STREET = "990104001000"
VILLAGE = "990104001001"
NOON = f.FRIDAY_NOON
LAST_YEAR = date(2025, 1, 1)


@dataclass
class Place:
    """A point that takes in the food licence, its agent, the clerk who looks at papers, and who manages points."""

    point: Point
    agent: Actor
    clerk: Actor
    manager: Actor


def place(w: f.World, *, code: str = "qinglan", at=NOON, until: date | None = None) -> Place:
    load_demo_district()
    hall = Department.objects.get(code="QH-ZWZX").pk
    agent = f.post_of(f"ag-{code}", "代办员", hall, "village_agent")
    manager = f.post_of(f"dt-{code}", "大厅管理", hall, "hall_manager")
    services.keep_point(
        point=NewPoint(
            code,
            "青澜社区便民服务点",
            VILLAGE,
            "望渠路1号",
            "工作日9:00至17:00",
            "0990-5550101",
            (f"ag-{code}",),
        ),
        department_id=hall,
        by=manager,
        at=at,
        key=uuid4(),
    )
    point = Point.objects.get(code=code)
    items = [(ITEM, LAST_YEAR, until)]
    services.delegate(point_id=point.pk, items=items, by=manager, at=at, key=uuid4())
    return Place(point, agent, w.clerk, manager)


def with_telephone(clerk: Actor, *, name: str = "邱桂芬", at=NOON) -> Actor:
    """Somebody who signs in by telephone and whose document a clerk has seen."""
    _user, by = people.citizen(name, at=at)
    number, phone = identity.person(by.id).citizen_number, identity.phone_of(by.id)
    document = SeenDocument("citizen_number", number, name, phone)
    accounts.receive_person(document=document, by=clerk, at=at, key=uuid4())
    return by


def errand(
    p: Place, *, person: Actor | None = None, at=NOON, key: UUID | None = None, name="田桂香"
) -> Errand:
    """For somebody whose document the agent has seen; `person`: who is registered with a checked document."""
    number = identity.person(person.id).citizen_number if person else people.citizen_number()
    document = SeenDocument("citizen_number", number, person.name if person else name)
    (offered,) = (one for one in selectors.offered_at(p.point, legal_day(at)) if one.handling == "01")
    opened = services.open_errand(document=document, offered=offered, by=p.agent, at=at, key=key or uuid4())
    return Errand.objects.get(pk=opened.errand_id)


def by_paper(
    p: Place, row: Errand, *, at=NOON, agreed: bool = True, by: Actor | None = None, fixes: bool = False
) -> Errand:
    """The consent paper, looked at by the clerk."""
    photo, answer = documents.check_upload(f.PNG), PaperAnswer(agreed, "签名看不清", fixes)
    services.hand_paper(errand_id=row.pk, photo=photo, by=p.agent, at=at, key=uuid4())
    services.answer_paper(errand_id=row.pk, answer=answer, by=by or p.clerk, at=at, key=uuid4())
    row.refresh_from_db()
    return row


def begun(p: Place, row: Errand, *, at=NOON) -> int:
    """The application filled in, originals seen; its version."""
    draft_id = services.begin_form(
        errand_id=row.pk, answers=dict(f.SITUATION), by=p.agent, at=at, key=uuid4()
    )
    row.refresh_from_db()
    return at_window.filled_in(draft_id, services.as_agent(row, p.agent), at=at)


def hand_in(p: Place, row: Errand, version: int, *, at=NOON, key: UUID | None = None):
    by = services.as_agent(row, p.agent)
    return at_window.file_it(None, row.person_id, (row.draft_id, version), by=by, at=at, key=key)


def visit_words(**given) -> NewVisit:
    usual = {
        "name": "田桂香",
        "phone": "19900007070",
        "address": "望渠路2号",
        "about": "办老年优待证",
        "reason": "elderly",
        "region_code": STREET,
        "wished_on": date(2026, 9, 22),
        "half": "am",
    }
    return NewVisit(**(usual | given))
