"""Withdraw, deliver, archive."""

from uuid import UUID

from mingqu.cases import rules, selectors
from mingqu.cases.errors import AlreadyEnded, NotDecided, NotDelivered
from mingqu.cases.events import CaseArchived, CaseDelivered, CaseWithdrawn
from mingqu.cases.models import Case
from mingqu.cases.types import Done
from mingqu.clocks import services as clocks
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process import services as process


def withdraw_case(*, case_id: UUID, by: Actor, at: Instant, key: UUID) -> Done:
    """The applicant takes the application back before a decision (撤回申请). Raises AlreadyEnded."""
    with command("case.withdraw", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.withdraw", case)
        if case.status not in rules.ALLOWED_IN["case.withdraw"]:
            raise AlreadyEnded()
        if case.instance_id and case.status == Case.Status.ACCEPTED:
            process.terminate(root_id=case_id, instance_id=case.instance_id, reason="withdrawn", by=by, at=at)
        day = legal_day(at)
        clocks.stop(root_id=case_id, by=by)
        case.status, case.due_on = Case.Status.WITHDRAWN, None
        case.save(update_fields=["status", "due_on"])
        cmd.publish(CaseWithdrawn(case.pk, case.number, case.item_code, case.applicant_id, day))
        return cmd.done(Done(case.pk, case.status))


def deliver_case(*, case_id: UUID, by: Actor, at: Instant, key: UUID) -> Done:
    """
    The decision reached the applicant (送达). Electronic papers count as delivered when they stand in the
    applicant's space; the system calls this then. 国务院令第716号 9 and 10 make them valid, and by
    电子签名法 11 what enters the system the receiver named has been received; that this space is that
    system, and that the applicant agreed to it, is our reading. Raises NotDecided.
    """
    with command("case.deliver", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.deliver", case)
        if case.status not in rules.ALLOWED_IN["case.deliver"]:
            raise NotDecided()
        day = legal_day(at)
        clocks.stop(root_id=case_id, by=by)
        case.status, case.delivered_on, case.due_on = Case.Status.DELIVERED, day, None
        case.save(update_fields=["status", "delivered_on", "due_on"])
        cmd.publish(CaseDelivered(case.pk, case.number, case.item_code, case.applicant_id, case.outcome, day))
        return cmd.done(Done(case.pk, case.status))


def archive_case(*, case_id: UUID, by: Actor, at: Instant, key: UUID) -> Done:
    """Close the file (归档): delivered, not accepted or withdrawn. Raises NotDelivered."""
    with command("case.archive", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.archive", case)
        if case.status not in rules.ALLOWED_IN["case.archive"]:
            raise NotDelivered()
        day = legal_day(at)
        case.status, case.archived_on = Case.Status.ARCHIVED, day
        case.save(update_fields=["status", "archived_on"])
        cmd.publish(CaseArchived(case.pk, case.number, case.item_code, case.applicant_id, day))
        return cmd.done(Done(case.pk, case.status))
