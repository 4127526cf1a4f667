"""The tables of states, times of a day, and how long somebody waits."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.hall import rules
from mingqu.hall.errors import BookingSettled, NumberMovedOn, OpeningWrong
from mingqu.hall.rules import Opening

ACTS = ["call", "call_again", "skip", "recall", "transfer", "finish", "end_day"]


@given(st.lists(st.sampled_from(ACTS), max_size=12))
def test_a_number_goes_only_where_the_table_leads_and_what_has_ended_stays(acts):
    state = "waiting"
    for act in acts:
        try:
            after = rules.number_after(state, act)
        except NumberMovedOn:
            continue
        assert rules.NUMBER[state][act] == after
        assert state not in {"done", "gone"}
        state = after
    assert state in rules.NUMBER


@pytest.mark.parametrize("state", ["checked_in", "cancelled", "missed"])
@pytest.mark.parametrize("act", ["move", "cancel", "check_in", "end_day"])
def test_what_became_of_an_appointment_is_not_changed(state, act):
    with pytest.raises(BookingSettled):
        rules.booking_after(state, act)


def test_a_day_is_cut_into_whole_slots():
    assert rules.times_of(Opening(time(9), time(10, 10), 30, 2)) == [
        (time(9), time(9, 30)),
        (time(9, 30), time(10)),
    ]


@pytest.mark.parametrize(
    "openings",
    [
        [Opening(time(10), time(9), 30, 1)],
        [Opening(time(9), time(12), 0, 1)],
        [Opening(time(9), time(12), 30, 0)],
        [Opening(time(9), time(9, 20), 30, 1)],
        [Opening(time(9), time(11), 30, 1), Opening(time(10, 30), time(12), 30, 1)],
    ],
)
def test_opening_times_that_make_no_sense_are_refused(openings):
    with pytest.raises(OpeningWrong):
        rules.check_openings(openings)


def test_the_wait_is_a_range_from_the_middle_half_of_what_was_measured():
    measured = [240, 300, 300, 360, 420, 3000]  # one took an hour: it does not count for much

    assert rules.wait(measured, 6, 2, 10) == (15, 21)
    assert rules.wait([], 3, 1, 10) == (21, 45)  # nothing measured: around what is planned
    assert rules.wait(measured, 0, 2, 10) == (0, 1)


@given(st.lists(st.integers(0, 7200), max_size=30), st.integers(0, 200), st.integers(0, 30))
def test_the_wait_is_always_a_range_and_more_windows_never_make_it_longer(measured, ahead, windows):
    low, high = rules.wait(measured, ahead, windows, 10)

    assert 0 <= low < high
    assert rules.wait(measured, ahead, windows + 1, 10)[1] <= high
