"""Supervision follows the certificates. Who has to inspect is told when a day went by, a holder what was found."""

from mingqu.certificates.events import (
    CertificateCancelled,
    CertificateIssued,
    CertificateRevoked,
    CertificateStruckOff,
)
from mingqu.identity import selectors as identity
from mingqu.identity.events import DepartmentChanged
from mingqu.identity.types import Place
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.notifications import services as notifications
from mingqu.regulation import services
from mingqu.regulation.events import Inspected, InspectionOverdue
from mingqu.regulation.models import Inspection, Supervised
from mingqu.regulation.wiring import desk_link, open_link


@subscriber("regulation.follow", CertificateIssued)
def follow(event: CertificateIssued, *, at: Instant) -> None:
    services.follow_certificate(certificate_id=event.root_id, case_id=event.case_id, at=at)


@subscriber("regulation.end_revoked", CertificateRevoked)
def end_revoked(event: CertificateRevoked, *, at: Instant) -> None:
    services.end_supervision(number=event.number, why=Supervised.End.REVOKED, on=event.on, at=at)


@subscriber("regulation.end_cancelled", CertificateCancelled)
def end_cancelled(event: CertificateCancelled, *, at: Instant) -> None:
    services.end_supervision(number=event.number, why=Supervised.End.CANCELLED, on=legal_day(at), at=at)


@subscriber("regulation.end_struck_off", CertificateStruckOff)
def end_struck_off(event: CertificateStruckOff, *, at: Instant) -> None:
    services.end_supervision(number=event.number, why=Supervised.End.STRUCK_OFF, on=event.on, at=at)


@subscriber("regulation.pass_on", DepartmentChanged)
def pass_on(event: DepartmentChanged, *, at: Instant) -> None:
    services.pass_on(department_id=event.root_id, at=at)


@subscriber("regulation.tell_inspected", Inspected)
def tell_inspected(event: Inspected, *, at: Instant) -> None:
    """A holder who is a person; a firm's officers read the open record."""
    row = Supervised.objects.select_related("department").get(pk=event.root_id)
    if row.holder_kind != "person" or row.holder_id is None:
        return
    params = {
        "organ": row.department.name,
        "certificate": row.certificate_name,
        "number": row.number,
        "inspected_on": event.on,
        "finding": str(Inspection.Finding(event.finding).label),
    }
    link = "" if row.not_public else open_link(row.number)
    notifications.tell(
        row.holder_id, "supervised_inspected", params, row.pk, at=at, fact=at.isoformat(), link=link
    )


@subscriber("regulation.tell_overdue", InspectionOverdue)
def tell_overdue(event: InspectionOverdue, *, at: Instant) -> None:
    """Whoever may inspect there; nobody where it was done meanwhile."""
    row = Supervised.objects.get(pk=event.root_id)
    if row.ended_on or row.next_on != event.next_on:
        return
    params = {"certificate": row.certificate_name, "number": row.number, "next_on": event.next_on}
    place = Place(row.department_id, row.region_code, row.item_type)
    for person_id in identity.people_who_may("regulation.inspect", place, legal_day(at)):
        if person_id in row.barred_ids:
            continue
        notifications.tell(
            person_id,
            "supervised_overdue",
            params,
            row.pk,
            at=at,
            fact=event.next_on.isoformat(),
            link=desk_link(row.pk),
        )
