"""
How often something may be tried: codes sent, codes and passwords guessed.

Counted in the database by one statement, so that web processes share the count and parallel attempts can't
slip through between a look and a write. Windows are fixed, from the first attempt.
"""

from datetime import timedelta

from django.conf import settings
from django.db import connection

from mingqu.identity.errors import TooManyAttempts
from mingqu.identity.models import Allowance
from mingqu.kernel.fields import blind_index
from mingqu.kernel.types import Instant

SPEND = """
INSERT INTO identity_allowance AS a (key, since, until, spent) VALUES (%s, %s, %s, %s)
ON CONFLICT (key) DO UPDATE SET
    spent = CASE WHEN a.until <= EXCLUDED.since THEN EXCLUDED.spent ELSE a.spent + EXCLUDED.spent END,
    until = CASE WHEN a.until <= EXCLUDED.since THEN EXCLUDED.until ELSE a.until END,
    since = CASE WHEN a.until <= EXCLUDED.since THEN EXCLUDED.since ELSE a.since END
RETURNING spent, until
"""


def _key(action: str, subject: str) -> str:
    # Keyed: a telephone number behind a plain hash is found by trying them all.
    return blind_index("identity.allowance", f"{action}:{subject}").hex()


def spend(action: str, subject: str, *, at: Instant) -> None:
    """
    Count one attempt of `action` (a key of settings.MINGQU_LIMITS) by `subject`: a number, an address.

    Raises TooManyAttempts with the minutes to wait once the window's allowance is used up.
    """
    most, _ = settings.MINGQU_LIMITS[action]
    spent, until = add(action, subject, 1, at=at)
    if spent > most:
        minutes = max(1, -int(-(until - at).total_seconds() // 60))
        raise TooManyAttempts(minutes=minutes)


def add(action: str, subject: str, number: int, *, at: Instant) -> tuple[int, Instant]:
    """Count so many attempts at once; how many the window holds now, and when it is over."""
    _, seconds = settings.MINGQU_LIMITS[action]
    with connection.cursor() as cursor:
        cursor.execute(SPEND, [_key(action, subject), at, at + timedelta(seconds=seconds), number])
        spent, until = cursor.fetchone()
    return spent, until


def left(action: str, subject: str, *, at: Instant) -> int:
    """How often it may still be tried in the window; nothing is counted."""
    most, _ = settings.MINGQU_LIMITS[action]
    found = Allowance.objects.filter(key=_key(action, subject), until__gt=at)
    return max(0, most - (found.values_list("spent", flat=True).first() or 0))


def give_back(action: str, subject: str) -> None:
    """Undo one `spend`: the attempt was right, and right ones don't count towards a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE identity_allowance SET spent = spent - 1 WHERE key = %s AND spent > 0",
            [_key(action, subject)],
        )


def prune(at: Instant) -> int:
    """Delete windows that are over; how many."""
    return Allowance.objects.filter(until__lt=at).delete()[0]
