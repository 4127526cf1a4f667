"""
The decision: 准予 or 不予行政许可 (行政许可法 37, 38, 42), after the review or while the applicant waits (34).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from mingqu.cases import decision_paper, legal, papers, rules, selectors
from mingqu.cases.errors import (
    GapOpen,
    NotInReview,
    NotOnTheSpot,
    NotReceived,
    OutcomeMissing,
    ReasonMissing,
    ReviewNeeded,
    ReviewUnfinished,
)
from mingqu.cases.events import CaseDecided
from mingqu.cases.models import Case, Decision
from mingqu.cases.services import acceptance, gaps, open_questions
from mingqu.cases.services.certificate import require_still_usable
from mingqu.cases.services.review import require_another_person, require_own, require_post
from mingqu.cases.services.special import require_running
from mingqu.cases.types import Done
from mingqu.catalogue import selectors as catalogue
from mingqu.clocks import services as clocks
from mingqu.clocks.types import DELIVERY
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process import selectors as tasks
from mingqu.process import services as process
from mingqu.process.types import NewTask, TaskRow


@dataclass(frozen=True)
class _Ruling:
    """What is decided, why, and whether it was accepted in the same command."""

    outcome: str
    reasons: str = field(repr=False)
    on_the_spot: bool = False

    @property
    def also(self) -> Sequence[str]:
        """Columns of the case that are to be saved with the decision."""
        return acceptance.BEGUN if self.on_the_spot else ()


def decide_case(*, case_id: UUID, outcome: str, reasons: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    Decide an application all of whose steps are done; the ten days for delivery start (行政许可法 44).

    `outcome` is granted or refused. A refusal gives its reasons; the remedies are added by the paper
    (38). Nothing is granted while a material is owed; a refusal may rest on that it did not come.
    Raises NotAuthorised, NotInReview, SuspendedNow (行政许可法 45), ReviewUnfinished, SamePerson, GapOpen,
    OutcomeMissing or ReasonMissing.
    """
    with command("case.decide", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.decide", case)
        if case.status not in rules.ALLOWED_IN["case.decide"]:
            raise NotInReview()
        require_running(case)
        ruling = _ruling(outcome, reasons)
        known = tasks.all_tasks(case_id)
        task = _open_decision(known)
        organ = require_own(task, by)
        require_another_person(case, known, by, task.name)
        open_questions.require_answered(case, task.step)
        _decide(cmd, case, task.task_id, ruling, organ)
        return cmd.done(Done(case.pk, case.status))


def settle_on_spot(*, case_id: UUID, outcome: str, reasons: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    即办件: accept and decide while the applicant waits (行政许可法 34, second paragraph), by the post of the decision.

    Only where the definition says so and these answers lead through no other step: what needs a look at the facts
    needs two officers (34, third paragraph). One paper: the written decision that 34 asks for. It is dated, sealed and
    says that and when the application was accepted, which is all that 32, second paragraph, wants of a notice of
    acceptance; a second one would promise deadlines that are over already.
    Raises NotAuthorised, NotReceived, NotOnTheSpot, ReviewNeeded, NotYourTask, GapOpen, OutcomeMissing, ReasonMissing.
    """
    with command("case.settle", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.settle", case)
        if case.status not in rules.ALLOWED_IN["case.settle"]:
            raise NotReceived()
        definition = selectors.definition_of(case)
        if not definition.on_the_spot:
            raise NotOnTheSpot()
        if steps := selectors.situation_of(case).steps:
            raise ReviewNeeded(step=steps[0].name)
        organ = require_post(definition.decide.post, by)
        ruling = _ruling(outcome, reasons, on_the_spot=True)
        begun = acceptance.begin(cmd, case, on_the_spot=True)
        _decide(cmd, case, _opened_decision(begun.opened), ruling, organ)
        return cmd.done(Done(case.pk, case.status))


def _ruling(outcome: str, reasons: str, *, on_the_spot: bool = False) -> _Ruling:
    if outcome not in (Case.Outcome.GRANTED, Case.Outcome.REFUSED):
        raise OutcomeMissing(field="outcome")
    if outcome == Case.Outcome.REFUSED and not reasons.strip():
        raise ReasonMissing(field="reasons")
    return _Ruling(outcome, reasons.strip(), on_the_spot)


def _open_decision(known: list[TaskRow]) -> TaskRow:
    task = next((t for t in known if t.step == catalogue.DECIDE and t.status == "open"), None)
    if task is None:
        raise ReviewUnfinished()
    return task


def _opened_decision(opened: Sequence[NewTask]) -> UUID:
    task_id = next((t.task_id for t in opened if t.step == catalogue.DECIDE), None)
    if task_id is None:
        raise ReviewUnfinished()
    return task_id


def _decide(cmd: Command, case: Case, task_id: UUID, ruling: _Ruling, organ: papers.Organ) -> None:
    """
    Close the process, hand the clocks over to delivery, write the decision and ask for its paper, in the name of
    `organ`, whose post decides.
    """
    by, at, outcome = cmd.by, cmd.at, ruling.outcome
    if outcome == Case.Outcome.GRANTED:
        require_still_usable(case, at)
        if owed := gaps.owed_materials(case):
            raise GapOpen(names="、".join(m.name for m in owed))
    process.complete(root_id=case.pk, task_id=task_id, outcome=outcome, data={}, by=by, at=at)
    open_questions.leave(case, at)
    day = legal_day(at)
    clocked = clocks.hand_over(
        root_id=case.pk, clocks=[legal.clock(DELIVERY, case.item_type)], day=day, by=by
    )
    case.due_on = clocked.binding.due_on if clocked.binding else None
    case.status, case.outcome, case.decided_on = Case.Status.DECIDED, outcome, day
    case.save(update_fields={"status", "outcome", "decided_on", "due_on", *ruling.also})
    definition = selectors.definition_of(case)
    number = decision_paper.decision(
        case,
        definition,
        ruling.reasons,
        at,
        organ=organ,
        on_the_spot=ruling.on_the_spot,
    )
    cmd.insert(
        Decision(
            case=case,
            kind=outcome,
            document_number=number,
            reasons=ruling.reasons,
            post_id=by.post_id,
            person_id=by.id,
            at=at,
        )
    )
    cmd.note(outcome=outcome, document_number=number)
    cmd.note_digest(reasons=ruling.reasons)
    cmd.publish(CaseDecided(case.pk, case.number, case.item_code, case.applicant_id, outcome, day))
