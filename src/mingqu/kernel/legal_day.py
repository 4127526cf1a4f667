"""From an instant to a date, the only way (design section 4 rule 6)."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from mingqu.kernel.types import Instant

BEIJING = ZoneInfo("Asia/Shanghai")


def legal_day(instant: Instant, closing: time | None = None) -> date:
    """
    The day in Beijing on which something done at `instant` counts.

    With `closing`, what comes at or after the close of business counts on the next calendar day
    (民法典 203: where there are business hours, the last day ends with them).
    Raises ValueError for an instant without offset.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs an offset")
    local = instant.astimezone(BEIJING)
    day = date(local.year, local.month, local.day)
    if closing is not None and local.time() >= closing:
        return day + timedelta(days=1)
    return day
