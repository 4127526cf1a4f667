"""
认领 as the other commands of a case meet it. Where several officers hold one post, one of them takes an open step for
herself; the others leave it to her.

A claim counts only while its holder holds the post: who has left it, or whose days at it are over, keeps nobody from
working, and nothing has to run at midnight for that. A deputy (AB岗) handles what was claimed by whose place she holds.
docs/process-human-steps.md says what each deed meets.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from mingqu.cases.errors import StepClaimed
from mingqu.identity import selectors as identity
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process import services as process
from mingqu.process.types import TaskRow


def of_another(task: TaskRow, by: Actor) -> bool:
    """Whether somebody else has put her name on it, be she still at the post or not."""
    return task.claimed_by is not None and task.claimed_by not in (by.id, by.deputy_for)


def is_own(task: TaskRow, by: Actor) -> bool:
    return task.claimed_by is not None and not of_another(task, by)


def standing(known: Sequence[TaskRow], day: date) -> list[TaskRow]:
    """The same tasks without the claims that count no more; no statement where nothing open is claimed."""
    claimed = [task for task in known if task.status == "open" and task.claimed_by]
    if not claimed:
        return list(known)
    held = identity.people_by_post((task.post for task in claimed), day)
    return [without_stale(task, held.get(task.post, ())) for task in known]


def without_stale(task: TaskRow, holders: Collection[object]) -> TaskRow:
    """`holders`: who holds its post. What was claimed before it was closed stays as it was."""
    if task.status != "open" or task.claimed_by is None or task.claimed_by in holders:
        return task
    return replace(task, claimed_by=None, claimed_at=None)


def require_free(task: TaskRow, by: Actor, at: Instant) -> None:
    """Nobody else has claimed it. A claim that counts no more is taken off. Raises StepClaimed."""
    if not of_another(task, by):
        return
    assert task.claimed_by is not None  # of_another
    if task.claimed_by in identity.people_at([task.post], legal_day(at)):
        raise StepClaimed(name=task.name, who=identity.names_of([task.claimed_by]).get(task.claimed_by, ""))
    free(task, by)


def free(task: TaskRow, by: Actor) -> None:
    """Whoever else has claimed it holds it no more: the owner's rule lets `by` go on. No statement for an own one."""
    if of_another(task, by):
        process.release(root_id=task.root_id, task_id=task.task_id, by=None)
