"""裁量基准: what may be decided in which circumstances, and what lies outside of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from mingqu.catalogue.types.parts import LawRef, least, only

VALID_YEARS = "valid_years"
GRANTED = "granted"
MOST_YEARS = 99
LARGEST = 1_000_000_000
CENT = Decimal("0.01")


def exact(number: float) -> Decimal:
    """A number of a definition as it is written there: 1000.5, never what a machine makes of it."""
    return Decimal(str(number))


def number_words(value: Decimal | float) -> str:
    """3, or with two decimals: 1000.50."""
    found = exact(value) if isinstance(value, float) else Decimal(value)
    return str(int(found)) if found == found.to_integral_value() else f"{found:.2f}"


@dataclass(frozen=True)
class DiscretionRule:
    """
    One row of a 裁量基准: `when` (FEEL over situation, form and outcome) it applies; in a grant the value is `lowest`
    to `highest`, both included. `says`: the circumstances in words. `outcome`: what is to be decided; empty: either.
    """

    says: str
    when: str
    lowest: float = field(metadata=least(0))
    highest: float = field(metadata=least(0))
    basis: LawRef
    outcome: str = field(default="", metadata=only("", "granted", "refused"))

    @property
    def bottom(self) -> Decimal:
        return exact(self.lowest)

    @property
    def top(self) -> Decimal:
        return exact(self.highest)

    @property
    def words(self) -> str:
        """1至3"""
        return f"{number_words(self.bottom)}至{number_words(self.top)}"

    @property
    def span(self) -> str:
        """1–3, as guides and tables have it."""
        return f"{number_words(self.bottom)}–{number_words(self.top)}"


@dataclass(frozen=True)
class Discretion:
    """
    裁量基准 of the decision: the officer sets `name` in `unit`, within what the one row that applies says. A value or
    an outcome outside needs a reason of `reason_signs` signs and another person at `post`, who agrees beforehand.
    """

    name: str
    unit: str
    post: str  # by code: who agrees to what lies outside
    rules: list[DiscretionRule]
    # What of the result the value sets; with none it stands in the decision alone.
    sets: str = field(default="", metadata=only("", VALID_YEARS))
    two_decimals: bool = False  # amounts such as 1000.50; else whole numbers
    reason_signs: int = field(default=10, metadata=least(1))
    source: str = ""  # the published standard (裁量权基准) the rows are taken from
    verified: bool = False  # whether somebody has compared the rows with it


@dataclass(frozen=True)
class Applied:
    """
    The row that applies, with its number from 1; none: 0, and whatever is decided lies outside. `table`: which of the
    tables of the 业务办理项, from 1.
    """

    of: Discretion
    number: int = 0
    rule: DiscretionRule | None = None
    table: int = 1

    @property
    def range(self) -> str:
        """As scenarios say it: 1-3."""
        return f"{number_words(self.rule.bottom)}-{number_words(self.rule.top)}" if self.rule else ""

    def inside(self, outcome: str, value: Decimal | int | None) -> bool:
        """Whether this may be decided without a second person."""
        if self.rule is None or self.rule.outcome not in ("", outcome):
            return False
        return outcome != GRANTED or (value is not None and self.rule.bottom <= value <= self.rule.top)


def ranges(found: Sequence[Applied]) -> str:
    """Of all tables, as scenarios say it: 1-3;1000.50-2000; - where no row of one applies. Empty without a table."""
    return ";".join(one.range or "-" for one in found)
