"""Tables we give out: the one to fill in, and the wrong rows to correct. No cell of them is ever a formula."""

import io
from collections.abc import Iterable, Sequence

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from mingqu.certificates.imports.columns import COLUMNS, EXPLAINED, LINE, template_headers
from mingqu.certificates.types import FieldSpec

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n")


def escaped(text: str) -> str:
    """What would be taken for a formula stands behind an apostrophe (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(_TRIGGERS) else text


def unescaped(text: str) -> str:
    """The same back, so that a corrected table may be handed in again."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_TRIGGERS) else text


def template(type_name: str, specs: Sequence[FieldSpec]) -> bytes:
    """Headers and one example row for a type."""
    examples = {c.header: c.example for c in COLUMNS} | {COLUMNS[0].header: type_name}
    headers = template_headers(specs)
    return _book(headers, [[examples.get(header, f"示例{header}") for header in headers]])


def wrong_rows(headers: Sequence[str], rows: Iterable[tuple[int, Sequence[str], str]]) -> bytes:
    """The wrong rows as they came, each with what is wrong; the two columns added are not read again."""
    return _book([*headers, LINE, EXPLAINED], ([*cells, str(line), why] for line, cells, why in rows))


def _book(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("存量证照")
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, header, bold=True) for header in headers])
    for row in rows:
        sheet.append([_cell(sheet, text) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: object, text: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=escaped(text))
    cell.data_type = "s"
    cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    return cell
