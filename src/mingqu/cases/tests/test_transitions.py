"""Not taken in, settled on the spot, withdrawn, terminated, archived: each transition and refusal by its article."""

from datetime import timedelta
from uuid import uuid4

import pytest

from mingqu.cases import errors, selectors, services
from mingqu.cases.events import CaseAccepted, CaseDecided, CaseNotAccepted, CaseTerminated
from mingqu.cases.models import Case, Decision
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants as v
from mingqu.cases.tests.test_refusals import unchanged
from mingqu.clocks import selectors as clocks
from mingqu.documents.models import DocumentRequest
from mingqu.identity.errors import NotAuthorised
from mingqu.kernel import relay
from mingqu.kernel.models import AuditEntry, OutboxEvent
from mingqu.notifications import selectors as notifications
from mingqu.process import selectors as tasks

pytestmark = pytest.mark.django_db
NOW = f.FRIDAY_NOON
AFTER_FIVE_DAYS = NOW + timedelta(days=10)


@pytest.fixture
def w():
    return f.world()


@pytest.fixture
def window():
    """A world in which the window settles on the spot."""
    return f.world(v.on_the_spot())


def paper(case, kind):
    return DocumentRequest.objects.get(root_id=case.pk, kind=kind).data


def published(case, event):
    return [e.payload for e in OutboxEvent.objects.filter(root_id=case.pk, name=event.name)]


def refuse(
    w, case, ground="not_competent", *, reason="经营场所不在清禾区", organ="云禾区市场监督管理局", **other
):
    given = {"by": w.clerk, "at": NOW, "key": uuid4()} | other
    services.refuse_acceptance(case_id=case.pk, ground=ground, reason=reason, organ=organ, **given)
    case.refresh_from_db()
    return case


def settle(w, case, *, outcome="granted", reasons="", **other):
    given = {"by": w.clerk, "at": NOW, "key": uuid4()} | other
    services.settle_on_spot(case_id=case.pk, outcome=outcome, reasons=reasons, **given)
    case.refresh_from_db()
    return case


def terminate(w, case, *, reason="申请人已经注销登记，主体资格消灭", **other):
    given = {"by": w.leader, "at": NOW, "key": uuid4()} | other
    services.terminate_case(case_id=case.pk, reason=reason, **given)
    case.refresh_from_db()
    return case


# Not taken in (行政许可法 32, 78)


def test_what_needs_no_licence_is_told_at_once_with_reason_and_remedies(w):
    """行政许可法 32(1)"""
    case = refuse(w, f.received_case(w), "not_required", reason="只销售预包装食品，办理备案即可")

    assert (case.status, case.due_on, clocks.due_on(case.pk)) == ("not_required", None, None)
    told = paper(case, "not_required_notice")
    assert told["reasons"] == ["只销售预包装食品，办理备案即可"]
    assert told["reconsideration_organ"] and told["court"]
    assert published(case, CaseNotAccepted)[0]["ground"] == "not_required"


def test_who_is_not_competent_says_which_organ_is(w):
    """行政许可法 32(2)"""
    case = refuse(w, f.received_case(w))

    told = paper(case, "not_accepted_notice")
    assert case.status == "not_accepted"
    assert (told["ground"], told["competent_organ"]) == ("not_competent", "云禾区市场监督管理局")
    decision = Decision.objects.get(case=case)
    assert (decision.kind, decision.ground) == ("not_accepted", "not_competent")
    assert decision.competent_organ == "云禾区市场监督管理局"
    assert told["number"] == decision.document_number


def test_false_material_is_not_taken_in_and_names_no_other_organ(w):
    """行政许可法 78"""
    case = refuse(w, f.received_case(w), "false_statement", reason="营业执照系伪造")

    told = paper(case, "not_accepted_notice")
    assert (case.status, told["ground"]) == ("not_accepted", "false_statement")
    assert "云禾" not in str(told)


def test_the_applicant_hears_that_no_licence_is_needed_not_that_she_was_refused(w):
    case = refuse(w, f.received_case(w), "not_required")
    relay.deliver_root(case.pk, NOW)

    titles = [m.title for m in notifications.messages_about(w.citizen.id, case.pk)]
    assert any("不需要许可" in title for title in titles)
    assert not any("不予受理" in title for title in titles)


def test_silence_makes_no_organ_competent(w):
    """行政许可法 32(4) deems materials complete, not competence: 不予受理 stays open, and the ledger says how late."""
    case = refuse(w, f.received_case(w), at=AFTER_FIVE_DAYS)

    assert case.status == "not_accepted"
    assert AuditEntry.objects.get(root_id=case.pk, action="case.refuse_acceptance").notes["late"] is True


def test_what_the_law_accepted_is_decided_not_turned_away(w):
    """行政许可法 32(4), 38: once the acceptance is written down the answer is a decision."""
    case = f.received_case(w)
    services.deem_accepted(case_id=case.pk, at=AFTER_FIVE_DAYS)
    case.refresh_from_db()

    unchanged(case, lambda: refuse(w, case, at=AFTER_FIVE_DAYS), errors.NotReceived)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"ground": "too_busy"}, errors.GroundUnknown),
        ({"ground": ""}, errors.GroundUnknown),
        ({"organ": "  "}, errors.OrganMissing),
        ({"reason": " "}, errors.ReasonMissing),
        ({"ground": "not_required", "reason": ""}, errors.ReasonMissing),
    ],
)
def test_an_application_is_turned_away_only_on_a_lawful_ground_with_its_reason(w, given, refusal):
    """行政许可法 32, 72: the grounds are the law's, the reason is told, the right organ is named."""
    case = f.received_case(w)

    unchanged(case, lambda: refuse(w, case, **given), refusal)


def test_an_accepted_application_is_not_turned_away(w):
    case = f.accepted_case(w)

    unchanged(case, lambda: refuse(w, case), errors.NotReceived)


# On the spot (行政许可法 34)


def test_what_can_be_decided_on_the_spot_is_accepted_and_decided_at_one_instant(window):
    """行政许可法 34: the written decision, and no second paper with deadlines that are over."""
    case = settle(window, f.received_case(window))

    assert (case.status, case.outcome) == ("decided", "granted")
    assert case.accepted_on == case.decided_on == NOW.date()
    kinds = DocumentRequest.objects.filter(root_id=case.pk).values_list("kind", flat=True)
    assert sorted(kinds) == ["decision_granted", "receipt"]
    assert paper(case, "decision_granted")["on_the_spot"] is True
    assert tasks.open_tasks(case.pk) == []
    assert published(case, CaseAccepted)[0]["on_the_spot"] is True
    assert published(case, CaseDecided)[0]["outcome"] == "granted"
    assert case.due_on == clocks.due_on(case.pk), "the ten days for delivery run (行政许可法 44)"


def test_a_refusal_on_the_spot_gives_its_reasons(window):
    """行政许可法 38"""
    case = settle(window, f.received_case(window), outcome="refused", reasons="场所不符合条件")

    assert (case.status, case.outcome) == ("decided", "refused")
    assert paper(case, "decision_refused")["reasons"] == ["场所不符合条件"]


def test_the_applicant_hears_of_what_was_settled_on_the_spot_once(window):
    case = settle(window, f.received_case(window))
    relay.deliver_root(case.pk, NOW)

    titles = [m.title for m in notifications.messages_about(window.citizen.id, case.pk)]
    assert not any("已受理" in title for title in titles)
    assert any("准予许可" in title for title in titles)


def test_what_is_not_settled_on_the_spot_by_its_definition_is_accepted_first(w):
    case = f.received_case(w)

    unchanged(case, lambda: settle(w, case), errors.NotOnTheSpot)


def test_what_needs_a_look_at_the_facts_is_not_settled_on_the_spot():
    """行政许可法 34, third paragraph: two officers look."""
    w = f.world(v.on_the_spot(steps=[v.REVIEW]))
    case = f.received_case(w)

    refusal = unchanged(case, lambda: settle(w, case), errors.ReviewNeeded)

    assert "承办" in refusal.message


def test_only_the_post_of_the_decision_settles():
    w = f.world(v.document(on_the_spot=True, steps=[], decide=v.DECIDE))
    case = f.received_case(w)

    unchanged(case, lambda: settle(w, case), errors.NotYourTask)


def test_who_may_not_settle_does_not(window):
    case = f.received_case(window)

    unchanged(case, lambda: settle(window, case, by=window.reviewer), NotAuthorised)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [({"outcome": ""}, errors.OutcomeMissing), ({"outcome": "refused"}, errors.ReasonMissing)],
)
def test_settling_says_what_is_decided_and_why_not(window, given, refusal):
    case = f.received_case(window)

    unchanged(case, lambda: settle(window, case, **given), refusal)


def test_an_accepted_application_is_not_settled_on_the_spot(window):
    case = f.accepted_case(window)

    unchanged(case, lambda: settle(window, case), errors.NotReceived)


def test_pressing_twice_settles_once(window):
    case, key = f.received_case(window), uuid4()

    settle(window, case, key=key)
    settle(window, case, key=key)

    assert Decision.objects.filter(case=case).count() == 1


# Ended without a decision


@pytest.mark.parametrize("make", [f.received_case, f.correction_case, f.accepted_case])
def test_a_case_with_nothing_left_to_decide_on_is_terminated_with_its_reason(w, make):
    case = terminate(w, make(w))

    assert (case.status, case.due_on) == ("terminated", None)
    assert tasks.open_tasks(case.pk) == []
    assert clocks.due_on(case.pk) is None
    told = paper(case, "termination_notice")
    assert told["reasons"] == ["申请人已经注销登记，主体资格消灭"] and told["court"]
    assert Decision.objects.get(case=case).kind == "terminated"
    assert len(published(case, CaseTerminated)) == 1


def test_a_decided_case_is_not_terminated(w):
    case = f.decided_case(w)

    unchanged(case, lambda: terminate(w, case), errors.NotTerminable)


def test_a_termination_gives_its_reason(w):
    case = f.accepted_case(w)

    unchanged(case, lambda: terminate(w, case, reason=" "), errors.ReasonMissing)


def test_only_the_approver_terminates(w):
    case = f.accepted_case(w)

    unchanged(case, lambda: terminate(w, case, by=w.reviewer), NotAuthorised)


def test_withdrawing_calls_off_a_planned_visit(w):
    case = f.accepted_case(w, situation=f.RAW_FOOD)
    f.visit_planned(w, case)

    services.withdraw_case(case_id=case.pk, by=w.citizen, at=NOW, key=uuid4())

    assert [visit.state for visit in selectors.visits_of(case)] == ["void"]


def test_what_ended_without_a_decision_is_archived(w):
    for case in (refuse(w, f.received_case(w), "not_required"), terminate(w, f.accepted_case(w))):
        services.archive_case(case_id=case.pk, by=w.reviewer, at=NOW, key=uuid4())

        assert Case.objects.get(pk=case.pk).status == "archived"


# Owed materials


def test_nothing_is_granted_while_a_material_is_owed_but_it_may_be_refused(w):
    """行政许可法 38: what was to follow has not come; a refusal may rest on just that."""
    case = f.reviewed_case(w)
    material = selectors.materials_of(case)[1]
    material.state = "owed"
    material.save(update_fields=["state"])
    Case.objects.filter(pk=case.pk).update(owes=True)

    def decide(outcome):
        services.decide_case(
            case_id=case.pk, outcome=outcome, reasons="没有按时补交", by=w.leader, at=NOW, key=uuid4()
        )

    refusal = unchanged(case, lambda: decide("granted"), errors.GapOpen)
    assert material.name in refusal.message
    decide("refused")
    assert Case.objects.get(pk=case.pk).outcome == "refused"
