"""
A file of states as another system exports them (CSV, UTF-8): 流水号或者编号, 状态, 时间, 说明, 结果编号, 名称,
统一社会信用代码. The layout is our own (verified: false). Pure.
"""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

from mingqu.exchange.rules import OUTSIDE_WORDS
from mingqu.exchange.types import Result, Telling

HEADERS = ("流水号或者编号", "状态", "时间", "说明", "结果编号", "名称", "统一社会信用代码")
BEIJING = ZoneInfo("Asia/Shanghai")
YEARS = range(1949, 3000)  # any other is a slip of the pen, and the first and the last of all can't be kept
MOST_LINES, LONGEST, LONGEST_WORDS = 20_000, 64, 1000
_STATES = {words: code for code, words in OUTSIDE_WORDS.items()} | {code: code for code in OUTSIDE_WORDS}


def read_states(text: str) -> Iterator[tuple[int, Telling | str]]:
    """Each line with its number: what it tells (`reference` as it stands there), or what is wrong with it."""
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""))
    for line in count(1):
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield line, "从这一行起读不出来，可能是引号没有成对"
            return
        if line == 1 or not any(cell.strip() for cell in row):
            continue
        if line > MOST_LINES:
            yield line, f"一次最多{MOST_LINES}行，后面的没有读"
            return
        yield line, _told([cell.strip() for cell in row])


def _told(row: list[str]) -> Telling | str:
    cells = [*row, *[""] * len(HEADERS)][: len(HEADERS)]
    reference, state, when, words, number, name, code = cells
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
    if happened_at.tzinfo is None:
        happened_at = happened_at.replace(tzinfo=BEIJING)
    return Telling(
        reference, _STATES[state], happened_at, 0, "", words[:LONGEST_WORDS], Result(number, name, code)
    )
