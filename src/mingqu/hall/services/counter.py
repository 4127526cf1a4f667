"""
出件: the result of a case comes to the counter of a hall, its applicant is told, somebody comes for it or does not.

Handing it out is `cases.services.deliver_case`: the day of service and its proof are the case's (行政许可法 44). What
lies at the counter follows from that by an event.
"""

from datetime import timedelta
from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.cases.services import service_of_papers
from mingqu.hall import selectors
from mingqu.hall.errors import (
    ParcelUnderWay,
    ReasonMissing,
    ResultHere,
    ResultIsSent,
    ResultNotDue,
    ResultNotHere,
)
from mingqu.hall.events import ResultArrived, ResultNotThere, ResultUncollected
from mingqu.hall.models import Consignment, Result
from mingqu.hall.models.consignments import OPEN
from mingqu.hall.services.consignments import call_off
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.identifiers import COUNTY
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

LYING = Result.State.LYING


def result_arrived(*, case_id: UUID, hall_id: UUID, place: str, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    到件: the result lies at this hall's counter from now on; its applicant is told that it can be collected.

    Raises NotAuthorised, HallUnknown, ResultNotDue, ResultIsSent, ResultHere, or what a room above says of whose
    counter it is.
    """
    with command("result.arrive", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return case_id
        case = cases.case_for_update(case_id)
        access.require(by, "result.arrive", case)
        hall = selectors.hall_for_results(by, hall_id)
        if case.status != case.Status.DECIDED or case.delivery_way != case.DeliveryWay.WINDOW:
            raise ResultNotDue(field="number")
        if case.by_post and hall.region_code[:COUNTY] != case.region_code[:COUNTY]:
            raise ResultIsSent(field="number")
        service_of_papers.require_giver(case, by)
        if Result.objects.filter(pk=case_id, state=LYING).exists():
            raise ResultHere(field="number")
        day = legal_day(at)
        Result.objects.update_or_create(
            pk=case_id,
            defaults={
                "hall": hall,
                "case_number": case.number,
                "item_name": f"{case.item_name}（{case.handling_item}）",
                "item_type": case.item_type,
                "department_id": case.department_id,
                "region_code": case.region_code,
                "applicant_id": case.applicant_id,
                "place": place.strip(),
                "state": LYING,
                "arrived_at": at,
                "arrived_on": day,
                "post_id": by.post_id,
                "reminders": 0,
                "remind_on": day + timedelta(days=selectors.setting("uncollected_days")),
                "ended_on": None,
            },
        )
        cmd.note(hall=hall.name, shelf=place.strip())
        cmd.publish(ResultArrived(case_id, hall.pk))
        cmd.done(None)
    return case_id


def take_result_back(*, case_id: UUID, reason: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    到件 was registered by mistake: it does not lie here. The applicant was told that it does, so is told of this too.

    Raises ReasonMissing, NotAuthorised, ResultNotHere, or ParcelUnderWay (it lay here, a courier was told to fetch it).
    """
    with command("result.take_back", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = _lying_for_update(case_id)
        access.require(by, "result.take_back", row)
        if Consignment.objects.filter(root_id=case_id, state__in=OPEN).exists():
            raise ParcelUnderWay()
        if not reason.strip():
            raise ReasonMissing(field="reason")
        row.state, row.ended_on, row.remind_on = Result.State.TAKEN_BACK, legal_day(at), None
        row.save(update_fields=["state", "ended_on", "remind_on"])
        cmd.note(reason=reason.strip())
        cmd.publish(ResultNotThere(case_id, row.hall_id))
        cmd.done(None)


def result_handed_out(*, case_id: UUID, by: Actor, at: Instant, key: UUID) -> bool:
    """Its case is served: nothing lies here any more. False where nothing did. Raises NotAuthorised."""
    if not Result.objects.filter(pk=case_id, state=LYING).exists():
        return False
    with command("result.hand_out", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return True
        row = _lying_for_update(case_id)
        access.require(by, "result.hand_out", row)
        row.state, row.ended_on, row.remind_on = Result.State.HANDED_OUT, legal_day(at), None
        row.save(update_fields=["state", "ended_on", "remind_on"])
        call_off(cmd)
        cmd.note(lay_days=(row.ended_on - row.arrived_on).days)
        cmd.done(None)
    return True


def remind_of_result(*, case_id: UUID, by: Actor, at: Instant, key: UUID) -> int:
    """
    Nobody has come for the days of the setting: the applicant is told once more, as often as the setting says; which
    time this is, 0 where it is not due. Raises ResultNotHere (collected meanwhile) or NotAuthorised.
    """
    with command("result.remind", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(int)
        row = _lying_for_update(case_id)
        access.require(by, "result.remind", row)
        today = legal_day(at)
        if row.remind_on is None or row.remind_on > today:
            return cmd.done(0)
        row.reminders += 1
        last = row.reminders >= selectors.setting("uncollected_reminders")
        row.remind_on = None if last else today + timedelta(days=selectors.setting("uncollected_days"))
        row.save(update_fields=["reminders", "remind_on"])
        cmd.note(reminders=row.reminders)
        cmd.publish(ResultUncollected(case_id, row.hall_id, row.arrived_on, row.reminders))
        return cmd.done(row.reminders)


def _lying_for_update(case_id: UUID) -> Result:
    """Locked by its shard key. Raises ResultNotHere."""
    row = Result.objects.select_for_update().filter(pk=case_id, state=LYING).first()
    if row is None:
        raise ResultNotHere()
    return row
