"""What the catalogue does after its own events."""

from django.urls import reverse

from mingqu.catalogue.directory import services as lists
from mingqu.catalogue.directory.events import DutyOverdue, ListPublished
from mingqu.catalogue.search import rebuilding
from mingqu.identity import selectors as identity
from mingqu.identity.events import DepartmentChanged
from mingqu.identity.types import Place
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.notifications import services as notifications


@subscriber("catalogue.look_at_items_again", ListPublished)
def look_at_items_again(event: ListPublished, *, at: Instant) -> None:
    """What a new edition says of the items of its region, and of those below, is kept in their rows."""
    lists.keep_items(at, region_code=event.region_code)


@subscriber("catalogue.follow_name", DepartmentChanged)
def follow_name(event: DepartmentChanged, *, at: Instant) -> None:
    """What a department offers is found by the name it has now; done again it changes nothing."""
    if event.kind == "rename":
        rebuilding.follow_name(event.root_id)


@subscriber("catalogue.tell_overdue_duty", DutyOverdue)
def tell_overdue_duty(event: DutyOverdue, *, at: Instant) -> None:
    """Whoever may see the duty is told: who makes lists, who watches over them, the head of the organ."""
    told = identity.people_who_may("duty.see", Place(event.department_id, event.region_code), legal_day(at))
    for person_id in told:
        notifications.tell(
            person_id,
            "duty_overdue",
            {"organ": event.organ, "duty": event.duty, "due_on": event.due_on},
            event.root_id,
            at=at,
            fact=event.due_on.isoformat(),
            link=reverse("catalogue:duty", args=[event.root_id]),
        )
