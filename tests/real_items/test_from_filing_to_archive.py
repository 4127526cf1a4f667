"""
Real items of a province, applied for in a training region with the standard template: filed, accepted, reviewed,
decided, delivered and archived. All 147 in the long run, eight of them in every run.
"""

import pytest

from mingqu.catalogue import gates, rules
from mingqu.catalogue.imports.review_rules import with_kinds
from mingqu.catalogue.imports.templates import with_template
from tests.real_items import life as lives
from tests.real_items import rows
from tests.real_items.house import house
from tests.real_items.life import accepted, archived, decided, deeds, delivered, filed, reviewed, withdrawn

pytestmark = pytest.mark.django_db

# What their own rows say of these three of the 87: two lead to a page where one looks up legal advisers, the third
# tells of a month of talks and shows. None asks for a material, two have neither a condition nor a limit, and none is
# made up: 行政许可法 42 is the limit of licences. 查询/指引 is a page or a link, never a case (design 1).
ENQUIRIES = {
    "11440000006939908P2442117138000": "全国水生野生动物保护科普宣传月活动",
    "1144000000694016742442109006000": "村（社区）法律顾问排班信息查询",
    "1144000000694016742442109022000": "村（社区）法律顾问基本信息查询",
}


NONE = [pytest.param("", marks=pytest.mark.skip(reason="no shared data"))]


def codes():
    """Each item once; what is not in the sample is for the long run."""
    if not rows.available():
        return NONE
    short = set(rows.sample())
    return [
        pytest.param(code, marks=() if code in short else pytest.mark.long, id=code) for code in every_item()
    ]


def every_item():
    """The 87 without the enquiries, sixty others, and those in the place of the enquiries."""
    several = [code for code in rows.of_several() if code not in ENQUIRIES]
    return [*several, *rows.others(), *rows.in_their_place()]


def test_the_items_are_chosen_by_rule_and_not_by_what_works():
    if not rows.available():
        pytest.skip("no shared data")

    several, alone = rows.of_several(), rows.others()

    assert (len(several), len(alone)) == (87, 60)
    assert len(set(several) | set(alone)) == 147
    assert len({rows.raw()[code]["DEPT_NAME"] for code in alone}) >= 30
    assert len({rows.raw()[code]["TASK_TYPE"] for code in alone}) >= 4
    assert len(rows.sample()) == 8 and len(set(rows.sample()) & set(several)) == 4


def test_three_of_the_87_are_pages_and_no_applications_by_their_own_data():
    if not rows.available():
        pytest.skip("no shared data")
    found = {code: rows.raw()[code] for code in rows.enquiries()}

    assert {code: row["TASK_NAME"] for code, row in found.items()} == ENQUIRIES
    for code, row in found.items():
        document = rows.document(code)
        assert row["material_intro"] == "无", "nothing is handed in"
        assert row["TASK_TYPE_TEXT"] == "公共服务", "it is no licence"
        assert document["item"]["link"] == row["URL"].strip(), "what one does is open this page"
        assert document["handling"] == [] and closed(code) == ["not_on_application"]
    looked_up = [row for row in found.values() if row["TASK_NAME"].endswith("查询")]
    assert [row["handle_time"] for row in looked_up] == ["无", "无"], "no day by which it must be done"
    assert {row["accept_standard"].rstrip("。") for row in looked_up} == {"无需条件", "无条件"}


def test_who_says_all_the_same_that_they_are_applied_for_is_refused_by_the_gates():
    """A person may confirm another kind at the review; what the rows lack then keeps them shut."""
    if not rows.available():
        pytest.skip("no shared data")
    shut = {}
    for code in ENQUIRIES:
        named = with_kinds(rows.document(code), "", rules.ON_APPLICATION, "李慧")
        shut[code] = {
            one.code for one in gates.gates(rules.document_of(with_template(named))).of("applicable")
        }

    assert all(shut.values()), shut


def test_as_many_others_are_lived_through_in_their_place():
    if not rows.available():
        pytest.skip("no shared data")
    lived = every_item()

    assert len(rows.in_their_place()) == len(ENQUIRIES)
    assert len(lived) == len(set(lived)) == 147
    assert not set(lived) & set(ENQUIRIES) and not any(closed(code) for code in lived)


def closed(code):
    """Why nobody can apply for it, template or not."""
    return [one.code for one in gates.gates(rules.document_of(rows.document(code))).of("applicable")]


@pytest.mark.parametrize("code", codes())
def test_a_real_item_is_lived_through_from_filing_to_archive(code):
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
