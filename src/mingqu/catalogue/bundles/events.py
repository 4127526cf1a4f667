"""What published bundles tell the rooms above."""

from dataclasses import dataclass
from uuid import UUID

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class BundlePublished(Event):
    """A bundle (一件事) is in force for new applications; running ones keep theirs."""

    name = "catalogue.bundle_published"
    bundle_code: str
    revision_id: UUID
    digest: str
