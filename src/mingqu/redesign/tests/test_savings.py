"""再造报告 (ARC-08): the numbers are those of the definitions, of one item and of all."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from mingqu.cases.tests import factories as f
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue import services as catalogue_services
from mingqu.catalogue.models import ServiceItem
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.redesign import measuring, services
from mingqu.redesign.models import Reengineered

pytestmark = pytest.mark.django_db
ITEM = "QH-SPJYXK"


def revised() -> str:
    """The food licence published again: one material is not needed any more, only helpful. Its name."""
    document = f.food_licence()
    dropped = next(one for one in document["handling"][0]["materials"] if one["code"] == "special-process")
    dropped["optional"] = True
    for scenario in document["handling"][0]["scenarios"]:
        needed = scenario["expect"].get("materials", [])
        scenario["expect"] |= {"materials": [m for m in needed if m != dropped["code"]]} if needed else {}
    catalogue_services.publish_revision(
        document=document, files=f.form_files(), by=f.SYSTEM, at=f.FRIDAY_NOON, key=new_id()
    )
    return dropped["name"]


@pytest.fixture
def head(client):
    w = f.world()
    user = people.staff_user("周正", people.post(w.bureau, "department_head"))
    return w, people.signed_in(client, user)


def test_a_revised_item_shows_what_it_saves(head):
    _w, browser = head
    dropped = revised()
    services.measure_again(ITEM)

    page = browser.get(reverse("redesign:savings"))
    one = browser.get(reverse("redesign:item_savings", args=[ITEM])).content.decode()

    row = Reengineered.objects.get(handling_code="01")
    assert (row.steps_before - row.steps_after, row.materials_before - row.materials_after) == (0, 1)
    assert page.context["count"] == Reengineered.objects.count()
    assert f"减掉的材料：{dropped}" in one
    assert f"减少1份（{1 / row.materials_before:.0%}）" in one
    sheet = load_workbook(BytesIO(browser.get(reverse("redesign:savings_export")).content)).active
    rows = list(sheet.values)
    assert rows[1][0] == ITEM and rows[-1][0] == "合计"
    assert sum(int(r[11]) for r in rows[1:-1]) == int(rows[-1][11]) == 1  # materials saved


def test_measuring_again_changes_nothing_and_a_withdrawn_item_is_left_out(head):
    revised()
    assert services.measure_again() == services.measure_again() == Reengineered.objects.count() > 0

    ServiceItem.objects.filter(code=ITEM).update(withdrawn_at=f.FRIDAY_NOON)

    assert services.measure_again(ITEM) == 0
    assert not Reengineered.objects.exists()


def test_without_a_second_revision_there_is_nothing_and_the_page_says_so(head):
    _w, browser = head
    services.measure_again()

    assert "还没有修订过的事项" in browser.get(reverse("redesign:savings")).content.decode()
    assert "没有变" in browser.get(reverse("redesign:item_savings", args=[ITEM])).content.decode()


def test_what_is_counted_is_what_the_definition_says(head):
    item, document = catalogue.current_document(ITEM)
    one = document.handling[0]

    found = measuring.measures(one)

    assert found.steps == len(one.steps) + 1
    assert found.materials == sum(not material.optional for material in one.materials) >= found.own
    assert (found.promised, found.statutory) == (one.clocks.promised.limit, one.clocks.statutory.limit)
    assert found.asked >= len(f.ANSWERS)
    assert item.code == ITEM


def test_another_organ_s_items_are_not_in_the_report(head, client):
    revised()
    services.measure_again()
    stranger = people.staff_user("钱进", people.post(people.department(), "department_head"))
    people.signed_in(client, stranger)

    assert client.get(reverse("redesign:savings")).context["count"] == 0
