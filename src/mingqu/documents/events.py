"""What the documents room tells the rooms above. No event carries a name, a text or a file."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from mingqu.kernel.events import Event


@dataclass(frozen=True)
class DocumentReady(Event):
    """A requested document is made, sealed and stored. `kind` is a code of documents.rules.KINDS."""

    name: ClassVar[str] = "documents.document_ready"
    request_id: UUID
    kind: str
    file_id: UUID


@dataclass(frozen=True)
class DocumentFailed(Event):
    """It could not be made and is not tried again by itself: a clerk's task. `reason` is an error code."""

    name: ClassVar[str] = "documents.document_failed"
    request_id: UUID
    kind: str
    reason: str
