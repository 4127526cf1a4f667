"""
谁负责 on the applicant's own page (LAW-03): of each step the organ and the post, and by when an open one ends. Never
who holds the post: that is the organ's to say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils.translation import gettext as _

from mingqu.cases.models import Case
from mingqu.cases.picture import ELSEWHERE
from mingqu.catalogue.types import Step
from mingqu.process.types import TaskRow

LOOKING = frozenset({Case.Status.RECEIVED, Case.Status.CORRECTION})


class HasOrgan(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def department(self) -> "HasName": ...


class HasName(Protocol):
    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Answerable:
    """`due_on`: the last day of a step that is open; None while the time stands still (特别程序)."""

    step: str
    organ: str
    post: str
    tag: str
    words: str
    due_on: date | None = None
    stands: bool = False


def answerable(
    case: Case, organ: str, steps: Sequence[Step], tasks: Iterable[TaskRow], posts: Mapping[str, HasOrgan]
) -> list[Answerable]:
    """One line a step, more where several posts have it open; `steps` with the decision. No statement."""
    rows = list(tasks)
    found = [_reception(case, organ)]
    for step in steps:
        names = {
            step.id,
            case.flow_steps.get(step.id, step.id),
        }  # 流程迁移: another code on the process before
        of_step = [row for row in rows if row.step in names]
        open_ = [row for row in of_step if row.status == "open"]
        last = max(of_step, key=lambda row: row.opened_at, default=None)
        for row in open_ or [last]:
            found.append(_line(case, step, row, posts))
    return found


def _reception(case: Case, organ: str) -> Answerable:
    if case.status not in LOOKING:
        return Answerable(_("收件、受理"), organ, "", "done", _("已办完"))
    if case.status == Case.Status.CORRECTION:
        return Answerable(_("收件、受理"), organ, "", "correct", _("等您补正"))
    return Answerable(_("收件、受理"), organ, "", "accepted", _("正在办"), case.due_on)


def _line(case: Case, step: Step, row: TaskRow | None, posts: Mapping[str, HasOrgan]) -> Answerable:
    post = posts.get(row.post if row else step.post)
    organ = post.department.name if post else ""
    named = post.name if post and step.where not in ELSEWHERE else ""
    if row is None:
        words = _("还没到") if case.is_open else _("没有办")
        return Answerable(step.name, organ, named, "void", words)
    if row.status == "open" and case.status == Case.Status.ACCEPTED:
        stands = case.suspended_since is not None
        due_on = None if stands else row.due_on or case.due_on
        return Answerable(step.name, organ, named, "accepted", _("正在办"), due_on, stands)
    if row.status in ("completed", "signed"):
        return Answerable(step.name, organ, named, "done", _("已办完"))
    return Answerable(step.name, organ, named, "void", _("已停办"))
