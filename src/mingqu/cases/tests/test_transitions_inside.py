"""承办 → 审核 → 批准 and 内部退回: who does what, what goes back, and what the applicant does not hear of."""

from datetime import timedelta
from uuid import uuid4

import pytest

from mingqu.cases import errors, selectors, services
from mingqu.cases.events import StepReturned
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants as v
from mingqu.cases.tests.test_refusals import unchanged
from mingqu.cases.tests.test_transitions import published
from mingqu.cases.types import Finding
from mingqu.clocks import selectors as clocks
from mingqu.identity.errors import NotAuthorised
from mingqu.kernel import relay
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor
from mingqu.notifications import selectors as notifications
from mingqu.process import selectors as tasks
from mingqu.process.errors import NotEarlier

pytestmark = pytest.mark.django_db
NOW = f.FRIDAY_NOON
LATER = NOW + timedelta(days=3)
SECRET = "李某的租赁合同与产权证不一致"


@pytest.fixture
def w():
    """A world in which a review is checked before it is decided."""
    return f.world(v.in_three_steps())


def task(case, step):
    return next(t for t in tasks.open_tasks(case.pk) if t.step == step)


def do(case, step, by, *, outcome="met", text="", at=NOW, key=None):
    services.complete_step(
        case_id=case.pk,
        task_id=task(case, step).task_id,
        finding=Finding(outcome, text),
        by=by,
        at=at,
        key=key or uuid4(),
    )


def give_back(case, from_step, to, by, *, reason=SECRET, **other):
    given = {"at": LATER, "key": uuid4()} | other
    services.return_inside(
        case_id=case.pk, task_id=task(case, from_step).task_id, step=to, reason=reason, by=by, **given
    )
    case.refresh_from_db()


def decide(w, case, by, outcome="granted", at=LATER):
    services.decide_case(case_id=case.pk, outcome=outcome, reasons="", by=by, at=at, key=uuid4())


def in_check(w) -> Case:
    case = f.accepted_case(w)
    do(case, "review", w.reviewer)
    return case


def in_decision(w) -> Case:
    case = in_check(w)
    do(case, "verify", w.checker)
    return case


def same_person(actor: Actor, person: Actor) -> Actor:
    """The person of one account acting as the post of another: one person may hold several posts."""
    return Actor("staff", person.id, post_id=actor.post_id, user_id=person.user_id, name=person.name)


# 承办 → 审核 → 批准


def test_a_review_is_checked_and_then_decided_by_three_people(w):
    case = in_decision(w)

    decide(w, case, w.leader)

    assert [e.action for e in AuditEntry.objects.filter(root_id=case.pk).order_by("seq")][2:] == [
        "case.review",
        "case.check",
        "case.decide",
    ]


def test_who_may_review_may_not_check():
    """A post is given case.check for 审核; case.review is 承办."""
    w = f.world(v.document(steps=[v.REVIEW, {**v.VERIFY, "post": "SCJG-HC"}], decide=v.DECIDE))
    case = in_check(w)

    unchanged(case, lambda: do(case, "verify", w.inspector), NotAuthorised)


def test_who_did_the_review_does_not_check_it_whatever_post_she_acts_as(w):
    case = in_check(w)

    refusal = unchanged(
        case, lambda: do(case, "verify", same_person(w.checker, w.reviewer)), errors.SamePerson
    )
    assert "承办" in refusal.message and "审核" in refusal.message


def test_who_did_the_review_does_not_decide_on_it_whatever_post_she_acts_as(w):
    case = in_decision(w)

    unchanged(case, lambda: decide(w, case, same_person(w.leader, w.reviewer)), errors.SamePerson)


def test_another_person_on_the_same_post_may_check(w):
    """It is the person that counts, never the post."""
    case = in_check(w)
    other = f.people.staff_user("另一名审核人", w.checker.post_id)

    do(case, "verify", Actor("staff", other.person_id, post_id=w.checker.post_id, name="另一名审核人"))

    assert {t.step for t in tasks.open_tasks(case.pk)} == {"decide"}


def test_who_went_on_the_visit_does_not_decide():
    """行政许可法 34: the second officer of the visit has looked into the case as well."""
    w = f.world()
    case = f.reviewed_case(w, situation=f.RAW_FOOD)

    for officer in (w.inspector, w.station):
        unchanged(
            case, lambda officer=officer: decide(w, case, same_person(w.leader, officer)), errors.SamePerson
        )


@pytest.mark.parametrize("outcome", ["returned", "", "perhaps"])
def test_a_finding_is_met_or_not_met(w, outcome):
    case = f.accepted_case(w)

    unchanged(case, lambda: do(case, "review", w.reviewer, outcome=outcome), errors.FindingMissing)


# 内部退回


def test_the_checker_returns_the_review_and_it_is_done_again(w):
    case = in_check(w)

    give_back(case, "verify", "review", w.checker)

    assert case.returned_inside
    assert {t.step for t in tasks.open_tasks(case.pk)} == {"review"}
    assert published(case, StepReturned)[0]["to"] == "review"


def test_the_reason_of_a_return_is_kept_with_the_opinions_and_nowhere_in_the_clear(w):
    case = in_check(w)

    give_back(case, "verify", "review", w.checker)

    kept = selectors.opinions_of(case)[-1]
    assert (kept.finding, kept.step, kept.returned_to, kept.text) == ("returned", "verify", "review", SECRET)
    assert SECRET not in str([h.reason for h in tasks.history(case.pk)])
    assert SECRET not in str(AuditEntry.objects.filter(root_id=case.pk).values_list("notes", flat=True))
    assert SECRET not in str(published(case, StepReturned))


def test_a_return_stops_no_clock(w):
    """行政许可法 42, 45: it stays inside; 补正 is another thing."""
    case = in_check(w)
    before = clocks.states([case.pk], LATER)

    give_back(case, "verify", "review", w.checker)

    assert clocks.states([case.pk], LATER) == before


def test_the_applicant_hears_nothing_of_a_return(w):
    case = in_check(w)
    relay.deliver_root(case.pk, LATER)
    before = [m.id for m in notifications.messages_about(w.citizen.id, case.pk)]

    give_back(case, "verify", "review", w.checker)
    relay.deliver_root(case.pk, LATER)

    assert [m.id for m in notifications.messages_about(w.citizen.id, case.pk)] == before


def test_the_label_goes_when_the_step_is_done_again_and_the_latest_opinion_counts(w):
    case = in_check(w)
    give_back(case, "verify", "review", w.checker)

    do(case, "review", w.reviewer, outcome="not_met", text="确实不一致", at=LATER)

    case.refresh_from_db()
    assert not case.returned_inside
    assert selectors.latest_opinions(case)["review"].finding == "not_met"
    assert [o.finding for o in selectors.opinions_of(case)] == ["met", "returned", "not_met"]


def test_the_approver_returns_over_the_check_to_the_review_and_both_are_done_again(w):
    case = in_decision(w)

    give_back(case, "decide", "review", w.leader)
    do(case, "review", w.reviewer, at=LATER)
    do(case, "verify", w.checker, at=LATER)
    decide(w, case, w.leader)

    assert Case.objects.get(pk=case.pk).status == "decided"


def test_the_label_stays_until_the_step_that_was_returned_to_is_done(w):
    case = in_decision(w)
    give_back(case, "decide", "verify", w.leader)
    give_back(case, "verify", "review", w.checker)

    do(case, "review", w.reviewer, at=LATER)
    assert Case.objects.get(pk=case.pk).returned_inside
    do(case, "verify", w.checker, at=LATER)

    assert not Case.objects.get(pk=case.pk).returned_inside


def test_one_of_parallel_steps_is_asked_again_the_others_keep_what_they_gave():
    w = f.world()
    case = f.reviewed_case(w)

    give_back(case, "decide", "fitness", w.leader)

    assert {t.step for t in tasks.open_tasks(case.pk)} == {"fitness"}
    f.review(w, case, "fitness", at=LATER)
    assert {t.step for t in tasks.open_tasks(case.pk)} == {"decide"}


def test_work_is_returned_while_a_special_procedure_goes_on(w):
    """行政许可法 45 stops the clock, not the work inside."""
    case = in_check(w)
    services.pause_case(
        case_id=case.pk,
        ground="testing",
        expected_until=LATER.date(),
        reason="需要检测",
        by=w.reviewer,
        at=NOW,
        key=uuid4(),
    )

    give_back(case, "verify", "review", w.checker)

    assert case.returned_inside


def test_who_returns_says_why(w):
    case = in_check(w)

    unchanged(case, lambda: give_back(case, "verify", "review", w.checker, reason=" "), errors.ReasonMissing)


@pytest.mark.parametrize("to", ["decide", "verify", "nowhere"])
def test_only_a_step_done_before_can_be_returned_to(w, to):
    case = in_check(w)

    unchanged(case, lambda: give_back(case, "verify", to, w.checker), NotEarlier)


def test_only_the_post_of_the_step_returns_from_it(w):
    case = in_check(w)

    unchanged(case, lambda: give_back(case, "verify", "review", w.reviewer), errors.NotYourTask)
    unchanged(case, lambda: give_back(case, "verify", "review", w.clerk), NotAuthorised)


def test_a_step_that_somebody_closed_is_not_returned(w):
    case = in_check(w)
    closed = task(case, "verify").task_id
    do(case, "verify", w.checker)

    unchanged(
        case,
        lambda: services.return_inside(
            case_id=case.pk, task_id=closed, step="review", reason="x", by=w.checker, at=LATER, key=uuid4()
        ),
        errors.TaskGone,
    )


def test_a_decided_case_is_not_returned(w):
    case = in_decision(w)
    closed = task(case, "decide").task_id
    decide(w, case, w.leader)

    unchanged(
        case,
        lambda: services.return_inside(
            case_id=case.pk, task_id=closed, step="review", reason="x", by=w.leader, at=LATER, key=uuid4()
        ),
        errors.NotInReview,
    )


def test_a_visit_planned_for_a_step_that_is_returned_is_called_off():
    """The officers do not go where nobody waits for them."""
    look = {**v.VERIFY, "id": "look", "name": "现场核查", "kind": "visit", "people": 2, "post": "SCJG-HC"}
    lists = v.document()["handling"][0]["checklists"]
    w = f.world(
        v.document(
            steps=[v.REVIEW, {**look, "checklist": lists[0]["code"]}], decide=v.DECIDE, checklists=lists
        )
    )
    case = f.accepted_case(w)
    do(case, "review", w.reviewer)
    f.visit_planned(w, case)

    give_back(case, "look", "review", w.inspector)

    assert [visit.state for visit in selectors.visits_of(case)] == ["void"]
