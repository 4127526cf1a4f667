"""认领: who has taken which open step for herself, and what the acting post may do about it."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from mingqu.cases.services import claims
from mingqu.cases.services.claims import of_another
from mingqu.identity import selectors as identity
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process import selectors as process
from mingqu.process.types import TaskRow
from mingqu.workbench.case_types import ClaimLine, ClaimMark

__all__ = ["another_ones", "counting", "lines", "marks", "of_another", "unfit", "words"]

if TYPE_CHECKING:
    from mingqu.cases.models import Case
    from mingqu.workbench.selectors.turn import Standing


def counting(tasks: Sequence[TaskRow], at: Instant) -> tuple[list[TaskRow], dict[str, str]]:
    """
    The tasks with the claims that count today, and the names of who has claimed, by task id. No statement where nothing
    open is claimed.
    """
    known = claims.standing(tasks, legal_day(at))
    whose = {task.task_id: task.claimed_by for task in known if task.status == "open" and task.claimed_by}
    names = identity.names_of(whose.values()) if whose else {}
    return known, {str(task_id): names.get(person, "") for task_id, person in whose.items()}


def unfit(allowed: frozenset[str], known: "Standing") -> frozenset[str]:
    """Of 认领 and 放回 what is not to be offered: nothing is claimed, or nothing is free."""
    claimed = [task for task in known.tasks if task.status == "open" and task.claimed_by]
    off = set() if any(claims.is_own(task, known.actor) for task in claimed) else {"case.release"}
    if not any(of_another(task, known.actor) for task in claimed):
        off.add("case.release_others")
    if not any(_free(task, known) for task in known.tasks):
        off.add("case.claim")
    return allowed & off


def lines(actions: frozenset[str], known: "Standing") -> list[ClaimLine]:
    """
    What stands on the page of the case: every claimed step, and each free one of the acting post if others hold it too.
    """
    found = [_line(task, actions, known) for task in known.tasks if task.status == "open" and task.claimed_by]
    free = [task for task in known.tasks if _free(task, known)] if "case.claim" in actions else []
    if free:
        held = identity.people_by_post((task.post for task in free), legal_day(known.at))
        found += [_line(task, actions, known) for task in free if len(set(held[task.post])) > 1]
    return found


def _free(task: TaskRow, known: "Standing") -> bool:
    return task.status == "open" and task.claimed_by is None and known.mine(task)


def _line(task: TaskRow, actions: frozenset[str], known: "Standing") -> ClaimLine:
    own = claims.is_own(task, known.actor)
    return ClaimLine(
        task.task_id,
        task.name,
        known.claimed.get(str(task.task_id), ""),
        task.claimed_at,
        own=own,
        may_claim="case.claim" in actions and _free(task, known),
        may_release=own and "case.release" in actions,
        may_put_back=of_another(task, known.actor) and "case.release_others" in actions,
    )


def words(waiting: Sequence[TaskRow], known: "Standing") -> str:
    """Who has claimed which of these steps, in a sentence."""
    said = ((known.claimed.get(str(task.task_id), ""), task.name) for task in waiting)
    whole = "；".join(f"{who}已认领“{name}”" for who, name in said if who)
    return f"{whole}。" if whole else ""


def marks(actor: Actor, tasks: Sequence[TaskRow], day: date) -> dict[UUID, ClaimMark]:
    """For the rows of a list, by task; two statements, none where nothing is claimed."""
    known = [task for task in claims.standing(tasks, day) if task.claimed_by]
    others = {t.task_id: t.claimed_by for t in known if t.claimed_by and of_another(t, actor)}
    names = identity.names_of(others.values()) if others else {}
    found = {}
    for task in known:
        taken = task.task_id in others
        words = f"{names.get(others[task.task_id], '')}认领" if taken else "我已认领"
        found[task.task_id] = ClaimMark(words, taken)
    return found


def another_ones(actor: Actor, case: "Case", at: Instant) -> TaskRow | None:
    """The open step of a case that somebody else has claimed; the first where there are several."""
    known = claims.standing(process.open_tasks(case.pk), legal_day(at))
    return next((task for task in known if of_another(task, actor)), None)
