"""裁量: within the range it is decided as ever; outside a second person agrees beforehand, or nothing is decided."""

import threading
from datetime import date
from uuid import uuid4

import pytest
from django.db import connections, transaction
from django.utils import timezone

from mingqu.cases import errors, selectors, services
from mingqu.cases.discretion import selectors as uses
from mingqu.cases.models import Case, Decision, Discretion
from mingqu.cases.services.certificate import issue_certificate
from mingqu.cases.services.discretion import Choice
from mingqu.cases.services.recusing import StandAside
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants as v
from mingqu.cases.types import Handed
from mingqu.certificates.models import Certificate
from mingqu.documents import selectors as documents
from mingqu.identity import services as identity
from mingqu.identity.errors import NotAuthorised, Recused
from mingqu.identity.models import Post
from mingqu.identity.types import Span
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry, OutboxEvent
from mingqu.kernel.relay import round_once
from mingqu.notifications.models import InboxMessage
from mingqu.process import selectors as tasks
from mingqu.process.errors import TaskHeld

NOW = f.FRIDAY_NOON
WHY = "租约只剩四年，申请人要求与租约一致"
OUTSIDE = Choice("granted", "", 4, WHY)  # 60 平方米: the second row, two to three years
SECOND = "SCJG-SPXK-SH"


@pytest.fixture
def w(db):
    return f.world(v.with_discretion())


@pytest.fixture
def case(w) -> Case:
    return f.reviewed_case(w)


def choose(case, by, choice, at=NOW):
    services.decide_with(case_id=case.pk, choice=choice, by=by, at=at, key=uuid4())
    case.refresh_from_db()


def asked(case, w) -> Discretion:
    choose(case, w.leader, OUTSIDE)
    return Discretion.objects.get(case=case, state="waiting")


def answer(row, by, agrees=True, text=""):
    services.answer_discretion(
        case_id=row.case_id, discretion_id=row.id, agrees=agrees, text=text, by=by, at=NOW, key=uuid4()
    )
    return Discretion.objects.get(case_id=row.case_id, id=row.id)


def pass_to(row, post, by):
    services.pass_discretion(case_id=row.case_id, discretion_id=row.id, post=post, by=by, at=NOW, key=uuid4())


def also_at_the_post(w, actor):
    """The same person at the post that is to agree."""
    identity.assign_post(
        user_id=actor.user_id,
        post_id=w.posts[SECOND],
        span=Span(legal_day(NOW)),
        by=f.SYSTEM,
        at=NOW,
        key=new_id(),
    )
    return f.Actor("staff", actor.id, post_id=w.posts[SECOND], user_id=actor.user_id, name=actor.name)


def deliver():
    while round_once(timezone.now()):
        pass


def nothing_decided(case):
    """No decision, no paper of one, no event of one, and the step is still open."""
    case.refresh_from_db()
    assert (case.status, case.outcome, case.decided_on) == ("accepted", "", None)
    assert not Decision.objects.filter(case=case).exists()
    assert not any(one.kind.startswith("decision") for one in documents.documents_of(case.pk))
    assert not OutboxEvent.objects.filter(root_id=case.pk, name="cases.decided").exists()
    assert [t.step for t in tasks.open_tasks(case.pk)] == ["decide"]


def test_what_was_mended_meanwhile_is_not_agreed_to_by_the_row_of_before(w, case):
    row = asked(case, w)
    second = w.checker
    Case.objects.filter(pk=case.pk).update(answers=case.answers | {"area_m2": 600})
    with pytest.raises(errors.DiscretionRowChanged):
        answer(row, second)
    nothing_decided(case)
    assert answer(row, second, agrees=False, text="面积更正过，请重新决定").state == "sent_back"
    choose(case, w.leader, OUTSIDE)
    assert Discretion.objects.get(case=case, state="within").rule == 3


def test_a_value_within_the_range_is_decided_at_once_and_the_certificate_lasts_as_long(w, case):
    choose(case, w.leader, Choice("granted", "", 2))

    row = Discretion.objects.get(case=case)
    assert (row.state, row.rule, row.least, row.most, row.value, row.article) == ("within", 2, 2, 3, 2, 35)
    notes = AuditEntry.objects.get(root_id=case.pk, action="case.decide").notes
    kept = {name: notes[name] for name in ("rule", "article", "least", "most", "value", "law")}
    assert kept == {
        "rule": 2,
        "article": 35,
        "least": 2,
        "most": 3,
        "value": 2,
        "law": "中华人民共和国食品安全法",
    }
    issued = issue_certificate(case_id=case.pk, at=NOW)
    assert issued.valid_until == date(2028, 9, 17)
    assert Certificate.objects.get(pk=issued.certificate_id).valid_until == issued.valid_until


def test_without_a_value_or_a_reason_nothing_changes(w, case):
    for choice, refusal in (
        (Choice("granted", ""), errors.DiscretionMissing),
        (Choice("granted", "", 0), errors.DiscretionMissing),
        (Choice("granted", "", 100), errors.DiscretionMissing),
        (Choice("granted", "", 4), errors.DiscretionUnexplained),
        (Choice("granted", "", 4, "  太短了  "), errors.DiscretionUnexplained),
    ):
        with pytest.raises(refusal), transaction.atomic():
            choose(case, w.leader, choice)
    with pytest.raises(errors.DiscretionMissing), transaction.atomic():  # 批量准予 asks for no value
        services.decide_case(case_id=case.pk, outcome="granted", reasons="", by=w.leader, at=NOW, key=uuid4())

    nothing_decided(case)
    assert not Discretion.objects.exists()


def test_a_refusal_sets_no_value_and_lies_within(w, case):
    choose(case, w.leader, Choice("refused", "场所不符合条件"))

    assert (case.status, Discretion.objects.get(case=case).state) == ("decided", "within")
    assert Discretion.objects.get(case=case).value is None


def test_outside_the_range_nothing_is_decided_until_another_person_agrees(w, case):
    row = asked(case, w)
    nothing_decided(case)
    assert (row.why, row.second_post) == (WHY, SECOND)
    with pytest.raises(errors.DiscretionWaits):
        choose(case, w.leader, Choice("granted", "", 2))

    done = answer(row, w.checker)

    case.refresh_from_db()
    decision = Decision.objects.get(case=case)
    assert (case.status, case.outcome, done.state) == ("decided", "granted", "agreed")
    assert (decision.person_id, done.person_id, done.answered_by) == (w.leader.id, w.leader.id, w.checker.id)
    assert uses.years_of(case, selectors.definition_of(case)) == 4
    entry = AuditEntry.objects.filter(root_id=case.pk, action="case.decide").get()
    assert (entry.actor_id, entry.notes["value"]) == (w.checker.id, 4)
    said = uses.on_paper([done])
    assert said[0] == "有效年数：4年" and "第三十五条" in said[1] and WHY in said[2]


def test_only_another_person_at_the_named_post_agrees(w, case):
    row = asked(case, w)
    herself = also_at_the_post(w, w.leader)

    with pytest.raises(errors.DiscretionSecondPerson):
        answer(row, herself)
    with pytest.raises(NotAuthorised):
        answer(row, w.reviewer)
    with pytest.raises(errors.ReasonMissing):
        answer(row, w.checker, agrees=False)
    nothing_decided(case)


def test_sent_back_it_is_decided_anew(w, case):
    row = asked(case, w)

    done = answer(row, w.checker, agrees=False, text="租约不是理由，按基准办")
    nothing_decided(case)
    choose(case, w.leader, Choice("granted", "", 3))

    assert (done.state, done.answer) == ("sent_back", "租约不是理由，按基准办")
    assert case.status == "decided"
    assert [one.state for one in uses.of_case(case)] == ["within", "sent_back"]


def test_who_asked_may_take_it_back_but_not_agree(w, case):
    row = asked(case, w)

    done = answer(row, w.leader, agrees=False, text="再看一看")

    assert (done.state, done.answered_by) == ("sent_back", None)


def test_what_no_row_is_for_lies_outside(w, case):
    Case.objects.filter(pk=case.pk).update(answers={**f.ANSWERS, "area_m2": None})
    case.refresh_from_db()

    row = asked(case, w)

    assert (row.rule, row.law, row.least) == (0, "", None)
    nothing_decided(case)


def test_a_row_that_says_what_is_to_be_decided_binds_the_outcome(db):
    rows = v.with_discretion()["handling"][0]["discretion"]["rules"]
    w = f.world(v.with_discretion(rules=[{**one, "outcome": "granted"} for one in rows]))
    case = f.reviewed_case(w)

    with pytest.raises(errors.DiscretionUnexplained):
        choose(case, w.leader, Choice("refused", "不想批"))
    choose(case, w.leader, Choice("refused", "不想批", why="申请人有重大违法正在调查，先不予许可"))

    nothing_decided(case)
    row = Discretion.objects.get(case=case)
    answer(row, w.checker)
    case.refresh_from_db()
    assert case.outcome == "refused"


def _withdraw(w, case):
    services.withdraw_case(case_id=case.pk, by=w.citizen, at=NOW, key=uuid4())


def _return(w, case):
    task = tasks.open_tasks(case.pk)[0]
    services.return_inside(
        case_id=case.pk, task_id=task.task_id, step="look", reason="再看", by=w.leader, at=NOW, key=uuid4()
    )


def _hold(w, case):
    task = tasks.open_tasks(case.pk)[0]
    services.hold_step(
        case_id=case.pk, task_id=task.task_id, held=True, reason="等会议", by=w.leader, at=NOW, key=uuid4()
    )


def _recuse(w, case):
    why = StandAside("kin", "申请人是我表弟")
    services.recuse(case_id=case.pk, why=why, by=w.leader, at=NOW, key=uuid4())


@pytest.mark.parametrize(
    ("deed", "refusal"),
    [
        (_withdraw, errors.NotInReview),
        (_return, errors.DiscretionUnknown),
        (_recuse, errors.DiscretionUnknown),
    ],
)
def test_what_takes_the_decision_away_takes_the_question_with_it(w, case, deed, refusal):
    row = asked(case, w)

    deed(w, case)

    assert Discretion.objects.get(case=case).state == "dropped"
    with pytest.raises(refusal):
        answer(row, w.checker)
    assert not Decision.objects.filter(case=case).exists()


def test_a_decision_given_to_another_post_leaves_the_question_behind(w, case):
    other = f._post("SCJG-LEAD-2", "另一位局领导", w.bureau, "approver", w.bureau)
    row = asked(case, w)
    task = tasks.open_tasks(case.pk)[0]

    services.pass_on(
        case_id=case.pk,
        task_id=task.task_id,
        to=Handed("SCJG-LEAD-2", "出差"),
        by=w.leader,
        at=NOW,
        key=uuid4(),
    )

    assert Discretion.objects.get(case=case, id=row.id).state == "dropped"
    choose(case, other, Choice("granted", "", 2))
    assert case.status == "decided"


def test_a_decision_that_stands_still_asks_nobody(w, case):
    _hold(w, case)

    with pytest.raises(TaskHeld):
        choose(case, w.leader, OUTSIDE)


def test_where_nobody_is_left_to_agree_the_head_is_told(w, case):
    head = f._post("SCJG-HEAD", "局长", w.bureau, "department_head", w.bureau)
    Case.objects.filter(pk=case.pk).update(barred_ids=[w.checker.id])
    deliver()
    InboxMessage.objects.all().delete()

    asked(case, w)
    deliver()

    assert list(InboxMessage.objects.values_list("person_id", "kind")) == [(head.id, "step_stranded")]


def test_a_special_procedure_keeps_the_second_person_waiting(w, case):
    row = asked(case, w)
    Case.objects.filter(pk=case.pk).update(suspended_since=legal_day(NOW), suspended_ground="hearing")

    with pytest.raises(errors.SuspendedNow):
        answer(row, w.checker)

    assert Discretion.objects.get(case=case).state == "waiting"


def test_who_stands_aside_gives_no_second_word_and_the_head_names_another_post(w, case):
    head = f._post("SCJG-HEAD", "局长", w.bureau, "department_head", w.bureau)
    row = asked(case, w)
    with pytest.raises(errors.DiscretionOtherPost):
        pass_to(row, "SCJG-HEAD", head)
    Case.objects.filter(pk=case.pk).update(barred_ids=[w.checker.id])

    with pytest.raises(Recused):
        answer(row, w.checker)
    with pytest.raises(errors.DiscretionPostUnfit):
        pass_to(row, "SCJG-LEAD", head)  # nobody there but who set the value
    pass_to(row, "SCJG-HEAD", head)

    assert answer(row, head).answered_by == head.id
    case.refresh_from_db()
    assert case.status == "decided"


def test_the_post_that_is_asked_may_pass_it_on_and_loses_it(w, case):
    head = f._post("SCJG-HEAD", "局长", w.bureau, "department_head", w.bureau)
    row = asked(case, w)

    pass_to(row, "SCJG-HEAD", w.checker)

    with pytest.raises(errors.DiscretionOtherPost):
        answer(row, w.checker)
    assert [one.id for one in uses.waiting(head)[0]] == [row.id]
    assert (uses.waiting(w.checker), uses.count_waiting(head)) == (([], ""), 1)


def test_a_post_that_fell_below_since_it_was_asked_does_not_agree_but_passes_it_on_or_sends_it_back(w, case):
    f._post("SCJG-HEAD", "局长", w.bureau, "department_head", w.bureau)
    row = asked(case, w)
    Post.objects.filter(code=SECOND).update(rank=Post.Rank.OFFICER)
    Post.objects.filter(pk=w.leader.post_id).update(rank=Post.Rank.HEAD)

    with pytest.raises(errors.DiscretionSubordinate):
        answer(row, w.checker)
    nothing_decided(case)
    pass_to(row, "SCJG-HEAD", w.checker)
    assert Discretion.objects.get(case=case).second_post == "SCJG-HEAD"
    assert answer(row, w.leader, agrees=False, text="我再想想").state == "sent_back", (
        "who asked takes it back all the same"
    )


def test_the_second_person_is_told_and_the_applicant_is_not(w, case):
    deliver()
    InboxMessage.objects.all().delete()
    row = asked(case, w)
    deliver()
    assert list(InboxMessage.objects.values_list("person_id", "kind")) == [(w.checker.id, "discretion_asked")]

    answer(row, w.checker, agrees=False, text="按基准办")
    deliver()
    assert InboxMessage.objects.filter(person_id=w.leader.id, kind="discretion_answered").exists()
    assert not InboxMessage.objects.filter(person_id=w.citizen.id).exists()


def test_an_item_without_a_table_costs_no_statement(django_assert_num_queries, db):
    w = f.world()
    case = f.received_case(w)
    uses.of_case(case)  # the definition is read once per process

    with django_assert_num_queries(0):
        assert (uses.of_case(case), uses.waiting_of(case), uses.decided(case)) == ([], [], [])


@pytest.mark.parametrize("other", ["agree", "withdraw"])
def test_of_two_at_once_one_is_done(other, committed_db):
    w = f.world(v.with_discretion())
    second = f._post("SCJG-SPXK-SH2", "另一位审核", w.bureau, "checker", w.bureau)
    also = also_at_the_post(w, second)
    case = f.reviewed_case(w)
    row = asked(case, w)
    done: list[str] = []

    def run(deed):
        try:
            deed()
            done.append("done")
        except DomainError as refused:
            done.append(refused.code)
        finally:
            connections.close_all()

    rival = (lambda: answer(row, also)) if other == "agree" else (lambda: _withdraw(w, case))
    threads = [threading.Thread(target=run, args=(one,)) for one in (lambda: answer(row, w.checker), rival)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)

    case.refresh_from_db()
    assert sorted(done).count("done") == 1, done
    assert Decision.objects.filter(case=case).count() == (case.status == "decided")
    assert Discretion.objects.get(case=case).state in ("agreed", "dropped")
