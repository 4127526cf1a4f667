"""裁量基准: what may be decided in which circumstances, and what lies outside of it."""

from dataclasses import dataclass, field

from mingqu.catalogue.types.parts import LawRef, least, only

VALID_YEARS = "valid_years"
GRANTED = "granted"
MOST_YEARS = 99
LARGEST = 1_000_000_000


@dataclass(frozen=True)
class DiscretionRule:
    """
    One row of a 裁量基准: `when` (FEEL over situation, form and outcome) it applies; in a grant the value is `lowest`
    to `highest`, both included. `says`: the circumstances in words. `outcome`: what is to be decided; empty: either.
    """

    says: str
    when: str
    lowest: int = field(metadata=least(0))
    highest: int = field(metadata=least(0))
    basis: LawRef
    outcome: str = field(default="", metadata=only("", "granted", "refused"))


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
    reason_signs: int = field(default=10, metadata=least(1))
    source: str = ""  # the published standard (裁量权基准) the rows are taken from
    verified: bool = False  # whether somebody has compared the rows with it


@dataclass(frozen=True)
class Applied:
    """The row that applies, with its number from 1; none: 0, and whatever is decided lies outside."""

    of: Discretion
    number: int = 0
    rule: DiscretionRule | None = None

    @property
    def range(self) -> str:
        """As scenarios say it: 1-3."""
        return f"{self.rule.lowest}-{self.rule.highest}" if self.rule else ""

    def inside(self, outcome: str, value: int | None) -> bool:
        """Whether this may be decided without a second person."""
        if self.rule is None or self.rule.outcome not in ("", outcome):
            return False
        return outcome != GRANTED or (value is not None and self.rule.lowest <= value <= self.rule.highest)
