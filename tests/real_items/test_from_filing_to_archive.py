"""
Real items of a province, applied for in a training region with the standard template: filed, accepted, reviewed,
decided, delivered and archived. All 147 in the long run, eight of them in every run.
"""

import pytest

from mingqu.catalogue import gates, rules
from tests.real_items import life as lives
from tests.real_items import rows
from tests.real_items.house import house
from tests.real_items.life import accepted, archived, decided, deeds, delivered, filed, reviewed, withdrawn

pytestmark = pytest.mark.django_db

# Public services without any material whose names tell of no application: 查询/指引 by the rule of the import, until a
# person says otherwise. Two of them have no limit either, and none is made up (行政许可法 42 is not theirs).
NOT_APPLIED_FOR = {
    "11440000006939908P2442117138000",
    "1144000000694016742442109006000",
    "1144000000694016742442109022000",
}


NONE = [pytest.param("", marks=pytest.mark.skip(reason="no shared data"))]


def codes():
    """Each item once; what is not in the sample is for the long run."""
    if not rows.available():
        return NONE
    short = set(rows.sample())
    every = [*rows.of_several(), *rows.others()]
    return [pytest.param(code, marks=() if code in short else pytest.mark.long, id=code) for code in every]


def test_the_items_are_chosen_by_rule_and_not_by_what_works():
    if not rows.available():
        pytest.skip("no shared data")

    several, alone = rows.of_several(), rows.others()

    assert (len(several), len(alone)) == (87, 60)
    assert len(set(several) | set(alone)) == 147
    assert len({rows.raw()[code]["DEPT_NAME"] for code in alone}) >= 30
    assert len({rows.raw()[code]["TASK_TYPE"] for code in alone}) >= 4
    assert len(rows.sample()) == 8 and len(set(rows.sample()) & set(several)) == 4


def test_three_of_the_147_are_not_applied_for_and_the_report_says_why():
    if not rows.available():
        pytest.skip("no shared data")
    shut = {code: closed(code) for code in [*rows.of_several(), *rows.others()] if closed(code)}

    assert set(shut) == NOT_APPLIED_FOR
    assert {said for found in shut.values() for said in found} == {"not_on_application"}
    assert all(rows.raw()[code]["material_intro"] == "无" for code in shut)
    assert sum(rows.raw()[code]["handle_time"] == "无" for code in shut) == 2


def closed(code):
    """Why nobody can apply for it, template or not."""
    return [one.code for one in gates.gates(rules.document_of(rows.document(code))).of("applicable")]


@pytest.mark.parametrize("code", codes())
def test_a_real_item_is_lived_through_from_filing_to_archive(code):
    if code in NOT_APPLIED_FOR:
        assert closed(code) == ["not_on_application"]
        return
    life = archived(delivered(decided(reviewed(accepted(filed(house(code)))))))

    steps = life.house.handling["steps"]
    assert deeds(life) == [
        "case.file",
        "case.accept",
        *("case.check" if step.get("kind") == "check" else "case.review" for step in steps),
        "case.decide",
        "case.deliver",
        "case.archive",
    ]


def some(count):
    every = rows.of_several() if rows.available() else []
    with_limits = [code for code in every if rows.raw()[code]["handle_time"] != "无"]
    chosen = with_limits[:: max(1, len(with_limits) // count)][:count]
    return chosen or NONE


@pytest.mark.long
@pytest.mark.parametrize("code", some(4))
def test_a_real_item_is_refused_with_its_reasons(code):
    life = delivered(decided(reviewed(accepted(filed(house(code)))), "refused"))

    kind = "decision" if life.house.document["item"]["type"] == "01" else "approval"
    assert lives.paper(life, f"{kind}_refused")["court"] == life.house.document["guide"]["court"]
    assert archived(life).fresh().outcome == "refused"


@pytest.mark.long
@pytest.mark.parametrize("code", some(4))
def test_a_real_item_is_withdrawn_during_its_review(code):
    life = withdrawn(accepted(filed(house(code))))

    assert archived(life).fresh().outcome == ""


def natural():
    found = [code for code in rows.in_natural_days() if rows.raw()[code]["handle_time_limit"] != "无"]
    return found[:3] or NONE


@pytest.mark.long
@pytest.mark.parametrize("code", natural())
def test_a_real_item_counted_in_natural_days_has_its_last_day(code):
    made = house(code)
    assert made.handling["clocks"]["statutory"]["unit"] == "days"

    assert archived(delivered(decided(reviewed(accepted(filed(made)))))).fresh().status == "archived"
