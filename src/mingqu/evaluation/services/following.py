"""
After a bad rating: 核实 → 整改 → 回访 → 公开 (国办发〔2019〕51号 as public summaries have it: 实名差评回访整改 100%).

The evaluation office verifies, calls and publishes; the organ that was rated puts right and never learns who it was.
误评 and 恶意差评 leave the figures only when a second officer agrees.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID, uuid5

from mingqu.cases import selectors as cases
from mingqu.evaluation import rules, selectors
from mingqu.evaluation.errors import (
    FollowUpChoiceUnknown,
    FollowUpConcernsYou,
    FollowUpMoved,
    FollowUpUnknown,
    ReviewWaits,
)
from mingqu.evaluation.events import AnswerPublished, CaseRated, RatingExcluded
from mingqu.evaluation.models import FollowUp, FollowUpNumber, Rating, Review
from mingqu.evaluation.types import Rater
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel import second_person
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.numbers import next_number
from mingqu.kernel.types import Actor, Instant
from mingqu.voice import selectors as voice

OFFICE = Actor.system("evaluation-office")
EXCLUDE = selectors.EXCLUDE
State, Finding, Call = FollowUp.State, FollowUp.Finding, FollowUp.Call


def open_follow_up(event: CaseRated, *, at: Instant) -> None:
    """Every bad rating gets one, whoever gave it; called for each rating as it is told, once."""
    if not selectors.is_bad(event.level):
        return
    contact = rules.contact_told(event.contact, event.channel)
    follow_id = uuid5(event.root_id, f"bad rating:{rules.follow_name(contact)}")
    with command("evaluation.open_follow_up", follow_id, by=OFFICE, at=at, key=follow_id) as cmd:
        if cmd.repeated:
            return
        rating = Rating.objects.get(root_id=event.root_id, contact=contact)
        serial = next_number("bad rating", rating.region_code[:6], f"{event.rated_on:%Y%m%d}")
        row = FollowUp(
            id=follow_id,
            number=rules.number_of(rating.region_code, f"{event.rated_on:%Y%m%d}", serial),
            case_id=event.root_id,
            channel=event.channel,
            contact=contact,
            item_code=rating.item_code,
            department_id=rating.department_id,
            region_code=rating.region_code,
            item_type=rating.item_type,
            level=rating.level,
            rated_on=rating.rated_on,
            due_on=selectors.due_after(legal_day(at), State.VERIFYING),
        )
        row.save(force_insert=True)
        FollowUpNumber(number=row.number, follow_up_id=follow_id).save(force_insert=True)
        cmd.note(number=row.number, due_on=row.due_on)
        cmd.done(None)


def verify(*, follow_id: UUID, finding: str, text: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    核实: true, or 误评 or 恶意差评, which another officer has to agree to; until then it counts as any other.

    Raises FollowUpUnknown, FollowUpMoved, FollowUpConcernsYou, FollowUpWordsMissing, FollowUpChoiceUnknown, DeedAsked
    or ReviewWaits, where another person is asked the same.
    """
    said = rules.check_words(text)
    if finding not in Finding.values:
        raise FollowUpChoiceUnknown(field="finding")
    with _step("evaluation.verify", follow_id, State.VERIFYING, by, at, key) as (cmd, row):
        if row is None:
            return
        if second_person.waiting([EXCLUDE], follow_id):  # somebody asked a moment ago: answered first
            raise second_person.DeedAsked()
        if finding in rules.EXCLUDING:
            _require_no_review(row)
            second_person.ask(EXCLUDE, follow_id, reason=str(Finding(finding).label), by=by, at=at)
        else:
            _move(row, State.RECTIFYING, at)
        row.finding, row.finding_text, row.verified_on = finding, said, legal_day(at)
        row.verified_by = by.id
        row.save()
        cmd.note(finding=finding)
        cmd.note_digest(text=said)


def agree_exclusion(*, follow_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """The second officer: it leaves the figures. Raises DeedNotAsked, SecondPersonNeeded and those of `verify`."""
    with _step("evaluation.agree_exclusion", follow_id, State.VERIFYING, by, at, key) as (cmd, row):
        if row is None:
            return
        second_person.agree(EXCLUDE, follow_id, by=by, at=at)
        _move(row, State.EXCLUDED, at)
        row.save()
        cmd.note(finding=row.finding)
        cmd.publish(RatingExcluded(follow_id, row.item_code, row.department_id, row.level, row.rated_on))


def decline_exclusion(*, follow_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """It stays what it is and is verified anew; also by who asked for it. Raises as above."""
    with _step("evaluation.decline_exclusion", follow_id, State.VERIFYING, by, at, key) as (cmd, row):
        if row is None:
            return
        second_person.decline(EXCLUDE, follow_id, by=by, at=at)
        cmd.note(finding=row.finding)
        row.finding, row.finding_text, row.verified_on, row.verified_by = "", "", None, None
        row.save()


def rectify(*, follow_id: UUID, text: str, by: Actor, at: Instant, key: UUID) -> None:
    """整改: the rated organ says what it put right. Raises FollowUpUnknown, FollowUpMoved or FollowUpWordsMissing."""
    said = rules.check_words(text)
    with _step("evaluation.rectify", follow_id, State.RECTIFYING, by, at, key) as (cmd, row):
        if row is None:
            return
        _move(row, State.CALLING, at)
        row.answer, row.rectified_on = said, legal_day(at)
        row.rounds, row.calls = row.rounds + 1, 0
        row.save()
        cmd.note(rounds=row.rounds, late=row.late)
        cmd.note_digest(text=said)


def see_rater(*, follow_id: UUID, by: Actor, at: Instant, key: UUID) -> Rater:
    """Name and telephone, to call back or to ask before a review; each showing is in the ledger. Raises as `verify`."""
    with _step("evaluation.see_rater", follow_id, State.CALLING, by, at, key) as (cmd, row):
        if row is None:
            raise FollowUpMoved()
        case = cases.case_visible_to_id(by, row.case_id)
        cmd.note(number=row.number)
    return Rater(case.applicant_name or "", identity.phone_of(case.applicant_id))


def call_back(*, follow_id: UUID, outcome: str, text: str, by: Actor, at: Instant, key: UUID) -> str:
    """回访; the state it is in then (rules.after_call). Raises as `verify`."""
    said = rules.check_words(text)
    if outcome not in Call.values:
        raise FollowUpChoiceUnknown(field="outcome")
    with _step("evaluation.call_back", follow_id, State.CALLING, by, at, key) as (cmd, row):
        if row is None:
            return ""
        row.calls += 1
        _move(row, State(rules.after_call(outcome, row.calls, row.rounds)), at)
        row.call, row.call_text, row.called_on = outcome, said, legal_day(at)
        row.save()
        cmd.note(outcome=outcome, calls=row.calls)
        cmd.note_digest(text=said)
        return row.state


def publish_answer(*, follow_id: UUID, text: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    公开: what was found and put right, in words that name nobody. Raises as `verify`, ReviewWaits and
    FollowUpWordsPersonal.
    """
    said = rules.check_words(text, rules.PUBLIC_LIMIT)
    with _step("evaluation.publish_answer", follow_id, State.PUBLISHING, by, at, key) as (cmd, row):
        if row is None:
            return
        _require_no_review(row)
        case = cases.case_visible_to_id(by, row.case_id)
        rules.check_open(said, (case.applicant_name or "", case.party_name or ""), case.number)
        _move(row, State.PUBLISHED, at)
        row.public_text, row.published_on = said, legal_day(at)
        row.save()
        cmd.note(text=said)
        cmd.publish(AnswerPublished(follow_id, row.item_code, row.department_id, legal_day(at), row.late))


@contextmanager
def _step(
    action: str, follow_id: UUID, state: str, by: Actor, at: Instant, key: UUID
) -> Iterator[tuple[Command, FollowUp | None]]:
    """The command of one step: the row in its state, or None where this key was used before."""
    with command(action, follow_id, by=by, at=at, key=key) as cmd:
        row = selectors.follow_up_for_update(follow_id)
        if not access.allows(by, action, row):
            raise FollowUpUnknown()
        # The organ itself puts right; everything else is for who had no hand in it.
        if action != "evaluation.rectify" and voice.concerned(by, [row.case_id]):
            raise FollowUpConcernsYou()
        if cmd.repeated:
            yield cmd, row if action == "evaluation.see_rater" else None
            return
        if row.state != state and not (action == "evaluation.see_rater" and _under_review(row)):
            raise FollowUpMoved()
        yield cmd, row
        cmd.done(None)


def _under_review(row: FollowUp) -> bool:
    return Review.objects.filter(root_id=row.pk, answer=Review.Answer.WAITING).exists()


def _require_no_review(row: FollowUp) -> None:
    if _under_review(row):
        raise ReviewWaits()


def _move(row: FollowUp, state: str, at: Instant) -> None:
    today: date = legal_day(at)
    row.late = row.late or today > row.due_on
    row.state = state
    if state not in {State.PUBLISHED, State.EXCLUDED}:
        row.due_on = selectors.due_after(today, state)
