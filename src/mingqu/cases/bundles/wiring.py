"""What bundles tell the clocks when the apps are ready: which dates are copies."""

from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases.bundles import selectors
from mingqu.cases.models import Bundle
from mingqu.clocks import services as clock_services
from mingqu.clocks.types import StoredDue
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant

CHECK = Actor.system("clock-check")


def connect() -> None:
    clock_services.register_stored_due(StoredDue("bundles", selectors.due_dates, _rewrite_due))


def _rewrite_due(root_id: UUID, day: date | None, at: Instant) -> None:
    """A holiday notice moved the joint limit: bring the copy up to date."""
    key = uuid5(NAMESPACE_URL, f"mingqu:bundle-due:{root_id}:{day}:{at.isoformat()}")
    with command("bundle.rewrite_due", root_id, by=CHECK, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        bundle = selectors.bundle_for_update(root_id)
        cmd.note(was=bundle.due_on, due_on=day)
        Bundle.objects.filter(pk=root_id).update(due_on=day)
