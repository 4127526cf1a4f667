"""
A file of states as another system exports them: XLSX, CSV, or JSON lines. The columns are 流水号或者编号, 状态, 时间,
说明, 结果编号, 名称, 统一社会信用代码, found by their names or, where they have others, in this order; a JSON line has
the names of a callback. The layout is our own (verified: false). Pure.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mingqu.exchange.rules import OUTSIDE_WORDS
from mingqu.exchange.types import Result, Telling
from mingqu.kernel.tables import FILE_BYTES, ROWS, Table, TableEmpty, TableNotRead, TableTooLarge, read_table

HEADERS = ("流水号或者编号", "状态", "时间", "说明", "结果编号", "名称", "统一社会信用代码")
ALIASES: Mapping[str, tuple[str, ...]] = {
    "流水号或者编号": ("流水号", "编号", "对方编号", "办件编号", "reference", "number"),
    "状态": ("办理状态", "state"),
    "时间": ("状态时间", "办理时间", "日期", "happened_at"),
    "说明": ("原因", "意见", "words"),
    "结果编号": ("证照编号", "结果的编号"),
    "名称": ("单位名称", "企业名称"),
    "统一社会信用代码": ("信用代码", "credit_code"),
}
BEIJING = ZoneInfo("Asia/Shanghai")
YEARS = range(1949, 3000)  # any other is a slip of the pen, and the first and the last of all can't be kept
LONGEST, LONGEST_WORDS = 64, 1000
NAMED = ("流水号或者编号", "状态")  # columns found by name if these are
_STATES = {words: code for code, words in OUTSIDE_WORDS.items()} | {code: code for code in OUTSIDE_WORDS}


def read_file(data: bytes) -> Table:
    """Cells line by line, whatever the format. Raises what `kernel.tables.read_table` refuses."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _json_lines(data)
    if not data.startswith(b"PK"):  # some export with line ends of their own
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return read_table(data, times=True)


def read_states(data: bytes) -> Iterator[tuple[int, Telling | str]]:
    """Each line with its number: what it tells (`reference` as it stands there), or what is wrong with it."""
    table = read_file(data)
    places = places_of(table.headers)
    for line, cells in table.rows:
        yield line, told_of(places, cells)


def places_of(headers: Sequence[str]) -> list[int | None]:
    """Where each of HEADERS stands: by name, or else in its order."""
    plain = ["".join(one.split()).lower() for one in headers]

    def place(name: str) -> int | None:
        return next((plain.index(one) for one in (name, *ALIASES[name]) if one in plain), None)

    found = [place(name) for name in HEADERS]
    if all(found[HEADERS.index(name)] is not None for name in NAMED):
        return found
    return [at if at < len(headers) else None for at in range(len(HEADERS))]


def told_of(places: Sequence[int | None], cells: Sequence[str]) -> Telling | str:
    """What one line tells, or what is wrong with it."""
    given = [cells[at].strip() if at is not None and at < len(cells) else "" for at in places]
    reference, state, when, words, number, name, code = given
    if not reference:
        return "没有流水号或者编号"
    if state not in _STATES:
        return f"不认识的状态“{state[:20]}”，应是{'、'.join(OUTSIDE_WORDS.values())}"
    try:
        happened_at = datetime.fromisoformat(when.replace("/", "-"))
        if happened_at.year not in YEARS:
            raise ValueError(when)
    except ValueError:
        return "时间应写成2026-11-22 10:30"
    if any(len(one) > LONGEST or "\0" in one for one in (reference, number, name, code)):
        return f"每一格最多{LONGEST}个字"
    if "\0" in words:
        return "说明里有不能保存的字符"
    if happened_at.tzinfo is None:
        happened_at = happened_at.replace(tzinfo=BEIJING)
    return Telling(
        reference, _STATES[state], happened_at, 0, "", words[:LONGEST_WORDS], Result(number, name, code)
    )


def _json_lines(data: bytes) -> Table:
    """One object a line, with the names of a callback; a line that is none has no reference, which its check says."""
    if len(data) > FILE_BYTES:
        raise TableTooLarge(what=f"文件超过{FILE_BYTES // 1_000_000}MB")
    try:
        lines = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    except UnicodeDecodeError as broken:
        raise TableNotRead() from broken
    if len(lines) > ROWS:
        raise TableTooLarge(what=f"行数超过{ROWS}行")
    rows = [(line, _cells(text)) for line, text in enumerate(lines, start=1) if text.strip()]
    if not rows:
        raise TableEmpty()
    return Table(list(HEADERS), rows)


def _cells(text: str) -> list[str]:
    try:
        said: Any = json.loads(text)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        return [""] * len(HEADERS)
    result = said.get("result")
    result = result if isinstance(result, dict) else {}
    plain = (
        said.get("reference") or said.get("number"),
        said.get("state"),
        said.get("happened_at"),
        said.get("words"),
        result.get("number"),
        result.get("name"),
        result.get("credit_code"),
    )
    cells = [one.strip() if isinstance(one, str) else "" for one in plain]
    return cells if all(map(_writable, cells)) else [""] * len(HEADERS)


def _writable(text: str) -> bool:
    """No half of a surrogate pair, as \\ud800 writes it in JSON: nothing that keeps text takes it."""
    return not any("\ud800" <= one <= "\udfff" for one in text)
