"""
责任事项: kept by who makes lists, done by the organ, looked at daily: 法定职责必须为 (CAT-03).

A duty rests on an article in force. Nothing happens to the organ by itself: what was not done in time stands on the
page in red, and who makes lists, who watches over them and the head of the organ are told once.
"""

from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.catalogue.directory.duty_models import Duty, DutyDone
from mingqu.catalogue.directory.errors import (
    DutyEnded,
    DutyEntryUnknown,
    DutyTextMissing,
    DutyTooLate,
    DutyUnknown,
    DutyWithoutBasis,
)
from mingqu.catalogue.directory.events import DutyOverdue
from mingqu.catalogue.directory.models import ListEntry
from mingqu.catalogue.directory.rules import next_day
from mingqu.catalogue.directory.selectors import active, in_force
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.law import selectors as law

WATCH = Actor.system("duties")


@dataclass(frozen=True)
class NewDuty:
    """`organ` by code; `entry` of the 权责清单 in force, "" where the duty is in no entry."""

    organ: str
    name: str
    law: str
    article: int
    due_on: date
    every_months: int = 0
    entry: str = ""


@dataclass(frozen=True)
class Kept:
    duty_id: UUID
    due_on: date | None


def keep_duty(*, duty: NewDuty, by: Actor, at: Instant, key: UUID) -> Kept:
    """
    Write down a duty of an organ. Raises NotAuthorised, DepartmentUnknown, DutyTextMissing, DutyTooLate (its first
    day lies before today), DutyWithoutBasis (the article is not in force) or DutyEntryUnknown.
    """
    with command("duty.keep", key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Kept)
        organ, today = identity.department_by_code(duty.organ), legal_day(at)
        name = duty.name.strip()
        made = Duty(
            pk=key,
            department_id=organ.id,
            region_code=organ.region_code,
            entry_code=duty.entry.strip(),
            name=name,
            law=duty.law.strip().strip("《》"),
            article=duty.article,
            every_months=duty.every_months,
            first_on=duty.due_on,
            due_on=duty.due_on,
            kept_by=by.id,
            kept_at=at,
        )
        access.require(by, "duty.keep", made)
        if not name:
            raise DutyTextMissing(field="name")
        if duty.due_on < today:
            raise DutyTooLate(field="due_on")
        place = (made.law, made.article, 0)
        if law.standings([place], on=today)[place].state != "in_force":
            raise DutyWithoutBasis(field="law")
        if made.entry_code and not _in_list(made, today):
            raise DutyEntryUnknown(field="entry")
        made.save(force_insert=True)
        cmd.note(organ=organ.code, duty=name, due_on=duty.due_on)
        return cmd.done(Kept(made.pk, made.due_on))


def record_duty(*, duty_id: UUID, text: str, by: Actor, at: Instant, key: UUID) -> Kept:
    """
    What was done, today; one that comes again is due a period later. Raises NotAuthorised, DutyUnknown, DutyEnded or
    DutyTextMissing.
    """
    with command("duty.record", duty_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Kept)
        duty = _taken(duty_id, "duty.record", by)
        if not text.strip():
            raise DutyTextMissing(field="text")
        today = legal_day(at)
        DutyDone.objects.create(
            duty=duty,
            due_on=duty.due_on,
            done_on=today,
            text=text.strip(),
            post_id=by.post_id,
            person_id=by.id,
            at=at,
        )
        cmd.note(due_on=duty.due_on, late=today > duty.due_on)
        if duty.every_months:
            duty.due_on = next_day(duty.first_on, duty.due_on, duty.every_months)
        else:
            duty.ended_on, duty.ended_reason = today, "已经履行"
        duty.save(update_fields=["due_on", "ended_on", "ended_reason"])
        return cmd.done(Kept(duty.pk, None if duty.ended_on else duty.due_on))


def end_duty(*, duty_id: UUID, reason: str, by: Actor, at: Instant, key: UUID) -> Kept:
    """It is no duty any more, for a reason. Raises NotAuthorised, DutyUnknown, DutyEnded or DutyTextMissing."""
    with command("duty.end", duty_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Kept)
        duty = _taken(duty_id, "duty.keep", by)
        if not reason.strip():
            raise DutyTextMissing(field="reason")
        duty.ended_on, duty.ended_reason = legal_day(at), reason.strip()
        duty.save(update_fields=["ended_on", "ended_reason"])
        cmd.note(reason=duty.ended_reason)
        return cmd.done(Kept(duty.pk, None))


def flag_overdue(at: Instant) -> int:
    """What should have been done by yesterday and was not: said once for each missed day; how many."""
    today = legal_day(at)
    late = Duty.objects.filter(ended_on=None, due_on__lt=today).exclude(told_for__gte=today)
    flagged = 0
    for duty_id, due_on, told_for in late.values_list("pk", "due_on", "told_for"):
        flagged += told_for != due_on and _flag(duty_id, due_on, at)
    return flagged


def _flag(duty_id: UUID, due_on: date, at: Instant) -> bool:
    key = uuid5(NAMESPACE_URL, f"mingqu:duty:{duty_id}:{due_on.isoformat()}")
    with command("duty.flag", duty_id, by=WATCH, at=at, key=key) as cmd:
        if cmd.repeated:
            return False
        duty = Duty.objects.select_for_update(of=("self",)).select_related("department").get(pk=duty_id)
        if duty.ended_on or duty.due_on != due_on:
            return False  # done meanwhile
        duty.told_for = due_on
        duty.save(update_fields=["told_for"])
        cmd.note(due_on=due_on)
        organ = duty.department.name
        cmd.publish(DutyOverdue(duty.pk, duty.department_id, duty.region_code, organ, duty.name, due_on))
        cmd.done(None)
    return True


def _taken(duty_id: UUID, action: str, by: Actor) -> Duty:
    """The duty, locked, if it runs and this may be done to it."""
    duty = Duty.objects.select_for_update().filter(pk=duty_id).first()
    if duty is None:
        raise DutyUnknown()
    access.require(by, action, duty)
    if duty.ended_on:
        raise DutyEnded()
    return duty


def _in_list(duty: Duty, on: date) -> bool:
    edition = in_force("power", duty.region_code, on)
    return ListEntry.objects.filter(active(on), edition=edition, code=duty.entry_code).exists()
