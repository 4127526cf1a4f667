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


def republished(change) -> None:
    """The food licence published again, its first 业务办理项 changed."""
    document = f.food_licence()
    change(document["handling"][0])
    catalogue_services.publish_revision(
        document=document, files=f.form_files(), by=f.SYSTEM, at=f.FRIDAY_NOON, key=new_id()
    )
    services.measure_again(ITEM)


def test_working_days_and_natural_days_are_neither_taken_from_nor_added_to_each_other(head):
    """10 working days are not 4 days less than 14 days: the page says that the units differ, the sums leave it out."""
    _w, browser = head
    before = f.food_licence()["handling"][0]["clocks"]

    def natural(handling):
        handling["clocks"]["promised"] |= {"unit": "days", "limit": before["promised"]["limit"] + 4}
        handling["clocks"]["statutory"] |= {"limit": before["statutory"]["limit"] - 1}
        for scenario in handling["scenarios"]:  # their days follow from limits, which are other ones now
            for day in ("due", "promised"):
                scenario["expect"].pop(day, None)
        handling["scenarios"] = [one for one in handling["scenarios"] if one["expect"]]

    republished(natural)
    row = Reengineered.objects.get(handling_code="01")
    assert (row.promised_unit_before, row.promised_unit_after) == ("working_days", "days")
    one = browser.get(reverse("redesign:item_savings", args=[ITEM])).content.decode()

    assert "单位不同，不能相减" in one
    assert f"{row.promised_before}个工作日" in one and f"{row.promised_after}天" in one
    assert "减少1个工作日" in one
    lines = {line.key: line for line in browser.get(reverse("redesign:savings")).context["lines"]}
    others = Reengineered.objects.exclude(pk=row.pk).filter(promised_unit_before="working_days")
    assert lines["promised"].before == sum(one.promised_before for one in others)
    cells = list(
        load_workbook(BytesIO(browser.get(reverse("redesign:savings_export")).content)).active.values
    )
    mine = dict(zip(cells[0], next(r for r in cells if r[2] == row.handling_name), strict=True))
    assert mine["承诺期限减少"] in (None, "") and mine["承诺期限的单位"] == "个工作日→天"
    assert mine["法定期限减少"] == "1"


def test_a_step_less_is_told_by_number_and_name():
    document = f.food_licence()["handling"][0]
    steps = [(one["id"], one["name"]) for one in document["steps"]]
    assert len(steps) > 1

    gone, come = measuring.gone_and_come(steps, [*steps[1:], ("again", "复核")])
    assert (gone, come) == ([steps[0][1]], ["复核"])
    line = measuring.line("steps", len(steps) + 1, len(steps))
    assert (line.less, line.words) == (1, f"减少1个（{1 / (len(steps) + 1):.0%}）")
    assert measuring.line("steps", 2, 5).words == "增加3个（150%）"


def test_on_the_spot_is_none_of_whatever_days_it_was_before():
    on_spot = measuring.Measures(2, 1, 1, 0, 20, 0, 3, "", "working_days")
    days = measuring.Measures(3, 1, 1, 15, 20, 1, 3, "days", "working_days")

    lines = {line.key: line for line in measuring.lines(days, on_spot)}

    assert (lines["promised"].less, lines["promised"].words) == (15, "减少15天（100%）")
    assert lines["statutory"].words == "没有变" and lines["statutory"].before_words == "20个工作日"


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
