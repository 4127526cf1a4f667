"""
Commands of the engine that bring a running instance to another plan, and back; called inside the owner's command.
"""

from collections.abc import Mapping
from uuid import UUID

from mingqu.kernel.commands import require_command
from mingqu.kernel.types import Actor, Instant
from mingqu.process import plans, replanning, store
from mingqu.process.errors import ReplanTouched
from mingqu.process.going_over import Move, worked_out
from mingqu.process.history import event_from
from mingqu.process.models import History
from mingqu.process.replan import Replan
from mingqu.process.taking import require_worker, take
from mingqu.process.types import Json


def replan(
    *,
    root_id: UUID,
    instance_id: UUID,
    plan: str,
    steps: Mapping[str, str],
    data: Mapping[str, Json],
    by: Actor,
    at: Instant,
) -> int:
    """
    The instance goes on by the plan with digest `plan`; the number of the event, to take it back by. `steps`: old step
    or event -> new one ("" where it is gone; those left out keep their name). Of `data` what the new flow decides on is
    kept.

    Raises ProcessNotActive, PlanUnknown, WorkUnknown, NotReplannable.
    """
    require_command()
    held = store.lock(root_id, instance_id)
    old, new = plans.by_digest(held.plan_digest), plans.by_digest(plan)
    require_worker(held.owner, new)
    before = store.load_whole(held)
    moving = worked_out(held, before, Move(plan, steps, data, at))
    take(held, old, before, Replan(held.seq, at, moving.then, moving.was), by)
    return held.seq


def replan_back(*, root_id: UUID, instance_id: UUID, seq: int, by: Actor, at: Instant) -> None:
    """What event `seq` moved goes back, while nothing has happened since. Raises ReplanTouched, ProcessNotActive."""
    require_command()
    held = store.lock(root_id, instance_id)
    # Not by the number of the instance: timers and clocks that look and find nothing count it up too.
    row = (
        History.objects.filter(root_id=root_id, instance_id=instance_id, seq__gte=seq)
        .order_by("-seq")
        .first()
    )
    if row is None or (row.seq, row.kind) != (seq, "replan"):
        raise ReplanTouched()
    event = event_from(row.seq, row.kind, row.at, row.event)
    assert isinstance(event, Replan)
    before = store.load_whole(held)
    take(held, plans.by_digest(held.plan_digest), before, replanning.back(event, held.seq, at), by)
