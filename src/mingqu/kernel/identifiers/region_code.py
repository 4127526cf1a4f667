"""行政区划代码: 6 digits of GB/T 2260 (province, city, county) and 3 + 3 for town and village."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from mingqu.kernel.identifiers.errors import IdentifierRefused
from mingqu.kernel.identifiers.text import canonical

Level = Literal["province", "city", "county", "town", "village"]
LEVELS: Final[tuple[Level, ...]] = ("province", "city", "county", "town", "village")
_LENGTHS: Final = (2, 4, 6, 9, 12)
CITY, COUNTY = 4, 6  # digits of a code that tell a city, a district


@dataclass(frozen=True)
class RegionCode:
    """Twelve digits. Structure only: whether such a region exists is answered by kernel.regions."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> RegionCode:
        """Read 6, 9 or 12 digits. Raises IdentifierRefused: empty, length, characters, structure."""
        code = canonical(text)
        if not code:
            raise IdentifierRefused("region_code", "empty")
        if len(code) not in {6, 9, 12}:
            raise IdentifierRefused("region_code", "length", got=len(code))
        for position, ch in enumerate(code, start=1):
            if ch not in "0123456789":
                raise IdentifierRefused("region_code", "characters", position=position)
        code = code.ljust(12, "0")
        parts = (code[:2], code[2:4], code[4:6], code[6:9], code[9:])
        # City 00 with a county stands in the old lists; a village needs its town, a county its province.
        if set(parts[0]) == {"0"} or (int(parts[4]) and not int(parts[3])):
            raise IdentifierRefused("region_code", "structure")
        return cls(code)

    @property
    def level(self) -> Level:
        for level, start, end in (("village", 9, 12), ("town", 6, 9), ("county", 4, 6), ("city", 2, 4)):
            if int(self.digits[start:end]):
                return level  # type: ignore[return-value]
        return "province"

    @property
    def prefix(self) -> str:
        """The leading digits shared by everything inside the region: 99, 9901, 990104, ..."""
        return self.digits[: _LENGTHS[LEVELS.index(self.level)]]

    @property
    def parent(self) -> RegionCode | None:
        """
        The region above by structure, None for a province.

        A county run directly by its province has a structural city that was never given; the region
        table holds the real parent.
        """
        rank = LEVELS.index(self.level)
        if rank == 0:
            return None
        return RegionCode(self.digits[: _LENGTHS[rank - 1]].ljust(12, "0"))

    @property
    def six(self) -> str:
        return self.digits[:6]

    def contains(self, other: RegionCode) -> bool:
        """True for the region itself and everything below it."""
        return other.digits.startswith(self.prefix)

    def __str__(self) -> str:
        return self.digits
