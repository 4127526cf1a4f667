"""公民身份号码 (GB 11643-1999): region 6, birth date 8, sequence 3 (odd = male), check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from mingqu.kernel.identifiers.checks import citizen_check
from mingqu.kernel.identifiers.divisions import is_known_ever
from mingqu.kernel.identifiers.errors import IdentifierRefused
from mingqu.kernel.identifiers.text import canonical, require_shape

DEMO_REGION = "990104"  # never assigned in the whole history of the region list; a test proves it
_DIGITS = "0123456789"
# Residence permits of people from Hong Kong, Macao and Taiwan use the same 18 characters [MEM].
_PERMIT_REGIONS = frozenset({"810000", "820000", "830000"})


@dataclass(frozen=True)
class CitizenNumber:
    region: str  # 6 digits, where the number was first given; often a region that is gone
    birth: date
    sequence: str  # 3 digits

    @classmethod
    def build(cls, region: str, birth: date, sequence: str) -> CitizenNumber:
        """Compose one with its check character (demo data and tests, demo region only in practice)."""
        return cls.parse(str(cls(region, birth, sequence)), demo=True)

    @classmethod
    def parse(cls, text: str, *, demo: bool = False, today: date | None = None) -> CitizenNumber:
        """
        Read 18 characters. `demo`: this installation accepts numbers of the demo district;
        `today`: a birth date after it is refused.

        Raises IdentifierRefused: empty, length, characters, check_character, birth_date,
        birth_date_future, region_unknown, demo_only.
        """
        number = canonical(text, dashes=True)
        require_shape("citizen_number", number, length=18, alphabet=_DIGITS, last=_DIGITS + "X")
        if citizen_check(number[:17]) != number[17]:
            raise IdentifierRefused("citizen_number", "check_character")
        birth = _birth_date(number[6:14])
        if today is not None and birth > today:
            raise IdentifierRefused("citizen_number", "birth_date_future")
        region = number[:6]
        if region == DEMO_REGION:
            if not demo:
                raise IdentifierRefused("citizen_number", "demo_only")
        elif region not in _PERMIT_REGIONS and not is_known_ever(region):
            raise IdentifierRefused("citizen_number", "region_unknown")
        return cls(region, birth, number[14:17])

    @property
    def sex(self) -> Literal["male", "female"]:
        return "male" if int(self.sequence) % 2 else "female"

    @property
    def check(self) -> str:
        return citizen_check(self._body())

    @property
    def is_demo(self) -> bool:
        return self.region == DEMO_REGION

    def age_on(self, day: date) -> int:
        """Full years on `day` (民法典 17, 200); that a birthday counts from its own day is our reading."""
        before_birthday = (day.month, day.day) < (self.birth.month, self.birth.day)
        return day.year - self.birth.year - before_birthday

    def _body(self) -> str:
        return f"{self.region}{self.birth:%Y%m%d}{self.sequence}"

    def __str__(self) -> str:
        return self._body() + self.check


def _birth_date(digits: str) -> date:
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError as wrong:
        raise IdentifierRefused("citizen_number", "birth_date") from wrong
    if birth.year < 1850:  # nobody alive; strftime below year 1000 would also lose digits
        raise IdentifierRefused("citizen_number", "birth_date")
    return birth
