"""What the lists tell."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class ListPublished(Event):
    """An edition counts from today; what items of its region may do is looked at again."""

    name = "catalogue.list_published"
    edition_id: UUID
    kind: str
    region_code: str
    number: int


@dataclass(frozen=True)
class DutyOverdue(Event):
    """A duty (责任事项) of an organ was not done by its day; told once for each missed day."""

    name = "catalogue.duty_overdue"
    department_id: UUID
    region_code: str
    organ: str
    duty: str
    due_on: date
