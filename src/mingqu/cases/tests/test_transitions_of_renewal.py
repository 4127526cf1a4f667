"""视为准予延续 (行政许可法 50): what the law renews when nobody decided, and what it does not."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from mingqu.cases import rules, selectors, services, tasks
from mingqu.cases.events import CaseDecided
from mingqu.cases.models import Case, Decision
from mingqu.cases.services.certificate import issue_certificate
from mingqu.cases.services.files import Holder, Upload, add_draft_files
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.test_transitions import paper, published
from mingqu.cases.types import Asked
from mingqu.catalogue import selectors as catalogue
from mingqu.certificates import selectors as certificates
from mingqu.certificates.tests.factories import revoked
from mingqu.clocks import selectors as clocks
from mingqu.clocks import services as clock_services
from mingqu.clocks.types import Kind
from mingqu.documents import services as documents
from mingqu.forms import services as forms
from mingqu.kernel import relay
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.models import AuditEntry
from mingqu.notifications import selectors as notifications
from mingqu.process import selectors as process

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ENDS = date(2031, 9, 17)  # five years from 2026-09-18
LAST_IN_TIME = datetime(2031, 8, 18, 9, 0, tzinfo=BEIJING)  # thirty days before
OVER = datetime(2031, 9, 18, 0, 30, tzinfo=BEIJING)


@pytest.fixture
def w():
    return sealed(f.world())


def sealed(world):
    """The organ can put its seal under a certificate."""
    documents.provide_organ_key(
        founding=True,
        organ_code="QH-SCJG",
        organ_name="市场监督管理局",
        by=f.SYSTEM,
        at=f.people.NOON,
        key=f.new_id(),
    )
    return world


def renewal(w, *, at=LAST_IN_TIME) -> Case:
    """Handed in for the renewal of a licence that ends on 2031-09-17."""
    first = f.decided_case(w)
    licence = issue_certificate(case_id=first.pk, at=f.FRIDAY_NOON)
    assert licence.valid_until == ENDS
    item, definition = catalogue.current_definition("QH-SPJYXK", "03")
    situation = {"changed": "no"}
    started = forms.start_draft(
        about=item.code,
        form_digest=item.current.digest,
        context={
            "revision_id": str(item.current_id),
            "handling": "03",
            "situation": situation,
            "certificate": str(licence.certificate_id),
            "delivery": "electronic",
        },
        by=w.citizen,
        at=at,
        answers={"manager_name": "李晓禾", "contact_phone": "19900001234"},
    )
    for material in catalogue.situation_of_answers(definition, situation).materials:
        add_draft_files(
            draft_id=started.draft_id,
            material=material.code,
            uploads=[Upload("a.png", f.PNG)],
            holder=Holder(w.citizen),
            at=at,
        )
    services.file_case(
        draft_id=started.draft_id, base_version=started.version, by=w.citizen, at=at, key=uuid4()
    )
    return Case.objects.get(pk=started.draft_id)


def accepted_renewal(w, *, at=LAST_IN_TIME) -> Case:
    case = renewal(w, at=at)
    services.accept_case(case_id=case.pk, by=w.clerk, at=at, key=uuid4())
    return Case.objects.get(pk=case.pk)


def deem(case, at=OVER) -> Case | None:
    done = services.deem_renewed(case_id=case.pk, at=at)
    return Case.objects.get(pk=case.pk) if done else None


def test_a_renewal_asked_for_in_time_and_not_decided_is_granted_by_the_law(w):
    """行政许可法 50, second paragraph; the grant joins the old end, whenever it is written down."""
    case = deem(accepted_renewal(w), OVER + 3 * DAY)

    assert (case.status, case.outcome, case.deemed_granted) == ("decided", "granted", True)
    assert case.decided_on == date(2031, 9, 18)
    assert process.open_tasks(case.pk) == []
    decision = Decision.objects.get(case=case)
    assert (decision.kind, decision.post_id) == ("deemed", None)
    told = paper(case, "deemed_renewal_notice")
    assert (told["ended_on"], told["certificate_name"]) == ("2031-09-17", "食品经营许可证")
    assert published(case, CaseDecided)[0]["deemed"] is True


def test_the_clock_of_the_decision_stops_and_that_of_delivery_runs(w):
    """行政许可法 44"""
    case = deem(accepted_renewal(w))

    assert clocks.deadline_of(case.pk, Kind.STATUTORY, OVER).stopped_on == OVER.date()
    assert case.due_on == clocks.due_on(case.pk, Kind.DELIVERY)
    assert clock_services.check_stored() == []


def test_the_certificate_goes_on_from_its_old_end_and_the_holder_hears_of_it(w):
    case = deem(accepted_renewal(w))
    while relay.round_once(OVER):
        pass

    case.refresh_from_db()
    new = certificates.certificate(case.certificate_id, OVER)
    assert (new.state, new.valid_until) == ("valid", date(2036, 9, 17))
    titles = [m.title for m in notifications.messages_about(w.citizen.id, case.pk)]
    assert any("视为准予延续" in title for title in titles)
    assert not any(title.startswith("准予许可") for title in titles)


def test_on_the_last_day_nothing_is_deemed_yet(w):
    case = accepted_renewal(w)

    assert deem(case, datetime(2031, 9, 17, 23, 59, tzinfo=BEIJING)) is None
    assert not AuditEntry.objects.filter(root_id=case.pk, action="case.deem_renewed").exists()


def test_who_asked_later_than_thirty_days_before_the_end_is_not_renewed_by_silence(w):
    """行政许可法 50, first paragraph: 届满三十日前"""
    case = accepted_renewal(w, at=LAST_IN_TIME + DAY)

    assert deem(case) is None


@pytest.mark.parametrize(
    ("filed_on", "in_time"),
    [(date(2031, 8, 17), True), (date(2031, 8, 18), True), (date(2031, 8, 19), False)],
)
def test_the_thirty_days_are_the_applicants_and_count_in_the_calendar(filed_on, in_time):
    """行政许可法 82 counts the periods of organs in working days; 民法典 200 counts the others by the calendar."""
    assert rules.applied_in_time(filed_on, ENDS, 30) is in_time


def test_a_special_procedure_does_not_keep_the_law_from_renewing(w):
    """行政许可法 45 speaks of the periods of its own section; 50 is in another."""
    case = accepted_renewal(w)
    services.pause_case(
        case_id=case.pk,
        ground="inspection",
        expected_until=date(2031, 10, 10),
        reason="需要检验",
        by=w.reviewer,
        at=LAST_IN_TIME,
        key=uuid4(),
    )

    case = deem(case)

    assert (case.status, case.suspended_since, case.suspended_until) == ("decided", None, None)


def test_what_waits_for_a_correction_is_not_deemed_renewed(w):
    """行政许可法 32, 50: an incomplete application was not accepted; it is the applicant's turn."""
    case = renewal(w)
    asked = [Asked(selectors.materials_of(case)[0].code, "看不清")]
    services.ask_correction(case_id=case.pk, asked=asked, by=w.clerk, at=LAST_IN_TIME, key=uuid4())

    assert deem(case) is None


def test_what_nobody_answered_at_all_is_accepted_and_then_renewed(w):
    """行政许可法 32(4), 50"""
    case = renewal(w)
    assert deem(case) is None, "accepted first"

    services.deem_accepted(case_id=case.pk, at=OVER)

    assert deem(case).deemed_granted


def test_an_ended_renewal_is_not_deemed(w):
    case = accepted_renewal(w)
    services.terminate_case(case_id=case.pk, reason="停业", by=w.leader, at=LAST_IN_TIME, key=uuid4())

    assert deem(case) is None


def test_a_licence_that_was_revoked_is_not_renewed_by_silence(w):
    """行政许可法 69, 70"""
    case = accepted_renewal(w)
    revoked(case.acts_on_id, w.leader, at=LAST_IN_TIME)

    assert deem(case) is None


def test_a_new_application_is_never_deemed_renewed(w):
    assert deem(f.accepted_case(w)) is None


def test_deeming_twice_is_one_deed(w):
    case = accepted_renewal(w)

    assert deem(case) is not None
    assert deem(case) is None
    assert deem(case, OVER + DAY) is None
    assert Decision.objects.filter(case=case).count() == 1


def test_the_sweep_finds_what_the_law_renewed_in_batches(w, monkeypatch):
    monkeypatch.setattr(tasks, "BATCH", 1)
    case, other = accepted_renewal(w), f.accepted_case(w)

    tasks.deem_renewed(OVER)
    tasks.deem_renewed(OVER)

    assert Case.objects.get(pk=case.pk).deemed_granted
    assert Case.objects.get(pk=other.pk).status == "accepted"
