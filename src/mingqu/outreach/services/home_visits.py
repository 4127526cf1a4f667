"""上门服务: asked for, arranged, done with a note or not possible with a reason, taken back by who asked."""

from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection

from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel import regions
from mingqu.kernel.commands import command
from mingqu.kernel.errors import spoken
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.outreach import rules
from mingqu.outreach.errors import (
    PointRegion,
    ReasonNeeded,
    VisitDay,
    VisitNobody,
    VisitNotNow,
    VisitToCome,
    VisitTooMany,
)
from mingqu.outreach.events import HomeVisitAsked, HomeVisitClosed, HomeVisitPlanned
from mingqu.outreach.models import HomeVisit, OutreachNumber, Point
from mingqu.outreach.selectors import home_visits as reading
from mingqu.outreach.services.errands import new_number
from mingqu.outreach.types import Done, NewVisit
from mingqu.ui.text import zh_day

S = HomeVisit.State


def ask_visit(*, visit: NewVisit, channel: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    Ask for a visit at home on a working day; `channel` of a member of staff: telephone or agent. No proof is demanded.
    It is arranged by who arranges visits in that place, by its last day (`home_visits.yaml`).

    Raises ReasonNeeded, PointRegion, VisitDay, VisitTooMany, NotAuthorised.
    """
    visit_id = uuid5(NAMESPACE_URL, f"mingqu:home-visit:{by.id}:{key}")
    with command("home_visit.ask", visit_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        own = by.kind == "citizen"
        access.require_may(by, "home_visit.ask" if own else "home_visit.ask_for")
        day = legal_day(at)
        row = _new(visit_id, visit, by, at)
        row.channel = HomeVisit.Channel.ONLINE if own else channel
        _require_day(visit.wished_on, day)
        if own:
            _one_at_a_time(by.id)
        if (
            own
            and HomeVisit.objects.filter(party_id=by.id, state__in=reading.OPEN).count() >= rules.OPEN_VISITS
        ):
            raise VisitTooMany(most=rules.OPEN_VISITS)
        row.number = new_number("SM", row.region_code, at)
        row.save(force_insert=True)
        OutreachNumber.objects.create(number=row.number, root_id=visit_id)
        cmd.note(number=row.number, channel=row.channel, due_on=row.due_on)
        cmd.publish(HomeVisitAsked(visit_id, row.department_id, row.due_on))
        return cmd.done(Done(row.number, row.due_on))


def _one_at_a_time(person_id: UUID) -> None:
    """Two presses at once would each count without the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 80))", [f"home-visits:{person_id}"])


def _new(visit_id: UUID, visit: NewVisit, by: Actor, at: Instant) -> HomeVisit:
    """Raises ReasonNeeded, PointRegion."""
    day, own = legal_day(at), by.kind == "citizen"
    about = rules.words(visit.about)
    if about is None or visit.reason not in dict(reading.reasons()):
        raise ReasonNeeded(field="about", most=rules.WORDS_LIMIT)
    return HomeVisit(
        id=visit_id,
        party_id=by.id if own else None,
        name=visit.name.strip(),
        phone=visit.phone.strip(),
        address=visit.address.strip(),
        about=about,
        reason=visit.reason,
        department_id=_department(visit.region_code),
        region_code=visit.region_code,
        asked_by_post=None if own else by.post_id,
        asked_at=at,
        wished_on=visit.wished_on,
        wished_half=visit.half,
        due_on=max(reading.due_after(day), visit.wished_on),  # a later day of her own choice is not overdue
    )


def _department(region_code: str) -> UUID:
    """Who runs the points of that street arranges its visits; else who may arrange any. Raises PointRegion."""
    if regions.current(region_code) is None or region_code.endswith("000000"):
        raise PointRegion(field="region_code")
    near = Point.objects.filter(regions.subtree("region_code", region_code[:9]), closed_on=None)
    found = near.order_by("code").values_list("department_id", flat=True).first()
    if found is None:
        found = next(iter(identity.organs_that_may(reading.ARRANGE)), None)
    if found is None:
        raise PointRegion(field="region_code")
    return found


def plan_visit(*, visit_id: UUID, post: str, on: date, half: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    Who goes, on which day, before or after noon; planned anew until it is done. The person is told.

    Raises VisitNotNow, VisitNobody (that post may not go there), VisitDay, NotAuthorised.
    """
    with command("home_visit.plan", visit_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        row = reading.visit_of(visit_id)
        access.require(by, "home_visit.plan", row)
        row.state = _after(row, "plan")
        if post not in dict(reading.may_go(row)):
            raise VisitNobody(field="post")
        _require_day(on, legal_day(at), today=True)
        row.assigned_post, row.visit_on, row.visit_half = identity.post_by_code(post).pk, on, half
        row.save(update_fields=["state", "assigned_post", "visit_on", "visit_half"])
        cmd.note(number=row.number, planned_for=on, post=post)
        cmd.publish(HomeVisitPlanned(visit_id, row.assigned_post, on))
        return cmd.done(Done(row.number, on))


def close_visit(*, visit_id: UUID, done: bool, note: str, by: Actor, at: Instant, key: UUID) -> Done:
    """
    What was done there, or why it was not possible; the person is told.

    Raises VisitNotNow, VisitToCome, ReasonNeeded, NotAuthorised.
    """
    with command("home_visit.close", visit_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        row = reading.visit_of(visit_id)
        if not reading.closes(by, row):
            access.require(by, "home_visit.plan", row)  # refuses
        row.state = _after(row, "done" if done else "impossible")
        if done and row.visit_on and row.visit_on > legal_day(at):
            raise VisitToCome(day=zh_day(row.visit_on))
        words = rules.words(note)
        if words is None:
            raise ReasonNeeded(field="note", most=rules.WORDS_LIMIT)
        row.note, row.closed_at = words, at
        row.save(update_fields=["state", "note", "closed_at"])
        cmd.note(number=row.number, ok=done)
        cmd.publish(HomeVisitClosed(visit_id, done))
        return cmd.done(Done(row.number, legal_day(at)))


def withdraw_visit(*, visit_id: UUID, by: Actor, at: Instant, key: UUID) -> Done:
    """Who asked does not need it any more. Raises VisitNotNow, NotAuthorised."""
    with command("home_visit.withdraw", visit_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        row = reading.visit_of(visit_id)
        access.require(by, "home_visit.withdraw", row)
        row.state, row.closed_at = _after(row, "withdraw"), at
        row.save(update_fields=["state", "closed_at"])
        cmd.note(number=row.number)
        return cmd.done(Done(row.number, legal_day(at)))


def _after(row: HomeVisit, deed: str) -> str:
    after = rules.visit_after(row.state, deed)
    if after is None:
        raise VisitNotNow(state=spoken(str(S(row.state).label)))
    return after


def _require_day(day: date, now: date, *, today: bool = False) -> None:
    """A working day within the time one may ask for; who arranges may still go today. Raises VisitDay."""
    if not reading.is_visit_day(day, now) and not (today and day == now):
        first, last = reading.visit_days(now)
        raise VisitDay(field="day", first=zh_day(first), last=zh_day(last))
