"""What a grant brings: a certificate with all that one consists of, or the decision itself."""

import pytest

from mingqu.cases.tests.factories import food_licence
from mingqu.catalogue import checking, rules
from mingqu.catalogue.types import OF_A_CERTIFICATE
from mingqu.clocks.selectors import seed_calendar

CALENDAR = seed_calendar()


def licence(result, *, kind="new"):
    """The food licence with one 业务办理项 and this result."""
    document = food_licence()
    document["handling"] = [{**document["handling"][0], "kind": kind, "result": result, "scenarios": []}]
    document["sources"] = []
    return document


def findings(result, **more):
    return checking.findings(licence(result, **more), CALENDAR)


@pytest.mark.parametrize("kind", ["approval_document", "other", "none"])
def test_a_decision_needs_nothing_but_its_type(kind):
    assert findings({"type": kind}) == []


@pytest.mark.parametrize("name", OF_A_CERTIFICATE)
def test_a_certificate_needs_each_of_its_parts_whether_its_type_is_named_or_not(name):
    whole = food_licence()["handling"][0]["result"]
    without = {key: value for key, value in whole.items() if key != name}

    assert findings(without) == findings({"type": "certificate", **without})
    assert findings(without) == [f"handling[0].result.{name}：缺少"]


def test_an_empty_part_of_a_certificate_is_as_good_as_none():
    whole = food_licence()["handling"][0]["result"]

    said = findings({**whole, "certificate_type": "", "number_prefix": "", "fields": []})

    assert said == [
        "新办：结果是证照的，要写明证照类型",
        "新办：结果是证照的，要写明编号前缀",
        "新办：新办的证照没有内容",
    ]


@pytest.mark.parametrize("kind", ["change", "renew", "replace", "cancel"])
def test_what_acts_on_a_certificate_has_a_certificate_as_its_result(kind):
    (said,) = findings({"type": "approval_document"}, kind=kind)

    assert said.endswith("办的是已有的证照，结果类型应是证照")


def test_a_decision_does_not_speak_of_a_certificate():
    assert findings({"type": "none", "certificate_name": "某某证", "valid_years": 5}) == [
        "新办：结果不是证照的，不写证照的类型、名称和编号",
        "新办：结果不是证照的，不写有效年数和延续的天数",
    ]


def test_the_lines_of_a_decision_are_filled_as_those_of_a_certificate():
    lines = [{"code": "shop", "label": "经营者", "value": "form.shop_name"}]
    definition = rules.definition_of(licence({"type": "approval_document", "fields": lines}), "01")
    names = {"form": {"shop_name": "清禾小馆"}, "situation": {}, "applicant": {"name": "李晓禾"}}

    assert rules.certificate_values(definition, names, checking.evaluator({})) == {"shop": "清禾小馆"}
    assert findings({"type": "approval_document", "fields": [{**lines[0], "value": "form.none"}]})


def test_an_unknown_type_is_refused_with_the_list():
    (said,) = findings({"type": "licence"})

    assert "结果类型" in said and "approval_document 批文" in said
