"""回避: who stands aside has no hand in the case by any deed, whatever post she holds; the head decides and is told."""

import threading
from uuid import uuid4

import pytest
from django.db import connections, transaction
from django.utils import timezone

from mingqu.cases import errors, selectors, services
from mingqu.cases.models import Case, Recusal
from mingqu.cases.recusing import selectors as recusing
from mingqu.cases.recusing.selectors import undecided
from mingqu.cases.services.recusing import StandAside
from mingqu.cases.services.standing_aside import stranded
from mingqu.cases.tests import asking
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import test_transitions_table as table
from mingqu.cases.tests import variants as v
from mingqu.cases.types import Finding, Handed
from mingqu.identity import services as identity
from mingqu.identity.errors import NotAuthorised, Recused
from mingqu.identity.services import access
from mingqu.identity.types import Span
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.relay import round_once
from mingqu.notifications.models import InboxMessage
from mingqu.process import selectors as tasks
from mingqu.workbench.selectors.words import labels_of

NOW = asking.NOW
KIN = StandAside("kin", "申请人是我表弟")
REVIEW, OTHER = "SCJG-SPXK-01", "SCJG-HC"


@pytest.fixture
def w(db):
    return f.world(v.signed_by_three())


@pytest.fixture
def case(w) -> Case:
    return f.accepted_case(w)


def recuse(case, by, why=KIN):
    services.recuse(case_id=case.pk, why=why, by=by, at=NOW, key=uuid4())
    case.refresh_from_db()
    return Recusal.objects.get(case=case, person_id=by.id, state="asked")


def exclude(case, by, person, why=KIN):
    services.exclude(case_id=case.pk, person_id=person.id, why=why, by=by, at=NOW, key=uuid4())
    case.refresh_from_db()


def decide(one, by, stands=False, text="只是同名"):
    services.decide_recusal(
        case_id=one.case_id, recusal_id=one.id, stands=stands, text=text, by=by, at=NOW, key=uuid4()
    )


def sign(case, by, post=REVIEW, **finding):
    services.complete_step(
        case_id=case.pk,
        task_id=asking.task_id(case, post),
        finding=Finding("met", **finding),
        by=by,
        at=NOW,
        key=uuid4(),
    )


def pass_on(case, by, post, to, **how):
    services.pass_on(
        case_id=case.pk,
        task_id=asking.task_id(case, post),
        to=Handed(to, "出差", **how),
        by=by,
        at=NOW,
        key=uuid4(),
    )


def told(actor, kind):
    while round_once(timezone.now()):
        pass
    return list(InboxMessage.objects.filter(person_id=actor.id, kind=kind).values_list("title", flat=True))


def colleague(w, post=REVIEW):
    """Another person who holds the same post."""
    user = f.people.staff_user("同岗", w.posts[post])
    return f.Actor("staff", user.person_id, post_id=w.posts[post], user_id=user.id, name="同岗")


def in_another_post(w, actor, post):
    identity.assign_post(
        user_id=actor.user_id,
        post_id=w.posts[post],
        span=Span(legal_day(NOW)),
        by=f.SYSTEM,
        at=NOW,
        key=new_id(),
    )
    return f.Actor("staff", actor.id, post_id=w.posts[post], user_id=actor.user_id, name=actor.name)


def test_every_deed_is_refused_to_who_stands_aside_and_reading_is_not(w, case):
    staff = {"clerk", "reviewer", "checker", "inspector", "station", "leader"}
    Case.objects.filter(pk=case.pk).update(barred_ids=[getattr(w, name).id for name in staff])
    case.refresh_from_db()
    of_others = {
        "case.exclude", "case.reassign", "case.release_others",  # of the head, who does not stand aside
        "case.supplement", "case.bring_owed", "case.choose_delivery", "case.ask_new_date", "case.withdraw",  # applicant
    }  # fmt: skip

    for name, (give, _wrong_state) in table.COMMANDS.items():
        if name in of_others:
            continue
        with pytest.raises(DomainError) as refused, transaction.atomic():
            give(w, case)
        assert refused.value.code == "recused", name
    for name in staff:
        assert selectors.actions_now(getattr(w, name), case) == frozenset()
        assert selectors.case_visible_to(getattr(w, name), case.number) == case
        assert not access.allows(getattr(w, name), "case.reveal", case)


def test_it_bars_the_person_in_every_post_also_after_passing_on_lending_and_adding(w, case):
    recuse(case, w.reviewer)
    elsewhere = in_another_post(w, w.reviewer, "SCJG-SPXK-SH")
    with pytest.raises(Recused), transaction.atomic():
        sign(case, w.reviewer)

    pass_on(case, w.inspector, OTHER, "SCJG-SPXK-SH", back=True)
    with pytest.raises(Recused) as met, transaction.atomic():
        sign(case, elsewhere, "SCJG-SPXK-SH")
    assert "回避" in met.value.message
    sign(case, w.checker, "SCJG-SPXK-SH")  # the post's other holder
    services.change_signers(
        case_id=case.pk,
        task_id=asking.task_id(case, OTHER),
        to=Handed("SCJG-SPXK-SH", "会商", add=True),
        by=w.inspector,
        at=NOW,
        key=uuid4(),
    )
    with pytest.raises(Recused), transaction.atomic():
        sign(case, elsewhere, "SCJG-SPXK-SH")


def test_another_holder_of_the_post_goes_on_and_her_own_list_is_without_it(w, case):
    other = colleague(w)
    recuse(case, w.reviewer)

    waiting = selectors.steps_waiting(other, REVIEW, selectors.StepsWanted())
    assert [one.case.pk for one in waiting] == [case.pk]
    assert selectors.steps_waiting(w.reviewer, REVIEW, selectors.StepsWanted()) == []
    assert stranded(case, NOW) == []
    case.refresh_from_db()
    assert undecided([case]) == {case.pk}
    assert "等回避决定" in [one.words for one in labels_of(case, recusal=True)]
    sign(case, other)


def test_who_stands_aside_is_no_second_officer(w, case):
    recuse(case, w.reviewer)

    with pytest.raises(errors.OfficerBarred), transaction.atomic():
        sign(case, w.inspector, OTHER, second_officer=w.reviewer.name)


def test_a_visit_is_neither_planned_with_nor_recorded_by_who_stands_aside(db):
    w = f.world()
    case = f.accepted_case(w, situation=f.RAW_FOOD)
    visit = f.visit_planned(w, case)
    exclude(case, asking.head_of(w), w.station)

    with pytest.raises(errors.OfficerBarred), transaction.atomic():
        services.record_visit(
            case_id=case.pk, visit_id=visit.id, record=f.visit_record(w, case, visit, visit.planned_for),
            by=w.inspector, at=visit.planned_for, key=uuid4(),
        )  # fmt: skip
    with pytest.raises(errors.OfficerBarred), transaction.atomic():
        services.move_visit(
            case_id=case.pk, visit_id=visit.id, plan=f.visit_plan(w, NOW + f.DAY), reason="换人",
            by=w.inspector, at=NOW, key=uuid4(),
        )  # fmt: skip


def test_the_head_is_told_where_nobody_is_left_and_gives_the_step_to_another_post(w, case):
    head = asking.head_of(w)
    recuse(case, w.reviewer)
    assert told(head, "step_stranded") == ["环节没有人可以办：食品经营许可"]
    give = {"case_id": case.pk, "reason": "都回避", "at": NOW}
    with pytest.raises(errors.NotStranded), transaction.atomic():
        services.reassign(
            task_id=asking.task_id(case, OTHER), post="SCJG-SPXK-SH", by=head, key=uuid4(), **give
        )
    own = asking.task_id(case, REVIEW)
    with pytest.raises(errors.PostUnfit), transaction.atomic():
        services.reassign(task_id=own, post=REVIEW, by=head, key=uuid4(), **give)
    with pytest.raises(NotAuthorised), transaction.atomic():
        services.reassign(task_id=own, post="SCJG-SPXK-SH", by=w.inspector, key=uuid4(), **give)

    services.reassign(task_id=own, post="SCJG-SPXK-SH", by=head, key=uuid4(), **give)

    assert stranded(case, NOW) == []
    assert told(w.checker, "step_handed") == ["转来一个环节：食品经营许可"]
    sign(case, w.checker, "SCJG-SPXK-SH")


@pytest.mark.parametrize(("how", "words"), [({}, "从此由您办"), ({"back": True}, "办完交回")])
def test_who_is_given_a_step_is_told_once_and_how(w, case, how, words):
    pass_on(case, w.reviewer, REVIEW, "SCJG-SPXK-SH", **how)

    assert len(told(w.checker, "step_handed")) == len(told(w.checker, "step_handed")) == 1
    assert words in InboxMessage.objects.get(person_id=w.checker.id, kind="step_handed").body
    assert told(w.reviewer, "step_handed") == []


def test_a_step_that_opens_later_with_nobody_left_is_told_too(db):
    w = f.world(v.in_three_steps())
    case, head = f.accepted_case(w), asking.head_of(w)
    exclude(case, head, w.checker)
    assert told(head, "step_stranded") == []

    sign(case, w.reviewer)

    assert len(told(head, "step_stranded")) == 1
    assert [one.post for one in stranded(case, NOW)] == ["SCJG-SPXK-SH"]


def test_nothing_is_passed_on_to_a_post_where_nobody_is_left(w, case):
    recuse(case, w.checker)

    with pytest.raises(errors.PostUnfit), transaction.atomic():
        pass_on(case, w.reviewer, REVIEW, "SCJG-SPXK-SH")


def test_the_head_agrees_or_lifts_it_and_never_decides_about_herself(w, case):
    head = asking.head_of(w)
    one = recuse(case, w.reviewer)
    assert told(head, "recusal_asked") == ["有人申请回避，请您决定：食品经营许可"]
    assert [line.text for line in recusing.to_decide(head)[0]] == [KIN.text]
    assert recusing.count_to_decide(head) == 1
    with pytest.raises(errors.ReasonMissing), transaction.atomic():
        decide(one, head, text=" ")
    with pytest.raises(NotAuthorised), transaction.atomic():
        decide(one, w.leader)
    with pytest.raises(errors.NotOnesOwn), transaction.atomic():
        exclude(case, head, head)
    decide(one, head, stands=True, text="")
    with pytest.raises(errors.RecusalUnknown), transaction.atomic():
        decide(one, head, stands=True)
    assert told(w.reviewer, "recusal_decided") == ["回避已决定：食品经营许可"]

    decide(one, head)
    case.refresh_from_db()
    assert case.barred_ids == []
    sign(case, w.reviewer)

    own = Recusal.objects.create(
        case=case, person_id=head.id, ground="own", text="本人", state="asked", asked_by=head.id,
        asked_by_post=head.post_id, asked_at=NOW,
    )  # fmt: skip
    with pytest.raises(errors.NotOnesOwn), transaction.atomic():
        decide(own, head)


@pytest.mark.parametrize(
    ("why", "refusal"),
    [
        (StandAside("", "表弟"), errors.RecusalGroundMissing),
        (StandAside("kin", " "), errors.RecusalGroundMissing),
    ],
)
def test_a_refused_recusal_leaves_nothing(w, case, why, refusal):
    with pytest.raises(refusal), transaction.atomic():
        recuse(case, w.reviewer, why)
    with pytest.raises(errors.NoOfficerOfCase), transaction.atomic():
        exclude(case, asking.head_of(w), w.citizen)
    case.refresh_from_db()
    assert (case.barred_ids, Recusal.objects.count()) == ([], 0)


def test_why_is_read_by_the_head_and_the_officer_only_and_stands_nowhere_in_the_clear(w, case):
    head = asking.head_of(w)
    exclude(case, head, w.station)
    with pytest.raises(errors.RecusedAlready), transaction.atomic():
        exclude(case, head, w.station)

    assert [line.text for line in recusing.of_case(case, head)] == [KIN.text]
    assert [line.text for line in recusing.of_case(case, w.station)] == [KIN.text]
    assert [(line.name, line.text) for line in recusing.of_case(case, w.reviewer)] == [(w.station.name, "")]
    for entry in AuditEntry.objects.filter(root_id=case.pk):
        assert "表弟" not in str(entry.notes) and str(w.station.id) not in str(entry.notes)


def test_standing_aside_and_signing_at_once_come_one_after_the_other(committed_db):
    w = f.world(v.signed_by_three())
    case = f.accepted_case(w)
    head, done = asking.head_of(w), {}
    task = asking.task_id(case, REVIEW)

    def run(name, deed):
        try:
            deed()
            done[name] = "ok"
        except DomainError as refused:
            done[name] = refused.code
        finally:
            connections.close_all()

    deeds = {
        "exclude": lambda: services.exclude(
            case_id=case.pk, person_id=w.reviewer.id, why=KIN, by=head, at=NOW, key=uuid4()
        ),
        "sign": lambda: services.complete_step(
            case_id=case.pk, task_id=task, finding=Finding("met"), by=w.reviewer, at=NOW, key=uuid4()
        ),
    }
    threads = [threading.Thread(target=run, args=one) for one in deeds.items()]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    signed = [t for t in tasks.all_tasks(case.pk) if t.closed_by == w.reviewer.id]
    assert done["exclude"] == "ok"
    assert (done["sign"], len(signed)) in (("ok", 1), ("recused", 0))
