"""作废, 更正 and 补录: by whom, until when, with a second person, and what it leaves behind."""

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connections, transaction

from mingqu.cases import counting, errors, lives, services
from mingqu.cases.models import BackFilled, Case, FilingChange, Outage, PaperPack, PaperSlip
from mingqu.cases.services import amending, outages, window
from mingqu.cases.services.amending import NAME
from mingqu.cases.tests import at_window
from mingqu.cases.tests import factories as f
from mingqu.documents.models import DocumentRequest
from mingqu.identity.errors import NotAuthorised
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.relay import round_once
from mingqu.notifications.models import InboxMessage

NOW = f.FRIDAY_NOON
AREA = "area_m2"


@pytest.fixture
def w(db):
    return f.world()


@pytest.fixture
def case(w) -> Case:
    return at_window.filed_case(w)


def ask_void(case, by, at=NOW, reason="收错了事项"):
    services.ask_void(case_id=case.pk, reason=reason, by=by, at=at, key=uuid4())
    return FilingChange.objects.get(case=case, state="waiting")


def mend(case, by, changes, at=NOW):
    return services.mend_entry(case_id=case.pk, changes=changes, reason="录入打错", by=by, at=at, key=uuid4())


def answer(row, by, agrees=True, text="", at=NOW):
    services.answer_change(
        case_id=row.case_id, change_id=row.id, agrees=agrees, text=text, by=by, at=at, key=uuid4()
    )
    return Case.objects.get(pk=row.case_id)


def messages_of(case) -> list[str]:
    round_once(NOW)
    return list(InboxMessage.objects.filter(person_id=case.applicant_id).values_list("kind", flat=True))


def test_a_voided_filing_keeps_its_number_ends_and_counts_as_nothing(w, case):
    row = ask_void(case, w.clerk)
    assert Case.objects.get(pk=case.pk).status == "received"  # nothing yet

    voided = answer(row, w.reviewer)

    assert (voided.status, voided.number, voided.due_on, voided.visits) == ("voided", case.number, None, 0)
    assert lives.lives_of([case.pk]) == []
    assert counting.tally(legal_day(NOW), legal_day(NOW))["received"] == 0
    assert "case_voided" in messages_of(case)


def test_nobody_agrees_to_what_she_asked_for_herself(w, case):
    row = ask_void(case, w.clerk)
    with pytest.raises(errors.SecondPersonNeeded):
        answer(row, w.clerk)
    assert Case.objects.get(pk=case.pk).status == "received"
    answer(row, w.clerk, agrees=False, text="看错了")  # taken back

    row.refresh_from_db()
    assert (row.state, row.answered_by) == ("declined", None)


def test_the_applicant_can_neither_void_nor_mend(w, case):
    for by in (w.citizen, w.leader):
        with pytest.raises(NotAuthorised):
            ask_void(case, by)
        with pytest.raises(NotAuthorised):
            mend(case, by, {AREA: 1})


def test_what_was_accepted_or_taken_in_yesterday_is_not_voided(w, case):
    with pytest.raises(errors.VoidTooLate):
        ask_void(case, w.clerk, at=NOW + f.DAY)
    row = ask_void(case, w.clerk)
    services.accept_case(case_id=case.pk, by=w.clerk, at=NOW, key=uuid4())
    with pytest.raises(errors.VoidTooLate):
        answer(row, w.reviewer)

    assert Case.objects.get(pk=case.pk).status == "accepted"


def test_what_was_asked_today_is_not_voided_tomorrow(w, case):
    row = ask_void(case, w.clerk)
    with pytest.raises(errors.VoidTooLate):
        answer(row, w.reviewer, at=NOW + 6 * f.DAY)

    assert Case.objects.get(pk=case.pk).status == "received"
    answer(row, w.reviewer, agrees=False, text="已经过了当天", at=NOW + 6 * f.DAY)


def test_what_an_applicant_typed_herself_is_not_changed_for_her(w):
    case = f.received_case(w)
    with pytest.raises(errors.NotOfWindow):
        ask_void(case, w.clerk)
    with pytest.raises(errors.NotOfWindow):
        mend(case, w.clerk, {AREA: 1})


def test_a_typing_error_is_mended_at_once_and_both_values_are_kept(w, case):
    before = case.answers["area_m2"]

    assert mend(case, w.clerk, {AREA: 91}).waits is False

    case.refresh_from_db()
    row = FilingChange.objects.get(case=case)
    assert case.answers["area_m2"] == 91
    assert (row.state, row.before, row.after) == ("done", {AREA: before}, {AREA: 91})
    assert "case_mended" in messages_of(case)
    with pytest.raises(errors.NothingMended):
        mend(case, w.clerk, {AREA: 91})
    with pytest.raises(errors.FieldNotMendable):
        mend(case, w.clerk, {"no.such.field": 1})


def test_an_answer_is_not_mended_so_that_a_question_nobody_asked_stays_open(w, case, monkeypatch):
    schema = amending.schema_of(case)
    asked = replace(schema.fields["manager_phone"], asked_when=(("seats", ("21",)),))
    waiting = replace(schema, fields={**schema.fields, "manager_phone": asked})
    monkeypatch.setattr(amending, "schema_of", lambda _case: waiting)
    Case.objects.filter(pk=case.pk).update(answers=case.answers | {"manager_phone": None})

    with pytest.raises(errors.FormIncomplete):
        mend(case, w.clerk, {"seats": 21})

    assert mend(case, w.clerk, {"seats": 21, "manager_phone": "19900001234"}).waits is False


def test_a_name_waits_for_a_second_person_and_its_papers_are_made_anew(w, case):
    assert mend(case, w.clerk, {NAME: "何小满"}).waits is True
    row = FilingChange.objects.get(case=case)
    case.refresh_from_db()
    assert case.applicant_name == "禾小满"
    with pytest.raises(errors.ChangeWaits):
        mend(case, w.clerk, {AREA: 91})

    assert answer(row, w.reviewer).applicant_name == "何小满"

    first, again = DocumentRequest.objects.filter(root_id=case.pk, kind="receipt").order_by("id")
    assert again.data["corrects"] == first.number != again.number
    assert (first.data["recipient"], again.data["recipient"]) == ("禾小满", "何小满")


# On paper, while the platform stood still --------------------------------------------------------------------------

CAME = NOW - 3 * f.DAY


def pack_of(w):
    return outages.make_pack(count=5, by=w.clerk, at=NOW - 5 * f.DAY, key=uuid4())


def outage_of(manager, began=CAME - timedelta(hours=1), ended=CAME + timedelta(hours=2), at=NOW):
    return outages.declare_outage(
        began_at=began, ended_at=ended, reason="大厅停电", by=manager, at=at, key=uuid4()
    )


@pytest.fixture
def manager(w):
    return f.post_of("QH-DTGL", "大厅管理", f.Department.objects.get(code="QH-SCJG").pk, "hall_manager")


def enter(w, outage_id, number, *, at=NOW, received=CAME, name="禾小满"):
    slip = outages.NewSlip(number, received, "QH-SPJYXK", name)
    return outages.enter_slip(outage_id=outage_id, slip=slip, by=w.clerk, at=at, key=uuid4())


def confirmed(w, manager, second, *, name="禾小满", serial=1):
    pack, outage_id = pack_of(w), outage_of(manager)
    ref = enter(w, outage_id, f"{pack}-{serial:03d}", name=name)
    row = PaperSlip.objects.get(id=ref.id)
    given = {"pack_id": row.pack_id, "slip_id": row.id, "agrees": True, "text": ""}
    outages.confirm_slip(**given, by=second, at=NOW, key=uuid4())
    return row


@pytest.fixture
def second(w):
    return f.post_of("QH-CK-02", "二号窗口", f.Department.objects.get(code="QH-SCJG").pk, "window_clerk")


def with_slip(w, slip, person=None, **given):
    person = person or at_window.walk_in(w)
    draft_id, version = at_window.window_draft(w, person, **given)
    by = at_window.assisting(w, person)
    window.choose_slip(draft_id=draft_id, slip_id=str(slip.id), by=by, at=NOW)
    return person, (draft_id, version + 1)


def test_what_came_on_paper_counts_from_the_day_it_came(w, manager, second):
    slip = confirmed(w, manager, second)
    person, draft = with_slip(w, slip)

    case = Case.objects.get(pk=at_window.file_it(w, person, draft).case_id)

    assert (case.received_at, case.received_on) == (CAME, legal_day(CAME))
    assert case.slip_number == f"{PaperPack.objects.get().number}-001"
    direct = Case.objects.get(pk=at_window.filed_case(w, at_window.walk_in(w, name="禾又一")).pk)
    assert case.due_on < direct.due_on  # the five days run from the true day
    assert legal_day(CAME).strftime("%Y%m%d") in case.number


def test_a_slip_is_typed_in_once_and_only_after_a_second_person_compared_it(w, manager, second):
    pack, outage_id = pack_of(w), outage_of(manager)
    ref = enter(w, outage_id, f"{pack}-002")
    row = PaperSlip.objects.get(id=ref.id)
    person, draft = with_slip(w, row)
    with pytest.raises(errors.SlipUnknown):
        at_window.file_it(w, person, draft)
    given = {"pack_id": row.pack_id, "slip_id": row.id, "text": ""}
    with pytest.raises(errors.SecondPersonNeeded):
        outages.confirm_slip(**given, agrees=True, by=w.clerk, at=NOW, key=uuid4())
    with pytest.raises(errors.ReasonMissing):
        outages.confirm_slip(**given, agrees=False, by=second, at=NOW, key=uuid4())
    outages.confirm_slip(**given, agrees=True, by=second, at=NOW, key=uuid4())
    at_window.file_it(w, person, draft)

    again = with_slip(w, row, person)
    with pytest.raises(errors.SlipUnknown):
        at_window.file_it(w, *again)
    assert Case.objects.filter(slip_number__gt="").count() == 1


def test_a_slip_of_somebody_else_or_of_another_item_is_refused(w, manager, second):
    slip = confirmed(w, manager, second, name="王大力")
    person, draft = with_slip(w, slip)
    with pytest.raises(errors.SlipOfAnother):
        at_window.file_it(w, person, draft)
    assert not BackFilled.objects.exists()


def test_times_that_cannot_be_are_refused(w, manager):
    pack, outage_id = pack_of(w), outage_of(manager)
    for number, received, refusal in (
        (f"{pack}-001", NOW + f.DAY, errors.SlipInFuture),
        (f"{pack}-001", NOW - 11 * f.DAY, errors.SlipTooOld),
        (f"{pack}-001", CAME + f.DAY, errors.SlipOutsideOutage),
        (f"{pack}-006", CAME, errors.SlipNumberWrong),
        ("Z000000-26-0001-001", CAME, errors.PackUnknown),
    ):
        with pytest.raises(refusal):
            enter(w, outage_id, number, received=received)
    for began, ended in ((NOW + f.DAY, None), (CAME, CAME), (CAME, NOW + f.DAY)):
        with pytest.raises(errors.OutageTimesWrong):
            outage_of(manager, began, ended)
    with pytest.raises(NotAuthorised):
        outage_of(w.clerk)
    with pytest.raises(errors.OutageUnknown):
        enter(w, uuid4(), f"{pack}-001")
    with pytest.raises(errors.PackSizeWrong):
        outages.make_pack(count=101, by=w.clerk, at=NOW, key=uuid4())
    enter(w, outage_id, f"{pack}-001")
    with pytest.raises(errors.SlipEntered):
        enter(w, outage_id, f"{pack}-001")


def test_nobody_alone_declares_an_outage_of_days_long_past(w, manager):
    edge = NOW - timedelta(days=settings.MINGQU_DESK["backfill_days"])
    with pytest.raises(errors.OutageTooOld) as refused:
        outage_of(manager, edge - timedelta(minutes=1), None)
    assert refused.value.field == "began" and not Outage.objects.exists()

    assert outage_of(manager, edge, None)


def test_an_outage_ends_once(w, manager):
    outage_id = outage_of(manager, ended=None)
    given = {"outage_id": outage_id, "by": manager, "at": NOW}
    with pytest.raises(errors.OutageTimesWrong):
        outages.end_outage(ended_at=CAME - f.DAY, key=uuid4(), **given)
    outages.end_outage(ended_at=CAME + timedelta(hours=1), key=uuid4(), **given)
    with pytest.raises(errors.OutageOver):
        outages.end_outage(ended_at=NOW, key=uuid4(), **given)


def test_two_second_persons_at_once_void_once(committed_db):
    w = f.world()
    case = at_window.filed_case(w)
    row = ask_void(case, w.clerk)
    said: list[str] = []

    def go():
        try:
            with transaction.atomic():
                answer(row, w.reviewer)
            said.append("done")
        except (errors.ChangeUnknown, errors.MendTooLate):
            said.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(said) == ["done", "refused"]
