"""What every command about a visit asks first."""

from uuid import UUID

from mingqu.cases import rules, selectors
from mingqu.cases.errors import NotInReview, NotYourTask
from mingqu.cases.models import Case, Visit
from mingqu.cases.services.claims import require_free
from mingqu.cases.services.review import require_own
from mingqu.cases.visit_errors import NotAnOfficer, VisitGone
from mingqu.identity.services import access
from mingqu.identity.services.organ_changes import refuse_closed
from mingqu.kernel.types import Actor, Instant
from mingqu.process import selectors as tasks
from mingqu.process.types import TaskRow

VISIT = "visit"  # kind of a step


def case_under_review(case_id: UUID, action: str, by: Actor) -> Case:
    """The case, locked; every visit of it is then ours alone. Raises NotAuthorised, NotInReview."""
    case = selectors.case_for_update(case_id)
    access.require(by, action, case)
    if case.status not in rules.ALLOWED_IN[action]:
        raise NotInReview()
    return case


def planned_visit(case: Case, visit_id: UUID, *, hold_department: bool = False) -> Visit:
    """
    `hold_department`: its department does not end meanwhile. Raises VisitGone if it was recorded, moved or cancelled
    meanwhile, DepartmentClosed.
    """
    rows = Visit.objects.filter(case=case, id=visit_id, state=Visit.State.PLANNED)
    if hold_department:
        rows = rows.select_related("department").select_for_update(of=("department",), no_key=True)
    found = rows.first()
    if found is None:
        raise VisitGone()
    if hold_department:
        refuse_closed(found.department)
    return found


def officers_visit(case: Case, visit_id: UUID, by: Actor) -> Visit:
    """The same for one of its officers. Raises VisitGone, NotAnOfficer."""
    visit = planned_visit(case, visit_id)
    if by.id not in visit.officer_ids:
        raise NotAnOfficer()
    return visit


def task_of(case: Case, visit: Visit) -> TaskRow:
    """The open step a visit belongs to. Raises VisitGone: a return inside the house took it away."""
    found = next((t for t in tasks.open_tasks(case.pk) if t.task_id == visit.task_id), None)
    if found is None:
        raise VisitGone()
    return found


def require_officer_or_post(visit: Visit, task: TaskRow, by: Actor, at: Instant) -> None:
    """Raises NotAnOfficer (neither one of the officers nor the post of the step), StepClaimed."""
    if by.id in visit.officer_ids:
        return
    try:
        require_own(task, by)
    except NotYourTask as error:
        raise NotAnOfficer() from error
    require_free(task, by, at)
