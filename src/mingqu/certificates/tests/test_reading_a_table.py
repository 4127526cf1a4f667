"""A table of existing certificates: what it may be, which columns and mistakes are known, and what its report says."""

import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.certificates import errors
from mingqu.certificates.imports import checks, columns, commands, questions, report, writing
from mingqu.certificates.models import ImportRow
from mingqu.certificates.tests import tables as t
from mingqu.kernel import tables

DB = pytest.mark.django_db


@pytest.fixture
def steward(db):
    return t.world()


def codes(batch, line=2):
    return {code for code, _column in ImportRow.objects.get(batch=batch, line=line).findings}


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
