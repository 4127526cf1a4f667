"""Rows of which one is to apply: what overlaps, what is missing, what never applies."""

from decimal import Decimal
from itertools import combinations, pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingqu.decisions import rows as rows_module
from mingqu.decisions import services
from mingqu.decisions.errors import DecisionError
from mingqu.decisions.types import DATE, NUMBER, TEXT, Ground, Numbers, Stretch

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


def test_as_many_answers_as_a_definition_may_ask_for_are_looked_through():
    many = {f"situation.q{n}": ["a", "b", "c"] for n in range(30)}
    condition = " and ".join(f'{path} = "a"' for path in many)

    gap, *_ = services.row_troubles([condition], Ground(many))
    assert gap.rows == () and not gap.too_many and len(gap.example) == 1
    assert found([condition, f"not({condition})"], Ground(many)) == []


def test_what_takes_too_many_steps_is_said_and_nothing_is_claimed(monkeypatch):
    conditions = ["form.area <= 50", "form.area >= 50"]
    assert ((1, 2), {"form.area": 50}) in found(conditions)

    monkeypatch.setattr(rows_module, "MOST_STEPS", 3)

    (one,) = services.row_troubles(conditions, AREA)
    assert one.too_many and (one.rows, one.example) == ((), {})


def test_a_gap_is_said_as_the_stretch_it_is():
    ground = Ground({"form.area": NUMBER, "situation.before": ["yes", "no"]})
    rows = [
        "form.area <= 50",
        'form.area > 50 and form.area < 100 and situation.before = "no"',
        "form.area >= 100",
    ]

    (one,) = services.row_troubles(rows, ground)

    assert (one.rows, one.example["situation.before"]) == ((), "yes")
    stretch = one.stretches["form.area"]
    assert (stretch.low, stretch.high, stretch.low_in, stretch.high_in) == (50, 100, False, False)


def test_several_gaps_are_each_said_once():
    rows = ["form.area < 10", "form.area > 20 and form.area < 30", "form.area > 40"]

    stretches = [one.stretches["form.area"] for one in services.row_troubles(rows, AREA)]

    assert [(one.low, one.high, one.low_in, one.high_in) for one in stretches] == [
        (10, 20, True, True),
        (30, 40, True, True),
    ]


def test_between_whole_numbers_that_follow_each_other_nothing_is_missing():
    rows = ["form.area <= 5", "form.area >= 6"]

    assert found(rows, Ground({"form.area": Numbers(whole=True)})) == []
    assert [one.stretches["form.area"] for one in services.row_troubles(rows, AREA)] == [Stretch(5, 6)]
    assert found(["form.area <= 5"], Ground({"form.area": Numbers(high=Decimal(5))})) == []


def test_what_is_given_among_several_answers_is_looked_through_in_all_its_sets():
    foods = ["cold", "raw", "cake", "tea"]
    ground = Ground({"situation.foods": [[one] for one in foods] + [foods]})
    rows = [
        'list contains(situation.foods, "cold") and list contains(situation.foods, "raw")',
        'not(some f in situation.foods satisfies f in ("cold", "raw"))',
    ]

    gaps = [one for one in services.row_troubles(rows, ground) if one.rows == ()]
    assert gaps and all(set(one.example["situation.foods"]) & {"cold", "raw"} for one in gaps)
    one_of_them = 'some f in situation.foods satisfies f in ("cold", "raw")'
    both = f'not(list contains(situation.foods, "cold") and list contains(situation.foods, "raw")) and {one_of_them}'
    assert found([*rows, both], ground) == []


@pytest.mark.parametrize(
    "rows",
    [
        ["form.area > form.other", "form.area <= form.other"],
        ["form.area * 2 > 10", "form.area * 2 <= 10"],
        ['starts with(form.word, "a")', 'not(starts with(form.word, "a"))'],
        ['situation.many = "a"', 'not(situation.many = "a")'],
    ],
)
def test_what_is_no_comparison_with_constants_is_said_to_be_open(rows):
    ground = Ground(
        {
            "form.area": NUMBER,
            "form.other": NUMBER,
            "form.word": TEXT,
            "situation.many": [["a"], ["b"], ["a", "b"]],
        }
    )

    *_, last = services.row_troubles(rows, ground)

    assert last.open_rows == (1, 2)
    assert not services.row_troubles(["form.area <= 5", "form.area > 5"], ground)


NUMBERS = [Decimal(n) / 2 for n in range(0, 9)]
KINDS = ["a", "b", "c"]
COMPARED = st.one_of(
    st.builds(
        lambda name, op, end: f"form.{name} {op} {end}",
        st.sampled_from(["x", "y"]),
        st.sampled_from(["<", "<=", ">", ">=", "=", "!="]),
        st.integers(0, 3),
    ),
    st.builds(lambda low, size: f"form.x in ({low}..{low + size}]", st.integers(0, 2), st.integers(0, 1)),
    st.builds(
        lambda low, size: f"form.y between {low} and {low + size}", st.integers(0, 3), st.integers(0, 3)
    ),
    st.builds(lambda kind: f'situation.k = "{kind}"', st.sampled_from(KINDS)),
    st.builds(lambda kind: f'situation.k in ("{kind}", "c")', st.sampled_from(KINDS)),
    st.builds(lambda kind: f'list contains(situation.m, "{kind}")', st.sampled_from(KINDS)),
    st.just('some f in situation.m satisfies f in ("a", "b")'),
    st.just("form.y = null"),
)
CONDITIONS = st.recursive(
    COMPARED,
    lambda inner: st.one_of(
        st.builds(
            lambda one, op, other: f"({one}) {op} ({other})", inner, st.sampled_from(["and", "or"]), inner
        ),
        st.builds(lambda one: f"not({one})", inner),
    ),
    max_leaves=5,
)


def by_force(rows):
    """All answers of a small domain, each asked of each row as a case asks it."""
    many = [list(one) for size in (1, 2, 3) for one in combinations(KINDS, size)]
    gaps, pairs, alive = 0, set(), set()
    for x, y, k, m in product(NUMBERS, [*NUMBERS, None], KINDS, many):
        names = {"form": {"x": x, "y": y}, "situation": {"k": k, "m": m}}
        applying = [n for n, row in enumerate(rows, start=1) if services.evaluate(row, names) is True]
        gaps += not applying
        alive.update(applying)
        pairs.update(combinations(applying, 2))
    return bool(gaps), pairs, set(range(1, len(rows) + 1)) - alive


@settings(max_examples=15, deadline=None)
@given(st.lists(CONDITIONS, min_size=1, max_size=3))
def test_it_finds_what_trying_every_answer_finds_and_nothing_else(rows):
    many = [[one] for one in KINDS] + [KINDS]
    data = {"form.x": NUMBER, "form.y": NUMBER, "situation.k": KINDS, "situation.m": many}
    gap, pairs, dead = by_force(rows)

    said = services.row_troubles(rows, Ground(data, frozenset({"form.y"})))

    shown = [one.rows for one in said]
    assert not any(one.too_many or one.open_rows for one in said)
    assert (() in shown) == gap
    assert {one for one in shown if len(one) == 2} <= pairs
    assert {one[0] for one in shown if len(one) == 1} <= dead
    assert bool(pairs) == any(len(one) == 2 for one in shown) or len(shown) == rows_module.MOST_SHOWN
    assert bool(dead) == any(len(one) == 1 for one in shown) or len(shown) == rows_module.MOST_SHOWN
    for one in said:
        if len(one.rows) != 1:
            whole = {"form.x": Decimal(1), "form.y": Decimal(1), "situation.k": "a", "situation.m": ["a"]}
            assert applying(rows, whole | dict(one.example)) >= set(one.rows)
            assert one.rows or not applying(rows, whole | dict(one.example))


def applying(rows, flat):
    names = {
        "form": {"x": flat["form.x"], "y": flat["form.y"]},
        "situation": {"k": flat["situation.k"], "m": flat["situation.m"]},
    }
    return {n for n, row in enumerate(rows, start=1) if services.evaluate(row, names) is True}


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
