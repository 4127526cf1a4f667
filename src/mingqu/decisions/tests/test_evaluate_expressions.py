"""Expressions as officials write them."""

import datetime as py
from decimal import Decimal

import pytest

from mingqu.decisions.errors import ExpressionInvalid
from mingqu.decisions.services import check, evaluate, evaluate_with_trace, names_used

SITUATION = {"situation": {"foods": ["hot", "raw"], "情形": "甲", "above_homes": "no"}, "days": 3}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ('situation.情形 = "甲" and days < 5', True),
        ('list contains(situation.foods, "raw")', True),
        ('some f in situation.foods satisfies f in ["cold", "raw", "cake"]', True),
        ('every f in situation.foods satisfies f != "raw"', False),
        ("days in [1..5]", True),
        ("days between 4 and 5", False),
        ('if days > 2 then "late" else "in time"', "late"),
        ("situation.missing", None),
        ("append(null, 1)", None),
        ("-1 instance of number", True),
        ("-2 ** 2 - -1", 5),
        ("- -days", 3),
        ('count(situation.foods[item = "raw"])', 1),
        ('date("2026-11-21") + duration("P1M")', py.date(2026, 12, 21)),
        ('time("23:59:00z") = time(23, 59, 0, duration("PT0H"))', True),
    ],
)
def test_an_expression_over_the_answers_gives_its_value(text, value):
    assert evaluate(text, SITUATION) == value


def test_null_is_neither_true_nor_false():
    assert evaluate("nothing = 1 or true", {}) is True
    assert evaluate("nothing and true", {}) is None


def test_the_trace_says_why_something_became_null():
    outcome = evaluate_with_trace("situation.missing + 1", SITUATION)

    assert outcome.value is None
    assert [w.code for w in outcome.warnings] == ["unknown_entry", "operand_types"]


def test_names_with_signs_are_known_by_the_data():
    assert evaluate("a-b - 1", {"a-b": 3}) == 2
    assert evaluate("a-b - 1", {"a": 5, "b": 3}) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("before(point: 11, range: [5..10])", False),
        ("before(range: [5..10], point: 11)", True),
        ("after(point: 11, range: [5..10])", True),
    ],
)
def test_the_order_of_named_arguments_says_what_comes_before_what(text, value):
    assert evaluate(text, {}) is value


def test_floats_keep_the_digits_they_show():
    assert evaluate("price * 3", {"price": 0.1}) == Decimal("0.3")


def test_unknown_names_are_found_before_publication():
    vocabulary = ["situation.foods", "step.limit"]

    assert check('situation.foods = ["raw"] and step.limt > 1', vocabulary)[0].detail == "step.limt"
    assert check('today + duration("P1D") > form.any.thing', ["today", "form.*"]) == []


def test_an_unreadable_expression_is_a_problem_with_its_place():
    assert check("a +", ["a"])[0].code == "expression_invalid"
    with pytest.raises(ExpressionInvalid) as refusal:
        evaluate("1 + )", {})
    assert refusal.value.params["position"] == 4


def test_local_names_are_not_data():
    assert names_used("for x in situation.foods return {a: x, b: a}.b") == {"situation.foods"}


VOCABULARY = ["materials", "materials.code", "materials.name", "applicant.code", "today", "form.*"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("for m in materials return m.code", {"materials", "materials.code"}),
        (
            "materials[code = applicant.code].name",
            {"materials", "materials.code", "applicant.code", "materials.name"},
        ),
        (
            "some m in materials[item.code = 1] satisfies m.name = 2",
            {"materials", "materials.code", "materials.name"},
        ),
        ("today > date(form.built.on)", {"today", "form.built.on"}),
        ("{f: function(n) n + today, g: f(1)}.g", {"today"}),
        ("count([{a: 1}][a > 0])", set()),
    ],
)
def test_the_names_an_expression_reads_are_those_of_the_data(text, names):
    assert names_used(text, VOCABULARY) == names
    assert check(text, VOCABULARY) == []


@pytest.mark.parametrize(
    "text", ["for m in materials return m.cost", "materials[cost > 1]", "x not in (1)", "f(1)"]
)
def test_a_name_nobody_knows_keeps_an_expression_from_publication(text):
    assert [problem.code for problem in check(text, VOCABULARY)] == ["unknown_name"]
