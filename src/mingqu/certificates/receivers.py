"""The file of a certificate is made by the documents room; here its end is heard. Holders are told what was done."""

from typing import Any

from django.urls import reverse

from mingqu.certificates import services
from mingqu.certificates.events import (
    CertificateBeginPutOff,
    CertificateRestored,
    CertificateRevoked,
    CertificateStruckOff,
    CertificateSuspended,
)
from mingqu.certificates.models import Certificate
from mingqu.certificates.services import LICENCE, reminders
from mingqu.documents.events import DocumentFailed, DocumentReady
from mingqu.kernel import training
from mingqu.kernel.events import subscriber
from mingqu.kernel.types import Instant
from mingqu.notifications import services as notifications
from mingqu.ui.text import zh_day


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


@subscriber("certificates.tell_suspended", CertificateSuspended)
def tell_suspended(event: CertificateSuspended, *, at: Instant) -> None:
    if event.told:
        _tell(event, "certificate_suspended", {"since": event.since, "until": until_words(event)}, at)


@subscriber("certificates.tell_restored", CertificateRestored)
def tell_restored(event: CertificateRestored, *, at: Instant) -> None:
    if event.told:
        _tell(event, "certificate_restored", {"restored_on": event.on}, at)


@subscriber("certificates.tell_revoked", CertificateRevoked)
def tell_revoked(event: CertificateRevoked, *, at: Instant) -> None:
    if event.told:
        told = {"revoked_on": event.on, "document_number": event.document_number}
        _tell(event, "certificate_revoked", told, at)


@subscriber("certificates.tell_struck_off", CertificateStruckOff)
def tell_struck_off(event: CertificateStruckOff, *, at: Instant) -> None:
    if event.told:
        told = {"struck_off_on": event.on, "ground": event.ground}
        _tell(event, "certificate_struck_off", told, at)


@subscriber("certificates.tell_begin_put_off", CertificateBeginPutOff)
def tell_begin_put_off(event: CertificateBeginPutOff, *, at: Instant) -> None:
    """Only of the day that counts: one put off again meanwhile is told then."""
    row = Certificate.objects.select_related("type").get(pk=event.root_id)
    if row.begin_by == event.begin_by:
        reminders.tell_of_beginning(row, "put_off", at)


def until_words(event: CertificateSuspended) -> str:
    return f"预计到{zh_day(event.until)}。" if event.until else "什么时候恢复，会再告诉您。"


def _tell(
    event: CertificateSuspended | CertificateRestored | CertificateRevoked | CertificateStruckOff,
    kind: str,
    params: dict[str, Any],
    at: Instant,
) -> None:
    row = Certificate.objects.select_related("type").get(pk=event.root_id)
    assert row.holder_id is not None
    named = {"certificate": training.named(row.type.name, row.region_code), "number": row.number}
    link = reverse("certificates:detail", args=[row.number])
    notifications.tell(row.holder_id, kind, named | params, row.pk, at=at, fact=at.isoformat(), link=link)
