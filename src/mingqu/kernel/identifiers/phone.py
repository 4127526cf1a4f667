"""Mobile telephone numbers of the mainland: 11 digits, 13 to 19; +86 is taken off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mingqu.kernel.identifiers.errors import IdentifierRefused
from mingqu.kernel.identifiers.text import canonical, require_shape

# In no public list of number segments seen (`phone` 0.4.5); the demo district's people have these.
DEMO_PREFIX: Final = "1990000"


@dataclass(frozen=True)
class Phone:
    digits: str

    @classmethod
    def parse(cls, text: str, *, demo: bool = False) -> Phone:
        """Raises IdentifierRefused: empty, length, characters, prefix, demo_only."""
        number = canonical(text, dashes=True)
        for country in ("+86", "0086"):
            number = number.removeprefix(country)
        if len(number) == 13:
            number = number.removeprefix("86")
        require_shape("phone", number, length=11, alphabet="0123456789")
        if number[0] != "1" or number[1] not in "3456789":
            raise IdentifierRefused("phone", "prefix")
        if number.startswith(DEMO_PREFIX) and not demo:
            raise IdentifierRefused("phone", "demo_only")
        return cls(number)

    @property
    def is_demo(self) -> bool:
        return self.digits.startswith(DEMO_PREFIX)

    def grouped(self) -> str:
        return f"{self.digits[:3]} {self.digits[3:7]} {self.digits[7:]}"

    def __str__(self) -> str:
        return self.digits
