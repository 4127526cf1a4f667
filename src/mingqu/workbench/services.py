"""Commands of whoever runs the platform; the work itself belongs to the rooms below."""

from uuid import UUID

from mingqu.documents import services as documents
from mingqu.identity.services import access
from mingqu.kernel import operations
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant


def retry_events(*, root_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """Have the relay try a blocked chain of events again. Raises NotAuthorised."""
    access.require_may(by, "system.retry")
    operations.retry_events(root_id=root_id, by=by, at=at, key=key)


def retry_document(*, root_id: UUID, request_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """Have a failed document made again. Raises NotAuthorised, FileNotFound, DocumentNotRetryable."""
    access.require_may(by, "system.retry")
    with command("system.retry", root_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        documents.retry_document(root_id=root_id, request_id=request_id, at=at)
        cmd.note(what="document")
        cmd.done(None)
