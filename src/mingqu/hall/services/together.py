"""
Several results of one bundle (一件事) in one parcel: the first is ordered at the courier, the others lie in it. No
transaction touches two cases: each is put in, and follows, by a command of its own (decision 0037).
"""

from uuid import UUID, uuid5

from mingqu.cases import selectors as cases
from mingqu.cases.types import Addressee
from mingqu.hall.errors import (
    AddressFixed,
    ParcelElsewhere,
    ParcelMovedOn,
    ParcelUnderWay,
    ResultNotHere,
)
from mingqu.hall.models import Consignment, Result
from mingqu.hall.models.consignments import OPEN
from mingqu.hall.selectors import lie_together
from mingqu.hall.services.consignments import (
    EVENTS,
    NOT_FETCHED,
    courier_actor,
    readdress,
    row_of,
    under_way_of,
)
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant

State = Consignment.State
ENDED = (State.SIGNED, State.RETURNED)


def put_along(*, case_id: UUID, lead_root: UUID, lead_id: UUID, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    The result of this case lies in the parcel of another of the same bundle, which nobody has fetched yet: one
    waybill, one hand-over, and a service record of its own.

    Raises NotAuthorised, ParcelUnknown, ParcelMovedOn, ResultNotHere, ParcelUnderWay, ParcelElsewhere.
    """
    with command("parcel.put_along", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return UUID(cmd.first_result(str))
        case = cases.case_for_update(case_id)
        access.require(by, "parcel.put_along", case)
        lead = row_of(lead_root, lead_id)
        if lead.state not in NOT_FETCHED or lead.along_id is not None:
            raise ParcelMovedOn()
        lying = Result.objects.select_for_update().filter(pk=case_id, state=Result.State.LYING)
        result = lying.filter(hall_id=lead.hall_id).first()
        if result is None:
            raise ResultNotHere()
        if under_way_of(case_id):
            raise ParcelUnderWay()
        said = cases.delivery_address(case)
        if case_id not in lie_together(lead_root) or (said and not _same(said, lead)):
            raise ParcelElsewhere()
        row = Consignment(
            root_id=case_id,
            id=new_id(),
            case_number=result.case_number,
            item_name=result.item_name,
            item_type=result.item_type,
            department_id=result.department_id,
            region_code=result.region_code,
            applicant_id=result.applicant_id,
            hall=lead.hall,
            reference=f"JD{new_id().hex.upper()}",
            courier=lead.courier,
            waybill=lead.waybill,
            receiver=lead.receiver,
            phone=lead.phone,
            address=lead.address,
            state=lead.state,
            moved_at=at,
            asked_at=at,
            post_id=by.post_id,
            along_root=lead_root,
            along_id=lead_id,
        )
        row.save(force_insert=True)
        cmd.note(reference=lead.reference, courier=lead.courier, hall=lead.hall.name)
        cmd.note_digest(address=row.address)
        return UUID(cmd.done(str(row.id)))


def follow_parcel(*, case_id: UUID, consignment_id: UUID, at: Instant) -> bool:
    """
    In a job, safe to repeat: what became of the parcel this result lies in is noted with its own case too. False where
    nothing did, or it lies in none any more.
    """
    row = row_of(case_id, consignment_id)
    if row.along_id is None or row.along_root is None:
        return False
    lead = row_of(row.along_root, row.along_id)
    if (lead.state, lead.waybill) == (row.state, row.waybill):
        return False
    by = courier_actor(row.courier)
    key = CommandKey(uuid5(row.id, f"follow:{lead.state}:{lead.moved_at.isoformat()}"))
    with command("parcel.follow", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return False
        access.require(by, "parcel.follow", cases.case_for_update(case_id))
        row = row_of(case_id, consignment_id)
        moved = row.along_id == lead.id and _take_over(cmd, row, lead)
        cmd.note(reference=lead.reference, waybill=row.waybill, state=row.state)
        return bool(cmd.done(moved))


def _take_over(cmd: Command, row: Consignment, lead: Consignment) -> bool:
    """What ended stays as it is; what was called off comes back only where no other parcel has it."""
    before, then = row.state, lead.state
    if before in ENDED or (before == State.CANCELLED and then in OPEN and under_way_of(row.root_id)):
        return False
    row.state, row.waybill, row.reason = then, lead.waybill, lead.reason
    row.moved_at = row.asked_at = cmd.at
    if then == State.SIGNED and lead.signed_on is not None:
        arrived_on = Result.objects.values_list("arrived_on", flat=True).get(pk=row.root_id)
        row.signer = lead.signer
        row.signed_on = lead.signed_on if lead.signed_on >= arrived_on else legal_day(cmd.at)
    row.save(update_fields=["state", "waybill", "reason", "moved_at", "asked_at", "signer", "signed_on"])
    if (
        then in EVENTS
        and then != before
        and (then != State.MOVING or before in (*NOT_FETCHED, State.CANCELLED))
    ):
        cmd.publish(EVENTS[then](row.root_id, row.id))
    return True


def readdress_together(
    *, case_ids: list[UUID], to: Addressee | None, by: Actor, at: Instant, key: UUID
) -> int:
    """
    Where the decided results of one bundle are to be sent, said once: each is noted with its own case; of how many. One
    that was sent or handed out a moment before stays as it is. Raises what `readdress` raises of the address.
    """
    done = 0
    for case_id in case_ids:
        try:
            readdress(case_id=case_id, to=to, by=by, at=at, key=uuid5(key, str(case_id)))
        except (AddressFixed, ParcelUnderWay):
            continue
        done += 1
    return done


def _same(said: Addressee, lead: Consignment) -> bool:
    return (said.receiver, said.phone, said.address) == (lead.receiver, lead.phone, lead.address)
