"""
Codes of service items: 基本编码 (12), 实施编码 (31), 业务办理项编码 (33).

The splits are inferred from real codes, not read in a standard text, so they stand in this one module:
31 = credit code of the organ 18 + 行使层级 1 + 基本编码 12; 12 = catalogue 2 + type 2 + system 2 + main 3 +
sub 3; 33 = 31 + serial 2.
"""

from __future__ import annotations

from dataclasses import dataclass

from mingqu.kernel.identifiers.checks import ALPHANUMERIC
from mingqu.kernel.identifiers.credit_code import CreditCode
from mingqu.kernel.identifiers.errors import IdentifierRefused
from mingqu.kernel.identifiers.text import canonical, require_shape


@dataclass(frozen=True)
class BaseCode:
    """基本编码, the item as the base directory knows it."""

    catalogue: str  # 00 national, else a province
    item_type: str  # code list item_type
    system: str  # the line of departments (17 housing and construction)
    main: str
    sub: str

    @classmethod
    def parse(cls, text: str) -> BaseCode:
        """Read 12 characters. Raises IdentifierRefused: empty, length, characters."""
        code = canonical(text)
        require_shape("base_code", code, length=12, alphabet=ALPHANUMERIC)
        return cls(code[:2], code[2:4], code[4:6], code[6:9], code[9:])

    @property
    def is_national(self) -> bool:
        return self.catalogue == "00"

    def __str__(self) -> str:
        return f"{self.catalogue}{self.item_type}{self.system}{self.main}{self.sub}"


@dataclass(frozen=True)
class TaskCode:
    """实施编码, the item as one organ carries it out."""

    organ: CreditCode
    level: int  # 行使层级, code list exercise_level
    base: BaseCode

    @classmethod
    def parse(cls, text: str, *, demo: bool = False) -> TaskCode:
        """
        Read 31 characters; the organ's credit code must be valid.

        Raises IdentifierRefused: task_code_* for length and level, credit_code_* for the organ.
        """
        code = canonical(text)
        require_shape("task_code", code, length=31, alphabet=ALPHANUMERIC)
        if code[18] not in "123456":
            raise IdentifierRefused("task_code", "level")
        return cls(CreditCode.parse(code[:18], demo=demo), int(code[18]), BaseCode.parse(code[19:]))

    def __str__(self) -> str:
        return f"{self.organ}{self.level}{self.base}"


@dataclass(frozen=True)
class HandlingItemCode:
    """业务办理项编码, the finest unit (新办, 变更, 延续 ...) of one item."""

    task: TaskCode
    serial: int

    @classmethod
    def parse(cls, text: str, *, demo: bool = False) -> HandlingItemCode:
        """Read 33 characters. Raises IdentifierRefused."""
        code = canonical(text)
        require_shape("handling_item_code", code, length=33, alphabet=ALPHANUMERIC)
        for position in (32, 33):
            if not code[position - 1].isdigit():
                raise IdentifierRefused("handling_item_code", "characters", position=position)
        return cls(TaskCode.parse(code[:31], demo=demo), int(code[31:]))

    def __str__(self) -> str:
        if not 0 <= self.serial <= 99:
            raise IdentifierRefused("handling_item_code", "serial")
        return f"{self.task}{self.serial:02d}"
