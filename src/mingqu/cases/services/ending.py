"""Withdraw, terminate, deliver, archive."""

from uuid import UUID

from mingqu.cases import papers, rules, selectors
from mingqu.cases.errors import AlreadyEnded, NotDelivered, NotTerminable, PapersUnserved, ReasonMissing
from mingqu.cases.events import CaseArchived, CaseTerminated, CaseWithdrawn
from mingqu.cases.models import Case, Decision
from mingqu.cases.services import discretion, open_questions
from mingqu.cases.services.review import void_visits
from mingqu.cases.types import Done
from mingqu.clocks import services as clocks
from mingqu.documents import selectors as documents
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.notifications import selectors as notifications
from mingqu.process import services as process


def withdraw_case(*, case_id: UUID, by: Actor, at: Instant, key: UUID) -> Done:
    """
    The applicant takes the application back before a decision (撤回申请): also while a special procedure goes on, a
    material is owed or a visit is planned, all of which ends with it. Raises AlreadyEnded.
    """
    with command("case.withdraw", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.withdraw", case)
        if case.status not in rules.ALLOWED_IN["case.withdraw"]:
            raise AlreadyEnded()
        break_off(case, Case.Status.WITHDRAWN, by=by, at=at)
        cmd.publish(CaseWithdrawn(case.pk, case.number, case.item_code, case.applicant_id, legal_day(at)))
        return cmd.done(Done(case.pk, case.status))


def terminate_case(*, case_id: UUID, reason: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    终止办理 before a decision: there is nothing left to decide on, because the applicant died, the firm ended or the
    object is gone. With its reason, a paper and the remedies. A case that can be decided is decided, never ended so:
    who has a right to an answer gets one (行政许可法 37).

    Raises NotAuthorised, NotTerminable or ReasonMissing.
    """
    with command("case.terminate", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.terminate", case)
        if case.status not in rules.ALLOWED_IN["case.terminate"]:
            raise NotTerminable()
        if not reason.strip():
            raise ReasonMissing(field="reason")
        break_off(case, Case.Status.TERMINATED, by=by, at=at)
        number = papers.termination_notice(case, selectors.definition_of(case), reason.strip(), at)
        cmd.insert(
            Decision(
                case=case,
                kind=Decision.Kind.TERMINATED,
                document_number=number,
                reasons=reason.strip(),
                post_id=by.post_id,
                person_id=by.id,
                at=at,
            )
        )
        cmd.note(document_number=number)
        cmd.note_digest(reason=reason.strip())
        cmd.publish(CaseTerminated(case.pk, case.number, case.item_code, case.applicant_id, legal_day(at)))
        return cmd.done(Done(case.pk, case.status))


def break_off(case: Case, status: str, *, by: Actor, at: Instant) -> None:
    """End what runs for a case that ends without the decision its process leads to: steps, visits, clocks, labels."""
    if case.instance_id and case.status == Case.Status.ACCEPTED:
        process.terminate(root_id=case.pk, instance_id=case.instance_id, reason=status, by=by, at=at)
        void_visits(case.pk)
        open_questions.leave(case, at)
        discretion.leave(case, at)
    clocks.stop(root_id=case.pk, by=by)
    case.status, case.due_on = status, None
    case.suspended_since, case.suspended_ground, case.returned_inside = None, "", False
    case.suspended_until = None
    labels = ["suspended_since", "suspended_ground", "suspended_until", "returned_inside"]
    case.save(update_fields=["status", "due_on", *labels])


def archive_case(*, case_id: UUID, by: Actor, at: Instant, key: UUID) -> Done:
    """
    Close the file (归档): delivered, or ended without a decision. Raises NotDelivered, PapersUnserved: how each notice
    reached the applicant belongs into the file, or why nobody can say it.
    """
    with command("case.archive", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.archive", case)
        if case.status not in rules.ALLOWED_IN["case.archive"]:
            raise NotDelivered()
        if waiting := notifications.unserved_of(case_id):
            raise PapersUnserved(papers="、".join(documents.title_of(one.paper) for one in waiting))
        day = legal_day(at)
        case.status, case.archived_on = Case.Status.ARCHIVED, day
        case.save(update_fields=["status", "archived_on"])
        cmd.publish(CaseArchived(case.pk, case.number, case.item_code, case.applicant_id, day))
        return cmd.done(Done(case.pk, case.status))
