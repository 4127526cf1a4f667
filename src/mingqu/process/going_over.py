"""
What a running instance would come to on another plan, worked out from its rows: for whoever plans a 流程迁移, and
for the move itself. Writes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingqu.kernel.types import Instant
from mingqu.process import conditions, deciding, moments, plans, replanning, store
from mingqu.process.carrying import Arm
from mingqu.process.errors import NotReplannable, PlanUnknown
from mingqu.process.keys import fires
from mingqu.process.models import History, ProcessInstance, Task
from mingqu.process.onto import MAPPED, Onto, label, mapping_findings
from mingqu.process.plan import Kind, Plan
from mingqu.process.replan import Moving
from mingqu.process.replanning import Moment
from mingqu.process.state import State, Status, Wait
from mingqu.process.types import Finding, Json


@dataclass(frozen=True, slots=True)
class Move:
    """To the plan of this digest, by this table; `data`: the owner's, of which the flow decides."""

    plan: str
    steps: Mapping[str, str]
    data: Mapping[str, Json]
    at: Instant


@dataclass(frozen=True, slots=True)
class Would:
    """`findings`: why it can't go over; else `notes`: what becomes of what runs and waits, in plain words."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """What a table of a move may name besides the steps of people. `kind`: an element goes to one of its kind."""

    id: str
    name: str
    kind: str


def worked_out(held: store.Locked, before: State, move: Move) -> Moving:
    """Where everything goes. Raises PlanUnknown, NotReplannable."""
    old, new = plans.by_digest(held.plan_digest), plans.by_digest(move.plan)
    onto = Onto(old, new, move.steps)
    variables = conditions.kept(new, move.data) | _outcomes(held, onto)
    return replanning.moves(onto, before, variables, Moment(held.seq, move.at, _arming(held, new, move.at)))


def would_move(root_id: UUID, instance_id: UUID, move: Move) -> Would:
    """Whether an instance can go over, and what would become of it. Raises PlanUnknown."""
    row = ProcessInstance.objects.filter(root_id=root_id, id=instance_id, status=Status.ACTIVE).first()
    if row is None:
        raise PlanUnknown()
    held = store.Locked(root_id, row.id, row.owner, row.plan_id, row.seq + 1, row.live, Status.ACTIVE)
    try:
        return Would((), worked_out(held, store.load_whole(held), move).notes)
    except NotReplannable as refused:
        return Would(tuple(refused.findings), ())


def wrong_steps(plan: str, to: str, steps: Mapping[str, str]) -> list[Finding]:
    """What is wrong with a table from the steps of one plan to those of another, whatever instance it is for."""
    return mapping_findings(Onto(plans.by_digest(plan), plans.by_digest(to), steps))


def elements(plan: str) -> list[Element]:
    """Sub-processes, calls and events of a plan, in written order."""
    found = plans.by_digest(plan)
    return [
        Element(node.id, label(found, node.id), f"{node.kind.value} {node.occasion}".strip())
        for node in found.nodes.values()
        if node.kind in MAPPED - {Kind.USER}
    ]


def _outcomes(held: store.Locked, onto: Onto) -> dict[str, Json]:
    """What steps done so far came to, by what they are called now; not those that only one of several knows."""
    rows = Task.objects.filter(
        root_id=held.root_id, instance_id=held.id, status=Task.State.COMPLETED
    ).order_by("closed_at", "id")
    known = {
        f"{conditions.OUTCOME}.{_now(onto, node)}": outcome
        for node, outcome in rows.values_list("node", "outcome")
        if not _in_one_of_several(onto.old, node)
    }
    return {name: outcome for name, outcome in known.items() if name in onto.new.names}


def _now(onto: Onto, node: str) -> str:
    """A step done on an earlier plan still goes by what it was called there."""
    if node not in onto.old.nodes:
        return onto.steps.get(node, node) or node
    return onto.to(node) or node


def _in_one_of_several(plan: Plan, node: str) -> bool:
    if node not in plan.nodes:
        return False
    return any(scope and plan.nodes[scope].loop for scope in plan.scopes_around(node))


def _arming(held: store.Locked, new: Plan, at: Instant) -> Arm:
    def arm(then: State, wait: Wait, begun: int) -> tuple[Instant, int] | None:
        since = at
        if begun:
            rows = History.objects.filter(root_id=held.root_id, instance_id=held.id, seq=begun)
            since = rows.values_list("at", flat=True).get()
        seen = moments.with_clocks(held.owner, held.root_id, new, then, at)
        found = deciding.of_timer(new, seen, wait, since)[fires(wait.node)]
        return (datetime.fromisoformat(found["due"]), found["left"]) if found else None

    return arm
