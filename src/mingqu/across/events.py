"""What this room tells: nothing personal."""

from dataclasses import dataclass

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class AgreementMoved(Event):
    """One side proposed, answered, took back or left; `deed` of AgreementDeed. The other side is told."""

    name = "across.agreement_moved"
    deed: str
    by_home: bool
