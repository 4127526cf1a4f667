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
from mingqu.cases.models import Case, Decision, Discretion
from mingqu.cases.services import acceptance, claims, discretion, gaps, open_questions
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
from mingqu.process.errors import TaskHeld
from mingqu.process.types import NewTask, TaskRow


@dataclass(frozen=True)
class Ruling:
    """What is decided, why, and whether it was accepted in the same command."""

    outcome: str
    reasons: str = field(repr=False)
    on_the_spot: bool = False

    @property
    def also(self) -> Sequence[str]:
        """Columns of the case that are to be saved with the decision."""
        return acceptance.BEGUN if self.on_the_spot else ()


@dataclass(frozen=True)
class Decider:
    """
    In whose name it is decided, and by whom: the second person of a 裁量 outside its range decides for the first.
    `used`: what was set by the 裁量基准.
    """

    organ: papers.Organ
    post_id: UUID | None
    person_id: UUID
    used: Sequence[Discretion] = ()


def decide_case(*, case_id: UUID, outcome: str, reasons: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    Decide an application all of whose steps are done; the ten days for delivery start (行政许可法 44).

    `outcome` is granted or refused. A refusal gives its reasons; the remedies are added by the paper
    (38). Nothing is granted while a material is owed; a refusal may rest on that it did not come.
    Raises NotAuthorised, NotInReview, SuspendedNow (行政许可法 45), ReviewUnfinished, SamePerson, GapOpen,
    OutcomeMissing or ReasonMissing.
    """
    return decide_with(case_id=case_id, choice=discretion.Choice(outcome, reasons), by=by, at=at, key=key)


def decide_with(*, case_id: UUID, choice: discretion.Choice, by: Actor, at: Instant, key: UUID) -> Done:
    """
    The same with what the 裁量基准 of the item asks for. Outside its range nothing is decided: it waits for the second
    person, and the status that comes back is still that of the review.

    Raises what `decide_case` does, and DiscretionMissing, DiscretionUnexplained, DiscretionWaits,
    DiscretionSubordinate.
    """
    with command("case.decide", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.decide", case)
        if case.status not in rules.ALLOWED_IN["case.decide"]:
            raise NotInReview()
        require_running(case)
        ruling = _ruling(choice.outcome, choice.reasons)
        known = tasks.all_tasks(case_id)
        task = open_decision(known)
        organ = require_own(task, by)
        claims.require_free(task, by, at)
        require_another_person(case, known, by, task.name)
        open_questions.require_answered(case, task.step)
        used = discretion.used(cmd, case, task.task_id, choice, organ)
        if any(row.state == discretion.State.WAITING for row in used):
            if task.held:
                raise TaskHeld()
            _require_grantable(case, ruling.outcome, at)
            discretion.ask(cmd, case, used, ruling.reasons)
            return cmd.done(Done(case.pk, case.status))
        if used:
            discretion.keep(cmd, used, legal_day(at))
        decide(cmd, case, task.task_id, ruling, Decider(organ, by.post_id, by.id, used))
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
        decide(cmd, case, _opened_decision(begun.opened), ruling, Decider(organ, by.post_id, by.id))
        return cmd.done(Done(case.pk, case.status))


def _ruling(outcome: str, reasons: str, *, on_the_spot: bool = False) -> Ruling:
    if outcome not in (Case.Outcome.GRANTED, Case.Outcome.REFUSED):
        raise OutcomeMissing(field="outcome")
    if outcome == Case.Outcome.REFUSED and not reasons.strip():
        raise ReasonMissing(field="reasons")
    return Ruling(outcome, reasons.strip(), on_the_spot)


def open_decision(known: list[TaskRow]) -> TaskRow:
    task = next((t for t in known if t.step == catalogue.DECIDE and t.status == "open"), None)
    if task is None:
        raise ReviewUnfinished()
    return task


def _opened_decision(opened: Sequence[NewTask]) -> UUID:
    task_id = next((t.task_id for t in opened if t.step == catalogue.DECIDE), None)
    if task_id is None:
        raise ReviewUnfinished()
    return task_id


def _require_grantable(case: Case, outcome: str, at: Instant) -> None:
    """No grant on a certificate that is gone, or while a material is owed. Raises CertificateUnusable, GapOpen."""
    if outcome == Case.Outcome.GRANTED:
        require_still_usable(case, at)
        if owed := gaps.owed_materials(case):
            raise GapOpen(names="、".join(m.name for m in owed))


def decide(cmd: Command, case: Case, task_id: UUID, ruling: Ruling, who: Decider) -> None:
    """
    Close the process, hand the clocks over to delivery, write the decision and ask for its paper, in the name of the
    organ whose post decides.
    """
    by, at, outcome = cmd.by, cmd.at, ruling.outcome
    _require_grantable(case, outcome, at)
    process.complete(root_id=case.pk, task_id=task_id, outcome=outcome, data={}, by=by, at=at)
    open_questions.leave(case, at)
    day = legal_day(at)
    clocked = clocks.hand_over(
        root_id=case.pk, clocks=[legal.clock(DELIVERY, case.item_type)], day=day, by=by
    )
    due_on = clocked.binding.due_on if clocked.binding else None
    now = {"status": Case.Status.DECIDED, "outcome": outcome, "decided_on": day, "due_on": due_on}
    cmd.change(case, **{name: getattr(case, name) for name in ruling.also} | now)
    definition = selectors.definition_of(case)
    number = decision_paper.decision(
        case,
        definition,
        ruling.reasons,
        at,
        organ=who.organ,
        used=who.used,
        on_the_spot=ruling.on_the_spot,
    )
    cmd.insert(
        Decision(
            case=case,
            kind=outcome,
            document_number=number,
            reasons=ruling.reasons,
            post_id=who.post_id,
            person_id=who.person_id,
            at=at,
        )
    )
    cmd.note(outcome=outcome, document_number=number)
    cmd.note_digest(reasons=ruling.reasons)
    cmd.publish(CaseDecided(case.pk, case.number, case.item_code, case.applicant_id, outcome, day))
