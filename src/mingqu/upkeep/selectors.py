"""What stands above every page now, and how old backup and drill are."""

import time
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from mingqu.kernel.types import Instant
from mingqu.upkeep import rules
from mingqu.upkeep.models import Announcement, KeptRun, PlannedStop
from mingqu.upkeep.types import AnnouncementView, KeptView, StopView

FRESH_FOR = 5.0  # seconds for which a process believes what it read
PAST_SHOWN = timedelta(days=90)


@dataclass
class Known:
    """What this process read of notices that are not over, and when (monotonic seconds)."""

    announcements: tuple[Announcement, ...] = ()
    stops: tuple[PlannedStop, ...] = ()
    read_at: float | None = None


known = Known()


def forget() -> None:
    """Read again at the next page; called by who changed them."""
    known.read_at = None


def _fresh() -> Known:
    """So that every page costs no statement: read anew after some seconds."""
    if known.read_at is None or time.monotonic() - known.read_at > FRESH_FOR:
        since = timezone.now() - timedelta(days=1)
        known.announcements = tuple(
            Announcement.objects.filter(withdrawn_at=None, shown_until__gt=since).order_by("shown_from", "id")
        )
        known.stops = tuple(
            PlannedStop.objects.filter(ended_at=None, ends_at__gt=since).order_by("begins_at")
        )
        known.read_at = time.monotonic()
    return known


def announcements_now(at: Instant) -> list[AnnouncementView]:
    return [
        _announcement(row, at) for row in _fresh().announcements if row.shown_from <= at < row.shown_until
    ]


def stops_told(at: Instant) -> list[StopView]:
    """Planned stops people are told of: those that run, and those of the next days."""
    return [_stop(row, at) for row in _fresh().stops if row.told_from <= at < row.ends_at]


def stop_running(at: Instant) -> StopView | None:
    """The stop that keeps the site closed now; of several the one that closes more."""
    running = [_stop(row, at) for row in _fresh().stops if row.begins_at <= at < row.ends_at]
    return next((stop for stop in running if stop.all), running[0] if running else None)


def all_announcements(at: Instant) -> list[AnnouncementView]:
    """For their writer: what is shown, will be, and was in the last months; the newest first."""
    rows = Announcement.objects.filter(shown_until__gt=at - PAST_SHOWN).order_by("-shown_from", "-id")[:50]
    return [_announcement(row, at) for row in rows]


def all_stops(at: Instant) -> list[StopView]:
    rows = PlannedStop.objects.filter(ends_at__gt=at - PAST_SHOWN).order_by("-begins_at", "-id")[:50]
    return [_stop(row, at) for row in rows]


def stop(stop_id: UUID, at: Instant) -> StopView | None:
    row = PlannedStop.objects.filter(pk=stop_id).first()
    return _stop(row, at) if row else None


def keeping(at: Instant) -> list[KeptView]:
    """Backup and drill: the last good one, a newer failure, and whether it is too long ago."""
    kinds = ((KeptRun.What.BACKUP, rules.BACKUP_DAYS), (KeptRun.What.DRILL, rules.DRILL_DAYS))
    return [_kept(what, days, at) for what, days in kinds]


def is_due(at: Instant, *, every: timedelta, again: timedelta) -> bool:
    """Whether a backup is to be made: the last good one is old, and none failed a moment ago."""
    kept = keeping(at)[0]
    waits = kept.failed_at is not None and at - kept.failed_at < again
    return not waits and (kept.last_at is None or at - kept.last_at >= every)


def _kept(what: KeptRun.What, days: int, at: Instant) -> KeptView:
    runs = KeptRun.objects.filter(what=what).order_by("-ended_at")
    good, bad = runs.filter(ok=True).first(), runs.filter(ok=False).first()
    newer = bad if bad and (good is None or bad.ended_at > good.ended_at) else None
    return KeptView(
        words=str(what.label),
        last_at=good.ended_at if good else None,
        name=good.name if good else "",
        rows=good.rows if good else 0,
        files=good.files if good else 0,
        size=good.size if good else 0,
        failed_at=newer.ended_at if newer else None,
        reason=newer.reason if newer else "",
        old=rules.is_old(good.ended_at if good else None, at, days),
        most_days=days,
    )


def _announcement(row: Announcement, at: Instant) -> AnnouncementView:
    if row.withdrawn_at is not None:
        state = "withdrawn"
    elif at < row.shown_from:
        state = "coming"
    else:
        state = "shown" if at < row.shown_until else "over"
    return AnnouncementView(row.id, row.text, row.text_en, row.shown_from, row.shown_until, state)


def _stop(row: PlannedStop, at: Instant) -> StopView:
    if row.ended_at is not None:
        state = "called_off" if row.ended_at < row.begins_at else "ended"
    elif at < row.begins_at:
        state = "coming"
    else:
        state = "running" if at < row.ends_at else "over"
    words = str(PlannedStop.Scope(row.scope).label)
    return StopView(
        row.id, row.scope, words, row.reason, row.begins_at, row.ends_at, state == "running", state
    )
