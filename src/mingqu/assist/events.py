"""What assist tells: nothing of what was said, nor who said it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class StuckFiled(Event):
    """办不成事: something could not be done, for the first or the second time."""

    name = "assist.filed"
    department_id: UUID
    due_on: date
    round: int


@dataclass(frozen=True)
class StuckAnswered(Event):
    name = "assist.answered"
    department_id: UUID
    round: int


@dataclass(frozen=True)
class StuckOverdue(Event):
    """The promised day went by without an answer; told up, once for each round."""

    name = "assist.overdue"
    department_id: UUID
    due_on: date
    round: int
