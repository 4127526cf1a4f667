"""
What the law alone gives for years whose holiday notice has not been published.

Source: 全国年节及纪念日放假办法 (2024-11-10), art. 2 (13 days for all citizens) and art. 6 (a festival day on
a Saturday or Sunday is made up on a working day). Which working day is the State Council's choice; we take
the next one. Art. 7 (days shifted between weekends) can't be foreseen. So every result is an estimate.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from mingqu.clocks.types import DayKind, MovingFestivals, SpecialDay

DAY = timedelta(days=1)
SATURDAY = 5


def festivals_of(moving: MovingFestivals) -> dict[date, str]:
    """Art. 2: 1 + 4 + 1 + 2 + 1 + 1 + 3 days. Two festivals on one day give one day off."""
    year, first = moving.year, moving.spring_festival
    days = {date(year, 10, n): "国庆节" for n in (1, 2, 3)}
    days[moving.mid_autumn] = "中秋节"
    days[moving.dragon_boat] = "端午节"
    days.update({date(year, 5, n): "劳动节" for n in (1, 2)})
    days[moving.qingming] = "清明节"
    days.update({first + n * DAY: "春节" for n in (-1, 0, 1, 2)})
    days[date(year, 1, 1)] = "元旦"
    return days


def estimate(moving: Iterable[MovingFestivals], after: date) -> tuple[SpecialDay, ...]:
    """The days of rest later than `after`, made-up days (补假) included, in order."""
    found: dict[date, str] = {}
    for year in moving:
        festivals = festivals_of(year)
        found.update(festivals)
        for day in sorted(festivals):
            if day.weekday() >= SATURDAY:
                found[_next_free_weekday(day, found)] = f"{festivals[day]}补假"
    return tuple(SpecialDay(day, DayKind.HOLIDAY, found[day]) for day in sorted(found) if day > after)


def _next_free_weekday(day: date, taken: dict[date, str]) -> date:
    while day.weekday() >= SATURDAY or day in taken:
        day += DAY
    return day
