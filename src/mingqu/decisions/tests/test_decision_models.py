"""Models: requirements, functions, services, types, boxed expressions, imports, and files that are refused."""

from __future__ import annotations

import pytest

from mingqu.decisions import services
from mingqu.decisions.dmn_xml import VERSIONS
from mingqu.decisions.errors import ModelInvalid, TooManySteps, UnknownDecision
from mingqu.decisions.tests.models import data, decision, file, text
from mingqu.decisions.types import Limits


def answer(body: str, name: str = "y", **inputs: object) -> object:
    return services.evaluate_decision(services.parse_model(file(body)), name, inputs)


def knowledge(name: str, parameters: str, body: str, kind: str = "FEEL") -> str:
    formal = "".join(f'<formalParameter name="{p}"/>' for p in parameters.split())
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}"/>'
        f'<encapsulatedLogic kind="{kind}">{formal}{body}</encapsulatedLogic></businessKnowledgeModel>'
    )


def test_a_decision_uses_the_decisions_it_requires():
    body = data("面积", "number") + decision("大店", text("面积 > 100"), needs=["面积"])
    body += decision("y", text('if 大店 then "现场核查" else "书面审查"'), decisions=["大店"])

    assert answer(body, 面积=120) == "现场核查"
    assert answer(body, 面积=20) == "书面审查"


def test_a_decision_sees_only_what_it_requires():
    body = data("a") + decision("y", text("a"))

    assert answer(body, a=1) is None


def test_a_model_that_declares_no_inputs_reads_what_it_is_given():
    body = decision("大店", text("面积 > 100")) + decision(
        "y", text("if 大店 then 面积 else 0"), decisions=["大店"]
    )
    model = services.parse_model(file(body))

    assert services.evaluate_decision(model, "y", {"面积": 120}) == 120
    assert services.model_problems(model) == []
    assert services.data_read(model) == {"面积"}


def test_numbers_of_other_tools_are_numbers():
    body = data("a", "integer") + decision("y", text("a", "double"), needs=["a"])

    assert answer(body, a=3) == 3
    assert answer(body, a="3") is None
    assert services.model_problems(services.parse_model(file(body))) == []


def test_a_knowledge_model_is_a_function():
    body = knowledge("twice", "n", text("n * 2")) + decision(
        "y", text("twice(n: 4) + twice(1)"), knows=["twice"]
    )

    assert answer(body) == 10


def test_a_knowledge_model_may_call_itself():
    body = knowledge("fact", "n", text("if n = 0 then 1 else n * fact(n - 1)"))
    itself = '<knowledgeRequirement><requiredKnowledge href="#fact"/></knowledgeRequirement>'
    body = body.replace("</businessKnowledgeModel>", f"{itself}</businessKnowledgeModel>")

    assert answer(body + decision("y", text("fact(10)"), knows=["fact"])) == 3628800


def test_a_knowledge_model_knows_itself_without_saying_so():
    body = knowledge("fact", "n", text("if n = 0 then 1 else n * fact(n - 1)"))

    assert answer(body + decision("y", text("fact(10)"), knows=["fact"])) == 3628800


def test_code_from_outside_is_never_called():
    body = knowledge("outside", "n", text('{class: "java.lang.Runtime", method: "exec"}'), kind="Java")

    assert answer(body + decision("y", text("outside(1)"), knows=["outside"])) is None


def test_a_decision_service_is_asked_directly_or_called():
    body = data("a", "number") + decision("inner", text("a + 1"), needs=["a"])
    body += '<decisionService id="s" name="s"><variable name="s"/>'
    body += '<outputDecision href="#inner"/><inputData href="#a"/></decisionService>'
    body += decision("y", text("s(41)"), knows=["s"])

    assert answer(body, "s", a=1) == 2
    assert answer(body, "y") == 42


def test_an_input_of_another_type_is_null():
    body = data("a", "number") + decision("y", text("a"), needs=["a"])

    assert answer(body, a="text") is None
    assert answer(body, a=[5]) == 5


TYPES = """
<itemDefinition name="tKind"><typeRef>string</typeRef>
<allowedValues><text>"餐饮", "零售"</text></allowedValues></itemDefinition>
<itemDefinition name="tShop"><itemComponent name="kind"><typeRef>tKind</typeRef></itemComponent>
<itemComponent name="floor area"><typeRef>number</typeRef></itemComponent></itemDefinition>
<itemDefinition name="tShops" isCollection="true"><typeRef>tShop</typeRef></itemDefinition>
"""


def test_item_definitions_are_checked():
    body = TYPES + data("shop", "tShop") + decision("y", text("shop.floor area"), needs=["shop"])

    assert answer(body, shop={"kind": "餐饮", "floor area": 60}) == 60
    assert answer(body, shop={"kind": "赌场", "floor area": 60}) is None
    assert answer(body, shop={"kind": "餐饮"}) is None


def test_a_single_value_fits_a_list_type_and_back():
    body = TYPES + data("shops", "tShops") + decision("y", text("count(shops)"), needs=["shops"])

    assert answer(body, shops={"kind": "餐饮", "floor area": 60}) == 1


BOXED = {
    "<context><contextEntry><variable name='a b'/>{1}</contextEntry><contextEntry>{2}</contextEntry></context>": (
        ["2", "a b * 3"],
        6,
    ),
    "<list>{1}{2}</list>": (["1", '"x"'], [1, "x"]),
    "<relation><column name='n'/><column name='m'/><row>{1}{2}</row></relation>": (
        ["1", "2"],
        [{"n": 1, "m": 2}],
    ),
    "<conditional><if>{1}</if><then>{2}</then><else>{3}</else></conditional>": (["1 > 2", '"a"', '"b"'], "b"),
    "<filter><in>{1}</in><match>{2}</match></filter>": (["[1, 5, 9]", "item > 3"], [5, 9]),
    "<for iteratorVariable='x'><in>{1}</in><return>{2}</return></for>": (["[1, 2]", "x * 10"], [10, 20]),
    "<some iteratorVariable='x'><in>{1}</in><satisfies>{2}</satisfies></some>": (["[1, 2]", "x > 1"], True),
    "<every iteratorVariable='x'><in>{1}</in><satisfies>{2}</satisfies></every>": (
        ["[1, 2]", "x > 1"],
        False,
    ),
}


@pytest.mark.parametrize("shape", BOXED)
def test_a_boxed_expression_gives_its_value(shape):
    texts, expected = BOXED[shape]

    assert answer(decision("y", shape.format("", *map(text, texts)))) == expected


@pytest.mark.parametrize("space", VERSIONS)
def test_all_versions_of_dmn_are_read(space):
    body = data("a", "number") + decision("y", text("a * 2"), needs=["a"])

    assert services.evaluate_decision(services.parse_model(file(body, space=space)), "y", {"a": 4}) == 8


def test_a_model_uses_another_under_its_name():
    shared = file(TYPES + knowledge("limit", "n", text("n * 20")), namespace="shared")
    body = '<import name="common" namespace="shared" importType="x"/>' + data("shop", "common.tShop")
    body += decision("y", text("common.limit(shop.floor area)"), needs=["shop"], knows=["X"]).replace(
        "#X", "shared#limit"
    )
    model = services.parse_model(file(body), [shared])

    assert services.evaluate_decision(model, "y", {"shop": {"kind": "零售", "floor area": 3}}) == 60


def test_a_missing_import_is_refused_by_name():
    with pytest.raises(ModelInvalid, match="urn:missing"):
        services.parse_model(file('<import name="m" namespace="urn:missing" importType="x"/>'))


def test_decisions_that_need_each_other_are_refused():
    with pytest.raises(ModelInvalid, match="循环"):
        services.parse_model(
            file(decision("a", text("b"), decisions=["b"]) + decision("b", text("a"), decisions=["a"]))
        )


def test_problems_of_a_model_name_the_element():
    body = (
        decision("y", text("1 +"))
        + decision("z", "", decisions=["nowhere"])
        + decision("w", text("1", "tMissing"))
    )
    model = services.parse_model(file(body))

    found = {(problem.where, problem.code) for problem in services.model_problems(model)}

    assert found == {
        ("y", "expression_invalid"),
        ("z", "no_logic"),
        ("z", "unknown_element"),
        ("", "unknown_type"),
    }
    assert all(problem.sentence for problem in services.model_problems(model))
    assert services.evaluate_decision(model, "y", {}) is None


def test_an_unknown_decision_is_refused():
    with pytest.raises(UnknownDecision):
        answer(decision("y", text("1")), "nobody")


def test_a_model_is_bounded_like_an_expression():
    model = services.parse_model(file(decision("y", text("for i in 1..999999999 return i"))))

    with pytest.raises(
        TooManySteps
    ):  # time is given freely: a busy machine does not change which limit is met
        services.evaluate_decision(model, "y", {}, limits=Limits(seconds=60))


def test_now_is_what_the_caller_says():
    assert answer(decision("y", text("now()"))) is None


LAUGHS = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
BAD = {
    "entities": f"{LAUGHS}<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/'>&b;</definitions>",
    "a file from outside": '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><definitions>&x;</definitions>',
    "a document type": "<!DOCTYPE definitions><definitions/>",
    "no XML": "decisions as text",
    "nothing": "",
    "half an element": "<definitions",
    "another language": "<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'/>",
    "no namespace": "<definitions/>",
    "very deep": "<a>" * 5000 + "</a>" * 5000,
    "very large": " " * 5_000_001,
    "half a head": "<?xml",
    "half a character": "\ud800",
    "a wrong encoding": b"\xff\xfe\x00<",
    "an unknown policy": file(decision("y", "<decisionTable hitPolicy='SOME'/>")),
    "a call of nothing": file(decision("y", "<invocation/>")),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_its_reason(name):
    with pytest.raises(ModelInvalid) as refusal:
        services.parse_model(BAD[name])

    assert refusal.value.params["reason"]
