"""Have a paper of a case made again that could not be made."""

from uuid import UUID

from mingqu.cases import selectors
from mingqu.cases.types import Done
from mingqu.documents import services as documents
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant


def retry_paper(*, case_id: UUID, request_id: UUID, by: Actor, at: Instant, key: UUID) -> Done:
    """Its content is what was fixed when it was asked for. Raises FileNotFound, DocumentNotRetryable."""
    with command("case.retry_paper", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.retry_paper", case)
        documents.retry_document(root_id=case_id, request_id=request_id, at=at)
        return cmd.done(Done(case.pk, case.status))
