"""多地联办: an organ of another district gives an opinion where an agreement says so, and sees no more than that."""

from datetime import timedelta
from uuid import uuid4

import pytest

from mingqu.across import services
from mingqu.across.tests import factories as made
from mingqu.cases import selectors as cases
from mingqu.cases.consulting import selectors as asked
from mingqu.cases.consulting.errors import NotAnotherOrgan
from mingqu.cases.consulting.types import Answer, Question
from mingqu.cases.errors import CaseUnknown
from mingqu.cases.models import Consultation
from mingqu.cases.services import consulting
from mingqu.cases.tests import factories as f
from mingqu.identity import services as identity
from mingqu.identity.types import NewDepartment
from mingqu.kernel.ids import new_id
from mingqu.process import selectors as tasks

NOON = made.NOON
POST = "LB-SCJG-01"
QUESTION = Question(POST, "贵区一侧的后门能不能用？", 3, waits=True)


@pytest.fixture
def s(db):
    found = made.sides()
    draft = NewDepartment("LB-SCJG", "临泊区市场监督管理局", made.NEIGHBOUR, None, "")
    organ = identity.create_department(draft=draft, by=f.SYSTEM, at=NOON, key=new_id())
    found.officer = f.post_of(POST, "食品许可承办", organ, "reviewer")
    return found


def ask(s, case, at=NOON):
    task = next(one for one in tasks.open_tasks(case.pk) if one.step == "check")
    given = {"case_id": case.pk, "task_id": task.task_id, "question": QUESTION}
    return consulting.consult(**given, by=s.w.reviewer, at=at, key=uuid4())


def test_without_an_agreement_nobody_of_another_district_is_asked(s):
    made.in_force(s)  # 代收 is another matter
    case = f.accepted_case(s.w)

    assert POST not in consulting.posts_to_ask(case, s.w.reviewer, NOON.date())
    with pytest.raises(NotAnotherOrgan):
        ask(s, case)
    assert not Consultation.objects.exists()


def test_under_one_the_officer_there_answers_and_opens_only_what_was_asked(s):
    made.in_force(s, way="joint")
    case, other = f.accepted_case(s.w), f.accepted_case(s.w)

    question = ask(s, case)

    (line,) = asked.page_of(s.officer, "waiting", NOON.date()).lines
    assert (
        asked.asked_of(s.officer, case.number, question.consultation_id, NOON.date()).question
        == line.question
    )
    for one in (case, other):
        with pytest.raises(CaseUnknown):
            cases.case_visible_to(s.officer, one.number)
    consulting.answer_consultation(
        case_id=case.pk,
        consultation_id=question.consultation_id,
        answer=Answer("agreed", "可以用。"),
        by=s.officer,
        at=NOON,
        key=uuid4(),
    )
    assert Consultation.objects.get(case=case).state == "answered"
    case.refresh_from_db()
    assert case.due_on == f.Case.objects.get(pk=other.pk).due_on, "the clock is the lead's and does not stop"


def test_once_a_side_has_left_nothing_more_is_asked_and_what_was_asked_is_answered(s):
    agreement = made.in_force(s, way="joint")
    case, later = f.accepted_case(s.w), f.accepted_case(s.w)
    question = ask(s, case)
    services.withdraw(
        agreement_id=agreement.pk, ends_on=NOON.date(), reason="改由本区办", by=s.away, at=NOON, key=uuid4()
    )

    with pytest.raises(NotAnotherOrgan):
        ask(s, later, NOON + timedelta(minutes=1))

    answered = consulting.answer_consultation(
        case_id=case.pk,
        consultation_id=question.consultation_id,
        answer=Answer("noted", "没有意见。"),
        by=s.officer,
        at=NOON,
        key=uuid4(),
    )
    assert answered.state == "answered"
