"""The decision: 准予 or 不予行政许可 (行政许可法 37, 38, 42)."""

from uuid import UUID

from mingqu.cases import papers, rules, selectors
from mingqu.cases.errors import NotInReview, OutcomeMissing, ReasonMissing, ReviewUnfinished
from mingqu.cases.events import CaseDecided
from mingqu.cases.models import Case, Decision
from mingqu.cases.services.review import require_own
from mingqu.cases.types import Done
from mingqu.catalogue import selectors as catalogue
from mingqu.clocks import services as clocks
from mingqu.clocks.types import DELIVERY
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process import selectors as tasks
from mingqu.process import services as process


def decide_case(*, case_id: UUID, outcome: str, reasons: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    Decide an application all of whose steps are done; the ten days for delivery start (行政许可法 44).

    `outcome` is granted or refused. A refusal gives its reasons; the remedies are added by the paper
    (38). Raises NotAuthorised, NotInReview, ReviewUnfinished or ReasonMissing.
    """
    with command("case.decide", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.decide", case)
        if case.status not in rules.ALLOWED_IN["case.decide"]:
            raise NotInReview()
        if outcome not in (Case.Outcome.GRANTED, Case.Outcome.REFUSED):
            raise OutcomeMissing(field="outcome")
        if outcome == Case.Outcome.REFUSED and not reasons.strip():
            raise ReasonMissing(field="reasons")
        task = next((t for t in tasks.open_tasks(case_id) if t.step == catalogue.DECIDE), None)
        if task is None:
            raise ReviewUnfinished()
        require_own(task, by)
        process.complete(root_id=case_id, task_id=task.task_id, outcome=outcome, data={}, by=by, at=at)

        day = legal_day(at)
        clocked = clocks.hand_over(root_id=case_id, clocks=[DELIVERY], day=day, by=by)
        case.due_on = clocked.binding.due_on if clocked.binding else None
        case.status, case.outcome, case.decided_on = Case.Status.DECIDED, outcome, day
        case.save(update_fields=["status", "outcome", "decided_on", "due_on"])
        number = papers.decision(case, selectors.definition_of(case), reasons.strip(), at)
        Decision.objects.create(
            case=case,
            kind=outcome,
            document_number=number,
            reasons=reasons.strip(),
            post_id=by.post_id,
            person_id=by.id,
            at=at,
        )
        cmd.note(outcome=outcome, document_number=number)
        cmd.note_digest(reasons=reasons.strip())
        cmd.publish(CaseDecided(case.pk, case.number, case.item_code, case.applicant_id, outcome, day))
        return cmd.done(Done(case.pk, case.status))
