"""Who is told of a question to another organ: the posts that ask and answer, never the applicant."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from mingqu.cases import events
from mingqu.cases.models import Consultation
from mingqu.identity import selectors as identity
from mingqu.kernel import training
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.notifications import services as notifications
from mingqu.process import selectors as tasks


@subscriber("cases.tell_consultation_asked", events.ConsultationAsked)
def tell_asked(event: events.ConsultationAsked, *, at: Instant) -> None:
    row = _row(event.root_id, event.consultation_id)
    asker = identity.post_names([row.asked_by_post]).get(row.asked_by_post, "")
    _tell(row, _asked_people(row, at), "consultation_asked", {"asker": asker, "due_on": row.due_on}, at)


@subscriber("cases.tell_consultation_remind", events.ConsultationRemind)
def tell_remind(event: events.ConsultationRemind, *, at: Instant) -> None:
    """The post that is asked; past its day also who asked. Nothing any more where it has ended meanwhile."""
    row = _row(event.root_id, event.consultation_id)
    if row.state != Consultation.State.ASKED:
        return
    if not event.overdue:
        _tell(row, _asked_people(row, at), "consultation_due_soon", {"due_on": row.due_on}, at)
        return
    params = {"organ": row.department.name, "due_on": row.due_on}
    _tell(row, _asked_people(row, at), "consultation_overdue", params, at)
    _tell(row, _asking_people(row, at), "consultation_overdue", params, at, case=True)


@subscriber("cases.tell_consultation_answered", events.ConsultationAnswered)
def tell_answered(event: events.ConsultationAnswered, *, at: Instant) -> None:
    row = _row(event.root_id, event.consultation_id)
    params = {"organ": row.department.name, "answer": str(Consultation.Outcome(row.outcome).label)}
    _tell(row, _asking_people(row, at), "consultation_answered", params, at, case=True)


@subscriber("cases.tell_consultation_ended", events.ConsultationEnded)
def tell_ended(event: events.ConsultationEnded, *, at: Instant) -> None:
    row = _row(event.root_id, event.consultation_id)
    params = {"organ": row.department.name, "state": str(Consultation.State(row.state).label)}
    _tell(row, _asked_people(row, at), "consultation_ended", params, at)
    if row.state == Consultation.State.SILENT:
        _tell(row, _asking_people(row, at), "consultation_ended", params, at, case=True)


def _row(case_id: UUID, consultation_id: UUID) -> Consultation:
    rows = Consultation.objects.select_related("case", "department")
    return rows.get(case_id=case_id, id=consultation_id)


def _asked_people(row: Consultation, at: Instant) -> list[UUID]:
    return identity.people_at([row.post], legal_day(at))


def _asking_people(row: Consultation, at: Instant) -> list[UUID]:
    """Who asked, and whoever holds the post that has the step now."""
    open_ = {task.post for task in tasks.open_tasks(row.case_id) if task.step == row.step}
    return list(dict.fromkeys([row.asked_by, *identity.people_at(open_, legal_day(at))]))


def _tell(
    row: Consultation,
    people: Iterable[UUID],
    kind: str,
    params: dict[str, Any],
    at: Instant,
    *,
    case: bool = False,
) -> None:
    item = training.named(row.case.item_name, row.case.region_code)
    number = row.case.number
    own = f"/desk/cases/{number}/"
    for person_id in people:
        notifications.tell(
            person_id,
            kind,
            {"item": item, "number": number, **params},
            row.case_id,
            at=at,
            fact=str(row.id),
            link=own if case else f"/desk/consultations/{number}/{row.id}/",
        )
