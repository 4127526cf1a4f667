"""What an officer may do with a step besides answering it: to whom it may go, who was added, what follows."""

from typing import TYPE_CHECKING

from mingqu.cases import selectors as cases
from mingqu.cases.services.handing import posts_for
from mingqu.catalogue.types import Definition
from mingqu.kernel.types import Actor
from mingqu.process import selectors as process
from mingqu.process.types import TaskRow
from mingqu.workbench.case_types import Handing
from mingqu.workbench.selectors.steps import DECIDE, Posts, last_answered, step_of, tasks_of

if TYPE_CHECKING:
    from mingqu.cases.models import Case


def handing(actor: Actor, case: "Case") -> Handing:
    """The first open step of the acting post, else one that it lent."""
    definition = cases.definition_of(case)
    tasks = tasks_of(case, definition)
    posts = Posts(definition, tasks)
    waiting = [task for task in tasks if task.status == "open"]
    mine = [t for t in waiting if posts.is_acting(actor, t.post)] or [
        t for t in waiting if t.lent and posts.is_acting(actor, t.lent)
    ]
    return _handing(case, definition, mine[0], tasks, posts) if mine else Handing(None)


def _handing(
    case: "Case", definition: Definition, task: TaskRow, tasks: list[TaskRow], posts: Posts
) -> Handing:
    step = step_of(definition, task.step)
    kind = step.kind if step else "review"
    asked = {t.post for t in tasks if t.step == task.step and t.status in ("open", "signed")}
    added = {
        post for one in process.signings(case.pk) if one.open and one.step == task.step for post in one.added
    }
    free = [(code, name) for code, name in posts_for(case, kind).items() if code not in asked | added]
    return Handing(
        task.task_id,
        task.name,
        tuple(free),
        tuple((code, posts.name(code)) for code in sorted(added)),
        (task.lent, posts.name(task.lent)) if task.lent else None,
        task.held,
        kind in ("visit", DECIDE),
    )


def taken_back(actor: Actor, case: "Case") -> TaskRow | None:
    """What the officer may take back."""
    definition = cases.definition_of(case)
    by_one = {step.id for step in definition.steps if step.kind == "visit"} | {DECIDE}
    return last_answered(tasks_of(case, definition), actor, by_one)
