"""办件编号: our own 20 digits (region 6, day 8, serial 6) and the exported national 43 characters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mingqu.kernel.identifiers.checks import ALPHANUMERIC
from mingqu.kernel.identifiers.errors import IdentifierRefused
from mingqu.kernel.identifiers.item_codes import TaskCode
from mingqu.kernel.identifiers.text import canonical, require_shape

_DIGITS = "0123456789"


@dataclass(frozen=True)
class CaseNumber:
    region: str  # 6 digits
    day: date  # the legal day of receipt
    serial: int  # 1 to 999999, allocated by the database per region and day

    @classmethod
    def parse(cls, text: str) -> CaseNumber:
        """Read 20 digits, grouped or not. Raises IdentifierRefused (length, characters, day, serial)."""
        number = canonical(text, dashes=True)
        require_shape("case_number", number, length=20, alphabet=_DIGITS)
        serial = int(number[14:])
        if serial == 0:
            raise IdentifierRefused("case_number", "serial")
        return cls(number[:6], _day("case_number", number[6:14]), serial)

    def __str__(self) -> str:
        return self.grouped().replace(" ", "")

    def grouped(self) -> str:
        """990104 20261109 000318, the form people read aloud."""
        if not 1 <= self.serial <= 999_999:
            raise IdentifierRefused("case_number", "serial")
        return f"{self.region} {self.day:%Y%m%d} {self.serial:06d}"


@dataclass(frozen=True)
class NationalCaseNumber:
    """实施编码 31 + day 8 + serial 4 (split inferred from one real sample). Exported, never a key here."""

    task: TaskCode
    day: date
    serial: int

    @classmethod
    def parse(cls, text: str, *, demo: bool = False) -> NationalCaseNumber:
        """Read 43 characters. Raises IdentifierRefused."""
        number = canonical(text)
        require_shape("national_case_number", number, length=43, alphabet=ALPHANUMERIC)
        for position in range(32, 44):
            if not number[position - 1].isdigit():
                raise IdentifierRefused("national_case_number", "characters", position=position)
        task = TaskCode.parse(number[:31], demo=demo)
        return cls(task, _day("national_case_number", number[31:39]), int(number[39:]))

    def __str__(self) -> str:
        if not 0 <= self.serial <= 9999:  # four places: more cases of one item in a day have no such number
            raise IdentifierRefused("national_case_number", "serial")
        return f"{self.task}{self.day:%Y%m%d}{self.serial:04d}"


def _day(kind: str, digits: str) -> date:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as wrong:
        raise IdentifierRefused(kind, "day") from wrong
    if day.year < 1980:
        raise IdentifierRefused(kind, "day")
    return day
