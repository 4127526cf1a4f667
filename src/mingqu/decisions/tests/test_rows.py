"""Rows of which one is to apply: what overlaps, what is missing, what never applies."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingqu.decisions import services
from mingqu.decisions.errors import DecisionError
from mingqu.decisions.types import DATE, NUMBER, TEXT, Ground

AREA = Ground({"form.area": NUMBER})


def found(conditions, ground=AREA):
    return [(one.rows, dict(one.example)) for one in services.row_troubles(conditions, ground)]


def test_stretches_that_touch_leave_nothing_out_and_nothing_twice():
    assert found(["form.area <= 50", "form.area > 50 and form.area <= 500", "form.area > 500"]) == []


def test_a_gap_between_two_stretches_is_found_with_an_example():
    (rows, example), *_ = found(["form.area < 50", "form.area > 50"])

    assert (rows, example) == ((), {"form.area": 50})


def test_two_rows_for_the_same_circumstances_are_found():
    assert ((1, 2), {"form.area": 50}) in found(["form.area <= 50", "form.area >= 50"])


def test_a_row_that_never_applies_is_found():
    assert ((2,), {}) in found(["form.area >= 0", "form.area < 0"])


def test_answers_are_tried_one_by_one_and_what_may_be_left_out_too():
    ground = Ground({"situation.place": ["front", "roof"], "form.kind": TEXT}, frozenset({"form.kind"}))

    assert found(['situation.place = "front"', 'situation.place = "roof"'], ground) == []
    assert found(['form.kind = "a"', 'form.kind != "a"'], ground) == []
    assert found(['form.kind = "a"', 'form.kind = "b"'], ground)[0][0] == ()


def test_circumstances_that_never_come_so_far_need_no_row():
    places = {"situation.place": ["front", "wall"]}
    row = ['situation.place = "front"']

    assert found(row, Ground(places)) == [((), {"situation.place": "wall"})]
    assert found(row, Ground(places, never=('situation.place = "wall"',))) == []


def test_days_are_tried_around_the_days_that_are_named():
    ground = Ground({"form.since": DATE})
    before, after = 'date(form.since) < date("2026-10-01")', 'date(form.since) > date("2026-10-01")'

    assert found([before, after], ground) == [((), {"form.since": "2026-10-01"})]


def test_more_answers_than_can_be_tried_are_said_to_be_too_many():
    many = {f"situation.q{n}": ["a", "b", "c"] for n in range(9)}
    condition = " and ".join(f'{path} = "a"' for path in many)

    (one,) = services.row_troubles([condition], Ground(many))
    assert one.too_many


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=5, unique=True), st.data())
def test_a_partition_is_sound_and_without_one_of_its_rows_it_is_not(limits, data):
    ends = sorted(limits)
    rows = [f"form.area <= {ends[0]}"]
    rows += [f"form.area > {a} and form.area <= {b}" for a, b in pairwise(ends)]
    rows.append(f"form.area > {ends[-1]}")
    gone = data.draw(st.integers(0, len(rows) - 1))

    assert found(rows) == []
    assert any(rows_of == () for rows_of, _ in found(rows[:gone] + rows[gone + 1 :])) or len(rows) == 1
    assert any(len(rows_of) == 2 for rows_of, _ in found([*rows, rows[gone]]))


@pytest.mark.parametrize("text", ["form.area <", "1 +"])
def test_what_is_no_expression_is_refused(text):

    with pytest.raises(DecisionError):
        services.row_troubles([text], AREA)
