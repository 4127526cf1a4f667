"""Entries of lists as they are read, compared and inherited from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

Kind = Literal["base", "power", "service", "negative"]
KINDS: Final[tuple[Kind, ...]] = ("power", "service", "base", "negative")
READ_ONLY: Final[Kind] = "negative"


@dataclass(frozen=True)
class Basis:
    """One article that an entry rests on; 0: the law as a whole."""

    law: str
    article: int
    suffix: int = 0


@dataclass(frozen=True)
class Entry:
    """
    One entry of a list.

    `code`: by which editions are compared: the base code in the base directory, the item's code in the lists, the
    number in the negative list. `basis_words` is the basis as the source writes it, `basis` the articles found in it.
    """

    code: str
    name: str
    base_code: str = ""
    item_type: str = ""
    organ_code: str = ""
    organ_name: str = ""
    levels: tuple[str, ...] = ()
    basis_words: str = ""
    basis: tuple[Basis, ...] = ()
    duties: str = ""  # 责任事项
    accountability: str = ""  # 追责情形
    measure: str = ""  # 禁止或许可准入措施
    effective_on: date | None = None
    cancelled_on: date | None = None
    state: str = "active"


COMPARED: Final = {
    "name": "名称",
    "base_code": "基本编码",
    "item_type": "类型",
    "organ_name": "实施机关",
    "levels": "行使层级",
    "basis_words": "设定依据",
    "duties": "责任事项",
    "accountability": "追责情形",
    "measure": "准入措施",
    "effective_on": "生效日期",
    "cancelled_on": "取消日期",
    "state": "状态",
}


@dataclass(frozen=True)
class Departure:
    """An inherited field that an item has otherwise than the base directory."""

    field: str
    words: str
    local: str
    inherited: str


@dataclass(frozen=True)
class Difference:
    """What one edition has otherwise than the one before. `columns`: (column, before, after) in words."""

    kind: Literal["added", "removed", "changed"]
    code: str
    name: str
    columns: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class RowFinding:
    """What is wrong with, or worth knowing about, a row of an imported list. `refused`: the row is left out."""

    line: int
    code: str
    sentence: str
    refused: bool = True


@dataclass(frozen=True)
class ReadList:
    """
    A file that was read: its entries, what was found row by row, and by old name of a type the codes of the entries
    that wait for somebody to confirm what it is.
    """

    entries: Sequence[Entry]
    findings: Sequence[RowFinding]
    rows: int
    proposed: Mapping[str, Sequence[str]] = field(default_factory=dict)
