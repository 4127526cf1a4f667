"""
What whoever runs the platform does about failed side effects.

The kernel knows no posts: the caller has checked that the actor may do `system.retry`.
"""

from uuid import UUID

from mingqu.kernel import relay
from mingqu.kernel.commands import command
from mingqu.kernel.models import DeadLetter
from mingqu.kernel.types import Actor, Instant


def dead_letters(limit: int = 50) -> list[DeadLetter]:
    """Deliveries that failed, the latest first. They name event and error class, nothing personal."""
    return list(DeadLetter.objects.order_by("-last_at", "root_id", "event_id", "subscriber")[:limit])


def retry_events(*, root_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """Have the relay try the waiting events of a root in its next round; audited on that root."""
    with command("system.retry", root_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        relay.retry_now(root_id, at)
        cmd.note(what="events")
        cmd.done(None)
