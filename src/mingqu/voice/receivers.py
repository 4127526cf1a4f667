"""The author is told that there is an answer."""

from django.urls import reverse

from mingqu.kernel.events import subscriber
from mingqu.kernel.types import Instant
from mingqu.notifications import services as notifications
from mingqu.voice.events import TicketAnswered
from mingqu.voice.models import Ticket


@subscriber("voice.tell_answered", TicketAnswered)
def tell_answered(event: TicketAnswered, *, at: Instant) -> None:
    row = Ticket.objects.select_related("department").get(pk=event.root_id)
    params = {"kind": str(Ticket.Kind(row.kind).label), "number": row.number, "organ": row.department.name}
    link = reverse("voice:ticket", args=[row.number])
    notifications.tell(row.party_id, "voice_answered", params, row.pk, at=at, link=link)
