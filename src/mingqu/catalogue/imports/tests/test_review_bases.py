"""Bases of rows of an import: proposed by what a row quotes or is called, accepted where they are in force."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.catalogue.imports import review_rules
from mingqu.catalogue.imports.review_models import ReviewDeed
from mingqu.catalogue.imports.stems import stems
from mingqu.catalogue.imports.tests import reviewing
from mingqu.catalogue.imports.tests.reviewing import BASIS, House
from mingqu.catalogue.rules import shape_problems


def test_bases_in_force_are_accepted_with_the_reviewers_name_and_no_others(db, standing):
    gone = BASIS | {"law": "食品卫生法", "article": 27, "standing": "repealed", "sentence": "已废止"}
    house = House(1, bases=[BASIS | {"standing": "in_force", "sentence": ""}, gone])

    house.do("bases")

    row = house.row(1)
    assert [one["accepted_by"] for one in row.bases] == ["范定", ""]
    assert row.document["basis"] == [
        {"law": "食品安全法", "article": 35, "paragraph": 1, "point": 0, "confirmed_by": "范定"}
    ]
    assert row.lawful


def test_a_basis_that_was_repealed_since_it_was_proposed_is_not_accepted(house, standing):
    standing.add("食品安全法")
    deed = ReviewDeed.objects.get(pk=house.do("bases", 1))
    assert deed.rows.get().said == ["《食品安全法》已废止"]
    assert house.row(1).document["basis"] == []


def test_one_basis_of_several_is_accepted_by_its_place(db, standing):
    both = [BASIS | {"article": article, "standing": "in_force", "sentence": ""} for article in (35, 36)]
    house = House(1, bases=both)
    house.do("bases", places=(1,))
    assert [ref["article"] for ref in house.row(1).document["basis"]] == [36]


def test_a_row_that_quotes_nothing_gets_a_proposal_by_its_name_that_a_person_accepts(db, standing, library):
    house = House(1, bases=[], name="取水许可证核发（新办）")

    house.do("propose")

    row = house.row(1)
    assert (row.bases[0]["law"], row.bases[0]["article"], row.bases[0]["accepted_by"]) == (
        "取水许可条例",
        2,
        "",
    )
    assert "按事项名称里的“取水许可证”在法规库查到" in row.bases[0]["found_in"]
    assert row.document["basis"] == [] and not row.lawful

    house.do("bases", by=house.second)

    row = house.row(1)
    assert [(ref["law"], ref["confirmed_by"]) for ref in row.document["basis"]] == [("取水许可条例", "季平")]
    source = next(one for one in row.document["sources"] if one["path"] == "basis[0]")
    assert "按事项名称在法规库里查到的建议" in source["source"] and source["confirmed_by"] == "季平"
    assert row.lawful and shape_problems(row.document) == []


def test_nothing_is_proposed_where_a_basis_is_named_and_none_found_is_said(db, library):
    house = House(0)
    reviewing.row(house.batch, 1, name="取水许可证核发")
    reviewing.row(house.batch, 2, name="外国人游览证核发", bases=[])
    reviewing.row(house.batch, 3, name="取水许可证核发", bases=[], handling_kind="enquiry")

    deed = ReviewDeed.objects.get(pk=house.do("propose"))

    said = [row.said[0] for row in deed.rows.order_by("line")]
    assert ["已经有依据" in said[0], "没有按名称找到" in said[1], "不是依申请" in said[2]] == [True] * 3


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("取水许可证核发（新办）", "取水许可证核发"),
        ("变更取水许可（(一般变更)）", "取水许可"),
        ("保安员证核发(遗失补发保安员证)", "保安员证核发"),
        ("换发外国人停留证件", "外国人停留证件"),
        ("建设用地（含临时用地）规划许可证核发", "建设用地规划许可证核发"),
        ("变更登记", ""),
    ],
)
def test_an_item_is_looked_up_by_its_name_without_what_is_done_about_it(name, first):
    found = stems(name)
    assert (found[0] if found else "") == first
    assert all(len(one) >= 4 for one in found)


@given(
    bases=st.lists(
        st.fixed_dictionaries(
            {
                "law": st.sampled_from(["甲法", "乙法"]),
                "article": st.integers(0, 3),
                "standing": st.sampled_from(["in_force", "repealed", "unknown_law", "not_yet"]),
                "accepted_by": st.sampled_from(["", "先前的人"]),
            }
        ),
        max_size=6,
    )
)
def test_whatever_was_proposed_only_what_is_in_force_ever_comes_into_the_document(bases):
    places = review_rules.open_bases(bases)
    document, kept = review_rules.with_bases({"basis": []}, bases, places, "范定")

    in_force = {(one["law"], one["article"]) for one in bases if one["standing"] == "in_force"}
    assert {(ref["law"], ref["article"]) for ref in document["basis"]} <= in_force
    assert all(ref["confirmed_by"] == "范定" for ref in document["basis"])
    assert len({(ref["law"], ref["article"]) for ref in document["basis"]}) == len(document["basis"])
    assert [one["accepted_by"] for one in kept if one["standing"] != "in_force"] == [
        one["accepted_by"] for one in bases if one["standing"] != "in_force"
    ]
