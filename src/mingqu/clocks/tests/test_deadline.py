"""Named cases of the deadline, each with the article it comes from."""

import timeit
from datetime import UTC, date, datetime, time, timedelta

import pytest

from mingqu.clocks.errors import PromiseTooLong
from mingqu.clocks.rules.deadline import (
    corresponding_day,
    deadline,
    time_compression_rate,
)
from mingqu.clocks.rules.explain import explain
from mingqu.clocks.tests.ledgers import CALENDAR, Ledger, day, noon, terms
from mingqu.clocks.tests.test_working_day_calendar import CELLS
from mingqu.clocks.types import (
    CORRECTION_NOTICE,
    DELIVERY,
    JOINT_LICENCE,
    LICENCE,
    Action,
    Approver,
    StartedBy,
    State,
    Unit,
)
from mingqu.kernel.legal_day import BEIJING, legal_day


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.mark.parametrize(("start", "number", "due"), CELLS)
def test_the_vectors_hold_for_clocks_as_for_the_calendar(start, number, due):
    assert Ledger().start(start, terms(number)).due() == day(due)


# Starting -------------------------------------------------------------------------------------------


def test_an_application_at_two_at_night_on_a_holiday_counts_from_the_next_working_day():
    """PRT-03: 2026-10-01 02:00 in Beijing is still 30 September in UTC; the start day is not counted."""
    filed = datetime(2026, 9, 30, 18, 0, tzinfo=UTC)
    start = legal_day(filed)
    ledger = Ledger().start(start, CORRECTION_NOTICE, recorded_at=filed)

    assert start == day("2026-10-01")
    assert ledger.due() == day("2026-10-13")
    assert [r.day for r in explain(ledger.entries, CALENDAR, filed).rows if r.number == 1] == [
        day("2026-10-08")
    ]


def test_what_comes_after_the_close_of_business_starts_on_the_next_day():
    """民法典 203: where there are business hours, the day ends with them."""
    closing, filed = time(17, 30), beijing("2026-09-18T18:00")
    start = legal_day(filed, closing)

    ledger = Ledger().start(start, terms(5, closing=closing), recorded_at=filed)

    assert start == day("2026-09-19")
    assert ledger.due() == day("2026-09-24")
    assert ledger.at(filed).due_at == beijing("2026-09-24T17:30")


def test_not_told_in_five_days_the_licence_clock_runs_from_the_day_the_materials_came():
    """行政许可法 32(4): entered after the five days, it takes effect on the day of receipt."""
    received, noticed = day("2026-09-18"), noon("2026-09-25")
    notice = Ledger().start(received, CORRECTION_NOTICE)
    deemed = terms(20, started_by=StartedBy.DEEMED_ACCEPTED)

    accepted = Ledger().start(received, deemed, recorded_at=noticed)

    assert notice.due() == day("2026-09-24")
    assert notice.at(noticed).state is State.OVERDUE
    assert accepted.due() == day("2026-10-22")
    assert accepted.at(noticed).elapsed == 5  # 20 is a working Sunday, 25 a holiday


@pytest.mark.parametrize(
    ("spec", "start", "due"),
    [
        (LICENCE, "2026-09-18", "2026-10-22"),
        (JOINT_LICENCE, "2026-09-18", "2026-11-26"),
        (CORRECTION_NOTICE, "2026-09-18", "2026-09-24"),
        (DELIVERY, "2026-09-18", "2026-10-09"),
    ],
)
def test_the_clocks_of_the_licence_law_have_its_limits(spec, start, due):
    """行政许可法 32(4), 42, 44."""
    assert Ledger().start(start, spec).due() == day(due)


# Days, months, years --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2026-08-31", 1, "2026-09-30"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-12-15", 1, "2027-01-15"),
    ],
)
def test_a_month_ends_on_the_corresponding_day_or_the_last_of_the_month(start, months, end):
    """民法典 202."""
    assert corresponding_day(day(start), months) == day(end)


@pytest.mark.parametrize(
    ("start", "limit", "unit", "due"),
    [
        ("2026-01-31", 1, Unit.MONTHS, "2026-02-28"),  # a working Saturday
        ("2025-02-28", 1, Unit.YEARS, "2026-02-28"),
        ("2026-09-01", 1, Unit.MONTHS, "2026-10-08"),  # 1 October is a holiday, until the 7th
        ("2026-09-18", 15, Unit.DAYS, "2026-10-08"),  # 3 October
        ("2026-11-06", 15, Unit.DAYS, "2026-11-23"),  # a Saturday
        ("2026-09-18", 2, Unit.DAYS, "2026-09-20"),  # a Sunday on which offices work
        ("2026-09-18", 3, Unit.DAYS, "2026-09-21"),
    ],
)
def test_a_last_day_of_rest_moves_to_the_next_day_of_work(start, limit, unit, due):
    """民法典 201, 202, 203."""
    assert Ledger().start(start, terms(limit, unit)).due() == day(due)


def test_a_month_that_was_paused_for_four_days_ends_four_days_later():
    ledger = Ledger().start("2026-03-02", terms(1, Unit.MONTHS)).pause("2026-03-10").resume("2026-03-14")

    assert ledger.due() == day("2026-04-07")  # 2 + 4 = the 6th, a holiday


def test_a_last_day_that_would_move_into_a_pause_comes_after_it():
    """The last unit falls on Saturday 21 November; the clock rests from Monday to Thursday."""
    ledger = Ledger().start("2026-11-06", terms(15, Unit.DAYS)).pause("2026-11-23").resume("2026-11-26")

    assert ledger.due() == day("2026-11-26")


def test_while_a_pause_hides_the_last_day_there_is_none():
    ledger = (
        Ledger()
        .start("2026-11-06", terms(15, Unit.DAYS))
        .pause("2026-11-23", expected_until=day("2026-11-27"))
    )

    found = ledger.at("2026-11-24")

    assert (found.state, found.due_on, found.due_at) == (State.PAUSED, None, None)
    assert found.projected_on == day("2026-11-27")
    assert ledger.at("2026-12-01").projected_on == day("2026-12-01")


def test_a_last_day_ends_at_midnight_and_not_before():
    """民法典 203, second paragraph."""
    ledger = Ledger().start("2026-09-18", terms(5))

    assert ledger.at(beijing("2026-09-24T23:59:59.999999")).state is State.RUNNING
    assert ledger.at(beijing("2026-09-25T00:00")).state is State.OVERDUE
    assert ledger.at(noon("2026-09-24")).due_at == beijing("2026-09-25T00:00")


def test_with_business_hours_the_last_day_ends_with_them():
    ledger = Ledger().start("2026-09-18", terms(5, closing=time(17, 30)))

    assert ledger.at(beijing("2026-09-24T17:29")).state is State.RUNNING
    assert ledger.at(beijing("2026-09-24T17:30")).state is State.OVERDUE


# Hours and minutes ----------------------------------------------------------------------------------


def test_hours_run_through_nights_and_holidays():
    """民法典 201, second paragraph; a limit of 24 hours is one turn of the clock, not three office days."""
    start = beijing("2026-09-30T16:30")
    ledger = Ledger().start("2026-09-30", terms(24, Unit.HOURS), at=start, recorded_at=start)

    assert ledger.at(start).due_at == beijing("2026-10-01T16:30")
    assert ledger.at(beijing("2026-10-01T16:30")).state is State.RUNNING
    assert ledger.at(beijing("2026-10-01T16:31")).state is State.OVERDUE
    assert ledger.at(beijing("2026-10-01T04:45")).elapsed == 12


def test_minutes_are_paused_to_the_instant():
    start = beijing("2026-11-20T09:00")
    ledger = Ledger().start("2026-11-20", terms(30, Unit.MINUTES), at=start, recorded_at=start)
    for action, minutes in ((Action.PAUSE, 10), (Action.RESUME, 25)):
        at = start + timedelta(minutes=minutes)
        told = {"ground": "testing", "proof": "n", "expected_until": day("2026-11-20")}
        ledger.write(action, "2026-11-20", at=at, recorded_at=at, **(told if action is Action.PAUSE else {}))

    found = ledger.at(start + timedelta(minutes=26))

    assert found.due_at == beijing("2026-11-20T09:45")
    assert (found.elapsed, found.remaining) == (11, 19)
    assert ledger.at(start + timedelta(minutes=50)).overdue_by == 5


def test_a_pause_at_the_very_instant_at_which_hours_run_out_comes_too_late():
    start = beijing("2026-11-20T09:00")
    ledger = Ledger().start("2026-11-20", terms(2, Unit.HOURS), at=start, recorded_at=start)
    end = start + timedelta(hours=2)
    ledger.pause("2026-11-20", at=end, recorded_at=end)

    assert ledger.at(end).due_at == end
    assert ledger.at(end + timedelta(minutes=1)).state is State.OVERDUE


def test_while_hours_are_paused_there_is_no_last_instant():
    start = beijing("2026-11-20T09:00")
    ledger = Ledger().start("2026-11-20", terms(4, Unit.HOURS), at=start, recorded_at=start)
    at = start + timedelta(hours=1)
    ledger.pause("2026-11-20", at=at, recorded_at=at, expected_until=day("2026-11-23"))

    found = ledger.at(start + timedelta(hours=9))

    assert (found.state, found.due_on, found.due_at, found.elapsed) == (State.PAUSED, None, None, 1)
    assert found.projected_on == day("2026-11-24")


# Pauses, extension, stop ----------------------------------------------------------------------------


def test_time_of_a_hearing_is_not_counted():
    """行政许可法 45: paused on Monday, resumed on Thursday = three working days."""
    ledger = Ledger().start("2026-03-02", terms(20)).pause("2026-03-09").resume("2026-03-12")

    assert CALENDAR.add_working_days(day("2026-03-02"), 20) == day("2026-03-30")
    assert ledger.due() == day("2026-04-02")


def test_a_clock_paused_on_its_last_day_has_that_day_left_when_it_resumes():
    ledger = Ledger().start("2026-11-02", terms(5)).pause("2026-11-09")

    assert ledger.at("2026-11-30").state is State.PAUSED
    assert ledger.at("2026-11-30").remaining == 1
    assert ledger.resume("2026-12-01").due() == day("2026-12-01")


def test_a_pause_after_the_last_day_does_not_undo_that_it_was_missed():
    ledger = Ledger().start("2026-11-02", terms(5)).pause("2026-11-11")

    found = ledger.at("2026-11-20")

    assert (found.state, found.due_on) == (State.OVERDUE, day("2026-11-09"))
    assert found.overdue_by == 1  # the 10th; then the pause
    assert found.paused_since == day("2026-11-11")


def test_an_extension_while_paused_is_lawful_and_adds_its_days():
    ledger = (
        Ledger().start("2026-03-02", terms(20)).pause("2026-03-09").extend("2026-03-10").resume("2026-03-12")
    )

    assert ledger.due() == CALENDAR.add_working_days(day("2026-03-02"), 33)


def test_twenty_days_extended_by_ten_are_thirty():
    """行政许可法 42, first paragraph."""
    ledger = Ledger().start("2026-02-10", LICENCE).extend("2026-03-16")

    assert ledger.due() == day("2026-03-30")


def test_forty_five_days_extended_by_fifteen_are_sixty():
    """行政许可法 42, second paragraph."""
    ledger = Ledger().start("2026-02-10", JOINT_LICENCE)
    ledger.extend("2026-04-21", limit=15, approver=Approver.GOVERNMENT_HEAD)

    assert ledger.due() == CALENDAR.add_working_days(day("2026-02-10"), 60)


def test_a_clock_stopped_in_a_pause_is_in_time_and_counts_no_more():
    ledger = Ledger().start("2026-03-02", terms(20)).pause("2026-03-09").stop("2026-06-09")

    found = ledger.at("2026-12-01")

    assert (found.state, found.in_time, found.elapsed) == (State.STOPPED, True, 5)
    assert found.due_on == CALENDAR.add_working_days(day("2026-06-08"), 16)


@pytest.mark.parametrize(("on", "in_time", "late_by"), [("2026-11-09", True, 0), ("2026-11-11", False, 2)])
def test_a_stop_says_whether_it_was_in_time(on, in_time, late_by):
    found = Ledger().start("2026-11-02", terms(5)).stop(on).at("2026-12-01")

    assert (found.in_time, found.overdue_by) == (in_time, late_by)


def test_before_its_first_counted_day_nothing_has_elapsed():
    ledger = Ledger().start("2026-11-02", terms(5))

    assert [ledger.at(d).elapsed for d in ("2026-10-01", "2026-11-02", "2026-11-03")] == [0, 0, 1]


# The calendar's end ---------------------------------------------------------------------------------


def test_a_deadline_past_the_published_calendar_is_provisional():
    ledger = Ledger().start("2026-12-20", terms(20))

    assert ledger.at("2026-12-21").provisional
    assert not Ledger().start("2026-12-01", terms(20)).at("2026-12-21").provisional


def test_days_of_a_month_are_provisional_only_where_a_day_of_rest_decides():
    """31 December 2026 is a working day that is known; 1 January 2027 needs the notice."""
    assert not Ledger().start("2026-11-30", terms(31, Unit.DAYS)).at("2026-12-01").provisional
    assert Ledger().start("2026-12-01", terms(31, Unit.DAYS)).at("2026-12-01").provisional


# Promise --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statutory", "given", "rate"), [(20, 8, 0.6), (20, 20, 0.0), (20, 0, 1.0), (45, 9, 0.8)]
)
def test_the_time_compression_rate_is_the_share_saved(statutory, given, rate):
    """CAS-10: 时限压缩率 = (法定 − 承诺) / 法定."""
    assert time_compression_rate(statutory, given) == pytest.approx(rate)


def test_there_is_no_rate_without_limits_that_make_sense():
    with pytest.raises(PromiseTooLong):
        time_compression_rate(20, 21)
    for statutory, given in ((0, 0), (20, -1)):
        with pytest.raises(ValueError, match="a rate needs"):
            time_compression_rate(statutory, given)


# Speed ----------------------------------------------------------------------------------------------


def test_forty_five_days_with_pauses_take_less_than_a_millisecond():
    ledger = (
        Ledger()
        .start("2026-02-10", JOINT_LICENCE)
        .pause("2026-03-02")
        .resume("2026-03-12")
        .pause("2026-03-20")
    )
    ledger.resume("2026-03-26")
    at = noon("2026-04-01")

    seconds = min(timeit.repeat(lambda: deadline(ledger.entries, CALENDAR, at), number=20, repeat=5)) / 20

    assert seconds < 0.001


def test_a_deadline_is_a_date_in_beijing_wherever_the_server_stands():
    ledger = Ledger().start("2026-09-18", terms(5))
    asked = datetime(2026, 9, 24, 16, 30, tzinfo=UTC)  # already the 25th in Beijing

    assert ledger.at(asked).state is State.OVERDUE
    assert isinstance(ledger.at(asked).due_on, date)
