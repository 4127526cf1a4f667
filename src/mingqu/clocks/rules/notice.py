"""
The files of the calendar: a holiday notice (from,to,kind,name) and the moving festivals.

A notice covers whole years. It is read as a whole or refused with the line: half a notice never gets in.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from importlib.resources import files

from mingqu.clocks.errors import NoticeSkipsYear, NoticeUnreadable
from mingqu.clocks.rules.calendar import Calendar, days_of
from mingqu.clocks.types import DayKind, MovingFestivals, SpecialDay

NOTICE_HEADER = ["from", "to", "kind", "name"]
LONGEST_RUN = 15  # days; the longest so far is 11 (2020 spring festival as prolonged)
NEIGHBOURS = timedelta(days=15)
SEED_VERSION = "2026.1"
SEED_SOURCE = "国务院办公厅历年节假日安排的通知（2004—2026年），据 chinesecalendar 1.11.0"
SEED_FROM, SEED_UNTIL = date(2004, 1, 1), date(2026, 12, 31)


def read_notice(lines: Iterable[str]) -> tuple[SpecialDay, ...]:
    """
    Every day a notice names, in order. Raises NoticeUnreadable with the first bad line: wrong header,
    dates that are none or run backwards, an unknown kind, a day named twice, a working day that is a
    working day anyway.
    """
    found: dict[date, SpecialDay] = {}
    for line, (first, last, kind, name) in _rows(lines):
        for day in days_of(first, last):
            if day in found:
                raise NoticeUnreadable(line=line, problem=f"{day} 重复")
            if kind is DayKind.MAKEUP and day.weekday() < 5:
                raise NoticeUnreadable(line=line, problem=f"{day} 本来就是工作日")
            found[day] = SpecialDay(day, kind, name)
    return tuple(found[day] for day in sorted(found))


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, tuple[date, date, DayKind, str]]]:
    table = csv.reader(lines)
    if [cell.strip().lstrip("\ufeff") for cell in next(table, [])] != NOTICE_HEADER:
        raise NoticeUnreadable(line=1, problem=f"首行应为 {','.join(NOTICE_HEADER)}")
    for row in table:
        line = table.line_num
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(NOTICE_HEADER) or not row[3].strip():
            raise NoticeUnreadable(line=line, problem="应有起、止、类别、名称四列")
        try:
            first, last, kind = date.fromisoformat(row[0]), date.fromisoformat(row[1]), DayKind(row[2])
        except ValueError as error:
            raise NoticeUnreadable(line=line, problem="日期或者类别无效") from error
        if not 0 <= (last - first).days < LONGEST_RUN:
            raise NoticeUnreadable(line=line, problem="起止日期颠倒或者过长")
        yield line, (first, last, kind, row[3].strip())


def merge(
    calendar: Calendar, year: int, notice: tuple[SpecialDay, ...]
) -> tuple[date, tuple[SpecialDay, ...]]:
    """
    (known until, all days) of the calendar with the notice of one year: the next one, or a known one anew.

    A notice may name days of the neighbouring Decembers and Januaries; everything else must lie in its
    year. Raises NoticeSkipsYear or NoticeUnreadable.
    """
    if not calendar.known_from.year <= year <= calendar.known_until.year + 1:
        raise NoticeSkipsYear(known_from=calendar.known_from, known_until=calendar.known_until)
    if not notice:
        raise NoticeUnreadable(line=2, problem="没有任何一天")
    first, last = date(year, 1, 1), date(year, 12, 31)
    for special in notice:
        if not first - NEIGHBOURS <= special.day <= last + NEIGHBOURS:
            raise NoticeUnreadable(line=2, problem=f"{special.day} 不在 {year} 年")
    held = {s.day: s for s in calendar.days if not first <= s.day <= last}
    held.update({s.day: s for s in notice})
    return max(calendar.known_until, last), tuple(held[day] for day in sorted(held))


def moving_festivals() -> tuple[MovingFestivals, ...]:
    """The table beside this package (2027–2099); computed, no official almanac, so always provisional."""
    table = csv.reader(_lines("festivals.csv"))
    next(table)
    return tuple(MovingFestivals(int(year), *map(date.fromisoformat, days)) for year, *days, _ in table)


def seed_calendar() -> Calendar:
    """The calendar the product is delivered with: the notices of 2004–2026."""
    return Calendar(
        SEED_VERSION, SEED_FROM, SEED_UNTIL, read_notice(_lines("calendar.csv")), moving_festivals()
    )


def _lines(name: str) -> list[str]:
    return (files("mingqu.clocks") / "data" / name).read_text(encoding="utf-8").splitlines()
