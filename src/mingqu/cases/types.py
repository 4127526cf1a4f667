"""Results of commands and shapes that other rooms read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class Filed:
    case_id: UUID
    number: str
    query_code: str
    received_on: date


@dataclass(frozen=True)
class Acceptance:
    case_id: UUID
    accepted_on: date
    due_on: date


@dataclass(frozen=True)
class Done:
    """A command that leads to no more than a new status."""

    case_id: UUID
    status: str


@dataclass(frozen=True)
class Asked:
    """One material to be corrected, and what about it."""

    code: str
    what: str


@dataclass(frozen=True)
class Finding:
    """
    What an officer found in one step. `outcome` is met or not_met; `second_officer` names the other officer
    where two are needed (行政许可法 34).
    """

    outcome: str
    text: str = ""
    second_officer: str = ""
    points: tuple["Point", ...] = ()


@dataclass(frozen=True)
class Point:
    """One 审查要点 of a material, met or not."""

    material: str
    text: str
    met: bool


# Why an officer asks for what the pages mask; the word goes into the ledger.
REVEAL_PURPOSES: Mapping[str, str] = {
    "contact": "联系申请人",
    "verify": "核对身份和材料",
    "write": "制作或者送达文书",
}


@dataclass(frozen=True)
class Turn:
    """
    The first line about a case: what happens, whose turn it is ("you" for the applicant, an organ's name,
    "" for nobody), by when; `tag` and `words` for ui's `status`.
    """

    what: str
    whose: str
    by: date | None
    tag: str
    words: str


@dataclass(frozen=True)
class RevealedApplicant:
    """Who applies, in the clear: for the one answer it was asked for, never kept."""

    name: str = field(repr=False)
    number: str = field(repr=False)
    phone: str = field(repr=False)
