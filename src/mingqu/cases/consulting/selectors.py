"""Questions about questions to other organs; each holds its access check or says that its caller does."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from mingqu.cases import selectors as cases
from mingqu.cases.consulting.errors import ConsultationUnknown
from mingqu.cases.consulting.types import ConsultationLine, ConsultationPage
from mingqu.cases.models import Case, Consultation
from mingqu.documents import selectors as documents
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import Place
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor

PAGE = 30
TAGS = {"asked": "accepted", "answered": "done", "silent": "done", "called_off": "received"}
ASKED = Consultation.State.ASKED


def to_watch(day: date, soon: date) -> dict[UUID, UUID]:
    """Open questions of which something is to be told, each with its case; all: failing ones would hide the rest."""
    untold = Q(due_on__lt=day, silence_agrees=True) | Q(due_on__lt=day, overdue_told=False)
    near = Q(due_on__gte=day, due_on__lte=soon, reminded=False)
    found = Consultation.objects.filter(untold | near, state=ASKED).order_by("due_on", "id")
    return {one: case_id for case_id, one in found.values_list("case_id", "id")}


def of_case(case: Case, today: date) -> list[ConsultationLine]:
    """What was asked of others about this case, oldest first. For its officers: the caller has checked access."""
    if not case.consults:
        return []
    return _lines(_rows().filter(case=case).order_by("asked_at", "id"), today, with_files=True)


def asked_of(actor: Actor, number: str, consultation_id: UUID, today: date) -> ConsultationLine:
    """One question as the post that was asked sees it. Raises ConsultationUnknown for everybody else."""
    row = _asked_of(actor, number, consultation_id)
    return _lines([row], today, with_files=True)[0]


def file_for(actor: Actor, number: str, consultation_id: UUID, file_id: UUID) -> tuple[UUID, UUID]:
    """(case, file): of what was sent along or answered. Raises ConsultationUnknown."""
    row = _asked_of(actor, number, consultation_id)
    if file_id not in {*row.file_ids, *row.answer_file_ids}:
        raise ConsultationUnknown()
    return row.case_id, file_id


def answer_files_of(case: Case) -> set[UUID]:
    """Files that came with answers: for the case's officers, never for the applicant."""
    if not case.consults:
        return set()
    rows = Consultation.objects.filter(case=case).exclude(answer_file_ids=[])
    return {one for found in rows.values_list("answer_file_ids", flat=True) for one in found}


def to_answer(actor: Actor, today: date) -> tuple[int, int]:
    """How many wait for an answer of the acting post, and how many of them are late; one statement."""
    own = identity.acting_post(actor)
    if own is None or not access.may(actor, "case.answer_consultation"):
        return 0, 0
    days = list(
        Consultation.objects.filter(post=own.code, state=ASKED)
        .order_by("due_on", "id")
        .values_list("due_on", flat=True)[:100]
    )
    return len(days), sum(day < today for day in days)


def page_of(actor: Actor, which: str, today: date, *, after: str = "") -> ConsultationPage:
    """
    Of the acting post: `waiting` for its answer by last day, `done` by it, or `asked` by it, the latest first. Keyset.
    """
    own = identity.acting_post(actor)
    if own is None:
        return ConsultationPage(())
    rows = _rows()
    if which == "asked":
        rows = rows.filter(asked_by_post=own.id).order_by("-id")
    elif which == "done":
        rows = rows.filter(post=own.code).exclude(state=ASKED).order_by("-id")
    else:
        rows = rows.filter(post=own.code, state=ASKED).order_by("due_on", "id")
    if cursor := _cursor(after):
        day, last = cursor
        later = Q(due_on__gt=day) | Q(due_on=day, id__gt=last)
        rows = rows.filter(later if which == "waiting" else Q(id__lt=last))
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    last_row = shown[-1] if len(found) > PAGE else None
    more = f"{last_row.due_on.isoformat()}_{last_row.id}" if last_row else ""
    return ConsultationPage(tuple(_lines(shown, today)), more)


def _rows() -> QuerySet[Consultation]:
    return Consultation.objects.select_related("department", "case")


def _asked_of(actor: Actor, number: str, consultation_id: UUID) -> Consultation:
    own = identity.acting_post(actor)
    row = _rows().filter(case_id=cases.case_id_of(number), id=consultation_id).first()
    if row is None or own is None or own.code != row.post:
        raise ConsultationUnknown()
    place = Place(row.department_id, row.department.region_code, row.case.item_type)
    if not access.allows(actor, "case.answer_consultation", place):
        raise ConsultationUnknown()
    return row


def _cursor(text: str) -> tuple[date, UUID] | None:
    """None for anything that is not a cursor: a stale link shows the first page."""
    day, _sep, one = text.partition("_")
    try:
        return date.fromisoformat(day), UUID(one)
    except ValueError:
        return None


def _lines(found: Iterable[Consultation], today: date, *, with_files: bool = False) -> list[ConsultationLine]:
    rows = list(found)
    if not rows:
        return []
    names = identity.names_of({one for row in rows for one in (row.asked_by, row.answered_by) if one})
    posts = identity.posts_by_code(row.post for row in rows)
    askers = identity.post_names(row.asked_by_post for row in rows)
    files = _file_names(rows) if with_files else {}
    return [
        _line(
            row, today, names, posts[row.post].name if row.post in posts else row.post,
            askers.get(row.asked_by_post, ""), files,
        )
        for row in rows
    ]  # fmt: skip


def _file_names(rows: list[Consultation]) -> dict[UUID, str]:
    wanted = {one for row in rows for one in (*row.file_ids, *row.answer_file_ids)}
    if not wanted:
        return {}
    return {one.id: one.name for one in documents.files_of(rows[0].case_id) if one.id in wanted}


def _line(
    row: Consultation,
    today: date,
    names: Mapping[UUID, str],
    post: str,
    asker_post: str,
    files: Mapping[UUID, str],
) -> ConsultationLine:
    until = legal_day(row.ended_at) if row.ended_at else today
    return ConsultationLine(
        id=row.id,
        number=row.case.number,
        item=row.case.item_name,
        step=row.step_name,
        organ=row.department.name,
        post=post,
        asker=names.get(row.asked_by, ""),
        asker_post=asker_post,
        question=row.question,
        asked_at=row.asked_at,
        due_on=row.due_on,
        waits=row.waits,
        silence_agrees=row.silence_agrees,
        state=row.state,
        state_words=str(Consultation.State(row.state).label),
        tag=TAGS[row.state],
        late=row.state in ("asked", "answered") and until > row.due_on,
        files=tuple((one, files.get(one, "")) for one in row.file_ids),
        answer=row.answer or "",
        outcome=str(Consultation.Outcome(row.outcome).label),
        answerer=names.get(row.answered_by, "") if row.answered_by else "",
        answered_at=row.ended_at,
        answer_files=tuple((one, files.get(one, "")) for one in row.answer_file_ids),
        why_ended=row.why_ended or "",
    )
