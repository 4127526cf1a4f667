"""
The second person's word about 裁量 outside the range: she agrees, and the decision is made in that command; she sends
it back; or another post is to give it.

Locked by the case, like every command: of two at once the second finds that nothing waits any more; so does who comes
after the applicant withdrew, the step was returned or who set the value stands aside.
"""

from uuid import UUID

from mingqu.cases import rules, selectors
from mingqu.cases.discretion import selectors as uses
from mingqu.cases.errors import (
    DiscretionOtherPost,
    DiscretionPostUnfit,
    DiscretionRowChanged,
    DiscretionSecondPerson,
    DiscretionUnknown,
    NotInReview,
    ReasonMissing,
)
from mingqu.cases.events import DiscretionAnswered, DiscretionAsked
from mingqu.cases.models import Case, Discretion
from mingqu.cases.services import claims, decision, discretion, seconds
from mingqu.cases.services.open_questions import require_answered
from mingqu.cases.services.review import require_another_person
from mingqu.cases.services.special import require_running
from mingqu.cases.types import Done
from mingqu.catalogue.types import SECOND_WORD
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import OrganName
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process import selectors as tasks

ANSWER = SECOND_WORD
State = Discretion.State


def answer_discretion(
    *, case_id: UUID, discretion_id: UUID, agrees: bool, text: str, by: Actor, at: Instant, key: UUID
) -> Done:
    """
    Agree to what lies outside the range: with the last that waits it is decided as it was set, in the name of who set
    it, and stands in the ledger as the decision it is. Or send it back with the reason, and what was set beside it
    falls too; who asked may take it back so, never agree.

    Raises NotAuthorised, NotInReview, DiscretionUnknown, DiscretionSecondPerson, DiscretionOtherPost, ReasonMissing,
    DiscretionSubordinate (it is to be passed on or sent back), DiscretionRowChanged, or what `decide_case` refuses
    (SuspendedNow, SamePerson, GapOpen …).
    """
    with command(ANSWER, case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case, row, rows = _waiting(ANSWER, case_id, discretion_id, by)
        own = by.id == row.person_id
        if agrees and own:
            raise DiscretionSecondPerson()
        if not own:
            _require_second(row, by, agrees=agrees)
        if not agrees and not text.strip():
            raise ReasonMissing(field="text")
        cmd.change(row, answered_at=at, answer=text.strip())
        if not own:  # taken back by who asked: no second person stands in the row
            cmd.change(row, answered_by=by.id, answered_post=by.post_id)
        cmd.note(value=discretion.plain(row.value), rule=row.rule, table=row.table)
        if agrees:
            _agree(cmd, case, row, rows)
        else:
            cmd.change(row, state=State.SENT_BACK)
            for other in rows:  # they were to be decided together
                if other.id != row.id:
                    cmd.change(other, state=State.DROPPED, answered_at=other.answered_at or at)
        cmd.note(discretion=row.state)
        cmd.note_digest(text=row.answer, set_by=str(row.person_id))
        whose = (case.pk, case.number, case.item_code, case.applicant_id)
        cmd.publish(DiscretionAnswered(*whose, row.id, row.state))
        return cmd.done(Done(case.pk, case.status))


def pass_discretion(
    *, case_id: UUID, discretion_id: UUID, post: str, by: Actor, at: Instant, key: UUID
) -> Done:
    """
    转办: another post is to give the second word; by the post that was to give it, or by the head (case.reassign) where
    nobody is left there.

    Raises NotAuthorised, NotInReview, DiscretionUnknown, DiscretionOtherPost, DiscretionPostUnfit,
    DiscretionSubordinate.
    """
    with command("case.pass_discretion", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case, row, _ = _waiting("case.pass_discretion", case_id, discretion_id, by)
        if not (access.allows(by, "case.reassign", case) and not people_for(case, row, row.second_post, at)):
            _require_post(row, by)
        seconds.require_above(post, row.post_id)
        if post == row.second_post or post not in seconds.posts_for(case, row.person_id, row.post_id, at):
            raise DiscretionPostUnfit(field="post")
        cmd.note(post=row.second_post, to_post=post)
        cmd.change(row, second_post=post)
        cmd.publish(DiscretionAsked(case.pk, case.number, case.item_code, case.applicant_id, row.id, post))
        return cmd.done(Done(case.pk, case.status))


def people_for(case: Case, row: Discretion, post: str, at: Instant) -> set[UUID]:
    """Who holds the post and may give the word: not who set the value, nobody who stands aside."""
    return seconds.people_at(case, row.person_id, post, at)


def _waiting(
    action: str, case_id: UUID, discretion_id: UUID, by: Actor
) -> tuple[Case, Discretion, list[Discretion]]:
    """The case, locked; what is to be answered, and all that is to be decided with it."""
    case = selectors.case_for_update(case_id)
    access.require(by, action, case)
    if case.status not in rules.ALLOWED_IN[action]:
        raise NotInReview()
    rows = uses.open_of(case)
    row = next((one for one in rows if one.id == discretion_id and one.state == State.WAITING), None)
    if row is None:
        raise DiscretionUnknown()
    return case, row, rows


def _require_post(row: Discretion, by: Actor) -> None:
    own = identity.acting_post(by)
    if own is None or own.code != row.second_post:
        raise DiscretionOtherPost(post=identity.post_by_code(row.second_post).name)


def _require_second(row: Discretion, by: Actor, *, agrees: bool) -> None:
    """The post that was asked; to agree it does not stand below: a rank may have changed since. One statement."""
    assert by.post_id is not None  # access let nobody else through
    code, below = identity.code_and_below(by.post_id, row.post_id)
    if code != row.second_post:
        raise DiscretionOtherPost(post=identity.post_by_code(row.second_post).name)
    if agrees and below:
        seconds.require_above(row.second_post, row.post_id)


def _agree(cmd: Command, case: Case, row: Discretion, rows: list[Discretion]) -> None:
    """
    Agreed to: with the last of what waits it is decided, else it is held. All that a decision asks for is asked again:
    days may have passed.
    """
    require_running(case)
    known = tasks.all_tasks(case.pk)
    task = decision.open_decision(known)
    if task.task_id != row.task_id:
        raise DiscretionUnknown()
    require_another_person(case, known, cmd.by, task.name)
    require_answered(case, task.step)
    applied = {one.table: one.number for one in uses.applied_to(case, selectors.definition_of(case))}
    if any(applied.get(one.table) != one.rule for one in rows):
        raise DiscretionRowChanged()
    if any(one.state == State.WAITING for one in rows if one is not row):
        cmd.change(row, state=State.HELD)
        return
    for one in rows:
        agreed = one.answered_by is not None
        cmd.change(one, state=State.AGREED if agreed else State.WITHIN, decided_on=legal_day(cmd.at))
    claims.free(task, cmd.by)  # it is decided as who asked set it, whoever has claimed the step
    who = decision.Decider(OrganName(row.organ_code, row.organ_name), row.post_id, row.person_id, rows)
    if len(rows) > 1:
        discretion.note(cmd, rows)
    decision.decide(cmd, case, task.task_id, decision.Ruling(row.outcome, row.reasons or ""), who)
    cmd.turns_out("case.decide")
