"""Tables we give out: the one to fill in, the rows to correct, what became of each. No cell of them is a formula."""

from collections.abc import Iterable, Sequence

from mingqu.cases.many.columns import EXPLAINED, LINE, Column, required_headers
from mingqu.kernel.tables import book, sheets

EXPLANATION = "填写说明"


def template(name: str, columns: Sequence[Column]) -> bytes:
    """Headers alone, so that no example is handed in by mistake; how to write each stands on a second sheet."""
    headers = required_headers(columns)
    lines = [[headers[one.header], "必填" if one.required else "", one.how] for one in columns]
    written = {name[:28]: (list(headers.values()), []), EXPLANATION: (["列", "必填", "怎么写"], lines)}
    return sheets(written)


def wrong_rows(headers: Sequence[str], rows: Iterable[tuple[int, Sequence[str], str]]) -> bytes:
    """The rows to correct as they came, each with what is to be corrected; the two columns added are not read again."""
    return book(
        "要改正的行", [*headers, LINE, EXPLAINED], ([*cells, str(line), why] for line, cells, why in rows)
    )
