"""Tables we give out: the one to fill in, and the wrong rows to correct. No cell of them is ever a formula."""

from collections.abc import Iterable, Sequence

from mingqu.certificates.imports.columns import COLUMNS, EXPLAINED, LINE, template_headers
from mingqu.certificates.types import FieldSpec
from mingqu.kernel.tables import book

SHEET = "存量证照"


def template(type_name: str, specs: Sequence[FieldSpec]) -> bytes:
    """Headers and one example row for a type."""
    examples = {c.header: c.example for c in COLUMNS} | {COLUMNS[0].header: type_name}
    headers = template_headers(specs)
    return book(SHEET, headers, [[examples.get(header, f"示例{header}") for header in headers]])


def wrong_rows(headers: Sequence[str], rows: Iterable[tuple[int, Sequence[str], str]]) -> bytes:
    """The wrong rows as they came, each with what is wrong; the two columns added are not read again."""
    return book(SHEET, [*headers, LINE, EXPLAINED], ([*cells, str(line), why] for line, cells, why in rows))
