"""What the page of benchmarks says of a figure."""

from datetime import date

import pytest

from mingqu.cases.tests.every_inside_command import EVERY
from mingqu.decisions import services as decisions
from mingqu.decisions.bench import fee_questions, fee_table
from tests.bench import zen
from tests.bench.__main__ import DOCS
from tests.bench.figures import Figure, keep, kept_in, page, row

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("figure", "met"),
    [
        (Figure("a", 12, "statements", bar=12), True),
        (Figure("a", 13, "statements", bar=12), False),
        (Figure("a", 9, "ms", bar=5, beside=2), True),
        (Figure("a", 11, "ms", bar=5, beside=2), False),
        (Figure("a", 40, "1/s", "higher", bar=50), False),
        (Figure("a", 60, "1/s", "higher", bar=50), True),
        (Figure("a", 60, "1/s"), None),
    ],
)
def test_a_bar_holds_for_the_ratio_where_there_is_a_neighbour(figure, met):
    assert figure.meets is met


def test_a_run_of_one_group_leaves_the_others_figures(tmp_path):
    file, groups = tmp_path / "benchmarks.json", ["one", "two"]
    first = [row(group, Figure("a", 1, "ms"), DAY, "here") for group in groups]
    keep(file, first, groups)

    kept = keep(file, [row("one", Figure("b", 2, "ms"), DAY, "there")], groups)

    assert [(one["group"], one["name"], one["machine"]) for one in kept] == [
        ("one", "b", "there"),
        ("two", "a", "here"),
    ]


def test_figures_of_new_commands_come_beside_those_that_are_known(tmp_path):
    file = tmp_path / "benchmarks.json"
    keep(file, [row("one", Figure(name, 1, "ms"), DAY, "here") for name in "ab"], ["one"])

    kept = keep(
        file, [row("one", Figure(name, 2, "ms"), DAY, "there") for name in "bc"], ["one"], beside=True
    )

    assert [(one["name"], one["machine"]) for one in kept] == [("a", "here"), ("b", "there"), ("c", "there")]


def test_every_command_of_a_case_has_its_figures():
    named = {one["name"] for one in kept_in(DOCS / "benchmarks.json") if one["group"] == "commands"}

    assert {name.removesuffix(": statements") for name in named if name.endswith(": statements")} == set(
        EVERY
    )


def test_the_page_names_what_misses_its_bar():
    text = page([row("one", Figure("slow", 30, "statements", bar=12), DAY, "here")], {"one": "Commands"})

    assert "| slow | 30 statements |  |  | ≤ 12 | **missed** |" in text
    assert "2026-11-21, here" in text


def test_the_neighbour_that_decisions_are_measured_beside_decides_alike():
    model = decisions.parse_model(fee_table())

    assert zen.fees() == [decisions.evaluate_decision(model, "收费", one) for one in fee_questions()]
