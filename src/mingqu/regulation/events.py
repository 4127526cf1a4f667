"""What regulation tells the rooms above: nothing of whom, nor in whose words."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class SupervisionBegan(Event):
    """列入监管: a licence was granted and is to be inspected for the first time by `next_on`."""

    name: ClassVar[str] = "regulation.began"
    department_id: UUID
    item_code: str
    next_on: date


@dataclass(frozen=True)
class Inspected(Event):
    """监督检查 was written down."""

    name: ClassVar[str] = "regulation.inspected"
    department_id: UUID
    finding: str
    on: date


@dataclass(frozen=True)
class InspectionOverdue(Event):
    """The day by which an inspection was due went by; told once for each such day."""

    name: ClassVar[str] = "regulation.overdue"
    department_id: UUID
    next_on: date


@dataclass(frozen=True)
class SupervisionEnded(Event):
    """The certificate is no more; `why` is a code of Supervised.End."""

    name: ClassVar[str] = "regulation.ended"
    department_id: UUID
    why: str
    on: date
