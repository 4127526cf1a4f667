"""回避 as the other commands of a case meet it: who is left at a post, and what is told when nobody is."""

from collections.abc import Sequence
from uuid import UUID

from mingqu.cases import rules
from mingqu.cases.errors import OfficerBarred
from mingqu.cases.events import StepStranded
from mingqu.cases.models import Case
from mingqu.identity import selectors as identity
from mingqu.identity.errors import Recused
from mingqu.kernel.commands import Command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process import selectors as tasks
from mingqu.process.types import TaskRow


def somebody_left(case: Case, post: str, at: Instant) -> bool:
    """Whether somebody who may have a hand in it holds this post today; no statement where nobody stands aside."""
    if not case.barred_ids:
        return True
    return bool(set(identity.people_at([post], legal_day(at))) - set(case.barred_ids))


def stranded(case: Case, at: Instant) -> list[TaskRow]:
    """The open steps for which nobody is left; no statement where nobody stands aside."""
    if not case.barred_ids:
        return []
    open_ = tasks.open_tasks(case.pk)
    held = identity.people_by_post((task.post for task in open_), legal_day(at)) if open_ else {}
    return [task for task in open_ if not set(held[task.post]) - set(case.barred_ids)]


def tell_stranded(cmd: Command, case: Case) -> None:
    """The head of the organ hears of each step that nobody is left for; once for each opening of a step."""
    for task in stranded(case, cmd.at):
        whose = (case.pk, case.number, case.item_code, case.applicant_id)
        cmd.publish(StepStranded(*whose, task.task_id, task.post, task.name))


def require_hand_in_all(bundle_id: UUID, by: Actor) -> None:
    """What is done with all cases of a bundle at once is a deed of each. Raises Recused."""
    if by.kind == "staff" and Case.objects.filter(bundle_id=bundle_id, barred_ids__contains=[by.id]).exists():
        raise Recused()


def require_unbarred(case: Case, officers: Sequence[UUID]) -> None:
    """None of these officers stands aside. Raises OfficerBarred."""
    barred = [one for one in officers if one in case.barred_ids]
    if barred:
        raise OfficerBarred(field="second", name="、".join(identity.names_of(barred).values()))


def require_unbarred_second(case: Case, name: str) -> None:
    """The second officer, who is named in words, does not stand aside. Raises OfficerBarred."""
    if not case.barred_ids or not name.strip():
        return
    for one in identity.names_of(case.barred_ids).values():
        if rules.same_name(one, name):
            raise OfficerBarred(field="second_officer", name=one)
