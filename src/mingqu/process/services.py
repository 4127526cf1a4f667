"""
Commands of the engine, called inside the owner's command: start, complete, return, terminate, claim.

Each loads what its event can touch, lets the pure step decide, writes the difference, and tells the owner
what came of it. None opens a transaction of its own: all of it happens with the owner's act, or none.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import connection

from mingqu.kernel.commands import require_command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process import (
    bpmn,
    conditions,
    deciding,
    moments,
    owners,
    plans,
    signing,
    steptable,
    store,
    taking,
)
from mingqu.process.bpmn import BpmnFile, Examination, plan_to_bpmn
from mingqu.process.bpmn import read as read_bpmn
from mingqu.process.bpmn import with_diagram as draw_bpmn
from mingqu.process.bpmn import write as write_bpmn
from mingqu.process.errors import NotAwaited, NotYourTask, ProcessNotActive, TaskNotOpen, TaskTaken
from mingqu.process.following import follow
from mingqu.process.handing import change_signers, hold, pass_on, take_back
from mingqu.process.layout import layout
from mingqu.process.models import Task, Wait
from mingqu.process.owners import Clocks, DueRule, Handler, Post, Worker
from mingqu.process.plan import Node, Plan
from mingqu.process.rehearsal import Deciding, Rehearsal
from mingqu.process.replanner import replan, replan_back
from mingqu.process.state import (
    EMPTY,
    Complete,
    ReturnTo,
    Start,
    Status,
    Terminate,
)
from mingqu.process.taking import everything, require_worker, take, trigger
from mingqu.process.types import Awaited, Effects, Json, RuleStep, StepRow

__all__ = [
    "BpmnFile",
    "Deciding",
    "Examination",
    "Node",
    "Plan",
    "Post",
    "Rehearsal",
    "change_signers",
    "claim",
    "complete",
    "deliver",
    "draw_bpmn",
    "examine_bpmn",
    "fire",
    "follow_clock",
    "hold",
    "keep_plan",
    "layout",
    "pass_on",
    "plan_from_bpmn",
    "plan_from_steps",
    "plan_to_bpmn",
    "read_bpmn",
    "receive",
    "register_owner",
    "release",
    "release_all",
    "replan",
    "replan_back",
    "return_to",
    "signal",
    "start",
    "take_back",
    "terminate",
    "write_bpmn",
]


def register_owner(
    name: str,
    handler: Handler,
    due_on: DueRule | None = None,
    work: Worker | None = None,
    clocks: Clocks | None = None,
    post: Post | None = None,
) -> None:
    """
    Say in `AppConfig.ready` who is told of what happens by itself, and how the last day of a step is found,
    who does service and business-rule tasks, what its clocks say, who takes the messages that go out and asks for
    those that other systems bring.

    Raises ValueError if the name is taken.
    """
    owners.register(name, handler, due_on, work, clocks, post)


def plan_from_steps(
    steps: Sequence[StepRow],
    rules: Sequence[RuleStep] = (),
    *,
    posts: Collection[str] | None = None,
    names: Collection[str] | None = None,
) -> Plan:
    """
    The plan of a step table. `posts`: codes that exist; `names`: names conditions may read; None: unchecked; `rules`:
    what is decided by the owner's tables before the first row that reads it.

    Raises PlanRefused with every finding.
    """
    return steptable.plan_from_steps(steps, conditions.names_read, posts=posts, names=names, rules=rules)


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
    require_worker(owner, found)
    variables = conditions.kept(found, data)
    clocks = moments.clock_names(owner, root_id, found, at)
    decided = deciding.at_start(found, {**variables, **clocks}, at)
    return take(held, found, EMPTY, Start(1, at, variables, decided), by)


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
    done = signing.outcome_after(before, number, outcome)
    if done is None:  # others are still to sign, or it goes back to the post that delegated it
        return take(held, plan, before, Complete(held.seq, at, number, outcome, {}, {}), by)
    given = conditions.given(plan, data, node, done)
    seen = moments.with_clocks(held.owner, root_id, plan, before, at)
    decided = deciding.at_node(plan, seen, seen.tasks[number].token, given, at)
    before = everything(held, plan, before, decided)
    return take(held, plan, before, Complete(held.seq, at, number, outcome, given, decided), by)


def return_to(*, root_id: UUID, task_id: UUID, node: str, reason: str, by: Actor, at: Instant) -> Effects:
    """
    内部退回: from an open task back to a step done before. Nothing reaches the applicant, no clock stops.

    Raises TaskNotOpen, TaskTaken, ProcessNotActive, NotEarlier.
    """
    require_command()
    held = store.lock_by_task(root_id, task_id)
    before = store.load_whole(held, task_id, by)
    plan, number = plans.by_digest(held.plan_digest), held.number(task_id)
    seen = moments.with_clocks(held.owner, root_id, plan, before, at)
    decided = deciding.at_return(plan, seen, before.tasks[number].token, node, at)
    return take(held, plan, before, ReturnTo(held.seq, at, number, node, reason, decided), by)


def deliver(*, root_id: UUID, message: str, data: Mapping[str, Json], by: Actor, at: Instant) -> Effects:
    """
    A message has come: it goes to whatever has waited longest for it in this root, and to that alone.

    Raises NotAwaited, ProcessNotActive.
    """
    require_command()
    held, wait = _longest_waiting(root_id, message)
    return trigger(held, plans.by_digest(held.plan_digest), wait, data, by, at)


def receive(*, root_id: UUID, wait_id: UUID, by: Actor, at: Instant) -> tuple[Awaited, Effects]:
    """
    What one element waits for has come, as somebody says who knows which of several it is (`selectors.awaited`): what
    it was, and what it led to.

    Raises NotAwaited (it came before, or what it waited beside is done), ProcessNotActive.
    """
    require_command()
    waiting = Wait.objects.filter(root_id=root_id, id=wait_id, occasion="message")
    found = waiting.values_list("instance_id", "node", "ref").first()
    if found is None:
        raise NotAwaited()
    instance_id, node, ref = found
    held = store.lock(root_id, instance_id)
    plan = plans.by_digest(held.plan_digest)
    led_to = trigger(held, plan, held.number(wait_id), {}, by, at)
    return Awaited(wait_id, node, plan.nodes[node].name, ref, plan.nodes[node].sender), led_to


def _longest_waiting(root_id: UUID, message: str) -> tuple[store.Locked, int]:
    """The instance, held, and its wait; one that went while we waited for the lock is not it. Raises NotAwaited."""
    while True:
        waiting = Wait.objects.filter(root_id=root_id, occasion="message", ref=message).order_by("id")
        found = waiting.values_list("instance_id", "id")
        first = min(found, key=lambda row: (row[0], store.row_number(*row)), default=None)
        if first is None:
            raise NotAwaited()
        held = store.lock(root_id, first[0])
        if waiting.filter(id=first[1]).exists():
            return held, held.number(first[1])


def signal(*, root_id: UUID, name: str, by: Actor, at: Instant) -> tuple[Effects, ...]:
    """A signal reaches all that wait for it in this root; what it led to, instance by instance; () if nobody waits."""
    require_command()
    return tuple(taking.signal(root_id, name, by, at).values())


def fire(
    *, root_id: UUID, instance_id: UUID, wait_id: UUID, by: Actor, at: Instant
) -> tuple[str, Effects] | None:
    """
    The moment of a timer has come: the owner and what it led to. None where it is awaited no more (it fired before, or
    what it waited beside is done), or was put off since the sweep chose it.
    """
    require_command()
    try:
        held = store.lock(root_id, instance_id)
        if Wait.objects.filter(root_id=root_id, id=wait_id, due_at__gt=at).exists():
            return None
        plan = plans.by_digest(held.plan_digest)
        if (later := follow(held, plan, held.number(wait_id), at, only_later=True, by=by)) is not None:
            return held.owner, later  # its clock says another day by now
        return held.owner, trigger(held, plan, held.number(wait_id), {}, by, at)
    except (ProcessNotActive, NotAwaited):
        return None


def follow_clock(
    *, root_id: UUID, instance_id: UUID, wait_id: UUID, by: Actor, at: Instant
) -> Effects | None:
    """A timer that reads a clock looks again: it fires when the clock says so now. None where nothing has moved."""
    require_command()
    try:
        held = store.lock(root_id, instance_id)
        plan = plans.by_digest(held.plan_digest)
        return follow(held, plan, held.number(wait_id), at, only_later=False, by=by)
    except (ProcessNotActive, NotAwaited):
        return None


def terminate(*, root_id: UUID, instance_id: UUID, reason: str, by: Actor, at: Instant) -> Effects:
    """End an instance from outside (撤回, 终止): every token and open task goes. Raises ProcessNotActive."""
    require_command()
    held = store.lock(root_id, instance_id)
    before = store.load_whole(held)
    return take(held, plans.by_digest(held.plan_digest), before, Terminate(held.seq, at, reason), by)


def claim(*, root_id: UUID, task_id: UUID, posts: Collection[str], by: Actor, at: Instant) -> None:
    """
    Take an open task for oneself; a deputy (AB岗) takes it for whose place she holds. `posts`: codes of the posts and
    pools `by` acts for, as they are now.

    Again by the same person: no change. Raises TaskNotOpen, TaskTaken, NotYourTask.
    """
    require_command()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE process_task SET claimed_by = %s, claimed_at = coalesce(claimed_at, %s)"
            " WHERE root_id = %s AND id = %s AND status = 'open' AND post = ANY(%s)"
            " AND (claimed_by IS NULL OR claimed_by = %s)",
            [holder := by.deputy_for or by.id, at, root_id, task_id, list(posts), holder],
        )
        if cursor.rowcount == 0:
            _refuse_claim(root_id, task_id, posts)


def release(*, root_id: UUID, task_id: UUID, by: Actor | None) -> None:
    """
    Give a claimed task back to its post. `by` None: whoever has it; the owner has checked that this may be done.
    Raises TaskNotOpen, TaskTaken (another holds it).
    """
    require_command()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE process_task SET claimed_by = NULL, claimed_at = NULL WHERE root_id = %s AND id = %s"
            " AND status = 'open' AND (claimed_by IS NULL OR claimed_by = coalesce(%s, claimed_by))",
            [root_id, task_id, (by.deputy_for or by.id) if by else None],
        )
        if cursor.rowcount == 0:
            _refuse_claim(root_id, task_id, None)


def release_all(*, root_id: UUID, person_id: UUID) -> None:
    """Everything a person has claimed in this root goes back to its post: she stands aside, or has left."""
    require_command()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE process_task SET claimed_by = NULL, claimed_at = NULL"
            " WHERE root_id = %s AND status = 'open' AND claimed_by = %s",
            [root_id, person_id],
        )


def move_due_days(*, root_id: UUID, moved: Callable[[date, date], date]) -> None:
    """
    What the owner's clock left out is left out of the days of open tasks too, in the same command. `moved`: (legal day
    the task was opened, its day so far) -> its day now.
    """
    require_command()
    waiting = Task.objects.filter(root_id=root_id, status=Task.State.OPEN, due_on__isnull=False)
    lines = waiting.values_list("id", "opened_at", "due_on")
    days = [(task_id, due, moved(legal_day(opened), due)) for task_id, opened, due in lines if due]
    if changed := [(task_id, now) for task_id, before, now in days if now != before]:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE process_task AS t SET due_on = v.due_on FROM unnest(%s::uuid[], %s::date[]) AS v (id, due_on)"
                " WHERE t.root_id = %s AND t.id = v.id AND t.status = 'open'",
                [*map(list, zip(*changed, strict=True)), root_id],
            )


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
