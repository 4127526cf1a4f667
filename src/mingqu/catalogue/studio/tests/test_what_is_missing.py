"""While one edits, each sheet says what it still lacks, and the first one what list the item is not in yet."""

import copy

import pytest
from django.urls import reverse

from mingqu.catalogue.directory.tests.test_lists_in_force import FOOD, OTHER, House
from mingqu.catalogue.models import DefinitionDraft
from mingqu.catalogue.studio.missing import unlisted_because
from mingqu.catalogue.studio.tests.test_editing import at, send
from mingqu.catalogue.tests.test_drafts import NOW, Staff, _plain_site, browser_of, text_of  # noqa: F401
from mingqu.kernel.legal_day import legal_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_plain_site")]
DAYS = "handling[0].result.renew_before_days"


@pytest.fixture
def staff(db):
    return Staff()


@pytest.fixture
def draft(staff):
    document = copy.deepcopy(staff.document)
    del document["handling"][0]["result"]["renew_before_days"]
    del document["guide"]["consult"]
    return DefinitionDraft.objects.get(pk=staff.save(document).draft_id)


def test_the_sheet_says_what_it_lacks_with_the_input_and_no_longer_once_it_is_typed(staff, draft):
    editor = browser_of(staff.editor)

    page = editor.get(at(draft, "0-result"))
    assert "这一部分还缺1处" in text_of(page) and "到期前多少日申请延续：缺少" in text_of(page)
    assert 'href="#p-handling-0-result-renew_before_days"' in page.content.decode()
    assert "别的部分还缺1处" in text_of(page), "the telephone stands on another sheet"
    assert "到期前多少日" not in text_of(editor.get(at(draft, "guide"))).partition("别的部分还缺")[0]

    answer = send(editor, draft, "0-result", typing=True, page=page, **{DAYS: "30"})
    assert "这一部分还缺" not in text_of(answer) and "别的部分还缺1处" in text_of(answer)


def test_an_item_that_is_in_no_list_in_force_is_told_on_its_first_sheet_and_beside_the_check():
    house = House()
    house.laws()
    house.in_force([OTHER])
    draft = DefinitionDraft.objects.get(pk=house.save(summary="改过的简介。").draft_id)
    editor = browser_of(house.editor)

    for page in (editor.get(at(draft)), editor.get(reverse("catalogue:draft", args=[draft.pk]))):
        assert "没有这个事项的有效条目" in text_of(page) and "列入清单以前不能发布" in text_of(page)
        assert f'href="{reverse("catalogue:editions")}"' in page.content.decode()
    assert "列入清单以前" not in text_of(editor.get(at(draft, "0-steps")))


def test_nothing_is_said_of_lists_where_none_is_in_force_or_the_item_is_entered():
    house, on = House(), legal_day(NOW)
    house.laws()
    assert unlisted_because(house.document, on) == "", "no list yet"

    house.in_force([FOOD])

    assert unlisted_because(house.document, on) == ""


@pytest.mark.parametrize("wrong", ["", "123", 5, None])
def test_a_draft_with_half_a_region_is_not_asked_about(staff, wrong):
    document = copy.deepcopy(staff.document)
    document["item"]["region_code"] = wrong

    assert unlisted_because(document, legal_day(NOW)) == ""
