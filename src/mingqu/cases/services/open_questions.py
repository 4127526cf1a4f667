"""Questions to other organs that are open (征求意见), as the other commands of a case meet them."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from mingqu.cases.consulting import rules
from mingqu.cases.consulting.errors import ConsultationOpen, ConsultedTaken
from mingqu.cases.events import ConsultationEnded
from mingqu.cases.models import Case, Consultation
from mingqu.kernel.commands import require_command
from mingqu.kernel.types import Instant
from mingqu.ui.text import zh_day

ASKED = Consultation.State.ASKED


def require_answered(case: Case, step: str) -> None:
    """
    The step doesn't wait for another organ. No statement where nothing was ever asked. Raises ConsultationOpen.
    """
    if not case.consults:
        return
    rows = Consultation.objects.filter(case=case, step=step, state=ASKED).select_related("department")
    for row in rows.order_by("due_on", "id"):
        if rules.keeps_from_settling(row.state, waits=row.waits):
            raise ConsultationOpen(organ=row.department.name, day=zh_day(row.due_on))


def leave(
    case: Case, at: Instant, *, task_ids: Sequence[UUID] | None = None, step: str = ""
) -> list[Consultation]:
    """
    Steps are left without having been done (all of them, or those of these tasks and this step): what was asked from
    them is called off with them. The caller saves nothing of it. No statement where nothing was ever asked.
    """
    if not case.consults:
        return []
    open_ = Consultation.objects.filter(case=case, state=ASKED)
    wanted = open_ if task_ids is None else open_.filter(Q(task_id__in=task_ids) | Q(step=step))
    rows = list(wanted.order_by("id"))
    for row in rows:
        row.state, row.ended_at = rules.goes_with(row.state), at
        row.save(update_fields=["state", "ended_at"])
        whose = (case.pk, case.number, case.item_code, case.applicant_id)
        require_command().publish(ConsultationEnded(*whose, row.id, row.post, row.state))
    return rows


def leave_by_itself(case_id: UUID, task_ids: Sequence[UUID], at: Instant) -> None:
    """A timer took these tasks away; the row of the case is not touched."""
    open_ = Consultation.objects.filter(case_id=case_id, state=ASKED, task_id__in=task_ids)
    open_.update(state=Consultation.State.CALLED_OFF, ended_at=at)


def refuse_if_asked(case: Case, task_ids: Sequence[UUID]) -> None:
    """撤回 takes these tasks away: not after something was asked from them. Raises ConsultedTaken."""
    if case.consults and Consultation.objects.filter(case=case, task_id__in=task_ids, state=ASKED).exists():
        raise ConsultedTaken()
