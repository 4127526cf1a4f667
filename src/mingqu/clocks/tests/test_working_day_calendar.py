"""Which days count: the published years, the estimate after them, and the files they come from."""

import csv
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.clocks.errors import NoticeUnreadable
from mingqu.clocks.rules.calendar import Calendar
from mingqu.clocks.rules.notice import moving_festivals, read_notice, seed_calendar
from mingqu.clocks.types import DayKind, SpecialDay, Why

CALENDAR = seed_calendar()
VECTORS = {
    "2026-02-10": ("02-24", "03-02", "03-16", "03-30", "04-21"),
    "2026-04-29": ("05-09", "05-15", "05-29", "06-12", "07-06"),
    "2026-09-18": ("09-24", "10-09", "10-22", "11-05", "11-26"),
    "2026-09-30": ("10-13", "10-20", "11-03", "11-17", "12-08"),
}
CELLS = [
    (start, number, f"2026-{due}")
    for start, row in VECTORS.items()
    for number, due in zip((5, 10, 20, 30, 45), row, strict=True)
]


@pytest.mark.parametrize(("start", "number", "due"), CELLS)
def test_the_published_vectors_come_out(start, number, due):
    assert CALENDAR.add_working_days(date.fromisoformat(start), number) == date.fromisoformat(due)


def test_holidays_and_working_weekends_of_2026_are_as_the_notice_says():
    holidays = {"01-01": 3, "02-15": 9, "04-04": 3, "05-01": 5, "06-19": 3, "09-25": 3, "10-01": 7}
    working = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]

    of_the_year = sorted((one.day, one.kind) for one in CALENDAR.days if one.day.year == 2026)
    off = {
        date.fromisoformat(f"2026-{first}") + timedelta(days=n)
        for first, count in holidays.items()
        for n in range(count)
    }

    assert {day for day, kind in of_the_year if kind is DayKind.HOLIDAY} == off
    assert [f"{day:%m-%d}" for day, kind in of_the_year if kind is DayKind.MAKEUP] == working


def shared_calendar() -> Path:
    folders = [os.environ.get("MINGQU_DATA"), Path(__file__).parents[5] / "shared" / "data"]
    for folder in folders:
        if folder and (file := Path(folder) / "calendar_cn" / "cn_workday_2015_2026.csv").exists():
            return file
    pytest.skip("no shared data")


def test_every_day_of_2015_to_2026_agrees_with_the_shared_table():
    with shared_calendar().open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    wrong = [
        row["date"]
        for row in rows
        if CALENDAR.working_day(date.fromisoformat(row["date"])) != (row["is_workday"] == "1")
    ]

    assert len(rows) == 4383
    assert wrong == []


@pytest.mark.parametrize(
    ("on", "working", "why", "text"),
    [
        ("2026-09-18", True, Why.COUNTED, "工作日"),
        ("2026-09-19", False, Why.WEEKEND, "星期六"),
        ("2026-09-20", True, Why.MAKEUP, "国庆节调休上班"),
        ("2026-10-01", False, Why.HOLIDAY, "国庆节"),
        ("2026-11-22", False, Why.WEEKEND, "星期日"),
    ],
)
def test_each_day_says_why_it_counts_or_not(on, working, why, text):
    fact = CALENDAR.fact(date.fromisoformat(on))

    assert (fact.working, fact.why, fact.text, fact.provisional) == (working, why, text, False)


@given(start=st.dates(date(2004, 1, 1), date(2030, 12, 31)), number=st.integers(0, 400))
def test_adding_working_days_agrees_with_counting_them_one_by_one(start, number):
    day, left = start, number
    while left:
        day += timedelta(days=1)
        left -= CALENDAR.working_day(day)

    assert CALENDAR.add_working_days(start, number) == day
    assert CALENDAR.working_days_between(start, day) == number


@given(st.dates(date(2004, 1, 1), date(2060, 12, 31)))
def test_the_next_working_day_is_working_and_none_lies_between(day):
    following = CALENDAR.next_working_day(day)

    assert following > day
    assert CALENDAR.working_day(following)
    assert CALENDAR.working_days_between(day, following) == 1
    assert CALENDAR.working_day_on_or_after(day) == (day if CALENDAR.working_day(day) else following)


def test_working_days_are_never_subtracted():
    with pytest.raises(ValueError, match="only added"):
        CALENDAR.add_working_days(date(2026, 9, 18), -1)
    assert CALENDAR.working_days_between(date(2026, 9, 18), date(2026, 9, 1)) == 0


def test_after_the_published_years_the_laws_own_festivals_count_and_are_provisional():
    """Art. 2 of 2024: 1 + 4 + 1 + 2 + 1 + 1 + 3 days; art. 6: a festival on a weekend is made up."""
    off = [s for s in CALENDAR._special.values() if s.day.year == 2027 and "补假" not in s.name]
    made_up = sorted(s.day for s in CALENDAR._special.values() if s.day.year == 2027 and "补假" in s.name)

    assert len(off) == 13
    assert {s.name for s in off} == {"元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"}
    assert made_up == [date(2027, m, d) for m, d in ((2, 9), (2, 10), (5, 3), (5, 4), (10, 4), (10, 5))]
    assert CALENDAR.fact(date(2027, 2, 5)).provisional
    assert not CALENDAR.provisional(date(2026, 12, 31))
    assert CALENDAR.provisional(date(2003, 12, 31))


@pytest.mark.parametrize("year", range(2027, 2100))
def test_every_estimated_year_gives_as_many_weekdays_off_as_it_has_festival_days(year):
    off = [s.day for s in CALENDAR._special.values() if s.day.year == year]
    weekdays = [d for d in off if d.weekday() < 5]
    festival_days = {s.day for s in CALENDAR._special.values() if s.day.year == year and "补假" not in s.name}

    assert len(weekdays) == len(festival_days)
    assert 12 <= len(festival_days) <= 13  # 12 where mid-autumn falls on a national day


def test_festivals_that_follow_the_moon_lie_where_they_can():
    for f in moving_festivals():
        assert date(f.year, 1, 20) <= f.spring_festival <= date(f.year, 2, 21)
        assert date(f.year, 4, 3) <= f.qingming <= date(f.year, 4, 6)
        assert date(f.year, 5, 25) <= f.dragon_boat <= date(f.year, 6, 26)
        assert date(f.year, 9, 6) <= f.mid_autumn <= date(f.year, 10, 9)
    assert [f.year for f in moving_festivals()] == list(range(2027, 2100))


def test_a_published_day_beats_the_estimate():
    published = SpecialDay(date(2027, 2, 9), DayKind.HOLIDAY, "春节")
    calendar = Calendar(
        "2027.1", date(2004, 1, 1), date(2027, 12, 31), (*CALENDAR.days, published), moving_festivals()
    )

    assert calendar.fact(date(2027, 2, 9)).text == "春节"
    assert not calendar.provisional(date(2027, 2, 9))
    assert calendar.working_day(date(2027, 2, 10))  # no longer estimated
    assert calendar.provisional(date(2028, 1, 1))


def test_two_calendars_are_the_same_when_their_versions_are():
    assert seed_calendar() == CALENDAR
    assert hash(seed_calendar()) == hash(CALENDAR)
    assert Calendar("other", CALENDAR.known_from, CALENDAR.known_until, ()) != CALENDAR


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("date,name\n", 1),
        ("from,to,kind,name\n2027-01-01,2027-01-03,holiday\n", 2),
        ("from,to,kind,name\n2027-01-01,2027-01-03,feast,元旦\n", 2),
        ("from,to,kind,name\n2027-13-01,2027-01-03,holiday,元旦\n", 2),
        ("from,to,kind,name\n2027-01-03,2027-01-01,holiday,元旦\n", 2),
        ("from,to,kind,name\n2027-01-01,2027-02-01,holiday,元旦\n", 2),
        ("from,to,kind,name\n2027-01-01,2027-01-03,holiday,\n", 2),
        ("from,to,kind,name\n2027-01-01,2027-01-02,holiday,元旦\n\n2027-01-02,2027-01-02,holiday,元旦\n", 4),
        ("from,to,kind,name\n2027-01-04,2027-01-04,makeup_workday,元旦\n", 2),
    ],
)
def test_a_notice_with_a_bad_line_is_refused_and_names_it(text, line):
    with pytest.raises(NoticeUnreadable) as refused:
        read_notice(text.splitlines())

    assert refused.value.params["line"] == line


def test_a_notice_from_a_spreadsheet_program_is_read_with_its_byte_order_mark():
    days = read_notice(["\ufefffrom,to,kind,name", "2027-01-01,2027-01-03,holiday,元旦"])

    assert [d.day.day for d in days] == [1, 2, 3]
