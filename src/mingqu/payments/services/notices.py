"""Fee notices (缴款通知): raised once for each fee of a case, cancelled when the case ends without it."""

from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.clocks import selectors as clocks
from mingqu.documents import services as documents
from mingqu.identity import selectors as identity
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.numbers import next_number
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.payments import rules
from mingqu.payments.errors import NoticeUnknown
from mingqu.payments.events import FeeDue, FeeOverdue, FeeSettled
from mingqu.payments.models import FeeNotice, NoticeNumber
from mingqu.payments.types import Charge, Of

ISSUER = Actor.system("fee-notices")
PAPER = "fee_notice"
LOOK_BACK = timedelta(days=14)
State = FeeNotice.State


def notice_id_of(case_id: UUID, fee_code: str) -> UUID:
    """The same each time, so that a fee of a case is raised once however often it is asked for."""
    return uuid5(NAMESPACE_URL, f"mingqu:fee:{case_id}:{fee_code}")


def issue_notice(*, of: Of, charge: Charge, at: Instant) -> UUID:
    """
    Raise a notice with its paper; safe to repeat. What a rule makes free is written down as exempted, with the reason,
    and nobody is asked for anything.
    """
    notice_id = notice_id_of(of.case_id, charge.code)
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:fee-notice:{notice_id}"))
    with command("payment.issue", notice_id, by=ISSUER, at=at, key=key) as cmd:
        if cmd.repeated:
            return notice_id
        day = legal_day(at)
        region = of.region_code[:6]
        serial = next_number("fee_notice", region, f"{day:%Y%m%d}")
        row = FeeNotice(
            id=notice_id,
            number=f"JK{region}{day:%Y%m%d}{serial:06d}",
            case_id=of.case_id,
            case_number=of.case_number,
            item_code=of.item_code,
            item_name=of.item_name,
            item_type=of.item_type,
            department_id=of.department_id,
            region_code=of.region_code,
            payer_id=of.payer_id,
            payer_kind=of.payer_kind,
            firm_id=of.firm_id,
            capacity_id=of.capacity_id,
            payer_name=of.payer_name,
            fee_code=charge.code,
            fee_name=charge.name,
            standard=charge.standard,
            basis=charge.basis,
            because=charge.because,
            amount=charge.amount,
            waits=charge.waits and charge.amount > 0,
            due_on=clocks.current_calendar().add_working_days(day, charge.within) if charge.within else None,
            issued_at=at,
        )
        if charge.amount:
            row.request_id = _paper(row, at)
            cmd.publish(FeeDue(row.id, row.case_id, row.number, row.waits))
        else:
            row.state, row.ended_at, row.ended_because = State.EXEMPTED, at, charge.because
        row.save(force_insert=True)
        NoticeNumber.objects.create(number=row.number, notice_id=row.id)
        cmd.note(number=row.number, case=row.case_number, fee=row.fee_name, amount=row.amount)
        cmd.done(None)
    return notice_id


def cancel_of_case(*, case_id: UUID, because: str, at: Instant) -> int:
    """Nothing of this case is owed any more; how many were. What was paid is a matter of refunds, decided by people."""
    ids = FeeNotice.objects.filter(case_id=case_id, state__in=rules.OWED).values_list("pk", flat=True)
    return sum(_cancel(notice_id, because, at) for notice_id in list(ids))


def _cancel(notice_id: UUID, because: str, at: Instant) -> bool:
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:fee-cancel:{notice_id}"))
    with command("payment.cancel", notice_id, by=ISSUER, at=at, key=key) as cmd:
        if cmd.repeated:
            return False
        row = locked(notice_id)
        if rules.after(rules.NOTICE, row.state, "cancel") is None:
            return False  # paid or exempted a moment ago
        row.state, row.ended_at, row.ended_because = State.CANCELLED, at, because
        row.save(update_fields=["state", "ended_at", "ended_because"])
        settled(cmd, row)
        cmd.note(number=row.number, because=because)
        cmd.done(None)
    return True


def note_overdue(at: Instant) -> int:
    """
    Fees whose day passed within the last LOOK_BACK days and that are still owed, each told once; how many are new. The
    days before are read again so that an installation that stood still for a while misses none.
    """
    day = legal_day(at)
    late = FeeNotice.objects.filter(state__in=rules.OWED, due_on__lt=day, due_on__gte=day - LOOK_BACK)
    return sum(_overdue(notice_id, at) for notice_id in late.order_by("due_on").values_list("pk", flat=True))


def _overdue(notice_id: UUID, at: Instant) -> bool:
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:fee-overdue:{notice_id}"))
    with command("payment.note_overdue", notice_id, by=ISSUER, at=at, key=key) as cmd:
        if cmd.repeated:
            return False
        row = locked(notice_id)
        if row.state not in rules.OWED or row.due_on is None:
            cmd.turns_out("payment.look_overdue")  # paid a moment ago
            return False
        cmd.publish(FeeOverdue(row.id, row.case_id, row.number, row.waits))
        cmd.note(number=row.number, due_on=row.due_on)
        cmd.done(None)
    return True


def locked(notice_id: UUID) -> FeeNotice:
    """The notice, nobody else's until the command ends: every change of it or its payments begins here."""
    row = FeeNotice.objects.select_for_update().filter(pk=notice_id).first()
    if row is None:
        raise NoticeUnknown()
    return row


def settled(cmd: Command, row: FeeNotice) -> None:
    cmd.publish(FeeSettled(row.id, row.case_id, row.number, row.waits, row.state))


def receipt_number(row: FeeNotice, at: Instant) -> str:
    """The next 缴款凭证号 of region and year: our own record of the money, no bill of the treasury (财政票据)."""
    region, year = row.region_code[:6], str(legal_day(at).year)
    return f"{region}{year}{next_number('fee_receipt', region, year):08d}"


def _paper(row: FeeNotice, at: Instant) -> UUID:
    organ = identity.department(row.department_id)
    data = {
        "organ": organ.name,
        "date": legal_day(at).isoformat(),
        "number": row.number,
        "recipient": row.payer_name,
        "item": row.item_name,
        "case_number": row.case_number,
        "fee_name": row.fee_name,
        "standard": row.standard,
        "basis": row.basis,
        "because": row.because,
        "amount": rules.yuan(row.amount),
        "capitals": rules.capitals(row.amount),
        **({"due_on": row.due_on.isoformat()} if row.due_on else {}),
    }
    return documents.request_document(
        root_id=row.id, kind=PAPER, organ_code=organ.code, region_code=row.region_code, data=data, at=at
    )
