"""回避 at the desk: which steps nobody is left for, to which posts they may go, how much waits for a decision."""

from typing import TYPE_CHECKING

from django.urls import reverse

from mingqu.cases import selectors as cases
from mingqu.cases.recusing import selectors as recusing
from mingqu.cases.services.handing import posts_for
from mingqu.cases.services.standing_aside import somebody_left, stranded
from mingqu.kernel.types import Actor, Instant
from mingqu.process.types import TaskRow
from mingqu.ui.menu import Waiting

if TYPE_CHECKING:
    from mingqu.cases.models import Case


def steps_and_posts(case: "Case", at: Instant) -> tuple[list[TaskRow], list[tuple[str, str]]]:
    """What nobody is left for, and the posts where somebody is that may do a step of its kind."""
    found = stranded(case, at)
    definition = cases.definition_of(case)
    posts: dict[str, str] = {}
    for task in found:
        posts |= posts_for(case, definition.step(task.step).kind)
    own = {task.post for task in found}
    return found, [
        (code, name) for code, name in posts.items() if code not in own and somebody_left(case, code, at)
    ]


def waiting_recusals(actor: Actor, at: Instant) -> Waiting | None:
    """On the first page of who decides."""
    count = recusing.count_to_decide(actor)
    return Waiting(f"{count}件等待决定", label="回避", url=reverse("workbench:recusals")) if count else None
