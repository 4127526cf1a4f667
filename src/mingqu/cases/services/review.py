"""Review: officers record what they find, step by step; the join alone opens the decision."""

from collections.abc import Sequence
from uuid import UUID

from mingqu.cases import rules, selectors
from mingqu.cases.errors import (
    AmongReviewers,
    FindingMissing,
    NotInReview,
    NotYourTask,
    ReasonMissing,
    TaskGone,
)
from mingqu.cases.events import StepCompleted
from mingqu.cases.models import Case, Opinion
from mingqu.cases.types import Done, Finding, Point
from mingqu.catalogue import selectors as catalogue
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.types import Actor, Instant
from mingqu.process import selectors as tasks
from mingqu.process import services as process
from mingqu.process.types import TaskRow


def complete_step(
    *, case_id: UUID, task_id: UUID, finding: Finding, by: Actor, at: Instant, key: UUID
) -> Done:
    """
    Record an officer's finding for one step and close it.

    Raises NotAuthorised (also when the step belongs to another post), NotInReview, TaskGone (someone else
    did it), ReasonMissing (不符合 without saying why) or AmongReviewers (a step for two officers names one).
    """
    with command("case.review", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.review", case)
        if case.status not in rules.ALLOWED_IN["case.review"]:
            raise NotInReview()
        task = own_task(case_id, task_id, by)
        if task.step == catalogue.DECIDE:
            raise TaskGone()
        _check(task, finding, by)
        close_step(cmd, case, task, finding)
        return cmd.done(Done(case.pk, case.status))


def close_step(cmd: Command, case: Case, task: TaskRow, finding: Finding) -> None:
    """The process goes on, the opinion is written, the event goes out. What may be found was checked before."""
    process.complete(
        root_id=case.pk, task_id=task.task_id, outcome=finding.outcome, data={}, by=cmd.by, at=cmd.at
    )
    _record(case, task, finding, cmd.by, cmd.at)
    cmd.note(step=task.step, finding=finding.outcome)
    cmd.note_digest(text=finding.text)
    cmd.publish(
        StepCompleted(
            case.pk, case.number, case.item_code, case.applicant_id, task.step, task.name, finding.outcome
        )
    )


def own_task(case_id: UUID, task_id: UUID, by: Actor) -> TaskRow:
    """The open task, if it belongs to the acting post. Raises TaskGone or NotYourTask."""
    task = next((t for t in tasks.open_tasks(case_id) if t.task_id == task_id), None)
    if task is None:
        raise TaskGone()
    require_own(task, by)
    return task


def require_own(task: TaskRow, by: Actor) -> None:
    """Raises NotYourTask if the task belongs to another post."""
    post = identity.post_by_code(task.post)
    if by.post_id != post.id:
        raise NotYourTask(post=post.name)


def _check(task: TaskRow, finding: Finding, by: Actor) -> None:
    if finding.outcome not in Opinion.Finding.values:
        raise FindingMissing(field="outcome")
    if finding.outcome == Opinion.Finding.NOT_MET and not finding.text.strip():
        raise ReasonMissing(field="text")
    second = finding.second_officer.replace(" ", "").replace("\u3000", "")
    if task.people > 1 and second in {"", by.name}:
        raise AmongReviewers(field="second_officer", name=task.name)


def _record(case: Case, task: TaskRow, finding: Finding, by: Actor, at: Instant) -> None:
    Opinion.objects.create(
        case=case,
        step=task.step,
        step_name=task.name,
        post_id=by.post_id,
        person_id=by.id,
        second_officer=finding.second_officer.strip(),
        finding=finding.outcome,
        points=_points(finding.points),
        text=finding.text.strip(),
        at=at,
    )


def _points(points: Sequence[Point]) -> list[list[object]]:
    return [[p.material, p.text, p.met] for p in points]
