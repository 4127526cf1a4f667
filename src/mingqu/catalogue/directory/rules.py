"""What holds for lists without a table: types by their old names, what an item inherits, how editions differ."""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mingqu.catalogue.directory.types import COMPARED, Basis, Departure, Difference, Entry
from mingqu.kernel.codelists import code_list

ANY_LEVEL = "6"  # 分级管理
# 审批称谓 (行政许可法 2): what it was called says little about what it is, so a person confirms every one of them.
ALIASES: Mapping[str, str] = {
    "许可": "01",
    "审批": "01",
    "行政审批": "01",
    "非行政许可审批": "10",
    "批准": "01",
    "核准": "01",
    "审核": "01",
    "审查": "01",
    "同意": "01",
    "登记": "01",
    "注册": "01",
    "处罚": "02",
    "强制": "03",
    "征收": "04",
    "征用": "04",
    "给付": "05",
    "补贴": "05",
    "补助": "05",
    "资助": "05",
    "救助": "05",
    "检查": "06",
    "监督检查": "06",
    "确认": "07",
    "认定": "07",
    "认证": "07",
    "鉴定": "07",
    "奖励": "08",
    "表彰": "08",
    "裁决": "09",
    "调解": "10",
    "备案": "10",
    "年检": "10",
    "其他": "10",
    "其他权力": "10",
    "其他行政职权": "10",
    "其他职权": "10",
    "其他类": "10",
    "服务": "20",
    "便民服务": "20",
    "查询": "20",
    "咨询": "20",
}


def proposed_type(words: str) -> tuple[str, bool]:
    """
    The item type that a source's words stand for, and whether that is certain.

    Certain are only the code and the very name of the list; 核准, 审核, 登记 and their like are proposed and wait for
    a person (CAT-11). ("", False): no type at all, nobody may guess.
    """
    said = re.sub(r"[\s　]", "", words)
    known = code_list("item_type")
    if said in known:
        return said, True
    if said.isdigit() and len(said) == 1 and f"0{said}" in known:
        return f"0{said}", True  # a spreadsheet took 01 for a number
    for kind in known:
        if said in (kind.name, f"{kind.name}事项", f"{kind.name}类"):
            return kind.code, True
    bare = re.sub(r"(事项|类|权)$", "", said)
    return ALIASES.get(bare, ""), False


def short_name(law: str) -> str:
    """A law is cited with and without 中华人民共和国; both are the same law."""
    return re.sub(r"[\s　《》]", "", law).removeprefix("中华人民共和国")


def places(basis: Iterable[Basis]) -> set[tuple[str, int, int]]:
    """The articles of a basis, each law by its short name."""
    return {(short_name(one.law), one.article, one.suffix) for one in basis}


def basis_words(basis: Iterable[Basis]) -> str:
    """《食品安全法》第35条；…"""
    return "；".join(
        f"《{one.law}》"
        + (f"第{one.article}条" if one.article else "")
        + (f"之{one.suffix}" if one.suffix else "")
        for one in basis
    )


def item_basis(document: Mapping[str, Any]) -> list[Basis]:
    """The basis of what may be a very incomplete definition."""
    rows = document.get("basis")
    found = []
    for one in rows if isinstance(rows, list) else []:
        law = one.get("law") if isinstance(one, Mapping) else None
        article = one.get("article") if isinstance(one, Mapping) else None
        if isinstance(law, str) and law:
            found.append(Basis(law, article if isinstance(article, int) else 0))
    return found


@dataclass(frozen=True)
class Inheriting:
    """What of an item stands in the base directory, as the item has it."""

    name: str
    item_type: str
    level: str
    basis: Sequence[Basis]


def departures(local: Inheriting, entry: Entry) -> list[Departure]:
    """
    Where an item differs from what it inherits. What is empty on either side is no difference: a draft may be
    incomplete, and a directory may leave something to whoever carries the item out.
    """
    kinds = code_list("item_type")
    levels = code_list("exercise_level")

    def named(known: Any, code: str) -> str:
        return known.name(code) if code in known else code

    found = []
    if local.name and entry.name and local.name != entry.name:
        found.append(Departure("name", "事项名称", local.name, entry.name))
    if local.item_type and entry.item_type and local.item_type != entry.item_type:
        here, there = named(kinds, local.item_type), named(kinds, entry.item_type)
        found.append(Departure("type", "事项类型", here, there))
    if local.level and entry.levels and ANY_LEVEL not in entry.levels and local.level not in entry.levels:
        there = "、".join(named(levels, one) for one in entry.levels)
        found.append(Departure("level", "行使层级", named(levels, local.level), there))
    if local.basis and entry.basis and places(local.basis) != places(entry.basis):
        found.append(Departure("basis", "设定依据", basis_words(local.basis), basis_words(entry.basis)))
    return found


def differences(before: Iterable[Entry], after: Iterable[Entry]) -> list[Difference]:
    """What a new edition changes, by code: new entries, those left out, and for the others each column that differs."""
    old, new = {one.code: one for one in before}, {one.code: one for one in after}
    found = []
    for code, entry in new.items():
        was = old.get(code)
        if was is None:
            found.append(Difference("added", code, entry.name))
            continue
        changed = [
            (words, told(was, column), told(entry, column))
            for column, words in COMPARED.items()
            if getattr(was, column) != getattr(entry, column)
        ]
        if changed:
            found.append(Difference("changed", code, entry.name, changed))
    found += [Difference("removed", code, was.name) for code, was in old.items() if code not in new]
    return found


def told(entry: Entry, column: str) -> str:
    """The value of a column in words."""
    value: Any = getattr(entry, column)
    if column == "item_type":
        known = code_list("item_type")
        return known.name(value) if value in known else str(value)
    if column == "levels":
        levels = code_list("exercise_level")
        return "、".join(levels.name(one) if one in levels else one for one in value)
    if column == "state":
        return STATES.get(str(value), "")
    return "" if value is None else str(value)


STATES = {"active": "在用", "suspended": "暂停", "cancelled": "取消"}


def next_day(first: date, due: date, every_months: int) -> date:
    """The first day after `due` that corresponds to `first` by whole periods; a short month has its last day."""
    months, found = 0, first
    while found <= due:
        months += every_months
        years, month = divmod(first.month - 1 + months, 12)
        year = first.year + years
        found = date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))
    return found
