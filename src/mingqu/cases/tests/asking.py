"""Questions to another organ, for tests."""

from uuid import UUID, uuid4

from mingqu.cases import services
from mingqu.cases.consulting.types import Answer, Question
from mingqu.cases.models import Case, Consultation
from mingqu.cases.tests import factories as f
from mingqu.kernel.types import Actor
from mingqu.process import selectors as tasks

NOW = f.FRIDAY_NOON
SILENCE = {"limit": 3, "silence": "agreed", "law": "某市征求意见规定", "article": 3}


def head_of(w: f.World) -> Actor:
    """The head of the bureau, who had no hand in any case."""
    return f.people.staff_actor("department_head", department_id=w.bureau, name="何清")


def task_id(case: Case, post: str) -> UUID:
    return next(t for t in tasks.open_tasks(case.pk) if t.post == post).task_id


def asked(case: Case, by: Actor, *, step_of="SCJG-SPXK-01", at=NOW, **other) -> Consultation:
    """`by` asks from the step that the post `step_of` has open."""
    given = {"post": "QXJ-01", "text": "后厨用火是否符合消防要求", "limit": 3, **other}
    done = services.consult(
        case_id=case.pk, task_id=task_id(case, step_of), question=Question(**given), by=by, at=at, key=uuid4()
    )
    return Consultation.objects.get(case=case, id=done.consultation_id)


def answered(one: Consultation, by: Actor, *, outcome="agreed", text="符合", at=NOW, uploads=()):
    return services.answer_consultation(
        case_id=one.case_id,
        consultation_id=one.id,
        answer=Answer(outcome, text, tuple(uploads)),
        by=by,
        at=at,
        key=uuid4(),
    )


def called_off(one: Consultation, by: Actor, *, reason="电话里问清楚了", at=NOW):
    return services.end_consultation(
        case_id=one.case_id, consultation_id=one.id, reason=reason, by=by, at=at, key=uuid4()
    )


def watched(one: Consultation, at):
    return services.watch_consultation(case_id=one.case_id, consultation_id=one.id, at=at)
