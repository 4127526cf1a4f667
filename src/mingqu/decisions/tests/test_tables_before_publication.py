"""What keeps a decision table from being published: overlapping rules, rules that never apply, unknown names."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.decisions import services, table_check
from mingqu.decisions.bench import fee_table
from mingqu.decisions.tests.models import data, decision, file, table, text

KINDS = """<itemDefinition name="tKind"><typeRef>string</typeRef>
<allowedValues><text>"餐饮", "零售"</text></allowedValues></itemDefinition>"""


def problems(body: str) -> list[tuple[str, str]]:
    return [(one.code, one.detail) for one in services.model_problems(services.parse_model(file(body)))]


def of_rows(rows, *, types=("number",), policy="UNIQUE", inputs=(), **more):
    """The problems of one table over inputs a, b, c with these cells; each row has its own result."""
    names = "abc"[: len(types)]
    rules = [(cells, (str(number),)) for number, cells in enumerate(rows)]
    body = "".join(data(name, kind) for name, kind in zip(names, types, strict=True))
    return problems(
        KINDS + body + decision("y", table(inputs or names, rules, policy=policy, **more), needs=names)
    )


OVERLAPPING = {
    "ranges that share a stretch": ([("< 10",), ("[5..20]",)], ("number",)),
    "a limit that both include": ([("<= 10",), (">= 10",)], ("number",)),
    "a value inside a range": ([("[1..5]",), ("3, 9",)], ("number",)),
    "the same word twice": ([('"甲"', "-"), ('"甲", "乙"', "true")], ("string", "boolean")),
    "all others beside another": ([('not("甲")',), ('not("乙")',)], ("string",)),
    "days": ([('< date("2026-02-01")',), ('date("2026-01-01")',)], ("date",)),
    "durations": ([('[duration("P1D")..duration("P3D")]',), ('> duration("PT71H")',)], ("",)),
    "rules that say the same": ([("string length(?) > 2",), ("string length(?) > 2",)], ("string",)),
}
APART = {
    "ranges that meet": [("< 10",), ("[10..20)",), (">= 20",)],
    "fractions too": [("<= 1",), ("(1..2]",), ("> 2",)],
    "nothing given": [("null",), ("not(null)",)],
}


@pytest.mark.parametrize("name", OVERLAPPING)
def test_rules_that_may_apply_together_keep_a_unique_table_from_publication(name):
    rows, types = OVERLAPPING[name]

    assert of_rows(rows, types=types) == [("overlapping_rules", "1, 2")]


@pytest.mark.parametrize("name", APART)
def test_rules_that_never_meet_are_published(name):
    assert of_rows(APART[name]) == []


def test_the_refusal_names_the_rules_and_an_input():
    rules = [(("< 10", '"餐饮"'), ("1",)), (("> 5", "-"), ("2",))]
    body = KINDS + data("面积", "number") + data("类别", "tKind")
    model = services.parse_model(
        file(body + decision("y", table(["面积", "类别"], rules), needs=["面积", "类别"]))
    )

    (problem,) = services.model_problems(model)

    assert (
        problem.sentence
        == '第 1 条和第 2 条规则会同时适用（例如 面积 为 7.5，类别 为 "餐饮"），但这张表只允许一条。'
    )


def test_only_values_the_type_allows_are_looked_at():
    assert of_rows([('not("餐饮")',), ('not("零售")',)], types=("tKind",)) == []
    assert of_rows([('not("餐饮")',), ('not("零售")',)], types=("string",)) == [("overlapping_rules", "1, 2")]


def test_policies_that_choose_among_rules_allow_overlaps():
    for policy in ("FIRST", "RULE ORDER", "COLLECT"):
        assert of_rows([("< 10",), ("< 20",)], policy=policy) == []


def test_any_rule_will_do_only_if_all_say_the_same():
    def said(first: str, second: str) -> list[tuple[str, str]]:
        rules = [(("< 10",), (first,)), (("< 20",), (second,))]
        return problems(data("a", "number") + decision("y", table(["a"], rules, policy="ANY"), needs=["a"]))

    assert said("1", "2") == [("rules_disagree", "1, 2")]
    assert said("1", "1.0") == []


@pytest.mark.parametrize(
    ("cell", "kind"), [("[5..3]", "number"), ('"餐欣"', "tKind"), ('"9"', "number"), ("(1..1)", "number")]
)
def test_a_rule_that_never_applies_is_named(cell, kind):
    rows = [(cell,), ("null",)]

    assert of_rows(rows, types=(kind,)) == [("dead_rule", "1")]


def test_an_order_of_priority_must_be_written_down():
    rows = [("< 10",), ("< 20",)]

    assert of_rows(rows, policy="PRIORITY") == [
        ("no_priorities", ""),
    ]
    assert of_rows(rows, policy="OUTPUT ORDER", values="1, 0") == []


def test_two_columns_of_one_input_are_looked_at_together():
    assert of_rows([("< 10", "> 5"), ("> 5", "> 20")], types=("number",), inputs=["a", "a"]) == []
    assert of_rows([("< 10", "> 5"), ("> 5", "< 9")], types=("number",), inputs=["a", "a"]) == [
        ("overlapping_rules", "1, 2")
    ]


def test_columns_that_hang_together_are_not_guessed_at():
    rows = [("< 10", "true"), ("< 20", "false")]

    assert of_rows(rows, types=("number",), inputs=["a", "10 > a"]) == []


def test_a_table_too_large_to_be_looked_at_is_refused(monkeypatch):
    rows = [(f"{number}",) for number in range(20)]
    assert of_rows(rows) == []

    monkeypatch.setattr(table_check, "MAX_WORK", 399)

    assert of_rows(rows) == [("table_too_large", "")]


def test_the_measured_table_may_be_published():
    assert services.model_problems(services.parse_model(fee_table())) == []


def test_names_that_nothing_provides_keep_a_model_from_publication():
    body = data("a", "number") + data("b", "number")
    body += decision("x", text("a + b"), needs=["a"])
    body += decision("y", table(["a"], [(("< limit",), ("x",))]), needs=["a"])
    body += decision("z", text("for x in [1, 2] return x + a + count([x][item > 1 and whatever = 2])"))

    assert sorted(problems(body)) == [
        ("unknown_name", "a"),
        ("unknown_name", "b"),
        ("unknown_name", "limit"),
        ("unknown_name", "x"),
    ]


def test_the_data_a_model_reads_is_known():
    body = data("situation") + decision("y", text("situation.foods[1] = situation.area"), needs=["situation"])

    assert services.data_read(services.parse_model(file(body))) == {"situation.foods", "situation.area"}


NUMBERS = [Decimal(n) / 2 for n in range(-2, 10)]
CELLS = st.one_of(
    st.just("-"),
    st.sampled_from(["0", "1", "2", "1, 3", "not(2)", "not(1, 2)"]),
    st.tuples(st.sampled_from("[("), st.integers(0, 3), st.integers(0, 4), st.sampled_from("])")).map(
        lambda t: f"{t[0]}{t[1]}..{t[2]}{t[3]}"
    ),
    st.tuples(st.sampled_from(["<", "<=", ">", ">="]), st.integers(0, 3)).map(
        lambda pair: f"{pair[0]} {pair[1]}"
    ),
)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4))
def test_what_is_said_of_overlaps_is_what_happens(rows):
    body = data("a", "number") + data("b", "number")
    rules = [(cells, (str(number),)) for number, cells in enumerate(rows)]
    xml = file(body + decision("y", table(["a", "b"], rules, policy="COLLECT"), needs=["a", "b"]))
    model = services.parse_model(xml)
    unique = services.parse_model(xml.replace("COLLECT", "UNIQUE"))
    together: set[str] = set()
    alive: set[int] = set()
    for a, b in itertools.product(NUMBERS, NUMBERS):
        found = sorted(int(n) for n in services.evaluate_decision(model, "y", {"a": a, "b": b}))
        alive.update(found)
        together.update(f"{i + 1}, {j + 1}" for i, j in itertools.combinations(found, 2))

    said = services.model_problems(unique)

    assert {one.detail for one in said if one.code == "overlapping_rules"} == together
    assert {int(one.detail) - 1 for one in said if one.code == "dead_rule"} == set(range(len(rows))) - alive
