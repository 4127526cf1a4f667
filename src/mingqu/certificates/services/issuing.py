"""
Types of certificates; issue one, attach its file.

A certificate is an aggregate of its own. `cases` calls `issue` after its decision is committed (from the receiver
of its own event); the call can be repeated, the second finds the first.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid5

from mingqu.certificates import rules, selectors
from mingqu.certificates.errors import (
    CertificateFieldsInvalid,
    CertificateNotFound,
    CertificateTypeInvalid,
)
from mingqu.certificates.events import (
    CertificateDelayed,
    CertificateIssued,
    CertificateReady,
)
from mingqu.certificates.models import Certificate, CertificateType
from mingqu.certificates.services.register import (
    LICENCE,
    REGISTER,
    Kind,
    ask_for_file,
    case_of,
    enter,
    identifier,
    issuer,
    locked,
    version_of,
)
from mingqu.certificates.types import BeginRule, FieldSpec, Grant, Holder, IssuedCertificate
from mingqu.documents import services as documents
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import DepartmentView, Place
from mingqu.kernel.commands import command
from mingqu.kernel.numbers import next_number
from mingqu.kernel.types import Actor, CommandKey, Instant

__all__ = [
    "LICENCE",
    "BeginRule",
    "FieldSpec",
    "attach_file",
    "define_type",
    "issue",
    "report_delay",
    "retry_file",
]


def define_type(
    *, code: str, name: str, organ_code: str, fields: Iterable[FieldSpec], **options: Any
) -> CertificateType:
    """
    Make or correct a certificate type. Options: number_prefix, validity_years, renew_before_days, item_type, begin (a
    BeginRule).

    Reference data: set-up, import and demo call it. Certificates already issued keep what they say. Raises
    CertificateTypeInvalid.
    """
    specs = list(fields)
    wrong = [
        label
        for label, fits in (
            ("类型代码（21位）", len(code) == rules.TYPE_CODE_LENGTH and code[-3:].isdigit()),
            ("名称", bool(name)),
            ("证照内容", bool(specs) and len({s.code for s in specs}) == len(specs)),
        )
        if not fits
    ]
    if wrong:
        raise CertificateTypeInvalid(names="、".join(wrong))
    options["begin"] = rules.write_begin(options.get("begin"))
    values = {"name": name, "organ_code": organ_code, "fields": rules.write_fields(specs)} | options
    return CertificateType.objects.update_or_create(code=code, defaults=values)[0]


def issue(
    *, grant: Grant, type_code: str, holder: Holder, fields: Mapping[str, str], by: Actor, at: Instant
) -> IssuedCertificate:
    """
    Issue the certificate a decision granted (行政许可法 39, 44); its sealed file follows in a job.

    Once per case and type: a second call, from a repeated event or a second worker, returns the first result.
    Raises CertificateTypeUnknown, CertificateFieldsInvalid, IssuerWithoutCode, NotAuthorised.
    """
    kind = selectors.type_by_code(type_code)
    if problems := rules.field_problems(rules.read_fields(kind.fields), fields):
        raise CertificateFieldsInvalid(names="、".join(problems))
    department = identity.department_by_code(grant.department_code)
    access.require(by, "certificate.issue", Place(department.id, grant.region_code, grant.item_type))
    certificate_id = rules.certificate_id(grant.case_id, type_code)
    key = CommandKey(uuid5(certificate_id, "issue"))
    with command("certificate.issue", certificate_id, by=REGISTER, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(IssuedCertificate)
        row = _new(certificate_id, kind, department, grant, holder)
        row.fields, row.issued_at = dict(fields), at
        row.request_id = ask_for_file(row, kind, at)
        row.save(force_insert=True)
        enter(row, Kind.NUMBER, row.number)
        enter(row, Kind.VERSION, version_of(row))
        enter(row, Kind.CODE, selectors.code_digest(row.verification_code))
        cmd.note(number=row.number, type=type_code, case=str(grant.case_id), decided_by=str(by.id))
        cmd.publish(CertificateIssued(root_id=row.pk, case_id=grant.case_id, number=row.number))
        return cmd.done(IssuedCertificate(row.pk, row.number, row.valid_from, row.valid_until))


def attach_file(*, certificate_id: UUID, file_id: UUID, at: Instant) -> None:
    """
    The sealed file is there: keep its digest in the register. Repeating it changes nothing.

    Raises CertificateNotFound, and FileNotFound of the documents room.
    """
    key = CommandKey(uuid5(file_id, "attach"))
    with command("certificate.attach_file", certificate_id, by=REGISTER, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(certificate_id)
        digest = hashlib.sha256(documents.read_file(certificate_id, file_id)).hexdigest()
        row.file_id = file_id
        row.save(update_fields=["file_id"])
        enter(row, Kind.FILE, digest)
        cmd.note(number=row.number, sha256=digest)
        cmd.publish(CertificateReady(root_id=row.pk, case_id=case_of(row), number=row.number))
        cmd.done(None)


def report_delay(*, certificate_id: UUID, request_id: UUID, reason: str, at: Instant) -> None:
    """The file could not be made; whoever owns the case hears of it."""
    key = CommandKey(uuid5(request_id, f"delay:{at.isoformat()}"))
    with command("certificate.report_delay", certificate_id, by=REGISTER, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(certificate_id)
        cmd.note(number=row.number, reason=reason)
        cmd.publish(
            CertificateDelayed(root_id=row.pk, case_id=case_of(row), number=row.number, reason=reason)
        )
        cmd.done(None)


def retry_file(*, certificate_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """
    Have the file made again after its cause was mended. Raises NotAuthorised, CertificateNotFound,
    DocumentNotRetryable.
    """
    with command("certificate.retry_file", certificate_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(certificate_id)
        access.require(by, "certificate.issue", row)
        if row.request_id is None:
            raise CertificateNotFound()
        documents.retry_document(root_id=row.pk, request_id=row.request_id, at=at)
        cmd.note(number=row.number)
        cmd.done(None)


def _new(
    certificate_id: UUID, kind: CertificateType, department: DepartmentView, grant: Grant, holder: Holder
) -> Certificate:
    organ = issuer(grant, department)
    year = grant.decided_on.year
    serial = next_number(f"certificate.{kind.code}"[:32], grant.region_code[:6], str(year))
    number = rules.certificate_number(kind.number_prefix, grant.region_code, year, serial)
    valid_from, valid_until = selectors.validity(grant.decided_on, grant.years or kind.validity_years)
    return Certificate(
        id=certificate_id,
        type=kind,
        number=number,
        identifier=identifier(kind, organ, number, 1),
        holder_kind=holder.kind,
        holder_id=holder.id,
        holder_name=holder.name,
        holder_number=holder.number or None,
        organ_code=organ.code,
        organ_name=organ.name,
        department_id=department.id,
        region_code=grant.region_code,
        item_type=grant.item_type,
        valid_from=valid_from,
        valid_until=valid_until,
        case_id=grant.case_id,
        verification_code=rules.new_code(),
    )
