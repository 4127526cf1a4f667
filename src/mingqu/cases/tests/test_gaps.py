"""容缺: a material follows after acceptance, on a signed promise, with a clock of its own."""

import threading
from datetime import date, datetime
from uuid import uuid4

import pytest
from django.db import connections

from mingqu.cases import receivers, selectors, services
from mingqu.cases import tasks as periodic
from mingqu.cases.errors import (
    GapUnsigned,
    MaterialsMissing,
    NotBrought,
    NothingBrought,
    NothingOwed,
    SignerDiffers,
)
from mingqu.cases.events import OwedMissed
from mingqu.cases.models import Case, CaseMaterial, MaterialFile, SignedCommitment
from mingqu.cases.services.files import Holder, Upload, add_owed_files, remove_owed_file
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import promising as p
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Kind
from mingqu.documents.models import DocumentRequest
from mingqu.forms.models import Draft
from mingqu.forms.selectors import view_of
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.tests import factories as people
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import BEIJING
from mingqu.kernel.models import OutboxEvent
from mingqu.notifications.models import InboxMessage

UNTIL = date(2026, 9, 24)  # five working days after Friday the 18th, of which one is Sunday the 20th
db = pytest.mark.django_db


def at(day: int, month: int = 9) -> datetime:
    return datetime(2026, month, day, 10, 0, tzinfo=BEIJING)


@pytest.fixture
def w(db):
    return p.world()


@pytest.fixture
def owing(w):
    return p.accepted(w, p.owing_case(w))


def bring(w, case, *, by=None, when=f.FRIDAY_NOON, key=None):
    return services.bring_owed(case_id=case.pk, by=by or w.citizen, at=when, key=key or uuid4())


def upload(w, case, code=p.LATER, *, by=None):
    return add_owed_files(
        case_id=case.pk,
        material=code,
        uploads=[Upload("图.png", f.PNG)],
        by=by or w.citizen,
        at=f.FRIDAY_NOON,
    )


def gap_clock(case):
    return clocks.deadline_of(case.pk, Kind.GAP, f.FRIDAY_NOON, p.LATER)


# Filing -------------------------------------------------------------------------------------------------------


def test_a_material_that_may_follow_is_filed_as_owed_on_a_signed_promise(w):
    case = p.owing_case(w)

    material = CaseMaterial.objects.get(case=case, code=p.LATER)
    promise = SignedCommitment.objects.get(root_id=case.pk)
    assert (material.state, material.source_id, material.owed_until) == ("owed", promise.id, None)
    assert case.owes and promise.kind == "gap"
    assert "自受理之日起5个工作日内补交“经营场所平面布局图”" in promise.text["promised"][0]
    receipt = DocumentRequest.objects.get(root_id=case.pk, kind="receipt").data
    assert receipt["owed"] == ["经营场所平面布局图"] and len(receipt["materials"]) == 2


def test_a_key_material_is_never_left_to_follow(w):
    """主件 is missing whatever the draft says; nothing is filed."""
    started = f.draft(w, files=[p.LATER, p.PROMISED], context={"owed": [p.LOOKED_UP]})

    with pytest.raises(MaterialsMissing):
        p.file(w, started)


def test_a_material_chosen_to_follow_without_the_promise_is_refused(w):
    started = f.draft(w, files=[p.LOOKED_UP, p.PROMISED], context={"owed": [p.LATER]})

    with pytest.raises(GapUnsigned) as refused:
        p.file(w, started)

    assert refused.value.field == p.LATER and not Case.objects.exists()


def test_the_promise_to_follow_is_the_applicants_own(w):
    started = f.draft(w, files=[p.LOOKED_UP, p.PROMISED])
    p.signed(w, started.draft_id, "gap", p.LATER, name="王五")

    with pytest.raises(SignerDiffers):
        p.file(w, started)


def test_who_brings_the_file_after_all_owes_nothing(w):
    started = f.draft(w, files=[p.LOOKED_UP, p.PROMISED, p.LATER])
    p.signed(w, started.draft_id, "gap", p.LATER)

    case = p.file(w, started)

    assert not case.owes
    assert CaseMaterial.objects.get(case=case, code=p.LATER).state == "given"


def test_the_choice_to_bring_it_later_can_be_taken_back(w):
    started = f.draft(w, files=[p.LOOKED_UP, p.PROMISED])
    p.signed(w, started.draft_id, "gap", p.LATER)
    services.bring_now(
        draft_id=started.draft_id, material=p.LATER, holder=Holder(w.citizen), at=f.FRIDAY_NOON
    )

    assert view_of(Draft.objects.get(pk=started.draft_id)).context["owed"] == []
    with pytest.raises(MaterialsMissing):
        p.file(w, started)


# The clock ----------------------------------------------------------------------------------------------------


def test_the_time_runs_from_acceptance_and_moves_no_deadline_of_the_organ(w, owing):
    plain = f.draft(w, files=[p.LOOKED_UP, p.PROMISED, p.LATER])
    other = p.accepted(w, p.file(w, plain))

    assert gap_clock(owing).due_on == UNTIL
    assert CaseMaterial.objects.get(case=owing, code=p.LATER).owed_until == UNTIL
    assert owing.due_on == other.due_on
    paper = DocumentRequest.objects.get(root_id=owing.pk, kind="gap_promise").data
    assert paper["materials"] == [{"name": "经营场所平面布局图", "until": UNTIL.isoformat()}]
    assert paper["signed_name"] == p.NAME


def test_the_notice_of_acceptance_does_not_call_complete_what_is_still_owed(w, owing):
    plain = p.accepted(w, p.file(w, f.draft(w, files=[p.LOOKED_UP, p.PROMISED, p.LATER])))

    def told(case):
        return DocumentRequest.objects.get(root_id=case.pk, kind="acceptance_notice").data["owed"]

    assert told(owing) == ["经营场所平面布局图"]
    assert told(plain) == []


def test_where_the_law_accepted_earlier_the_time_still_runs_from_the_day_it_is_written(w):
    """行政许可法 32(4): that the organ was silent must not shorten the applicant's time."""
    case = p.owing_case(w)

    services.deem_accepted(case_id=case.pk, at=at(28))

    material = CaseMaterial.objects.get(case=case, code=p.LATER)
    case.refresh_from_db()
    assert case.accepted_on == date(2026, 9, 18)
    assert material.owed_until == date(
        2026, 10, 10
    )  # 29, 30 September; 8, 9, 10 October (a working Saturday)


@pytest.mark.parametrize("ending", ["withdraw", "terminate"])
def test_with_the_case_ends_the_time_for_what_is_owed(w, owing, ending):
    if ending == "withdraw":
        services.withdraw_case(case_id=owing.pk, by=w.citizen, at=f.FRIDAY_NOON, key=uuid4())
    else:
        services.terminate_case(
            case_id=owing.pk, reason="申请人死亡", by=w.leader, at=f.FRIDAY_NOON, key=uuid4()
        )

    assert gap_clock(owing).stopped_on == date(2026, 9, 18)


# Bringing -----------------------------------------------------------------------------------------------------


def test_what_was_owed_is_brought_and_its_time_stops(w, owing):
    upload(w, owing)

    bring(w, owing)

    material = CaseMaterial.objects.get(case=owing, code=p.LATER)
    owing.refresh_from_db()
    assert material.state == "brought" and not owing.owes
    assert MaterialFile.objects.get(root_id=owing.pk, material_code=p.LATER).state == "current"
    assert gap_clock(owing).in_time is True
    event = OutboxEvent.objects.get(name="cases.owed_brought").payload
    assert event["materials"] == [p.LATER] and event["left"] == []


def test_the_window_brings_it_in_for_the_applicant(w, owing):
    upload(w, owing, by=w.clerk)

    bring(w, owing, by=w.clerk)

    assert CaseMaterial.objects.get(case=owing, code=p.LATER).state == "brought"


def test_what_comes_late_is_taken_in_as_long_as_nothing_is_decided(w, owing):
    upload(w, owing)

    bring(w, owing, when=at(28))

    assert gap_clock(owing).in_time is False
    assert CaseMaterial.objects.get(case=owing, code=p.LATER).state == "brought"


def test_the_same_deed_twice_is_one(w, owing):
    upload(w, owing)
    key = uuid4()

    assert bring(w, owing, key=key) == bring(w, owing, key=key)
    assert OutboxEvent.objects.filter(name="cases.owed_brought").count() == 1


def test_nothing_is_brought_without_a_file_by_a_stranger_or_where_nothing_is_owed(w, owing):
    with pytest.raises(NothingBrought):
        bring(w, owing)
    with pytest.raises(NotAuthorised):
        bring(w, owing, by=people.citizen()[1])
    with pytest.raises(NothingOwed):
        upload(w, owing, p.PROMISED)
    plain = p.accepted(w, p.file(w, f.draft(w, files=[p.LOOKED_UP, p.PROMISED, p.LATER])))
    with pytest.raises(NothingOwed):
        bring(w, plain)


def test_nothing_is_brought_before_acceptance_or_after_the_end(w):
    case = p.owing_case(w)
    with pytest.raises(NotBrought):
        bring(w, case)
    with pytest.raises(NotBrought):
        upload(w, case)
    services.withdraw_case(case_id=case.pk, by=w.citizen, at=f.FRIDAY_NOON, key=uuid4())
    with pytest.raises(NotBrought):
        bring(w, case)


def test_a_file_is_taken_back_before_it_is_brought(w, owing):
    (file_id,) = upload(w, owing)

    remove_owed_file(case_id=owing.pk, file_id=file_id, by=w.citizen)

    with pytest.raises(NothingBrought):
        bring(w, owing)


# Reminders ----------------------------------------------------------------------------------------------------


def told(kind):
    return OutboxEvent.objects.filter(name=kind).count()


def test_one_working_day_before_the_end_the_applicant_is_reminded_once(w, owing):
    periodic.watch_owed(at(22))
    assert told("cases.owed_due_soon") == 0

    periodic.watch_owed(at(23))
    periodic.watch_owed(at(23))
    periodic.watch_owed(at(24))

    event = OutboxEvent.objects.get(name="cases.owed_due_soon").payload
    assert event["materials"] == [p.LATER] and event["until"] == UNTIL.isoformat()


def test_a_missed_time_is_said_once_and_nothing_is_refused_by_itself(w, owing):
    """No law ends or refuses a case because a promised material did not come; the officer decides (38)."""
    periodic.watch_owed(at(24))
    assert told("cases.owed_missed") == 0

    for day in (25, 26, 30):
        periodic.watch_owed(at(day))

    owing.refresh_from_db()
    assert told("cases.owed_missed") == 1
    assert owing.status == "accepted"
    assert CaseMaterial.objects.get(case=owing, code=p.LATER).owed_told == "missed"
    assert selectors.owed_to_tell(date(2026, 9, 30), date(2026, 10, 8)) == []


def test_the_message_of_a_missed_material_is_not_sent_when_it_came_meanwhile(w, owing):
    missed = OwedMissed(owing.pk, owing.number, owing.item_code, owing.applicant_id, p.LATER, UNTIL)
    receivers.tell_owed_missed(missed, at=at(25))
    assert InboxMessage.objects.filter(kind="case_owed_missed").count() == 1

    upload(w, owing)
    bring(w, owing, when=at(25))
    InboxMessage.objects.all().delete()
    receivers.tell_owed_missed(missed, at=at(26))

    assert not InboxMessage.objects.exists()


def test_what_was_brought_is_not_reminded_of(w, owing):
    upload(w, owing)
    bring(w, owing)

    periodic.watch_owed(at(23))
    periodic.watch_owed(at(28))

    assert told("cases.owed_due_soon") == told("cases.owed_missed") == 0


# Side by side -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["bring", "withdraw", "remind"])
def test_bringing_and_another_deed_at_the_same_instant_give_what_one_of_the_orders_gives(committed_db, other):
    w = p.world()
    case = p.accepted(w, p.owing_case(w))
    upload(w, case)
    deeds = {
        "bring": lambda: bring(w, case),
        "withdraw": lambda: services.withdraw_case(
            case_id=case.pk, by=w.citizen, at=f.FRIDAY_NOON, key=uuid4()
        ),
        "remind": lambda: services.tell_about_owed(case_id=case.pk, at=at(25)),
    }
    results, start = {}, threading.Barrier(2)

    def do(place, deed):
        try:
            start.wait()
            deeds[deed]()
            results[place] = ""
        except DomainError as refusal:
            results[place] = refusal.code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=pair) for pair in ((1, "bring"), (2, other))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    state = CaseMaterial.objects.get(case=case, code=p.LATER).state
    if other == "bring":
        assert sorted(results.values()) == ["", "nothing_owed"] and state == "brought"
        assert told("cases.owed_brought") == 1
    elif other == "withdraw":
        assert results in ({1: "", 2: ""}, {1: "case_takes_no_owed", 2: ""})
        assert state == ("brought" if results[1] == "" else "owed")
    else:
        assert results == {1: "", 2: ""} and state == "brought"
    assert gap_clock(case).stopped_on is not None


def test_what_is_brought_to_the_window_is_counted_as_a_visit_and_what_is_sent_is_not(w, owing):
    upload(w, owing, by=w.clerk)
    bring(w, owing, by=w.clerk)
    sent = p.accepted(w, p.owing_case(w))
    upload(w, sent)
    bring(w, sent)

    owing.refresh_from_db()
    sent.refresh_from_db()
    assert (owing.visits, sent.visits) == (1, 0)
    assert not owing.owes and not sent.owes
