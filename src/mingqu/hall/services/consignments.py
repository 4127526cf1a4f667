"""
寄递: a result that lies at a counter goes to the applicant by courier. The courier is called in jobs, outside our
transactions; what it tells is heard once for each event, in whatever order. Who signed serves the case (receivers).
"""

from datetime import date, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Q
from procrastinate.contrib.django import app as jobs

from mingqu.cases import selectors as cases
from mingqu.cases.services import checked_address
from mingqu.cases.services import readdress as say_address
from mingqu.cases.types import Addressee
from mingqu.hall import rules
from mingqu.hall.courier import registry
from mingqu.hall.courier.types import Parcel, Told
from mingqu.hall.errors import (
    AddressChanged,
    AddressFixed,
    CourierTellingUnreadable,
    ParcelMovedOn,
    ParcelUnderWay,
    ParcelUnknown,
    ReasonMissing,
    ResultNotHere,
)
from mingqu.hall.events import ParcelReturned, ParcelSent, ParcelSigned
from mingqu.hall.models import Consignment, ConsignmentReference, ConsignmentTrack, Result
from mingqu.hall.models.consignments import OPEN
from mingqu.hall.selectors import lies_elsewhere
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant

ORDER, CANCEL, LOOK, QUEUE = "hall.order_parcel", "hall.cancel_parcel", "hall.look_at_parcel", "hall"
FOLLOW = "hall.follow_parcel"
AHEAD = timedelta(minutes=10)  # a courier's clock may be ahead of ours by that much
ASK_AFTER = timedelta(hours=6)  # of silence: then it is asked
ORDER_AFTER = timedelta(minutes=5)  # a job that was lost by then is queued again
SWEEP_BATCH = 200
State = Consignment.State
NOT_FETCHED = (State.WAITING, State.ORDERED)
COLLECTED = "已经送达，不用再寄"
EVENTS = {"moving": ParcelSent, "signed": ParcelSigned, "returned": ParcelReturned}


def send_result(*, case_id: UUID, to: Addressee, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    The result goes by courier to where its applicant asked; it counts as lying here until somebody signs. `to.said` is
    the saying of hers that was read; None where she had asked for none.

    Raises NotAuthorised, ResultNotHere, ParcelUnderWay, AddressChanged (she said another a moment before),
    AddressIncomplete, CourierUnavailable, or what is wrong with the telephone.
    """
    name = registry.current().name
    checked = checked_address(to)
    with command("parcel.send", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return UUID(cmd.first_result(str))
        case = cases.case_for_update(case_id)
        access.require(by, "parcel.send", case)
        lying = Result.objects.filter(pk=case_id, state=Result.State.LYING).select_related("hall")
        result = lying.select_for_update(
            of=("self",)
        ).first()  # nobody takes it back or hands it out meanwhile
        if result is None:
            raise ResultNotHere()
        if under_way_of(case_id):
            raise ParcelUnderWay()
        said = cases.delivery_address(case)
        if (said.said if said else None) != to.said:
            raise AddressChanged()
        row = Consignment(
            root_id=case_id,
            id=new_id(),
            case_number=result.case_number,
            item_name=result.item_name,
            item_type=result.item_type,
            department_id=result.department_id,
            region_code=result.region_code,
            applicant_id=result.applicant_id,
            hall=result.hall,
            reference=f"JD{new_id().hex.upper()}",
            courier=name,
            receiver=checked.receiver,
            phone=checked.phone,
            address=checked.address,
            moved_at=at,
            asked_at=at,
            post_id=by.post_id,
        )
        row.save(force_insert=True)
        ConsignmentReference.objects.create(reference=row.reference, case_id=case_id, consignment_id=row.id)
        cmd.defer(ORDER, queue=QUEUE, case_id=case_id, consignment_id=row.id)
        cmd.note(reference=row.reference, courier=name, hall=result.hall.name)
        cmd.note_digest(address=row.address)
        return UUID(cmd.done(str(row.id)))


def readdress(*, case_id: UUID, to: Addressee | None, by: Actor, at: Instant, key: UUID) -> None:
    """
    The applicant says where the decided result is to be sent, or (None) that she comes for it, until a parcel is made.

    Raises NotAuthorised, AddressFixed, ParcelUnderWay, CourierUnavailable, AddressIncomplete, or what is wrong with the
    telephone.
    """
    checked = checked_address(to) if to else None
    if checked:
        registry.current()
    with command("parcel.readdress", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        case = cases.case_for_update(case_id)
        access.require(by, "parcel.readdress", case)
        if not cases.handed_over_on_paper().filter(pk=case_id).exists() or (to and lies_elsewhere(case_id)):
            raise AddressFixed()
        if under_way_of(case_id):
            raise ParcelUnderWay()
        say_address(cmd, case, checked)
        cmd.note(way="post" if checked else "window")
        cmd.done(None)


def cancel_parcel(
    *, case_id: UUID, consignment_id: UUID, reason: str, by: Actor, at: Instant, key: UUID
) -> None:
    """Before it is fetched. Raises NotAuthorised, ParcelUnknown, ParcelMovedOn or ReasonMissing."""
    with command("parcel.cancel", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(by, "parcel.cancel", cases.case_for_update(case_id))
        row = row_of(case_id, consignment_id)
        if rules.consignment_after(row.state, "cancel") is None:
            raise ParcelMovedOn()
        if not reason.strip():
            raise ReasonMissing(field="reason")
        _cancel(cmd, row, reason.strip())
        cmd.done(None)


def call_off(cmd: Command) -> None:
    """In a command of its case, which is served: what no courier has fetched yet stays where it is."""
    for row in Consignment.objects.filter(root_id=cmd.root_id, state__in=NOT_FETCHED):
        _cancel(cmd, row, COLLECTED)


def _cancel(cmd: Command, row: Consignment, reason: str) -> None:
    row.state, row.moved_at, row.reason = State.CANCELLED, cmd.at, reason
    of_its_own, row.along_root, row.along_id = row.along_id is None, None, None
    row.save(update_fields=["state", "moved_at", "reason", "along_root", "along_id"])
    if of_its_own:
        cmd.defer(CANCEL, queue=QUEUE, case_id=row.root_id, consignment_id=row.id)
        _others_follow(cmd, row)
    cmd.note(reference=row.reference, reason=row.reason)


def _others_follow(cmd: Command, row: Consignment) -> None:
    """What lies in the same parcel is brought to where this one is, each in a command of its own case."""
    along = Consignment.objects.filter(along_root=row.root_id, along_id=row.id)
    for case_id, consignment_id in along.values_list("root_id", "id"):
        cmd.defer(FOLLOW, queue=QUEUE, case_id=case_id, consignment_id=consignment_id)


def order_parcel(*, case_id: UUID, consignment_id: UUID, at: Instant) -> None:
    """In a job; safe to repeat: our reference is one parcel. Raises CourierUnavailable."""
    row = row_of(case_id, consignment_id)
    if row.state != State.WAITING or row.along_id is not None:
        return
    parcel = Parcel(row.reference, row.receiver, row.phone, row.address, row.hall.name, row.hall.address)
    waybill = registry.named(row.courier).order(parcel, at=at)
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:parcel:order:{consignment_id}"))
    with command("parcel.order", case_id, by=courier_actor(row.courier), at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require(courier_actor(row.courier), "parcel.order", cases.case_for_update(case_id))
        row = row_of(case_id, consignment_id)
        row.waybill = waybill[:40]
        row.state, row.moved_at = rules.consignment_after(row.state, "order") or row.state, at
        row.save(update_fields=["waybill", "state", "moved_at"])
        if row.state == State.CANCELLED:  # while the courier was called
            cmd.defer(CANCEL, queue=QUEUE, case_id=case_id, consignment_id=row.id)
        _others_follow(cmd, row)
        cmd.note(reference=row.reference, waybill=row.waybill, state=row.state)
        cmd.done(None)


def cancel_at_courier(*, case_id: UUID, consignment_id: UUID) -> None:
    """In a job; safe to repeat. Raises CourierUnavailable."""
    row = row_of(case_id, consignment_id)
    if row.state == State.CANCELLED:
        registry.named(row.courier).cancel(row.reference)


def hear_courier(*, courier: str, told: Told, at: Instant) -> str:
    """
    A telling whose signature was verified; what it came to. The same event again is answered as at first.

    Raises ParcelUnknown; CourierTellingUnreadable for what is said to happen later than now.
    """
    found = ConsignmentReference.objects.filter(pk=told.reference).first()
    if found is None:
        raise ParcelUnknown()
    if told.happened_at > at + AHEAD:
        raise CourierTellingUnreadable()
    by = courier_actor(courier)
    key = CommandKey(uuid5(found.consignment_id, f"told:{courier}:{told.event}"))
    with command("parcel.hear", found.case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return str(cmd.first_result(str))
        access.require(by, "parcel.hear", cases.case_for_update(found.case_id))
        row = row_of(found.case_id, found.consignment_id)
        if row.courier != courier:
            raise ParcelUnknown()
        verdict = _apply(cmd, row, told)
        ConsignmentTrack(
            root_id=found.case_id,
            consignment_id=row.id,
            event_id=told.event,
            kind=told.kind,
            words=told.words,
            verdict=verdict,
            happened_at=told.happened_at,
            at=at,
        ).save(force_insert=True)
        cmd.note(reference=row.reference, kind=told.kind, verdict=verdict)
        return str(cmd.done(verdict))


def _apply(cmd: Command, row: Consignment, told: Told) -> str:
    """`known` where it changes nothing any more, or another parcel of the case is on its way instead."""
    then = rules.consignment_after(row.state, told.kind)
    if then is None or (row.state == State.CANCELLED and then in OPEN and under_way_of(row.root_id)):
        return "known"
    before, row.state = row.state, then
    row.moved_at = row.asked_at = cmd.at
    row.waybill = row.waybill or told.waybill
    if then == State.SIGNED:
        row.signer, row.signed_on = told.signer.strip(), _signed_on(row, told, cmd.at)
    row.save(update_fields=["state", "moved_at", "asked_at", "waybill", "signer", "signed_on"])
    _others_follow(cmd, row)
    if then in EVENTS and (then != State.MOVING or before not in (State.MOVING, State.DELIVERING)):
        cmd.publish(EVENTS[then](row.root_id, row.id))
    return str(then)


def _signed_on(row: Consignment, told: Told, at: Instant) -> date:
    """As the courier says; told of a day before the result lay here, its clock is wrong: the day it was told."""
    day = legal_day(min(told.happened_at, at))
    arrived_on = Result.objects.values_list("arrived_on", flat=True).get(pk=row.root_id)
    return day if day >= arrived_on else legal_day(at)


def under_way_of(case_id: UUID) -> bool:
    return Consignment.objects.filter(root_id=case_id, state__in=OPEN).exists()


def look_at_parcel(*, case_id: UUID, consignment_id: UUID, at: Instant) -> None:
    """Ask the courier for what was not told; in a job. Raises CourierUnavailable."""
    row = row_of(case_id, consignment_id)
    if row.state not in OPEN:
        return
    for told in registry.named(row.courier).ask(row.reference):
        hear_courier(courier=row.courier, told=told, at=at)


def sweep_parcels(at: Instant) -> int:
    """Parcels whose order was lost are ordered again, silent ones asked for; how many."""
    lost = Q(state=State.WAITING, asked_at__lt=at - ORDER_AFTER)
    silent = Q(state__in=OPEN, asked_at__lte=at - ASK_AFTER)
    found = 0
    for row in Consignment.objects.filter(lost | silent).order_by("asked_at", "id")[:SWEEP_BATCH]:
        alone = ORDER if row.state == State.WAITING else LOOK
        task = FOLLOW if row.along_id is not None else alone
        Consignment.objects.filter(root_id=row.root_id, id=row.id).update(asked_at=at)
        jobs.configure_task(task, queue=QUEUE).defer(case_id=str(row.root_id), consignment_id=str(row.id))
        found += 1
    return found


def parcel_served(*, case_id: UUID, consignment_id: UUID) -> Consignment:
    """What was signed for, for the service record."""
    return row_of(case_id, consignment_id)


def row_of(case_id: UUID, consignment_id: UUID) -> Consignment:
    """Raises ParcelUnknown."""
    row = Consignment.objects.filter(root_id=case_id, id=consignment_id).select_related("hall").first()
    if row is None:
        raise ParcelUnknown()
    return row


def courier_actor(name: str) -> Actor:
    return Actor.system(f"courier-{name}")
