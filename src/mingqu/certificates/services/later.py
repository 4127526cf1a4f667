"""
What becomes of a certificate by a later application: 变更, 延续, 补办, 注销 (行政许可法 49, 50, 70).

Changed, renewed and replaced, it has a new version: another row with the same number, from now on the one the number
finds. The old row keeps its file and its code; whoever verifies them is told that a new one stands in its place. As
with issuing, `cases` calls these from the receiver of its own event; a second call finds the first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid5

from mingqu.certificates import rules, selectors
from mingqu.certificates.errors import (
    CertificateFieldsInvalid,
    CertificateNotInForce,
    GroundMissing,
    NothingToRenew,
    SomebodyElses,
)
from mingqu.certificates.events import CertificateCancelled, CertificateIssued, CertificateSucceeded
from mingqu.certificates.models import Certificate, CertificateDirectory
from mingqu.certificates.services.register import (
    REGISTER,
    Kind,
    ask_for_file,
    enter,
    identifier,
    issuer,
    locked,
    version_of,
)
from mingqu.certificates.types import Grant, Holder, IssuedCertificate
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.types import Actor, CommandKey, Instant


@dataclass(frozen=True)
class _Deed:
    """What is done to the old version, and what the new one says."""

    name: str
    state: rules.State  # of the old version from now on
    grant: Grant
    holder: Holder
    fields: Mapping[str, str]


def change(
    *,
    grant: Grant,
    certificate_id: UUID,
    holder: Holder,
    fields: Mapping[str, str],
    by: Actor,
    at: Instant,
) -> IssuedCertificate:
    """
    Change what a certificate says (行政许可法 49): a new version, same number, same validity.

    `fields` replaces the lines it names; the others stay. Once per case. Raises CertificateNotFound,
    CertificateNotInForce, SomebodyElses, CertificateFieldsInvalid, IssuerWithoutCode, NotAuthorised.
    """
    return _succeed(_Deed("change", "changed", grant, holder, fields), certificate_id, by, at)


def renew(
    *,
    grant: Grant,
    certificate_id: UUID,
    holder: Holder,
    fields: Mapping[str, str],
    by: Actor,
    at: Instant,
) -> IssuedCertificate:
    """
    Renew a certificate (行政许可法 50), also one that ended while the application waited: the years of its type count
    from the day after the old end. Raises what `change` raises, and NothingToRenew where there is no end.
    """
    return _succeed(_Deed("renew", "renewed", grant, holder, fields), certificate_id, by, at)


def replace_lost(
    *, grant: Grant, certificate_id: UUID, holder: Holder, by: Actor, at: Instant
) -> IssuedCertificate:
    """
    补办: the same content and validity in a new version; what was lost is no longer in force. Raises what `change`
    raises.
    """
    return _succeed(_Deed("replace", "replaced", grant, holder, {}), certificate_id, by, at)


def cancel(
    *, grant: Grant, certificate_id: UUID, holder: Holder, ground: str, by: Actor, at: Instant
) -> IssuedCertificate:
    """
    注销 (行政许可法 70): the certificate is struck off; its file and code stay and say so. `ground`: article
    and reason.

    Once per case. Raises CertificateNotFound, CertificateNotInForce, SomebodyElses, GroundMissing, NotAuthorised.
    """
    if not ground.strip():
        raise GroundMissing(field="ground")
    _require_issuer(grant, by)
    key = CommandKey(uuid5(grant.case_id, f"cancel:{certificate_id}"))
    with command("certificate.cancel", certificate_id, by=REGISTER, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(IssuedCertificate)
        row = locked(certificate_id)
        _require(row, "cancelled", holder, grant.decided_on)
        row.status = "cancelled"
        row.save(update_fields=["status"])
        cmd.note(number=row.number, case=str(grant.case_id), decided_by=str(by.id))
        cmd.note_digest(ground=ground.strip())
        cmd.publish(CertificateCancelled(root_id=row.pk, case_id=grant.case_id, number=row.number))
        return cmd.done(IssuedCertificate(row.pk, row.number, row.valid_from, row.valid_until))


def mark_used(certificate_id: UUID, at: Instant) -> Certificate:
    """
    An application names this certificate: lock it for the rest of the caller's command, so that two that are handed in
    at the same moment meet here. Raises CertificateNotFound.
    """
    row = locked(certificate_id)
    if row.used_at is None:
        row.used_at = at
        row.save(update_fields=["used_at"])
    return row


def _succeed(deed: _Deed, certificate_id: UUID, by: Actor, at: Instant) -> IssuedCertificate:
    _require_issuer(deed.grant, by)
    kind_code = selectors.type_code_of(certificate_id)
    new_id = rules.certificate_id(deed.grant.case_id, kind_code)
    with command(
        f"certificate.{deed.name}", new_id, by=REGISTER, at=at, key=CommandKey(uuid5(new_id, deed.name))
    ) as cmd:
        if cmd.repeated:
            return cmd.first_result(IssuedCertificate)
        old = locked(certificate_id)
        _require(old, deed.state, deed.holder, deed.grant.decided_on)
        new = _version_after(old, new_id, deed, at)
        old.status = deed.state
        old.save(update_fields=["status"])
        new.save(force_insert=True)
        _enter(new)
        cmd.note(number=new.number, version=new.version, replaces=str(old.pk), case=str(new.case_id))
        cmd.note(decided_by=str(by.id))
        _tell(cmd, old, new, deed.state)
        return cmd.done(IssuedCertificate(new.pk, new.number, new.valid_from, new.valid_until))


def _require_issuer(grant: Grant, by: Actor) -> None:
    organ = identity.department_by_code(grant.department_code)
    access.require(by, "certificate.issue", replace(grant.place, department_id=organ.id))


def _require(row: Certificate, then: rules.State, holder: Holder, day: date) -> None:
    """The step is possible on the day of the decision, and for this holder."""
    state = row.state_on(day)
    if not rules.may_become(state, then):
        raise CertificateNotInForce(state=rules.WORDS[state])
    if row.holder_id != holder.id:
        raise SomebodyElses()


def _version_after(old: Certificate, new_id: UUID, deed: _Deed, at: Instant) -> Certificate:
    kind, organ = old.type, issuer(deed.grant, identity.department(old.department_id))
    fields = {**old.fields, **{code: value for code, value in deed.fields.items() if value.strip()}}
    if problems := rules.field_problems(rules.read_fields(kind.fields), fields):
        raise CertificateFieldsInvalid(names="、".join(problems))
    valid_from, valid_until = old.valid_from, old.valid_until
    if deed.state == "renewed":
        if valid_until is None or kind.validity_years is None:
            raise NothingToRenew()
        valid_from, valid_until = rules.renewed_validity(
            valid_until, deed.grant.decided_on, deed.grant.years or kind.validity_years
        )
    version = old.version + 1
    new = Certificate(
        id=new_id,
        type=kind,
        number=old.number,
        identifier=identifier(kind, organ, old.number, version),
        version=version,
        replaces_id=old.pk,
        holder_kind=old.holder_kind,
        holder_id=old.holder_id,
        holder_name=deed.holder.name,
        holder_number=deed.holder.number or old.holder_number,
        fields=fields,
        organ_code=organ.code,
        organ_name=organ.name,
        department_id=old.department_id,
        region_code=old.region_code,
        item_type=deed.grant.item_type,
        valid_from=valid_from,
        valid_until=valid_until,
        begin_by=old.begin_by,
        begun_on=old.begun_on,
        begin_clock=old.begin_clock,
        case_id=deed.grant.case_id,
        verification_code=rules.new_code(),
        issued_at=at,
    )
    new.request_id = ask_for_file(new, kind, at)
    return new


def _enter(new: Certificate) -> None:
    """From now on the number finds the new version."""
    CertificateDirectory.objects.filter(kind=Kind.NUMBER, value=new.number).update(certificate_id=new.pk)
    enter(new, Kind.VERSION, version_of(new))
    enter(new, Kind.CODE, selectors.code_digest(new.verification_code))


def _tell(cmd: Command, old: Certificate, new: Certificate, state: str) -> None:
    assert new.case_id is not None
    cmd.publish(CertificateIssued(root_id=new.pk, case_id=new.case_id, number=new.number))
    cmd.publish(
        CertificateSucceeded(
            root_id=new.pk, case_id=new.case_id, number=new.number, replaces_id=old.pk, state=state
        )
    )
