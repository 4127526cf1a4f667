"""
复核: a bad rating that should not count, as who gave it says (误评) or the rated organ (误评, 恶意差评).

Until another person agrees the rating counts and its following up goes on; its days do not wait. Who rated stays
hidden: her saying so has the follow-up as its root, which no officer of the case reads.
"""

from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.cases.errors import CaseUnknown
from mingqu.evaluation import rules, selectors
from mingqu.evaluation.errors import (
    FollowUpChoiceUnknown,
    FollowUpConcernsYou,
    FollowUpMoved,
    FollowUpUnknown,
    ReviewByAnother,
    ReviewOnce,
    ReviewOver,
    ReviewUnknown,
)
from mingqu.evaluation.events import RatingExcluded, ReviewRefused
from mingqu.evaluation.models import FollowUp, Review
from mingqu.identity.services import access
from mingqu.kernel import second_person
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.voice import selectors as voice

Side, Answer, Finding = Review.Side, Review.Answer, FollowUp.Finding


def say_mistaken(*, case_id: UUID, contact: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    Who rated says that she pressed the wrong level. Nobody who has but the query code can: whoever printed the receipt
    knows it, too.

    Raises CaseUnknown (also for somebody else's), FollowUpUnknown, FollowUpMoved, ReviewOnce, ReviewOver, DeedAsked.
    """
    case = cases.case_visible_to_id(by, case_id)
    if not access.allows(by, "evaluation.say_mistaken", case):
        raise CaseUnknown()
    follow_id = selectors.follow_up_of(case_id, contact)
    with command("evaluation.say_mistaken", follow_id, by=by, at=at, key=key) as cmd:
        row = selectors.follow_up_for_update(follow_id)
        if not cmd.repeated:
            _ask(cmd, row, Review(side=Side.RATER, ground=Finding.MISTAKEN), "mistaken")


def ask_review(
    *, follow_id: UUID, ground: str, text: str, evidence: str, by: Actor, at: Instant, key: UUID
) -> None:
    """
    The rated organ asks, with reasons and evidence, within its days.

    Raises FollowUpUnknown, FollowUpChoiceUnknown, FollowUpWordsMissing, FollowUpMoved, ReviewOnce, ReviewOver or
    DeedAsked, where the office is about to leave it out anyway.
    """
    said, shown = rules.check_words(text), rules.check_words(evidence, field="evidence")
    if ground not in rules.EXCLUDING:
        raise FollowUpChoiceUnknown(field="ground")
    with command("evaluation.ask_review", follow_id, by=by, at=at, key=key) as cmd:
        row = selectors.follow_up_for_update(follow_id)
        if not access.allows(by, "evaluation.ask_review", row):
            raise FollowUpUnknown()
        if not cmd.repeated:
            asked = Review(side=Side.ORGAN, ground=ground, text=said, evidence=shown, asked_by=by.id)
            _ask(cmd, row, asked, "asking")


def answer_review(
    *, follow_id: UUID, side: str, accept: bool, text: str, by: Actor, at: Instant, key: UUID
) -> None:
    """
    Another person than who asked, verified (also in vain) or had a hand in the case. Accepted: it leaves the figures,
    kept and listed. Refused: it counts, and the reason is told to who asked.

    Raises FollowUpUnknown, FollowUpConcernsYou, FollowUpWordsMissing, ReviewUnknown or ReviewByAnother.
    """
    said = rules.check_words(text)
    with command("evaluation.answer_review", follow_id, by=by, at=at, key=key) as cmd:
        row = selectors.follow_up_for_update(follow_id)
        if not access.allows(by, "evaluation.answer_review", row):
            raise FollowUpUnknown()
        if voice.concerned(by, [row.case_id]):
            raise FollowUpConcernsYou()
        if cmd.repeated:
            return
        review = Review.objects.filter(root_id=follow_id, side=side, answer=Answer.WAITING).first()
        if review is None:
            raise ReviewUnknown()
        if by.id in selectors.took_a_side(row, [review]):
            raise ReviewByAnother()
        _answer(cmd, row, review, said, accept=accept)


def _ask(cmd: Command, row: FollowUp, review: Review, limit: str) -> None:
    if row.state not in rules.REVIEWED_IN:
        raise FollowUpMoved()
    if Review.objects.filter(root_id=row.pk, side=review.side).exists():
        raise ReviewOnce()
    today, until = legal_day(cmd.at), selectors.last_day(row.rated_on, limit)
    if today > until:
        raise ReviewOver(until=f"{until.year}年{until.month}月{until.day}日")
    if second_person.waiting([selectors.EXCLUDE], row.pk):
        raise second_person.DeedAsked()
    review.root_id, review.asked_on = row.pk, today
    review.department_id, review.region_code, review.item_type = (
        row.department_id,
        row.region_code,
        row.item_type,
    )
    review.due_on = selectors.due_after(today, "reviewing")
    review.save(force_insert=True)
    cmd.note(side=review.side, ground=review.ground, due_on=review.due_on)
    cmd.note_digest(text=review.text, evidence=review.evidence)
    cmd.done(None)


def _answer(cmd: Command, row: FollowUp, review: Review, said: str, *, accept: bool) -> None:
    today = legal_day(cmd.at)
    review.answer = Answer.ACCEPTED if accept else Answer.REFUSED
    review.answer_text, review.answered_on, review.answered_by = said, today, cmd.by.id
    review.save()
    cmd.note(side=review.side, ground=review.ground, accept=accept, late=today > review.due_on)
    cmd.note_digest(text=said)
    if accept:
        # What the other side asked is answered with it: the rating counts no more.
        Review.objects.filter(root_id=row.pk, answer=Answer.WAITING).update(
            answer=Answer.ACCEPTED, answered_on=today, answered_by=cmd.by.id
        )
        row.state, row.finding = FollowUp.State.EXCLUDED, review.ground
        row.save(update_fields=["state", "finding"])
        cmd.publish(RatingExcluded(row.pk, row.item_code, row.department_id, row.level, row.rated_on))
    else:
        cmd.publish(ReviewRefused(row.pk, review.side, review.ground))
    cmd.done(None)
