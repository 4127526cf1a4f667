"""特别程序 and 延期: what stops or lengthens the time for a decision, and what does not. Each by its article."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from mingqu.cases import errors, selectors, services
from mingqu.cases.events import CaseExtended, CaseResumed, CaseSuspended
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants as v
from mingqu.cases.tests.test_refusals import unchanged
from mingqu.cases.tests.test_transitions import paper, published
from mingqu.clocks import errors as clock_errors
from mingqu.clocks import selectors as clocks
from mingqu.clocks import services as clock_services
from mingqu.clocks.types import SPECIAL_PROCEDURES, Action, Kind
from mingqu.identity.errors import NotAuthorised
from mingqu.kernel import relay
from mingqu.notifications import selectors as notifications
from mingqu.process import selectors as tasks

pytestmark = pytest.mark.django_db
NOW = f.FRIDAY_NOON
WEDNESDAY = NOW + timedelta(days=5)  # 2026-09-23
EXPECTED = date(2026, 10, 12)
BACK = NOW + timedelta(days=24)  # 2026-10-12, a Monday


@pytest.fixture
def w():
    return f.world()


def pause(w, case, ground="expert_review", *, expected_until=EXPECTED, reason="新工艺需要专家评审", **other):
    given = {"by": w.reviewer, "at": WEDNESDAY, "key": uuid4()} | other
    services.pause_case(case_id=case.pk, ground=ground, expected_until=expected_until, reason=reason, **given)
    case.refresh_from_db()
    return case


def resume(w, case, **other):
    given = {"by": w.reviewer, "at": BACK, "key": uuid4()} | other
    done = services.resume_case(case_id=case.pk, reason="评审意见已收到", **given)
    case.refresh_from_db()
    return done


def extend(w, case, limit=10, *, reason="消防通道宽度需要再次核对", **other):
    given = {"by": w.leader, "at": WEDNESDAY, "key": uuid4()} | other
    done = services.extend_case(case_id=case.pk, limit=limit, reason=reason, **given)
    case.refresh_from_db()
    return done


def suspended_case(w, **given):
    return pause(w, f.accepted_case(w, **given))


# 特别程序 (行政许可法 45)


@pytest.mark.parametrize("ground", SPECIAL_PROCEDURES)
def test_each_of_the_eight_special_procedures_stops_both_clocks(w, ground):
    """行政许可法 45"""
    case = pause(w, f.accepted_case(w), ground)

    assert (case.status, case.due_on) == ("accepted", None)
    assert (case.suspended_since, case.suspended_ground) == (date(2026, 9, 23), ground)
    assert clocks.due_on(case.pk, Kind.STATUTORY) is clocks.due_on(case.pk, Kind.PROMISED) is None


def test_the_time_needed_is_told_in_writing_and_that_paper_is_the_proof_of_the_pause(w):
    """行政许可法 45: 行政机关应当将所需时间书面告知申请人"""
    case = suspended_case(w)

    told = paper(case, "special_procedure_notice")
    assert (told["ground"], told["since"], told["expected_until"]) == ("专家评审", "2026-09-23", "2026-10-12")
    for kind in (Kind.STATUTORY, Kind.PROMISED):
        line = clocks.entries_of(case.pk, kind)[-1]
        assert (line.action, line.proof, line.expected_until) == (Action.PAUSE, told["number"], EXPECTED)


def test_the_applicant_hears_of_the_pause_and_of_its_end_with_the_new_last_day(w):
    case = suspended_case(w)
    resume(w, case)
    relay.deliver_root(case.pk, BACK)

    told = {m.kind: m for m in notifications.messages_about(w.citizen.id, case.pk)}
    assert "需要专家评审" in told["case_suspended"].title and "2026年10月12日" in told["case_suspended"].body
    assert "2026年10月16日" in told["case_resumed"].body
    assert published(case, CaseSuspended)[0]["ground"] == "expert_review"
    assert published(case, CaseResumed)[0]["due_on"] == "2026-10-16"


def test_when_the_special_procedure_is_over_the_rest_of_the_time_runs(w):
    """行政许可法 45: 3 of 8 and of 20 days had passed, so that 5 and 17 are left from 10-12 on, that day with them."""
    case = suspended_case(w)

    done = resume(w, case)

    assert case.due_on == done.due_on == date(2026, 10, 16)
    assert clocks.due_on(case.pk, Kind.STATUTORY) == date(2026, 11, 3)
    assert (case.suspended_since, case.suspended_ground) == (None, "")


def test_a_case_may_be_suspended_again_after_it_was_resumed(w):
    case = suspended_case(w)
    resume(w, case)

    pause(w, case, "hearing", at=BACK, expected_until=BACK.date())

    assert case.suspended_ground == "hearing"


def test_the_stored_last_day_of_a_suspended_case_is_what_the_ledger_says(w):
    """The nightly check compares the copies."""
    suspended_case(w)

    assert clock_services.check_stored() == []


def test_work_inside_goes_on_while_the_experts_look(w):
    case = suspended_case(w)

    f.review(w, case, "check", at=WEDNESDAY)

    assert {t.step for t in tasks.open_tasks(case.pk)} == {"fitness"}


def test_nothing_is_decided_before_the_special_procedure_is_over(w):
    """行政许可法 45, 48: the decision rests on what it brings."""
    case = pause(w, f.reviewed_case(w))

    refusal = unchanged(
        case,
        lambda: services.decide_case(
            case_id=case.pk, outcome="granted", reasons="", by=w.leader, at=WEDNESDAY, key=uuid4()
        ),
        errors.SuspendedNow,
    )
    assert "专家评审" in refusal.message


def test_the_applicant_may_withdraw_a_suspended_case(w):
    case = suspended_case(w)

    services.withdraw_case(case_id=case.pk, by=w.citizen, at=WEDNESDAY, key=uuid4())

    case.refresh_from_db()
    assert (case.status, case.suspended_since, clocks.due_on(case.pk)) == ("withdrawn", None, None)


def test_a_second_pause_is_refused(w):
    case = suspended_case(w)

    unchanged(case, lambda: pause(w, case, "hearing"), errors.SuspendedNow)


def test_what_is_not_suspended_is_not_resumed(w):
    case = f.accepted_case(w)

    unchanged(case, lambda: resume(w, case), errors.NotSuspended)


@pytest.mark.parametrize("ground", ["visit", "rectification", "third_party_opinion", "holiday", ""])
def test_a_visit_a_repair_or_another_opinion_stops_no_clock(w, ground):
    """行政许可法 45 names eight procedures and no more."""
    case = f.accepted_case(w)

    refusal = unchanged(case, lambda: pause(w, case, ground), errors.GroundNotListed)
    assert "现场核查、整改" in refusal.message


def test_a_procedure_the_definition_does_not_name_stops_no_clock():
    """Which of the eight a service may need stands in its definition, where everybody reads it before applying."""
    w = f.world(v.with_clocks({"pauses": ["inspection"]}, {}))
    case = f.accepted_case(w)

    unchanged(case, lambda: pause(w, case, "hearing"), errors.GroundNotListed)


@pytest.mark.parametrize("until", [None, date(2026, 9, 22)])
def test_how_long_it_takes_is_said_and_lies_ahead(w, until):
    """行政许可法 45"""
    case = f.accepted_case(w)

    unchanged(case, lambda: pause(w, case, expected_until=until), errors.ExpectedDayMissing)


def test_why_it_is_needed_is_said(w):
    case = f.accepted_case(w)

    unchanged(case, lambda: pause(w, case, reason=" "), errors.ReasonMissing)


def test_time_that_has_run_out_is_not_stopped(w):
    """行政许可法 42, 45: the last day in law was 10-22."""
    case, late = f.accepted_case(w), NOW + timedelta(days=35)

    unchanged(case, lambda: pause(w, case, at=late, expected_until=date(2026, 11, 1)), errors.PauseTooLate)


def test_only_who_reviews_suspends(w):
    case = f.accepted_case(w)

    for who in (w.clerk, w.leader, w.citizen):
        unchanged(case, lambda who=who: pause(w, case, by=who), NotAuthorised)


def test_only_who_reviews_resumes(w):
    case = suspended_case(w)

    unchanged(case, lambda: resume(w, case, by=w.clerk), NotAuthorised)


def test_what_is_not_accepted_has_no_clock_to_stop(w):
    case = f.received_case(w)

    for act in (pause, resume, extend):
        unchanged(case, lambda act=act: act(w, case), errors.NotInReview)


# 延期 (行政许可法 42)


def test_the_head_of_the_organ_gives_ten_days_more(w):
    """行政许可法 42, first paragraph: 20 + 10 = 30 working days from 09-18."""
    case = f.accepted_case(w)

    done = extend(w, case)

    assert clocks.due_on(case.pk, Kind.STATUTORY) == date(2026, 11, 5)
    assert case.extended_on == date(2026, 9, 23)
    assert published(case, CaseExtended)[0]["statutory_on"] == "2026-11-05"
    assert done.due_on == case.due_on


def test_an_extension_of_the_law_does_not_move_the_promise(w):
    """行政许可法 42 speaks of the period in law; the promise is the organ's own word."""
    case = f.accepted_case(w)

    extend(w, case)

    assert case.due_on == clocks.due_on(case.pk, Kind.PROMISED) == date(2026, 9, 30)


def test_a_promise_moves_where_its_definition_says_so_and_by_no_more_than_it_says():
    rule = {"limit": 5, "approver": "organ_head", "law": v.LAW, "article": 42}
    w = f.world(v.with_clocks({}, {"extension": rule}))
    case = f.accepted_case(w)

    extend(w, case)

    assert case.due_on == clocks.due_on(case.pk, Kind.PROMISED) == date(2026, 10, 13), "8 + 5 = 13"
    assert paper(case, "extension_notice")["promised_on"] == "2026-10-13"


def test_a_promise_already_broken_is_not_mended_by_an_extension():
    rule = {"limit": 5, "approver": "organ_head", "law": v.LAW, "article": 42}
    w = f.world(v.with_clocks({}, {"extension": rule}))
    case = f.accepted_case(w)

    extend(w, case, at=NOW + timedelta(days=20))  # 10-08: the promise ended on 09-30

    assert clocks.due_on(case.pk, Kind.PROMISED) == date(2026, 9, 30)
    assert clocks.due_on(case.pk, Kind.STATUTORY) == date(2026, 11, 5)


def test_the_reason_of_an_extension_is_told_to_the_applicant_and_stands_in_no_clear_ledger(w):
    """行政许可法 42: 应当将延长期限的理由告知申请人"""
    case = f.accepted_case(w)
    extend(w, case)
    relay.deliver_root(case.pk, WEDNESDAY)

    told = paper(case, "extension_notice")
    assert told["reasons"] == ["消防通道宽度需要再次核对"]
    assert told["basis"] == "《中华人民共和国行政许可法》第四十二条第一款"
    assert (told["statutory_before"], told["statutory_on"]) == ("2026-10-22", "2026-11-05")
    assert clocks.entries_of(case.pk, Kind.STATUTORY)[-1].reason == f"写在延期告知书（{told['number']}）里"
    message = next(
        m for m in notifications.messages_about(w.citizen.id, case.pk) if m.kind == "case_extended"
    )
    assert "2026年11月5日" in message.body


def test_joint_handling_is_extended_by_the_head_of_the_government():
    """行政许可法 42, second paragraph: 45 + 15 = 60 working days from 09-18."""
    w = f.world(v.jointly())
    case = f.accepted_case(w)
    assert clocks.due_on(case.pk, Kind.STATUTORY) == date(2026, 11, 26)

    extend(w, case, 15, by=v.government_head())

    assert clocks.due_on(case.pk, Kind.STATUTORY) == date(2026, 12, 17)
    told = paper(case, "extension_notice")
    assert (told["approver"], told["basis"][-3:]) == ("本级人民政府负责人", "第二款")


def test_the_head_of_the_organ_does_not_extend_what_is_handled_jointly():
    """行政许可法 42, second paragraph"""
    w = f.world(v.jointly())
    case = f.accepted_case(w)

    unchanged(case, lambda: extend(w, case, 15), clock_errors.WrongApprover)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"limit": 11}, clock_errors.ExtensionTooLong),
        ({"limit": 0}, clock_errors.LimitMissing),
        ({"reason": " "}, errors.ReasonMissing),
        ({"at": NOW + timedelta(days=35)}, clock_errors.ExtensionAfterDeadline),
    ],
)
def test_an_extension_keeps_to_its_limit_its_reason_and_its_time(w, given, refusal):
    """行政许可法 42: ten days, a reason, and 二十日内: before the last day has passed."""
    case = f.accepted_case(w)

    unchanged(case, lambda: extend(w, case, **given), refusal)


def test_the_time_is_lengthened_once(w):
    """行政许可法 42"""
    case = f.accepted_case(w)
    extend(w, case, 3)

    unchanged(case, lambda: extend(w, case, 3), clock_errors.ExtensionTwice)


def test_a_service_that_grants_itself_no_extension_gets_none():
    clocks_of = v.document()["handling"][0]["clocks"]
    statutory = {key: value for key, value in clocks_of["statutory"].items() if key != "extension"}
    w = f.world(v.document(clocks={"statutory": statutory, "promised": clocks_of["promised"]}))
    case = f.accepted_case(w)

    unchanged(case, lambda: extend(w, case), clock_errors.ExtensionNotAllowed)


def test_while_the_clock_stands_still_nothing_is_lengthened(w):
    case = suspended_case(w)

    unchanged(case, lambda: extend(w, case), errors.SuspendedNow)


def test_only_the_approver_extends(w):
    case = f.accepted_case(w)

    unchanged(case, lambda: extend(w, case, by=w.reviewer), NotAuthorised)


# What may be offered


def test_what_the_labels_bar_is_not_offered(w):
    case = f.reviewed_case(w)
    assert {"case.decide", "case.extend"} <= selectors.actions_now(w.leader, case)
    assert "case.resume" not in selectors.actions_now(w.reviewer, case)

    pause(w, case)
    assert "case.resume" in selectors.actions_now(w.reviewer, case)
    assert "case.pause" not in selectors.actions_now(w.reviewer, case)
    assert not {"case.decide", "case.extend"} & selectors.actions_now(w.leader, case)

    resume(w, case)
    extend(w, case, at=BACK)
    assert "case.extend" not in selectors.actions_now(w.leader, case)


@pytest.mark.parametrize(("act", "status"), [(pause, "accepted"), (extend, "accepted")])
def test_the_same_press_twice_is_one_act(w, act, status):
    case, key = f.accepted_case(w), uuid4()

    act(w, case, key=key)
    act(w, case, key=key)

    assert Case.objects.get(pk=case.pk).status == status
    assert len(clocks.entries_of(case.pk, Kind.STATUTORY)) == 2
