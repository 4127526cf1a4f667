"""Rules of announcements and planned stops: pure. The limits are the installation's own, no law."""

from datetime import datetime, timedelta

from mingqu.upkeep.errors import StopTooLong, TimesWrong, WordsMissing

LONGEST_STOP = timedelta(hours=72)
LONGEST_ANNOUNCEMENT = timedelta(days=90)
TOLD_BEFORE = timedelta(days=3)  # before a planned stop begins
BACKUP_DAYS = 2  # a backup older than that is told
DRILL_DAYS = 92  # a drill each quarter


def check_announcement(text: str, shown_from: datetime, shown_until: datetime, at: datetime) -> None:
    """Raises WordsMissing or TimesWrong."""
    if not text.strip():
        raise WordsMissing(field="text")
    if shown_until <= shown_from or shown_until <= at or shown_until - shown_from > LONGEST_ANNOUNCEMENT:
        raise TimesWrong(field="until", most=LONGEST_ANNOUNCEMENT.days)


def check_stop(reason: str, begins_at: datetime, ends_at: datetime, at: datetime) -> None:
    """Raises WordsMissing, TimesWrong or StopTooLong."""
    if not reason.strip():
        raise WordsMissing(field="reason")
    if ends_at <= begins_at or ends_at <= at:
        raise TimesWrong(field="until", most=LONGEST_ANNOUNCEMENT.days)
    if ends_at - begins_at > LONGEST_STOP:
        raise StopTooLong(field="until", most=int(LONGEST_STOP.total_seconds() // 3600))


def is_old(last: datetime | None, at: datetime, days: int) -> bool:
    """None: never, which is as bad."""
    return last is None or at - last > timedelta(days=days)
