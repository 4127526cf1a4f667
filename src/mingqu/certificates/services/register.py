"""What every deed on a certificate shares: the row locked, the directory, the identifier, the file asked for."""

from typing import Any
from uuid import UUID

from django.conf import settings

from mingqu.certificates import rules
from mingqu.certificates.errors import CertificateNotFound, IssuerWithoutCode
from mingqu.certificates.models import Certificate, CertificateDirectory, CertificateType
from mingqu.certificates.types import Grant
from mingqu.documents import services as documents
from mingqu.identity import selectors as identity
from mingqu.identity.types import DepartmentView
from mingqu.kernel.identifiers import CertificateId, CreditCode
from mingqu.kernel.types import Actor, Instant

LICENCE = "licence"
REGISTER = Actor.system("certificates")
Kind = CertificateDirectory.Kind


def locked(certificate_id: UUID) -> Certificate:
    """The row, locked by its shard key. Raises CertificateNotFound."""
    row = Certificate.objects.select_for_update().filter(pk=certificate_id).first()
    if row is None:
        raise CertificateNotFound()
    return row


def enter(row: Certificate, kind: str, value: str) -> None:
    CertificateDirectory.objects.create(kind=kind, value=value, certificate_id=row.pk)


def case_of(row: Certificate) -> UUID:
    """The case that brought it; only what a case brought has a file."""
    assert row.case_id is not None
    return row.case_id


def version_of(row: Certificate) -> str:
    """The key under which no two rows are the same version of one certificate."""
    return f"{row.number}#{row.version}"


def require_credit_code(organ: DepartmentView) -> None:
    """Raises IssuerWithoutCode: without it there is no 电子证照标识."""
    if not organ.credit_code:
        raise IssuerWithoutCode(organ=organ.name)


def issuer(grant: Grant, department: DepartmentView) -> DepartmentView:
    """
    The organ that issues and seals: the one that decided (行政许可法 39), as a rule `department`, whose matter it is.
    Raises IssuerWithoutCode, UnknownDepartment.
    """
    other = grant.organ_code not in {"", department.code}
    organ = identity.department_by_code(grant.organ_code) if other else department
    require_credit_code(organ)
    return organ


def identifier(kind: CertificateType, organ: DepartmentView, number: str, version: int) -> str:
    """电子证照标识 of one version."""
    issuer = CreditCode.parse(organ.credit_code, demo=settings.MINGQU_DEMO)
    return str(CertificateId.build(kind.code, issuer, number, version))


def ask_for_file(row: Certificate, kind: CertificateType, at: Instant) -> UUID:
    """Have the sealed file of this version made; the id of the request."""
    lines = [
        {"label": spec.label, "value": str(row.fields[spec.code])}
        for spec in rules.read_fields(kind.fields)
        if row.fields.get(spec.code)
    ]
    data: dict[str, Any] = {
        "organ": row.organ_name,
        "date": row.valid_from.isoformat(),
        "number": row.number,
        "certificate_name": kind.name,
        "identifier": row.identifier,
        "verification_code": row.verification_code,
        "link": f"{settings.MINGQU_BASE_URL}/verify/{row.verification_code}/",
        "valid_from": row.valid_from.isoformat(),
        "fields": lines,
    }
    if row.valid_until:
        data["valid_until"] = row.valid_until.isoformat()
    return documents.request_document(
        root_id=row.pk,
        kind=LICENCE,
        organ_code=row.organ_code,
        region_code=row.region_code,
        data=data,
        at=at,
    )
