"""PRT-08: how far a service goes online follows from its definition; the share of 全程网办 equals a count by hand."""

from copy import deepcopy
from decimal import Decimal
from uuid import uuid4

import pytest

from mingqu.cases.tests import factories as f
from mingqu.catalogue.depth import depth_of
from mingqu.catalogue.models import ServiceItem
from mingqu.catalogue.rules import document_of
from mingqu.catalogue.services import publish_revision
from mingqu.identity.tests import factories as people
from mingqu.portal.selectors import depth


def licence(**changed) -> dict:
    """The food licence with every 业务办理项 changed so; `paper`: its first material is handed in on paper."""
    found = deepcopy(f.food_licence())
    for handling in found["handling"]:
        handling["visits"] = changed.get("visits", 0)
        if changed.get("paper") and handling["materials"]:
            handling["materials"][0]["source"] = {"kind": "paper"}
            handling["materials"][0].pop("may_follow", None)
    return found


@pytest.mark.parametrize(
    ("changed", "applicable", "level"),
    [
        ({}, True, "full"),
        ({"visits": 1}, True, "originals"),
        ({"visits": 2}, True, "originals"),
        ({"paper": True}, True, "preliminary"),
        ({}, False, "information"),
    ],
)
def test_the_level_follows_from_trips_paper_and_whether_it_is_taken_at_all(changed, applicable, level):
    assert depth_of(document_of(licence(**changed)), applicable=applicable) == level


def test_the_shallowest_of_its_handling_items_counts_and_what_is_done_elsewhere_is_information():
    one = licence()
    one["handling"][-1]["visits"] = 1
    assert depth_of(document_of(one), applicable=True) == "originals"
    one["handling"][0]["decide"]["where"] = "link"
    one["handling"][0]["decide"]["system"] = "省平台"
    assert depth_of(document_of(one), applicable=True) == "information"


@pytest.mark.django_db
def test_counts_and_shares_are_those_of_a_count_by_hand(client, django_assert_max_num_queries):
    w = f.world(licence())
    for number, visits in enumerate((1, 0), 1):
        document = licence(visits=visits)
        document["item"]["code"] = f"QH-DEPTH-{number}"
        publish_revision(document=document, by=people.SYSTEM, at=people.NOON, key=uuid4())
    ServiceItem.objects.create(
        code="QH-ENQUIRY", name="查询", department_id=w.bureau, audience=[], handling_kind="enquiry"
    )
    # By hand: three services, two of them without a trip; an enquiry is nothing one applies for.
    page = depth.page(people.NOON)

    assert {level.code: level.number for level in page.levels if level.number} == {"full": 2, "originals": 1}
    assert (page.number, page.full, page.share) == (3, 2, Decimal("66.7"))
    (organ,) = page.organs
    assert (organ.number, organ.full, organ.share) == (3, 2, Decimal("66.7"))
    with django_assert_max_num_queries(5):
        text = client.get("/depth/").content.decode()
    assert "66.7%" in text
    assert "原件核验" in client.get("/services/QH-DEPTH-1/").content.decode()
    assert "全程网办" in client.get("/services/QH-DEPTH-2/").content.decode()


@pytest.mark.django_db
def test_organs_go_on_by_name_and_nothing_has_no_share(client):
    assert depth.page(people.NOON).share is None
    assert "还没有可以申请的事项" in client.get("/depth/").content.decode()
    f.world(licence())
    assert depth.page(people.NOON, "澜州市清禾区市场监督管理局").organs == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("bookable", "level"), [(set(), "information"), ({"QH-READ"}, "appointment"), (None, "appointment")]
)
def test_what_can_only_be_read_about_is_booked_where_a_window_takes_appointments(
    monkeypatch, bookable, level
):
    """网上约时间，到窗口办; what is applied for online keeps its level."""
    w = f.world(licence())
    current = ServiceItem.objects.get(code=f.food_licence()["item"]["code"]).current
    ServiceItem.objects.create(
        code="QH-READ",
        name="只能看",
        department_id=w.bureau,
        audience=[],
        current=current,
        depth="information",
    )
    monkeypatch.setattr(depth.hall, "bookable_items", lambda at: bookable)

    levels = {one.code: one.number for one in depth.page(people.NOON).levels if one.number}
    assert levels == {"full": 1, level: 1}
