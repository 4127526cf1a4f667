"""ARC-05: one tree of regions (省 市 县 乡): a case of a township is seen above it, by policy, nowhere beside it."""

from uuid import uuid4

import pytest

from mingqu.cases import selectors, services
from mingqu.cases.errors import CaseUnknown
from mingqu.cases.tests import factories as f
from mingqu.cases.worklists import Wanted
from mingqu.catalogue.directory.selectors import regions_up
from mingqu.identity import services as identity
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.tests import factories as people
from mingqu.identity.types import Within
from mingqu.kernel.regions import current, load_demo_district
from mingqu.kernel.types import Actor

pytestmark = pytest.mark.django_db

TOWN, COUNTY, CITY, PROVINCE = "990104100000", "990104000000", "990100000000", "990000000000"
BESIDE = {
    "another town": "990104001000",
    "another county": "990105000000",
    "another city": "990200000000",
    "another province": "980000000000",
}


def officer(region, *, role="efficiency_supervisor", department=None):
    """A post of that level whose role covers the region and what lies below it."""
    post = people.post()
    within = Within(region, department)
    identity.grant_role(post_id=post, role=role, within=within, by=people.SYSTEM, at=people.NOON, key=uuid4())
    return Actor("staff", uuid4(), post_id=post)


def sees(actor, case):
    """By the list and by the case itself; the two must agree."""
    listed = case in selectors.worklist(actor, Wanted((case.status,)))
    try:
        selectors.case_visible_to(actor, case.number)
    except CaseUnknown:
        opened = False
    else:
        opened = True
    assert listed is opened
    return listed


@pytest.fixture
def township_case():
    document = f.food_licence()
    document["item"]["region_code"] = TOWN
    w = f.world(document)
    load_demo_district()
    return w, f.received_case(w)


def test_a_case_of_a_township_is_seen_at_town_county_city_and_province_and_nowhere_beside(township_case):
    _, case = township_case

    assert case.region_code == TOWN
    assert regions_up(TOWN) == [TOWN, COUNTY, CITY, PROVINCE]
    assert all(current(code) for code in (TOWN, COUNTY, CITY))  # rows of the tree, not only digits
    assert {level: sees(officer(level), case) for level in (TOWN, COUNTY, CITY, PROVINCE)} == {
        TOWN: True,
        COUNTY: True,
        CITY: True,
        PROVINCE: True,
    }
    assert [name for name, region in BESIDE.items() if sees(officer(region), case)] == []


def test_at_city_level_the_policy_of_the_post_decides_what_of_the_township_is_seen_and_done(township_case):
    w, case = township_case

    assert sees(officer(CITY, department=w.bureau), case)  # the organ that handles it
    assert not sees(officer(CITY, department=people.department("另一个局")), case)
    assert not sees(officer(CITY, role="data_steward"), case)  # a role that sees no cases anywhere
    with pytest.raises(NotAuthorised):  # to see is not to decide
        services.accept_case(case_id=case.pk, by=officer(CITY), at=f.FRIDAY_NOON, key=uuid4())
