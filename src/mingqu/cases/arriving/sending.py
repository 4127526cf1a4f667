"""What a drawn flow tells the applicant: an event in the transaction that came to it, a message to her afterwards."""

from uuid import UUID

from django.urls import reverse

from mingqu.cases import events
from mingqu.cases.models import Case
from mingqu.identity import selectors as identity
from mingqu.kernel import training
from mingqu.kernel.commands import require_command
from mingqu.kernel.events import subscriber
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.notifications import services as notifications


def send(root_id: UUID, message: str, at: Instant) -> None:
    """The engine came to a message that goes out: it is told once, whatever the delivery of the event meets."""
    require_command().publish(events.FlowTold(*whose(root_id), new_id(), message))


def whose(root_id: UUID) -> tuple[UUID, str, str, UUID]:
    """What every event of a case begins with."""
    case = Case.objects.only("number", "item_code", "applicant_id").get(pk=root_id)
    return case.pk, case.number, case.item_code, case.applicant_id


@subscriber("cases.tell_what_the_flow_says", events.FlowTold)
def tell(event: events.FlowTold, *, at: Instant) -> None:
    case = Case.objects.get(pk=event.root_id)
    item = training.named(f"{case.item_name}（{case.handling_item}）", case.region_code)
    told = {"item": item, "number": case.number, "words": event.words}
    link = reverse("cases:progress", args=[case.number])
    for person_id in identity.whom_to_tell(case.applicant_id, case, legal_day(at)):
        notifications.tell(
            person_id, "case_flow_told", told, case.pk, at=at, fact=str(event.sending_id), link=link
        )
