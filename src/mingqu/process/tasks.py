"""Timers that are due, and the nightly comparison of stored instances with their histories."""

import logging
from datetime import timedelta
from uuid import UUID, uuid5

from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.schedule import each_alone, periodic
from mingqu.kernel.types import Actor, Instant
from mingqu.process import owners, selectors, services
from mingqu.process.errors import RowsDiffer

log = logging.getLogger(__name__)

SAMPLE = 500


@periodic("process.compare_sample", every=timedelta(days=1))
def compare_sample(at: Instant) -> None:
    """Design section 5. Raises RowsDiffer, so that the operations page shows it."""
    differing = 0
    for root_id, instance_id in selectors.sample(SAMPLE, legal_day(at).toordinal()):
        if found := selectors.differences(root_id, instance_id):
            differing += 1
            log.error("instance %s of %s differs from its history in %s", instance_id, root_id, sorted(found))
    if differing:
        raise RowsDiffer(count=differing)


MOST_AT_ONCE = 500
"""Timers of one turn; what is left fires at the next, a few seconds later."""
TIMER = Actor.system("process-timer")


@periodic("process.follow_clocks", every=timedelta(hours=6))
def follow_clocks(at: Instant) -> str:
    """
    Timers that read a clock look again: a holiday notice or a correction may have brought the day nearer. One that has
    become later is seen when it would fire.
    """
    told, after = [], None
    while rows := selectors.following_clocks(after, MOST_AT_ONCE):
        known = {wait_id: (root_id, instance_id) for root_id, instance_id, wait_id in rows}

        def look(wait_id: UUID, known: dict[UUID, tuple[UUID, UUID]] = known) -> None:
            root_id, instance_id = known[wait_id]
            key = uuid5(wait_id, f"follow:{at.isoformat()}")
            with command("process.follow_clock", root_id, by=TIMER, at=at, key=key):
                services.follow_clock(
                    root_id=root_id, instance_id=instance_id, wait_id=wait_id, by=TIMER, at=at
                )

        told.append(each_alone(known, look, "timers"))
        after = rows[-1][2]
    return "；".join(filter(None, told))


@periodic("process.fire_timers", every=timedelta(seconds=20))
def fire_timers(at: Instant) -> str:
    """Every timer that is due fires, each in a command on its root, so that one that can't stops no other."""
    due = {
        wait_id: (root_id, instance_id) for root_id, instance_id, wait_id in selectors.due(at, MOST_AT_ONCE)
    }

    def fire(wait_id: UUID) -> None:
        root_id, instance_id = due[wait_id]
        key = uuid5(wait_id, at.isoformat())  # a timer that repeats fires again under another
        with command("process.fire_timer", root_id, by=TIMER, at=at, key=key):
            fired = services.fire(root_id=root_id, instance_id=instance_id, wait_id=wait_id, by=TIMER, at=at)
            if fired is not None:
                owner, effects = fired
                owners.owner(owner).handler(root_id, effects, at)

    return each_alone(due, fire, "timers")
