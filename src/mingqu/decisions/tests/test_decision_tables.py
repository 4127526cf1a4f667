"""Decision tables: every hit policy, defaults, allowed values, and the index that finds rules."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.decisions import services
from mingqu.decisions.bench import fee_table
from mingqu.decisions.expression import compile_cell
from mingqu.decisions.table_index import column_of, plain_column
from mingqu.decisions.tests.models import data, decision, file, table
from mingqu.decisions.values import Env, Run

RULES = [((">= 1",), ("30",)), ((">= 2",), ("10",)), ((">= 3",), ("20",)), ((">= 3",), ("20",))]


def decide(x: object, **how: object) -> object:
    rules = how.pop("rules", RULES)
    body = data("x") + decision("y", table(["x"], rules, **how), needs=["x"])
    return services.evaluate_decision(services.parse_model(file(body)), "y", {"x": x})


@pytest.mark.parametrize(
    ("policy", "aggregation", "values", "x", "expected"),
    [
        ("UNIQUE", "", "", 1, 30),
        ("UNIQUE", "", "", 2, None),
        ("UNIQUE", "", "", 0, None),
        ("FIRST", "", "", 3, 30),
        ("ANY", "", "", 1, 30),
        ("ANY", "", "", 2, None),
        ("PRIORITY", "", "10, 20, 30", 3, 10),
        ("PRIORITY", "", "20, 10, 30", 3, 20),
        ("RULE ORDER", "", "", 3, [30, 10, 20, 20]),
        ("OUTPUT ORDER", "", "20, 30, 10", 3, [20, 20, 30, 10]),
        ("COLLECT", "", "", 2, [30, 10]),
        ("COLLECT", "", "", 0, []),
        ("COLLECT", "SUM", "", 3, 80),
        ("COLLECT", "COUNT", "", 3, 4),
        ("COLLECT", "COUNT", "", 0, 0),
        ("COLLECT", "MIN", "", 3, 10),
        ("COLLECT", "MAX", "", 3, 30),
        ("COLLECT", "SUM", "", 0, None),
    ],
)
def test_a_hit_policy_says_what_several_rules_give(policy, aggregation, values, x, expected):
    assert decide(x, policy=policy, aggregation=aggregation, values=values) == expected


def test_any_accepts_rules_that_agree():
    rules = [((">= 1",), ('"yes"',)), ((">= 2",), ('"yes"',))]

    assert decide(5, policy="ANY", rules=rules) == "yes"


def test_without_a_rule_the_default_holds():
    assert decide(0, default="99") == 99
    assert decide(1, default="99") == 30


def test_several_outputs_make_a_context():
    rules = [(("> 10",), ('"high"', "x * 2")), (("-",), ('"low"', "0"))]

    assert decide(20, policy="FIRST", rules=rules, outputs=["level", "fee"]) == {"level": "high", "fee": 40}


def test_an_output_outside_its_values_is_null():
    assert decide(1, values="10, 20") is None


def test_overlapping_unique_rules_are_reported():
    model = services.parse_model(file(data("x") + decision("y", table(["x"], RULES), needs=["x"])))

    outcome = services.evaluate_decision_with_trace(model, "y", {"x": 2})

    assert [reason.code for reason in outcome.warnings] == ["overlapping_rules"]
    assert outcome.hits[0].rules == (0, 1)


def test_a_table_with_uneven_rows_is_a_problem_of_the_model():
    rules = [(("1", "2"), ("3",))]
    model = services.parse_model(file(data("x") + decision("y", table(["x"], rules), needs=["x"])))

    assert [problem.code for problem in services.model_problems(model)] == ["table_shape"]
    assert services.evaluate_decision(model, "y", {"x": 1}) is None


@pytest.mark.parametrize(
    ("cell", "hits", "misses"),
    [
        ('"甲", "乙"', ["甲", "乙"], ["丙", None, 1]),
        ('not("甲")', ["乙", None], ["甲"]),
        ("[1..5), 7", [1, Decimal("4.9"), 7], [5, 6, None, "1"]),
        ("< 3", [2], [3, None]),
        ("-", [1, None, "x"], []),
        ("? > 3 and ? < 6", [4, 5], [3, 6, None]),
        ("count(?) > 1", [[1, 2]], [[1], None]),
        ("limit * 2", [20], [10]),
        ('date("2026-01-01")', [], ["2026-01-01"]),
        ("null", [None], [1]),
        ("true", [True], [False, None, "true"]),
    ],
)
def test_a_cell_tests_its_input(cell, hits, misses):
    xml = (
        data("x")
        + data("limit")
        + decision("y", table(["x"], [((cell,), ("true",))], default="false"), needs=["x", "limit"])
    )
    model = services.parse_model(file(xml))

    assert [x for x in hits if not services.evaluate_decision(model, "y", {"x": x, "limit": 10})] == []
    assert [x for x in misses if services.evaluate_decision(model, "y", {"x": x, "limit": 10})] == []


LITERALS = st.sampled_from(["1", "2.5", "7", "-3", '"a"', '"b"', '"中"', "true", "false", "null"])
NUMBER = st.sampled_from(["0", "1", "2.5", "7", "-3"])
CELLS = st.one_of(
    st.just("-"),
    st.lists(LITERALS, min_size=1, max_size=3).map(", ".join),
    st.lists(LITERALS, min_size=1, max_size=2).map(", ".join).map("not({})".format),
    st.tuples(st.sampled_from("[("), NUMBER, NUMBER, st.sampled_from("])")).map(
        lambda t: f"{t[0]}{t[1]}..{t[2]}{t[3]}"
    ),
    st.tuples(st.sampled_from(["<", "<=", ">", ">=", "!="]), LITERALS).map(" ".join),
    st.lists(LITERALS, max_size=2).map(", ".join).map("[{}]".format),
    st.just('["a".."b"]'),
)
INPUTS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(["a", "b", "ab", "", "中", "z"]),
    st.decimals(min_value=-10, max_value=10, places=1),
    st.sampled_from([Decimal(1), Decimal("2.5"), Decimal(7)]),
)


@given(st.lists(CELLS, min_size=1, max_size=6), st.lists(INPUTS, min_size=1, max_size=8))
def test_the_index_finds_the_very_rules_that_trying_each_finds(cells, inputs):
    compiled = [compile_cell(cell, (), {}) for cell in cells]
    indexed, plain = column_of(compiled), plain_column([test for _, test in compiled])
    env = Env({}, None, Run())

    assert [indexed(env, value) for value in inputs] == [plain(env, value) for value in inputs]


def test_the_measured_table_really_decides():
    model = services.parse_model(fee_table())

    fees = [
        services.evaluate_decision(model, "收费", {"面积": area, "经营方式": kind, "连锁": chain})
        for chain in (True, False)
        for kind in ("餐饮", "零售", "生产")
        for area in (10, 60, 200, 700, 5000)
    ]

    assert fees == list(range(100, 130))
