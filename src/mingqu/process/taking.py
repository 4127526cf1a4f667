"""
One event on the rows of an instance: decided by the pure step, written, told to the owner.

What follows from it by itself happens in the same transaction, each as an event of its own: service and rule tasks are
done by the owner's handler, a thrown signal reaches all that wait for it in the same root, a message is the owner's to
send.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from mingqu.kernel.types import Actor, Instant
from mingqu.process import conditions, deciding, moments, owners, plans, store, writes
from mingqu.process.errors import EndlessRun, WorkUnknown
from mingqu.process.keys import settled
from mingqu.process.models import Wait
from mingqu.process.plan import WORKS, Kind, Plan
from mingqu.process.state import (
    Awaits,
    Effect,
    Ended,
    Event,
    Fail,
    Moved,
    State,
    Status,
    TaskDropped,
    TaskOpened,
    Thrown,
    Trigger,
    Work,
    WorkDue,
)
from mingqu.process.step import step
from mingqu.process.types import Awaited, Effects, Ending, Json, NewTask, WorkFailed, WorkItem

MOST_BY_ITSELF = 20_000
"""Events that may follow from one by themselves."""

Following = deque[tuple[store.Locked, WorkDue | Thrown]]


def take(held: store.Locked, plan: Plan, before: State, event: Event, by: Actor) -> Effects:
    """The step is taken and written, and all that follows by itself; what it led to, for the owner."""
    following: Following = deque()
    told = _one(held, plan, before, event, by, following)
    count = 0
    while following:
        count += 1
        if count > MOST_BY_ITSELF:
            raise EndlessRun(most=MOST_BY_ITSELF)
        where, effect = following.popleft()
        for more in _follow(where, plan, effect, by, event.at, following):
            told = _together(told, more)
    return told


def _follow(
    held: store.Locked, plan: Plan, effect: WorkDue | Thrown, by: Actor, at: Instant, following: Following
) -> list[Effects]:
    if isinstance(effect, WorkDue):
        done = _work(held, plan, effect, by, at, following)
        return [] if done is None else [done]
    return list(_signalled(held.root_id, effect.ref, by, at, following).values())


def everything(held: store.Locked, plan: Plan, before: State, decided: Mapping[str, object]) -> State:
    """The whole state where enough instances of an activity have finished: then the others are broken off."""
    if plan.plain or not any(decided.get(settled(name)) is True for name in plan.looped):
        return before
    return store.load_whole(held)


def require_worker(owner: str, plan: Plan) -> None:
    """Raises WorkUnknown where the plan has service or rule tasks and nobody does them."""
    node = next((node for node in plan.nodes.values() if node.kind in WORKS), None)
    if node is not None and owners.owner(owner).work is None:
        raise WorkUnknown(node=node.name or node.id)


def trigger(
    held: store.Locked,
    plan: Plan,
    wait: int,
    data: Mapping[str, Json],
    by: Actor,
    at: Instant,
    following: Following | None = None,
) -> Effects:
    """What was awaited has come. Raises NotAwaited."""
    before = store.load_whole(held)
    given = conditions.kept(plan, data)
    seen = moments.with_clocks(held.owner, held.root_id, plan, before, at)
    decided = deciding.at_wait(plan, seen, wait, given, at)
    event = Trigger(held.seq, at, wait, given, decided)
    if following is None:
        return take(held, plan, before, event, by)
    return _one(held, plan, before, event, by, following)


def signal(root_id: UUID, name: str, by: Actor, at: Instant) -> dict[UUID, Effects]:
    """A signal reaches all that wait for it in this root; what it led to, by instance."""
    following: Following = deque()
    told = _signalled(root_id, name, by, at, following)
    count = 0
    while following:
        count += 1
        if count > MOST_BY_ITSELF:
            raise EndlessRun(most=MOST_BY_ITSELF)
        where, effect = following.popleft()
        for more in _follow(where, plans.by_digest(where.plan_digest), effect, by, at, following):
            there = told.get(more.instance_id)
            told[more.instance_id] = more if there is None else _together(there, more)
    return told


def _signalled(root_id: UUID, name: str, by: Actor, at: Instant, following: Following) -> dict[UUID, Effects]:
    told: dict[UUID, Effects] = {}
    waits = Wait.objects.filter(root_id=root_id, occasion="signal", ref=name).order_by("instance_id", "id")
    for instance_id, wait_id in list(waits.values_list("instance_id", "id")):
        if not Wait.objects.filter(root_id=root_id, id=wait_id).exists():
            continue  # what came before it broke it off
        held = store.lock(root_id, instance_id)
        if not waits.filter(id=wait_id).exists():
            continue  # it went, or waits for another, since
        plan = plans.by_digest(held.plan_digest)
        more = trigger(held, plan, held.number(wait_id), {}, by, at, following)
        told[instance_id] = _together(told[instance_id], more) if instance_id in told else more
    return told


def _work(
    held: store.Locked, plan: Plan, due: WorkDue, by: Actor, at: Instant, following: Following
) -> Effects | None:
    if not store.token_there(held, due.token):
        return None
    worker = owners.owner(held.owner).work
    node = plan.nodes[due.node]
    if worker is None:
        raise WorkUnknown(node=node.name or node.id)
    item = WorkItem(held.id, node.id, node.name, node.ref, node.kind is Kind.RULE)
    try:
        outcome, data = worker(held.root_id, item, at)
    except WorkFailed as failed:
        again = store.lock(held.root_id, held.id)
        before = store.load_whole(again)
        seen = moments.with_clocks(held.owner, held.root_id, plan, before, at)
        decided = deciding.at_failure(plan, seen, due.token, at)
        return _one(again, plan, before, Fail(again.seq, at, due.token, failed.code, decided), by, following)
    again = store.lock(held.root_id, held.id)
    before = store.load_token(again, plan, due.token)
    given = conditions.given(plan, data, node.id, outcome)
    seen = moments.with_clocks(held.owner, held.root_id, plan, before, at)
    decided = deciding.at_node(plan, seen, due.token, given, at)
    before = everything(again, plan, before, decided)
    return _one(again, plan, before, Work(again.seq, at, due.token, outcome, given, decided), by, following)


def _one(
    held: store.Locked, plan: Plan, before: State, event: Event, by: Actor, following: Following
) -> Effects:
    after, effects = step(plan, before, event)
    due = _due(held, plan, effects, event.at)
    writes.write(held, writes.Done(plan, before, event, after, effects, by, due))
    for effect in effects:
        if isinstance(effect, WorkDue) or (isinstance(effect, Thrown) and effect.occasion == "signal"):
            following.append((held, effect))
        if isinstance(effect, Thrown | Awaits) and (post := owners.owner(held.owner).post) is not None:
            _to_others(held, plan, effect, post, event.at)
    return _told(held, plan, effects, due)


def _to_others(
    held: store.Locked, plan: Plan, effect: Thrown | Awaits, post: owners.Post, at: Instant
) -> None:
    """A message or signal goes out, or one is awaited from now on that others may bring."""
    if isinstance(effect, Thrown):
        tell = post.throw if effect.occasion == "signal" else post.send
        if tell is not None:
            tell(held.root_id, effect.ref, at)
        return
    node = plan.nodes[effect.node]
    hears = post.listen if node.occasion == "signal" else post.ask if node.sender else None
    if hears is not None:
        hears(held.root_id, Awaited(held.row(effect.wait), node.id, node.name, node.ref, node.sender), at)


def _together(first: Effects, then: Effects) -> Effects:
    """Two events of one transaction as one; what opened and was dropped at once is not told."""
    if first.instance_id != then.instance_id:
        return first
    gone = set(then.dropped)
    both = {task.task_id for task in first.opened} & gone
    return replace(
        first,
        opened=(*(task for task in first.opened if task.task_id not in gone), *then.opened),
        dropped=(*first.dropped, *(task for task in then.dropped if task not in both)),
        ended=then.ended or first.ended,
        end=then.end or first.end,
        moved=first.moved or then.moved,
        sent=(*first.sent, *then.sent),
    )


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
    sent: list[str] = []
    over: Ended | None = None
    for effect in effects:
        if isinstance(effect, TaskOpened):
            node = plan.nodes[effect.node]
            opened.append(
                NewTask(held.row(effect.task), node.id, node.name, effect.post, node.limit, due[node.id])
            )
        elif isinstance(effect, TaskDropped):
            dropped.append(held.row(effect.task))
        elif isinstance(effect, Thrown) and effect.occasion == "message":
            sent.append(effect.ref)
        elif isinstance(effect, Ended):
            over = effect
    ended: Ending | None = None
    if over is not None:
        ended = "ended" if over.status is Status.ENDED else "terminated"
    moved = any(isinstance(effect, Moved) for effect in effects)
    end = over.node if over else None
    return Effects(held.id, tuple(opened), tuple(dropped), ended, end, moved, tuple(sent))
