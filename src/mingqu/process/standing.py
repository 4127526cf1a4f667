"""Where an instance stands, for its picture: what is done, at work, still to come, passed by."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import QuerySet

from mingqu.process import plans
from mingqu.process.errors import PlanUnknown
from mingqu.process.models import History, Join, ProcessInstance, Task, Wait
from mingqu.process.picture import BOXES, picture
from mingqu.process.plan import Kind, Plan
from mingqu.process.state import Status
from mingqu.process.types import Ending, Progress, StepState

NOT_RENAMED: Mapping[str, str] = {}


def progress(root_id: UUID, instance_id: UUID, *, renamed: Mapping[str, str] = NOT_RENAMED) -> Progress:
    """
    Where the instance stands, for its picture. A step after a return, or on a way that goes around again, counts as
    waiting until it is done again. `renamed`: what a step was called before the instance went on by this plan.

    Four statements, five where something but people is awaited. Raises PlanUnknown where there is no such instance.
    """
    instance = ProcessInstance.objects.filter(root_id=root_id, id=instance_id).first()
    if instance is None:
        raise PlanUnknown()
    known = plans.by_digest(instance.plan_id)
    passed: set[str] = set()
    done: set[str] = set()
    for row in History.objects.filter(root_id=root_id, instance_id=instance_id).order_by("seq"):
        if row.kind == "return":
            _forget(plans.by_digest(row.plan_digest), row.event["node"], passed, done)
        elif row.kind == "complete":
            done.add(row.node)
        elif row.kind == "take_back":
            _forget(plans.by_digest(row.plan_digest), row.event["node"], passed, done)
        _move(plans.by_digest(row.plan_digest), row.effects.get("moved", ()), passed, done)
    done |= {new for new, old in renamed.items() if old in done}
    now = _waiting_at(Task.objects.filter(status=Task.State.OPEN), root_id, instance_id)
    if not known.plain:
        now |= _waiting_at(Wait.objects.all(), root_id, instance_id)
        done |= _went_by_themselves(known, passed)
    joins = Join.objects.filter(root_id=root_id, instance_id=instance_id, status=Join.State.OPEN)
    ended: Ending | None = None
    if instance.status != Status.ACTIVE:
        ended = "ended" if instance.status == Status.ENDED else "terminated"
    return Progress(
        plan_digest=known.digest,
        steps=_step_states(known, now, done, set() if ended else _ahead(known, now, passed)),
        passed=frozenset(passed),
        joins={join.node: (join.expected, join.arrived) for join in joins},
        ended=ended,
    )


def _waiting_at(rows: QuerySet[Task] | QuerySet[Wait], root_id: UUID, instance_id: UUID) -> set[str]:
    return set(rows.filter(root_id=root_id, instance_id=instance_id).values_list("node", flat=True))


def _move(known: Plan, flows: Collection[str], passed: set[str], done: set[str]) -> None:
    """A way that leads to what was come to before goes around: what lies behind it is to be done again."""
    been = {known.flows[name].target for name in passed if name in known.flows}
    for name in flows:
        if name not in known.flows:
            continue
        target = known.flows[name].target
        if target in been and target not in known.joins:
            _forget(known, target, passed, done)
            been = {known.flows[one].target for one in passed if one in known.flows}
        passed.add(name)
        been.add(target)


def _went_by_themselves(known: Plan, passed: set[str]) -> set[str]:
    """Boxes that no person completes: done once the way led on from them."""
    found = (n.id for n in known.nodes.values() if n.kind in BOXES and n.kind is not Kind.USER)
    return {name for name in found if any(flow.id in passed for flow in known.out[name])}


def _forget(known: Plan, node: str, passed: set[str], done: set[str]) -> None:
    """After a return what lies behind the step is to be done again, but not what lies beside it."""
    beside = {
        name
        for name in known.nodes
        if any(dict(known.paths[node]).get(split, flow) != flow for split, flow in known.paths[name])
    }
    again = ({node} | _onward(known, node)) - beside
    done -= again
    passed -= {flow.id for name in again if name in known.out for flow in known.out[name]}


def _onward(known: Plan, name: str) -> frozenset[str]:
    """What may come after a step, into sub-processes and out of its own."""
    return picture(known).after.get(name) or known.after[name]


def _ahead(known: Plan, now: set[str], passed: set[str]) -> set[str]:
    """What may still come without going around again: not by way of what was come to already."""
    flat = picture(known)
    been = {flat.flows[name].target for name in passed if name in flat.flows} - flat.joins
    found: set[str] = set()
    waiting = [name for name in now if name in flat.nodes]
    while waiting:
        for flow in flat.out[waiting.pop()]:
            if flow.target not in found and flow.target not in been:
                found.add(flow.target)
                waiting.append(flow.target)
    return found.union(*(_onward(known, name) for name in now if name not in flat.nodes))


def _step_states(known: Plan, now: set[str], done: set[str], ahead: set[str]) -> dict[str, StepState]:
    states: dict[str, StepState] = {}
    for node in known.nodes.values():
        if node.kind not in BOXES:
            continue
        if node.id in now:
            states[node.id] = "now"
        elif node.id in done:
            states[node.id] = "done"
        else:
            states[node.id] = "waiting" if node.id in ahead else "skipped"
    return states
