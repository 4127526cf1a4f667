"""A promise in another unit than the law's: on which days it would end later, and that it never does."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.clocks.rules.deadline import due_on, evaluate
from mingqu.clocks.rules.explain import explain
from mingqu.clocks.rules.ledger import replay
from mingqu.clocks.rules.promise import can_end_later, kept_within
from mingqu.clocks.tests.ledgers import CALENDAR, Ledger, day, noon
from mingqu.clocks.tests.oracle import Story
from mingqu.clocks.types import SPECIAL_PROCEDURES, ClockSpec, Kind, Unit

DAY = timedelta(days=1)
PERIODS = st.one_of(
    st.tuples(st.integers(1, 40), st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS])),
    st.tuples(st.integers(1, 3), st.just(Unit.MONTHS)),
)


def law(limit: int, unit: Unit = Unit.WORKING_DAYS) -> ClockSpec:
    return ClockSpec(Kind.STATUTORY, limit, unit, pauses=SPECIAL_PROCEDURES)


def promise(limit: int, unit: Unit = Unit.WORKING_DAYS) -> ClockSpec:
    return ClockSpec(Kind.PROMISED, limit, unit, pauses=SPECIAL_PROCEDURES)


@pytest.mark.parametrize(
    ("statutory", "promised", "example"),
    [
        (law(20), promise(20), None),
        (law(20), promise(21), "2026-01-01"),
        (law(7, Unit.DAYS), promise(1), None),
        (law(7, Unit.DAYS), promise(3), "2026-02-13"),
        (law(30, Unit.DAYS), promise(20), "2026-01-21"),
        (law(20), promise(3, Unit.MONTHS), "2026-01-01"),
        (law(20), promise(20, Unit.DAYS), None),
        (law(3, Unit.MONTHS), promise(20), None),
        (law(5), promise(120, Unit.HOURS), None),
        (law(5), promise(121, Unit.HOURS), "2026-01-01"),
        (law(2, Unit.HOURS), promise(121, Unit.MINUTES), "2026-01-01"),
        (law(2, Unit.HOURS), promise(120, Unit.MINUTES), None),
        (law(48, Unit.HOURS), promise(1, Unit.DAYS), "2026-01-01"),
    ],
)
def test_a_promise_that_can_end_after_the_law_is_found_with_a_day(statutory, promised, example):
    found = can_end_later(statutory, promised, CALENDAR)

    assert found == (example and day(example))


def test_what_fits_in_the_published_years_but_not_over_a_longer_rest_is_found_too():
    """Two working days and twelve days: a rest of eleven days has not been yet."""
    year = [date(2026, 1, 1) + n * DAY for n in range(365)]
    statutory, promised = law(12, Unit.DAYS), promise(2)
    assert not any(ends(promised, one) > ends(statutory, one) for one in year)

    found = can_end_later(statutory, promised, CALENDAR)
    assert found is not None and found.year > 2100


def ends(spec: ClockSpec, start: date) -> date:
    return due_on(replay(Ledger().start(start, spec).entries), CALENDAR)


@given(
    PERIODS,
    PERIODS,
    st.dates(date(2015, 1, 1), date(2023, 12, 31)),
    st.lists(st.integers(0, 15), max_size=4),
    st.integers(-10, 120),
)
def test_the_last_day_of_a_promise_is_the_earlier_of_two_that_are_walked_day_by_day(
    most, ours, start, gaps, later
):
    spec = kept_within(promise(*ours), law(*most))
    ledger, events, on = Ledger().start(start, spec), [], start
    for number, gap in enumerate(gaps):
        on += gap * DAY
        due = due_on(replay(ledger.entries), CALENDAR)
        if due is not None and on > due:
            break
        what = "resume" if number % 2 else "pause"
        getattr(ledger, what)(on)
        events.append((on, what, 0))
    told = [Story(unit.value, start, limit, events) for limit, unit in (ours, most)]
    if ours[1] is most[1]:
        told = [replace(told[0], limit=min(ours[0], most[0]))]
    dues = [due for story in told if (due := story.due()) is not None]

    found = evaluate(replay(ledger.entries), CALENDAR, noon(start + later * DAY))
    assert found.due_on == (min(dues) if dues else None)
    explained = explain(ledger.entries, CALENDAR, noon(start + later * DAY))
    if found.due_on is not None:
        assert explained.rows[-1].day == found.due_on
        assert sum(row.counted for row in explained.rows) == found.total
