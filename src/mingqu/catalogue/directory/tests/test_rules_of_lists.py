"""Lists without a database: types by old names, rows as entries, what is inherited, how editions differ."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.catalogue.directory import columns, rules
from mingqu.catalogue.directory.types import Basis, Entry

FOOD = {
    "code": "QH-1",
    "name": "食品经营许可",
    "type": "行政许可",
    "organ": "市场监管局",
    "basis": "《中华人民共和国食品安全法》第三十五条",
}


def no_organ(said):
    return ""


def row(**more):
    return columns.entry_of("power", FOOD | more, lambda said: "QH-SCJG" if said == "市场监管局" else "")


@pytest.mark.parametrize("words", ["核准", "审核", "登记", "批准", "审批", "许可", "备案"])
def test_an_old_name_of_a_type_is_only_proposed(words):
    """行政许可法 2: what it is decides, not what it is called (CAT-11)."""
    code, certain = rules.proposed_type(words)

    assert code and not certain


@pytest.mark.parametrize(
    ("words", "code"),
    [("行政许可", "01"), ("01", "01"), ("1", "01"), ("其他行政权力", "10"), ("公共服务", "20")],
)
def test_the_name_or_code_of_a_type_is_certain(words, code):
    assert rules.proposed_type(words) == (code, True)


@given(st.text(max_size=12))
def test_no_words_make_a_type_that_the_code_list_has_not(words):
    code, certain = rules.proposed_type(words)

    assert code == "" or rules.code_list("item_type").require(code)
    assert code or not certain


def test_a_type_of_ones_own_is_refused_and_an_old_name_waits_for_a_person():
    made_up, wrong = row(type="特别批办")
    waiting, proposed = row(type="核准")

    assert made_up is None and ("type_unknown", True) in {(code, refused) for code, _s, refused in wrong}
    assert waiting is not None and waiting.item_type == ""
    assert columns.PROPOSED in {code for code, _s, _r in proposed}


@pytest.mark.parametrize(
    ("given_row", "code"),
    [
        ({"name": ""}, "no_name"),
        ({"basis": ""}, "no_basis"),
        ({"organ": ""}, "no_organ"),
        ({"code": "", "base_code": ""}, "no_code"),
        ({"base_code": "123"}, "base_code_wrong"),
        ({"type": "公共服务"}, "type_not_power"),
        ({"effective_on": "2026年13月1日"}, "effective_on_wrong"),
        ({"effective_on": "2026-02-01", "cancelled_on": "2026-01-01"}, "ends_before"),
        ({"state": "好像在用"}, "state_unknown"),
        ({"name": "长" * 301}, "long_name"),
    ],
)
def test_a_row_that_can_be_no_entry_says_why(given_row, code):
    entry, wrong = row(**given_row)

    assert entry is None
    assert code in {one for one, _sentence, refused in wrong if refused}


def test_what_a_row_does_not_say_stays_empty_and_articles_are_read_from_its_words():
    entry, wrong = row()

    assert wrong == []
    assert entry.basis == (Basis("中华人民共和国食品安全法", 35),)
    assert (entry.duties, entry.levels, entry.effective_on, entry.base_code) == ("", (), None, "")


def test_every_row_is_reported_with_its_line_and_a_code_counts_once():
    headers = ["事项编码", "事项名称", "事项类型", "实施机关", "设定依据"]
    found, unused, missing = columns.mapped("power", [*headers, "备注"])
    cells = ["A", "甲", "行政许可", "某局", "《行政许可法》第十二条"]

    read = columns.read("power", found, [(2, cells), (3, ["", *cells[1:]]), (5, cells)], no_organ)

    assert (unused, missing, read.rows, len(read.entries)) == (["备注"], [], 3, 1)
    assert [(one.line, one.code) for one in read.findings if one.refused] == [(3, "no_code"), (5, "double")]


@pytest.mark.parametrize("kind", list(columns.OF_KIND))
def test_a_list_written_as_a_table_is_read_back_the_same(kind):
    example = {one.code: one.example for one in columns.OF_KIND[kind]}
    entry, _wrong = columns.entry_of(kind, example, no_organ)
    again = dict(zip((c.code for c in columns.OF_KIND[kind]), columns.cells_of(kind, entry), strict=True))

    assert columns.entry_of(kind, again, no_organ)[0] == entry


BASE = Entry("000131014000", "食品经营许可", item_type="01", levels=("4",), basis=(Basis("食品安全法", 35),))


@pytest.mark.parametrize(
    ("local", "field"),
    [
        (rules.Inheriting("餐饮许可", "01", "4", [Basis("食品安全法", 35)]), "name"),
        (rules.Inheriting("食品经营许可", "07", "4", [Basis("食品安全法", 35)]), "type"),
        (rules.Inheriting("食品经营许可", "01", "2", [Basis("食品安全法", 35)]), "level"),
        (rules.Inheriting("食品经营许可", "01", "4", [Basis("食品安全法", 36)]), "basis"),
    ],
)
def test_each_inherited_field_that_differs_is_named_with_both_values(local, field):
    (found,) = rules.departures(local, BASE)

    assert found.field == field and found.local and found.inherited and found.local != found.inherited


def test_a_law_by_its_short_name_is_the_same_basis_and_what_is_not_written_yet_is_no_difference():
    same = rules.Inheriting("食品经营许可", "01", "4", [Basis("中华人民共和国食品安全法", 35)])

    assert rules.departures(same, BASE) == []
    assert rules.departures(rules.Inheriting("", "", "", []), BASE) == []
    assert rules.departures(replace(same, level="2"), replace(BASE, levels=("6",))) == []


def test_a_new_edition_shows_what_was_added_removed_and_changed():
    old = [BASE, Entry("B", "乙")]
    new = [replace(BASE, name="食品许可"), Entry("C", "丙")]

    found = {(one.kind, one.code): one for one in rules.differences(old, new)}

    assert set(found) == {("changed", BASE.code), ("added", "C"), ("removed", "B")}
    assert found["changed", BASE.code].columns == [("名称", "食品经营许可", "食品许可")]
    assert rules.differences(old, list(reversed(old))) == []
