"""Where a matter stands follows from what was told, in whatever order it came."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.exchange import rules
from mingqu.exchange.rules import Facts, Told

AT = datetime(2026, 9, 18, 4, 0, tzinfo=UTC)
STATES = ("received", "handling", "correction", "granted", "refused")


@st.composite
def honest(draw):
    """What an honest other side tells: some steps, perhaps an end, counted or not."""
    steps = draw(st.lists(st.sampled_from(STATES[:3]), min_size=1, max_size=6))
    steps += draw(st.sampled_from([[], ["granted"], ["refused"]]))
    counted = draw(st.booleans())
    return [
        Told(place if counted else 0, AT + place * timedelta(minutes=1), state, f"{place}{state}")
        for place, state in enumerate(steps, start=1)
    ]


@st.composite
def arrivals(draw):
    """The same, each at least once, doubled and in any order."""
    course = draw(honest())
    more = draw(st.lists(st.sampled_from(course), max_size=5))
    return course, draw(st.permutations([*course, *more]))


@given(arrivals())
def test_any_order_and_any_doubling_ends_in_the_same_place_without_contradiction(told):
    course, came = told

    found = rules.standing(came)

    assert found == rules.standing(course)
    assert found.last == course[-1] and not found.contradicts


@given(arrivals(), st.integers(1, 8))
def test_a_telling_that_comes_late_never_takes_a_matter_back(told, heard):
    _course, came = told
    part, whole = rules.standing(came[:heard]), rules.standing(came)

    assert part.last is not None and whole.last is not None
    assert (part.last.seq, part.last.happened_at) <= (whole.last.seq, whole.last.happened_at)


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ([(1, "received"), (2, "granted"), (3, "refused")], "granted"),
        ([(1, "received"), (2, "refused"), (3, "handling")], "refused"),
        ([(1, "received"), (2, "handling"), (2, "correction")], "handling"),
    ],
)
def test_two_ends_a_life_after_the_end_and_one_number_for_two_things_contradict(said, holds):
    course = [Told(seq, AT, state, f"{seq}{state}") for seq, state in said]

    found = rules.standing(course)

    assert found.contradicts
    assert found == rules.standing(course[::-1])
    if holds in rules.FINAL:
        assert found.last is not None and found.last.state == holds


def test_the_same_end_told_again_under_another_number_is_no_contradiction():
    assert not rules.standing([Told(2, AT, "granted", "a"), Told(3, AT, "granted", "b")]).contradicts


def test_nothing_told_is_nowhere():
    assert rules.standing([]) == rules.Standing(None, False)


@pytest.mark.parametrize(
    ("facts", "shown", "needs"),
    [
        (Facts("by_hand"), "by_hand", "carry"),
        (Facts("waiting"), "waiting", ""),
        (Facts("stuck"), "stuck", "stuck"),
        (Facts("sent"), "sent", ""),
        (Facts("sent", silent=True), "sent", "silent"),
        (Facts("sent", "handling"), "handling", ""),
        (Facts("sent", "correction"), "correction", "correction"),
        (Facts("sent", "correction", answered=True), "sent", ""),
        (Facts("waiting", "correction", answered=True), "waiting", ""),
        (Facts("sent", "granted"), "granted", ""),
        (Facts("sent", "granted", contradicts=True), "granted", "contradicts"),
        (Facts("sent", "granted", taken="not_taken"), "granted", "not_taken"),
        (Facts("settled", "handling"), "settled", ""),
        (Facts("called_off", "handling", contradicts=True), "called_off", ""),
    ],
)
def test_each_standing_has_its_word_and_says_whom_it_waits_for(facts, shown, needs):
    assert (rules.shown(facts), rules.needs(facts)) == (shown, needs)
    assert shown in rules.WORDS and (not needs or needs in rules.NEEDS)


def test_attempts_are_made_less_and_less_often_up_to_an_hour():
    waits = [rules.back_off(attempts) for attempts in range(1, 12)]

    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1) and waits[-1] == timedelta(hours=1)
