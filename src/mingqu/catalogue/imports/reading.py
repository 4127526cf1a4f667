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

FILE_BYTES = 40_000_000
LINE_BYTES = 500_000
ROWS = 50_000
DEPTH = 30
TEXT = 20_000  # characters of one value
NODES = 3_000_000  # of a JSON file: braces, brackets and commas
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
    if sum(map(data.count, (b"{", b"[", b","))) > NODES:
        raise FileTooLarge(what="文件里的内容太多")
    whole = _parsed(data.removeprefix(b"\xef\xbb\xbf"), 0)
    steps = mapping.rows.split("[]")
    for number, (value, above, place) in enumerate(_walk(whole, steps, (), ""), start=1):
        if isinstance(value, dict):
            yield Row(number, value, above, place)
        else:
            yield Row(number, {}, above, place, "这一条不是一组键和值")


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
    """Raises FileUnreadable: not UTF-8, not JSON, a key twice, NaN, too deep, a text too long."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_number)
    except UnicodeDecodeError as broken:
        raise FileUnreadable(line=line or 1, reason="不是UTF-8文字") from broken
    except json.JSONDecodeError as broken:
        raise FileUnreadable(
            line=line or broken.lineno, reason="不是完整的JSON，文件可能断在中间"
        ) from broken
    except RecursionError as broken:
        raise FileUnreadable(line=line or 1, reason="层次太深") from broken
    except ValueError as broken:
        raise FileUnreadable(line=line or 1, reason=str(broken)[:100]) from broken
    if too := _too_much(value):
        raise FileUnreadable(line=line or 1, reason=too)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("同一个键写了两次")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name}不是数")


def _too_much(value: Any) -> str:
    """Why it is refused, level by level, without recursion."""
    level = [value]
    for _ in range(DEPTH):
        below: list[Any] = []
        for one in level:
            if isinstance(one, str) and (len(one) > TEXT or "\x00" in one):
                return "有一段文字太长，或者有不能用的字符"
            if isinstance(one, dict):
                below += one.values()
            elif isinstance(one, list):
                below += one
        if not below:
            return ""
        level = below
    return "层次太深"
