"""What must hold for all values: logic, ranges, dates, and that no text can break the evaluator."""

from __future__ import annotations

import contextlib
import datetime as py
import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingqu.decisions.errors import DecisionError
from mingqu.decisions.services import check, evaluate, evaluate_with_trace, names_used
from mingqu.decisions.temporal import DAY_NANOS, Date, DayTimeDuration, YearMonthDuration, from_day_number
from mingqu.decisions.temporal_text import read_at_literal
from mingqu.decisions.types import Limits

truths = st.sampled_from([True, False, None])
numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=3)
days = st.dates(min_value=py.date(1900, 1, 1), max_value=py.date(2200, 12, 31))


def same(one: str, other: str, /, **names: object) -> bool:
    return bool(evaluate(f"({one})", names) is evaluate(f"({other})", names))


@given(truths, truths, truths)
def test_three_valued_logic_keeps_the_laws_of_logic(a, b, c):
    names = {"a": a, "b": b, "c": c}

    assert same("a and b", "b and a", **names)
    assert same("(a or b) or c", "a or (b or c)", **names)
    assert same("a and (b or c)", "(a and b) or (a and c)", **names)
    assert same("not(a and b)", "not(a) or not(b)", **names)
    assert same("not(a or b)", "not(a) and not(b)", **names)
    assert same("not(not(a))", "a", **names)
    assert same("all([a, b, c])", "a and b and c", **names)
    assert same("any([a, b, c])", "a or b or c", **names)


@given(truths)
def test_true_and_false_decide_and_null_leaves_open(a):
    assert evaluate("a or true", {"a": a}) is True
    assert evaluate("a and false", {"a": a}) is False
    assert evaluate("a and true", {"a": a}) is a


@given(numbers, numbers, numbers)
def test_lying_in_a_range_is_comparing_with_its_ends(x, a, b):
    low, high = sorted((a, b))
    names = {"x": x, "a": low, "b": high}

    assert same("x in [a..b]", "x >= a and x <= b", **names)
    assert same("x in (a..b)", "x > a and x < b", **names)
    assert same("x between a and b", "x in [a..b]", **names)
    assert same("x in (< a, > b)", "not(x in [a..b])", **names)
    assert same("includes([a..b], x)", "x in [a..b]", **names)


@given(days, st.integers(-50_000, 50_000))
def test_adding_a_duration_of_days_and_taking_it_away_leads_back(day, count):
    names = {"day": day, "d": DayTimeDuration(count * DAY_NANOS)}

    assert evaluate("day + d - d", names) == day
    assert evaluate("(day + d) - day = d", names) is True
    assert evaluate("day + d", names) == day + py.timedelta(days=count)


@given(days, st.integers(-1200, 1200))
def test_adding_months_keeps_the_day_or_takes_the_months_last(day, months):
    moved = evaluate("day + m", {"day": day, "m": YearMonthDuration(months)})

    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved + py.timedelta(days=1)).day == 1


@given(st.integers(-365_000_000_000, 365_000_000_000))
def test_every_day_number_is_one_day(number):
    assert from_day_number(number).number == number


@given(days)
def test_day_numbers_are_those_of_the_calendar(day):
    assert Date(day.year, day.month, day.day).number == (day - py.date(1970, 1, 1)).days


@given(st.one_of(st.dates(), st.times(), st.datetimes(), st.timedeltas(), numbers, st.text(), truths))
def test_a_value_passed_in_comes_out_the_same(value):
    back = evaluate("x", {"x": value})

    if isinstance(value, py.timedelta):
        assert back.as_timedelta() == value
    else:
        assert back == value


@given(st.one_of(st.dates(), st.times(), st.datetimes(), st.timedeltas()))
def test_a_moment_reads_back_from_its_text(value):
    assert evaluate('if x = null then "" else string(x)', {"x": value}) == str(
        read_at_literal(evaluate("string(x)", {"x": value}))
    )


@given(numbers, numbers)
def test_numbers_are_exact_to_34_digits(a, b):
    assert evaluate("a + b - b", {"a": a, "b": b}) == a
    assert evaluate("a * b", {"a": a, "b": b}) == a * b
    assert evaluate("0.1 + 0.2", {}) == Decimal("0.3")


WORDS = """a b.c situation.情形 1 -2.5 "x" true null [ ] ( ) { } , : . .. + - * / ** = != < <= > >= and or in between
instance of number list<string> if then else for some every in return satisfies function( not( count( item ?
date("2026-11-21") @"P1D" matches("aaa", replace( substring( sum( sort( context put( partial [1..3] external"""
FRAGMENTS = st.sampled_from(re.split(r"\s+", WORDS))
SMALL = Limits(steps=20_000, seconds=1.0)  # a busy machine may meet either limit; both are refusals


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=60), st.lists(FRAGMENTS, max_size=14).map(" ".join)))
def test_no_text_breaks_the_evaluator(text):
    try:
        evaluate_with_trace(text, {"a": 1, "b": {"c": [1, "x"]}, "situation": {"情形": "甲"}}, limits=SMALL)
        names_used(text)
    except DecisionError:
        pass  # the declared refusals are the only ones
    check(text, ["a"])


@pytest.mark.long
@settings(max_examples=20_000, deadline=None)
@given(st.lists(FRAGMENTS, max_size=25).map(" ".join))
def test_no_long_text_breaks_the_evaluator(text):
    with contextlib.suppress(DecisionError):  # the declared refusals are the only ones
        evaluate(text, {"a": 1, "b": {"c": [1, "x"]}}, limits=SMALL)
