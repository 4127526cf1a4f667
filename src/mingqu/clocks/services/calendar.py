"""The calendar's versions: the one delivered with the product, and the yearly notice."""

from collections.abc import Iterable
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import IntegrityError, transaction

from mingqu.clocks import selectors
from mingqu.clocks.errors import CalendarMoved
from mingqu.clocks.models import CalendarDay, CalendarVersion
from mingqu.clocks.rules.calendar import Calendar
from mingqu.clocks.rules.notice import SEED_SOURCE, merge, read_notice, seed_calendar
from mingqu.clocks.types import NoticeImported
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant

CALENDAR_ID = uuid5(NAMESPACE_URL, "mingqu:working-day-calendar")  # the root of its audit chain


def load_seed_calendar() -> None:
    """
    Reference data: the notices the product is delivered with. Nothing happens where they are known.

    A newer product brings newer years; they are added to what the site has imported or changed itself.
    """
    seed = seed_calendar()
    latest = CalendarVersion.objects.order_by("-sequence").first()
    if latest is None:
        with transaction.atomic():
            _write(1, seed, SEED_SOURCE)
    elif latest.known_until < seed.known_until:
        held = selectors.calendar_version(latest.pk)
        newer = tuple(day for day in seed.days if day.day > latest.known_until)
        days = (*(day for day in held.days if day.day <= latest.known_until), *newer)
        code = _code(seed.known_until.year)
        with transaction.atomic():
            merged = Calendar(code, held.known_from, seed.known_until, days)
            _write(latest.sequence + 1, merged, SEED_SOURCE)


def import_holiday_notice(
    *, year: int, lines: Iterable[str], source: str, by: Actor, at: Instant, key: UUID
) -> NoticeImported:
    """
    Take in the State Council's notice of a year as a new version of the calendar (columns
    from,to,kind,name). `recompute_stored` afterwards corrects the copies of last days.

    Raises NotAuthorised, NoticeUnreadable (with the line), NoticeSkipsYear or CalendarMoved.
    """
    with command("clock.edit_calendar", CALENDAR_ID, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(NoticeImported)
        access.require_may(by, "clock.edit_calendar")
        latest = CalendarVersion.objects.order_by("-sequence").first()
        held = selectors.current_calendar()
        notice = read_notice(lines)
        known_until, days = merge(held, year, notice)
        calendar = Calendar(_code(known_until.year), held.known_from, known_until, days)
        try:
            with transaction.atomic():
                _write((latest.sequence if latest else 0) + 1, calendar, source, at, by)
        except IntegrityError as error:
            raise CalendarMoved() from error
        cmd.note(year=year, version=calendar.version, source=source, days=len(notice))
        return cmd.done(NoticeImported(calendar.version, known_until, len(notice)))


def _code(year: int) -> str:
    """2026.1, 2026.2 … : the last published year and how often it was written."""
    return f"{year}.{CalendarVersion.objects.filter(code__startswith=f'{year}.').count() + 1}"


def _write(
    sequence: int, calendar: Calendar, source: str, at: Instant | None = None, by: Actor | None = None
) -> None:
    version = CalendarVersion.objects.create(
        code=calendar.version,
        sequence=sequence,
        known_from=calendar.known_from,
        known_until=calendar.known_until,
        source=source,
        recorded_at=at,
        recorded_by=by.id if by else None,
    )
    CalendarDay.objects.bulk_create(
        CalendarDay(version=version, day=s.day, kind=s.kind, name=s.name) for s in calendar.days
    )
