"""会签, 转办, 委派, 加签, 减签, 挂起, 撤回: who may, what is written down, what a refused deed leaves as it was."""

from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.db import transaction

from mingqu.cases import errors, selectors, services
from mingqu.cases.events import StepCompleted
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants as v
from mingqu.cases.tests.test_transitions import published
from mingqu.cases.types import Finding, Handed
from mingqu.catalogue.errors import DefinitionInvalid
from mingqu.identity.errors import NotAuthorised
from mingqu.kernel.errors import DomainError
from mingqu.kernel.models import AuditEntry
from mingqu.process import selectors as tasks

pytestmark = pytest.mark.django_db
NOW = f.FRIDAY_NOON


@pytest.fixture
def w():
    return f.world(v.signed_by_three())


@pytest.fixture
def case(w) -> Case:
    return f.accepted_case(w)


@contextmanager
def refusing(case, refusal):
    """It is refused so, and neither the case nor what is asked has changed."""
    before = asked(case), len(selectors.opinions_of(case))
    with pytest.raises(refusal) as met, transaction.atomic():
        yield met
    assert (asked(case), len(selectors.opinions_of(case))) == before


def task_of(case, post):
    return next(t for t in tasks.open_tasks(case.pk) if t.post == post).task_id


def asked(case):
    return sorted(t.post for t in tasks.open_tasks(case.pk))


def sign(case, by, post, outcome="met", text="", at=NOW):
    return services.complete_step(
        case_id=case.pk,
        task_id=task_of(case, post),
        finding=Finding(outcome, text),
        by=by,
        at=at,
        key=uuid4(),
    )


def hand(service, case, by, task_id, to, **given):
    to = Handed(to, given.pop("reason", "本周出差"), **given)
    return service(case_id=case.pk, task_id=task_id, to=to, by=by, at=NOW, key=uuid4())


def take_back(case, by, task_id, reason="写错了"):
    return services.take_back(case_id=case.pk, task_id=task_id, reason=reason, by=by, at=NOW, key=uuid4())


def hold(case, by, task_id, held=True, reason="等上级答复"):
    return services.hold_step(
        case_id=case.pk, task_id=task_id, held=held, reason=reason, by=by, at=NOW, key=uuid4()
    )


def test_a_step_of_three_signatures_opens_the_decision_with_the_last_and_keeps_each_opinion(w, case):
    assert asked(case) == ["SCJG-HC", "SCJG-QLS", "SCJG-SPXK-01"]

    sign(case, w.inspector, "SCJG-HC", "not_met", "后厨没有消毒柜")
    sign(case, w.reviewer, "SCJG-SPXK-01")
    assert (asked(case), published(case, StepCompleted)) == (["SCJG-QLS"], [])
    sign(case, w.station, "SCJG-QLS")

    assert asked(case) == ["SCJG-LEAD"]
    assert len(published(case, StepCompleted)) == 1
    assert [o.finding for o in selectors.standing_opinions(case)] == ["not_met", "met", "met"]


def test_one_person_with_two_posts_signs_once(w, case):
    sign(case, w.inspector, "SCJG-HC")
    both = f.Actor(
        "staff", w.inspector.id, post_id=w.station.post_id, user_id=w.inspector.user_id, name="核查"
    )

    with refusing(case, errors.SignedAlready):
        sign(case, both, "SCJG-QLS")


def test_a_decision_is_not_signed_together_and_the_definition_says_so(w):
    refused = v.signed_by_three()
    decide = refused["handling"][0]["decide"]
    refused["handling"][0]["decide"] = {**decide, "sign": "all", "signers": ["SCJG-HC"]}
    with pytest.raises(DefinitionInvalid) as refusal, transaction.atomic():
        f.catalogue_services.publish_revision(
            document=refused, by=f.SYSTEM, at=NOW, key=uuid4(), files=f.form_files()
        )
    assert "由一个岗位办理" in str(refusal.value.message)


def test_a_step_passed_on_is_the_other_posts_and_the_reason_is_no_plain_text_of_the_ledger(w, case):
    own = task_of(case, "SCJG-HC")

    hand(services.pass_on, case, w.inspector, own, "SCJG-SPXK-SH", reason="李某回避")

    assert asked(case) == ["SCJG-QLS", "SCJG-SPXK-01", "SCJG-SPXK-SH"]
    with refusing(case, errors.TaskGone):
        sign_gone(case, w.inspector, uuid4())
    entry = AuditEntry.objects.filter(root_id=case.pk, action="case.pass_on").get()
    assert "李某" not in str(entry.notes) and entry.notes["to_post"] == "SCJG-SPXK-SH"


def sign_gone(case, by, task_id):
    services.complete_step(
        case_id=case.pk, task_id=task_id, finding=Finding("met"), by=by, at=NOW, key=uuid4()
    )


def test_a_step_that_is_lent_comes_back_with_advice_and_is_answered_by_who_lent_it(w, case):
    own = task_of(case, "SCJG-HC")
    hand(services.pass_on, case, w.inspector, own, "SCJG-SPXK-SH", back=True)
    sign(case, w.checker, "SCJG-SPXK-SH", "not_met", "面积不够")

    assert asked(case) == ["SCJG-HC", "SCJG-QLS", "SCJG-SPXK-01"]
    assert [(o.advice, o.finding) for o in selectors.opinions_of(case)] == [(True, "not_met")]
    hand(services.pass_on, case, w.inspector, own, "SCJG-SPXK-SH", back=True)
    with refusing(case, errors.NotYourTask):
        hand(services.pass_on, case, w.station, own, "SCJG-HC")
    hand(services.pass_on, case, w.inspector, own, "SCJG-HC")  # called back
    sign(case, w.inspector, "SCJG-HC")
    assert asked(case) == ["SCJG-QLS", "SCJG-SPXK-01"]


def test_an_added_signature_is_asked_for_and_may_be_dropped_but_the_definitions_own_may_not(w, case):
    own = task_of(case, "SCJG-SPXK-01")
    hand(services.change_signers, case, w.reviewer, own, "SCJG-SPXK-SH")
    assert "SCJG-SPXK-SH" in asked(case)
    hand(services.change_signers, case, w.reviewer, own, "SCJG-SPXK-SH", add=False)
    assert "SCJG-SPXK-SH" not in asked(case)

    with refusing(case, DomainError) as refusal:
        hand(services.change_signers, case, w.reviewer, own, "SCJG-HC", add=False)
    assert refusal.value.code == "not_added_signer"


def test_what_stands_still_is_not_answered_and_the_deadline_runs_on(w, case):
    own, due = task_of(case, "SCJG-HC"), case.due_on
    hold(case, w.inspector, own)
    with refusing(case, DomainError) as refusal:
        sign(case, w.inspector, "SCJG-HC")
    assert refusal.value.code == "task_held"
    hold(case, w.inspector, own, held=False, reason="")
    sign(case, w.inspector, "SCJG-HC")
    case.refresh_from_db()
    assert case.due_on == due


def test_an_opinion_is_taken_back_by_who_gave_it_and_stays_on_file(w, case):
    own = task_of(case, "SCJG-HC")
    sign(case, w.inspector, "SCJG-HC", "not_met", "看错了门牌")
    with refusing(case, errors.NotYoursToTakeBack):
        take_back(case, w.station, own)

    take_back(case, w.inspector, own)

    assert "SCJG-HC" in asked(case)
    assert selectors.standing_opinions(case) == []
    assert [o.finding for o in selectors.opinions_of(case)] == ["not_met", "undone"]
    with refusing(case, DomainError) as refusal:
        take_back(case, w.inspector, own)
    assert refusal.value.code == "nothing_to_take_back"


@pytest.mark.parametrize(
    ("deed", "refused"),
    [
        (lambda w, c, t: hand(services.pass_on, c, w.inspector, t, "QH-HALL-03"), errors.PostUnfit),
        (
            lambda w, c, t: hand(services.pass_on, c, w.inspector, t, "SCJG-QLS", reason=" "),
            errors.ReasonMissing,
        ),
        (lambda w, c, t: hand(services.pass_on, c, w.station, t, "SCJG-SPXK-SH"), errors.NotYourTask),
        (lambda w, c, t: hand(services.pass_on, c, w.clerk, t, "SCJG-SPXK-SH"), NotAuthorised),
        (
            lambda w, c, t: hand(services.change_signers, c, w.inspector, uuid4(), "SCJG-SPXK-SH"),
            errors.TaskGone,
        ),
        (lambda w, c, t: hold(c, w.inspector, t, reason=" "), errors.ReasonMissing),
        (lambda w, c, t: take_back(c, w.inspector, uuid4()), errors.TaskGone),
    ],
    ids=[
        "unfit post",
        "no reason",
        "another's step",
        "no such right",
        "no such step",
        "hold why",
        "take back what",
    ],
)
def test_a_refused_deed_leaves_everything_as_it_was(w, case, deed, refused):
    own = task_of(case, "SCJG-HC")
    with refusing(case, refused):
        deed(w, case, own)


def test_a_decision_is_passed_on_whole_and_neither_lent_nor_signed_with_others(w, case):
    for by, post in ((w.inspector, "SCJG-HC"), (w.reviewer, "SCJG-SPXK-01"), (w.station, "SCJG-QLS")):
        sign(case, by, post)
    decide = task_of(case, "SCJG-LEAD")
    for refused in (
        lambda: hand(services.pass_on, case, w.leader, decide, "SCJG-LEAD", back=True),
        lambda: hand(services.change_signers, case, w.leader, decide, "SCJG-LEAD"),
    ):
        with refusing(case, errors.OnlyPassedOn):
            refused()


def test_who_signed_as_the_post_she_added_does_not_sign_as_her_own_too():
    w = f.world(v.document(steps=[v.REVIEW], decide=v.DECIDE))
    case = f.accepted_case(w)
    own = task_of(case, "SCJG-SPXK-01")
    hand(services.change_signers, case, w.reviewer, own, "SCJG-SPXK-SH")
    also = f.Actor(
        "staff", w.reviewer.id, post_id=w.checker.post_id, user_id=w.reviewer.user_id, name=w.reviewer.name
    )
    sign(case, also, "SCJG-SPXK-SH")

    with refusing(case, errors.SignedAlready):
        sign(case, w.reviewer, "SCJG-SPXK-01")
