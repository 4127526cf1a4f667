"""
暂停使用 and 恢复使用 of a certificate.

Two laws are behind a suspension: 暂扣许可证件 is a penalty (行政处罚法 9) and rests on a decision with a number, made
outside of this platform; 中止 is what the law of the licence itself foresees. Here it is written down, with basis and
reason, takes effect at once wherever the certificate is asked about, and the holder is told.
"""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from mingqu.certificates import rules
from mingqu.certificates.errors import (
    CertificateNotInForce,
    DecisionNumberMissing,
    GroundMissing,
    SuspensionUnknown,
    UntilMissing,
    UntilPast,
)
from mingqu.certificates.events import CertificateRestored, CertificateSuspended
from mingqu.certificates.models import Certificate, Measure
from mingqu.certificates.services.register import locked
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant

PERSON = "person"


@dataclass(frozen=True)
class Suspension:
    """What is ordered: in which way, resting on what, why, until when (none: until it is restored)."""

    way: str
    basis: str
    reason: str = field(repr=False)
    document_number: str = ""
    until: date | None = None


def suspend(*, certificate_id: UUID, order: Suspension, by: Actor, at: Instant, key: CommandKey) -> None:
    """
    Suspend the use of a certificate from now on. Raises NotAuthorised, SuspensionUnknown, GroundMissing,
    DecisionNumberMissing and UntilMissing (a penalty has both), UntilPast, CertificateNotInForce.
    """
    with command("certificate.suspend", certificate_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(certificate_id)
        access.require(by, "certificate.suspend", row)
        _check(order, legal_day(at))
        _become(row, "suspended", at)
        _write(
            cmd,
            Measure(
                kind=Measure.Kind.SUSPENDED,
                way=order.way,
                document_number=order.document_number.strip(),
                basis=order.basis.strip(),
                reason=order.reason.strip(),
                until=order.until,
            ),
            row,
        )
        cmd.publish(
            CertificateSuspended(
                row.pk, row.case_id, row.number, order.way, legal_day(at), order.until, told_here(row)
            )
        )
        cmd.done(None)


def restore(
    *, certificate_id: UUID, basis: str, reason: str, by: Actor, at: Instant, key: CommandKey
) -> None:
    """
    Let a suspended certificate be used again. Raises NotAuthorised, GroundMissing, CertificateNotInForce (it is not
    suspended, or has expired meanwhile).
    """
    with command("certificate.restore", certificate_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(certificate_id)
        access.require(by, "certificate.suspend", row)
        _require_words(basis, reason)
        if row.state_on(legal_day(at)) != "suspended":
            raise _not_now(row, at)
        _become(row, "valid", at)
        _write(cmd, Measure(kind=Measure.Kind.RESTORED, basis=basis.strip(), reason=reason.strip()), row)
        cmd.publish(CertificateRestored(row.pk, row.case_id, row.number, legal_day(at), told_here(row)))
        cmd.done(None)


def _check(order: Suspension, today: date) -> None:
    if order.way not in {Measure.Way.WITHHELD, Measure.Way.STOPPED}:
        raise SuspensionUnknown(field="way")
    _require_words(order.basis, order.reason)
    penalty = order.way == Measure.Way.WITHHELD
    if penalty and not order.document_number.strip():
        raise DecisionNumberMissing(field="document_number")
    if penalty and order.until is None:
        raise UntilMissing(field="until")
    if order.until is not None and order.until < today:
        raise UntilPast(field="until")


def _require_words(basis: str, reason: str) -> None:
    for name, text in (("basis", basis), ("reason", reason)):
        if not text.strip():
            raise GroundMissing(field=name)


def _become(row: Certificate, then: rules.State, at: Instant) -> None:
    if not rules.may_become(row.state_on(legal_day(at)), then):
        raise _not_now(row, at)
    row.status = then
    row.save(update_fields=["status"])


def _not_now(row: Certificate, at: Instant) -> CertificateNotInForce:
    return CertificateNotInForce(state=rules.WORDS[row.state_on(legal_day(at))])


def _write(cmd: Command, measure: Measure, row: Certificate) -> None:
    measure.root_id, measure.at = row.pk, cmd.at
    measure.post_id, measure.person_id = cmd.by.post_id, cmd.by.id
    measure.save(force_insert=True)
    cmd.note(number=row.number, document_number=measure.document_number, until_on=measure.until)
    cmd.note_digest(ground=measure.basis, reason=measure.reason)


def told_here(row: Certificate) -> bool:
    """A person is told by this room; who acts for a firm is known to the rooms above."""
    return row.holder_kind == PERSON and row.holder_id is not None
