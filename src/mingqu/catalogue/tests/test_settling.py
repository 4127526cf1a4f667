"""A department that is renamed or ends, as the catalogue sees it."""

from uuid import uuid4

import pytest

from mingqu.cases.tests import factories as f
from mingqu.catalogue import receivers
from mingqu.catalogue import services as catalogue
from mingqu.catalogue.errors import DefinitionInvalid
from mingqu.catalogue.models import ServiceItem
from mingqu.catalogue.search.models import SearchEntry
from mingqu.catalogue.settling import TIES
from mingqu.identity.events import DepartmentChanged
from mingqu.identity.models import Department
from mingqu.identity.tests import factories as people
from mingqu.kernel.legal_day import legal_day

pytestmark = pytest.mark.django_db
TODAY = legal_day(f.FRIDAY_NOON)


def held(department) -> dict[str, int]:
    return {tie.words: tie.rows(department, TODAY).count() for tie in TIES if tie.rows(department, TODAY)}


def test_its_own_items_hold_a_department_and_items_of_others_that_name_its_posts():
    f.world()
    own, station = (Department.objects.get(code=code).pk for code in ("QH-SCJG", "QH-SCJG-QLS"))
    steps = "别的部门公布的、有环节由这个部门的岗位办的事项"

    assert "正在公布的事项" in held(own) and steps not in held(own)
    assert held(station).keys() == {steps}
    assert held(people.department("清禾区水务局")) == {}


def test_search_finds_a_department_by_its_new_name_as_soon_as_it_is_told():
    f.world()
    organ = Department.objects.get(code="QH-SCJG")
    Department.objects.filter(pk=organ.pk).update(name="清禾区市场秩序局")

    receivers.follow_name(DepartmentChanged(organ.pk, "move"), at=f.FRIDAY_NOON)
    assert not SearchEntry.objects.filter(department_name="清禾区市场秩序局").exists()
    for _twice in range(2):
        receivers.follow_name(DepartmentChanged(organ.pk, "rename"), at=f.FRIDAY_NOON)

    assert set(SearchEntry.objects.values_list("department_name", flat=True)) == {"清禾区市场秩序局"}


def test_nothing_is_published_in_the_name_of_a_department_that_ended():
    f.world()
    item = ServiceItem.objects.select_related("current").get(code="QH-SPJYXK")
    Department.objects.filter(code="QH-SCJG").update(closed_on=TODAY)
    document = item.current.document | {"item": item.current.document["item"] | {"summary": "新的说明。"}}

    with pytest.raises(DefinitionInvalid, match="已经撤销"):
        catalogue.publish_revision(document=document, by=f.SYSTEM, at=f.FRIDAY_NOON, key=uuid4())

    assert ServiceItem.objects.get(pk=item.pk).current_id == item.current_id
