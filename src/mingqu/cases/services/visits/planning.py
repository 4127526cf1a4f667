"""When the officers come: agreed on, moved, asked for anew, cancelled."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from uuid import UUID

from mingqu.cases import legal, selectors
from mingqu.cases.errors import ReasonMissing
from mingqu.cases.events import NewDateAsked, VisitPlanned
from mingqu.cases.models import Visit
from mingqu.cases.services.review import own_task
from mingqu.cases.services.standing_aside import require_unbarred
from mingqu.cases.services.visits.shared import (
    VISIT,
    case_under_review,
    planned_visit,
    require_officer_or_post,
    task_of,
)
from mingqu.cases.types import VisitDone, VisitPlan
from mingqu.cases.visit_errors import (
    NothingToMove,
    OfficerUnknown,
    OutsideHours,
    PlaceMissing,
    TwoOfficersNeeded,
    VisitAlreadyPlanned,
    VisitInThePast,
    VisitNotForeseen,
    VisitTooFar,
    WishesSpent,
    WishGiven,
)
from mingqu.clocks import selectors as clocks
from mingqu.identity import selectors as identity
from mingqu.identity.services.organ_changes import open_department_of
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.text import zh_day, zh_moment

HOURS = (time(8), time(18))  # nobody is called out at night
AT_MOST_AHEAD = timedelta(days=60)


def plan_visit(
    *, case_id: UUID, task_id: UUID, plan: VisitPlan, by: Actor, at: Instant, key: UUID
) -> VisitDone:
    """
    Agree on a visit for an open step of kind visit; the applicant is told, unless the plan is `together` with other
    departments: then the bundle tells her of all at once.

    Raises NotAuthorised, NotInReview, TaskGone, NotYourTask, VisitNotForeseen, VisitAlreadyPlanned and what is
    wrong with the plan, DepartmentClosed.
    """
    with command("case.plan_visit", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(VisitDone)
        case = case_under_review(case_id, "case.plan_visit", by)
        task = own_task(case_id, task_id, by, at)
        step = selectors.definition_of(case).step(task.step)
        if step.kind != VISIT:
            raise VisitNotForeseen(name=task.name)
        if Visit.objects.filter(case=case, task_id=task_id, state=Visit.State.PLANNED).exists():
            raise VisitAlreadyPlanned()
        visit = Visit(
            case=case,
            task_id=task_id,
            step=task.step,
            step_name=task.name,
            department_id=open_department_of(task.post).pk,
            checklist=step.checklist,
        )
        return _agree(cmd, visit, plan, moved=False)


def move_visit(
    *, case_id: UUID, visit_id: UUID, plan: VisitPlan, reason: str, by: Actor, at: Instant, key: UUID
) -> VisitDone:
    """
    Another date, place or pair of officers; the old date stays on record. Raises VisitGone, NotAnOfficer,
    ReasonMissing and what is wrong with the plan.
    """
    with command("case.move_visit", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(VisitDone)
        case = case_under_review(case_id, "case.plan_visit", by)
        before = planned_visit(case, visit_id, hold_department=True)
        require_officer_or_post(before, task_of(case, before), by, at)
        if not reason.strip():
            raise ReasonMissing(field="reason")
        before.state = Visit.State.MOVED
        before.save(update_fields=["state"])
        cmd.note_digest(reason=reason.strip())
        visit = Visit(
            case=case,
            task_id=before.task_id,
            step=before.step,
            step_name=before.step_name,
            department_id=before.department_id,
            checklist=before.checklist,
        )
        return _agree(cmd, visit, plan, moved=True)


def ask_new_date(
    *, case_id: UUID, visit_id: UUID, wish_on: date | None, reason: str, by: Actor, at: Instant, key: UUID
) -> VisitDone:
    """
    The applicant asks for another date (请求改期), twice for one step at most. The officers answer by moving the
    visit or by coming as agreed; the clock runs on.

    Raises NothingToMove, WishGiven, WishesSpent, ReasonMissing, VisitInThePast, VisitTooFar.
    """
    with command("case.ask_new_date", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(VisitDone)
        case = case_under_review(case_id, "case.ask_new_date", by)
        visits = list(Visit.objects.filter(case=case).order_by("id"))
        visit = next((v for v in visits if v.id == visit_id and v.state == Visit.State.PLANNED), None)
        if visit is None or visit.planned_for <= at:
            raise NothingToMove()
        if visit.wished_at is not None:
            raise WishGiven()
        if sum(v.task_id == visit.task_id and v.wished_at is not None for v in visits) >= selectors.WISHES:
            raise WishesSpent()
        if not reason.strip():
            raise ReasonMissing(field="reason")
        _check_wish(wish_on, legal_day(at))
        visit.wish_on, visit.wish, visit.wished_at = wish_on, reason.strip(), at
        visit.save(update_fields=["wish_on", "wish", "wished_at"])
        cmd.note(step=visit.step)
        cmd.note_digest(reason=reason.strip())
        cmd.publish(NewDateAsked(case.pk, case.number, case.item_code, case.applicant_id, visit.id))
        return cmd.done(VisitDone(case.pk, visit.id, visit.state))


def _agree(cmd: Command, visit: Visit, plan: VisitPlan, *, moved: bool) -> VisitDone:
    law = legal.bracketed("two_officers", visit.case.item_type)
    _check_plan(plan, visit.department_id, law, cmd.at)
    if not plan.together:  # what was agreed on before is made as agreed; the record asks again
        require_unbarred(visit.case, plan.officers)
    visit.planned_for, visit.place, visit.note = plan.planned_for, plan.place.strip(), plan.note.strip()
    visit.officer_ids, visit.planned_by = list(plan.officers), cmd.by.id
    visit.save(force_insert=True)
    case = visit.case
    cmd.note(step=visit.step, planned_for=plan.planned_for, officers=len(plan.officers))
    cmd.note_digest(place=visit.place, officer_ids=[str(one) for one in plan.officers])
    cmd.publish(
        VisitPlanned(
            case.pk,
            case.number,
            case.item_code,
            case.applicant_id,
            visit.id,
            plan.planned_for,
            moved,
            plan.together,
        )
    )
    return cmd.done(VisitDone(case.pk, visit.id, visit.state))


def _check_plan(plan: VisitPlan, department_id: UUID, law: str, at: Instant) -> None:
    """Raises what is wrong with the time, the place or the officers; `law`: why there are two, in brackets."""
    check_when_and_where(plan.planned_for, plan.place, at)
    check_officers(plan.officers, department_id, legal_day(plan.planned_for), law)


def check_when_and_where(planned_for: Instant, place: str, at: Instant) -> None:
    """Raises VisitInThePast, VisitTooFar, OutsideHours or PlaceMissing."""
    local, given = planned_for.astimezone(BEIJING), zh_moment(planned_for)
    if planned_for <= at:
        raise VisitInThePast(field="day", given=given)
    if planned_for - at > AT_MOST_AHEAD:
        raise VisitTooFar(field="day", given=given)
    working = clocks.current_calendar().working_day(legal_day(planned_for))
    if not working or not HOURS[0] <= local.time() < HOURS[1]:
        raise OutsideHours(field="day", given=given)
    if not place.strip():
        raise PlaceMissing(field="place")


def check_officers(officers: Sequence[UUID], department_id: UUID, day: date, law: str) -> None:
    """Raises TwoOfficersNeeded or OfficerUnknown."""
    if len(set(officers)) < 2 or len(set(officers)) != len(officers):
        raise TwoOfficersNeeded(field="second", law=law)
    if not identity.are_officers(officers, department_id, day):
        raise OfficerUnknown(field="second")


def _check_wish(wish_on: date | None, today: date) -> None:
    if wish_on is None:
        return
    given = zh_day(wish_on)
    if wish_on <= today:
        raise VisitInThePast(field="wish_on", given=given)
    if wish_on - today > AT_MOST_AHEAD:
        raise VisitTooFar(field="wish_on", given=given)
