"""The author is told that there is an answer, or that none came in time."""

from typing import Any
from uuid import UUID

from django.urls import reverse

from mingqu.identity import selectors as identity
from mingqu.identity.types import Place
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.notifications import services as notifications
from mingqu.voice import selectors
from mingqu.voice.events import TicketAnswered, TicketOverdue, TicketPassed
from mingqu.voice.models import Ticket


@subscriber("voice.tell_answered", TicketAnswered)
def tell_answered(event: TicketAnswered, *, at: Instant) -> None:
    _tell(event.root_id, "voice_answered", at)


@subscriber("voice.tell_passed", TicketPassed)
def tell_passed(event: TicketPassed, *, at: Instant) -> None:
    _tell(event.root_id, "voice_passed", at, due_on=event.due_on)


@subscriber("voice.tell_overdue", TicketOverdue)
def tell_overdue(event: TicketOverdue, *, at: Instant) -> None:
    """The author, and in the organ and above it whoever may answer; nobody where the answer came meanwhile."""
    row = Ticket.objects.select_related("department").get(pk=event.root_id)
    if row.state != Ticket.State.FILED:
        return
    _tell(row.pk, "voice_overdue", at)
    params = {
        "kind": str(Ticket.Kind(row.kind).label),
        "number": row.number,
        "organ": row.department.name,
        "due_on": row.due_on,
    }
    place = Place(row.department_id, row.region_code, row.item_type)
    for person_id in identity.people_who_may("voice.answer", place, legal_day(at)):
        reader = Actor("staff", person_id)
        if not selectors.is_shut_to(reader, row):
            link = reverse("voice:desk_ticket", args=[row.number])
            notifications.tell(person_id, "voice_answer_overdue", params, row.pk, at=at, link=link)


def _tell(ticket_id: UUID, kind: str, at: Instant, **more: Any) -> None:
    row = Ticket.objects.select_related("department").get(pk=ticket_id)
    params = {"kind": str(Ticket.Kind(row.kind).label), "number": row.number, "organ": row.department.name}
    params |= more
    link = reverse("voice:ticket", args=[row.number])
    notifications.tell(row.party_id, kind, params, row.pk, at=at, link=link)
