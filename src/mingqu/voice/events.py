"""What voice tells the rooms above, and itself: nothing of what was said, nor who said it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class TicketFiled(Event):
    name = "voice.filed"
    kind: str
    department_id: UUID
    filed_on: date
    due_on: date


@dataclass(frozen=True)
class TicketOverdue(Event):
    """The promised day went by without an answer; told once."""

    name = "voice.overdue"
    kind: str
    department_id: UUID
    due_on: date


@dataclass(frozen=True)
class TicketPassed(Event):
    """Another organ answers it now; by the same day."""

    name = "voice.passed"
    kind: str
    department_id: UUID
    before_id: UUID
    due_on: date


@dataclass(frozen=True)
class TicketAnswered(Event):
    name = "voice.answered"
    kind: str
    department_id: UUID
    answered_on: date


@dataclass(frozen=True)
class TicketSettled(Event):
    """Its author said whether the answer settled the matter."""

    name = "voice.settled"
    kind: str
    department_id: UUID
    settled: bool
    on: date
