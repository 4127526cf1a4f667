"""
Paper mode (停机) and 补录: while the platform stands still a window takes applications on numbered slips; afterwards
they are typed in with the moment they came, which a second person has compared with the paper. The clock runs from
that day: 行政许可法 32 counts from the day the materials were received, not from the day they were typed.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from mingqu.cases import rules
from mingqu.cases.errors import (
    OutageOver,
    OutageTimesWrong,
    OutageTooOld,
    OutageUnknown,
    PackSizeWrong,
    PackUnknown,
    ReasonMissing,
    SecondPersonNeeded,
    SlipEntered,
    SlipInFuture,
    SlipNumberWrong,
    SlipOfAnother,
    SlipOutsideOutage,
    SlipTooOld,
    SlipUnknown,
)
from mingqu.cases.models import BackFilled, Outage, PaperPack, PaperSlip
from mingqu.catalogue import selectors as catalogue
from mingqu.identity import selectors as identity
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.services import access
from mingqu.identity.types import DepartmentView, Place
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.numbers import next_number
from mingqu.kernel.types import Actor, Instant

MOST_SLIPS = 100
State = PaperSlip.State


@dataclass(frozen=True)
class NewSlip:
    """What stands on a slip that was used."""

    number: str  # 单号: of the pack, with the slip's own
    received_at: datetime
    item_code: str
    applicant_name: str = field(repr=False)


@dataclass(frozen=True)
class SlipRef:
    """A slip, for the page that shows it."""

    id: UUID
    number: str


def make_pack(*, count: int, by: Actor, at: Instant, key: UUID) -> str:
    """Reserve a range of slips to be printed; its number. Raises NotAuthorised, PackSizeWrong."""
    own, pack_id = _own_department(by), key
    with command("outage.make_pack", pack_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(str)
        access.require(by, "outage.make_pack", Place(own.id, own.region_code, ""))
        if not 1 <= count <= MOST_SLIPS:
            raise PackSizeWrong(field="count", most=MOST_SLIPS)
        number = f"Z{_series('paper_pack', own, at)}"
        cmd.insert(
            PaperPack(
                id=pack_id,
                number=number,
                count=count,
                department_id=own.id,
                region_code=own.region_code,
                made_by=by.id,
                made_at=at,
            )
        )
        cmd.note(number=number, rows=count)
        return cmd.done(number)


def declare_outage(
    *, began_at: datetime, ended_at: datetime | None, reason: str, by: Actor, at: Instant, key: UUID
) -> UUID:
    """
    Say that the platform stood or stands still; slips of that time may be typed in later. The id of the outage. It does
    not reach back further than slips may: one person alone would open days long past.

    Raises NotAuthorised, OutageTimesWrong, OutageTooOld, ReasonMissing.
    """
    own, outage_id = _own_department(by), key
    with command("outage.declare", outage_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(UUID)
        access.require(by, "outage.declare", Place(own.id, own.region_code, ""))
        if began_at > at or (ended_at is not None and not began_at < ended_at <= at):
            raise OutageTimesWrong(field="began")
        if began_at < at - timedelta(days=(days := settings.MINGQU_DESK["backfill_days"])):
            raise OutageTooOld(field="began", days=days)
        if not reason.strip():
            raise ReasonMissing(field="reason")
        number = f"T{_series('outage', own, at)}"
        cmd.insert(
            Outage(
                id=outage_id,
                number=number,
                department_id=own.id,
                region_code=own.region_code,
                reason=reason.strip(),
                began_at=began_at,
                ended_at=ended_at,
                declared_by=by.id,
                declared_at=at,
            )
        )
        cmd.note(number=number, reason=reason.strip())
        return cmd.done(outage_id)


def end_outage(*, outage_id: UUID, ended_at: datetime, by: Actor, at: Instant, key: UUID) -> None:
    """The platform runs again since `ended_at`. Raises NotAuthorised, OutageUnknown, OutageOver, OutageTimesWrong."""
    with command("outage.end", outage_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = Outage.objects.select_for_update().filter(pk=outage_id).first()
        if row is None:
            raise OutageUnknown()
        access.require(by, "outage.end", row)
        if row.ended_at is not None:
            raise OutageOver()
        if not row.began_at < ended_at <= at:
            raise OutageTimesWrong(field="ended")
        row.ended_at = ended_at
        row.save(update_fields=["ended_at"])
        cmd.done(None)


def enter_slip(*, outage_id: UUID, slip: NewSlip, by: Actor, at: Instant, key: UUID) -> SlipRef:
    """
    Register a slip that was used, with the true moment of receipt; a second person compares it with the paper.

    Raises NotAuthorised, OutageUnknown, SlipNumberWrong, PackUnknown, SlipEntered, SlipInFuture, SlipTooOld,
    SlipOutsideOutage or ItemUnknown.
    """
    pack, serial = _pack_of(slip.number)
    with command("slip.enter", pack.pk, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(SlipRef)
        pack = PaperPack.objects.select_for_update().get(pk=pack.pk)
        access.require(by, "slip.enter", pack)
        outage = Outage.objects.filter(pk=outage_id).first()
        if outage is None or not access.allows(by, "slip.enter", outage):
            raise OutageUnknown()
        if not 1 <= serial <= pack.count:
            raise SlipNumberWrong(field="number", example=f"{pack.number}-001")
        if PaperSlip.objects.filter(pack=pack, serial=serial).exclude(state=State.DECLINED).exists():
            raise SlipEntered(field="number")
        _in_time(slip.received_at, outage, at)
        item, _definition = catalogue.current_document(slip.item_code)
        row = PaperSlip(
            pack=pack,
            serial=serial,
            outage_id=outage_id,
            received_at=slip.received_at,
            item_code=item.code,
            item_name=item.name,
            applicant_name=slip.applicant_name.strip(),
            entered_by=by.id,
            entered_at=at,
        )
        row.save(force_insert=True)
        cmd.note(slip=slip_number(pack, serial), outage=outage.number)
        return cmd.done(SlipRef(row.id, slip_number(pack, serial)))


def confirm_slip(
    *, pack_id: UUID, slip_id: UUID, agrees: bool, text: str, by: Actor, at: Instant, key: UUID
) -> None:
    """
    The second person has compared the slip with the paper: it may be typed in, or not, with the reason.

    Raises NotAuthorised, SlipUnknown, SecondPersonNeeded, ReasonMissing.
    """
    with command("slip.confirm", pack_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        pack = PaperPack.objects.select_for_update().filter(pk=pack_id).first()
        row = PaperSlip.objects.filter(pack_id=pack_id, id=slip_id, state=State.ENTERED).first()
        if pack is None or row is None:
            raise SlipUnknown()
        access.require(by, "slip.confirm", pack)
        if by.id == row.entered_by:
            raise SecondPersonNeeded()
        if not agrees and not text.strip():
            raise ReasonMissing(field="text")
        row.state = State.CONFIRMED if agrees else State.DECLINED
        row.answered_by, row.answered_at, row.answer = by.id, at, text.strip()
        row.save(force_update=True)
        cmd.note(slip=slip_number(pack, row.serial), state=row.state)
        cmd.done(None)


def slip_to_file(slip_id: str, item_code: str, name: str, by: Actor) -> PaperSlip:
    """
    Inside the command that files: the slip whose moment of receipt counts. Raises SlipUnknown, SlipOfAnother.
    """
    found = to_type_in(by).filter(id=UUID(slip_id)).first()
    if found is None:
        raise SlipUnknown(field="slip")
    if found.item_code != item_code or not rules.same_name(found.applicant_name or "", name):
        raise SlipOfAnother(field="slip")
    return found


def to_type_in(by: Actor) -> QuerySet[PaperSlip]:
    """Slips that a second person has confirmed and nobody has typed in yet, of packs within the acting post's scope."""
    typed = BackFilled.objects.filter(slip_id=OuterRef("id"))
    scope = access.scope(by, "slip.enter").q(
        department="pack__department_id", region="pack__region_code", item_type="pack__number"
    )
    found = PaperSlip.objects.filter(scope, ~Exists(typed), state=State.CONFIRMED).select_related("pack")
    return found.order_by("received_at", "id")


def slip_number(pack: PaperPack, serial: int) -> str:
    """单号, as it is printed: Z990104-26-0001-007."""
    return f"{pack.number}-{serial:03d}"


def _pack_of(number: str) -> tuple[PaperPack, int]:
    head, _dash, tail = "".join(number.split()).upper().rpartition("-")
    pack = PaperPack.objects.filter(number=head).first() if tail.isdecimal() and len(tail) == 3 else None
    if pack is None:
        raise PackUnknown(field="number")
    return pack, int(tail)


def _in_time(received_at: datetime, outage: Outage, at: Instant) -> None:
    days = settings.MINGQU_DESK["backfill_days"]
    if received_at > at:
        raise SlipInFuture(field="received")
    if received_at < at - timedelta(days=days):
        raise SlipTooOld(field="received", days=days)
    if received_at < outage.began_at or (outage.ended_at is not None and received_at > outage.ended_at):
        raise SlipOutsideOutage(field="received")


def _own_department(by: Actor) -> DepartmentView:
    """Whose pack or outage it is. Raises NotAuthorised: only a post has a department."""
    own = identity.acting_post(by)
    if own is None:
        raise NotAuthorised()
    return identity.department(own.department_id)


def _series(kind: str, own: DepartmentView, at: Instant) -> str:
    region, year = own.region_code[:6], f"{legal_day(at):%y}"
    return f"{region}-{year}-{next_number(kind, region, year):04d}"


__all__ = [
    "NewSlip",
    "SlipRef",
    "confirm_slip",
    "declare_outage",
    "end_outage",
    "enter_slip",
    "make_pack",
    "slip_number",
    "slip_to_file",
    "to_type_in",
]
