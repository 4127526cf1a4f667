"""
回避 (公务员法 76, 77): who has an interest of her own in a case, or of kin, has no hand in it.

An officer asks to stand aside and does so at once; the head of the organ decides, and may also exclude without being
asked. It bars the person, not the post: the step stays with the post, whoever else holds it sees it, and where nobody
is left the head is told and gives the step to another post. docs/process-human-steps.md says what each deed meets.
"""

from dataclasses import dataclass, field
from uuid import UUID

from mingqu.cases import rules, selectors
from mingqu.cases.errors import (
    NoOfficerOfCase,
    NotInReview,
    NotOnesOwn,
    NotStranded,
    PostUnfit,
    ReasonMissing,
    RecusalGroundMissing,
    RecusalUnknown,
    RecusedAlready,
    TaskGone,
)
from mingqu.cases.events import RecusalAsked, RecusalDecided, StepHanded
from mingqu.cases.models import Case, Recusal
from mingqu.cases.services import claims, discretion
from mingqu.cases.services.handing import posts_for
from mingqu.cases.services.review import void_visits
from mingqu.cases.services.standing_aside import tell_stranded
from mingqu.cases.types import Done
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import OfficerView
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process import selectors as tasks
from mingqu.process import services as process

State = Recusal.State
EFFECTIVE = (State.ASKED, State.STANDS)


@dataclass(frozen=True)
class StandAside:
    """Why: a code of Recusal.Ground and words, which are kept encrypted."""

    ground: str
    text: str = field(repr=False)


def recuse(*, case_id: UUID, why: StandAside, by: Actor, at: Instant, key: UUID) -> Done:
    """
    Ask to stand aside; effective at once, so that nothing is done in between. The head decides.

    Raises NotAuthorised (Recused: she does already), NotInReview, RecusalGroundMissing.
    """
    with command("case.recuse", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = _open_case("case.recuse", case_id, by)
        row = _bar(cmd, case, by.id, why, State.ASKED)
        cmd.publish(RecusalAsked(*_whose(case), row.id))
        return cmd.done(Done(case.pk, case.status))


def exclude(*, case_id: UUID, person_id: UUID, why: StandAside, by: Actor, at: Instant, key: UUID) -> Done:
    """
    The head of the organ decides that an officer stands aside, without having been asked (公务员法 77).

    Raises NotAuthorised, NotInReview, NotOnesOwn, NoOfficerOfCase, RecusedAlready, RecusalGroundMissing.
    """
    with command("case.exclude", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = _open_case("case.exclude", case_id, by)
        if person_id == by.id:
            raise NotOnesOwn()
        posts = [task.post for task in tasks.open_tasks(case_id)]
        if not identity.serves_in(person_id, case.department_id, posts, legal_day(at)):
            raise NoOfficerOfCase(field="person")
        row = _bar(cmd, case, person_id, why, State.STANDS)
        cmd.publish(RecusalDecided(*_whose(case), row.id, row.state))
        return cmd.done(Done(case.pk, case.status))


def decide_recusal(
    *, case_id: UUID, recusal_id: UUID, stands: bool, text: str, by: Actor, at: Instant, key: UUID
) -> Done:
    """
    The head agrees that an officer stands aside, or decides that she need not (also later): then she may act again.

    Raises NotAuthorised, NotInReview, RecusalUnknown, NotOnesOwn, ReasonMissing.
    """
    with command("case.decide_recusal", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = _open_case("case.exclude", case_id, by)
        row = Recusal.objects.filter(case=case, id=recusal_id, state__in=EFFECTIVE).first()
        if row is None or (stands and row.state == State.STANDS):
            raise RecusalUnknown()
        if by.id == row.person_id:
            raise NotOnesOwn()
        if not stands and not text.strip():
            raise ReasonMissing(field="text")
        row.state = State.STANDS if stands else State.LIFTED
        row.decided_by, row.decided_at, row.decision = by.id, at, text.strip()
        row.save()
        if not stands:
            case.barred_ids = [one for one in case.barred_ids if one != row.person_id]
            case.save(update_fields=["barred_ids"])
        cmd.note(state=row.state)
        cmd.note_digest(person=str(row.person_id), text=row.decision)
        cmd.publish(RecusalDecided(*_whose(case), row.id, row.state))
        return cmd.done(Done(case.pk, case.status))


def reassign(
    *, case_id: UUID, task_id: UUID, post: str, reason: str, by: Actor, at: Instant, key: UUID
) -> Done:
    """
    Give an open step to another post, because everybody at its own stands aside. A visit planned for it is called off.

    Raises NotAuthorised, NotInReview, ReasonMissing, TaskGone, NotStranded, PostUnfit, or what process.pass_on raises.
    """
    with command("case.reassign", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = _open_case("case.reassign", case_id, by)
        if not reason.strip():
            raise ReasonMissing(field="reason")
        task = next((t for t in tasks.open_tasks(case_id) if t.task_id == task_id), None)
        if task is None:
            raise TaskGone()
        held = identity.people_by_post([task.post, post], legal_day(at))
        if set(held[task.post]) - set(case.barred_ids):
            raise NotStranded()
        kind = selectors.definition_of(case).step(task.step).kind
        if post not in posts_for(case, kind) or not set(held[post]) - set(case.barred_ids):
            raise PostUnfit(field="post")
        claims.free(task, by)  # nobody of the post is left to hold it
        process.pass_on(root_id=case_id, task_id=task_id, post=post, back=False, by=by, at=at)
        void_visits(case_id, [task_id])
        discretion.leave(case, at, task_ids=[task_id])
        cmd.note(step=task.step, to_post=post)
        cmd.publish(StepHanded(*_whose(case), post, task.name, "named"))
        cmd.note_digest(reason=reason.strip())
        return cmd.done(Done(case.pk, case.status))


def officers_of(case: Case, at: Instant) -> list[OfficerView]:
    """Who may have a hand in the case: of its department, and who holds the posts its open steps wait for."""
    day = legal_day(at)
    found = {one.person_id: one for one in identity.officers_in(case.department_id, day)}
    posts = identity.posts_by_code(task.post for task in tasks.open_tasks(case.pk))
    held = identity.people_by_post(posts, day)
    names = identity.names_of(one for people in held.values() for one in people)
    for code, people in held.items():
        words = f"{posts[code].department.name}·{posts[code].name}"
        found |= {one: OfficerView(one, names.get(one, ""), words) for one in people}
    return sorted(found.values(), key=lambda one: (one.post, one.name))


def _open_case(action: str, case_id: UUID, by: Actor) -> Case:
    case = selectors.case_for_update(case_id)
    access.require(by, action, case)
    if case.status not in rules.ALLOWED_IN[action]:
        raise NotInReview()
    return case


def _bar(cmd: Command, case: Case, person_id: UUID, why: StandAside, state: str) -> Recusal:
    if why.ground not in Recusal.Ground.values or not why.text.strip():
        raise RecusalGroundMissing(field="ground" if why.ground not in Recusal.Ground.values else "text")
    if person_id in case.barred_ids:
        raise RecusedAlready(field="person")
    by, at = cmd.by, cmd.at
    assert by.post_id is not None  # access let nobody else through
    row = Recusal(
        case=case,
        person_id=person_id,
        ground=why.ground,
        text=why.text.strip(),
        state=state,
        asked_by=by.id,
        asked_by_post=by.post_id,
        asked_at=at,
        decided_by=by.id if state == State.STANDS else None,
        decided_at=at if state == State.STANDS else None,
    )
    row.save(force_insert=True)
    case.barred_ids = [*case.barred_ids, person_id]
    case.save(update_fields=["barred_ids"])
    process.release_all(root_id=case.pk, person_id=person_id)
    discretion.leave(case, at, person_id=person_id)
    cmd.note(ground=why.ground, state=state)
    cmd.note_digest(person=str(person_id), text=row.text)
    tell_stranded(cmd, case)
    return row


def _whose(case: Case) -> tuple[UUID, str, str, UUID]:
    return case.pk, case.number, case.item_code, case.applicant_id
