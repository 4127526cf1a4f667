"""A model of every kind of element, damaged at random: it is read or refused, decides or refuses, and never breaks."""

from __future__ import annotations

import contextlib
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingqu.decisions import services
from mingqu.decisions.errors import DecisionError
from mingqu.decisions.tests.models import data, decision, file, table, text
from mingqu.decisions.types import Limits

SMALL = Limits(steps=20_000, seconds=1.0)
TYPES = """<itemDefinition name="tKind"><typeRef>string</typeRef><allowedValues><text>"a", "b"</text></allowedValues>
</itemDefinition><itemDefinition name="tShop"><itemComponent name="kind"><typeRef>tKind</typeRef></itemComponent>
<itemComponent name="size"><typeRef>number</typeRef></itemComponent></itemDefinition>
<itemDefinition name="tShops" isCollection="true"><typeRef>tShop</typeRef></itemDefinition>"""
FUNCTION = """<businessKnowledgeModel id="twice" name="twice"><variable name="twice"/><encapsulatedLogic>
<formalParameter name="n" typeRef="number"/><literalExpression><text>n * 2</text></literalExpression>
</encapsulatedLogic></businessKnowledgeModel>"""
SERVICE = """<decisionService id="asked" name="asked"><variable name="asked"/><outputDecision href="#fee"/>
<encapsulatedDecision href="#size"/><inputData href="#shop"/></decisionService>"""
BOXED = (
    f"<context><contextEntry><variable name='x'/>{text('1')}</contextEntry><contextEntry><variable name='y'/><list>"
    f"{text('x + 1')}<relation><column name='n'/><row>{text('2')}</row></relation></list></contextEntry>"
    f"<contextEntry><conditional><if>{text('x = 1')}</if><then><for iteratorVariable='i'><in>{text('y')}</in><return>"
    f"{text('twice(2)')}</return></for></then><else><invocation>{text('twice')}<binding><parameter name='n'/>"
    f"{text('3')}</binding></invocation></else></conditional></contextEntry></context>"
)
RULES = [(("< 10", '"a"'), ("1",)), ((">= 10", "-"), ("2",))]
WHOLE = file(
    TYPES
    + FUNCTION
    + SERVICE
    + data("shop", "tShop")
    + data("more", "tShops")
    + decision("size", text("shop.size", "number"), needs=["shop"])
    + decision("fee", table(["size", "shop.kind"], RULES), needs=["shop"], decisions=["size"])
    + decision("boxed", BOXED, knows=["twice"], needs=["more"])
)
TEXTS = [
    "-",
    "",
    "null",
    "?",
    "(1..3]",
    "not(1)",
    "{a: 1}",
    "function(x) x(x)",
    "fee",
    "for i in 1..9 return partial",
]
VALUES = [
    "",
    "x",
    "number",
    "list<number>",
    "#size",
    "#fee",
    "#asked",
    "PRIORITY",
    "COLLECT",
    "SUM",
    "true",
    "tShops",
]
DAMAGE = st.tuples(
    st.sampled_from(["remove", "attribute", "text", "double", "rename"]),
    st.integers(0, 200),
    st.integers(0, 200),
    st.integers(0, 50),
)


def damaged(damages: list[tuple[str, int, int, int]]) -> str:
    """The model with some of its elements removed, moved, doubled or filled with something else."""
    root = ElementTree.fromstring(WHOLE)
    for kind, first, second, which in damages:
        elements = [(inner, outer) for outer in root.iter() for inner in outer]
        if not elements:
            break
        (element, outer), (other, _) = elements[first % len(elements)], elements[second % len(elements)]
        match kind:
            case "remove":
                outer.remove(element)
            case "attribute" if element.attrib:
                name = sorted(element.attrib)[which % len(element.attrib)]
                element.attrib[name] = VALUES[second % len(VALUES)]
            case "text" if len(element) == 0:
                element.text = TEXTS[second % len(TEXTS)]
            case "double" if other not in list(element.iter()) and element not in list(other.iter()):
                other.append(element)
            case "rename":
                element.tag = other.tag
    return ElementTree.tostring(root, encoding="unicode")


def tried(xml: str, answer: Any) -> None:
    """Reads, looks through and decides; the declared refusals are the only ones."""
    with contextlib.suppress(DecisionError):
        model = services.parse_model(xml)
        assert all(trouble.sentence for trouble in services.model_problems(model))
        services.data_read(model)
        for name in (*model.decisions, *model.services):
            with contextlib.suppress(DecisionError):
                services.evaluate_decision_with_trace(
                    model, name, {"shop": answer, "more": answer}, limits=SMALL
                )


ANSWERS = st.sampled_from([None, 1, {"kind": "a", "size": 5}, [{"kind": "c"}], "x"])


def test_the_model_works_before_it_is_damaged():
    model = services.parse_model(WHOLE)

    assert services.model_problems(model) == []
    assert services.evaluate_decision(model, "asked", {"shop": {"kind": "a", "size": 5}}) == 1
    assert services.evaluate_decision(model, "boxed", {}) == [4, 4]


@given(st.lists(DAMAGE, min_size=1, max_size=4), ANSWERS)
def test_a_damaged_model_is_refused_or_decides(damages, answer):
    tried(damaged(damages), answer)


@pytest.mark.long
@settings(max_examples=5000, deadline=None)
@given(st.lists(DAMAGE, min_size=1, max_size=8), ANSWERS)
def test_a_model_in_ruins_is_refused_or_decides(damages, answer):
    tried(damaged(damages), answer)


def test_a_service_without_its_decision_is_null_and_named():
    model = services.parse_model(WHOLE.replace('outputDecision href="#fee"', 'outputDecision href="#gone"'))

    assert services.evaluate_decision(model, "asked", {"shop": {"kind": "a", "size": 5}}) is None
    assert [(one.where, one.code) for one in services.model_problems(model)] == [("asked", "unknown_element")]
