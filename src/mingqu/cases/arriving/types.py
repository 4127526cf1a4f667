"""Words of 来件: what an officer notes, and how a page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from mingqu.cases.services.files import Upload


@dataclass(frozen=True)
class Noted:
    """
    What came: for which of the things that are awaited, on which day, what it is, its files; `system`: which other
    system brought it, "" where an officer notes it.
    """

    wait_id: UUID
    came_on: date
    text: str = field(repr=False)
    uploads: Sequence["Upload"] = ()
    system: str = ""


@dataclass(frozen=True)
class ArrivalLine:
    name: str
    came_on: date
    text: str
    files: tuple[tuple[UUID, str], ...]
    who: str
    at: datetime
    system: str = ""
