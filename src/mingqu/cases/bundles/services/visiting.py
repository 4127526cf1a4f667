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
        joint = next((one for one in standing if one.state == State.PROPOSED), None)
        if own is None or joint is None:
            raise NoVisitProposed()
        answers = selectors.answers_to(joint)
        given = next((one for one in answers if one.part == part), None)
        if given is None:  # its part came to review after the proposal
            raise NoVisitProposed()
        _require_post(own, by)
        if answer.agreed:
            if joint.planned_for <= at:
                raise VisitInThePast(given=zh_moment(joint.planned_for))
            law = legal.bracketed("two_officers", own.case.item_type)
            check_officers(answer.officers, row.department_id, legal_day(joint.planned_for), law)
            require_unbarred(own.case, answer.officers)
        elif not answer.reason.strip():
            raise ReasonMissing(field="reason")
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
        _conclude(cmd, bundle, waiting, standing, answers)
        return cmd.done(BundleDone(bundle.pk, bundle.status))


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
    answers = [one for one in given if one.part in waiting]
    if joint.state == State.PROPOSED:
        if not answers or any(one.answer != Answer.AGREED for one in answers):
            return
        for one in before:
            cmd.change(one, state=State.REPLACED)
        cmd.change(joint, state=State.AGREED, agreed_at=cmd.at)
        coming = [one.part for one in answers]
        cmd.publish(
            BundleVisitAgreed(
                bundle.pk, bundle.number, bundle.applicant_id, joint.id, joint.planned_for, coming
            )
        )
    ready = [one for one in answers if not one.ordered and waiting[one.part].task_id is not None]
    for one in ready:
        assert one.answered_by is not None  # it agreed
        cmd.change(one, ordered=True)
        who = Actor("staff", one.answered_by, post_id=one.answered_post)
        order(cmd, bundle, waiting[one.part].part, "visit", who)
