"""What is open: a hall with its lines and windows, rules, the slots that follow from them, closed days."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from mingqu.clocks import selectors as clocks
from mingqu.hall import rules, selectors
from mingqu.hall.errors import DayClosedAlready, DayNotClosed, HallUnknown
from mingqu.hall.events import DayClosed
from mingqu.hall.models import ClosedDay, Hall, OpeningRule, QueueLine, Slot, SlotPlace, Window
from mingqu.hall.rules import Opening
from mingqu.hall.types import NewHall
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.types import Actor, Instant


def set_up_hall(*, hall: NewHall, by: Actor, at: Instant, key: UUID) -> UUID:
    """A hall with its lines and windows; again with the same code changes nothing. Raises NotAuthorised."""
    hall_id = uuid5(NAMESPACE_URL, f"mingqu:hall:{hall.code}")
    with command("hall.manage", hall_id, by=by, at=at, key=key) as cmd:
        organ = identity.department(hall.department_id)
        row = Hall(
            id=hall_id,
            code=hall.code,
            name=hall.name,
            address=hall.address,
            hours=hall.hours,
            department_id=organ.id,
            region_code=organ.region_code,
        )
        access.require(by, "hall.manage", row)
        if cmd.repeated or Hall.objects.filter(pk=hall_id).exists():
            return hall_id
        row.save(force_insert=True)
        lines = {
            one.letter: QueueLine(
                hall=row,
                letter=one.letter,
                name=one.name,
                minutes=one.minutes,
                item_codes=list(one.item_codes),
            )
            for one in hall.lines
        }
        QueueLine.objects.bulk_create(lines.values())
        Window.objects.bulk_create(
            Window(hall=row, number=number, name=name, line_ids=[lines[letter].pk for letter in letters])
            for number, name, letters in hall.windows
        )
        cmd.note(hall=hall.name, windows=len(hall.windows), lines=len(lines))
        cmd.done(None)
    return hall_id


def set_opening(
    *,
    line_id: UUID,
    openings: Sequence[Opening],
    by: Actor,
    at: Instant,
    key: UUID,
    saturday: bool = False,
) -> date:
    """
    The rules of a line, from the first day on whose slots are not made yet: what was offered is kept. That day.
    `saturday`: of Saturdays that are no working days and lie within no holiday; no openings end them.

    Raises LineUnknown, OpeningWrong or NotAuthorised.
    """
    rules.check_openings(openings)
    line = selectors.line_row(line_id)
    with command("hall.manage", line.hall_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return date.fromisoformat(cmd.first_result(str))
        hall = _hall_for_update(line.hall_id)
        access.require(by, "hall.manage", hall)
        offered = Slot.objects.filter(line_id=line_id)
        if saturday:
            offered = offered.filter(day__iso_week_day=6)
        last = offered.order_by("-begins_at").values_list("day", flat=True).first()
        today = legal_day(at)
        since = max(today, last + timedelta(days=1)) if last else today
        before = OpeningRule.objects.filter(line_id=line_id, saturday=saturday)
        (before.filter(since__gte=since) if openings else before).delete()
        OpeningRule.objects.bulk_create(
            OpeningRule(
                line_id=line_id,
                since=since,
                begins=one.begins,
                ends=one.ends,
                minutes=one.minutes,
                places=one.places,
                saturday=saturday,
            )
            for one in openings
        )
        cmd.note(line=line.name, since=since, openings=len(openings), saturday=saturday)
        cmd.done(since.isoformat())
    return since


def open_slots(*, hall_id: UUID, by: Actor, at: Instant, key: UUID) -> int:
    """
    The slots of the days that may be booked now, where they are missing; how many were made. Only working days and
    Saturdays that have hours of their own, none that is closed. Raises HallUnknown or NotAuthorised.
    """
    with command("hall.open", hall_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(int)
        hall = _hall_for_update(hall_id)
        access.require(by, "hall.open", hall)
        today = legal_day(at)
        until = today + timedelta(days=selectors.setting("days_ahead"))
        days = _open_days(hall_id, today, until)
        slots = [slot for line in selectors.lines_of(hall_id) for slot in _slots_of(line, hall, days)]
        known = set(Slot.objects.filter(hall_id=hall_id, day__gte=today).values_list("id", flat=True))
        new = [(slot, places) for slot, places in slots if slot.pk not in known]
        Slot.objects.bulk_create(slot for slot, _ in new)
        SlotPlace.objects.bulk_create(
            SlotPlace(slot=slot, number=number) for slot, places in new for number in range(1, places + 1)
        )
        _changed()
        cmd.note(until=until, slots=len(new))
        return cmd.done(len(new))


def close_day(*, hall_id: UUID, day: date, reason: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    The hall does not work on that day: nothing more is booked on it, and what was booked is cancelled and told (by the
    receiver of DayClosed). Raises HallUnknown, DayClosedAlready or NotAuthorised.
    """
    with command("hall.manage", hall_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        hall = _hall_for_update(hall_id)
        access.require(by, "hall.manage", hall)
        if day < legal_day(at) or ClosedDay.objects.filter(hall_id=hall_id, day=day).exists():
            raise DayClosedAlready(field="day")
        ClosedDay(hall=hall, day=day, reason=reason.strip()).save(force_insert=True)
        Slot.objects.filter(hall_id=hall_id, day=day).update(closed=True)
        _changed()
        cmd.note(day=day, reason=reason)
        cmd.publish(DayClosed(hall_id, day, reason.strip()))
        cmd.done(None)


def reopen_day(*, hall_id: UUID, day: date, by: Actor, at: Instant, key: UUID) -> None:
    """
    The hall works on that day after all: it can be booked again. What was cancelled stays so, its people were told.
    Raises HallUnknown, DayNotClosed or NotAuthorised.
    """
    with command("hall.manage", hall_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        hall = _hall_for_update(hall_id)
        access.require(by, "hall.manage", hall)
        shut = ClosedDay.objects.filter(hall_id=hall_id, day=day, day__gte=legal_day(at))
        if not shut.delete()[0]:
            raise DayNotClosed(field="day")
        Slot.objects.filter(hall_id=hall_id, day=day).update(closed=False)
        _changed()
        cmd.note(day=day, reopened=True)
        cmd.done(None)


def _changed() -> None:
    selectors.stale()
    transaction.on_commit(selectors.stale)  # somebody may have read meanwhile


def _hall_for_update(hall_id: UUID) -> Hall:
    """Locked, but not against rows that name it: who books meanwhile must not wait for it. Raises HallUnknown."""
    found = Hall.objects.select_for_update(no_key=True).filter(pk=hall_id).first()
    if found is None:
        raise HallUnknown()
    return found


def _open_days(hall_id: UUID, first: date, last: date) -> list[tuple[date, bool]]:
    """Days on which a hall may work, each with whether it is such a Saturday."""
    calendar = clocks.current_calendar()
    shut = set(ClosedDay.objects.filter(hall_id=hall_id, day__gte=first).values_list("day", flat=True))
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [
        (day, not calendar.working_day(day))
        for day in days
        if day not in shut and (calendar.working_day(day) or selectors.plain_saturday(day))
    ]


def _slots_of(line: QueueLine, hall: Hall, days: Iterable[tuple[date, bool]]) -> list[tuple[Slot, int]]:
    """Slots with their places, by the rules in force on each day."""
    known = list(OpeningRule.objects.filter(line=line))
    found = []
    for day, saturday in days:
        held = [rule for rule in known if rule.saturday is saturday]
        since = max((rule.since for rule in held if rule.since <= day), default=None)
        for rule in (one for one in held if one.since == since):
            opening = Opening(rule.begins, rule.ends, rule.minutes, rule.places)
            for begins, ends in rules.times_of(opening):
                begins_at = datetime.combine(day, begins, tzinfo=BEIJING)
                slot = Slot(
                    id=uuid5(NAMESPACE_URL, f"mingqu:hall:slot:{line.pk}:{begins_at.isoformat()}"),
                    hall=hall,
                    line=line,
                    region_code=hall.region_code,
                    day=day,
                    begins_at=begins_at,
                    ends_at=datetime.combine(day, ends, tzinfo=BEIJING),
                )
                found.append((slot, rule.places))
    return found
