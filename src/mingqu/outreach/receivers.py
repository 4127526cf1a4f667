"""Who is helped is told that somebody acted for her; who has work is told of it."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from mingqu.cases import services as cases
from mingqu.cases.events import CaseReceived, CaseSupplemented
from mingqu.catalogue import selectors as catalogue
from mingqu.identity import selectors as identity
from mingqu.identity.types import Place
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.notifications import services as notifications
from mingqu.outreach import services
from mingqu.outreach.events import (
    ConsentAnswered,
    ConsentPaper,
    ErrandEnded,
    ErrandFiled,
    HomeVisitAsked,
    HomeVisitClosed,
    HomeVisitPlanned,
    PapersCollected,
)
from mingqu.outreach.models import Errand, HomeVisit
from mingqu.outreach.selectors.home_visits import half_words
from mingqu.ui.text import zh_day


@subscriber("outreach.note_filed", CaseReceived)
def note_filed(event: CaseReceived, *, at: Instant) -> None:
    """The application of an errand came in."""
    services.note_filed(event.root_id, event.number, at)


@subscriber("outreach.tell_filed", ErrandFiled)
def tell_filed(event: ErrandFiled, *, at: Instant) -> None:
    """Somebody acted for you: what, where, and how to end it."""
    row = _errand(event.root_id)
    params = _named(row) | {
        "point": row.point.name,
        "agent": identity.names_of([row.agent_id]).get(row.agent_id, ""),
    }
    link = reverse("outreach:own_errand", args=[row.number])
    notifications.tell(row.person_id, "errand_filed", params, row.pk, at=at, link=link)


@subscriber("outreach.tell_fixed", CaseSupplemented)
def tell_fixed(event: CaseSupplemented, *, at: Instant) -> None:
    """An agent handed in her correction: what, who, and how to end it."""
    row = Errand.objects.select_related("point").filter(draft_id=event.root_id).first()
    if row is None or row.fixed_on != event.supplemented_on:
        return
    params = _named(row) | {
        "point": row.point.name,
        "agent": identity.names_of([row.agent_id]).get(row.agent_id, ""),
    }
    link = reverse("outreach:own_errand", args=[row.number])
    fact = event.supplemented_on.isoformat()
    notifications.tell(row.person_id, "errand_fixed", params, row.pk, at=at, fact=fact, link=link)


@subscriber("outreach.renew_code", ErrandEnded)
def renew_code(event: ErrandEnded, *, at: Instant) -> None:
    """The agent had the query code on the slip: once consent is taken back it opens nothing any more."""
    row = _errand(event.root_id)
    if not event.by_person or not row.case_number or row.draft_id is None:
        return
    cases.renew_query_code(case_id=row.draft_id, because=row.pk, at=at)
    params = {"case": row.case_number}
    link = reverse("outreach:own_errand", args=[row.number])
    notifications.tell(row.person_id, "query_code_renewed", params, row.pk, at=at, link=link)


@subscriber("outreach.tell_paper", ConsentPaper)
def tell_paper(event: ConsentPaper, *, at: Instant) -> None:
    """Who may look at it, but the agent's own post."""
    row = _errand(event.root_id)
    if row.state != Errand.State.PAPER:
        return
    place = Place(row.department_id, row.region_code, row.item_type)
    found = identity.people_who_may("errand.confirm", place, legal_day(at))
    _tell_staff((one for one in found if one != row.agent_id), "errand_paper", row, at)


@subscriber("outreach.tell_answered", ConsentAnswered)
def tell_answered(event: ConsentAnswered, *, at: Instant) -> None:
    row = _errand(event.root_id)
    kind = "errand_agreed" if event.agreed else "errand_not_agreed"
    _tell_staff([row.agent_id], kind, row, at)


@subscriber("outreach.tell_ended", ErrandEnded)
def tell_ended(event: ErrandEnded, *, at: Instant) -> None:
    """The agent learns that the consent was taken back."""
    if event.by_person:
        row = _errand(event.root_id)
        _tell_staff([row.agent_id], "errand_ended", row, at)


@subscriber("outreach.tell_papers_collected", PapersCollected)
def tell_papers_collected(event: PapersCollected, *, at: Instant) -> None:
    """The person who gave her originals away; each time."""
    row = _errand(event.root_id)
    agent = identity.names_of([row.agent_id]).get(row.agent_id, "")
    params = {**_named(row), "point": row.point.name, "agent": agent, "count": str(event.many)}
    link = reverse("outreach:own_errand", args=[row.number])
    notifications.tell(
        row.person_id, "errand_collected", params, row.pk, at=at, fact=str(event.nth), link=link
    )


@subscriber("outreach.tell_visit_asked", HomeVisitAsked)
def tell_visit_asked(event: HomeVisitAsked, *, at: Instant) -> None:
    row = HomeVisit.objects.get(pk=event.root_id)
    place = Place(row.department_id, row.region_code, row.item_type)
    link = reverse("outreach:visit_at_desk", args=[row.number])
    for person_id in identity.people_who_may("home_visit.plan", place, legal_day(at)):
        params = {"number": row.number, "due_on": row.due_on}
        notifications.tell(person_id, "home_visit_asked", params, row.pk, at=at, link=link)


@subscriber("outreach.tell_visit_planned", HomeVisitPlanned)
def tell_visit_planned(event: HomeVisitPlanned, *, at: Instant) -> None:
    """Who asked, and who goes; each plan once."""
    row = HomeVisit.objects.get(pk=event.root_id)
    if row.visit_on != event.visit_on or row.assigned_post != event.post_id:
        return  # planned anew meanwhile
    when = f"{zh_day(event.visit_on)}{half_words(row.visit_half)}"
    params = {"number": row.number, "when": when}
    fact = f"{event.visit_on}{row.visit_half}"
    if row.party_id:
        _tell_visitor(row, "home_visit_planned", params, at, fact)
    link = reverse("outreach:visit_at_desk", args=[row.number])
    for person_id in identity.people_at([identity.post_code(event.post_id)], legal_day(at)):
        notifications.tell(person_id, "home_visit_to_go", params, row.pk, at=at, fact=fact, link=link)


@subscriber("outreach.tell_visit_closed", HomeVisitClosed)
def tell_visit_closed(event: HomeVisitClosed, *, at: Instant) -> None:
    row = HomeVisit.objects.get(pk=event.root_id)
    if row.party_id:
        _tell_visitor(
            row, "home_visit_done" if event.done else "home_visit_not_done", {"number": row.number}, at
        )


def _tell_visitor(row: HomeVisit, kind: str, params: dict[str, object], at: Instant, fact: str = "") -> None:
    assert row.party_id is not None
    link = reverse("outreach:own_visit", args=[row.number])
    notifications.tell(row.party_id, kind, params, row.pk, at=at, fact=fact, link=link)


def _errand(errand_id: UUID) -> Errand:
    return Errand.objects.select_related("point").get(pk=errand_id)


def _named(row: Errand) -> dict[str, object]:
    return {"number": row.number, "item": catalogue.names([row.item_code]).get(row.item_code, row.item_code)}


def _tell_staff(people: Iterable[UUID], kind: str, row: Errand, at: Instant) -> None:
    link = reverse("outreach:at_desk", args=[row.number])
    fact = f"{row.paper_id or ''}"
    for person_id in people:
        notifications.tell(person_id, kind, _named(row), row.pk, at=at, fact=fact, link=link)
