"""联合踏勘: found together once, used by each department for its own result; corrected, missed, adopted, raced."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from mingqu.cases import events as case_events
from mingqu.cases.bundles import of_visits, selectors, services
from mingqu.cases.bundles import shared_errors as no
from mingqu.cases.bundles.services import sharing
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.tests import looking_together as t
from mingqu.cases.bundles.tests import test_one_date_for_visits as v
from mingqu.cases.bundles.types import NewFinding
from mingqu.cases.errors import ReasonMissing
from mingqu.cases.models import SharedFinding, Visit
from mingqu.cases.services.files import Upload
from mingqu.cases.tests import factories as f
from mingqu.cases.types import VisitParty
from mingqu.cases.visit_errors import OfficersUnsigned, PartyUnsigned, VisitInThePast, VisitNotYet
from mingqu.documents import services as documents
from mingqu.documents.models import DocumentRequest
from mingqu.kernel.models import AuditEntry
from mingqu.notifications.models import InboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun():
    return t.begun()


@pytest.fixture
def w(begun):
    return begun[0]


@pytest.fixture
def agreed(begun):
    return begun[1:]


def told(kind):
    return {one.person_id for one in InboxMessage.objects.filter(kind=kind)}


def papers(root_id, kind):
    return [row.data for row in DocumentRequest.objects.filter(root_id=root_id, kind=kind).order_by("id")]


def test_what_is_found_together_is_used_by_each_department_for_its_own_record(w, agreed):
    bundle, joint = agreed
    photo = documents.check_upload(f.PNG)
    t.write(w, joint, "fire", replace(t.GATE, photo=photo))
    found = t.closed(w, joint)

    t.record(w, bundle, "food", used=[found])
    b.settle(t.THERE)

    food = Visit.objects.get(case_id=b.part(bundle, "food").case_id, state="done")
    assert (food.joint_id, food.used_ids, food.adopted) == (joint.id, [found], "")
    [own] = papers(food.case_id, "visit_record")
    assert [(one["subject"], one["says"]) for one in own["shared"]] == [("围挡高度", "2.4米，连续封闭")]
    [paper] = papers(bundle.pk, "joint_visit_record")
    assert [one["came"] for one in paper["organs"]] == [True, True, True]
    assert [one["says"] for one in paper["findings"]] == ["一处，已经硬化，照片", "2.4米，连续封闭"]
    assert told("joint_visit_recorded") == {w.citizen.id} and not told("joint_visit_missed")
    assert t.visit_of(bundle, "fire").state == "planned", "each department goes on to its own record"
    assert v.b.part(bundle, "fire").state == "accepted"


def test_a_correction_leaves_both_and_tells_who_rests_on_what_stood_there(w, agreed):
    bundle, joint = agreed
    found = t.closed(w, joint)
    t.record(w, bundle, "food", used=[found])
    t.record(w, bundle, "sign")
    b.settle(t.THERE)

    t.correct(w, joint, "fire", found, reason="复测，前一次没有从地面量起", at=t.THERE + timedelta(hours=1))
    b.settle(t.THERE)
    b.settle(t.THERE)

    assert set(v.pair(w, "food")) <= told("shared_finding_corrected")
    assert not set(v.pair(w, "sign")) & told("shared_finding_corrected")
    said = InboxMessage.objects.filter(kind="shared_finding_corrected", person_id=w.base.inspector.id)
    assert [("2.4米" in one.body, "2.5米" in one.body) for one in said] == [(True, True)], "told once"
    case = b.case(bundle, "food")
    [changed] = selectors.corrected_since(case, Visit.objects.filter(case=case)).popitem()[1]
    assert (changed.before.id, changed.after.reason) == (found, "复测，前一次没有从地面量起")
    first, second = papers(bundle.pk, "joint_visit_record")
    assert not first["corrections"] and second["corrections"][0]["before"] == "2.4米，连续封闭"


def test_who_signs_while_a_finding_is_corrected_hears_of_it_too(w, agreed):
    """The correction was told before the record was there: the relay finds it by the record's own event."""
    bundle, joint = agreed
    found = t.closed(w, joint)
    t.correct(w, joint, "fire", found)
    b.settle(t.THERE)
    assert not told("shared_finding_corrected")
    visit = t.visit_of(bundle, "food")
    Visit.objects.filter(case_id=visit.case_id, id=visit.id).update(
        state="done", outcome="met", done_at=t.THERE, joint_id=joint.id, used_ids=[found]
    )
    case = b.case(bundle, "food")
    whose = (case.pk, case.number, case.item_code, case.applicant_id)

    done = case_events.StepCompleted(*whose, visit.step, visit.step_name, "met")
    of_visits.tell_corrected_before(done, at=t.THERE)

    assert set(v.pair(w, "food")) <= told("shared_finding_corrected")


def test_who_did_not_come_is_told_and_adopts_the_record_with_its_reason(w, agreed):
    bundle, joint = agreed
    found = t.closed(w, joint, ("food", "sign"))

    assert set(v.pair(w, "fire")) <= told("joint_visit_missed")
    assert not set(v.pair(w, "food")) & told("joint_visit_missed")
    t.record(w, bundle, "fire", adopted="当天出警")

    fire = Visit.objects.get(case_id=b.part(bundle, "fire").case_id, state="done")
    assert (fire.used_ids, fire.adopted) == ([found], "当天出警")
    [paper] = papers(fire.case_id, "visit_record")
    assert (paper["adopted"], paper["joint_on"]) == ("当天出警", "2026-09-20")
    entry = AuditEntry.objects.get(root_id=fire.case_id, action="case.record_visit")
    assert entry.notes["adopted_record"] and "当天出警" not in str(entry.notes)


def test_a_department_is_taken_out_and_added_again_and_the_others_keep_their_date(w, agreed):
    bundle, joint = agreed
    t.drop(w, bundle, "fire", at=b.NOON)
    assert not selectors.unanswered(v.who(w, "fire"))
    t.add(w, bundle, "fire", at=b.NOON)
    assert [one.part for one in selectors.unanswered(v.who(w, "fire"))] == ["fire"]

    v.answer(w, bundle, "fire")
    b.settle()

    assert {one.planned_for for one in v.planned(bundle).values()} == {v.hour()}
    assert InboxMessage.objects.filter(kind="bundle_visit_agreed").count() == 2, "of the added one by itself"
    assert selectors.joint_visit(bundle).id == joint.id


def test_taking_out_who_can_not_come_settles_the_date_for_the_others():
    w = v.world()
    bundle = b.accepted(w, situation=v.SITUATION, answers=v.ANSWERS)
    v.propose(w, bundle)
    v.answer(w, bundle, "food")
    v.answer(w, bundle, "fire", no="当天全员参加演练")
    v.answer(w, bundle, "sign")
    t.drop(w, bundle, "fire", at=b.NOON)
    b.settle()

    assert selectors.joint_visit(bundle).state == "agreed" and set(v.planned(bundle)) == {"food", "sign"}
    with pytest.raises(no.TooFewVisitors):
        t.drop(w, bundle, "sign", at=b.NOON)
    with pytest.raises(VisitInThePast):
        t.add(w, bundle, "fire")


def test_what_is_refused_leaves_the_record_as_it_was(w, agreed):
    bundle, joint = agreed
    for given, refusal in (
        ({"finding": t.WALL, "by": w.other["XFJY-JC-01"]}, no.NotSharing),
        ({"finding": t.WALL, "at": t.THERE - timedelta(days=1)}, VisitNotYet),
        ({"finding": NewFinding(" ", "有")}, no.SubjectMissing),
        ({"finding": NewFinding("围挡高度")}, no.FindingEmpty),
        ({"finding": replace(t.WALL, unit=" ")}, no.UnitMissing),
    ):
        with pytest.raises(refusal):
            t.write(w, joint, "food", **given)
    assert not SharedFinding.objects.exists()
    made = t.write(w, joint, "food").finding_id
    t.sign(w, joint, "food")
    for deed, refusal in (
        (lambda: t.write(w, joint, "fire", replace(t.WALL, subject="围挡 高度")), no.FindingWritten),
        (lambda: t.correct(w, joint, "fire", made, reason=" "), ReasonMissing),
        (lambda: t.remove(w, joint, "fire", made, reason=" "), ReasonMissing),
        (lambda: t.sign(w, joint, "fire", signed=t.signed_by(v.pair(w, "food"))), OfficersUnsigned),
        (lambda: t.close(w, joint, absent=()), no.AttendanceChanged),
        (lambda: t.close(w, joint, party=VisitParty("", True, " ")), PartyUnsigned),
        (lambda: t.close(w, joint, "fire"), no.RecordUnsigned),
        (lambda: t.record(w, bundle, "food", used=[uuid4()]), no.FindingNotShared),
    ):
        with pytest.raises(refusal):
            deed()
    assert t.as_the_table_says(joint) == "1 food"
    with pytest.raises(no.JointVisitUnknown):
        services.write_finding(
            of=replace(t.of(joint, "food"), joint_id=uuid4()), finding=t.GATE, by=w.base.inspector,
            at=t.THERE, key=uuid4(),
        )  # fmt: skip


def test_a_record_does_not_grow_without_end(w, agreed, monkeypatch):
    monkeypatch.setattr(sharing, "MOST", 1)
    _bundle, joint = agreed
    t.write(w, joint, "food")

    with pytest.raises(no.TooManyFindings):
        t.write(w, joint, "fire", t.GATE)


def test_nothing_of_what_was_found_stands_in_events_or_the_ledger(w, agreed):
    bundle, joint = agreed
    t.correct(w, joint, "food", t.closed(w, joint), NewFinding("围挡高度", "有三处破损"))

    said = str([(one.notes, one.action) for one in AuditEntry.objects.filter(root_id=bundle.pk)])
    assert "破损" not in said and "围挡" not in said and "李晓禾" not in said
    assert "bundle.correct_finding" in said


def test_a_photo_comes_without_position_and_is_kept_with_the_bundle(w, agreed):
    _bundle, joint = agreed
    upload = Upload("现场.png", f.PNG)
    t.write(w, joint, "food", replace(t.GATE, photo=documents.check_upload(upload.data)))

    [one] = SharedFinding.objects.all()
    assert len(one.sha256) == 64 and documents.read_file(joint.bundle_id, one.file_id)


def test_who_rests_on_a_record_that_is_still_open_hears_of_every_change_to_it(w, agreed):
    bundle, joint = agreed
    wall, gate = (t.write(w, joint, "food", one).finding_id for one in (t.WALL, t.GATE))
    t.record(w, bundle, "food", used=[wall, gate])
    b.settle(t.THERE)

    t.correct(w, joint, "fire", wall)
    t.remove(w, joint, "sign", gate)
    b.settle(t.THERE)

    mine = InboxMessage.objects.filter(kind="shared_finding_corrected", person_id=w.base.inspector.id)
    assert sorted("已撤下" in one.body for one in mine) == [False, True]


def test_who_was_not_there_corrects_nothing_that_the_others_signed(w, agreed):
    bundle, joint = agreed
    found = t.closed(w, joint, ("food", "sign"))

    with pytest.raises(no.NotSharing):
        t.correct(w, joint, "fire", found)
    t.record(w, bundle, "fire", adopted="当天出警")
    with pytest.raises(no.NotSharing):
        t.correct(w, joint, "fire", found)
    assert t.correct(w, joint, "sign", found).finding_id != found
