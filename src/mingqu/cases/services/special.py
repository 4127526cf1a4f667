"""
What stops or lengthens the time for a decision: 特别程序 (行政许可法 45) and 延期 (42).

The state of the case stays what it is; only its clocks change, and labels say so to people.
"""

from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases import legal, papers, rules, selectors
from mingqu.cases.errors import (
    ExpectedDayMissing,
    GroundNotListed,
    NotInReview,
    NotSuspended,
    PauseTooLate,
    ReasonMissing,
    SuspendedNow,
)
from mingqu.cases.events import CaseExtended, CaseResumed, CaseSuspended, SuspensionLasts
from mingqu.cases.models import Case
from mingqu.cases.running_on import steps_run_on
from mingqu.cases.types import Acceptance, Done
from mingqu.catalogue.types import Definition, Extension
from mingqu.clocks import selectors as clock_selectors
from mingqu.clocks import services as clocks
from mingqu.clocks.errors import ExtensionNotAllowed, WrongApprover
from mingqu.clocks.types import (
    GROUNDS,
    PAYMENT,
    SPECIAL_PROCEDURES,
    Approver,
    Article,
    ClockKey,
    ExtensionOrder,
    Kind,
    PauseOrder,
    Unit,
)
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant

STANDING = ("suspended_since", "suspended_ground", "suspended_until", "suspension_told")
WATCH = Actor.system("suspensions")
LOOKED_AT = "case.look_at_suspension"  # it ended, or was put off, meanwhile
STATUTORY, PROMISED = ClockKey(Kind.STATUTORY), ClockKey(Kind.PROMISED)


def pause_case(
    *,
    case_id: UUID,
    ground: str,
    expected_until: date | None,
    reason: str,
    by: Actor,
    at: Instant,
    key: UUID,
) -> Done:
    """
    进入特别程序: a hearing, tender, auction, inspection, test, quarantine, appraisal or expert review that the
    decision needs by law; its time is not counted, and the applicant is told in writing how long it takes
    (行政许可法 45). The notice (特别程序告知书) is the proof of the pause. Work inside may go on; deciding waits.

    Raises NotAuthorised, NotInReview, SuspendedNow, GroundNotListed (the definition does not name it; a visit, a
    repair, another's opinion never are one), ExpectedDayMissing, ReasonMissing or PauseTooLate.
    """
    with command("case.pause", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.pause", case)
        _require_in_review(case, "case.pause")
        require_running(case)
        day = legal_day(at)
        if (
            ground not in SPECIAL_PROCEDURES
            or ground not in selectors.definition_of(case).clocks.statutory.pauses
        ):
            raise GroundNotListed(field="ground", law=legal.bracketed("special", case.item_type))
        if expected_until is None or expected_until < day:
            law = legal.bracketed("special", case.item_type)
            raise ExpectedDayMissing(field="expected_until", law=law)
        if not reason.strip():
            raise ReasonMissing(field="reason")
        statutory_on = clock_selectors.due_on(case_id, Kind.STATUTORY)
        if statutory_on is not None and day > statutory_on:
            raise PauseTooLate(law=legal.bracketed("special", case.item_type))
        number = papers.special_procedure_notice(case, ground, expected_until, reason.strip(), at)
        case.due_on = clocks.pause(root_id=case_id, order=PauseOrder(ground, number, expected_until), by=by)
        case.suspended_since, case.suspended_ground = day, ground
        case.suspended_until, case.suspension_told = expected_until, False
        case.save(update_fields=["due_on", *STANDING])
        cmd.note(ground=ground, expected_until=expected_until, document_number=number)
        cmd.note_digest(reason=reason.strip())
        about = (case.pk, case.number, case.item_code, case.applicant_id)
        cmd.publish(CaseSuspended(*about, ground, day, expected_until))
        return cmd.done(Done(case.pk, case.status))


def resume_case(*, case_id: UUID, reason: str, by: Actor, at: Instant, key: UUID) -> Acceptance:
    """
    特别程序结束: the clocks run on from today, and the applicant is told the new last day (行政许可法 45).

    Raises NotAuthorised, NotInReview or NotSuspended.
    """
    with command("case.resume", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Acceptance)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.resume", case)
        _require_in_review(case, "case.resume")
        if case.suspended_since is None or case.suspended_ground == PAYMENT:  # which the payment alone ends
            raise NotSuspended()
        ground, since = case.suspended_ground, case.suspended_since
        case.due_on = clocks.resume(root_id=case_id, by=by)
        steps_run_on(case_id, since, legal_day(at))
        case.suspended_since, case.suspended_ground, case.suspended_until = None, "", None
        case.save(update_fields=["due_on", *STANDING])
        assert case.due_on is not None and case.accepted_on is not None
        cmd.note(ground=ground, since=since, due_on=case.due_on)
        cmd.note_digest(reason=reason.strip())
        about = (case.pk, case.number, case.item_code, case.applicant_id)
        cmd.publish(CaseResumed(*about, legal_day(at), case.due_on))
        return cmd.done(Acceptance(case.pk, case.accepted_on, case.due_on))


def expect_later(
    *, case_id: UUID, expected_until: date | None, reason: str, by: Actor, at: Instant, key: UUID
) -> Done:
    """
    特别程序 takes longer than was told: until when, and why, is told in writing once more (行政许可法 45). The
    clocks stand still as before; the day it is put off to is written down.

    Raises NotAuthorised, NotInReview, NotSuspended, ExpectedDayMissing (not later than today and than what was told)
    or ReasonMissing.
    """
    with command("case.expect_later", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.expect_later", case)
        _require_in_review(case, "case.expect_later")
        before, ground = case.suspended_until, case.suspended_ground
        if case.suspended_since is None or ground == PAYMENT:
            raise NotSuspended()
        if (
            expected_until is None
            or expected_until < max(legal_day(at), before or legal_day(at))
            or (expected_until == before)
        ):
            law = legal.bracketed("special", case.item_type)
            raise ExpectedDayMissing(field="expected_until", law=law)
        if not reason.strip():
            raise ReasonMissing(field="reason")
        number = papers.special_procedure_notice(case, ground, expected_until, reason.strip(), at)
        case.suspended_until, case.suspension_told = expected_until, False
        case.save(update_fields=["suspended_until", "suspension_told"])
        cmd.note(ground=ground, was=before, expected_until=expected_until, document_number=number)
        cmd.note_digest(reason=reason.strip())
        about = (case.pk, case.number, case.item_code, case.applicant_id)
        cmd.publish(SuspensionLasts(*about, ground, expected_until, put_off=True))
        return cmd.done(Done(case.pk, case.status))


def tell_it_lasts(*, case_id: UUID, at: Instant) -> None:
    """
    The day by which a special procedure was to be over has passed: whoever handles the case is told, once for each
    day that was told. Nothing else follows by itself.
    """
    case = Case.objects.only("suspended_until").get(pk=case_id)
    key = uuid5(NAMESPACE_URL, f"mingqu:suspension:{case_id}:{case.suspended_until}")
    with command("case.tell_it_lasts", case_id, by=WATCH, at=at, key=CommandKey(key)) as cmd:
        if cmd.repeated:
            return
        case = selectors.case_for_update(case_id)
        until = case.suspended_until
        if case.suspended_since is None or until is None or until >= legal_day(at) or case.suspension_told:
            cmd.turns_out(LOOKED_AT)
            return
        case.suspension_told = True
        case.save(update_fields=["suspension_told"])
        cmd.note(ground=case.suspended_ground, expected_until=until)
        about = (case.pk, case.number, case.item_code, case.applicant_id)
        cmd.publish(SuspensionLasts(*about, case.suspended_ground, until, put_off=False))
        cmd.done(None)


def extend_case(*, case_id: UUID, limit: int, reason: str, by: Actor, at: Instant, key: UUID) -> Acceptance:
    """
    延期, once, before the last day has passed: at most what the definition's rule allows, ten working days by the
    head of the organ or, for what is handled jointly, fifteen by the head of the government; the applicant is told
    the reason (行政许可法 42).

    42 lengthens the period the law gives. The promise is the organ's own word to the applicant: it moves only where the
    definition says so, at most by what it says, and never once it is broken. So `due_on` may stay where it was.
    Raises NotAuthorised, NotInReview, SuspendedNow, ReasonMissing, or the clock's refusals.
    """
    with command("case.extend", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Acceptance)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.extend", case)
        _require_in_review(case, "case.extend")
        require_running(case)
        if not reason.strip():
            raise ReasonMissing(field="reason")
        definition = selectors.definition_of(case)
        rule = definition.clocks.statutory.extension
        if rule is None:
            raise ExtensionNotAllowed()
        approver = _approver(case, rule, by)
        number = papers.next_number(case.department, "extension_notice", at)
        before = clock_selectors.due_on(case_id, Kind.STATUTORY)
        # The ledger is in the clear; the reason may be personal, so it stands in the notice only.
        order = ExtensionOrder(limit, approver, f"写在延期告知书（{number}）里")
        case.due_on = clocks.extend(root_id=case_id, order=order, by=by, key=STATUTORY)
        if promised_on := _extend_promise(case, definition, order, cmd):
            case.due_on = clock_selectors.due_on(case_id)
        after = clock_selectors.due_on(case_id, Kind.STATUTORY)
        case.extended_on = legal_day(at)
        case.save(update_fields=["due_on", "extended_on"])
        assert case.due_on is not None and case.accepted_on is not None and after is not None
        longer = papers.Longer(
            number, _basis(rule), approver.text, _quantity(definition, limit), before, after, promised_on
        )
        papers.extension_notice(case, longer, reason.strip(), at)
        cmd.note(limit=limit, approver=approver.value, statutory_on=after, document_number=number)
        cmd.note_digest(reason=reason.strip())
        about = (case.pk, case.number, case.item_code, case.applicant_id)
        cmd.publish(CaseExtended(*about, legal_day(at), after))
        return cmd.done(Acceptance(case.pk, case.accepted_on, case.due_on))


def require_running(case: Case) -> None:
    """Raises SuspendedNow while a special procedure goes on."""
    if case.suspended_since is not None:
        law = legal.bracketed("special", case.item_type)
        raise SuspendedNow(ground=GROUNDS[case.suspended_ground].text, law=law)


def _require_in_review(case: Case, action: str) -> None:
    if case.status not in rules.ALLOWED_IN[action]:
        raise NotInReview()


def _approver(case: Case, rule: Extension, by: Actor) -> Approver:
    """
    Who approves, which `case.extend` and the rule say together: the head of the organ acts within it; the head of the
    government (42, second paragraph) is of no department that handles the case. Raises WrongApprover.
    """
    approver = Approver(rule.approver)
    if approver is Approver.GOVERNMENT_HEAD:
        assert by.post_id is not None
        if identity.is_below(by.post_id, case.department_id):
            raise WrongApprover(approver=approver.text, article=_basis(rule))
    return approver


def _extend_promise(case: Case, definition: Definition, order: ExtensionOrder, cmd: Command) -> date | None:
    """The promised last day after it was lengthened too; None where it was not."""
    rule = definition.clocks.promised.extension
    day, promised_on = legal_day(cmd.at), clock_selectors.due_on(case.pk, Kind.PROMISED)
    if rule is None or promised_on is None or promised_on < day:
        return None
    more = ExtensionOrder(min(order.limit, rule.limit), Approver(rule.approver), order.reason)
    clocks.extend(root_id=case.pk, order=more, by=cmd.by, key=PROMISED)
    return clock_selectors.due_on(case.pk, Kind.PROMISED)


def _basis(rule: Extension) -> str:
    """行政许可法 42 with its paragraph; another law as the definition names it."""
    paragraph = 0
    if rule.law.endswith("行政许可法") and rule.article == 42:
        paragraph = 2 if rule.approver == Approver.GOVERNMENT_HEAD else 1
    return clock_selectors.article_text(Article(rule.law, rule.article, paragraph))


def _quantity(definition: Definition, limit: int) -> str:
    return f"{limit}{Unit(definition.clocks.statutory.unit).text}"
