"""The file of a certificate is made by the documents room; here its end is heard."""

from mingqu.certificates import services
from mingqu.certificates.services import LICENCE
from mingqu.documents.events import DocumentFailed, DocumentReady
from mingqu.kernel.events import subscriber
from mingqu.kernel.types import Instant


@subscriber("certificates.attach_file", DocumentReady)
def attach_file(event: DocumentReady, *, at: Instant) -> None:
    if event.kind == LICENCE:
        services.attach_file(certificate_id=event.root_id, file_id=event.file_id, at=at)


@subscriber("certificates.report_delay", DocumentFailed)
def report_delay(event: DocumentFailed, *, at: Instant) -> None:
    if event.kind == LICENCE:
        services.report_delay(
            certificate_id=event.root_id, request_id=event.request_id, reason=event.reason, at=at
        )
