"""存量证照: looked at, brought in once, undone by two; how a table is read is in test_reading_a_table."""

import time
import tracemalloc
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from mingqu.certificates import errors, selectors, services, waiting
from mingqu.certificates.imports import commands, questions, undoing
from mingqu.certificates.models import Certificate, CertificateDirectory, ImportBatch, ImportRow
from mingqu.certificates.tests import tables as t
from mingqu.certificates.tests.factories import AT, SYSTEM, grant
from mingqu.certificates.types import Holder
from mingqu.identity import services as identity
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.identity.types import NewPerson
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AskedDeed, AuditEntry
from mingqu.kernel.second_person import DeedAsked, DeedNotAsked, DeedReasonMissing, SecondPersonNeeded
from mingqu.kernel.types import Actor

DB = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def steward(db):
    return t.world()


def known_person(name: str, number: str):
    return identity.create_person(
        draft=NewPerson(name=name, citizen_number=number, assurance=2), by=SYSTEM, at=AT, key=new_id()
    )


# The report ---------------------------------------------------------------------------------------------------


@DB
def test_the_sample_is_the_same_each_time_and_shows_people_only_in_part(steward):
    batch = t.checked(steward, *(t.row(n, 持证人证件号码=t.person_number(n)) for n in range(1, 40)))
    first, again = questions.rows(batch, "sample"), questions.rows(batch, "sample")

    assert first == again and len(first.rows) == questions.SAMPLE
    assert all("*" in row.holder and "*" in row.holder_number for row in first.rows)


# Bringing in --------------------------------------------------------------------------------------------------


@DB
def test_good_rows_become_certificates_of_trust_b_without_a_file_of_ours(steward):
    batch = t.imported(steward, t.row(1), t.row(2, 证照编号=""))

    certificate = Certificate.objects.get()
    assert (batch.state, batch.imported) == ("imported", 1)
    assert (certificate.origin, certificate.trust, certificate.file_id, certificate.identifier) == (
        "existing",
        "B",
        None,
        "",
    )
    assert certificate.holder_id is None and certificate.holder_index
    assert certificate.fields["scope"] == "热食"
    assert not CertificateDirectory.objects.filter(kind="code").exists(), (
        "nothing of it can be verified online"
    )


@DB
def test_a_holder_whose_number_was_checked_has_it_at_once_another_when_it_is(steward):
    number, other = t.person_number(7), t.person_number(8)
    known = known_person("李晓禾", number)
    t.imported(
        steward,
        t.row(1, 持证人名称="李晓禾", 持证人证件号码=number),
        t.row(2, 持证人名称="张三", 持证人证件号码=other),
    )

    assert Certificate.objects.get(number="JY2020000001").holder_id == known
    later = known_person("张三", other)
    actor = Actor("citizen", later, name="张三")
    assert services.claim_existing(actor, AT) == 1
    assert services.claim_existing(actor, AT) == 0
    assert [c.number for c in selectors.wallet(actor, AT)] == ["JY2020000002"]


@DB
def test_a_number_somebody_only_typed_or_another_name_opens_nothing(steward):
    _user, declared = people.citizen("张三")
    number = identity_number(declared)
    t.imported(steward, t.row(1, 持证人名称="张三", 持证人证件号码=number))
    assert services.claim_existing(declared, AT) == 0
    other = t.person_number(9)
    namesake = known_person("王五", other)
    t.imported(
        steward, t.row(2, 持证人名称="王六", 持证人证件号码=other, 备注="直接归户") | {"证照编号": "JY9"}
    )

    assert services.claim_existing(Actor("citizen", namesake), AT) == 0


def identity_number(actor) -> str:
    from mingqu.identity import selectors as known

    return known.person(actor.id).citizen_number


@DB
def test_a_change_brings_the_first_electronic_version_of_an_imported_certificate(steward):
    number = t.person_number(7)
    known = known_person("李晓禾", number)
    t.imported(steward, t.row(1, 持证人名称="李晓禾", 持证人证件号码=number))
    old = Certificate.objects.get()

    done = services.change(
        grant=grant(), certificate_id=old.pk, holder=Holder("person", known, "李晓禾"), fields={"name": "新店名"},
        by=SYSTEM, at=AT,
    )  # fmt: skip

    new = Certificate.objects.get(pk=done.certificate_id)
    assert (new.number, new.version, new.origin) == (old.number, 2, "issued")
    assert new.identifier and new.request_id
    assert new.holder_number == number


@DB
def test_confirming_twice_imports_once_and_nothing_usable_is_refused(steward):
    batch = t.imported(steward, t.row(1))
    key = new_id()
    with pytest.raises(errors.BatchElsewhere, match="已导入"):
        commands.confirm(batch_id=batch.pk, by=steward, at=AT, key=key)
    wrong = t.checked(steward, t.row(2, 证照编号=""))
    with pytest.raises(errors.NothingToImport):
        commands.confirm(batch_id=wrong.pk, by=steward, at=AT, key=new_id())
    assert Certificate.objects.count() == 1


@DB
def test_the_same_file_again_is_refused_and_after_it_was_dropped_it_is_not(steward):
    data = t.xlsx(t.row(1))
    batch = t.work(t.uploaded(steward, data))
    with pytest.raises(errors.TableGivenBefore):
        t.uploaded(steward, data)
    commands.drop(batch_id=batch.pk, by=steward, at=AT, key=new_id())

    assert not ImportRow.objects.exists()
    assert t.uploaded(steward, data)


@DB
def test_a_table_without_the_columns_or_with_two_of_one_leaves_nothing(steward):
    with pytest.raises(errors.ColumnsMissing, match="持证人证件号码"):
        t.uploaded(steward, t.xlsx(t.row(1), headers=["证照类型", "证照编号"]))
    with pytest.raises(errors.ColumnsDoubled, match="许可证号"):
        t.uploaded(steward, t.xlsx(t.row(1), headers=[*t.HEADERS, "许可证号"]))
    assert not ImportBatch.objects.exists()


@DB
def test_only_a_data_steward_imports_and_only_sees_batches_of_his_place(steward):
    clerk = people.staff_actor("window_clerk")
    elsewhere = people.staff_actor(
        "data_steward", department_id=people.department("澜州市数据局", code="LZ-SJ")
    )
    batch = t.checked(steward, t.row(1))

    for by in (clerk, Actor("citizen", new_id())):
        with pytest.raises(NotAuthorised):
            t.uploaded(by, t.xlsx(t.row(5)))
        with pytest.raises(NotAuthorised):
            commands.confirm(batch_id=batch.pk, by=by, at=AT, key=new_id())
        with pytest.raises(errors.BatchNotFound):
            questions.batch(by, batch.pk)
    for deed in (commands.confirm, commands.drop, commands.note_download):
        with pytest.raises(errors.BatchNotFound):
            deed(batch_id=new_id(), by=steward, at=AT, key=new_id())
    assert questions.batches(elsewhere)[0] in ([], [questions.batches(steward)[0][0]])


@DB
def test_a_batch_is_undone_as_a_whole_while_nothing_used_it(steward):
    batch = t.imported(steward, t.row(1), t.row(2))
    t.undone(batch, steward)

    assert not Certificate.objects.exists() and not CertificateDirectory.objects.exists()
    batch.refresh_from_db()
    assert batch.state == "undone"
    assert t.imported(steward, t.row(1)).imported == 1


@DB
def test_a_batch_one_of_whose_certificates_an_application_names_stays_whole(steward):
    batch = t.imported(steward, t.row(1), t.row(2))
    services.mark_used(Certificate.objects.first().pk, AT)

    with pytest.raises(errors.BatchUsed, match="1个证照"):
        t.undone(batch, steward)
    assert Certificate.objects.count() == 2


@DB
def test_a_whole_batch_is_taken_out_only_as_one_steward_asked_and_another_agreed(steward):
    """SEC-05: nobody deletes thousands of certificates alone; who asks can call it off, another can refuse."""
    batch, other = t.imported(steward, t.row(1)), t.second_steward(steward)
    ask = {"batch_id": batch.pk, "at": AT}

    with pytest.raises(DeedNotAsked):
        undoing.undo(**ask, by=other, key=new_id())
    with pytest.raises(DeedReasonMissing):
        undoing.ask_undo(**ask, reason=" ", by=steward, key=new_id())
    undoing.ask_undo(**ask, reason="上传错了", by=steward, key=new_id())
    assert waiting.undos(other, AT).words == "撤销导入1批等您复核" and waiting.undos(steward, AT) is None
    with pytest.raises(SecondPersonNeeded):
        undoing.undo(**ask, by=steward, key=new_id())
    with pytest.raises(DeedAsked):
        undoing.ask_undo(**ask, reason="再提一次", by=other, key=new_id())
    undoing.decline_undo(**ask, by=other, key=new_id())
    with pytest.raises(DeedNotAsked):
        undoing.undo(**ask, by=other, key=new_id())

    assert Certificate.objects.count() == 1
    assert AskedDeed.objects.get().answer == "refused"
    t.undone(batch, steward)
    assert not Certificate.objects.exists()


@DB
def test_the_pages_of_a_batch_lead_the_second_steward_to_it_and_the_first_to_calling_it_off(steward):
    batch, other = t.imported(steward, t.row(1)), t.second_steward(steward)
    address = reverse("certificates:import_undo", args=[batch.pk])
    first, second = (people.signed_in(Client(), User.objects.get(pk=one.user_id)) for one in (steward, other))

    empty = first.post(address, {"key": str(new_id()), "deed": "ask", "reason": ""})
    first.post(address, {"key": str(new_id()), "deed": "ask", "reason": "上传错了"})
    own, others = first.get(address).content.decode(), second.get(address).content.decode()

    assert empty.status_code == 400 and "请写明为什么" in empty.content.decode()
    assert "撤回我的提出" in own and "复核同意" not in own
    assert "复核同意，整批撤销" in others and "上传错了" in others
    assert "去复核" in second.get(reverse("certificates:import_batch", args=[batch.pk])).content.decode()
    second.post(address, {"key": str(new_id()), "deed": "agree"})
    assert not Certificate.objects.exists()


@DB
def test_nothing_personal_of_a_table_stands_in_the_clear(steward):
    t.imported(steward, t.row(1, 持证人名称="绝无仅有的名字"))
    number = t.firm_number(1)
    for model in (ImportBatch, ImportRow, Certificate, AuditEntry):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(f"SELECT row_to_json(x)::text FROM {model._meta.db_table} x")
            text = "".join(line for (line,) in cursor.fetchall())
        for secret in ("绝无仅有的名字", number):
            assert secret not in text and secret.encode().hex() not in text


@DB
def test_a_killed_worker_leaves_portions_that_are_gone_on_with(steward, monkeypatch):
    monkeypatch.setattr(commands, "PORTION", 3)
    batch = t.uploaded(steward, t.xlsx(*(t.row(n) for n in range(1, 9))))
    assert commands.work(batch.pk, AT)
    batch.refresh_from_db()
    assert (batch.state, batch.done) == ("checking", 3)
    commands.sweep(AT + timedelta(minutes=5))
    batch = t.work(batch)
    commands.confirm(batch_id=batch.pk, by=steward, at=AT, key=new_id())
    assert commands.work(batch.pk, AT)

    assert Certificate.objects.count() == 3
    assert t.work(batch).imported == 8


@DB
@pytest.mark.long
def test_two_thousand_rows_take_well_under_a_minute_and_little_memory(steward):
    data = t.xlsx(*(t.row(n) for n in range(1, 2001)))
    tracemalloc.start()
    begun = time.process_time()
    batch = t.work(t.uploaded(steward, data))
    commands.confirm(batch_id=batch.pk, by=steward, at=AT, key=new_id())
    batch = t.work(batch)
    took, (_now, peak) = time.process_time() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()

    print(f"2000 rows: {took:.1f} s CPU, {peak / 1e6:.0f} MB at most")
    assert batch.imported == 2000
    assert took < 60 and peak < 150_000_000


# Reminders ----------------------------------------------------------------------------------------------------


@DB
def test_the_holder_is_reminded_twice_and_only_in_time(steward):
    """行政许可法 50."""
    from mingqu.certificates.services import reminders
    from mingqu.certificates.tests.factories import issued
    from mingqu.notifications.models import InboxMessage

    _user, actor = people.citizen("张三")
    end = issued(actor.id).valid_until

    def on(days_before):
        day = end - days_before * DAY
        reminders.remind(AT.replace(year=day.year, month=day.month, day=day.day))
        return InboxMessage.objects.filter(person_id=actor.id, kind="certificate_ends").count()

    assert on(61) == 0
    assert on(60) == 1 and on(59) == 1
    assert on(37) == 2 and on(30) == 2
    assert on(29) == 2 and on(0) == 2
