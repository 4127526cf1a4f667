"""存量证照: read under limits, checked, looked at, brought in once, undone; hostile tables are refused."""

import io
import time
import tracemalloc
from datetime import date, timedelta

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mingqu.certificates import errors, selectors, services, waiting
from mingqu.certificates.imports import checks, columns, commands, questions, report, undoing, writing
from mingqu.certificates.models import Certificate, CertificateDirectory, ImportBatch, ImportRow
from mingqu.certificates.tests import tables as t
from mingqu.certificates.tests.factories import AT, SYSTEM, grant
from mingqu.certificates.types import Holder
from mingqu.identity import services as identity
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.identity.types import NewPerson
from mingqu.kernel import tables
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AskedDeed, AuditEntry
from mingqu.kernel.second_person import DeedAsked, DeedNotAsked, DeedReasonMissing, SecondPersonNeeded
from mingqu.kernel.types import Actor

DB = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def steward(db):
    return t.world()


def codes(batch, line=2):
    return {code for code, _column in ImportRow.objects.get(batch=batch, line=line).findings}


def known_person(name: str, number: str):
    return identity.create_person(
        draft=NewPerson(name=name, citizen_number=number, assurance=2), by=SYSTEM, at=AT, key=new_id()
    )


# Reading ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_is_read_in_the_encodings_and_with_the_separators_offices_have(encoding, delimiter):
    table = tables.read_table(t.csv_table(t.row(1), encoding=encoding, delimiter=delimiter))

    assert table.headers == t.HEADERS
    assert table.rows[0][1][1] == "JY2020000001"


def test_dates_and_numbers_of_a_spreadsheet_come_as_text():
    book = openpyxl.Workbook()
    book.active.append(["证照编号", "有效期自", "区划代码"])
    book.active.append([20200001, date(2023, 5, 10), 990104.0])
    out = io.BytesIO()
    book.save(out)

    assert tables.read_table(out.getvalue()).rows == [(2, ["20200001", "2023-05-10", "990104"])]


def too_many_rows() -> bytes:
    return ("\n".join(["证照编号"] + [str(n) for n in range(tables.ROWS + 1)])).encode()


def a_bomb() -> bytes:
    blank = b"<row></row>" * 100
    return t.packed(**{"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": blank * 60_000})


def with_entities() -> bytes:
    evil = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'
    )
    return t.packed(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": evil})


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", tables.TableEmpty),
        (b"\n\n\n", tables.TableEmpty),
        ("证照编号\n".encode(), tables.TableEmpty),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, tables.TableNotRead),
        (b"%PDF-1.7\x00\x01", tables.TableNotRead),
        (b"a,b\n1,\x00", tables.TableNotRead),
        (b"x" * (tables.FILE_BYTES + 1), tables.TableTooLarge),
        (too_many_rows(), tables.TableTooLarge),
        ((",".join(["列"] * 70) + "\n" + ",".join(["1"] * 70)).encode(), tables.TableTooLarge),
        (b"PK\x03\x04 no zip at all", tables.TableDamaged),
        (t.packed(**{"word/document.xml": b"<x/>"}), tables.TableNotRead),
        (t.packed(**{"xl/workbook.xml": b"<x/>", "xl/vbaProject.bin": b"x"}), tables.TableWithMacros),
        (a_bomb(), tables.TableTooLarge),
        (t.packed(**{f"xl/p{n}.xml": b"x" for n in range(300)} | {"xl/workbook.xml": b"<x/>"}), tables.TableTooLarge),
        (with_entities(), tables.TableDamaged),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)  # fmt: skip
def test_a_file_that_is_no_table_or_means_harm_is_refused(data, refusal):
    with pytest.raises(refusal):
        tables.read_table(data)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    for given_bytes in (data, b"PK\x03\x04" + data):
        try:
            tables.read_table(given_bytes)
        except errors.DomainError as refused:
            assert refused.message


def test_a_sheet_that_says_it_has_a_million_rows_is_read_by_what_it_has():
    book = openpyxl.Workbook()
    book.active.append(["证照编号"])
    book.active.append(["JY1"])
    book.active.cell(row=1_048_576, column=1).number_format = "@"
    out = io.BytesIO()
    book.save(out)

    assert len(tables.read_table(out.getvalue()).rows) == 1


# Columns and checks -------------------------------------------------------------------------------------------


def test_columns_are_known_by_the_names_people_give_them():
    given = "证照名称*|许可证 编号|持证人|公民身份号码或者统一社会信用代码|发证日期|有效期止|行政区划代码（6位）|备注一"
    found = columns.mapped(given.split("|"), [])

    assert found.missing == () and found.unused == ("备注一",)
    assert found.known["number"] == 1


@DB
@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"证照类型": ""}, "type_missing"),
        ({"证照类型": "没有这种证"}, "type_unknown"),
        ({"证照编号": ""}, "number_missing"),
        ({"证照编号": "JY/1#2"}, "number_malformed"),
        ({"持证人名称": ""}, "holder_missing"),
        ({"持证人证件号码": ""}, "holder_number_missing"),
        ({"持证人证件号码": "990104199001010010"}, "citizen_number_wrong"),
        ({"持证人证件号码": "91990104MA00000000"}, "credit_code_wrong"),
        ({"有效期自": ""}, "date_missing"),
        ({"有效期自": "2023-02-30"}, "date_wrong"),
        ({"有效期至": "明年"}, "date_wrong"),
        ({"有效期至": "2022-01-01"}, "dates_reversed"),
        ({"区划代码": "12"}, "region_wrong"),
        ({"区划代码": "123456"}, "region_wrong"),
        ({"经营场所": ""}, "line_missing"),
        ({"经营项目": "=1+1"}, "formula"),
        ({"经营项目": "热" * 1001}, "too_long"),
    ],
)
def test_each_mistake_is_found_and_the_row_is_not_brought_in(steward, more, code):
    batch = t.checked(steward, t.row(1, **more))

    assert code in codes(batch)
    assert checks.error(code)
    assert ImportRow.objects.get(batch=batch).state == "wrong"


@DB
@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"有效期自": "2019-05-10", "有效期至": "2024-05-09"}, "expired"),
        ({"有效期自": "2027-01-01", "有效期至": "2031-12-31"}, "begins_later"),
        ({"有效期至": "2033-05-09"}, "longer_than_type"),
        ({"有效期至": "长期"}, "without_end"),
        ({}, "holder_unknown"),
    ],
)
def test_what_is_only_worth_knowing_is_noted_and_does_not_hinder(steward, more, code):
    batch = t.checked(steward, t.row(1, **more))

    assert code in codes(batch)
    assert ImportRow.objects.get(batch=batch).state == "noted"


@pytest.mark.parametrize(
    "text", ["2023-05-10", "2023/5/10", "2023.05.10", "2023年5月10日", "20230510", "2023-05-10 00:00:00"]
)
def test_dates_are_read_as_people_write_them(text):
    assert checks.read_date(text) == date(2023, 5, 10)


@DB
def test_doubles_in_the_file_and_numbers_in_the_register_are_found(steward):
    t.imported(steward, t.row(1))
    batch = t.checked(steward, t.row(1, 备注="又一次"), t.row(2), t.row(2))

    assert codes(batch, 2) >= {"in_register"}
    assert codes(batch, 3) >= {"double_in_file"} and codes(batch, 4) >= {"double_in_file"}


@DB
def test_what_lies_outside_the_posts_region_is_not_brought_in(steward):
    batch = t.checked(steward, t.row(1, 区划代码="990100"))

    assert "region_outside" in codes(batch)


# The report ---------------------------------------------------------------------------------------------------


@DB
def test_the_report_counts_what_was_found_and_how_much_is_filled(steward):
    batch = t.checked(steward, t.row(1), t.row(2, 证照编号=""), t.row(3, 备注="有"), t.row(4, 有效期至=""))
    found = report.read_report(batch.report, batch.total)

    assert (found.total, found.usable, found.wrong, found.whole) == (4, 3, 1, 1)
    assert found.share_usable == "75.0%"
    assert {line.code: line.count for line in found.findings} == {
        "number_missing": 1, "holder_unknown": 4, "without_end": 1,
    }  # fmt: skip
    assert {line.header: line.filled for line in found.fill}["证照编号"] == 3
    assert found.findings[0].error


@DB
def test_the_wrong_rows_come_back_as_a_table_that_can_be_corrected_and_holds_no_formula(steward):
    batch = t.checked(
        steward,
        t.row(1),
        t.row(2, 证照编号="", 经营者名称="=HYPERLINK(1)"),
        t.row(3, 有效期自="昨天", 备注="-1+2"),
    )
    data = writing.wrong_rows(batch.headers, questions.wrong_rows(batch))

    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for line in book.active.iter_rows() for cell in line]
    assert all(cell.data_type != "f" for cell in cells)
    assert not any(str(cell.value or "").startswith(("=", "-", "+", "@")) for cell in cells)
    again = tables.read_table(data)
    assert len(again.rows) == 2 and "没有填证照编号" in again.rows[0][1][-1]
    batch = t.uploaded(steward, data)
    assert ImportRow.objects.get(batch=batch, line=3).values["values"]["备注"] == "-1+2"


@DB
def test_the_template_can_be_filled_in_and_uploaded(steward):
    kind = questions.types()[0]
    table = tables.read_table(writing.template(kind.name, checks_specs(kind)))

    assert not columns.mapped(table.headers, checks_specs(kind)).missing
    assert table.rows[0][1][0] == "食品经营许可证"


def checks_specs(kind):
    return commands.type_rules()[kind.code].specs


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
