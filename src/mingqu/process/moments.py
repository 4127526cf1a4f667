"""
What timers and conditions may read of the owner's clocks (design rule 8): `clock.statutory`, `clock.promised`, the last
days as the ledger says them now.

They come with each event and are never kept: a timer that reads a clock has no deadline of its own, only the moment at
which it looks again.
"""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from mingqu.kernel.types import Instant
from mingqu.process import owners
from mingqu.process.plan import Node, Plan
from mingqu.process.state import State
from mingqu.process.types import Json

CLOCK = "clock."


def reads_clock(node: Node) -> bool:
    """Whether the moment of a timer follows a clock."""
    return node.occasion == "timer" and any(name.startswith(CLOCK) for name in node.reads)


def clock_names(owner: str, root_id: UUID, plan: Plan, at: Instant) -> Mapping[str, Json]:
    """By dotted name; {} where the plan reads none, without asking."""
    wanted = {name for name in plan.names if name.startswith(CLOCK)}
    if not wanted:
        return {}
    clocks = owners.owner(owner).clocks
    known = {} if clocks is None else clocks(root_id, at)
    return {f"{CLOCK}{kind}": day for kind, day in known.items() if f"{CLOCK}{kind}" in wanted}


def with_clocks(owner: str, root_id: UUID, plan: Plan, state: State, at: Instant) -> State:
    """The state as what is decided now may read it."""
    names = clock_names(owner, root_id, plan, at)
    return replace(state, variables=state.variables.update(names)) if names else state
