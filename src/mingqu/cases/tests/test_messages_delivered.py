"""Messages that follow seldom: each really reaches the applicant, with what it has to say in it."""

from uuid import uuid4

import pytest

from mingqu.cases import services
from mingqu.cases import tasks as periodic
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.events import CaseDecided, CaseDelivered, CaseSuspended
from mingqu.cases.models import Case
from mingqu.cases.receivers import tell_decided, tell_delivered, tell_suspended
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import promising as p
from mingqu.cases.tests.test_gaps import at, bring, upload
from mingqu.cases.tests.test_promises import check, granted
from mingqu.kernel import relay
from mingqu.kernel.models import DeadLetter
from mingqu.notifications.models import InboxMessage

pytestmark = pytest.mark.django_db
CONFIRMATION = "07"  # 行政确认: what is no licence is told without the law of licences


def message(person, kind, when=f.FRIDAY_NOON + f.DAY) -> str:
    """The one of its kind that reached the person, title and body."""
    while relay.round_once(when):
        pass
    assert not DeadLetter.objects.exists(), list(DeadLetter.objects.values_list("subscriber", "error"))
    found = InboxMessage.objects.get(person_id=person.id, kind=kind)
    return f"{found.title}\n{found.body}"


def no_licence(case: Case) -> Case:
    Case.objects.filter(pk=case.pk).update(item_type=CONFIRMATION)
    return case


def test_what_was_owed_and_came_is_confirmed_by_name():
    w = p.world()
    case = p.accepted(w, p.owing_case(w))
    upload(w, case)
    bring(w, case)

    told = message(w.citizen, "case_owed_brought")
    assert "平面布局图" in told and "9月18日" in told


def test_what_is_owed_is_reminded_of_a_working_day_before():
    w = p.world()
    case = p.accepted(w, p.owing_case(w))
    periodic.watch_owed(at(23))

    told = message(w.citizen, "case_owed_due_soon", at(23))
    assert "9月24日" in told and case.number[:6] in told.replace(" ", "")


def test_a_promise_found_broken_is_told_with_the_material_and_the_day():
    w = p.world()
    case, duty = granted(w)
    check(w, case, duty, finding="broken", text="没有任何制度。")

    told = message(w.citizen, "case_commitment_broken")
    assert "9月18日" in told and "没有任何制度" not in told.splitlines()[0]


def test_a_bundle_withdrawn_is_told():
    w = b.world()
    bundle = b.filed(w)
    b.services.withdraw_bundle(bundle_id=bundle.pk, by=w.citizen, at=b.NOON, key=uuid4())
    b.settle()

    assert "撤回" in message(w.citizen, "bundle_withdrawn", b.NOON)


def test_silence_about_what_is_no_licence_is_told_without_the_law_of_licences():
    w = f.world()
    case = no_licence(f.received_case(w))
    services.deem_accepted(case_id=case.pk, at=f.FRIDAY_NOON + 10 * f.DAY)

    assert "行政许可法" not in message(w.citizen, "case_unanswered_accepted", f.FRIDAY_NOON + 10 * f.DAY)


def test_what_needs_no_application_is_told_without_the_word_licence():
    w = f.world()
    case = no_licence(f.received_case(w))
    services.refuse_acceptance(
        case_id=case.pk,
        ground="not_required",
        reason="办理备案即可",
        organ="",
        by=w.clerk,
        at=f.FRIDAY_NOON,
        key=uuid4(),
    )

    assert "许可法" not in message(w.citizen, "case_not_needed")


def test_a_refusal_of_what_is_no_licence_is_told_without_the_law_of_licences():
    w = f.world()
    case = no_licence(f.decided_case(w, outcome="refused"))

    told = message(w.citizen, "case_not_approved")
    assert "行政许可法" not in told and case.item_name in told


def test_a_grant_of_what_is_no_licence_is_told_without_the_word():
    w = f.world()
    case = no_licence(f.decided_case(w))

    told = message(w.citizen, "case_approved")
    assert "许可法" not in told and case.item_name in told


def test_the_decision_that_ends_a_certificate_is_told_when_it_is_delivered():
    w = f.world()
    case = f.decided_case(w)
    Case.objects.filter(pk=case.pk).update(handling_kind="cancel")
    of = (case.pk, case.number, case.item_code, case.applicant_id)
    tell_decided(CaseDecided(*of, "granted", f.FRIDAY_NOON.date()), at=f.FRIDAY_NOON)
    tell_delivered(CaseDelivered(*of, "granted", f.FRIDAY_NOON.date()), at=f.FRIDAY_NOON)

    for kind in ("case_cancellation_granted", "case_cancellation_delivered"):
        found = InboxMessage.objects.get(person_id=w.citizen.id, kind=kind)
        assert "9月18日" in found.body and case.item_name in found.title


def test_a_special_procedure_of_what_is_no_licence_is_told_with_its_last_day():
    w = f.world()
    case = no_licence(f.accepted_case(w))
    day = f.FRIDAY_NOON.date()
    stopped = CaseSuspended(
        case.pk, case.number, case.item_code, case.applicant_id, "hearing", day, day + 10 * f.DAY
    )
    tell_suspended(stopped, at=f.FRIDAY_NOON)

    found = InboxMessage.objects.get(person_id=w.citizen.id, kind="case_time_stopped")
    assert "9月28日" in found.body and "行政许可法" not in found.body


def test_what_is_not_accepted_leads_to_the_paper_with_the_reasons():
    w = f.world()
    services.refuse_acceptance(
        case_id=f.received_case(w).pk,
        ground="not_competent",
        reason="经营场所不在清禾区",
        organ="云禾区市场监督管理局",
        by=w.clerk,
        at=f.FRIDAY_NOON,
        key=uuid4(),
    )

    assert "打开办件查看" in message(w.citizen, "case_not_accepted")
