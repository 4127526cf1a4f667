"""Questions about announcements: of everybody, of one case or bundle, of what is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from mingqu.cases.announcing import rules
from mingqu.cases.bundles.services.serving import BUNDLE_NOTICES
from mingqu.cases.models import Announcement, Bundle, Case
from mingqu.cases.services.notices import NOTICES
from mingqu.cases.services.service_of_papers import OF_DECISION
from mingqu.cases.worklists import Cursor
from mingqu.clocks.selectors import Calendar
from mingqu.documents import selectors as documents
from mingqu.documents.selectors import DocumentView
from mingqu.identity import selectors as identity
from mingqu.kernel.training import is_training
from mingqu.notifications import selectors as notifications

PAGE = 20
SHOWN_AFTER = timedelta(days=30)  # how long everybody still reads one that ran its time; ours
State = Announcement.State


@dataclass(frozen=True)
class Announced:
    """One announcement; `tried` and `withdrawn_because` for the officers of the case alone."""

    id: UUID
    paper_id: UUID
    title: str
    document_number: str
    item_name: str
    organ: str
    addressee: str
    text: str
    place: str
    posted_on: date
    deemed_on: date
    state: str
    state_words: str
    tried: str = field(default="", repr=False)
    withdrawn_because: str = field(default="", repr=False)


def announced(today: date, *, before: Cursor | None = None) -> tuple[list[Announced], Cursor | None]:
    """For everybody, the latest first, and where the list goes on; training regions are left out. Two statements."""
    shown = Q(state=State.POSTED) | Q(state=State.SERVED, deemed_on__gte=today - SHOWN_AFTER)
    rows = Announcement.objects.filter(shown)
    if before and before.due_on:
        rows = rows.filter(Q(posted_on__lt=before.due_on) | Q(posted_on=before.due_on, id__lt=before.case_id))
    found = list(rows.order_by("-posted_on", "-id")[: PAGE + 1])
    more = Cursor(found[PAGE - 1].posted_on, found[PAGE - 1].id) if len(found) > PAGE else None
    return _views([row for row in found[:PAGE] if not is_training(row.region_code)]), more


def of_root(root_id: UUID) -> list[Announced]:
    """Every one ever made for a case or bundle, the first first; the caller has checked access to it."""
    rows = list(Announcement.objects.filter(root_id=root_id).order_by("at", "id"))
    told = {row.id: (row.tried or "", row.withdrawn_because or "") for row in rows}
    return [
        Announced(**{**vars(one), "tried": told[one.id][0], "withdrawn_because": told[one.id][1]})
        for one in _views(rows)
    ]


def running(root_ids: Iterable[UUID]) -> dict[tuple[UUID, str], date]:
    """By case or bundle and kind of paper: until when it is announced; one statement."""
    rows = Announcement.objects.filter(root_id__in=list(root_ids), state=State.POSTED)
    return {
        (row.root_id, row.paper): row.deemed_on for row in rows.only("root_id", "id", "paper", "deemed_on")
    }


def decision_to_announce(case: Case) -> UUID | None:
    """The paper of the decision that is made and not served. The caller has checked access."""
    made = [
        one for one in documents.documents_of(case.pk) if one.kind in OF_DECISION and one.state == "ready"
    ]
    return made[-1].id if made and case.status == Case.Status.DECIDED else None


def until(posted_on: date, calendar: Calendar) -> date:
    """On which day a paper announced on this day counts as served."""
    return rules.deemed_served_on(posted_on, calendar)


def due(today: date, limit: int) -> list[tuple[UUID, UUID]]:
    """(case or bundle, announcement) of those whose time is over."""
    rows = Announcement.objects.filter(state=State.POSTED, deemed_on__lt=today).order_by("deemed_on")
    return list(rows.values_list("root_id", "id")[:limit])


def paper_to_announce(case: Case, paper_id: UUID) -> DocumentView | None:
    """A notice or decision that is made and not served; None: it is no such paper. The caller has checked access."""
    found = next((one for one in documents.documents_of(case.pk) if one.id == paper_id), None)
    if found is None or found.state != "ready":
        return None
    if found.kind in NOTICES:
        ended = paper_id in notifications.services_of(case.pk) or paper_id in notifications.closed_of(case.pk)
        return None if ended else found
    return found if found.kind in OF_DECISION and case.status == Case.Status.DECIDED else None


def paper_of_bundle_to_announce(bundle: Bundle, paper_id: UUID) -> DocumentView | None:
    """A merged notice that is made and not served; None: it is no such paper. The caller has checked access."""
    found = next((one for one in documents.documents_of(bundle.pk) if one.id == paper_id), None)
    if found is None or found.state != "ready" or found.kind not in BUNDLE_NOTICES:
        return None
    ended = paper_id in notifications.services_of(bundle.pk) or paper_id in notifications.closed_of(bundle.pk)
    return None if ended else found


def _views(rows: Sequence[Announcement]) -> list[Announced]:
    organs = identity.departments_by_id(row.department_id for row in rows)
    return [
        Announced(
            id=row.id,
            paper_id=row.paper_id,
            title=documents.title_of(row.paper),
            document_number=row.document_number,
            item_name=row.item_name,
            organ=organs[row.department_id].name,
            addressee=row.addressee,
            text=row.text,
            place=row.place,
            posted_on=row.posted_on,
            deemed_on=row.deemed_on,
            state=row.state,
            state_words=str(row.get_state_display()),
        )
        for row in rows
    ]
