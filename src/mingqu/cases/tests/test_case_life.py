"""A case from filing to archive, as people live it."""

from datetime import date
from uuid import uuid4

import pytest

from mingqu.cases import selectors, services
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Served
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Kind
from mingqu.documents import selectors as documents
from mingqu.kernel.models import AuditEntry
from mingqu.process import selectors as tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return f.world()


def test_filing_gives_a_number_a_query_code_and_the_five_days(w):
    case = f.received_case(w)

    assert case.number.startswith("99010420260918")
    assert len(case.query_code) == 8
    assert case.due_on == date(2026, 9, 24), "start day not counted, 9月20日 is a working Sunday"
    assert [d.kind for d in documents.documents_of(case.pk)] == ["receipt"]


def test_accepting_starts_both_clocks_and_the_parallel_review(w):
    case = f.accepted_case(w)

    assert case.due_on == clocks.due_on(case.pk, Kind.PROMISED) == date(2026, 9, 30)
    assert clocks.due_on(case.pk, Kind.STATUTORY) == date(2026, 10, 22)
    assert {t.step for t in tasks.open_tasks(case.pk)} == {"check", "fitness"}


def test_raw_food_also_needs_a_visit_by_two_officers(w):
    case = f.accepted_case(w, situation=f.RAW_FOOD)

    assert {t.step: t.people for t in tasks.open_tasks(case.pk)} == {"check": 1, "visit": 2, "fitness": 1}


def test_the_decision_opens_when_the_last_of_the_parallel_steps_is_done(w):
    case = f.accepted_case(w)

    f.review(w, case, "fitness")
    assert {t.step for t in tasks.open_tasks(case.pk)} == {"check"}
    f.review(w, case, "check")

    assert [t.step for t in tasks.open_tasks(case.pk)] == ["decide"]


def test_a_grant_is_delivered_and_archived(w):
    case = f.decided_case(w)
    assert case.outcome == "granted"
    assert case.due_on == date(2026, 10, 9), "ten working days to deliver (行政许可法 44)"

    services.deliver_case(
        case_id=case.pk, served=Served.at_window("李晓禾"), by=w.clerk, at=f.FRIDAY_NOON, key=uuid4()
    )
    services.archive_case(case_id=case.pk, by=w.reviewer, at=f.FRIDAY_NOON, key=uuid4())

    case.refresh_from_db()
    assert case.status == "archived"
    assert [e.action for e in AuditEntry.objects.filter(root_id=case.pk).order_by("seq")] == [
        "case.file",
        "case.accept",
        "case.review",
        "case.review",
        "case.decide",
        "case.deliver",
        "case.archive",
    ]


def test_a_refusal_gives_reasons_and_its_paper(w):
    case = f.decided_case(w, outcome="refused")

    assert selectors.decisions_of(case)[0].reasons == "场所不符合条件"
    assert documents.documents_of(case.pk)[-1].kind == "decision_refused"


def test_a_correction_stops_the_clock_and_a_supplement_starts_it_anew(w):
    case = f.correction_case(w)
    assert (case.status, case.due_on) == ("correction", None)

    from mingqu.cases.services.files import Upload, add_correction_files

    later = f.FRIDAY_NOON + 5 * f.DAY
    add_correction_files(
        case_id=case.pk, material="floor-plan", uploads=[Upload("新图.png", f.PNG)], by=w.citizen, at=later
    )
    services.supplement_case(case_id=case.pk, by=w.citizen, at=later, key=uuid4())

    case.refresh_from_db()
    assert (case.status, case.received_on) == ("received", date(2026, 9, 23))
    assert case.due_on == date(2026, 10, 8), "the days of Mid-autumn and National day do not count"
    assert len([m for m in selectors.files_of(case) if m.material_code == "floor-plan"]) == 1


def test_five_working_days_without_an_answer_accept_it_from_the_day_the_materials_came(w):
    case = f.received_case(w)

    assert services.deem_accepted(case_id=case.pk, at=f.FRIDAY_NOON + 6 * f.DAY) is None, (
        "the last day is not over"
    )
    services.deem_accepted(case_id=case.pk, at=f.FRIDAY_NOON + 10 * f.DAY)

    case.refresh_from_db()
    assert case.deemed_accepted
    assert case.accepted_on == date(2026, 9, 18)
    assert clocks.due_on(case.pk, Kind.STATUTORY) == date(2026, 10, 22), (
        "行政许可法 32(4): from the day they came"
    )


def test_withdrawing_ends_process_and_clocks(w):
    case = f.accepted_case(w)

    services.withdraw_case(case_id=case.pk, by=w.citizen, at=f.FRIDAY_NOON, key=uuid4())

    case.refresh_from_db()
    assert case.status == "withdrawn"
    assert tasks.open_tasks(case.pk) == []
    assert clocks.due_on(case.pk) is None
