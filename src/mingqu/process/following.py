"""A timer that reads a clock of its owner looks what that one says now."""

from datetime import datetime

from mingqu.kernel.types import Actor, Instant
from mingqu.process import deciding, moments, store
from mingqu.process.errors import NotAwaited
from mingqu.process.keys import fires
from mingqu.process.plan import Plan
from mingqu.process.state import PutOff
from mingqu.process.taking import take
from mingqu.process.types import Effects


def follow(
    held: store.Locked, plan: Plan, wait: int, at: Instant, *, only_later: bool, by: Actor
) -> Effects | None:
    """
    The timer is put off, or brought forward, to what its expression gives now; None where that is as it was, is over
    already, or it follows no clock. `only_later`: it is about to fire. Raises NotAwaited.
    """
    before = store.load_whole(held)
    known = before.waits.get(wait)
    if known is None:
        raise NotAwaited()
    node = plan.nodes[known.node]
    if not moments.reads_clock(node):
        return None
    seen = moments.with_clocks(held.owner, held.root_id, plan, before, at)
    found = deciding.of_timer(plan, seen, known, at)[fires(node.id)]
    due = datetime.fromisoformat(found["due"]) if found else None
    if due is None or due == known.due or (only_later and due <= at):
        return None
    return take(held, plan, before, PutOff(held.seq, at, wait, due.isoformat()), by)
