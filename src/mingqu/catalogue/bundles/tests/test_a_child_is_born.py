"""PRT-04: 新生儿出生 of the demo district: the matters in their order, shared materials asked once, nobody left out."""

from functools import cache
from pathlib import Path
from uuid import UUID

import pytest

import mingqu.config
from mingqu.catalogue import rules as service_rules
from mingqu.catalogue.bundles import rules, selectors
from mingqu.catalogue.bundles.types import BundleDocument, OpenBundle
from mingqu.catalogue.types import view
from mingqu.config.demo.district import DEPARTMENTS
from mingqu.kernel.json import load
from mingqu.kernel.yaml_text import read_yaml

DEMO = Path(mingqu.config.__file__).parent / "demo"
USUAL = {"certificate": "no", "parents": "both", "follows": "mother", "peoples": "same", "insured": "yes"}


@cache
def documents():
    found = [read_yaml(path.read_text("utf-8")) for path in (DEMO / "definitions").glob("*.yaml")]
    return {one["item"]["code"]: service_rules.document_of(one) for one in found}


@cache
def newborn() -> OpenBundle:
    read = read_yaml((DEMO / "bundles/newborn.yaml").read_text("utf-8"))
    assert service_rules.shape_of(BundleDocument, read) == []
    bundle = load(BundleDocument, read)
    definitions = {p.code: view(documents()[p.item], p.handling) for p in bundle.parts if p.item}
    return OpenBundle(UUID(int=0), bundle, definitions, {})


def needed(**answers):
    return selectors.needed_of_answers(newborn(), {**USUAL, **answers})


def materials(**answers):
    return selectors.merged_materials(newborn(), needed(**answers))


def test_it_fits_the_services_it_is_made_of():
    assert rules.problems(newborn().document, newborn().definitions) == []


def test_the_certificate_of_birth_comes_first_then_the_register_then_insurance_and_card():
    found = needed()

    assert [p.name for p in found.parts] == [
        "出生医学证明",
        "预防接种证",
        "出生登记（上户口）",
        "城乡居民医保参保",
        "社会保障卡",
        "生育医疗费用支付",
    ]
    assert found.after == {
        "birth": [],
        "vaccination": ["birth"],
        "household": ["birth"],
        "insurance": ["household"],
        "card": ["household"],
        "maternity": ["birth"],
    }
    assert found.elapsed is not None
    assert (found.elapsed.days, found.elapsed.path) == (30, ["birth", "household", "card"])
    assert found.elapsed.serial == 43


def test_a_material_that_two_need_is_asked_once_and_what_an_office_brings_is_not_asked():
    asked = {one.code: set(one.to) for one in materials()}

    assert asked == {
        "parents-consent": {"insurance", "card"},
        "maternity--costs": {"maternity"},
        "maternity--diagnosis": {"maternity"},
    }


def test_a_certificate_already_in_hand_is_handed_in_once_for_all_who_need_it():
    asked = {one.code: set(one.to) for one in materials(certificate="yes")}

    assert asked["birth-certificate"] == {"insurance", "maternity"}
    assert [code for code in asked if "certificate" in code] == ["birth-certificate"]


def test_name_and_day_of_birth_stand_once_on_the_one_form():
    form = selectors.merged_form(newborn(), needed())

    assert list(form.schema["properties"]) == [
        "child_name",
        "born_on",
        "guardian_name",
        "guardian_phone",
        "card",
        "maternity",
    ]
    assert list(form.schema["properties"]["card"]["properties"]) == ["address"]


@pytest.mark.parametrize("answers", [{}, {"peoples": "different"}, {"parents": "other"}])
def test_whether_the_parents_are_married_is_not_asked_and_keeps_nobody_out(answers):
    asked = rules.questions_asked(newborn().document, {**USUAL, **answers}, selectors.catalogue.evaluate)

    assert not [q.text for q in asked if "结婚" in q.text]
    assert needed(**answers).stops == []
    assert "父母有没有登记结婚都一样办" in needed(**answers).not_needed[0].because


def test_a_parent_from_abroad_goes_to_the_window_for_the_register_and_has_the_rest_here():
    found = needed(parents="other")

    assert "household" not in [p.code for p in found.parts]
    assert found.after["card"] == ["birth"]
    said = next(n.because for n in found.not_needed if n.name == "出生登记（上户口）")
    assert said.startswith("不在网上办，但要办") and "派出所户籍窗口" in said
    assert found.left_out == [], "whatever is left out has its reason"
    assert "household-book" in {one.code for one in materials(parents="other")}


def test_who_wants_one_thing_alone_finds_it_listed():
    outside = {p.external.guide: p.external.organ for p in newborn().document.parts if p.external}

    assert {code: documents()[code].item.organ for code in outside} == outside
    assert {p.item for p in newborn().document.parts if p.item} <= documents().keys()


def test_the_hospital_that_gives_the_certificate_is_a_unit_below_the_health_department():
    units = {code: (name, parent) for code, name, parent, _ in DEPARTMENTS}

    assert units["QH-FYBJY"] == ("清禾区妇幼保健院", "QH-WJW")


def test_what_no_law_text_said_is_marked_as_a_setting_to_be_confirmed():
    said = {p.code: p.external.standard for p in newborn().document.parts if p.external}
    marked = {
        code: {source.path for source in documents()[code].sources if source.default}
        for code in ("QH-CBDJ", "QH-SBKSL", "QH-SYDY")
    }

    assert all("尚待核实" in words for words in said.values())
    assert all(
        {"handling[0].materials", "handling[0].clocks.statutory"} <= paths for paths in marked.values()
    )
