"""
Tables that come in and go out.

Read: a stranger's file, XLSX or CSV, under limits, as text; nothing of it is run or worked out.

A formula comes as its own text ("=…") and is refused row by row; macros, other formats, files that unpack to more than
they should and tables with too many rows are refused as a whole. Written: no cell is ever a formula.
"""

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from mingqu.kernel.errors import DomainError

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell  # the library is loaded where it is used: most processes never do

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE_BYTES = 8_000_000
UNPACKED_BYTES = 60_000_000
PARTS = 200
ROWS = 20_000
COLUMNS = 60
CELL = 1_000
GAP = 2_000  # empty rows in a run after which the table is over
TAGS = 6_000_000  # of a part: ROWS and COLUMNS full of cells have less
TAGS_OF_ROW = 200_000  # a row of 16384 styled cells has a third of that
TAGS_OF_PART = 300_000  # of what is no row and no text: styles, names, relations
UNPACKED = "文件展开以后太大"

REPEATED = re.compile(rb"<(?:\w+:)?(?:row|si)[\s/>]")  # what a part may have many of: rows, texts
ENDED = re.compile(rb"(?:</(?:\w+:)?(?:row|si)\s*>|<(?:\w+:)?(?:row|si)(?:\s[^<>]*)?/>)\s*")
BEFORE_XML = b"\x00\xef\xbb\xbf\xfe\xff \r\n\t"  # what may stand before it in any encoding
ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
PLAIN = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
EBCDIC = b"\x4c\x6f\xa7\x94"  # <?xm, as a reader of libxml2 knows it
PACKED_AS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # LZMA may ask for gigabytes to unpack a byte
LISTED, MOST_LISTED = b"PK\x01\x02", 50 * PARTS  # of the list of a zip
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class TableNotRead(DomainError):
    code = "table_not_read"
    sentence = "这不是能读的表格。请用Excel另存为“Excel工作簿（.xlsx）”或者“CSV UTF-8”，再上传。"


class TableTooLarge(DomainError):
    code = "table_too_large"
    sentence = "{what}，请分成几份上传。"


class TableWithMacros(DomainError):
    code = "table_with_macros"
    sentence = "表格里有宏，不能上传。请另存为不带宏的“Excel工作簿（.xlsx）”。"


class TableDamaged(DomainError):
    code = "table_damaged"
    sentence = "表格损坏，读不出来。请用Excel打开，确认内容完整，另存一份再上传。"


class TableEmpty(DomainError):
    code = "table_empty"
    sentence = "表格里没有内容。第一行是列名，内容从第二行起，一行一条。"


@dataclass(frozen=True, slots=True)
class Table:
    headers: list[str]
    rows: list[tuple[int, list[str]]]  # line as the spreadsheet counts, cells


def read_table(data: bytes, *, times: bool = False) -> Table:
    """
    `times`: a cell that is an instant keeps its hour. Raises TableTooLarge, TableNotRead, TableWithMacros, TableDamaged
    or TableEmpty.
    """
    if len(data) > FILE_BYTES:
        raise TableTooLarge(what=f"文件超过{FILE_BYTES // 1_000_000}MB")
    if data[:4] == OLE:
        raise TableNotRead()
    rows = _xlsx(data, times=times) if data[:4] == ZIP else _csv(data)
    return _table(rows)


def read_sheets(data: bytes, names: Collection[str]) -> dict[str, Table]:
    """
    The sheets of an XLSX that have one of these names and rows in them. Raises TableTooLarge, TableNotRead,
    TableWithMacros, TableDamaged, TableEmpty (none of them).
    """
    if len(data) > FILE_BYTES:
        raise TableTooLarge(what=f"文件超过{FILE_BYTES // 1_000_000}MB")
    if data[:4] != ZIP:
        raise TableNotRead()
    book, found = _opened(data), {}
    for name in book.sheetnames:
        if name in names:
            try:
                found[name] = _table(_lines(partial(book.__getitem__, name)))
            except TableEmpty:
                continue
    if not found:
        raise TableEmpty()
    return found


def _table(rows: Iterable[tuple[int, list[str]]]) -> Table:
    found: list[tuple[int, list[str]]] = []
    headers: list[str] | None = None
    last = 0
    for line, cells in rows:
        if not any(cells):
            if line - last > GAP:
                break
            continue
        last = line
        if len(cells) > COLUMNS and any(cells[COLUMNS:]):
            raise TableTooLarge(what=f"列数超过{COLUMNS}列")
        if headers is None:
            headers = cells[: max(place for place, cell in enumerate(cells) if cell) + 1]
            continue
        if len(found) >= ROWS:
            raise TableTooLarge(what=f"行数超过{ROWS}行")
        found.append((line, cells[: len(headers)] + [""] * (len(headers) - len(cells))))
    if headers is None or not found:
        raise TableEmpty()
    return Table(headers, found)


def _opened(data: bytes) -> "Workbook":
    """
    Its texts are read once, however many of its sheets are wanted: they may take seconds. A part that stands for
    several sheets would be gone through for each of them, thousands of times; no spreadsheet writes that.
    """
    import openpyxl
    from openpyxl.reader.excel import ExcelReader

    _look_inside(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions openpyxl leaves out do not concern us
            list_of_parts = ExcelReader(io.BytesIO(data), read_only=True, keep_links=False)
            list_of_parts.read_manifest()
            list_of_parts.read_workbook()
            parts = [relation.target for _sheet, relation in list_of_parts.parser.find_sheets()]
            if len(set(parts)) < len(parts):
                raise TableDamaged()
            return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except Exception as broken:
        raise TableDamaged() from broken


def _lines(sheet_of: Callable[[], Any], *, times: bool = False) -> Iterator[tuple[int, list[str]]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet = sheet_of()
            sheet.reset_dimensions()  # what the file says of its own size is not believed
            for line, cells in enumerate(sheet.iter_rows(max_col=COLUMNS + 1, values_only=True), start=1):
                yield line, [_text(cell, times) for cell in cells]
    except Exception as broken:
        # Whatever a crafted file makes the reader trip over: it is no table we can read.
        raise TableDamaged() from broken


def _xlsx(data: bytes, *, times: bool = False) -> Iterator[tuple[int, list[str]]]:
    book = _opened(data)
    return _lines(lambda: book.worksheets[0], times=times)


def _look_inside(data: bytes) -> None:
    if data.count(LISTED) > MOST_LISTED:  # the reader makes an object of each before anybody can count them
        raise TableTooLarge(what=UNPACKED)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _check_names(packed.infolist())
            for part in packed.infolist():
                _check_part(packed.read(part))
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, RuntimeError) as broken:
        raise TableDamaged() from broken


def _check_names(parts: Sequence[zipfile.ZipInfo]) -> None:
    names = {part.filename.lower() for part in parts}
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise TableWithMacros()
    if "xl/workbook.xml" not in names:
        raise TableNotRead()
    if any(part.compress_type not in PACKED_AS for part in parts):
        raise TableDamaged()
    if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES:
        raise TableTooLarge(what=UNPACKED)


def _check_part(data: bytes) -> None:
    """
    That no row, no text and no part is made of millions of elements: the reader has each of them whole in memory, and
    takes its time. A row inside a row, or inside a comment, would pass for an end of the one before: neither is read.
    """
    if not _in_plain_signs(data):
        raise TableDamaged()
    if not data.lstrip(BEFORE_XML).startswith(b"<"):
        return  # a picture, settings of a printer: nothing that is read
    if data.count(b"<") > TAGS:
        raise TableTooLarge(what=UNPACKED)
    if b"<!" in data:
        raise TableDamaged()
    begins, most = 0, TAGS_OF_PART
    for found in REPEATED.finditer(data):
        if begins and not ENDED.fullmatch(data, data.rfind(b"<", begins, found.start()), found.start()):
            raise TableDamaged()
        if data.count(b"<", begins, found.start()) > most:
            raise TableTooLarge(what=UNPACKED)
        begins, most = found.start(), TAGS_OF_ROW
    if data.count(b"<", begins) > most + TAGS_OF_PART:
        raise TableTooLarge(what=UNPACKED)


def _in_plain_signs(data: bytes) -> bool:
    """
    Whether what is XML is written so that the bytes counted here are the signs a reader sees. Spreadsheets write
    UTF-8; in UTF-16, UTF-7 or EBCDIC every limit could be passed by.
    """
    if data.startswith(EBCDIC):
        return False
    if not data.lstrip(BEFORE_XML).startswith(b"<"):
        return True  # no XML
    named = ENCODING.match(data.lstrip(BEFORE_XML))
    return b"\x00" not in data and (named is None or named[1].lower() in PLAIN)


def _text(cell: Any, times: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}" if times else f"{cell:%Y-%m-%d}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()[: CELL + 1]


def _csv(data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(data)
    if "\x00" in text:
        raise TableNotRead()
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    csv.field_size_limit(100_000)
    try:
        for line, cells in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
            yield line, [cell.strip()[: CELL + 1] for cell in cells[: COLUMNS + 1]]
    except csv.Error as broken:
        raise TableDamaged() from broken


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableNotRead()


_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n")


def escaped(text: str) -> str:
    """What would be taken for a formula stands behind an apostrophe (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(_TRIGGERS) else text


_CHANGE = re.compile(r"[+-][0-9]+(\.[0-9]+)?(%|个百分点)?")
"""A figure with its sign: in a cell of text it is no formula, and an apostrophe would be seen."""


def unescaped(text: str) -> str:
    """The same back, so that a corrected table may be handed in again."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_TRIGGERS) else text


@dataclass(frozen=True, slots=True)
class Share:
    """A rate, in hundredths: 98.5 is shown as 98.5%."""

    percent: Decimal


Cell = str | int | Decimal | Share
"""A number is written as one, so that a spreadsheet can add it up; everything else is text."""

_FIGURE = re.compile(r"([+-]?[0-9]{1,15}(?:\.[0-9]{1,6})?)(%?)")


def numeric(text: str) -> Cell:
    """What a page says as a figure (12, 0.5, 98.5%) as a number; anything else as it is."""
    found = _FIGURE.fullmatch(text)
    if found is None:
        return text
    number = Decimal(found[1])
    if found[2]:
        return Share(number)
    return int(number) if "." not in found[1] else number


def book(title: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """An XLSX of one sheet: headers that stay on the screen, numbers as numbers, all else text."""
    return sheets({title: (headers, rows)})


def sheets(named: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Cell]]]]) -> bytes:
    """An XLSX of several sheets, each as `book` writes one."""
    out = io.BytesIO()
    _write(out, named)
    return out.getvalue()


def write_book(file: IO[bytes], title: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """As `book`, row by row into a file, for what may be long; how many rows there were."""
    return _write(file, {title: (headers, rows)})


def _write(out: IO[bytes], named: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Cell]]]]) -> int:
    import openpyxl

    made, written = openpyxl.Workbook(write_only=True), 0
    for title, (headers, rows) in named.items():
        sheet = made.create_sheet(title)
        sheet.freeze_panes = "A2"
        sheet.append([_cell(sheet, header, bold=True) for header in headers])
        for row in rows:
            sheet.append([_cell(sheet, text) for text in row])
            written += 1
    made.save(out)
    return written


def _cell(sheet: object, given: Cell, *, bold: bool = False) -> "WriteOnlyCell":
    if not isinstance(given, str):
        return _number(sheet, given)
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    text = ILLEGAL_CHARACTERS_RE.sub("", given)
    cell = WriteOnlyCell(sheet, value=text if _CHANGE.fullmatch(text) else escaped(text))
    cell.data_type = "s"
    cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _number(sheet: object, given: int | Decimal | Share) -> "WriteOnlyCell":
    """With as many places as it was worked out to."""
    from openpyxl.cell import WriteOnlyCell

    number = given.percent if isinstance(given, Share) else given
    places = max(0, -int(number.as_tuple().exponent)) if isinstance(number, Decimal) else 0
    shown = f"0.{'0' * places}" if places else "0"
    share = isinstance(given, Share)
    cell = WriteOnlyCell(sheet, value=number / 100 if share else number)
    cell.number_format = f"{shown}%" if share else shown
    return cell
