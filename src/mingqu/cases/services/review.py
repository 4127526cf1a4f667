"""Review: officers record what they find, step by step; the join alone opens the decision."""

from collections.abc import Sequence
from uuid import UUID

from mingqu.cases import legal, papers, rules, selectors
from mingqu.cases.defined import kinds_of
from mingqu.cases.errors import (
    AmongReviewers,
    FindingMissing,
    NotInReview,
    NotYourTask,
    ReasonMissing,
    SamePerson,
    SignedAlready,
    TaskGone,
)
from mingqu.cases.events import StepCompleted, StepReturned
from mingqu.cases.models import Case, Opinion, Visit
from mingqu.cases.services import claims, discretion
from mingqu.cases.services.open_questions import leave, require_answered
from mingqu.cases.services.standing_aside import require_unbarred_second, tell_stranded
from mingqu.cases.types import HOW_KNOWN, Done, Finding, Point
from mingqu.cases.visit_errors import VisitNotRecorded
from mingqu.catalogue import selectors as catalogue
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.types import Actor, Instant
from mingqu.process import selectors as tasks
from mingqu.process import services as process
from mingqu.process.types import TaskRow

CHECK, VISIT = "check", "visit"
SIGNED = frozenset({"completed", "signed"})
HANDLING = frozenset({"review", VISIT})  # 承办: looking into the case, in the office or on the spot


def complete_step(
    *, case_id: UUID, task_id: UUID, finding: Finding, by: Actor, at: Instant, key: UUID
) -> Done:
    """
    Record an officer's finding for one step and close it. A step of kind check (审核) wants case.check and another
    person than did the review; it stands in the ledger as what it is.

    Raises NotAuthorised (also when the step belongs to another post), NotInReview, TaskGone (someone else
    did it), SamePerson, ReasonMissing (不符合 without saying why) or AmongReviewers (a step for two names one).
    """
    with command("case.review", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.review", case)
        if case.status not in rules.ALLOWED_IN["case.review"]:
            raise NotInReview()
        known = tasks.all_tasks(case_id)
        task = _own(known, task_id, by, at)
        if task.step == catalogue.DECIDE:
            raise TaskGone()
        kind = selectors.definition_of(case).step(task.step).kind
        require_first_signature(known, task, by)
        if kind == VISIT:
            raise VisitNotRecorded(name=task.name, law=legal.bracketed("two_officers", case.item_type))
        if kind == CHECK:
            access.require(by, "case.check", case)
            require_another_person(case, known, by, task.name)
            cmd.turns_out("case.check")
        _check(case, task, finding, by)
        require_unbarred_second(case, finding.second_officer)
        if not task.lent:  # what is handed back is advice: the step goes on
            require_answered(case, task.step)
        close_step(cmd, case, task, finding)
        return cmd.done(Done(case.pk, case.status))


def close_step(cmd: Command, case: Case, task: TaskRow, finding: Finding) -> None:
    """
    The process goes on, the opinion is written, the event goes out. What may be found was checked before. A signature
    that does not settle its step is an opinion only.
    """
    claims.free(task, cmd.by)  # an officer of the visit signs, whoever of the post has claimed its step
    effects = process.complete(
        root_id=case.pk, task_id=task.task_id, outcome=finding.outcome, data={}, by=cmd.by, at=cmd.at
    )
    _record(cmd, case, task, finding)
    tell_stranded(cmd, case)
    if not effects.moved:  # others are still to sign, or it goes back to the post that delegated it
        cmd.note(step=task.step, finding=finding.outcome, signature=True)
        cmd.note_digest(text=finding.text)
        return
    if case.returned_inside:
        case.returned_inside = any(step != task.step for step in selectors.returned_steps(case))
        case.save(update_fields=["returned_inside"])
    cmd.note(step=task.step, finding=finding.outcome)
    cmd.note_digest(text=finding.text)
    cmd.publish(
        StepCompleted(
            case.pk, case.number, case.item_code, case.applicant_id, task.step, task.name, finding.outcome
        )
    )


def return_inside(
    *, case_id: UUID, task_id: UUID, step: str, reason: str, by: Actor, at: Instant, key: UUID
) -> Done:
    """
    内部退回: from an open task of one's own back to `step`, done before. What was found there stays and is asked anew.

    It stays inside: the clocks run on (行政许可法 42 knows no such pause), the applicant hears nothing, no material is
    asked for. The reason is kept encrypted with the opinions, never in the history of the process.
    Raises NotAuthorised, NotInReview, ReasonMissing, TaskGone, NotYourTask, or the process's NotEarlier.
    """
    with command("case.return_inside", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.return_inside", case)
        if case.status not in rules.ALLOWED_IN["case.return_inside"]:
            raise NotInReview()
        if not reason.strip():
            raise ReasonMissing(field="reason")
        task = own_task(case_id, task_id, by, at)
        effects = process.return_to(
            root_id=case_id, task_id=task_id, node=step, reason="returned", by=by, at=at
        )
        void_visits(case_id, [task_id, *effects.dropped])
        leave(case, at, task_ids=[task_id, *effects.dropped], step=task.step)
        discretion.leave(case, at, task_ids=[task_id, *effects.dropped])
        assert by.post_id is not None  # own_task let nobody else through
        cmd.insert(
            Opinion(
                case=case,
                step=task.step,
                step_name=task.name,
                post_id=by.post_id,
                person_id=by.id,
                deputy_for=by.deputy_for,
                finding=Opinion.Finding.RETURNED,
                returned_to=step,
                text=reason.strip(),
                task_id=task.task_id,
                at=at,
            )
        )
        case.returned_inside = True
        case.save(update_fields=["returned_inside"])
        cmd.note(step=task.step, to=step)
        cmd.note_digest(reason=reason.strip())
        tell_stranded(cmd, case)
        cmd.publish(StepReturned(case.pk, case.number, case.item_code, case.applicant_id, task.step, step))
        return cmd.done(Done(case.pk, case.status))


def require_another_person(case: Case, known: Sequence[TaskRow], by: Actor, name: str) -> None:
    """
    Who did the review (承办) or went on the visit neither checks (审核) nor decides (批准) the same case: the same
    *person*, whatever posts she holds. That two look at one case is the sense of the three steps; no article of the
    licence law says so in general (34 asks for two officers on the spot), so it holds where the step table has them.
    Raises SamePerson.
    """
    kinds = kinds_of(case)
    done = [t for t in known if t.status in SIGNED and kinds.get(t.step) in HANDLING]
    did = next((t for t in done if t.closed_by == by.id), None)
    if did is None and any(kinds[t.step] == VISIT for t in done):
        gone = Visit.objects.filter(case=case, state=Visit.State.DONE, officer_ids__contains=[by.id])
        visited = gone.values_list("step", flat=True).first()
        did = next((t for t in done if t.step == visited), None)
    if did is not None:
        raise SamePerson(did=did.name, name=name)


def require_first_signature(known: Sequence[TaskRow], task: TaskRow, by: Actor) -> None:
    """One person signs a step once, whatever posts she holds. Raises SignedAlready."""
    same = (
        t for t in known if t.step == task.step and t.opened_at >= task.opened_at and t.status == "signed"
    )
    if any(t.closed_by == by.id for t in same):
        raise SignedAlready(name=task.name)


def void_visits(case_id: UUID, task_ids: Sequence[UUID] | None = None) -> None:
    """Visits still planned, of these tasks or of all, are called off with what they were planned for."""
    planned = Visit.objects.filter(case_id=case_id, state=Visit.State.PLANNED)
    if task_ids is not None:
        planned = planned.filter(task_id__in=task_ids)
    planned.update(state=Visit.State.VOID)


def own_task(case_id: UUID, task_id: UUID, by: Actor, at: Instant) -> TaskRow:
    """
    The open task, if it belongs to the acting post and nobody else of it has claimed it. Raises TaskGone, NotYourTask
    or StepClaimed.
    """
    return _own(tasks.open_tasks(case_id), task_id, by, at)


def _own(known: Sequence[TaskRow], task_id: UUID, by: Actor, at: Instant) -> TaskRow:
    task = next((t for t in known if t.task_id == task_id and t.status == "open"), None)
    if task is None:
        raise TaskGone()
    require_own(task, by)
    claims.require_free(task, by, at)
    return task


def require_own(task: TaskRow, by: Actor) -> papers.Organ:
    """The organ whose post the task belongs to. Raises NotYourTask if it is another than the acting one."""
    return require_post(task.post, by)


def require_post(code: str, by: Actor) -> papers.Organ:
    """The organ of the post with this code, which must be the acting one. Raises NotYourTask."""
    own = identity.acting_post(by)
    if own is None or own.code != code:
        raise NotYourTask(post=identity.post_by_code(code).name)
    return own.organ


def _check(case: Case, task: TaskRow, finding: Finding, by: Actor) -> None:
    if finding.outcome not in (Opinion.Finding.MET, Opinion.Finding.NOT_MET):
        raise FindingMissing(field="outcome")
    if finding.outcome == Opinion.Finding.NOT_MET and not finding.text.strip():
        raise ReasonMissing(field="text")
    second = finding.second_officer.replace(" ", "").replace("\u3000", "")
    if task.people > 1 and second in {"", by.name}:
        law = legal.bracketed("two_officers", case.item_type)
        raise AmongReviewers(field="second_officer", name=task.name, law=law)


def _record(cmd: Command, case: Case, task: TaskRow, finding: Finding) -> None:
    assert cmd.by.post_id is not None
    cmd.insert(
        Opinion(
            case=case,
            step=task.step,
            step_name=task.name,
            post_id=cmd.by.post_id,
            person_id=cmd.by.id,
            deputy_for=cmd.by.deputy_for,
            second_officer=finding.second_officer.strip(),
            finding=finding.outcome,
            points=_points(finding.points),
            text=finding.text.strip(),
            task_id=task.task_id,
            advice=bool(task.lent),
            at=cmd.at,
        )
    )


def _points(points: Sequence[Point]) -> list[list[object]]:
    known = [([p.material, p.text, p.met], p.how if p.how in HOW_KNOWN else "") for p in points]
    return [[*point, how] if how else point for point, how in known]
