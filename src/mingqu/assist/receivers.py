"""Who said it is told of the answer and of its being late; who is above, of what is late or was asked again."""

from uuid import UUID

from django.urls import reverse

from mingqu.assist import selectors
from mingqu.assist.events import StuckAnswered, StuckFiled, StuckOverdue
from mingqu.assist.models import Stuck
from mingqu.identity import selectors as identity
from mingqu.identity.types import Place
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.notifications import services as notifications


@subscriber("assist.tell_owner", StuckFiled)
def tell_owner(event: StuckFiled, *, at: Instant) -> None:
    """Who may answer in this round: the organ's, and the second time those above it."""
    _tell_officers(event.root_id, "stuck_to_answer", event.round, at)


@subscriber("assist.tell_answered", StuckAnswered)
def tell_answered(event: StuckAnswered, *, at: Instant) -> None:
    _tell_author(event.root_id, "stuck_answered", at)


@subscriber("assist.tell_overdue", StuckOverdue)
def tell_overdue(event: StuckOverdue, *, at: Instant) -> None:
    """Its author, its owner and those above; nobody where the answer came meanwhile."""
    row = Stuck.objects.get(pk=event.root_id)
    if not row.waits or row.round != event.round:
        return
    _tell_author(row.pk, "stuck_overdue", at)
    _tell_officers(row.pk, "stuck_answer_overdue", 2, at)


def _row(stuck_id: UUID) -> Stuck:
    return Stuck.objects.select_related("department").get(pk=stuck_id)


def _tell_author(stuck_id: UUID, kind: str, at: Instant) -> None:
    row = _row(stuck_id)
    if row.party_id is None:
        return  # sees it by its code
    params = {"number": row.number, "organ": row.department.name}
    notifications.tell(
        row.party_id, kind, params, row.pk, at=at, link=reverse("assist:stuck", args=[row.number])
    )


def _tell_officers(stuck_id: UUID, kind: str, round_: int, at: Instant) -> None:
    row = _row(stuck_id)
    params = {"number": row.number, "organ": row.department.name, "due_on": row.due_on}
    place = Place(row.department_id, row.region_code, row.item_type)
    link = reverse("assist:at_desk", args=[row.number])
    action = selectors.FIRST if round_ == 1 else selectors.SECOND
    for person_id in identity.people_who_may(action, place, legal_day(at)):
        if not selectors.is_shut_to(Actor("staff", person_id), row):
            notifications.tell(person_id, kind, params, row.pk, at=at, link=link)
