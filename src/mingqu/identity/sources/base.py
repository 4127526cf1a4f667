"""What a population register and a register of firms answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from mingqu.identity.types import IdentityFacts


@dataclass(frozen=True)
class RegisteredFirm:
    """As the register of market subjects has it."""

    credit_code: str
    name: str
    representative: str = field(repr=False)


class PopulationSource(Protocol):
    """
    `matches` says whether all facts are those of one person, and never which one differs: else it would answer
    guesses one by one. Raises SourceUnavailable.
    """

    def matches(self, facts: IdentityFacts) -> bool: ...


class FirmSource(Protocol):
    """
    `represented` is the firm of this code if the person is its representative, by name and number; None for an unknown
    firm and for another's alike. Raises SourceUnavailable.
    """

    def represented(self, credit_code: str, name: str, citizen_number: str) -> RegisteredFirm | None: ...
