"""When an announced paper counts as served; pure."""

from datetime import date, timedelta

from mingqu.clocks.selectors import Calendar

DAYS = 30  # natural days from the announcement (民事诉讼法 95)


def deemed_served_on(posted_on: date, calendar: Calendar) -> date:
    """
    The thirtieth day after the announcement, its own day not counted; a day off: the next working day (民事诉讼法 85).
    What is served by it counts from this day, once the day is over.
    """
    return calendar.working_day_on_or_after(posted_on + timedelta(days=DAYS))


def over(deemed_on: date, today: date) -> bool:
    return today > deemed_on
