"""What the catalogue tells the rooms above."""

from dataclasses import dataclass
from uuid import UUID

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class RevisionPublished(Event):
    """A definition is in force for new applications; running cases keep theirs."""

    name = "catalogue.revision_published"
    item_code: str
    revision_id: UUID
    digest: str


@dataclass(frozen=True)
class ItemWithdrawnFromUse(Event):
    """停办: nothing new begins; running cases go on."""

    name = "catalogue.item_withdrawn"
    item_code: str
