"""裁量基准: what keeps a table from being published, which row applies, what lies within."""

from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mingqu.config
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.variants import with_discretion, with_two_tables
from mingqu.catalogue import discretion, rules
from mingqu.catalogue.checking import evaluator, unknown_names
from mingqu.catalogue.diff import diff
from mingqu.catalogue.linting.rules import lint
from mingqu.catalogue.services.people import powerless_people
from mingqu.catalogue.services.publishing import unknown_articles
from mingqu.catalogue.studio.choices import Choices
from mingqu.catalogue.studio.choosing import stretched
from mingqu.catalogue.studio.fields import inputs
from mingqu.catalogue.studio.sections import new_element, section_of, sections
from mingqu.catalogue.studio.taking import NOT_AN_AMOUNT, taken
from mingqu.catalogue.types import Applied, Discretion, DiscretionRule, LawRef
from mingqu.identity.models import Post
from mingqu.kernel.yaml_text import read_yaml
from mingqu.law import selectors as law

WASTE = Path(mingqu.config.__file__).parent / "demo/definitions/building-waste.yaml"
LAW = LawRef("中华人民共和国固体废物污染环境防治法", 63)


@cache
def _parsed():
    return read_yaml(WASTE.read_text("utf-8"))


def document(**changes):
    """建筑垃圾处置核准 of the demo: 5,000 and 50,000 立方米 divide one to three, two to six, four to twelve months."""
    whole = deepcopy(_parsed())
    whole["handling"][0]["discretion"] |= changes
    return whole


def changed_row(number, **changes):
    rows = deepcopy(_parsed()["handling"][0]["discretion"]["rules"])
    rows[number] |= changes
    return document(rules=rows)


def problems(whole):
    assert rules.shape_problems(whole) == []
    return list(discretion.problems(rules.definition_of(whole, whole["handling"][0]["code"]), unknown_names))


def test_a_table_without_gap_or_overlap_may_be_published():
    assert problems(document()) == []


@pytest.mark.parametrize(
    ("whole", "said"),
    [
        (
            changed_row(0, when="form.waste_m3 < 5000"),
            "没有写这种情形怎样裁量：“外运建筑垃圾数量”为5000",
        ),
        (
            changed_row(0, when="form.waste_m3 <= 6000"),
            "第1档和第2档会同时适用：“外运建筑垃圾数量”超过5000、不超过6000",
        ),
        (changed_row(0, when="form.area <= 50"), "裁量基准“处置期限”第1档"),
        (changed_row(0, when=""), "没有写条件"),
        (changed_row(1, lowest=7), "最低7高于最高6"),
        (changed_row(1, highest=2_000_000_000), "幅度2至2000000000不合理"),
        (changed_row(1, basis={"law": "", "article": 0}), "要写明依据哪部法律法规第几条"),
        (changed_row(1, says=" "), "要写明情形"),
        (document(rules=[]), "没有档次"),
        (document(post=""), "由哪个岗位复核"),
        (document(unit=""), "要写明裁量的内容和单位"),
        (document(verified=True, source=""), "要写明是和哪一份公布的裁量权基准核对的"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(whole, said):
    assert any(said in one for one in problems(whole)), problems(whole)


def another(**changes):
    """The second table of the demo, changed."""
    whole = document()
    whole["handling"][0]["more_discretion"][0] |= changes
    return whole


@pytest.mark.parametrize(
    ("whole", "said"),
    [
        (another(name="处置期限"), "几项裁量基准的内容要各不相同"),
        (another(two_decimals=False), "裁量基准“每车装载量上限”第1档：最低、最高要是整数"),
        (another(rules=[]), "裁量基准“每车装载量上限”没有档次"),
        (another(post=""), "裁量基准“每车装载量上限”要写明超出幅度由哪个岗位复核"),
    ],
)
def test_each_table_is_looked_at_under_its_own_name(whole, said):
    assert any(said in one for one in problems(whole)), problems(whole)


def test_a_third_decimal_is_one_too_many():
    rows = deepcopy(_parsed()["handling"][0]["more_discretion"][0]["rules"])
    rows[0]["lowest"] = 3.505

    assert any("最多两位小数" in one for one in problems(another(rules=rows)))


def test_only_one_table_sets_the_years():
    whole = with_two_tables(sets="valid_years", two_decimals=False)

    assert any("只能由一项裁量基准决定" in one for one in problems(whole))


def test_every_table_says_its_own_range():
    definition = rules.definition_of(document(), "01")
    names = {"situation": {}, "form": {"waste_m3": 6000}, "outcome": {}}

    found = discretion.applied(definition.discretions, names, evaluator({}))

    assert [(one.table, one.number, one.range) for one in found] == [(1, 2, "2-6"), (2, 2, "5-15.50")]
    assert discretion.ranges_of(definition, names, evaluator({})) == "2-6;5-15.50"
    nothing = {"situation": {}, "form": {"waste_m3": None}, "outcome": {}}
    assert discretion.ranges_of(definition, nothing, evaluator({})) == "-;-"


def test_a_condition_that_compares_two_answers_is_said_to_be_open_and_keeps_nothing_back():
    whole = document()
    form = whole["handling"][0]["form"]["schema"]
    form["properties"]["limit_m3"] = {"type": "number", "title": "核定数量"}
    form["required"].append("limit_m3")
    whole["handling"][0]["form"]["pages"][0]["fields"] = [
        *whole["handling"][0]["form"]["pages"][0].get("fields", []),
        "limit_m3",
    ]
    rows = deepcopy(_parsed()["handling"][0]["discretion"]["rules"][:2])
    rows[0]["when"], rows[1]["when"] = "form.waste_m3 <= form.limit_m3", "form.waste_m3 > form.limit_m3"
    whole["handling"][0]["discretion"]["rules"] = rows
    definition = rules.definition_of(whole, "01")

    assert list(discretion.problems(definition, unknown_names)) == []
    ((place, sentence),) = discretion.open_rows(definition)
    assert place == 1 and "裁量基准“处置期限”第1档、第2档" in sentence and "没有办法算清" in sentence
    assert list(discretion.open_rows(rules.definition_of(document(), "01"))) == []
    remarks = [one for one in lint(rules.document_of(whole)) if one.code == "discretion_open"]
    assert [one.path for one in remarks] == ["handling[0].discretion"]


def test_who_may_settle_on_the_spot_has_no_discretion():
    whole = document()
    whole["handling"][0]["on_the_spot"] = True

    assert any("不能当场办结" in one for one in problems(whole))


def applied(amount, whole=None):
    definition = rules.definition_of(whole or document(), "01")
    names = {"situation": {}, "form": {"waste_m3": amount}, "outcome": {}}
    return discretion.applied(definition.discretions, names, evaluator({}))[0]


@pytest.mark.parametrize(
    ("amount", "row", "range_"), [(5000, 1, "1-3"), (5001, 2, "2-6"), (50_001, 3, "4-12"), (None, 0, "")]
)
def test_one_row_applies_or_none(amount, row, range_):
    found = applied(amount)

    assert (found.number, found.range) == (row, range_)


def test_of_rows_that_overlap_none_is_chosen():
    assert applied(5500, changed_row(0, when="form.waste_m3 <= 6000")).number == 0


@given(
    st.integers(0, 50),
    st.integers(0, 50),
    st.none() | st.integers(0, 60),
    st.sampled_from(["", "granted", "refused"]),
)
def test_inside_is_what_the_row_says_and_nothing_else(one, other, value, to_be):
    least, most = sorted((one, other))
    rule = DiscretionRule("", "true", least, most, LAW, to_be)
    found = Applied(Discretion("年数", "年", "P", [rule]), 1, rule)

    granted, refused = found.inside("granted", value), found.inside("refused", None)

    assert granted == (to_be in ("", "granted") and value is not None and least <= value <= most)
    assert refused == (to_be in ("", "refused"))
    assert not Applied(found.of).inside("granted", value) and not Applied(found.of).inside("refused", None)


def test_a_difference_of_a_row_is_told_in_words():
    (told,) = diff(document(), changed_row(1, highest=8))

    assert (told.path, told.before, told.after) == ("handling[01].discretion.rules[1].highest", 6, 8)
    assert told.words == "业务办理项“新办” · 裁量基准 · 裁量档次“第2项” · 最高"


def test_the_table_has_a_sheet_of_its_own():
    whole = document()
    names = [one.short for one in sections(whole)]

    assert names.index("discretion") == names.index("result") + 1
    assert section_of(whole, "handling[0].discretion.rules[1].highest").short == "discretion"
    assert section_of(whole, "handling[0].fees").short == "result"


def test_articles_are_looked_up_where_there_is_a_library(db, monkeypatch):

    whole = rules.document_of(document())
    day = date(2026, 9, 18)
    assert unknown_articles(whole, day) == []
    monkeypatch.setattr(law, "any_known", lambda: True)
    assert any("法规库里没有" in one for one in unknown_articles(whole, day))


@pytest.mark.parametrize(
    ("when", "parts"),
    [
        ("form.a <= 50", ("", "form.a", "", "50")),
        ("form.a > 50 and form.a <= 500", ("", "form.a", "50", "500")),
        ('situation.q = "x" and form.b.c > 7', ('situation.q = "x"', "form.b.c", "7", "")),
        ('situation.q in ("x", "y")', ('situation.q in ("x", "y")', "", "", "")),
        ("", ("", "", "", "")),
        ("form.a > 50 and form.b <= 500", None),
        ("form.a > form.b", None),
        ("form.a < 50", None),
        ("form.a > 50.5 and form.a <= 500.25", ("", "form.a", "50.5", "500.25")),
    ],
)
def test_rows_filled_in_without_programming_are_the_expressions_they_mean(when, parts):
    found = stretched(when)

    if parts is None:
        assert found is None
        return
    ticks, stretch = found
    assert (ticks, stretch.measure, stretch.over, stretch.most) == parts
    assert " and ".join(filter(None, [ticks, stretch.condition])) == when


def sheet_of(whole, came=None):
    section = next(one for one in sections(whole) if one.short == "discretion")
    choices = Choices(whole, whole["handling"][0], {"CGJ-HEAD": "城管局局长"})
    parts = section.parts(whole, choices)
    path = "handling[0].discretion.rules[0].when"
    if came is None:
        return next(one for one in inputs(parts) if one.path == path)
    return taken(whole, parts, choices, lambda at: came if at == path else None)


def test_a_row_is_filled_in_by_the_number_of_the_form_it_goes_by():
    shown = sheet_of(document())
    assert (shown.widget, shown.stretch.measure, shown.stretch.most) == ("stretch", "form.waste_m3", "5000")

    made, wrong = sheet_of(document(), ["form.waste_m3", "10", "4000"])
    assert wrong == {}
    row = made["handling"][0]["discretion"]["rules"][0]
    assert row["when"] == "form.waste_m3 > 10 and form.waste_m3 <= 4000"
    made, wrong = sheet_of(document(), ["waste=yes", "", "", ""])
    assert made["handling"][0]["discretion"]["rules"][0]["when"] == 'situation.waste = "yes"'
    for came in (["form.nothing", "1", ""], ["", "1", ""], ["form.waste_m3", "ten", ""]):
        made, wrong = sheet_of(document(), came)
        assert made == document() and wrong


@pytest.mark.parametrize(
    ("typed", "kept"), [("6", 6), ("6.00", 6), ("6.50", 6.5), ("0.05", 0.05), ("1000000000", 1_000_000_000)]
)
def test_an_amount_is_kept_as_the_number_it_is(typed, kept):
    made, wrong = amount(typed)

    found = made["handling"][0]["more_discretion"][0]["rules"][0]["highest"]
    assert (found, type(found), wrong) == (kept, type(kept), {})


@pytest.mark.parametrize("typed", ["1.005", "-1", "1e3", "多", "1,000"])
def test_what_is_no_amount_is_not_taken(typed):
    made, wrong = amount(typed)

    assert made == document() and list(wrong.values()) == [NOT_AN_AMOUNT]


def amount(typed):
    """What is typed as the highest of the first row of the second table."""
    whole = document()
    section = next(one for one in sections(whole) if one.short == "discretion")
    choices = Choices(whole, whole["handling"][0], {"CGJ-HEAD": "城管局局长"})
    path = "handling[0].more_discretion[0].rules[0].highest"
    return taken(whole, section.parts(whole, choices), choices, lambda at: [typed] if at == path else None)


def test_a_second_table_is_added_on_the_sheet():
    whole = document()

    begun = new_element(whole, "handling[0].more_discretion")

    assert begun["rules"] == [] and begun["name"] == ""
    assert new_element(whole, "handling[0].more_discretion[0].rules")["lowest"] == 0


def test_a_second_person_below_who_decides_is_a_finding(db):
    f.world()
    whole = rules.document_of(with_discretion())
    assert powerless_people(whole) == []

    Post.objects.filter(code="SCJG-SPXK-SH").update(rank=0)  # a checker, as her role tells

    (said,) = powerless_people(whole)
    assert "裁量基准“有效年数”的复核岗位" in said and "下级不能复核上级" in said
