"""
JSON in a stranger's file: what would not pass through the database, or would mean two things, is refused with a reason.

Refused are a key written twice, NaN and numbers without end, numbers of thousands of digits, half of a surrogate pair,
NUL, texts too long and nesting too deep.
"""

import json
import math
from typing import Any

DEPTH = 30
TEXT = 20_000  # characters of one value
DIGITS = 400  # of a number
NODES = 3_000_000  # braces, brackets and commas of a file


class JsonRefused(ValueError):
    """`reason` as a person understands it; `line` where it is known, 0 otherwise."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.line = reason, line


def read_json(data: bytes) -> Any:
    """Raises JsonRefused. UTF-8, with or without its mark."""
    if sum(map(data.count, (b"{", b"[", b","))) > NODES:
        raise JsonRefused("文件里的内容太多")
    try:
        value = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=_no_number,
            parse_int=_whole,
            parse_float=_float,
        )
    except UnicodeDecodeError as broken:
        raise JsonRefused("不是UTF-8文字") from broken
    except json.JSONDecodeError as broken:
        raise JsonRefused("不是完整的JSON，文件可能断在中间", broken.lineno) from broken
    except RecursionError as broken:
        raise JsonRefused("层次太深") from broken
    if too := _too_much(value):
        raise JsonRefused(too)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise JsonRefused("同一个键写了两次")
    return found


def _no_number(name: str) -> Any:
    raise JsonRefused(f"{name}不是数")


def _whole(digits: str) -> int:
    if len(digits) > DIGITS:
        raise JsonRefused("有一个数太长")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if len(digits) > DIGITS or value in (float("inf"), float("-inf")):
        raise JsonRefused("有一个数太大或者太长")
    return value


def _too_much(value: Any) -> str:
    """Why it is refused, level by level, without recursion."""
    level = [value]
    for _ in range(DEPTH):
        below: list[Any] = []
        for one in level:
            if isinstance(one, str) and _unusable(one):
                return "有一段文字太长，或者有不能用的字符"
            if isinstance(one, dict):
                below += one
                below += one.values()
            elif isinstance(one, list):
                below += one
        if not below:
            return ""
        level = below
    return "层次太深"


def require_storable(value: Any) -> None:
    """
    That the database takes a value as it was read, however long its texts are; for what is not JSON, too. Raises
    JsonRefused.
    """
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, float) and not math.isfinite(one):
            raise JsonRefused("有一个数不是数，或者太大")
        elif isinstance(one, str) and not _storable(one):
            raise JsonRefused("有一段文字里有不能用的字符")


def _unusable(text: str) -> bool:
    return len(text) > TEXT or not _storable(text)


def _storable(text: str) -> bool:
    try:
        return b"\x00" not in text.encode()
    except UnicodeEncodeError:  # half of a pair, as \ud800 writes it
        return False
