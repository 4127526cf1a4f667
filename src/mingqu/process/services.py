"""
Commands of the engine, called inside the owner's command: start, complete, return, terminate, claim.

Each loads what its event can touch, lets the pure step decide, writes the difference, and tells the owner
what came of it. None opens a transaction of its own: all of it happens with the owner's act, or none.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import connection

from mingqu.kernel.commands import require_command
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor, Instant
from mingqu.process import bpmn, conditions, owners, plans, steptable, store, writes
from mingqu.process.bpmn import BpmnFile, Examination, plan_to_bpmn
from mingqu.process.bpmn import read as read_bpmn
from mingqu.process.bpmn import with_diagram as draw_bpmn
from mingqu.process.bpmn import write as write_bpmn
from mingqu.process.errors import NotYourTask, TaskNotOpen, TaskTaken
from mingqu.process.layout import layout
from mingqu.process.owners import DueRule, Handler
from mingqu.process.plan import Plan
from mingqu.process.rehearsal import Rehearsal
from mingqu.process.state import (
    EMPTY,
    Complete,
    Effect,
    Ended,
    Event,
    ReturnTo,
    Start,
    State,
    Status,
    TaskDropped,
    TaskOpened,
    Terminate,
)
from mingqu.process.step import step
from mingqu.process.types import Effects, Ending, Json, NewTask, StepRow

__all__ = [
    "BpmnFile",
    "Examination",
    "Plan",
    "Rehearsal",
    "claim",
    "complete",
    "draw_bpmn",
    "examine_bpmn",
    "keep_plan",
    "layout",
    "plan_from_bpmn",
    "plan_from_steps",
    "plan_to_bpmn",
    "read_bpmn",
    "register_owner",
    "release",
    "return_to",
    "start",
    "terminate",
    "write_bpmn",
]


def register_owner(name: str, handler: Handler, due_on: DueRule | None = None) -> None:
    """
    Say in `AppConfig.ready` who is told of what happens by itself, and how the last day of a step is found.

    Raises ValueError if the name is taken.
    """
    owners.register(name, handler, due_on)


def plan_from_steps(
    steps: Sequence[StepRow],
    *,
    posts: Collection[str] | None = None,
    names: Collection[str] | None = None,
) -> Plan:
    """
    The plan of a step table. `posts`: codes that exist; `names`: names conditions may read; None: unchecked.

    Raises PlanRefused with every finding.
    """
    return steptable.plan_from_steps(steps, conditions.names_read, posts=posts, names=names)


def plan_from_bpmn(
    file: BpmnFile,
    process_id: str,
    *,
    posts: Collection[str] | None = None,
    names: Collection[str] | None = None,
) -> Plan:
    """
    The plan of a process in a BPMN file. `posts` and `names` as in plan_from_steps.

    Raises PlanRefused with every finding and everything that is not executed, BpmnRefused if it is not there.
    """
    return bpmn.compile(file, process_id, conditions.names_read, posts=posts, names=names)


def examine_bpmn(
    file: BpmnFile,
    process_id: str,
    *,
    posts: Collection[str] | None = None,
    names: Collection[str] | None = None,
) -> Examination:
    """What plan_from_bpmn would say, without a refusal: plan or none, what is not executed, findings."""
    return bpmn.examine(file, process_id, conditions.names_read, posts=posts, names=names)


def keep_plan(plan: Plan) -> str:
    """Store a plan for instances to run on (a publication does this); its digest."""
    return plans.keep(plan)


def start(
    *, root_id: UUID, owner: str, plan: str, data: Mapping[str, Json], by: Actor, at: Instant
) -> Effects:
    """
    Start the stored plan with digest `plan` for an owner. Of `data` only what the flow decides on is kept.

    Raises OwnerUnknown, PlanUnknown, NoWayOut.
    """
    require_command()
    owners.owner(owner)
    held = store.Locked(root_id, new_id(), owner, plan, seq=1, live=0, status=Status.NEW)
    found = plans.by_digest(plan)
    variables = conditions.kept(found, data)
    decided = conditions.decide(found.reach[found.start.id].conditional, variables, at)
    return _take(held, found, EMPTY, Start(1, at, variables, decided), by)


def complete(
    *, root_id: UUID, task_id: UUID, outcome: str, data: Mapping[str, Json], by: Actor, at: Instant
) -> Effects:
    """
    A human step is done. The owner has checked that `by` may do it.

    Raises TaskNotOpen (somebody acted first), TaskTaken (claimed by another), ProcessNotActive, NoWayOut.
    """
    require_command()
    held = store.lock_by_task(root_id, task_id)
    plan = plans.by_digest(held.plan_digest)
    before = store.load(held, plan, task_id, by)
    number = held.number(task_id)
    node = before.tasks[number].node
    given = conditions.kept(plan, {**data, conditions.OUTCOME: {node: outcome}})
    decided = conditions.decide(plan.reach[node].conditional, before.variables.update(given), at)
    return _take(held, plan, before, Complete(held.seq, at, number, outcome, given, decided), by)


def return_to(*, root_id: UUID, task_id: UUID, node: str, reason: str, by: Actor, at: Instant) -> Effects:
    """
    内部退回: from an open task back to a step done before. Nothing reaches the applicant, no clock stops.

    Raises TaskNotOpen, TaskTaken, ProcessNotActive, NotEarlier.
    """
    require_command()
    held = store.lock_by_task(root_id, task_id)
    before = store.load_whole(held, task_id, by)
    event = ReturnTo(held.seq, at, held.number(task_id), node, reason)
    return _take(held, plans.by_digest(held.plan_digest), before, event, by)


def terminate(*, root_id: UUID, instance_id: UUID, reason: str, by: Actor, at: Instant) -> Effects:
    """End an instance from outside (撤回, 终止): every token and open task goes. Raises ProcessNotActive."""
    require_command()
    held = store.lock(root_id, instance_id)
    before = store.load_whole(held)
    return _take(held, plans.by_digest(held.plan_digest), before, Terminate(held.seq, at, reason), by)


def claim(*, root_id: UUID, task_id: UUID, posts: Collection[str], by: Actor, at: Instant) -> None:
    """
    Take an open task for oneself. `posts`: codes of the posts and pools `by` acts for, as they are now.

    Again by the same person: no change. Raises TaskNotOpen, TaskTaken, NotYourTask.
    """
    require_command()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE process_task SET claimed_by = %s, claimed_at = coalesce(claimed_at, %s)"
            " WHERE root_id = %s AND id = %s AND status = 'open' AND post = ANY(%s)"
            " AND (claimed_by IS NULL OR claimed_by = %s)",
            [by.id, at, root_id, task_id, list(posts), by.id],
        )
        if cursor.rowcount == 0:
            _refuse_claim(root_id, task_id, posts)


def release(*, root_id: UUID, task_id: UUID, by: Actor) -> None:
    """Give a claimed task back to its post. Raises TaskNotOpen, TaskTaken (another holds it)."""
    require_command()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE process_task SET claimed_by = NULL, claimed_at = NULL WHERE root_id = %s AND id = %s"
            " AND status = 'open' AND (claimed_by IS NULL OR claimed_by = %s)",
            [root_id, task_id, by.id],
        )
        if cursor.rowcount == 0:
            _refuse_claim(root_id, task_id, None)


def _refuse_claim(root_id: UUID, task_id: UUID, posts: Collection[str] | None) -> None:
    with connection.cursor() as again:
        again.execute(
            "SELECT post FROM process_task WHERE root_id = %s AND id = %s AND status = 'open'",
            [root_id, task_id],
        )
        found = again.fetchone()
    if found is None:
        raise TaskNotOpen()
    if posts is not None and found[0] not in posts:
        raise NotYourTask()
    raise TaskTaken()


def _take(held: store.Locked, plan: Plan, before: State, event: Event, by: Actor) -> Effects:
    after, effects = step(plan, before, event)
    due = _due(held, plan, effects, event.at)
    writes.write(held, writes.Done(plan, before, event, after, effects, by, due))
    return _told(held, plan, effects, due)


def _due(held: store.Locked, plan: Plan, effects: Sequence[Effect], at: Instant) -> dict[str, date | None]:
    rule = owners.owner(held.owner).due_on
    opened = [plan.nodes[effect.node] for effect in effects if isinstance(effect, TaskOpened)]
    limits = {node.limit for node in opened if node.limit is not None}
    days = rule(held.root_id, limits, at) if rule is not None and limits else {}
    return {node.id: None if node.limit is None else days.get(node.limit) for node in opened}


def _told(
    held: store.Locked, plan: Plan, effects: Sequence[Effect], due: Mapping[str, date | None]
) -> Effects:
    opened: list[NewTask] = []
    dropped: list[UUID] = []
    over: Ended | None = None
    for effect in effects:
        if isinstance(effect, TaskOpened):
            node = plan.nodes[effect.node]
            opened.append(
                NewTask(held.row(effect.task), node.id, node.name, node.post, node.limit, due[node.id])
            )
        elif isinstance(effect, TaskDropped):
            dropped.append(held.row(effect.task))
        elif isinstance(effect, Ended):
            over = effect
    ended: Ending | None = None
    if over is not None:
        ended = "ended" if over.status is Status.ENDED else "terminated"
    return Effects(held.id, tuple(opened), tuple(dropped), ended, over.node if over else None)
