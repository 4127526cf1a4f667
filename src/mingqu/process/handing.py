"""
Commands of the engine for what people do with a task besides completing it; called inside the owner's command.

转办, 委派, 加签, 减签, 挂起 and 恢复, 撤回: docs/process-human-steps.md. The owner has checked who may.
"""

from uuid import UUID

from mingqu.kernel.commands import require_command
from mingqu.kernel.types import Actor, Instant
from mingqu.process import plans, store
from mingqu.process.errors import NothingToTakeBack
from mingqu.process.models import History, Signing, Task
from mingqu.process.state import PLACES, ChangeSigners, Hold, PassOn, TakeBack
from mingqu.process.state import Signing as SigningState
from mingqu.process.taking import take
from mingqu.process.types import Effects


def pass_on(*, root_id: UUID, task_id: UUID, post: str, back: bool, by: Actor, at: Instant) -> Effects:
    """
    转办 to the post of this code, or 委派 (`back`): then it comes back when that post has done it. To the post that
    delegated it: it is called back. A claim goes. Raises TaskNotOpen, TaskTaken, TaskHeld, TaskLent, AlreadyAsked.
    """
    require_command()
    held = store.lock_by_task(root_id, task_id)
    plan = plans.by_digest(held.plan_digest)
    before = store.load(held, plan, task_id, None)
    number = held.number(task_id)
    if before.tasks[number].lent != post:  # whoever called for help may call it back, whoever has claimed it
        store.require_not_taken(root_id, task_id, by)
    return take(held, plan, before, PassOn(held.seq, at, number, post, back), by)


def change_signers(*, root_id: UUID, task_id: UUID, post: str, add: bool, by: Actor, at: Instant) -> Effects:
    """
    加签 (`add`) or 减签, from an open task of the step. Raises TaskNotOpen, TaskTaken, TaskHeld, TaskLent,
    AlreadyAsked, NotAddedSigner.
    """
    require_command()
    held = store.lock_by_task(root_id, task_id)
    plan = plans.by_digest(held.plan_digest)
    before = store.load(held, plan, task_id, by)
    return take(held, plan, before, ChangeSigners(held.seq, at, held.number(task_id), post, add), by)


def hold(*, root_id: UUID, task_id: UUID, held: bool, by: Actor, at: Instant) -> Effects:
    """挂起 or 恢复 a branch of the process: its clock runs on. Raises TaskNotOpen, TaskTaken, TaskHeld, TaskNotHeld."""
    require_command()
    locked = store.lock_by_task(root_id, task_id)
    plan = plans.by_digest(locked.plan_digest)
    before = store.load(locked, plan, task_id, by)
    return take(locked, plan, before, Hold(locked.seq, at, locked.number(task_id), held), by)


def take_back(*, root_id: UUID, task_id: UUID, by: Actor, at: Instant) -> Effects:
    """
    撤回 what this task was completed with, while nobody has claimed, done or changed what came of it. `task_id` is the
    closed task; the owner has checked that `by` closed it. Raises NothingToTakeBack, ProcessNotActive.
    """
    require_command()
    held = store.lock_by_task(root_id, task_id)
    known = {held.number(one.id): one for one in Task.objects.filter(root_id=root_id, instance_id=held.id)}
    number = held.number(task_id)
    task = known[number]
    if task.status not in (Task.State.COMPLETED, Task.State.SIGNED):
        raise NothingToTakeBack()
    closing, *later = _since(held.id, task, number)
    if any(row.kind == "replan" for row in later):  # what it led to lay on another plan
        raise NothingToTakeBack()
    fresh = {n: one for n, one in known.items() if n >> PLACES == closing.seq}
    if any(one.status != Task.State.OPEN or one.claimed_by for one in fresh.values()):
        raise NothingToTakeBack()
    same_token = {n for n, one in known.items() if one.token_id == task.token_id}
    for touched in (row.event.get("task", 0) for row in later):
        if touched in fresh or (task.status == Task.State.COMPLETED and touched in same_token):
            raise NothingToTakeBack()
    event = TakeBack(
        held.seq,
        at,
        task.node,
        task.post,
        held.number(task.token_id),
        closing.seq,
        len(fresh),
        _before(held, task) if task.status == Task.State.COMPLETED else None,
    )
    return take(held, plans.by_digest(held.plan_digest), store.load_whole(held), event, by)


def _since(instance_id: UUID, task: Task, number: int) -> list[History]:
    """The event that completed the task, and all that came after it. Raises NothingToTakeBack where there is none."""
    rows = list(
        History.objects.filter(
            root_id=task.root_id, instance_id=instance_id, at__gte=task.closed_at or task.opened_at
        ).order_by("seq")
    )
    place = next(
        (n for n, row in enumerate(rows) if (row.kind, row.event.get("task")) == ("complete", number)), None
    )
    if place is None:
        raise NothingToTakeBack()
    return rows[place:]


def _before(held: store.Locked, task: Task) -> SigningState | None:
    """The signing that this task settled, without its signature; whoever was asked no more then is asked again."""
    rows = Signing.objects.filter(
        root_id=task.root_id, token_id=task.token_id, node=task.node, status="closed"
    )
    found = max(rows, key=lambda row: held.number(row.id), default=None)
    if found is None or not found.signed or found.signed[-1] != task.post:
        return None
    dropped = Task.objects.filter(
        root_id=task.root_id,
        token_id=task.token_id,
        node=task.node,
        status="dropped",
        closed_at=task.closed_at,
    )
    pairs = tuple(zip(found.signed[:-1], found.outcomes[:-1], strict=True))
    return SigningState(
        held.number(found.id),
        found.node,
        found.mode,
        found.votes,
        tuple(dropped.order_by("id").values_list("post", flat=True)),
        pairs,
        tuple(found.added),
    )
