"""通办 for everybody: what can be done elsewhere today, in which way, and a way there from the guide."""

import pytest
from django.urls import reverse
from django.utils import timezone

from mingqu.across import selectors
from mingqu.across.tests import factories as made
from mingqu.kernel.legal_day import legal_day

TODAY = made.NOON.date()


@pytest.mark.django_db
def test_only_what_both_sides_agreed_to_is_shown_by_place_way_and_theme():
    s = made.sides()
    made.in_force(s)
    made.in_force(s, way="online")
    made.proposed(s, way="joint", from_on=TODAY)

    found = selectors.lines(TODAY)

    assert [(one.code, one.way, one.hall) for one in found] == [
        (made.ITEM, "collect", "临泊区政务服务大厅"),
        (made.ITEM, "online", "临泊区政务服务大厅"),
    ]
    assert [one.way for one in selectors.lines(TODAY, way="online")] == ["online"]
    assert selectors.lines(TODAY, hall="QH-H") == [] == selectors.lines(TODAY, theme="没有这个主题")
    assert selectors.lines(TODAY, item=made.ITEM, hall="LB-H", theme=found[0].theme) == found
    assert selectors.places(TODAY) == [("LB-H", "临泊区政务服务大厅")]


@pytest.mark.django_db
def test_the_guide_of_what_may_be_received_elsewhere_leads_there_and_back(client):
    s = made.sides()
    made.in_force(s)
    assert legal_day(timezone.now()) >= TODAY

    guide = client.get(reverse("portal:guide", args=[made.ITEM])).content.decode()
    page = client.get(reverse("across:places"), {"item": made.ITEM}).content.decode()

    assert f"{reverse('across:places')}?item={made.ITEM}" in guide
    assert reverse("portal:guide", args=[made.ITEM]) in page and "到下面的大厅交" in page
    assert "没有这样的事项" in client.get(reverse("across:places"), {"item": "NO-SUCH"}).content.decode()


@pytest.mark.django_db
def test_the_page_costs_the_same_for_one_and_for_many(client, django_assert_max_num_queries):
    s = made.sides()
    for way in ("collect", "online", "joint"):
        made.in_force(s, way=way)

    with django_assert_max_num_queries(4):
        assert len(selectors.lines(TODAY)) == 3
