"""
How connections are doing. Several failures one after another, and a connection rests for a minute, so that a system
that is down is not run over by everything that waits for it; after the rest it is tried again.
"""

from datetime import timedelta
from typing import Final

from mingqu.exchange.models import Connection
from mingqu.exchange.types import Answer
from mingqu.kernel.types import Instant

TOLERATED: Final = 5
REST: Final = timedelta(minutes=1)
MOST: Final = 1000


def resting(name: str, at: Instant) -> bool:
    return Connection.objects.filter(name=name, rests_until__gt=at).exists()


def note(name: str, answer: Answer, at: Instant) -> None:
    """Count what went wrong in a row; one good answer forgets it."""
    good = answer.outcome in {"taken", "refused"}
    row, _made = Connection.objects.get_or_create(name=name)
    if good:
        row.failures, row.rests_until, row.last_good_at = 0, None, at
    else:
        row.failures = min(row.failures + 1, MOST)
        row.last_reason, row.last_failed_at = answer.reason[:60], at
        if row.failures >= TOLERATED:
            row.rests_until = at + REST
    row.save()
