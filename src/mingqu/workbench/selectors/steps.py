"""The steps of a review: who was asked, what they found, and what the acting post has to do."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Definition
from mingqu.identity import selectors as identity
from mingqu.kernel.types import Actor
from mingqu.process import selectors as process
from mingqu.process.errors import TaskNotOpen
from mingqu.process.types import TaskRow
from mingqu.workbench.types import OwnTask, StepView

if TYPE_CHECKING:
    from mingqu.cases.models import Case, Opinion
    from mingqu.identity.models import Post

DECIDE = catalogue.DECIDE


def tasks_of(case: "Case", definition: Definition) -> list[TaskRow]:
    """Every task of the case in the order of the step table; side by side they open at one instant."""
    if not case.instance_id:
        return []
    place = {step.id: number for number, step in enumerate((*definition.steps, definition.decide))}
    return sorted(process.all_tasks(case.pk), key=lambda task: place.get(task.step, len(place)))


class Posts:
    """The posts a definition names, read once for the page."""

    def __init__(self, definition: Definition) -> None:
        codes = [step.post for step in (*definition.steps, definition.decide)]
        self._posts: Mapping[str, Post] = identity.posts_by_code(codes)

    def name(self, code: str) -> str:
        """「部门·岗位」; the code itself where the post is gone."""
        post = self._posts.get(code)
        return f"{post.department.name}·{post.name}" if post else code

    def is_acting(self, actor: Actor, code: str) -> bool:
        post = self._posts.get(code)
        return post is not None and actor.post_id == post.id


def task_points(definition: Definition, step: str, needed: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
    """审查要点 of a step: material code, material name and point, for the materials this case needs."""
    checks = next((s.checks for s in definition.steps if s.id == step), [])
    return tuple(
        (material.code, material.name, point)
        for material in definition.materials
        if material.code in checks and material.code in needed
        for point in material.check
    )


def own_task(
    actor: Actor, definition: Definition, posts: Posts, tasks: Sequence[TaskRow], needed: Sequence[str]
) -> OwnTask | None:
    """The open step that the acting post is to do; the decision is no such step."""
    for task in tasks:
        if task.status == "open" and task.step != DECIDE and posts.is_acting(actor, task.post):
            points = task_points(definition, task.step, needed)
            return OwnTask(task.task_id, task.step, task.name, task.people, task.due_on, points)
    return None


def task_posted(case: "Case", task_id: UUID) -> OwnTask | None:
    """
    The step an opinion was posted for, open or closed: a second press of the same button finds it closed,
    and the command says what came of the first. None where this case has no such step.
    """
    try:
        task = process.task(case.pk, task_id)
    except TaskNotOpen:
        return None
    needed = [m.code for m in cases.materials_of(case)]
    points = task_points(cases.definition_of(case), task.step, needed)
    return OwnTask(task.task_id, task.step, task.name, task.people, task.due_on, points)


def step_views(case: "Case", tasks: Sequence[TaskRow], posts: Posts) -> list[StepView]:
    """Steps of the review in the order they opened, each with its opinion once given."""
    opinions: dict[str, Opinion] = {o.step: o for o in cases.opinions_of(case)}
    people = identity.names_of(o.person_id for o in opinions.values()) if opinions else {}
    return [_step_view(task, opinions.get(task.step), posts, people) for task in tasks if task.step != DECIDE]


def _step_view(
    task: TaskRow, opinion: "Opinion | None", posts: Posts, people: Mapping[UUID, str]
) -> StepView:
    common = {
        "step": task.step,
        "name": task.name,
        "post": posts.name(task.post),
        "people": task.people,
        "limit_on": task.due_on,
        "open": task.status == "open",
    }
    if opinion is None:
        return StepView(**common, given=False)  # type: ignore[arg-type]
    return StepView(
        **common,  # type: ignore[arg-type]
        given=True,
        finding=opinion.finding,
        finding_words=opinion.get_finding_display(),
        text=opinion.text or "",
        by=people.get(opinion.person_id, ""),
        second_officer=opinion.second_officer or "",
        at=opinion.at,
        points_not_met=[str(text) for _material, text, met in opinion.points if not met],
    )
