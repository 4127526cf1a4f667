"""
One date for the visits (现场核查) of several departments: the lead proposes, each department agrees and names its
officers or says why it can't; agreed on by all, every case gets its own visit on that date and the applicant is told
once.
"""

from collections.abc import Sequence
from uuid import UUID

from mingqu.cases import legal
from mingqu.cases.bundles import rules, selectors
from mingqu.cases.bundles.errors import NothingToVisit, NotVisitingPost, NoVisitProposed
from mingqu.cases.bundles.events import BundleVisitAgreed
from mingqu.cases.bundles.selectors import VisitToMake
from mingqu.cases.bundles.services.course import order
from mingqu.cases.bundles.shared_errors import RecordClosed, TooFewVisitors, VisitorKnown, VisitorSigned
from mingqu.cases.bundles.types import BundleDone, VisitAnswer, VisitDate
from mingqu.cases.errors import ReasonMissing
from mingqu.cases.models import Bundle, BundlePart, JointVisit, JointVisitAnswer
from mingqu.cases.services.standing_aside import require_unbarred
from mingqu.cases.services.visits.planning import check_officers, check_when_and_where
from mingqu.cases.visit_errors import VisitInThePast
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.text import zh_moment

State, Answer = JointVisit.State, JointVisitAnswer.Answer


def propose_visit(*, bundle_id: UUID, date: VisitDate, by: Actor, at: Instant, key: UUID) -> BundleDone:
    """
    Propose one date to every department whose part is still to be visited. A proposal nobody agreed on yet is
    replaced; one that is agreed on counts until this one is.

    Raises NotAuthorised, NothingToVisit (fewer than two departments) or what is wrong with date and place.
    """
    with command("bundle.propose_visit", bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(BundleDone)
        bundle = selectors.bundle_for_update(bundle_id)
        access.require(by, "bundle.propose_visit", bundle)
        asked = selectors.to_visit(selectors.parts_of(bundle))
        allowed = bundle.status in rules.ALLOWED_IN["bundle.propose_visit"]
        if not allowed or len(asked) < selectors.TOGETHER:
            raise NothingToVisit()
        check_when_and_where(date.planned_for, date.place, at)
        JointVisit.objects.filter(bundle=bundle, state=State.PROPOSED).update(state=State.REPLACED)
        made = JointVisit.objects.create(
            bundle=bundle,
            planned_for=date.planned_for,
            place=date.place.strip(),
            note=date.note.strip(),
            proposed_by=by.id,
            proposed_at=at,
        )
        JointVisitAnswer.objects.bulk_create(
            JointVisitAnswer(bundle=bundle, joint_id=made.id, part=one.part.code, post=one.step.post)
            for one in asked
        )
        cmd.note(planned_for=date.planned_for, parts=[one.part.code for one in asked])
        cmd.note_digest(place=made.place)
        return cmd.done(BundleDone(bundle.pk, bundle.status))


def answer_visit(
    *, bundle_id: UUID, part: str, answer: VisitAnswer, by: Actor, at: Instant, key: UUID
) -> BundleDone:
    """
    A department agrees to the proposed date with its officers, or says why it can't come; what it said last counts.
    The last one to agree makes the date the agreed one.

    Raises PartUnknown, NoVisitProposed, NotAuthorised, NotVisitingPost, ReasonMissing, VisitInThePast,
    TwoOfficersNeeded, OfficerUnknown or OfficerBarred.
    """
    with command("bundle.answer_visit", bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(BundleDone)
        bundle = selectors.bundle_for_update(bundle_id)
        rows = selectors.parts_of(bundle)
        row, waiting = selectors.part_of(rows, part), selectors.to_visit(rows)
        own = next((one for one in waiting if one.part.code == row.code), None)
        standing = selectors.standing_visits(bundle)
        asked = ((joint, selectors.answers_to(joint)) for joint in standing)
        found = next(
            ((joint, all_, one) for joint, all_ in asked for one in all_ if _asks(joint, one, part)), None
        )
        if own is None or found is None:  # its part came to review after the proposal, or was taken out
            raise NoVisitProposed()
        joint, answers, given = found
        _require_post(own, by)
        _check_answer(own, joint, answer, at)
        cmd.change(
            given,
            answer=Answer.AGREED if answer.agreed else Answer.DECLINED,
            officer_ids=list(answer.officers) if answer.agreed else [],
            reason="" if answer.agreed else answer.reason.strip(),
            answered_by=by.id,
            answered_post=by.post_id,
            answered_at=at,
        )
        cmd.note(part=row.code, answer=given.answer)
        cmd.note_digest(reason=given.reason, officer_ids=[str(one) for one in given.officer_ids])
        if joint.state == State.AGREED and given.answer == Answer.AGREED:
            _tell_agreed(cmd, bundle, joint, [given.part])
        _conclude(cmd, bundle, waiting, [joint, *(one for one in standing if one is not joint)], answers)
        return cmd.done(BundleDone(bundle.pk, bundle.status))


def _check_answer(own: VisitToMake, joint: JointVisit, answer: VisitAnswer, at: Instant) -> None:
    if not answer.agreed:
        if not answer.reason.strip():
            raise ReasonMissing(field="reason")
        return
    if joint.planned_for <= at:
        raise VisitInThePast(given=zh_moment(joint.planned_for))
    law = legal.bracketed("two_officers", own.case.item_type)
    check_officers(answer.officers, own.part.department_id, legal_day(joint.planned_for), law)
    require_unbarred(own.case, answer.officers)


def _asks(joint: JointVisit, given: JointVisitAnswer, part: str) -> bool:
    """Whether this proposal waits for the part's answer; one added to an agreed date answers once."""
    waits = joint.state == State.PROPOSED or given.answer != Answer.AGREED
    return given.part == part and given.dropped_at is None and waits


def add_visitor(*, bundle_id: UUID, part: str, by: Actor, at: Instant, key: UUID) -> BundleDone:
    """
    加: one more department is asked whether it comes on the date that stands. What is agreed on stays agreed on.

    Raises NotAuthorised, PartUnknown, NoVisitProposed, VisitInThePast, VisitorKnown (asked already, or nothing of it
    is to be visited).
    """
    with command("bundle.add_visitor", bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(BundleDone)
        bundle, rows, (joint, *_others) = _to_change("bundle.add_visitor", bundle_id, by)
        row = selectors.part_of(rows, part)
        if joint.planned_for <= at:
            raise VisitInThePast(given=zh_moment(joint.planned_for))
        own = next((one for one in selectors.to_visit(rows) if one.part.code == part), None)
        given = next((one for one in selectors.answers_to(joint) if one.part == part), None)
        if own is None or (given is not None and given.dropped_at is None):
            raise VisitorKnown(name=row.name)
        asked = given or JointVisitAnswer(bundle=bundle, joint_id=joint.id, part=part, post=own.step.post)
        asked.dropped_at, asked.drop_reason, asked.answer, asked.ordered = None, "", Answer.NONE, False
        asked.officer_ids, asked.reason, asked.signed_at, asked.signed_digest = [], "", None, ""
        asked.save(force_insert=given is None)
        cmd.note(part=part, planned_for=joint.planned_for)
        return cmd.done(BundleDone(bundle.pk, bundle.status))


def drop_visitor(*, bundle_id: UUID, part: str, reason: str, by: Actor, at: Instant, key: UUID) -> BundleDone:
    """
    减: a department is no longer waited for; it visits by itself. The others agree, sign and close without it.

    Raises NotAuthorised, NoVisitProposed, VisitorKnown (not among them), VisitorSigned, TooFewVisitors, RecordClosed
    or ReasonMissing.
    """
    with command("bundle.drop_visitor", bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(BundleDone)
        bundle, rows, standing = _to_change("bundle.drop_visitor", bundle_id, by)
        row = selectors.part_of(rows, part)
        answers = [one for one in selectors.answers_to(standing[0]) if one.dropped_at is None]
        given = next((one for one in answers if one.part == part), None)
        if given is None:
            raise VisitorKnown(name=row.name)
        if not reason.strip():
            raise ReasonMissing(field="reason")
        if given.signed_at is not None:
            raise VisitorSigned(name=row.name)
        if len(answers) <= selectors.TOGETHER:
            raise TooFewVisitors()
        cmd.change(given, dropped_at=at, drop_reason=reason.strip())
        cmd.note(part=part)
        cmd.note_digest(reason=given.drop_reason)
        _conclude(cmd, bundle, selectors.to_visit(rows), standing, answers)
        return cmd.done(BundleDone(bundle.pk, bundle.status))


def _to_change(action: str, bundle_id: UUID, by: Actor) -> tuple[Bundle, list[BundlePart], list[JointVisit]]:
    """
    The bundle, locked, and the dates that stand, first the one to be changed. Raises NotAuthorised, NoVisitProposed,
    RecordClosed.
    """
    bundle = selectors.bundle_for_update(bundle_id)
    access.require(by, action, bundle)
    standing = selectors.standing_visits(bundle)
    if not standing or bundle.status not in rules.ALLOWED_IN[action]:
        raise NoVisitProposed()
    if standing[0].recorded_at is not None:
        raise RecordClosed()
    return bundle, selectors.parts_of(bundle), standing


def _require_post(own: VisitToMake, by: Actor) -> None:
    access.require(by, "bundle.answer_visit", own.case)
    acting = identity.acting_post(by)
    if acting is None or acting.code != own.step.post:
        raise NotVisitingPost(name=own.part.name, post=identity.post_by_code(own.step.post).name)


def conclude(cmd: Command, bundle: Bundle, parts: Sequence[BundlePart]) -> None:
    """
    What follows from the answers: agreed on when every part that is still to be visited agreed; each case whose step is
    open is told to make its visit, the others when their step opens. Safe to repeat.
    """
    standing = selectors.standing_visits(bundle)
    if standing and standing[0].planned_for > cmd.at:
        _conclude(cmd, bundle, selectors.to_visit(parts), standing, selectors.answers_to(standing[0]))


def _conclude(
    cmd: Command,
    bundle: Bundle,
    to_visit: Sequence[VisitToMake],
    standing: Sequence[JointVisit],
    given: Sequence[JointVisitAnswer],
) -> None:
    joint, *before = standing
    if joint.planned_for <= cmd.at:
        return
    waiting = {one.part.code: one for one in to_visit}
    answers = [one for one in given if one.part in waiting and one.dropped_at is None]
    if joint.state == State.PROPOSED:
        if not answers or any(one.answer != Answer.AGREED for one in answers):
            return
        for one in before:
            cmd.change(one, state=State.REPLACED)
        cmd.change(joint, state=State.AGREED, agreed_at=cmd.at)
        _tell_agreed(cmd, bundle, joint, [one.part for one in answers])
    agreed = [one for one in answers if one.answer == Answer.AGREED and not one.ordered]
    for one in agreed:
        if waiting[one.part].task_id is None:
            continue
        assert one.answered_by is not None  # it agreed
        cmd.change(one, ordered=True)
        who = Actor("staff", one.answered_by, post_id=one.answered_post)
        order(cmd, bundle, waiting[one.part].part, "visit", who)


def _tell_agreed(cmd: Command, bundle: Bundle, joint: JointVisit, parts: list[str]) -> None:
    whose = (bundle.pk, bundle.number, bundle.applicant_id)
    cmd.publish(BundleVisitAgreed(*whose, joint.id, joint.planned_for, parts))
