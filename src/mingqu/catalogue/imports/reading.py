"""
The rows of a stranger's file, one after the other: XLSX, CSV, JSON with what lies in it, JSON lines. Nothing of it is
run or worked out; what is too large or too deep is refused before it is understood.
"""

import json
from collections.abc import Iterator
from typing import Any

from mingqu.catalogue.imports.errors import FileEmpty, FileTooLarge, FileUnreadable, RowsNotThere
from mingqu.catalogue.imports.mapping import Mapping
from mingqu.catalogue.imports.types import Row
from mingqu.kernel import tables
from mingqu.kernel.foreign_json import JsonRefused, read_json

FILE_BYTES = 40_000_000
LINE_BYTES = 500_000
ROWS = 50_000
ZIP = b"PK\x03\x04"


def rows_of(data: bytes, mapping: Mapping) -> Iterator[Row]:
    """
    Every row as the mapping says they lie. A line of JSON lines that can't be read comes as a row that says why.

    Raises FileTooLarge, FileUnreadable, FileEmpty, RowsNotThere, and what `kernel.tables` refuses.
    """
    if len(data) > FILE_BYTES:
        raise FileTooLarge(what=f"文件超过{FILE_BYTES // 1_000_000}MB")
    if not data.strip():
        raise FileEmpty()
    found = {"table": _table, "json": _json, "jsonl": _lines}[mapping.format](data, mapping)
    count = 0
    for row in found:
        count += 1
        if count > ROWS:
            raise FileTooLarge(what=f"行数超过{ROWS}行")
        yield row
    if not count:
        raise FileEmpty()


def _table(data: bytes, mapping: Mapping) -> Iterator[Row]:
    if data.lstrip()[:1] in (b"{", b"["):
        raise FileUnreadable(line=1, reason="这是JSON文件，所选的映射读的是表格")
    table = tables.read_table(data)
    headers = [_header(header) for header in table.headers]
    missing = [name for name in mapping.headers if name not in headers]
    if missing:
        raise RowsNotThere(what=f"缺少列：{'、'.join(missing)}")
    doubled = sorted({name for name in headers if name and headers.count(name) > 1})
    if doubled:
        raise RowsNotThere(what=f"列名重复：{'、'.join(doubled)}")
    for line, cells in table.rows:
        values = {name: tables.unescaped(cell) for name, cell in zip(headers, cells, strict=True) if name}
        yield Row(line, values, place=f"{line:02d}", unreadable=_cells(values))


def _header(text: str) -> str:
    """As people type it: without spaces, line breaks and stars."""
    return "".join(text.split()).strip("*＊")


def _cells(values: dict[str, str]) -> str:
    for name, text in values.items():
        if text.startswith("="):
            return f"“{name}”是公式，请改成文字"
        if len(text) > tables.CELL:
            return f"“{name}”超过{tables.CELL}个字"
    return ""


def _lines(data: bytes, mapping: Mapping) -> Iterator[Row]:
    if data[:4] == ZIP:
        raise FileUnreadable(line=1, reason="这是表格或者压缩包，不是JSON lines")
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        if not line.strip():
            continue
        if len(line) > LINE_BYTES:
            yield Row(number, {}, unreadable=f"这一行超过{LINE_BYTES // 1000}KB")
            continue
        try:
            value = _parsed(line, number)
        except FileUnreadable as refused:
            yield Row(number, {}, unreadable=str(refused.params["reason"]))
            continue
        if isinstance(value, dict):
            yield Row(number, value, place=f"{number:02d}")
        else:
            yield Row(number, {}, unreadable="这一行不是一组键和值")


def _json(data: bytes, mapping: Mapping) -> Iterator[Row]:
    if data[:4] == ZIP:
        raise FileUnreadable(line=1, reason="这是表格或者压缩包，不是JSON")
    whole = _parsed(data, 0)
    steps = mapping.rows.split("[]")
    for number, (value, above, place) in enumerate(_walk(whole, steps, (), ""), start=1):
        if len(data) > LINE_BYTES and _bytes(value) > LINE_BYTES:
            yield Row(number, {}, (), place, f"这一条超过{LINE_BYTES // 1000}KB")
        elif isinstance(value, dict):
            yield Row(number, value, above, place)
        else:
            yield Row(number, {}, above, place, "这一条不是一组键和值")


def _bytes(value: Any) -> int:
    """About what a row takes: a file in one piece has no lines to measure."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _walk(
    here: Any, steps: list[str], above: tuple[dict[str, Any], ...], place: str
) -> Iterator[tuple[Any, tuple[dict[str, Any], ...], str]]:
    """Down the path `nodes[].items[]`: each element with what it lies in, nearest first."""
    for name in filter(None, steps[0].strip(".").split(".")):
        if not isinstance(here, dict) or name not in here:
            raise RowsNotThere(what=f"没有“{name}”")
        above, here = (here, *above), here[name]
    if len(steps) == 1:
        yield here, above, place
        return
    if not isinstance(here, list):
        raise RowsNotThere(what=f"“{steps[0] or '最外层'}”不是列表")
    for number, element in enumerate(here, start=1):
        here_place = f"{place}-{number:02d}" if place else f"{number:02d}"
        if steps[1:] == [""]:
            yield element, above, here_place
        elif isinstance(element, dict):
            yield from _walk(element, steps[1:], above, here_place)
        else:
            raise RowsNotThere(what=f"“{steps[0] or '最外层'}”的第{number}个不是一组键和值")


def _parsed(data: bytes, line: int) -> Any:
    """Raises FileUnreadable with why `kernel.foreign_json` does not read it."""
    try:
        return read_json(data)
    except JsonRefused as refused:
        raise FileUnreadable(line=line or refused.line or 1, reason=refused.reason) from refused
