"""告知承诺: signed on the draft, bound to the applicant when filed, checked after the decision."""

from datetime import date
from uuid import uuid4

import pytest

from mingqu.cases import selectors, services
from mingqu.cases.errors import (
    CheckDone,
    CheckFindingMissing,
    CheckTextMissing,
    CheckUnknown,
    CommitmentUnsigned,
    MaterialsMissing,
    MaterialUnknown,
    NotDecided,
    NothingToPromise,
    SignerDiffers,
)
from mingqu.cases.models import AfterCheck, Case, CaseMaterial, MaterialFile, SignedCommitment
from mingqu.cases.services.files import Holder, Upload, add_correction_files, add_draft_files
from mingqu.cases.services.promises import sign_commitment
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import promising as p
from mingqu.cases.types import CommitmentInput
from mingqu.documents.models import DocumentRequest
from mingqu.forms import services as forms
from mingqu.forms.models import Draft
from mingqu.forms.selectors import view_of
from mingqu.identity.errors import NotAuthorised
from mingqu.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return p.world()


def test_a_promise_stands_for_the_material_and_keeps_the_very_words(w):
    case = p.promised_case(w)

    material = CaseMaterial.objects.get(case=case, code=p.PROMISED)
    promise = SignedCommitment.objects.get(root_id=case.pk)
    assert (material.state, material.how, material.source_id) == ("given", "commitment", promise.id)
    assert promise.text["promised"] == p.COMMITMENT["promised"]
    assert promise.text["consequence"] == p.COMMITMENT["consequence"]
    assert (promise.person_id, promise.signed_name, promise.commitment) == (w.citizen.id, p.NAME, "own-rules")
    paper = DocumentRequest.objects.get(root_id=case.pk, kind="commitment")
    assert paper.data["told"] == p.COMMITMENT["told"] and paper.data["signed_name"] == p.NAME
    assert [
        m["form"] for m in DocumentRequest.objects.get(root_id=case.pk, kind="receipt").data["materials"]
    ] == [
        "电子文件",
        "电子文件",
        "告知承诺书",
    ]


def test_an_applicant_may_hand_in_the_file_instead_and_the_file_counts(w):
    started = f.draft(w, files=[p.LOOKED_UP, p.LATER, p.PROMISED])
    p.signed(w, started.draft_id)

    case = p.file(w, started)

    material = CaseMaterial.objects.get(case=case, code=p.PROMISED)
    assert (material.how, material.source_id) == ("upload", None)
    assert not DocumentRequest.objects.filter(root_id=case.pk, kind="commitment").exists()


def test_without_promise_and_without_file_the_material_is_missing(w):
    started = f.draft(w, files=[p.LOOKED_UP, p.LATER])

    with pytest.raises(MaterialsMissing) as refused:
        p.file(w, started)

    assert refused.value.codes == [p.PROMISED]
    assert not Case.objects.exists()


def test_the_promise_signed_last_counts_and_the_first_stays_readable(w):
    started = f.draft(w, files=[p.LOOKED_UP, p.LATER])
    p.signed(w, started.draft_id, name="李小禾")
    second = p.signed(w, started.draft_id, at=f.FRIDAY_NOON + f.DAY / 24)

    case = p.file(w, started, at=f.FRIDAY_NOON + f.DAY / 12)

    assert CaseMaterial.objects.get(case=case, code=p.PROMISED).source_id == second.id
    assert SignedCommitment.objects.filter(root_id=case.pk).count() == 2


def test_a_promise_signed_with_another_name_than_the_applicants_files_nothing(w):
    started = f.draft(w, files=[p.LOOKED_UP, p.LATER])
    p.signed(w, started.draft_id, name="王五")

    with pytest.raises(SignerDiffers) as refused:
        p.file(w, started)

    assert refused.value.field == p.PROMISED and "食品安全管理制度" in refused.value.message
    assert not Case.objects.exists()


def test_a_promise_signed_before_sign_in_becomes_the_applicants_when_filed(w):
    anonymous = f.draft(w, files=[])
    started = forms.start_draft(
        about="QH-SPJYXK",
        form_digest="",
        context=dict(_context(anonymous)),
        by=None,
        at=f.FRIDAY_NOON,
        answers=f.ANSWERS,
    )
    unbound = p.signed(w, started.draft_id, by=Holder(None, started.token))
    for code in (p.LOOKED_UP, p.LATER):
        _upload(started, code)
    forms.claim_draft(
        draft_id=started.draft_id, token=started.token, by=w.citizen, at=f.FRIDAY_NOON, key=uuid4()
    )

    case = p.file(w, started)

    assert unbound.person_id is None
    bound = SignedCommitment.objects.get(
        root_id=case.pk, id=CaseMaterial.objects.get(case=case, code=p.PROMISED).source_id
    )
    assert (bound.person_id, bound.signed_at, bound.text) == (w.citizen.id, unbound.signed_at, unbound.text)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"agreed": False}, CommitmentUnsigned),
        ({"name": "   "}, CommitmentUnsigned),
        ({"code": "nothing-known"}, MaterialUnknown),
        ({"code": p.LOOKED_UP}, NothingToPromise),
        ({"code": p.LOOKED_UP, "kind": "gap"}, NothingToPromise),  # 主件: never 可容缺
        ({"kind": "gap"}, NothingToPromise),
        ({"kind": "other"}, NothingToPromise),
    ],
)
def test_what_is_no_promise_is_refused_and_nothing_is_kept(w, given, refusal):
    started = f.draft(w, files=[])
    whole = {"kind": "promise", "code": p.PROMISED, "name": p.NAME, "agreed": True} | given

    with pytest.raises(refusal):
        sign_commitment(
            draft_id=started.draft_id,
            commitment=CommitmentInput(**whole),
            holder=Holder(w.citizen),
            at=f.FRIDAY_NOON,
        )

    assert not SignedCommitment.objects.exists()


def test_an_optional_material_is_not_needed_for_filing(w):
    case = p.promised_case(w)

    assert CaseMaterial.objects.get(case=case, code=p.OPTIONAL).state == "absent"


def test_who_is_asked_to_correct_a_promised_material_hands_in_a_file(w):
    case = p.promised_case(w)
    services.ask_correction(
        case_id=case.pk,
        asked=[f.Asked(p.PROMISED, "不适用告知承诺，请交制度文本")],
        by=w.clerk,
        at=f.FRIDAY_NOON,
        key=uuid4(),
    )
    add_correction_files(
        case_id=case.pk,
        material=p.PROMISED,
        uploads=[Upload("制度.png", f.PNG)],
        by=w.citizen,
        at=f.FRIDAY_NOON,
    )

    services.supplement_case(case_id=case.pk, by=w.citizen, at=f.FRIDAY_NOON, key=uuid4())

    material = CaseMaterial.objects.get(case=case, code=p.PROMISED)
    assert (material.state, material.how, material.source_id) == ("supplemented", "upload", None)
    assert MaterialFile.objects.filter(root_id=case.pk, material_code=p.PROMISED, state="current").exists()


# Afterwards ---------------------------------------------------------------------------------------------------


def granted(w) -> tuple[Case, AfterCheck]:
    case = _reviewed(w, p.accepted(w, p.promised_case(w)))
    services.decide_case(
        case_id=case.pk, outcome="granted", reasons="", by=w.leader, at=f.FRIDAY_NOON, key=uuid4()
    )
    services.plan_after_checks(case_id=case.pk, at=f.FRIDAY_NOON)
    case.refresh_from_db()
    return case, AfterCheck.objects.get(case=case)


def check(w, case, duty, *, finding="kept", text="到店查看，制度齐全。", by=None, at=f.FRIDAY_NOON, key=None):
    return services.check_commitment(
        case_id=case.pk,
        check_id=duty if isinstance(duty, type(case.pk)) else duty.id,
        finding=finding,
        text=text,
        by=by or w.reviewer,
        at=at,
        key=key or uuid4(),
    )


def test_a_grant_on_a_promise_brings_the_duty_to_check_it_within_the_working_days_told(w):
    case, duty = granted(w)

    # 20 working days after 2026-09-18: the Sunday 20 September is worked, Mid-autumn and National Day are not.
    assert duty.due_on == date(2026, 10, 22)
    assert (duty.material_code, duty.department_id, duty.finding) == (p.PROMISED, case.department_id, "")
    assert selectors.after_checks_of(case) == [duty]
    assert [(found.pk, one.id) for found, one in selectors.after_checks_due(w.reviewer)] == [
        (case.pk, duty.id)
    ]
    assert not selectors.after_checks_due(w.reviewer, until=date(2026, 10, 21))


def test_told_twice_of_a_grant_there_is_one_duty(w):
    case, _duty = granted(w)

    assert services.plan_after_checks(case_id=case.pk, at=f.FRIDAY_NOON + f.DAY) == []
    assert AfterCheck.objects.filter(case=case).count() == 1


def test_a_case_without_promises_has_nothing_to_check(w):
    case = f.decided_case(w)

    assert services.plan_after_checks(case_id=case.pk, at=f.FRIDAY_NOON) == []
    assert not AfterCheck.objects.exists()


def test_a_promise_found_kept_is_written_down_and_told_nobody(w):
    case, duty = granted(w)

    check(w, case, duty)

    duty.refresh_from_db()
    assert (duty.finding, duty.text, duty.done_on) == ("kept", "到店查看，制度齐全。", date(2026, 9, 18))
    assert (duty.post_id, duty.person_id) == (w.reviewer.post_id, w.reviewer.id)
    assert not OutboxEvent.objects.filter(name="cases.commitment_broken").exists()


def test_a_broken_promise_is_published(w):
    case, duty = granted(w)

    check(w, case, duty, finding="broken", text="没有任何制度。")

    event = OutboxEvent.objects.get(name="cases.commitment_broken")
    assert event.payload["check_id"] == str(duty.id) and event.payload["material"] == p.PROMISED
    assert "没有任何制度" not in str(event.payload)


def test_the_same_check_sent_twice_is_one(w):
    case, duty = granted(w)
    key = uuid4()

    assert check(w, case, duty, key=key) == check(w, case, duty, key=key, finding="broken")
    duty.refresh_from_db()
    assert duty.finding == "kept"


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"finding": ""}, CheckFindingMissing),
        ({"finding": "maybe"}, CheckFindingMissing),
        ({"text": "  "}, CheckTextMissing),
    ],
)
def test_a_check_without_finding_or_words_is_refused(w, given, refusal):
    case, duty = granted(w)

    with pytest.raises(refusal):
        check(w, case, duty, **given)

    duty.refresh_from_db()
    assert duty.finding == ""


def test_a_check_is_made_once_of_a_known_promise_after_the_decision_by_who_may(w):
    case, duty = granted(w)
    with pytest.raises(CheckUnknown):
        check(w, case, uuid4())
    with pytest.raises(NotAuthorised):
        check(w, case, duty, by=w.leader)
    check(w, case, duty)
    with pytest.raises(CheckDone):
        check(w, case, duty, finding="broken")

    early = p.accepted(w, p.promised_case(w))
    with pytest.raises(NotDecided):
        check(w, early, uuid4())


def _reviewed(w, case):
    while steps := [t.step for t in f.tasks.open_tasks(case.pk) if t.step != "decide"]:
        f.review(w, case, steps[0])
    return case


def _context(started):
    return view_of(Draft.objects.get(pk=started.draft_id)).context


def _upload(started, code):
    add_draft_files(
        draft_id=started.draft_id,
        material=code,
        uploads=[Upload(f"{code}.png", f.PNG)],
        holder=Holder(None, started.token),
        at=f.FRIDAY_NOON,
    )
