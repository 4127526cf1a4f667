"""What cases tells the rooms below when the apps are ready: whose the process is, which dates are copies."""

from collections.abc import Collection
from contextlib import suppress
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases import acting, charging, routing, selectors
from mingqu.cases.arriving import asking, sending, signalling
from mingqu.cases.bundles import wiring as bundles
from mingqu.cases.models import Bundle, Case, Project
from mingqu.cases.services import discretion
from mingqu.cases.services.acceptance import OWNER
from mingqu.cases.services.open_questions import leave_by_itself
from mingqu.cases.services.review import void_visits
from mingqu.certificates import services as certificates
from mingqu.clocks import selectors as clocks
from mingqu.clocks import services as clock_services
from mingqu.clocks.errors import ClockNotStarted
from mingqu.clocks.types import Kind, StoredDue
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.regions import subtree
from mingqu.kernel.standing_aside import tells_who_stands_aside
from mingqu.kernel.training import asks_before_marking
from mingqu.kernel.types import Actor, Instant
from mingqu.payments import services as payments
from mingqu.process import services as process
from mingqu.process.types import Effects

CHECK = Actor.system("clock-check")


def connect() -> None:
    process.register_owner(
        OWNER,
        _by_itself,
        _step_due_on,
        work=routing.work,
        clocks=_last_days,
        post=process.Post(sending.send, asking.ask, signalling.throw, signalling.listen),
    )
    clock_services.register_stored_due(StoredDue(OWNER, selectors.due_dates, _rewrite_due))
    asks_before_marking("cases", _filed_in)
    tells_who_stands_aside("cases", _barred_from)
    certificates.offer_firms(acting.firms_of)
    certificates.offer_handlers(acting.handlers_of)
    certificates.offer_under_way(acting.under_way)
    payments.offer_cases(charging.unknown)
    bundles.connect()


def _barred_from(case_id: UUID) -> Collection[UUID]:
    """Nobody where it is no case: a bundle has officers of many, and each of its cases bars its own."""
    return Case.objects.filter(pk=case_id).values_list("barred_ids", flat=True).first() or ()


def _filed_in(region_code: str) -> str:
    """What was filed takes its effect, or the lack of it, from the region as it was."""
    there = subtree("region_code", region_code)
    return (
        "那里已经有办件"
        if any(kind.objects.filter(there).exists() for kind in (Case, Bundle, Project))
        else ""
    )


def _by_itself(root_id: UUID, effects: Effects, at: Instant) -> None:
    """A timer of the drawing fired. A case ends by its decision, never by a timer: that fails closed."""
    if effects.ended is not None:
        raise RuntimeError("a case does not end by a timer")
    void_visits(root_id, effects.dropped)
    leave_by_itself(root_id, effects.dropped, at)
    discretion.leave_by_itself(root_id, effects.dropped, at)


def _step_due_on(root_id: UUID, limits: Collection[int], at: Instant) -> dict[int, date]:
    """The last day of a step: working days after the day it opened (行政许可法 82)."""
    calendar, day = clocks.current_calendar(), legal_day(at)
    return {limit: calendar.add_working_days(day, limit) for limit in limits}


def _last_days(root_id: UUID, at: Instant) -> dict[str, str]:
    """For timers that follow a clock; while it stands still, the last day if it ran again from today."""
    found = {}
    for kind in (Kind.STATUTORY, Kind.PROMISED):
        with suppress(ClockNotStarted):
            said = clocks.deadline_of(root_id, kind, at)
            found[kind.value] = (said.due_on or said.projected_on).isoformat()
    return found


def _rewrite_due(root_id: UUID, day: date | None, at: Instant) -> None:
    """A holiday notice moved a deadline: bring the copy up to date."""
    key = uuid5(NAMESPACE_URL, f"mingqu:due:{root_id}:{day}:{at.isoformat()}")
    with command("case.rewrite_due", root_id, by=CHECK, at=at, key=key) as cmd:
        case = selectors.case_for_update(root_id)
        cmd.note(was=case.due_on, due_on=day)
        Case.objects.filter(pk=root_id).update(due_on=day)
