"""What the lists tell."""

from dataclasses import dataclass
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
