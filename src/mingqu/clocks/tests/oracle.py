"""
A second opinion, as slow and plain as possible: one day at a time, in the order in which things happen.

It knows nothing of `rules`; whether offices work on a day comes from the `chinese_calendar` package, and
the corresponding day of a later month is found by trying.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

ONE = timedelta(days=1)


def works(day: date) -> bool:
    return chinese_calendar.is_workday(day)


def same_day_of_month(start: date, months: int) -> date:
    year, month = start.year, start.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    for number in range(start.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def length(unit: str, start: date, limit: int) -> int:
    """How many days (working or plain) a period is, counted from the day after its start."""
    if unit in ("working_days", "days"):
        return limit
    end = same_day_of_month(start, limit * (12 if unit == "years" else 1))
    days = 0
    while start < end:
        start += ONE
        days += 1
    return days


@dataclass
class Story:
    """What happened to one clock: (day, what, how much). Told day by day."""

    unit: str
    start: date
    limit: int
    events: list[tuple[date, str, int]]

    def counts(self, day: date, paused: bool) -> bool:
        return not paused and (self.unit != "working_days" or works(day))

    def paused_on(self, day: date) -> bool:
        """A day that ends with the clock at rest is not counted, unless it stops on that day."""
        paused = False
        for on, what, _ in self.events:
            if on <= day and what in ("pause", "resume", "stop"):
                paused = what == "pause"
        return paused

    def is_open(self) -> bool:
        return [what for _, what, _ in self.events if what in ("pause", "resume", "stop")][-1:] == ["pause"]

    def total(self) -> int:
        more = sum(amount for _, what, amount in self.events if what == "extend")
        return length(self.unit, self.start, self.limit + more)

    def due(self) -> date | None:
        """The last day; None if an open pause begins before it."""
        day, left = self.start, self.total()
        while True:
            day += ONE
            paused = self.paused_on(day)
            if left and self.counts(day, paused):
                left -= 1
            if not left and works(day) and not paused:
                return day
            if paused and self.is_open() and day >= max(on for on, _, _ in self.events):
                return None

    def stopped(self) -> date | None:
        return next((on for on, what, _ in self.events if what == "stop"), None)

    def used(self, today: date) -> int:
        day, number = self.start, 0
        while day < (self.stopped() or today):
            day += ONE
            number += self.counts(day, self.paused_on(day))
        return min(number, self.total())

    def state(self, today: date) -> str:
        due = self.due()
        if self.stopped():
            return "stopped"
        if due is not None and today > due:
            return "overdue"
        return "paused" if self.is_open() else "running"
