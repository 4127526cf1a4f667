"""What is refused, why, and that nothing changes by it. Each test names the article where one decides."""

from datetime import timedelta
from uuid import uuid4

import pytest

from mingqu.cases import errors, selectors, services
from mingqu.cases.models import Case
from mingqu.cases.services.files import Upload, add_correction_files
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Asked, Finding
from mingqu.forms.errors import DraftChangedElsewhere, DraftNotFound
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.tests import factories as people
from mingqu.kernel.errors import DomainError
from mingqu.kernel.models import AuditEntry, OutboxEvent
from mingqu.kernel.types import Actor
from mingqu.process import selectors as tasks

pytestmark = pytest.mark.django_db
NOW = f.FRIDAY_NOON


@pytest.fixture
def w():
    return f.world()


def unchanged(case, act, refusal):
    before = Case.objects.filter(pk=case.pk).values().get()
    entries, events = AuditEntry.objects.filter(root_id=case.pk).count(), OutboxEvent.objects.count()

    with pytest.raises(refusal) as raised:
        act()

    assert Case.objects.filter(pk=case.pk).values().get() == before
    assert AuditEntry.objects.filter(root_id=case.pk).count() == entries
    assert OutboxEvent.objects.count() == events
    assert raised.value.code and "{" not in raised.value.message
    return raised.value


def file(w, started, **given):
    return services.file_case(
        **{
            "draft_id": started.draft_id,
            "base_version": started.version,
            "by": w.citizen,
            "at": NOW,
            "key": uuid4(),
        }
        | given
    )


# Filing


def test_a_missing_material_is_named(w):
    started = f.draft(w, files=["business-licence", "floor-plan"])

    with pytest.raises(errors.MaterialsMissing, match="食品安全管理制度") as refusal:
        file(w, started)

    assert refusal.value.codes == ["safety-rules"]
    assert not Case.objects.exists()


def test_a_material_of_another_situation_is_not_asked_for(w):
    case = f.received_case(w)

    assert "special-process" not in {m.code for m in selectors.materials_of(case)}


def test_an_incomplete_form_names_the_field(w):
    started = f.draft(w, answers={**f.ANSWERS, "area_m2": 0, "premises": ""})

    with pytest.raises(errors.FormIncomplete) as refusal:
        file(w, started)

    assert {path for path, _ in refusal.value.problems} == {"area_m2", "premises"}


def test_an_unknown_field_is_refused(w):
    with pytest.raises(errors.FormIncomplete):
        file(w, f.draft(w, answers={**f.ANSWERS, "discount": "yes"}))


def test_a_situation_that_stops_is_refused_with_its_reason(w):
    stopped = {**f.SITUATION, "open_fire": "yes", "above_homes": "yes"}

    with pytest.raises(errors.SituationStops, match="居民住宅楼"):
        file(w, f.draft(w, situation=stopped))


def test_an_unanswered_question_is_named(w):
    with pytest.raises(errors.SituationUnanswered, match="由谁来经营"):
        file(w, f.draft(w, situation={k: v for k, v in f.SITUATION.items() if k != "subject"}, files=[]))


def test_filing_needs_a_name_and_number(w):
    user = people.services.open_account(phone=people.phone(), at=NOW)
    stranger = Actor("citizen", user.person_id, user_id=user.id)
    w.citizen = stranger

    with pytest.raises(errors.IdentityNeeded):
        file(w, f.draft(w))


def test_another_persons_draft_can_not_be_filed(w):
    started = f.draft(w)

    with pytest.raises(DraftNotFound):
        file(w, started, by=people.citizen("王云")[1])


def test_a_draft_changed_in_another_tab_is_not_filed_unseen(w):
    started = f.draft(w)

    with pytest.raises(DraftChangedElsewhere):
        file(w, started, base_version=started.version + 1)


def test_staff_do_not_file_for_themselves(w):
    with pytest.raises(NotAuthorised):
        file(w, f.draft(w), by=w.reviewer)


# Received


def test_only_the_right_post_accepts(w):
    case = f.received_case(w)

    for who in (w.citizen, w.leader):
        unchanged(
            case,
            lambda who=who: services.accept_case(case_id=case.pk, by=who, at=NOW, key=uuid4()),
            NotAuthorised,
        )


def test_a_reviewer_of_another_department_does_not_accept(w):
    case = f.received_case(w)
    other = people.staff_actor("reviewer", department_id=people.department("水务局"))

    unchanged(
        case, lambda: services.accept_case(case_id=case.pk, by=other, at=NOW, key=uuid4()), NotAuthorised
    )


@pytest.mark.parametrize("asked", [[], [Asked("floor-plan", "  ")]])
def test_a_correction_notice_says_what_is_wrong(w, asked):
    case = f.received_case(w)

    unchanged(
        case,
        lambda: services.ask_correction(case_id=case.pk, asked=asked, by=w.clerk, at=NOW, key=uuid4()),
        errors.NothingAsked,
    )


def test_a_correction_of_a_material_that_is_not_needed_is_refused(w):
    case = f.received_case(w)

    unchanged(
        case,
        lambda: services.ask_correction(
            case_id=case.pk, asked=[Asked("special-process", "缺")], by=w.clerk, at=NOW, key=uuid4()
        ),
        errors.MaterialUnknown,
    )


def test_after_five_working_days_a_correction_is_not_asked_any_more(w):
    """行政许可法 32(4). Turning away for want of competence is another thing: test_transitions.py."""
    case, late = f.received_case(w), NOW + 10 * f.DAY

    unchanged(
        case,
        lambda: services.ask_correction(
            case_id=case.pk, asked=[Asked("floor-plan", "不清")], by=w.clerk, at=late, key=uuid4()
        ),
        errors.AskedTooLate,
    )


def test_accepting_after_five_working_days_counts_from_the_day_the_materials_came(w):
    """行政许可法 32(4): whoever presses the button, the law has accepted it."""
    case = f.received_case(w)

    accepted = services.accept_case(case_id=case.pk, by=w.clerk, at=NOW + 10 * f.DAY, key=uuid4())

    assert accepted.accepted_on == case.received_on


def test_a_second_notice_may_not_ask_for_something_new(w):
    """行政许可法 32(4): everything is told at one time."""
    case = f.correction_case(w)
    add_correction_files(
        case_id=case.pk, material="floor-plan", uploads=[Upload("a.png", f.PNG)], by=w.citizen, at=NOW
    )
    services.supplement_case(case_id=case.pk, by=w.citizen, at=NOW, key=uuid4())

    unchanged(
        case,
        lambda: services.ask_correction(
            case_id=case.pk, asked=[Asked("business-licence", "模糊")], by=w.clerk, at=NOW, key=uuid4()
        ),
        errors.CorrectionAskedBefore,
    )
    done = services.ask_correction(
        case_id=case.pk, asked=[Asked("floor-plan", "仍然不清")], by=w.clerk, at=NOW, key=uuid4()
    )
    assert done.status == "correction"


# Correction


def test_all_asked_materials_come_together(w):
    case = f.correction_case(w)

    unchanged(
        case,
        lambda: services.supplement_case(case_id=case.pk, by=w.citizen, at=NOW, key=uuid4()),
        errors.MaterialsMissing,
    )


def test_a_material_that_was_not_asked_for_is_not_taken(w):
    case = f.correction_case(w)

    unchanged(
        case,
        lambda: add_correction_files(
            case_id=case.pk, material="safety-rules", uploads=[Upload("a.png", f.PNG)], by=w.citizen, at=NOW
        ),
        errors.NotAwaitingCorrection,
    )


def test_another_person_supplements_nothing(w):
    case = f.correction_case(w)

    unchanged(
        case,
        lambda: services.supplement_case(case_id=case.pk, by=people.citizen("王云")[1], at=NOW, key=uuid4()),
        NotAuthorised,
    )


# Review and decision


def complete(w, case, task, by, finding=None):
    return services.complete_step(
        case_id=case.pk,
        task_id=task.task_id,
        finding=finding or Finding("met"),
        by=by,
        at=NOW,
        key=uuid4(),
    )


def test_a_step_belongs_to_its_post(w):
    case = f.accepted_case(w)
    check = next(t for t in tasks.open_tasks(case.pk) if t.step == "check")

    refusal = unchanged(case, lambda: complete(w, case, check, w.station), errors.NotYourTask)

    assert "食品许可承办" in refusal.message


def test_a_step_is_done_once(w):
    case = f.accepted_case(w)
    check = next(t for t in tasks.open_tasks(case.pk) if t.step == "check")
    complete(w, case, check, w.reviewer)

    unchanged(case, lambda: complete(w, case, check, w.reviewer), errors.TaskGone)


def test_not_met_says_why(w):
    case = f.accepted_case(w)
    check = next(t for t in tasks.open_tasks(case.pk) if t.step == "check")

    unchanged(
        case, lambda: complete(w, case, check, w.reviewer, Finding("not_met", " ")), errors.ReasonMissing
    )


@pytest.mark.parametrize("second", ["", " 食品许可承办 "])
def test_a_step_for_two_names_another_officer(second):
    """行政许可法 34: two officers or more; one name written twice is one officer."""
    whole = f.food_licence()
    whole["handling"][0]["steps"][0]["people"] = 2
    w = f.world(whole)
    case = f.accepted_case(w)
    check = next(t for t in tasks.open_tasks(case.pk) if t.step == "check")
    alone = Finding("met", second_officer=second)

    assert w.reviewer.name == "食品许可承办"
    unchanged(case, lambda: complete(w, case, check, w.reviewer, alone), errors.AmongReviewers)


def test_an_unknown_finding_is_refused(w):
    case = f.accepted_case(w)
    check = next(t for t in tasks.open_tasks(case.pk) if t.step == "check")

    unchanged(case, lambda: complete(w, case, check, w.reviewer, Finding("maybe")), DomainError)


def decide(w, case, by=None, outcome="granted", reasons=""):
    return services.decide_case(
        case_id=case.pk, outcome=outcome, reasons=reasons, by=by or w.leader, at=NOW, key=uuid4()
    )


def test_no_decision_before_every_step_is_done(w):
    case = f.accepted_case(w)

    unchanged(case, lambda: decide(w, case), errors.ReviewUnfinished)


def test_only_the_approver_decides(w):
    case = f.reviewed_case(w)

    unchanged(case, lambda: decide(w, case, by=w.reviewer), NotAuthorised)


def test_a_refusal_needs_reasons(w):
    """行政许可法 38"""
    case = f.reviewed_case(w)

    unchanged(case, lambda: decide(w, case, outcome="refused", reasons="  "), errors.ReasonMissing)


def test_an_unknown_outcome_is_refused(w):
    case = f.reviewed_case(w)

    unchanged(case, lambda: decide(w, case, outcome="perhaps"), DomainError)


# Seeing


def test_a_case_is_seen_by_its_applicant_and_the_posts_in_charge_only(w):
    case = f.received_case(w)
    stranger = people.citizen("王云")[1]
    other = people.staff_actor("reviewer", department_id=people.department("水务局"))

    for who in (w.citizen, w.clerk, w.reviewer, w.leader):
        assert selectors.case_visible_to(who, case.number) == case
    for who in (None, stranger, other):
        with pytest.raises(errors.CaseUnknown):
            selectors.case_visible_to(who, case.number)


def test_a_wrong_query_code_says_no_more_than_a_wrong_number(w):
    case = f.received_case(w)

    assert selectors.case_by_query_code(case.number, case.query_code.lower()) == case
    with pytest.raises(errors.CaseUnknown) as wrong_code:
        selectors.case_by_query_code(case.number, "AAAAAAAA")
    with pytest.raises(errors.CaseUnknown) as wrong_number:
        selectors.case_by_query_code("9" * 20, case.query_code)
    assert wrong_code.value.message == wrong_number.value.message


def test_what_was_shown_in_the_clear_is_shown_ten_minutes_and_then_asked_for_anew(w):
    case, key = f.received_case(w), uuid4()

    def reveal(at, key):
        return services.reveal_applicant(case_id=case.pk, by=w.reviewer, at=at, key=key, why="contact")

    assert reveal(NOW, key) == reveal(NOW + timedelta(minutes=10), key)
    unchanged(case, lambda: reveal(NOW + timedelta(minutes=11), key), errors.RevealOver)
    assert reveal(NOW + timedelta(minutes=11), uuid4())
