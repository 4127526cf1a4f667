"""Listed, applicable, lawful: each gate shuts for a reason with a code and a sentence."""

import copy
from dataclasses import replace

import pytest

from mingqu.cases.tests.factories import DEFINITION
from mingqu.catalogue import checking, files, gates, raci, rules
from mingqu.catalogue.errors import DefinitionInvalid
from mingqu.clocks.selectors import seed_calendar
from mingqu.documents.rules import KINDS

DEMO = files.read_document(DEFINITION.read_bytes())
for _ref in DEMO["basis"]:
    _ref["confirmed_by"] = ""


class Entered:
    """Lists in which everything is entered."""

    def power_entry(self, item):
        return True

    def service_entry(self, item):
        return True


def shut(change=lambda document: None, **more):
    document = copy.deepcopy(DEMO)
    change(document)
    found = gates.gates(rules.document_of(document), **more)
    assert all(one.sentence and one.code for one in found.shut)
    return {one.gate: one.code for one in found.shut}


def test_what_may_be_applied_for_still_waits_for_its_bases_to_be_confirmed():
    assert shut() == {"lawful": "no_power_entry"}


def test_a_basis_somebody_confirmed_makes_it_lawful_until_the_lists_are_there():
    assert shut(lambda d: d["basis"][0].update(confirmed_by="李编办")) == {}
    assert shut(lists=Entered()) == {}


def test_an_item_without_a_basis_is_not_lawful_whatever_the_lists_say():
    assert shut(lambda d: d.update(basis=[]), lists=Entered()) == {"lawful": "no_basis"}


def test_a_public_service_needs_an_entry_of_the_other_list():
    assert shut(lambda d: d["item"].update(type="20")) == {"lawful": "no_service_entry"}


@pytest.mark.parametrize("kind", ["enquiry", "ex_officio"])
def test_what_is_not_on_application_is_never_applied_for(kind):
    def other(document):
        document["item"].update(handling_kind=kind)
        document["basis"][0].update(confirmed_by="李编办")

    assert shut(other) == {"applicable": "not_on_application"}


@pytest.mark.parametrize("name", ["reconsideration_organ", "court"])
def test_without_a_remedy_nothing_is_applied_for_nor_published(name):
    """行政复议法 20, 行政诉讼法 46: every decision names both; a case that can't be decided is never begun."""

    def silent(document):
        document["guide"][name] = "  "

    assert shut(silent, lists=Entered()) == {"applicable": "no_remedies"}
    document = copy.deepcopy(DEMO)
    silent(document)
    with pytest.raises(DefinitionInvalid, match="文书都要告知"):
        checking.check(document, seed_calendar())


# Where each required field of a paper comes from: out of the definition (its place), or from what happened.
OF_DEFINITION = {
    "item": "item.name",
    "organ": "item.organ",
    "reconsideration_organ": "guide.reconsideration_organ",
    "court": "guide.court",
}
HAPPENED = """
accepted accepted_on amount approver asked basis began bundle bundle_number capitals case_number
case_number_grouped certificate_name certificate_number channel checklist consequence date ended ended_on
expected_until fee_name fields findings ground heard identifier joint_before joint_on material materials
number officers organs outcome paper parts place points promised reasons received_on receiver recipient
served_on signed_how signed_name signed_on signed_time since standard statutory_before statutory_on step
title told told_on valid_from verification_code way words
"""


def test_every_field_that_a_paper_must_have_follows_from_what_a_definition_must_have():
    """A new required field is entered here; one that a definition gives is asked for before anybody applies."""
    required = {name for kind in KINDS.values() for name in kind.required}
    happened = set(HAPPENED.split())
    assert required - happened == set(OF_DEFINITION)
    assert not happened - required
    for path in OF_DEFINITION.values():
        part, name = path.split(".")
        document = copy.deepcopy(DEMO)
        document[part][name] = ""
        found = gates.gates(rules.document_of(document), lists=Entered())
        assert found.of("applicable") or found.of("listed"), path


def test_an_item_without_handling_items_is_only_listed():
    assert shut(lambda d: d.update(handling=[]), lists=Entered()) == {"applicable": "no_handling"}


@pytest.mark.parametrize(
    ("part", "code"),
    [("clocks", "no_limits"), ("form", "no_form"), ("decide", "no_process"), ("result", "no_result")],
)
def test_each_part_a_case_needs_shuts_the_gate_when_it_is_missing(part, code):
    def only_first_without(document):
        document["handling"] = document["handling"][:1]
        del document["handling"][0][part]

    assert shut(only_first_without, lists=Entered()) == {"applicable": code}


def test_one_complete_handling_item_opens_the_gate_for_the_item():
    assert shut(lambda d: d["handling"][0].pop("clocks"), lists=Entered()) == {}


def test_a_scenario_that_fails_shuts_the_gate_in_the_editor():
    failed = {h["code"]: ["场景“甲”不符"] for h in DEMO["handling"]}

    assert shut(lists=Entered(), failed=failed) == {"applicable": "scenario_failed"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: d["item"].update(name=" "), "no_name"),
        (lambda d: d["item"].update(organ=""), "no_organ"),
        (lambda d: d["guide"].update(consult=""), "no_telephone"),
    ],
)
def test_an_item_is_listed_with_name_organ_and_telephone(change, code):
    found = shut(change, lists=Entered())
    assert found.pop("listed") == code
    assert found == ({"applicable": "organ_missing"} if code == "no_organ" else {})


def test_nobody_applies_to_an_item_without_an_organ():
    """行政许可法 22: an organ with the power acts; without one nobody could take an application in."""
    document = copy.deepcopy(DEMO)
    document["item"]["organ"] = " "

    closed = gates.gates(rules.document_of(document), Entered()).of("applicable")

    assert [one.sentence for one in closed] == ["没有实施机关，没有人能受理申请，只能列出"]


def test_what_may_be_applied_for_has_a_post_that_answers_for_it():
    """LAW-03: refused at publication, and shut where it stands without one already."""
    document = copy.deepcopy(DEMO)
    document["item"]["responsible_post"] = " "

    assert shut(lambda d: d["item"].update(responsible_post=" "), lists=Entered()) == {
        "applicable": "no_responsible_post"
    }
    assert rules.answered_for(rules.document_of(document)) == [
        "没有责任岗位：每个可以申请的事项要有一个岗位负责"
    ]
    with pytest.raises(DefinitionInvalid) as refused:
        checking.check(document, seed_calendar(), {})
    assert "没有责任岗位" in str(refused.value.problems)


@pytest.mark.parametrize("path", sorted(DEFINITION.parent.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_item_of_the_demo_has_a_responsible_post(path):
    assert files.read_document(path.read_bytes())["item"]["responsible_post"].strip()


def test_who_does_answers_is_asked_and_told_follows_from_the_steps():
    whole = rules.document_of(DEMO)

    parts = {name: posts for name, _about, posts in raci.parts_of(whole.handling[1], "SCJG-SPXK-01")}

    assert parts == {
        raci.DOES: ["SCJG-SPXK-01", "SCJG-HC"],
        raci.ANSWERS: ["SCJG-SPXK-01", "SCJG-LEAD"],
        raci.ASKED: ["SCJG-SPXK-SH"],
        raci.TOLD: ["申请人"],
    }
    assert raci.parts_of(replace(whole.handling[1], decide=None), "X") == []
