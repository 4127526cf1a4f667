"""What was granted comes under supervision, is inspected, and the record is open (行政许可法 61)."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection

from mingqu.cases.services.certificate import issue_certificate
from mingqu.cases.tests import factories as f
from mingqu.cases.tests import variants
from mingqu.certificates.events import CertificateCancelled, CertificateRevoked, CertificateStruckOff
from mingqu.certificates.models import Certificate
from mingqu.identity import selectors as identity
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.events import DepartmentChanged
from mingqu.identity.models import Department, User
from mingqu.identity.tests import factories as people
from mingqu.kernel.models import AuditEntry, OutboxEvent
from mingqu.kernel.relay import round_once
from mingqu.notifications.models import InboxMessage
from mingqu.regulation import receivers, selectors, services, wiring
from mingqu.regulation.errors import (
    AlreadyInspected,
    FindingUnknown,
    InspectedInFuture,
    InspectedTooEarly,
    NextTooEarly,
    NextTooLate,
    SupervisedUnknown,
    SupervisionEnded,
    WordsMissing,
    WordsPersonal,
    WordsTooLong,
)
from mingqu.regulation.forms import InspectionForm
from mingqu.regulation.models import Inspection, Supervised
from mingqu.regulation.tests.factories import NOON, found, inspected, under_supervision
from mingqu.regulation.types import Seen

TODAY = date(2026, 9, 18)


@pytest.fixture
def w(db):
    return f.world()


@pytest.fixture
def row(w) -> Supervised:
    return under_supervision(w)


def write(row, what, by, at=NOON, key=None):
    return services.write_inspection(
        object_id=row.pk,
        found=what,
        seen_as=Seen(row.next_on, 0),
        by=by,
        at=at,
        key=key or uuid4(),
    )


def test_a_grant_comes_under_supervision_with_the_day_its_definition_gives(w, row):
    licence = Certificate.objects.get(pk=row.certificate_id)

    assert (row.number, row.since, row.next_on) == (licence.number, TODAY, date(2027, 3, 18))
    assert (row.department_id, row.last_on, row.ended_on) == (w.bureau, None, None)
    assert OutboxEvent.objects.filter(name="regulation.began", root_id=row.pk).count() == 1
    again = services.follow_certificate(
        certificate_id=row.certificate_id, case_id=row.case_id, at=NOON + f.DAY
    )
    assert again == row.pk
    assert AuditEntry.objects.filter(root_id=row.pk).count() == 1


def test_the_event_of_the_certificate_is_enough(w):
    case = f.decided_case(w)
    issue_certificate(case_id=case.pk, at=NOON)
    round_once(NOON)

    assert Supervised.objects.get(case_id=case.pk).next_on == date(2027, 3, 18)


def test_an_item_that_does_not_say_so_brings_nothing_under_supervision(w, monkeypatch):
    case = f.decided_case(w)
    issue_certificate(case_id=case.pk, at=NOON)
    licence = Certificate.objects.get(case_id=case.pk)
    silent = replace(services.cases.definition_of(case).result, supervision=None)
    monkeypatch.setattr(services.cases, "definition_of", lambda _case: SimpleNamespace(result=silent))

    made = services.follow_certificate(certificate_id=licence.pk, case_id=case.pk, at=NOON)

    assert made is None
    assert not Supervised.objects.exists()


def test_an_inspection_is_recorded_signed_and_open_to_everybody(w, row, client):
    done = inspected(
        row, w.reviewer, finding="wrong", seen="冷藏柜温度偏高。", done="责令三日内改正。", months=1
    )

    kept = Inspection.objects.get(supervised=row)
    assert (done.last_finding, done.last_on, done.next_on) == ("wrong", TODAY, date(2026, 10, 18))
    assert kept.signed_name == identity.names_of([w.reviewer.id])[w.reviewer.id]
    lines, more = selectors.open_records()
    assert more == ""
    assert [(one.number, one.finding, one.seen, one.done) for one in lines] == [
        (row.number, "wrong", "冷藏柜温度偏高。", "责令三日内改正。")
    ]
    holder = identity.names_of([w.citizen.id])[w.citizen.id]
    page = client.get(f"/inspections/?number={row.number}").content.decode()
    assert "责令三日内改正。" in page
    assert holder not in page


def test_a_holder_who_is_a_person_is_told_what_was_found_and_where_it_is_open(w, row):
    inspected(row, w.reviewer, finding="wrong")
    round_once(NOON)

    told = InboxMessage.objects.get(kind="supervised_inspected", person_id=w.citizen.id)
    assert "发现问题" in told.body
    assert told.link == f"/inspections/?number={row.number}"


def test_the_words_of_a_record_are_in_no_entry_of_the_ledger_and_no_event(w, row):
    inspected(row, w.reviewer, seen="冷藏柜温度偏高。")

    entry = AuditEntry.objects.get(root_id=row.pk, action="regulation.inspect")
    assert "冷藏柜" not in str(entry.notes)
    assert "冷藏柜" not in str(
        list(OutboxEvent.objects.filter(root_id=row.pk).values_list("payload", flat=True))
    )


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"finding": "fine"}, FindingUnknown),
        ({"seen": "  "}, WordsMissing),
        ({"done": "字" * 1001}, WordsTooLong),
        ({"seen": "负责人电话13800138000。"}, WordsPersonal),
        ({"done": "责令990104199003071234改正。"}, WordsPersonal),
        ({"inspected_on": TODAY + timedelta(days=1)}, InspectedInFuture),
        ({"inspected_on": TODAY - timedelta(days=1)}, InspectedTooEarly),
        ({"next_on": TODAY}, NextTooEarly),
        ({"next_on": date(2032, 1, 1)}, NextTooLate),
    ],
)
def test_a_refused_record_leaves_nothing(w, row, changed, error):
    with pytest.raises(error):
        write(row, replace(found(TODAY), **changed), w.reviewer)

    assert not Inspection.objects.exists()
    assert Supervised.objects.get(pk=row.pk).last_on is None


def test_a_second_press_writes_once_and_a_second_officer_is_told_to_look_again(w, row):
    key = uuid4()
    first = write(row, found(TODAY), w.reviewer, key=key)
    assert write(row, found(TODAY), w.reviewer, key=key) == first
    with pytest.raises(AlreadyInspected):
        write(row, found(TODAY), w.reviewer)
    row.refresh_from_db()
    with pytest.raises(AlreadyInspected):  # the same day is due again, and an inspection came in between
        write(row, found(TODAY), w.reviewer)

    assert Inspection.objects.count() == 1


def test_who_is_of_another_organ_or_no_officer_neither_sees_nor_writes(w, row):
    other = variants.other_organ()
    for who in (other, w.citizen, w.clerk):
        with pytest.raises(NotAuthorised):
            write(row, found(TODAY), who)
        with pytest.raises(SupervisedUnknown):
            selectors.supervised_at_desk(who, row.pk, TODAY)


def test_another_day_needs_a_reason_that_stays(w, row):
    def off(reason):
        services.put_off(
            object_id=row.pk,
            next_on=date(2027, 6, 1),
            reason=reason,
            seen_as=Seen(row.next_on, 0),
            by=w.reviewer,
            at=NOON,
            key=uuid4(),
        )

    was = row.next_on
    with pytest.raises(WordsMissing):
        off(" ")
    off("经营者停业装修。")

    row.refresh_from_db()
    assert row.next_on == date(2027, 6, 1)
    entry = AuditEntry.objects.get(root_id=row.pk, action="regulation.put_off")
    assert "停业装修" not in str(entry.notes), "the ledger is read by more people than the object"
    (kept,) = selectors.supervised_at_desk(w.reviewer, row.pk, TODAY).put_off
    assert (kept.was_on, kept.next_on, kept.reason) == (was, date(2027, 6, 1), "经营者停业装修。")
    assert kept.who == identity.names_of([w.reviewer.id])[w.reviewer.id]
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM regulation_putoff")
        assert "停业装修" not in str(cursor.fetchall())


def test_a_day_that_went_by_is_told_once_to_who_may_inspect(w, row):
    late = NOON + timedelta(days=200)
    assert selectors.to_inspect(w.reviewer, TODAY).all == 0
    services.watch(late)
    services.watch(late + f.DAY)
    round_once(late + f.DAY)

    told = InboxMessage.objects.filter(kind="supervised_overdue", about_id=row.pk)
    assert told.filter(person_id=w.reviewer.id).count() == 1
    assert OutboxEvent.objects.filter(name="regulation.overdue").count() == 1
    assert wiring.to_inspect(w.reviewer, late).words == "1个监管对象14天内要检查，其中已过期限1个"
    inspected(row, w.reviewer, at=late)
    assert wiring.to_inspect(w.reviewer, late) is None


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (lambda r: CertificateRevoked(r.certificate_id, r.case_id, r.number, "号", TODAY, True), "revoked"),
        (lambda r: CertificateCancelled(r.certificate_id, r.case_id, r.number), "cancelled"),
        (
            lambda r: CertificateStruckOff(r.certificate_id, r.case_id, r.number, "届满", TODAY, True),
            "struck_off",
        ),
    ],
)
def test_it_ends_with_the_certificate_and_takes_no_further_record(w, row, event, why):
    heard = {
        "revoked": receivers.end_revoked,
        "cancelled": receivers.end_cancelled,
        "struck_off": receivers.end_struck_off,
    }[why]
    heard(event(row), at=NOON)
    heard(event(row), at=NOON)

    row.refresh_from_db()
    assert (row.ended_on, row.ended_why) == (TODAY, why)
    assert OutboxEvent.objects.filter(name="regulation.ended").count() == 1
    with pytest.raises(SupervisionEnded):
        write(row, found(TODAY), w.reviewer)


def test_it_ends_when_the_certificate_has_expired_not_the_day_before(w, row):
    licence = Certificate.objects.get(pk=row.certificate_id)
    last = NOON + (licence.valid_until - TODAY)
    services.watch(last)
    assert Supervised.objects.get(pk=row.pk).ended_on is None
    services.watch(last + f.DAY)

    row.refresh_from_db()
    assert (row.ended_on, row.ended_why) == (licence.valid_until + timedelta(days=1), "over")


def newer_version(w, row):
    """Of the certificate, granted by another case."""
    case = f.decided_case(w)
    newer = Certificate.objects.get(pk=row.certificate_id)
    newer.pk, newer.version, newer.case_id = uuid4(), 2, case.pk
    newer.save(force_insert=True)
    return newer, case


def test_a_later_version_is_the_same_object_with_the_same_day(w, row):
    newer, case = newer_version(w, row)
    services.follow_certificate(certificate_id=newer.pk, case_id=case.pk, at=NOON + f.DAY)

    row.refresh_from_db()
    assert (row.certificate_id, row.case_id, row.next_on) == (newer.pk, case.pk, date(2027, 3, 18))
    assert Supervised.objects.count() == 1


@pytest.mark.parametrize(("was", "becomes"), [("", "涉及商业秘密"), ("涉及商业秘密", "")])
def test_whether_records_are_open_follows_the_newest_version(w, row, monkeypatch, was, becomes):
    Supervised.objects.filter(pk=row.pk).update(not_public=was)
    inspected(row, w.reviewer)
    assert bool(selectors.open_records()[0]) is not bool(was)
    newer, case = newer_version(w, row)
    granting = services.cases.definition_of(case).result
    changed = SimpleNamespace(result=replace(granting, not_public=becomes))
    monkeypatch.setattr(services.cases, "definition_of", lambda _case: changed)

    services.follow_certificate(certificate_id=newer.pk, case_id=case.pk, at=NOON + f.DAY)

    row.refresh_from_db()
    assert row.not_public == becomes
    assert bool(selectors.open_records()[0]) is not bool(becomes)


def test_records_of_what_is_not_open_are_not_open(w, row, client):
    Supervised.objects.filter(pk=row.pk).update(not_public="涉及商业秘密")
    inspected(row, w.reviewer)

    assert selectors.open_records() == ([], "")
    page = client.get("/inspections/").content.decode()
    assert row.number not in page


def test_the_desk_lists_writes_and_exports(w, row, client):
    people.signed_in(client, User.objects.get(pk=w.reviewer.user_id))
    listed = client.get("/desk/supervised/").content.decode()
    assert row.number in listed
    assert row.number not in client.get("/desk/supervised/?show=ended").content.decode()
    assert row.number in client.get(f"/desk/supervised/?number={row.number.lower()}").content.decode()
    taken = client.post("/desk/supervised/export/", {"show": "open"})
    assert taken.headers["Content-Type"].endswith("sheet")
    assert client.get(f"/desk/supervised/{row.pk}/").status_code == 200
    assert client.get(f"/desk/supervised/{uuid4()}/").status_code == 404


@pytest.mark.parametrize(
    ("finding", "given", "next_on"),
    [
        ("sound", None, date(2027, 9, 18)),
        ("wrong", None, date(2026, 10, 18)),
        ("absent", None, date(2026, 10, 18)),
        ("wrong", date(2026, 9, 25), date(2026, 9, 25)),
    ],
)
def test_the_next_inspection_is_proposed_by_what_this_one_found(w, row, finding, given, next_on):
    said = {"key": uuid4(), "seen_next_on": row.next_on, "seen_inspections": 0, "finding": finding}
    said |= dict(
        zip(("inspected_on_year", "inspected_on_month", "inspected_on_day"), (2026, 9, 18), strict=True)
    )
    if given:
        said |= {"next_on_year": given.year, "next_on_month": given.month, "next_on_day": given.day}
    form = InspectionForm(said | {"seen": "看过。", "done": "责令改正。"})
    assert form.is_valid(), form.errors

    write(row, form.found(TODAY), w.reviewer)

    row.refresh_from_db()
    assert row.next_on == next_on


def test_a_list_of_any_length_costs_the_same(w, row, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        selectors.supervised_page(w.reviewer, selectors.Wanted(), TODAY)
    with django_assert_max_num_queries(2):
        selectors.open_records()


def test_the_successor_of_a_closed_department_goes_on_inspecting(w, row):
    heir = people.department("承接局", code="QH-HEIR")
    services.pass_on(department_id=w.bureau, at=NOON)
    assert Supervised.objects.get(pk=row.pk).department_id == w.bureau
    Department.objects.filter(pk=w.bureau).update(successor_id=heir, closed_on=TODAY)

    for _twice in range(2):
        receivers.pass_on(DepartmentChanged(w.bureau, "close"), at=NOON)

    assert Supervised.objects.get(pk=row.pk).department_id == heir
    assert AuditEntry.objects.filter(root_id=row.pk, action="regulation.pass_on").count() == 1
