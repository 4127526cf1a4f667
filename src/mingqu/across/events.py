"""What this room tells: nothing personal."""

from dataclasses import dataclass

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class AgreementMoved(Event):
    """One side proposed, answered, took back or left; `deed` of AgreementDeed. The other side is told."""

    name = "across.agreement_moved"
    deed: str
    by_home: bool


@dataclass(frozen=True)
class GivingMoved(Event):
    """
    Who gives out the result of a case (the root) that a hall elsewhere received: the home side took it over, or gave it
    back; the applicant is told where.
    """

    name = "across.giving_moved"
    home: bool


@dataclass(frozen=True)
class PapersSent(Event):
    """Originals of a case (the root) that a hall elsewhere received went to the organ that decides, the first time."""

    name = "across.papers_sent"
