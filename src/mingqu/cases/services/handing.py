"""
What officers do with a step besides answering it: 认领, 放回, 转办, 委派, 加签, 减签, 挂起, 恢复, 撤回.

All of it stays inside: no clock stops, the applicant hears nothing. docs/process-human-steps.md says what each meets.
"""

from uuid import UUID

from mingqu.cases import rules, selectors
from mingqu.cases.errors import (
    NotInReview,
    NotYoursToTakeBack,
    NotYourTask,
    OnlyPassedOn,
    PostUnfit,
    ReasonMissing,
    StepNotClaimed,
    TaskGone,
)
from mingqu.cases.events import StepHanded, StepPutBack
from mingqu.cases.models import Case, Opinion
from mingqu.cases.services import claims, discretion
from mingqu.cases.services.open_questions import refuse_if_asked
from mingqu.cases.services.review import VISIT, own_task, require_own, void_visits
from mingqu.cases.services.standing_aside import somebody_left
from mingqu.cases.types import Done, Handed
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import action_of
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import Place
from mingqu.kernel.commands import Command, command
from mingqu.kernel.types import Actor, Instant
from mingqu.process import selectors as tasks
from mingqu.process import services as process
from mingqu.process.types import TaskRow


def claim_step(*, case_id: UUID, task_id: UUID, by: Actor, at: Instant, key: UUID) -> Done:
    """
    认领: an officer of the post takes an open step for herself; the others of the post leave it to her.

    Again by the same person: no change. Raises NotAuthorised, NotInReview, TaskGone, NotYourTask, StepClaimed.
    """
    with command("case.claim", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = _in_review("case.claim", case_id, by)
        task = own_task(case_id, task_id, by, at)
        process.claim(root_id=case_id, task_id=task_id, posts=[task.post], by=by, at=at)
        cmd.note(step=task.step)
        return cmd.done(Done(case.pk, case.status))


def release_step(
    *, case_id: UUID, task_id: UUID, reason: str = "", by: Actor, at: Instant, key: UUID
) -> Done:
    """
    放回 a claimed step to its post. Another's claim is put back by the head of the organ (case.release_others), who
    says why and does not handle the step by that; it stands in the ledger as what it is. Who had claimed it is told.

    Raises NotAuthorised, NotInReview, TaskGone, StepNotClaimed, StepClaimed (another's), ReasonMissing.
    """
    with command("case.release", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        head = access.allows(by, "case.release_others", case)
        if not head:
            access.require(by, "case.release", case)
        if case.status not in rules.ALLOWED_IN["case.release"]:
            raise NotInReview()
        task = _open(case_id, task_id)
        if task.claimed_by is None:
            raise StepNotClaimed(name=task.name)
        if not head:
            claims.require_free(task, by, at)
        elif claims.of_another(task, by):
            if not reason.strip():
                raise ReasonMissing(field="reason")
            cmd.turns_out("case.release_others")
            whose = (case.pk, case.number, case.item_code, case.applicant_id)
            cmd.publish(StepPutBack(*whose, task.claimed_by, task.post, task.name))
        process.release(root_id=case_id, task_id=task_id, by=None)
        cmd.note(step=task.step)
        return _done(cmd, case, reason)


def pass_on(*, case_id: UUID, task_id: UUID, to: Handed, by: Actor, at: Instant, key: UUID) -> Done:
    """
    转办 an open step of one's own to another post for good, or 委派 it (`back`). The post that lent it calls it back by
    naming itself. A visit planned for it is called off where it goes for good.

    Raises NotAuthorised, NotInReview, ReasonMissing, TaskGone, NotYourTask, PostUnfit, OnlyPassedOn, or what
    process.services.pass_on raises.
    """
    with command("case.pass_on", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = _in_review("case.pass_on", case_id, by)
        if not to.reason.strip():
            raise ReasonMissing(field="reason")
        task = _open(case_id, task_id)
        if task.lent and task.lent == to.post:
            _require_post(task.lent, by)
        else:
            require_own(task, by)
            claims.require_free(task, by, at)
            _require_fit(case, task, to, at)
        process.pass_on(root_id=case_id, task_id=task_id, post=to.post, back=to.back, by=by, at=at)
        if not to.back:
            void_visits(case_id, [task_id])
            discretion.leave(case, at, task_ids=[task_id])
        cmd.note(step=task.step, to_post=to.post, lent=to.back)
        how = "recalled" if task.lent == to.post else "lent" if to.back else "passed"
        _tell(cmd, case, to.post, task.name, how)
        return _done(cmd, case, to.reason)


def change_signers(*, case_id: UUID, task_id: UUID, to: Handed, by: Actor, at: Instant, key: UUID) -> Done:
    """
    加签: another post signs this step too; 减签: one that was added and has not signed is asked no more.

    Raises NotAuthorised, NotInReview, ReasonMissing, TaskGone, NotYourTask, PostUnfit, OnlyPassedOn, or what
    process.services.change_signers raises.
    """
    with command("case.change_signers", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = _in_review("case.change_signers", case_id, by)
        if not to.reason.strip():
            raise ReasonMissing(field="reason")
        task = own_task(case_id, task_id, by, at)
        if to.add:
            _require_fit(case, task, to, at, alone=True)
        process.change_signers(root_id=case_id, task_id=task_id, post=to.post, add=to.add, by=by, at=at)
        cmd.note(step=task.step, to_post=to.post, added=to.add)
        if to.add:
            _tell(cmd, case, to.post, task.name, "added")
        return _done(cmd, case, to.reason)


def hold_step(
    *, case_id: UUID, task_id: UUID, held: bool, reason: str, by: Actor, at: Instant, key: UUID
) -> Done:
    """
    挂起 an open step of one's own, or 恢复 it: what waits for it waits on, the deadlines of the law run on.

    Raises NotAuthorised, NotInReview, ReasonMissing, TaskGone, NotYourTask, or TaskHeld, TaskNotHeld of the process.
    """
    with command("case.hold_step", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = _in_review("case.hold_step", case_id, by)
        if held and not reason.strip():
            raise ReasonMissing(field="reason")
        task = own_task(case_id, task_id, by, at)
        process.hold(root_id=case_id, task_id=task_id, held=held, by=by, at=at)
        cmd.note(step=task.step, held=held)
        return _done(cmd, case, reason)


def take_back(*, case_id: UUID, task_id: UUID, reason: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    撤回 what one answered last, while nobody has taken up what came of it. The opinion stays, marked as taken back.

    Raises NotAuthorised, NotInReview, ReasonMissing, TaskGone, NotYoursToTakeBack, OnlyPassedOn (a visit is signed by
    the party too), or NothingToTakeBack of the process.
    """
    with command("case.take_back", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = _in_review("case.take_back", case_id, by)
        if not reason.strip():
            raise ReasonMissing(field="reason")
        task = next((t for t in tasks.all_tasks(case_id) if t.task_id == task_id), None)
        if task is None:
            raise TaskGone()
        if task.closed_by != by.id or by.post_id is None:
            raise NotYoursToTakeBack()
        if selectors.definition_of(case).step(task.step).kind == VISIT:
            raise OnlyPassedOn(name=task.name)
        effects = process.take_back(root_id=case_id, task_id=task_id, by=by, at=at)
        refuse_if_asked(case, effects.dropped)
        discretion.leave(case, at, task_ids=effects.dropped)
        cmd.insert(
            Opinion(
                case=case,
                step=task.step,
                step_name=task.name,
                post_id=by.post_id,
                person_id=by.id,
                deputy_for=by.deputy_for,
                finding=Opinion.Finding.UNDONE,
                text=reason.strip(),
                task_id=task_id,
                at=at,
            )
        )
        cmd.note(step=task.step)
        return _done(cmd, case, reason)


def _in_review(action: str, case_id: UUID, by: Actor) -> Case:
    case = selectors.case_for_update(case_id)
    access.require(by, action, case)
    if case.status not in rules.ALLOWED_IN[action]:
        raise NotInReview()
    return case


def _open(case_id: UUID, task_id: UUID) -> TaskRow:
    task = next((t for t in tasks.open_tasks(case_id) if t.task_id == task_id), None)
    if task is None:
        raise TaskGone()
    return task


def _require_post(code: str, by: Actor) -> None:
    own = identity.acting_post(by)
    if own is None or own.code != code:
        raise NotYourTask(post=identity.post_by_code(code).name)


def _require_fit(case: Case, task: TaskRow, to: Handed, at: Instant, *, alone: bool = False) -> None:
    """The step is one that may be given so, to this post. Raises OnlyPassedOn, PostUnfit."""
    step = selectors.definition_of(case).step(task.step)
    if step.kind in (catalogue.DECIDE, VISIT) and (to.back or alone):
        raise OnlyPassedOn(name=task.name)
    if to.post not in posts_for(case, step.kind) or not somebody_left(case, to.post, at):
        raise PostUnfit(field="post")


def posts_for(case: Case, kind: str) -> dict[str, str]:
    """Code and 「部门·岗位」 of every post that may do a step of this kind of this case."""
    place = Place(case.department_id, case.region_code, case.item_type)
    return identity.posts_that_may(action_of(kind), place)


def _tell(cmd: Command, case: Case, post: str, step: str, how: str) -> None:
    """Whoever holds the post hears of it: one message for one hand-over."""
    cmd.publish(StepHanded(case.pk, case.number, case.item_code, case.applicant_id, post, step, how))


def _done(cmd: Command, case: Case, reason: str) -> Done:
    cmd.note_digest(reason=reason.strip())
    return cmd.done(Done(case.pk, case.status))
