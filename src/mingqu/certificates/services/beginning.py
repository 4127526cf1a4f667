"""
What a certificate allows is to be begun in time (建筑法 9): the clock starts when it is collected, the organ may put it
off as often as the law lets it, and who neither begins nor has it put off holds a certificate that is void by itself.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from mingqu.certificates import rules
from mingqu.certificates.errors import BeganTooEarly, BeganTooLate, CertificateNotInForce, NothingToBegin
from mingqu.certificates.events import CertificateBeginPutOff
from mingqu.certificates.models import Certificate, Measure
from mingqu.certificates.services.register import REGISTER, locked
from mingqu.clocks import selectors as ledger
from mingqu.clocks import services as clocks
from mingqu.clocks.types import Approver, Article, ClockKey, ExtensionOrder, Kind
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant

BEGIN = ClockKey(Kind.BEGIN)
WRITTEN = "写在证照的延期记录里"


@dataclass(frozen=True)
class ToBegin:
    """To be begun by this day."""

    certificate_id: UUID
    begin_by: date


def collected(*, case_id: UUID, type_code: str, on: date, at: Instant) -> None:
    """
    The certificate of this case reached its holder on that day: where its type has something to begin, the clock
    starts (建筑法 9: 自领取施工许可证之日起). Once; a case without such a certificate changes nothing.
    """
    certificate_id = rules.certificate_id(case_id, type_code)
    kind = Certificate.objects.filter(pk=certificate_id).values_list("type__begin", flat=True).first()
    rule = rules.read_begin(kind) if kind else None
    if rule is None:
        return
    key = CommandKey(uuid5(certificate_id, "collected"))
    with command("certificate.collect", certificate_id, by=REGISTER, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(certificate_id)
        if row.begin_clock is not None:
            return cmd.done(None)
        reason = "证照送达之日" if on < legal_day(at) else ""
        due_on = clocks.start(
            root_id=row.pk, clocks=[rules.begin_clock(rule)], day=on, by=cmd.by, reason=reason
        )
        row.begin_by, row.begin_clock = due_on, row.pk
        row.save(update_fields=["begin_by", "begin_clock"])
        cmd.note(number=row.number, on=on, until_on=due_on)
        cmd.done(None)


def extend_begin(
    *, certificate_id: UUID, months: int, reason: str, by: Actor, at: Instant, key: UUID
) -> ToBegin:
    """
    Put off the beginning (建筑法 9: 延期以两次为限，每次不超过三个月), before the last day has gone by.

    Raises NotAuthorised, NothingToBegin, CertificateNotInForce, ExtensionTwice, ExtensionTooLong,
    ExtensionAfterDeadline, ReasonMissing.
    """
    with command("certificate.extend_begin", certificate_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(ToBegin)
        row = _waiting(certificate_id, by, "certificate.extend_begin", at)
        # Both ledgers are in the clear; the reason may be personal, so it stands encrypted beside the certificate.
        said = WRITTEN if reason.strip() else ""
        order = ExtensionOrder(months, Approver.ISSUING_ORGAN, said)
        due_on = clocks.extend(root_id=_clock(row), order=order, by=by, key=BEGIN)
        assert due_on is not None  # this clock is never paused
        was, row.begin_by = row.begin_by, due_on
        row.save(update_fields=["begin_by"])
        _write_down(cmd, row, reason.strip())
        cmd.note(number=row.number, was=was, until_on=due_on)
        cmd.note_digest(reason=reason.strip())
        cmd.publish(CertificateBeginPutOff(row.pk, row.number, due_on))
        return cmd.done(ToBegin(row.pk, due_on))


def record_begun(*, certificate_id: UUID, on: date, by: Actor, at: Instant, key: UUID) -> None:
    """
    It was begun on that day, as the organ has found: the certificate no longer lapses.

    Raises NotAuthorised, NothingToBegin, CertificateNotInForce, BeganTooEarly, BeganTooLate.
    """
    with command("certificate.record_begun", certificate_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = _of_organ(certificate_id, by, "certificate.record_begun")
        if on < row.valid_from or on > legal_day(at):
            raise BeganTooEarly(field="on")
        if row.begin_by is not None and on > row.begin_by:
            raise BeganTooLate(field="on", day=row.begin_by)
        row.begun_on = on
        row.save(update_fields=["begun_on"])
        clocks.stop(root_id=_clock(row), by=by, day=_stops_on(row, on), keys=[BEGIN], reason="登记的开工日期")
        cmd.note(number=row.number, on=on)
        cmd.done(None)


def _write_down(cmd: Command, row: Certificate, reason: str) -> None:
    rule = rules.read_begin(row.type.begin)
    assert rule is not None  # its clock runs
    Measure(
        root_id=row.pk,
        kind=Measure.Kind.PUT_OFF,
        basis=ledger.article_text(Article(rule.law, rule.article)),
        reason=reason,
        post_id=cmd.by.post_id,
        person_id=cmd.by.id,
        at=cmd.at,
    ).save(force_insert=True)


def _stops_on(row: Certificate, begun_on: date) -> date:
    """The day it was begun; where it was put off after that day, the day of putting off: a ledger only goes on."""
    return max(begun_on, ledger.entries_of(_clock(row), Kind.BEGIN)[-1].day)


def _clock(row: Certificate) -> UUID:
    assert row.begin_clock is not None  # _of_organ let nobody else through
    return row.begin_clock


def _of_organ(certificate_id: UUID, by: Actor, action: str) -> Certificate:
    row = locked(certificate_id)
    access.require(by, action, row)
    if row.begin_clock is None or row.begun_on is not None:
        raise NothingToBegin()
    if row.status not in {"valid", "suspended"}:
        raise CertificateNotInForce(state=rules.WORDS[rules.STATES[row.status]])
    return row


def _waiting(certificate_id: UUID, by: Actor, action: str, at: Instant) -> Certificate:
    """One whose last day to begin has not gone by."""
    row = _of_organ(certificate_id, by, action)
    state = row.state_on(legal_day(at))
    if state not in {"valid", "suspended"}:
        raise CertificateNotInForce(state=rules.WORDS[state])
    return row
