"""What evaluation tells the rooms above: nothing about who rated."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class CaseRated(Event):
    """A case was rated; its root is the case, the rater is not named."""

    name = "evaluation.rated"
    item_code: str
    department_id: UUID
    item_type: str
    channel: str
    level: int
    rated_on: date
