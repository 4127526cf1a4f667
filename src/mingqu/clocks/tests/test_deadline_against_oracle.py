"""Random clocks: the deadline that is counted, the one that is explained and a plain second opinion agree."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mingqu.clocks.errors import ClockRefusal
from mingqu.clocks.rules.deadline import Span, admit, after_pause, check_whole, due_on, evaluate
from mingqu.clocks.rules.explain import explain
from mingqu.clocks.rules.ledger import apply, replay
from mingqu.clocks.tests.ledgers import CALENDAR, Ledger, noon, terms, with_limit
from mingqu.clocks.tests.oracle import Story, works
from mingqu.clocks.types import Unit

DAY = timedelta(days=1)
DAY_UNITS = [Unit.WORKING_DAYS, Unit.DAYS, Unit.MONTHS, Unit.YEARS]
MOST = {Unit.WORKING_DAYS: 60, Unit.DAYS: 90, Unit.MONTHS: 6, Unit.YEARS: 1}
EXTEND_BY = {Unit.WORKING_DAYS: 5, Unit.DAYS: 10, Unit.MONTHS: 2, Unit.YEARS: 1}


@dataclass
class Told:
    """A ledger that was allowed, the same as a story for the oracle, and the day of asking."""

    ledger: Ledger
    story: Story
    today: date


EVERY_STEP = ("pause", "resume", "pause", "resume", "extend", "stop")


def steps(whats):
    """Days since the step before, and what is tried, allowed or not."""
    return st.tuples(st.integers(0, 15), st.sampled_from(whats))


@st.composite
def told(draw, most_steps=8, whats=EVERY_STEP) -> Told:
    """
    Any start of 2015 to 2022 and any steps; a step that the clock refuses is not in the story.

    What is refused is checked here against the story too: a pause while paused, a resume while running,
    a second extension, one after the last day, anything after the stop.
    """
    unit = draw(st.sampled_from(DAY_UNITS))
    limit = draw(st.integers(1, MOST[unit]))
    day = draw(st.dates(date(2015, 1, 1), date(2022, 12, 31)))
    ledger = Ledger().start(day, terms(limit, unit))
    story = Story(unit.value, day, limit, [])
    for gap, what in draw(st.lists(steps(whats), max_size=most_steps)):
        day += gap * DAY
        allowed = may(story, what, day)
        try:
            write(ledger, what, day, unit)
        except ClockRefusal:
            assert not allowed, f"{what} on {day} was refused"
        else:
            assert allowed, f"{what} on {day} was let through"
            story.events.append((day, what, EXTEND_BY[unit] if what == "extend" else 0))
    return Told(ledger, story, day + draw(st.integers(-30, 120)) * DAY)


def may(story: Story, what: str, day: date) -> bool:
    done = [w for _, w, _ in story.events]
    if "stop" in done:
        return False
    if what == "extend":
        due = story.due()
        return "extend" not in done and (due is None or day <= due)
    if what == "stop":
        return True
    return story.is_open() is (what == "resume")


def write(ledger: Ledger, what: str, day: date, unit: str) -> None:
    if what == "extend":
        ledger.extend(day, limit=EXTEND_BY[Unit(unit)])
    else:
        getattr(ledger, what)(day)


def agree(case: Told) -> None:
    found, story = case.ledger.at(case.today), case.story
    assert found.due_on == story.due()
    assert found.total == story.total()
    assert found.elapsed == story.used(case.today)
    assert found.remaining == found.total - found.elapsed
    assert found.state.value == story.state(case.today)


@given(told())
def test_counting_agrees_with_walking_day_by_day(case):
    agree(case)


@pytest.mark.long
@settings(max_examples=5000)
@given(told(most_steps=14))
def test_counting_agrees_with_walking_day_by_day_many_times(case):
    agree(case)


@given(told())
def test_adding_then_explaining_agrees(case):
    """The explanation walks on its own: it must end on the due day with the last unit counted."""
    explained = explain(case.ledger.entries, CALENDAR, noon(case.today))
    found, rows = explained.deadline, explained.rows

    assert [row.day for row in rows] == [rows[0].day + n * DAY for n in range(len(rows))]
    assert [row.number for row in rows if row.counted] == list(range(1, sum(r.counted for r in rows) + 1))
    if found.due_on is not None:
        assert rows[-1].day == found.due_on
        assert sum(row.counted for row in rows) == found.total
        assert works(found.due_on)


@given(told())
def test_writing_one_entry_after_another_gives_what_reading_them_all_gives(case):
    clock = None
    for number, entry in enumerate(case.ledger.entries):
        admitted = admit(case.ledger.entries[:number], entry, CALENDAR)
        clock = apply(clock, entry)
        assert clock == admitted == replay(case.ledger.entries[: number + 1])
    assert evaluate(clock, CALENDAR, noon(case.today)) == case.ledger.at(case.today)
    assert check_whole(case.ledger.entries, CALENDAR) == clock


@given(told())
def test_the_stored_due_date_is_the_one_of_the_deadline_on_any_day(case):
    stored = due_on(replay(case.ledger.entries), CALENDAR)

    assert {case.ledger.at(case.today + n * DAY).due_on for n in (-400, 0, 400)} == {stored}


@given(told(), st.integers(1, 30))
def test_a_longer_limit_never_ends_earlier(case, more):
    start, *others = case.ledger.entries
    longer = case.ledger.copy()
    longer.entries = [replace(start, spec=with_limit(start.spec, start.spec.limit + more)), *others]
    here, there = case.ledger.at(case.today), longer.at(case.today)

    assert there.projected_on >= here.projected_on
    assert there.total > here.total


@given(told(whats=["pause", "resume"]), st.integers(1, 10))
def test_an_extension_adds_exactly_its_units(case, units):
    found, last = case.ledger.at(case.today), case.ledger.entries[-1].day
    assume(found.due_on is None or last <= found.due_on)
    units = min(units, EXTEND_BY[found.unit])

    extended = case.ledger.copy().extend(last, limit=units)

    story = Story(case.story.unit, case.story.start, case.story.limit + units, case.story.events)
    assert extended.at(case.today).due_on == story.due()
    assert extended.at(case.today).total == story.total() > found.total


@given(told(), st.integers(0, 400))
def test_a_stopped_clock_says_the_same_for_ever(case, later):
    last = case.ledger.entries[-1].day
    if case.story.stopped() is None:
        case.ledger.stop(last)
    stopped = case.story.stopped() or last

    assert case.ledger.at(stopped + later * DAY) == case.ledger.at(stopped)
    assert case.ledger.at(stopped).state == "stopped"


@given(told(whats=["pause", "resume", "extend"]), st.sampled_from(["hearing", "testing"]))
def test_a_pause_resumed_on_its_own_day_changes_nothing(case, ground):
    assume(not case.story.is_open())
    last = case.ledger.entries[-1].day
    before = case.ledger.at(case.today)

    after = case.ledger.copy().pause(last, ground=ground).resume(last).at(case.today)

    assert after == before


@given(told())
def test_elapsed_time_only_grows(case):
    used = [case.ledger.at(case.today + n * DAY).elapsed for n in range(0, 60, 7)]

    assert used == sorted(used)


@given(
    st.dates(date(2015, 1, 1), date(2025, 6, 30)), st.integers(1, 60), st.integers(0, 90), st.integers(0, 60)
)
def test_a_pause_moves_the_deadline_by_as_many_working_days_as_it_takes(start, limit, after, days):
    """The heart of 行政许可法 45: what the special procedure takes is what the organ gets back."""
    ledger = Ledger().start(start, terms(limit))
    due, since = ledger.due(), start + after * DAY
    assume(start < since <= due)

    ledger.pause(since).resume(since + days * DAY)

    lost = sum(works(since + n * DAY) for n in range(days))
    assert ledger.due() == CALENDAR.add_working_days(due, lost)


@given(
    st.dates(date(2015, 1, 1), date(2022, 12, 31)), st.integers(1, 20), st.integers(0, 40), st.integers(0, 40)
)
def test_a_step_that_stood_still_has_its_working_days_outside_the_pause(opened, limit, until_pause, long):
    due = CALENDAR.add_working_days(opened, limit)
    pause = Span(opened + until_pause * DAY, opened + (until_pause + long) * DAY)

    day, left = opened, limit
    while left:
        day += DAY
        left -= works(day) and not pause.since <= day < pause.until

    over_before = due < pause.since
    assert after_pause(CALENDAR, opened, due, pause) == (due if over_before else day)
