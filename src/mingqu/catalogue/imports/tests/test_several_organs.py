"""Approvals by several organs: every text of the shared file is understood, and comes out as steps that make sense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.catalogue.imports import stages
from mingqu.catalogue.imports.tests import counting
from mingqu.catalogue.imports.types import Stage

EDUCATION = "省级教育（受理,审核,决定与公开,证件制定与送达）、省级发改委（审核）、省级财政（审核）"
ONE = st.builds(
    Stage,
    st.sampled_from(stages.LEVELS),
    st.text("发改委教育司法公安其他财政", min_size=1, max_size=6),
    st.lists(st.sampled_from(stages.DEEDS), min_size=1, unique=True).map(tuple),
)


def test_organs_of_one_level_review_side_by_side():
    rows = stages.steps(stages.parse(EDUCATION), {"省级教育": "JY-CB"})

    assert [(row["name"], row["parallel"]) for row in rows] == [
        ("省级教育审核", "A"),
        ("省级发改委审核", "A"),
        ("省级财政审核", "A"),
    ]
    assert [row["post"] for row in rows] == ["JY-CB", "", ""]


def test_a_lower_level_reviews_first_and_reports_upwards_by_article_35():
    found = stages.parse("省级司法（审核,决定与公开,证件制定与送达）、市级司法（受理,审核）")

    assert [(row["name"], row["parallel"]) for row in stages.steps(found, {})] == [
        ("市级司法审核", ""),
        ("省级司法审核", ""),
    ]
    decider = stages.decider(found)
    assert decider is not None and decider.words == "省级司法"


def test_who_only_takes_in_has_a_step_and_who_only_decides_has_the_decision():
    found = stages.parse(
        "县级农业农村（受理）、省级农业农村（审核）、国家级农业农村（决定与公开,证件制定与送达）"
    )

    assert [row["name"] for row in stages.steps(found, {})] == ["县级农业农村受理", "省级农业农村审核"]
    decider = stages.decider(found)
    assert decider is not None and decider.level == "国家级"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("省级司法（审核）、市级司法（审核）", "no_decider"),
        ("省级其他（决定与公开）、市级其他（决定与公开）", "several_deciders"),
        ("省级司法（证件制定与送达）、市级司法（决定与公开）", "delivered_elsewhere"),
    ],
)
def test_what_the_text_leaves_open_is_said(text, code):
    assert [one.code for one in stages.findings(stages.parse(text), "")] == [code]


@given(st.lists(ONE, min_size=1, max_size=9))
def test_every_organ_is_read_back_and_works_exactly_once(given_stages):
    text = stages.write(given_stages)
    found = stages.parse(text)
    rows = stages.steps(found, {})

    assert found == given_stages and stages.write(found) == text
    reviewing = [one for one in found if stages.REVIEW in one.deeds]
    assert sum(row["name"].endswith("审核") for row in rows) == len(reviewing)
    assert len({row["id"] for row in rows}) == len(rows)
    levels = [stages.LEVELS.index(row["name"][: 3 if row["name"].startswith("国") else 2]) for row in rows]
    assert levels == sorted(levels)
    for letter in {row["parallel"] for row in rows} - {""}:
        assert sum(row["parallel"] == letter for row in rows) > 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "教育局",
        "省级教育",
        "省级教育（）",
        "省级教育（审批）",
        "省级教育（审核,审核）",
        "省级教育（审核）市级教育（审核）",
        "省级教育（审核）、",
        "省级教育（审核",
    ],
)
def test_a_text_of_another_form_is_not_half_understood(text):
    with pytest.raises(ValueError, match=r"^"):
        stages.parse(text)


@pytest.mark.skipif(not counting.GUANGDONG.exists(), reason="no shared data")
def test_every_one_of_the_38_texts_of_guangdong_is_understood():
    texts = {row["co_department"] for row in counting.guangdong()} - {"无"}

    assert len(texts) == 37  # and 无
    for text in texts:
        assert stages.write(stages.parse(text)) == text
