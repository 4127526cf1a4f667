"""Which cases and days are looked at again every night."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from mingqu.cases import selectors as cases

PLACES, AT_EACH = 20, 25
BACK = 400  # days
DAYS = 3


def sample(day: date) -> tuple[list[UUID], list[date]]:
    """Some cases from places all over the last year, and some days, yesterday with them; the same all day long."""
    dice = Random(day.isoformat())  # noqa: S311  nothing depends on who can guess it
    found: dict[UUID, None] = {}
    for _ in range(PLACES):
        then = datetime.combine(day - timedelta(days=dice.randrange(BACK)), time(), UTC)
        begins = UUID(int=int(then.timestamp() * 1000) << 80 | 7 << 76)  # ids are in the order of time
        found |= dict.fromkeys(cases.case_ids(after=begins, limit=AT_EACH))
    days = [day - timedelta(days=1), *(day - timedelta(days=dice.randrange(2, BACK)) for _ in range(DAYS))]
    return sorted(found), days
