"""
征求意见: a post asks another department's post in writing, from an open step of its own, with a limit of its own.

No clock of the case stops for it: no law counts it among the 特别程序 of 行政许可法 45. The applicant hears nothing.
docs/process-human-steps.md says what each deed does to an open question.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases import rules as case_rules
from mingqu.cases import selectors
from mingqu.cases.consulting import rules
from mingqu.cases.consulting.errors import (
    AnswerMissing,
    ConsultationOver,
    ConsultationUnknown,
    ConsultedAlready,
    LimitUnfit,
    NotAnotherOrgan,
    QuestionMissing,
)
from mingqu.cases.consulting.types import ANSWERS, LIMITS, Answer, Asked, Question
from mingqu.cases.errors import MaterialUnknown, NotInReview, ReasonMissing, TooManyFiles
from mingqu.cases.events import (
    ConsultationAnswered,
    ConsultationAsked,
    ConsultationEnded,
    ConsultationRemind,
)
from mingqu.cases.models import Case, Consultation
from mingqu.cases.services.review import own_task, require_post
from mingqu.clocks import selectors as clocks
from mingqu.documents import services as documents
from mingqu.documents.types import CheckedUpload
from mingqu.identity import selectors as identity
from mingqu.identity.errors import Recused
from mingqu.identity.services import access
from mingqu.identity.services.organ_changes import open_department_of
from mingqu.identity.types import Place
from mingqu.kernel import rows
from mingqu.kernel.commands import Command, command
from mingqu.kernel.identifiers import CITY, COUNTY
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process.types import TaskRow

FILE_KIND = "consultation"
MOST_FILES = 5
Elsewhere = Callable[[str, str, date], Iterable[str]]  # item, region of the case, day → regions
_elsewhere: dict[str, Elsewhere] = {}
WATCH = Actor.system("consultations")
State = Consultation.State


def consult(*, case_id: UUID, task_id: UUID, question: Question, by: Actor, at: Instant, key: UUID) -> Asked:
    """
    Ask another department's post from an open step of one's own.

    Raises NotAuthorised, NotInReview, TaskGone, NotYourTask, QuestionMissing, LimitUnfit, NotAnotherOrgan,
    ConsultedAlready, MaterialUnknown (a file that is not of this case), TooManyFiles, DepartmentClosed.
    """
    with command("case.consult", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Asked)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.consult", case)
        if case.status not in case_rules.ALLOWED_IN["case.consult"]:
            raise NotInReview()
        task = own_task(case_id, task_id, by, at)
        least = _least(case, task)
        _check(case, question, least)
        if question.post not in posts_to_ask(case, by, legal_day(at), only=question.post):
            raise NotAnotherOrgan(field="post")
        if Consultation.objects.filter(
            case=case, step=task.step, post=question.post, state=State.ASKED
        ).exists():
            raise ConsultedAlready(field="post")
        row = _asked(case, task, question, cmd, silence=bool(least))
        rows.insert([row])
        if not case.consults:
            case.consults = True
            case.save(update_fields=["consults"])
        cmd.note(step=task.step, to_post=question.post, due_on=row.due_on, waits=question.waits)
        cmd.note_digest(text=row.question)
        cmd.publish(ConsultationAsked(*_whose(case), row.id, row.post, row.due_on))
        return cmd.done(Asked(case.pk, row.id, row.state))


def answer_consultation(
    *, case_id: UUID, consultation_id: UUID, answer: Answer, by: Actor, at: Instant, key: UUID
) -> Asked:
    """
    Answer in writing, as the post that was asked; also late, as long as the question is open.

    Raises ConsultationUnknown, NotAuthorised, Recused, NotYourTask, ConsultationOver, AnswerMissing, TooManyFiles, or
    what is wrong with a file (documents.errors).
    """
    if len(answer.uploads) > MOST_FILES:
        raise TooManyFiles(field="files", most=MOST_FILES)
    checked = [(one.name, documents.check_upload(one.data)) for one in answer.uploads]
    with command("case.answer_consultation", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Asked)
        case, row = _open(case_id, consultation_id)
        access.require(by, "case.answer_consultation", place_of(row, case))
        if access.kept_out(by, "case.answer_consultation", case):
            raise Recused()
        require_post(row.post, by)
        _require_open(row)
        if answer.outcome not in ANSWERS or not answer.text.strip():
            raise AnswerMissing(field="outcome" if answer.outcome not in ANSWERS else "text")
        row.answer_file_ids = _store(case, checked, at)
        row.state, row.outcome, row.answer = State.ANSWERED, answer.outcome, answer.text.strip()
        row.answered_by, row.ended_at = by.id, at
        row.save()
        late = rules.answered_late(row.due_on, legal_day(at))
        cmd.note(step=row.step, outcome=answer.outcome, late=late, files=len(checked))
        cmd.note_digest(text=row.answer)
        cmd.publish(ConsultationAnswered(*_whose(case), row.id, row.step, answer.outcome))
        return cmd.done(Asked(case.pk, row.id, row.state))


def end_consultation(
    *, case_id: UUID, consultation_id: UUID, reason: str, by: Actor, at: Instant, key: UUID
) -> Asked:
    """
    Call a question off: by whoever asked, or the post that has the step now.

    Raises ConsultationUnknown, NotAuthorised, NotYourTask, ConsultationOver, ReasonMissing.
    """
    with command("case.end_consultation", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Asked)
        case, row = _open(case_id, consultation_id)
        access.require(by, "case.consult", case)
        if by.id != row.asked_by:
            own_task(case_id, row.task_id, by, at)
        _require_open(row)
        if not reason.strip():
            raise ReasonMissing(field="reason")
        row.state, row.ended_at, row.why_ended = State.CALLED_OFF, at, reason.strip()
        row.save()
        cmd.note(step=row.step, to_post=row.post)
        cmd.note_digest(reason=row.why_ended)
        cmd.publish(ConsultationEnded(*_whose(case), row.id, row.post, row.state))
        return cmd.done(Asked(case.pk, row.id, row.state))


def watch_consultation(*, case_id: UUID, consultation_id: UUID, at: Instant) -> Asked | None:
    """
    What a day brings: remind once within a working day of the limit; past it say so once, or, where the definition
    says so, take silence for agreement. None where there is nothing new. Called by the sweep; safe to repeat.
    """
    day = legal_day(at)
    key = uuid5(NAMESPACE_URL, f"mingqu:consultation:{consultation_id}:{day.isoformat()}")
    with command("case.watch_consultation", case_id, by=WATCH, at=at, key=key) as cmd:
        if cmd.repeated:
            return None
        case, row = _open(case_id, consultation_id)
        if row.state != State.ASKED:
            return None
        soon = clocks.current_calendar().add_working_days(day, 1)
        if (after := rules.after_its_day(row.due_on, day, silence_agrees=row.silence_agrees)) != row.state:
            row.state, row.ended_at = after, at
            row.save(update_fields=["state", "ended_at"])
            cmd.publish(ConsultationEnded(*_whose(case), row.id, row.post, row.state))
        elif row.due_on < day and not row.overdue_told:
            row.overdue_told = True
            row.save(update_fields=["overdue_told"])
            cmd.publish(ConsultationRemind(*_whose(case), row.id, row.post, row.due_on, overdue=True))
        elif day <= row.due_on <= soon and not row.reminded:
            row.reminded = True
            row.save(update_fields=["reminded"])
            cmd.publish(ConsultationRemind(*_whose(case), row.id, row.post, row.due_on, overdue=False))
        else:
            return None
        cmd.note(step=row.step, to_post=row.post, state=row.state, due_on=row.due_on)
        return cmd.done(Asked(case.pk, row.id, row.state))


def ask_elsewhere(name: str, regions: Elsewhere) -> None:
    """
    A room above says in which other districts somebody may be asked about a case of this item and region, on a day. A
    room says it once, in its `AppConfig.ready`.
    """
    _elsewhere[name] = regions


def posts_to_ask(case: Case, by: Actor, day: date, only: str | None = None) -> dict[str, tuple[str, str]]:
    """
    (部门, 岗位) by code of the posts that may be asked: other departments' of the same district and of the city above
    it that may answer; of another district only where a room above says so. `only`: none but this post.
    """
    own = identity.acting_post(by)
    if own is None:
        return {}
    region = case.region_code
    near = {region[:COUNTY], f"{region[:CITY]}00"}
    if region[:COUNTY] == f"{region[:CITY]}00":
        near = {region[:CITY]}  # a case of the city asks whoever it likes below
    near |= {one[:COUNTY] for regions in _elsewhere.values() for one in regions(case.item_code, region, day)}
    return identity.posts_of_others(
        "case.answer_consultation", case.item_type, near=sorted(near), than=own.department_id, only=only
    )


def place_of(row: Consultation, case: Case) -> Place:
    """Where an answer lies for the access rule: with the department that is asked, about this type of item."""
    return Place(row.department_id, row.department.region_code, case.item_type)


def _least(case: Case, task: TaskRow) -> int:
    """Working days that must be given where silence means agreement; 0 where it means nothing."""
    consult_rule = selectors.definition_of(case).step(task.step).consult
    return consult_rule.limit if consult_rule is not None and consult_rule.silence == "agreed" else 0


def _check(case: Case, question: Question, least: int) -> None:
    if not question.text.strip():
        raise QuestionMissing(field="text")
    if not rules.limit_fits(question.limit, least):
        raise LimitUnfit(field="limit", least=max(least, LIMITS.start), most=LIMITS.stop - 1)
    if len(question.files) > MOST_FILES:
        raise TooManyFiles(field="attached", most=MOST_FILES)
    if question.files and not {f.file_id for f in selectors.files_of(case)}.issuperset(question.files):
        raise MaterialUnknown(field="attached")


def _asked(case: Case, task: TaskRow, question: Question, cmd: Command, *, silence: bool) -> Consultation:
    assert cmd.by.post_id is not None  # own_task let nobody else through
    return Consultation(
        case=case,
        task_id=task.task_id,
        step=task.step,
        step_name=task.name,
        asked_by=cmd.by.id,
        asked_by_post=cmd.by.post_id,
        asked_at=cmd.at,
        post=question.post,
        department=open_department_of(question.post),
        question=question.text.strip(),
        file_ids=list(question.files),
        due_on=clocks.current_calendar().add_working_days(legal_day(cmd.at), question.limit),
        waits=question.waits,
        silence_agrees=silence,
    )


def _open(case_id: UUID, consultation_id: UUID) -> tuple[Case, Consultation]:
    case = selectors.case_for_update(case_id)
    found = Consultation.objects.filter(case=case, id=consultation_id).select_related("department")
    row = found.first()
    if row is None:
        raise ConsultationUnknown()
    return case, row


def _require_open(row: Consultation) -> None:
    if row.state != State.ASKED:
        raise ConsultationOver(state=State(row.state).label)


def _store(case: Case, checked: Sequence[tuple[str, CheckedUpload]], at: Instant) -> list[UUID]:
    return [
        documents.store_upload(root_id=case.pk, kind=FILE_KIND, name=name, upload=one, at=at).file_id
        for name, one in checked
    ]


def _whose(case: Case) -> tuple[UUID, str, str, UUID]:
    return case.pk, case.number, case.item_code, case.applicant_id
