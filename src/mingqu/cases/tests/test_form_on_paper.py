"""The application form on paper comes from the same definition as the pages (行政许可法 29, 30)."""

import pytest
from django.urls import reverse

from mingqu.cases.tests import factories as f
from mingqu.catalogue import selectors as catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(client, db):
    f.world()
    item, document = catalogue.current_document("QH-SPJYXK")
    assert item.current is not None
    definition = catalogue.definition(item.current.pk, document.handling[0].code)
    address = reverse("cases:paper_form", args=["QH-SPJYXK"]) + f"?_handling={definition.handling_item.code}"
    return definition, lambda more="": client.get(address + more).content.decode()


def test_the_blank_form_asks_what_the_pages_ask_and_holds_no_answer(form):
    definition, page = form
    text = page()

    for name in (name for shown in definition.form.pages for name in shown["fields"]):
        assert definition.form.schema["properties"][name]["title"] in text
    for question in definition.situations:
        assert question.text in text
    assert "□" in text and "☑" not in text
    assert "随表交的材料" in text and definition.materials[0].name in text


def test_the_sample_is_filled_in_from_the_scenario_and_says_that_it_is_a_sample(form):
    definition, page = form
    given = next(s.given for s in definition.scenarios if s.given.form)

    text = page("&sample=1")

    assert "样表" in text and "不能当作申请交" in text and "☑" in text
    shown = [str(value) for value in given.form.values() if isinstance(value, str)]
    assert shown and all(value in text for value in shown)


def test_the_result_of_the_questions_leads_to_both(client, form):
    answer = client.get(
        reverse("cases:result", args=["QH-SPJYXK"])
        + "?_handling=01&subject=person&open_fire=no&above_homes=no&foods=hot"
    )
    text = answer.content.decode()

    assert "/apply/QH-SPJYXK/form/?_handling=01&amp;sample=1" in text
