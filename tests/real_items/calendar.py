"""Last days counted from the published list of working days alone: nothing of the platform's clocks is used."""

import csv
from datetime import date, timedelta
from functools import cache

from mingqu.catalogue.imports.tests import counting

FILE = counting.DATA / "calendar_cn" / "cn_workday_2015_2026.csv"
ONE = timedelta(days=1)


@cache
def _working() -> dict[date, bool]:
    with FILE.open(encoding="utf-8") as lines:
        return {date.fromisoformat(row["date"]): row["is_workday"] == "1" for row in csv.DictReader(lines)}


def last_day(start: date, limit: int, unit: str) -> date:
    """
    The last day of a period that begins on the day after `start` (民法典 201): working days as the list has them,
    days as they come; one that ends on a day off ends on the next working day (203).
    """
    day = start
    if unit == "working_days":
        for _ in range(limit):
            day = _next_working(day)
        return day
    assert unit == "days", unit
    day = start + limit * ONE
    return day if _working()[day] else _next_working(day)


def _next_working(day: date) -> date:
    day += ONE
    while not _working()[day]:
        day += ONE
    return day
