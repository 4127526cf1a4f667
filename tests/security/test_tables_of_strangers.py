"""A small table that unpacks to something huge costs its sender an answer and us a bounded memory and time."""

import io
import re
import zipfile

import openpyxl
import pytest

from mingqu.kernel.tables import TableDamaged, TableTooLarge, read_sheets, read_table

MEGABYTE = 2**20
SHEET, STYLES, STRINGS = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml"


def workbook(
    part: str, begins: str, again: str, ends: str, *, megabytes: int = 50, coding: str = "utf-8"
) -> bytes:
    """A workbook one part of which says the same very often; a hundred kilobytes on the way."""
    book = openpyxl.Workbook()
    book.active.append(["证照编号"])
    plain, packed = io.BytesIO(), io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        many = again * (megabytes * MEGABYTE // len(again))
        new.writestr(part, f"{begins}{many}{ends}".encode(coding))
    return packed.getvalue()


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BOMBS = {
    "cells of one row": (SHEET, f"<worksheet {MAIN}><sheetData><row>", "<c/>", "</row></sheetData></worksheet>"),
    "cells of no row": (SHEET, f"<worksheet {MAIN}><sheetData>", "<c/>", "</sheetData></worksheet>"),
    "rows in comments": (
        SHEET, f"<worksheet {MAIN}><sheetData>", "<!--<row >-->" + "<c/>" * 9000, "</sheetData></worksheet>",
    ),
    "rows in a row": (
        SHEET, f"<worksheet {MAIN}><sheetData><row>", "<row/>" + "<c/>" * 9000, "</row></sheetData></worksheet>",
    ),
    "many wide rows": (
        SHEET, f"<worksheet {MAIN}><sheetData>", "<row>" + "<c/>" * 9000 + "</row>", "</sheetData></worksheet>",
    ),
    "styles": (STYLES, f"<styleSheet {MAIN}><cellXfs>", "<xf/>", "</cellXfs></styleSheet>"),
    "pieces of one text": (STRINGS, f"<sst {MAIN}><si>", "<r/>", "</si></sst>"),
}  # fmt: skip


@pytest.mark.parametrize("what", BOMBS)
def test_a_table_of_a_hundred_kilobytes_does_not_take_the_memory_of_the_house(what):
    bomb = workbook(*BOMBS[what])
    assert len(bomb) < MEGABYTE

    with pytest.raises((TableTooLarge, TableDamaged)):
        read_table(bomb)


def named_often(times: int) -> bytes:
    """A workbook of one sheet without its size, so that it is gone through to be opened, named so many times."""
    plain, packed = io.BytesIO(), io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["证照编号"])
    book.active.append(["1"])
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == SHEET:
                part = re.sub(rb"<dimension[^>]*/>", b"", part)
            if name == "xl/workbook.xml":
                (one,) = re.findall(rb"<sheet [^>]*/>", part)
                part = part.replace(one, one * times)
            new.writestr(name, part)
    return packed.getvalue()


@pytest.mark.parametrize(
    "read", [read_table, lambda data: read_sheets(data, ["Sheet"])], ids=["one", "named"]
)
def test_a_part_that_stands_for_many_sheets_is_not_gone_through_for_each(read):
    assert read(named_often(1))

    with pytest.raises(TableDamaged):
        read(named_often(2))


def test_what_no_spreadsheet_packs_with_is_not_unpacked():
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(named_often(1))) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))

    with pytest.raises(TableDamaged):
        read_table(packed.getvalue())


def test_a_million_rows_are_refused_before_they_are_kept():
    rows = b"\xe8\xaf\x81\n" + b"1\n" * 1_000_000

    with pytest.raises(TableTooLarge):
        read_table(rows)


def test_an_ordinary_table_of_many_rows_is_read():
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([f"第{place}列" for place in range(40)])
    for line in range(3000):
        sheet.append([f"{line} 与 {place}" for place in range(40)])
    out = io.BytesIO()
    book.save(out)

    assert len(read_table(out.getvalue()).rows) == 3000


# What hides the signs that are counted, and how a head says so.
HIDDEN = {
    "UTF-16": ("utf-16", ""),
    "UTF-16 without its mark": ("utf-16-le", '<?xml version="1.0" encoding="UTF-16LE"?>'),
    "UTF-32": ("utf-32", ""),
    "EBCDIC": ("cp037", '<?xml version="1.0" encoding="EBCDIC-CP-US"?>'),
}


@pytest.mark.parametrize("how", HIDDEN)
def test_no_encoding_hides_the_bomb(how):
    """Counted are bytes: in another encoding a row of millions of cells looked like none."""
    coding, head = HIDDEN[how]
    part, begins, again, ends = BOMBS["cells of one row"]

    with pytest.raises(TableDamaged):
        read_table(workbook(part, head + begins, again, ends, megabytes=1, coding=coding))


def test_no_encoding_of_seven_bits_hides_it_either():
    head = '<?xml version="1.0" encoding="UTF-7"?>'
    hidden = "<xf/>".encode("utf-7").decode().replace("<", "+ADw-").replace(">", "+AD4-")

    with pytest.raises(TableDamaged):
        read_table(workbook(STYLES, f"{head}<styleSheet {MAIN}><cellXfs>", hidden, "</cellXfs></styleSheet>"))
