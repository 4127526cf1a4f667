"""征求意见: who may ask and answer, what is kept and told, what a refused deed leaves as it was, two at once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from mingqu.cases import selectors, services
from mingqu.cases.consulting import errors, rules
from mingqu.cases.consulting import selectors as consulting
from mingqu.cases.consulting.types import Answer, Question
from mingqu.cases.errors import MaterialUnknown, NotYourTask, ReasonMissing, TaskGone
from mingqu.cases.models import Case, Consultation
from mingqu.cases.services.files import Upload
from mingqu.cases.tasks import watch_consultations
from mingqu.cases.tests import asking
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants as v
from mingqu.cases.tests.test_transitions import published
from mingqu.cases.types import Finding
from mingqu.catalogue.errors import DefinitionInvalid
from mingqu.clocks import selectors as clocks
from mingqu.identity.errors import NotAuthorised, Recused
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.relay import round_once
from mingqu.notifications.models import InboxMessage

pytestmark = pytest.mark.django_db
NOW = asking.NOW
WORDS = "后厨用火是否符合消防要求"


@pytest.fixture
def w():
    return f.world(v.asking_others())


@pytest.fixture
def other(w):
    return v.other_organ()


@pytest.fixture
def case(w, other) -> Case:
    found = f.accepted_case(w)
    services.complete_step(
        case_id=found.pk,
        task_id=asking.task_id(found, "SCJG-SPXK-SH"),
        finding=Finding("met"),
        by=w.checker,
        at=NOW,
        key=uuid4(),
    )
    return found


def told(actor, kind):
    while round_once(timezone.now()):
        pass
    return [m.title for m in InboxMessage.objects.filter(person_id=actor.id, kind=kind)]


def test_another_organ_is_asked_answers_and_both_are_told_the_applicant_never(w, case, other):
    before = clocks.states([case.pk], NOW)[case.pk].binding
    one = asking.asked(case, w.reviewer, waits=True)
    assert told(other, "consultation_asked") == ["请答复征求的意见：食品经营许可"]

    asking.answered(one, other, outcome="objected", text="排烟管道不合格", uploads=[Upload("图.png", f.PNG)])
    one.refresh_from_db()

    assert (one.state, one.outcome, one.answer) == ("answered", "objected", "排烟管道不合格")
    assert len(one.answer_file_ids) == 1
    assert told(w.reviewer, "consultation_answered") == ["清禾区气象局答复了征求的意见：食品经营许可"]
    kinds = set(InboxMessage.objects.filter(person_id=w.citizen.id).values_list("kind", flat=True))
    assert not any("consultation" in kind for kind in kinds)
    assert clocks.states([case.pk], NOW)[case.pk].binding == before


def test_a_file_of_an_answer_is_for_the_officers_and_for_the_applicant_it_does_not_exist(
    w, case, other, sign_in
):
    one = asking.asked(case, w.reviewer)
    asking.answered(one, other, uploads=[Upload("图.png", f.PNG)])
    one.refresh_from_db()
    place = [case.number, one.answer_file_ids[0]]

    found = [
        sign_in(w.reviewer).get(reverse("workbench:file", args=place)).status_code,
        sign_in(w.citizen).get(reverse("cases:file", args=place)).status_code,
    ]

    assert found == [200, 404]


def test_neither_question_nor_answer_is_plain_text_of_the_ledger_or_an_event(w, case, other):
    one = asking.asked(case, w.reviewer)
    asking.answered(one, other, text="排烟管道不合格")

    for entry in AuditEntry.objects.filter(root_id=case.pk):
        assert WORDS not in str(entry.notes) and "排烟管道" not in str(entry.notes)
    from mingqu.cases.events import ConsultationAsked

    assert all(WORDS not in str(event) for event in published(case, ConsultationAsked))


def test_a_step_that_waits_is_signed_after_the_answer_and_by_nobody_before(w, case, other):
    one = asking.asked(case, w.reviewer, waits=True)
    sign = {"finding": Finding("met"), "at": NOW}
    with pytest.raises(errors.ConsultationOpen) as met, transaction.atomic():
        services.complete_step(
            case_id=case.pk, task_id=asking.task_id(case, "SCJG-HC"), by=w.inspector, key=uuid4(), **sign
        )
    assert "清禾区气象局" in str(met.value.message)
    asking.answered(one, other)

    services.complete_step(
        case_id=case.pk, task_id=asking.task_id(case, "SCJG-HC"), by=w.inspector, key=uuid4(), **sign
    )
    assert [o.finding for o in selectors.opinions_of(case)] == ["met", "met"]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"text": "  "}, errors.QuestionMissing),
        ({"limit": 0}, errors.LimitUnfit),
        ({"limit": 31}, errors.LimitUnfit),
        ({"post": "SCJG-QLS-XX"}, errors.NotAnotherOrgan),
        ({"post": "SCJG-HC"}, errors.NotAnotherOrgan),
        ({"files": (uuid4(),)}, MaterialUnknown),
    ],
)
def test_a_refused_question_leaves_nothing(w, case, given, refusal):
    with pytest.raises(refusal), transaction.atomic():
        asking.asked(case, w.reviewer, **given)
    case.refresh_from_db()
    assert (Consultation.objects.count(), case.consults) == (0, False)


def test_who_has_not_the_step_asks_nothing_and_who_was_not_asked_answers_nothing(w, case, other):
    with pytest.raises(NotYourTask), transaction.atomic():
        asking.asked(case, w.station)
    with pytest.raises(NotAuthorised), transaction.atomic():
        services.consult(
            case_id=case.pk,
            task_id=uuid4(),
            question=Question("QXJ-01", WORDS, 3),
            by=w.clerk,
            at=NOW,
            key=uuid4(),
        )
    with pytest.raises(TaskGone), transaction.atomic():
        services.consult(
            case_id=case.pk,
            task_id=uuid4(),
            question=Question("QXJ-01", WORDS, 3),
            by=w.reviewer,
            at=NOW,
            key=uuid4(),
        )
    one = asking.asked(case, w.reviewer)
    for wrong, refusal in ((w.station, NotAuthorised), (w.citizen, NotAuthorised), (w.leader, NotAuthorised)):
        with pytest.raises(refusal), transaction.atomic():
            asking.answered(one, wrong)
    for what, refusal in ((("", "好"), errors.AnswerMissing), (("agreed", " "), errors.AnswerMissing)):
        with pytest.raises(refusal), transaction.atomic():
            asking.answered(one, other, outcome=what[0], text=what[1])
    with pytest.raises(ReasonMissing), transaction.atomic():
        asking.called_off(one, w.reviewer, reason=" ")
    with pytest.raises(errors.ConsultationUnknown), transaction.atomic():
        services.answer_consultation(
            case_id=case.pk,
            consultation_id=uuid4(),
            answer=Answer("agreed", "好"),
            by=other,
            at=NOW,
            key=uuid4(),
        )
    one.refresh_from_db()
    assert one.state == "asked"


def test_a_day_before_it_is_reminded_of_once_and_when_late_both_are_told_once(w, case, other):
    one = asking.asked(case, w.reviewer, limit=3)
    soon = NOW + timedelta(days=(one.due_on - legal_day(NOW)).days - 1)

    for _twice in range(2):
        watch_consultations(soon)
    assert len(told(other, "consultation_due_soon")) == 1
    late = NOW + 30 * f.DAY
    for _twice in range(2):
        assert watch_consultations(late) == ""
    assert len(told(other, "consultation_overdue")) == len(told(w.reviewer, "consultation_overdue")) == 1
    one.refresh_from_db()
    assert one.state == "asked"  # silence is no agreement

    asking.answered(one, other, at=late)
    case.refresh_from_db()
    line = consulting.of_case(case, legal_day(late))[0]
    assert (line.state, line.late) == ("answered", True)


def test_silence_agrees_only_where_the_definition_says_so_and_nobody_is_rushed_into_it(other_world):
    w, case, _other = other_world
    with pytest.raises(errors.LimitUnfit), transaction.atomic():
        asking.asked(case, w.reviewer, limit=2)
    one = asking.asked(case, w.reviewer, limit=3)

    watch_consultations(NOW + 30 * f.DAY)

    one.refresh_from_db()
    assert one.state == "silent"
    assert told(w.reviewer, "consultation_ended") == ["征求意见结束：食品经营许可"]


@pytest.fixture
def other_world():
    w = f.world(v.asking_others(asking.SILENCE))
    other = v.other_organ()
    case = f.accepted_case(w)
    services.complete_step(
        case_id=case.pk,
        task_id=asking.task_id(case, "SCJG-SPXK-SH"),
        finding=Finding("met"),
        by=w.checker,
        at=NOW,
        key=uuid4(),
    )
    return w, case, other


@pytest.mark.parametrize(
    "wrong", [{"limit": 3, "silence": "agreed"}, {"limit": 3, "law": "某法", "article": 3}]
)
def test_a_definition_gives_the_article_by_which_silence_agrees(w, wrong):
    with pytest.raises(DefinitionInvalid, match="视为同意") as refusal, transaction.atomic():
        f.catalogue_services.publish_revision(
            document=v.asking_others(wrong), by=f.SYSTEM, at=NOW, key=uuid4(), files=f.form_files()
        )
    assert "视为同意" in str(refusal.value.message)


def test_the_asked_post_sees_the_question_and_the_files_sent_along_and_nothing_else(w, case, other):
    files = [one.file_id for one in selectors.files_of(case)]
    one = asking.asked(case, w.reviewer, files=(files[0],))

    line = consulting.asked_of(other, case.number, one.id, legal_day(NOW))
    assert line.question == WORDS and [found for found, _name in line.files] == files[:1]
    assert consulting.file_for(other, case.number, one.id, files[0]) == (case.pk, files[0])
    for wrong in (lambda: consulting.file_for(other, case.number, one.id, files[1]),
                  lambda: consulting.asked_of(w.station, case.number, one.id, legal_day(NOW)),
                  lambda: selectors.case_visible_to(other, case.number)):  # fmt: skip
        with pytest.raises(Exception, match="没有找到"):
            wrong()
    assert consulting.to_answer(other, legal_day(NOW)) == (1, 0)
    assert consulting.to_answer(w.station, legal_day(NOW)) == (0, 0)
    assert [one.number for one in consulting.page_of(other, "waiting", legal_day(NOW)).lines] == [case.number]
    assert [one.number for one in consulting.page_of(w.reviewer, "asked", legal_day(NOW)).lines] == [
        case.number
    ]
    assert consulting.page_of(other, "done", legal_day(NOW)).lines == ()


def test_silence_means_what_the_rule_says_on_every_day():
    day = legal_day(NOW)
    for ahead in range(-3, 4):
        due = day + timedelta(days=ahead)
        assert rules.after_its_day(due, day, silence_agrees=False) == "asked"
        assert rules.after_its_day(due, day, silence_agrees=True) == ("silent" if ahead < 0 else "asked")


@pytest.mark.parametrize("at", [NOW, NOW + 30 * f.DAY])
def test_pages_of_the_list_go_on_where_they_ended(w, case, other, monkeypatch, at):
    monkeypatch.setattr(consulting, "PAGE", 1)
    for post in ("SCJG-SPXK-01", "SCJG-QLS"):
        asking.asked(case, w.reviewer if post == "SCJG-SPXK-01" else w.station, step_of=post)
    for which, actor in (("waiting", other),):
        first = consulting.page_of(actor, which, legal_day(at))
        second = consulting.page_of(actor, which, legal_day(at), after=first.more)
        assert len({one.id for one in (*first.lines, *second.lines)}) == 2 and not second.more


def test_who_stands_aside_in_the_case_answers_no_question_about_it_for_another_organ(w, case, other):
    one = asking.asked(case, w.reviewer)
    Case.objects.filter(pk=case.pk).update(barred_ids=[other.id])  # she asked to while she held a post here

    with pytest.raises(Recused):
        asking.answered(one, other)

    assert Consultation.objects.get(id=one.id).state == "asked"
