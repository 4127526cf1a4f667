"""What the standard template fills, what it leaves alone; what comes of it may be published or says why not."""

import json
from collections import Counter
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.catalogue import checking, gates, places, rules
from mingqu.catalogue.imports import stages, templates
from mingqu.catalogue.imports.tests import counting
from mingqu.catalogue.imports.types import default_post
from mingqu.catalogue.plans import plan_of
from mingqu.clocks.selectors import seed_calendar

CALENDAR = seed_calendar()
FROM_BELOW = "市级司法（受理,审核）、省级司法（审核,决定与公开,证件制定与送达）"
SEVERAL = "省级教育（受理,审核,决定与公开,证件制定与送达）、省级发改委（审核）、省级财政（审核）"


def row(**handling):
    """A document as an import leaves it: what the row says, and nothing else."""
    return {
        "format": "1.0",
        "item": {
            "code": "11440000006939756B2440101007000",
            "name": "临时价格干预范围事项提价申报",
            "base_code": "",
            "type": "01",
            "organ": "D1",
            "responsible_post": "",
            "level": "2",
            "region_code": "440000000000",
            "audience": ["natural_person", "enterprise"],
            "summary": "",
            "theme": "其他",
            "handling_kind": "on_application",
            "link": "",
        },
        "basis": [],
        "guide": {
            "consult": "020-34121084",
            "complain": "",
            "quantity": "",
            "reconsideration_organ": "",
            "court": "",
            "windows": [],
        },
        "handling": [
            {
                "code": "01",
                "name": "申请办理",
                "kind": "new",
                "materials": [{"code": "m1", "name": "申请报告", "explain": "", "accept": []}],
                "clocks": limits(30, 7),
                **handling,
            }
        ],
        "sources": [{"path": "item.name", "source": "items.jsonl 第1行 TASK_NAME"}],
    }


def limits(statutory, promised, unit="working_days"):
    return {
        "statutory": {"limit": statutory, "unit": unit},
        "promised": {"limit": promised, "unit": unit},
    }


def joint(text, promised=40):
    """As the import makes it of a text: organs it does not know have no post."""
    found = stages.parse(text)
    posts = {one.words: default_post("D1", "review") for one in found[:1]}
    made = {"steps": stages.steps(found, posts), "clocks": limits(180, promised)}
    if stages.decider(found):
        made["decide"] = stages.decision(found, default_post("D1", "decide"))
    return row(**{name: value for name, value in made.items() if value})


def only(document):
    (handling,) = document["handling"]
    return handling


def defaults(document):
    return {source["path"] for source in document["sources"] if source.get("default")}


def test_a_row_with_limits_and_materials_can_be_applied_for_afterwards():
    given_row = row()
    assert not gates.gates(rules.document_of(given_row)).open("applicable")

    made = templates.with_template(given_row)

    assert checking.findings(made, CALENDAR) == []
    assert gates.gates(rules.document_of(made)).open("applicable")
    handling = only(made)
    assert [(s["name"], s["post"], s["limit"]) for s in [*handling["steps"], handling["decide"]]] == [
        ("承办", "D1-CB", 5),
        ("审核", "D1-SH", 1),
        ("批准", "D1-PZ", 1),
    ]
    assert handling["result"]["type"] == "approval_document"
    assert handling["result"]["name"] == "关于临时价格干预范围事项提价申报的决定书"


def test_everything_that_was_filled_is_said_to_be_a_default_and_is_found_there():
    made = templates.with_template(row())

    assert {
        "handling[01].form",
        "handling[01].steps",
        "handling[01].decide",
        "handling[01].result",
        "handling[01].materials[m1].accept",
        "guide.court",
        "item.responsible_post",
    } <= defaults(made)
    assert all(places.exists(made, path) for path in defaults(made))
    assert "item.name" not in defaults(made)


@pytest.mark.parametrize("days", [1, 2, 3, 4, 5, 7, 8, 20, 40, 364])
@pytest.mark.parametrize("unit", ["working_days", "days"])
def test_the_steps_fit_into_the_promise(days, unit):
    handling = only(templates.with_template(row(clocks=limits(400, days, unit))))

    spent = [step["limit"] for step in [*handling["steps"], handling["decide"]]]
    assert min(spent) >= 1
    assert sum(spent) <= max(days, 3)


@pytest.mark.parametrize(
    ("statutory", "promised", "unit"),
    [(365, 364, "working_days"), (180, 40, "working_days"), (90, 60, "days"), (2, 1, "months")],
)
def test_long_limits_and_natural_days_are_kept_as_they_stand(statutory, promised, unit):
    made = templates.with_template(row(clocks=limits(statutory, promised, unit)))

    assert only(made)["clocks"] == limits(statutory, promised, unit)
    assert checking.findings(made, CALENDAR) == []


def test_no_limit_is_made_up_from_the_general_one():
    made = templates.with_template(row(clocks=None))

    assert not only(made)["clocks"]
    (shut,) = gates.gates(rules.document_of(made)).of("applicable")
    assert shut.code == "no_limits" and "期限" in shut.sentence


def test_a_promise_that_is_missing_is_the_limit_of_the_law():
    made = templates.with_template(row(clocks={"statutory": {"limit": 60, "unit": "days"}, "promised": None}))

    assert only(made)["clocks"]["promised"] == {"limit": 60, "unit": "days"}
    assert "handling[01].clocks.promised" in defaults(made)


@pytest.mark.parametrize("kind", ["change", "renew", "replace", "cancel"])
def test_nothing_is_offered_for_what_acts_on_a_certificate(kind):
    made = templates.with_template(row(kind=kind))

    assert not only(made).get("result")
    assert [s.code for s in gates.gates(rules.document_of(made)).of("applicable")] == ["no_result"]


@pytest.mark.parametrize("kind", ["enquiry", "ex_officio"])
def test_what_is_not_applied_for_is_left_as_it_is(kind):
    given_row = row()
    given_row["item"]["handling_kind"], given_row["handling"] = kind, []

    assert templates.with_template(given_row) == given_row


@pytest.mark.parametrize(
    ("audience", "asked", "needed"),
    [
        (["natural_person"], {"citizen_number"}, {"citizen_number"}),
        (["enterprise", "institution"], {"credit_code"}, {"credit_code"}),
        (["natural_person", "enterprise"], {"citizen_number", "credit_code"}, set()),
        ([], {"citizen_number", "credit_code"}, set()),
    ],
)
def test_the_form_asks_persons_and_firms_for_what_each_has(audience, asked, needed):
    given_row = row()
    given_row["item"]["audience"] = audience

    form = only(templates.with_template(given_row))["form"]["schema"]

    numbers = {"citizen_number", "credit_code"}
    assert set(form["properties"]) & numbers == asked
    assert set(form["required"]) & numbers == needed
    assert {"applicant_name", "address", "contact_phone", "matter"} <= set(form["required"])


def test_several_organs_review_side_by_side_and_one_puts_it_together():
    made = templates.with_template(joint(SEVERAL))
    handling = only(made)

    assert checking.findings(made, CALENDAR) == []
    assert [(s["name"], s.get("parallel", "")) for s in handling["steps"]] == [
        ("省级教育审核", "A"),
        ("省级发改委审核", "A"),
        ("省级财政审核", "A"),
        ("汇总审核", ""),
    ]
    assert [s["post"] for s in handling["steps"]] == ["D1-CB", "省级发改委-CB", "省级财政-CB", "D1-SH"]
    assert {"handling[01].steps[summary]", "handling[01].steps[s2].post"} <= defaults(made)
    assert "handling[01].steps[s1].post" not in defaults(made), "the source said so"


def test_the_posts_a_definition_needs_are_told_with_their_organs():
    seats = templates.seats_of(templates.with_template(joint(SEVERAL)))

    assert [(s.organ, s.role) for s in seats] == [
        ("D1", "reviewer"),
        ("省级发改委", "reviewer"),
        ("省级财政", "reviewer"),
        ("D1", "checker"),
        ("D1", "approver"),
    ]
    assert {s.within for s in seats} == {"D1"}, "a case belongs to the item's organ, whoever takes part"


# -- whatever a row lacks ------------------------------------------------------------------------------------

MAY_LACK = [
    ("item", "summary"),
    ("item", "theme"),
    ("item", "audience"),
    ("item", "level"),
    ("guide", "consult"),
    ("guide", "complain"),
]


@st.composite
def rows(draw):
    """A row that says some things and not others."""
    texts = [
        SEVERAL,
        "市级司法（受理,审核）、省级司法（审核,决定与公开,证件制定与送达）",
        "省级司法（审核）、市级司法（审核）",
    ]
    found = joint(draw(st.sampled_from(texts))) if draw(st.booleans()) else row()
    handling = only(found)
    for part, name in MAY_LACK:
        if draw(st.booleans()):
            found[part][name] = [] if name == "audience" else ""
    unit = draw(st.sampled_from(["working_days", "days", "months"]))
    statutory = draw(st.integers(1, 400))
    promised = draw(st.integers(1, statutory))
    clocks = [
        None,
        limits(statutory, promised, unit),
        {**limits(statutory, promised, unit), "promised": None},
    ]
    handling["clocks"] = draw(st.sampled_from(clocks))
    if draw(st.booleans()):
        handling["materials"] = []
    if draw(st.booleans()):
        handling["kind"] = draw(st.sampled_from(["new", "change", "renew"]))
    return found


def leaves(value, path=()):
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from leaves(inner, (*path, place))
    elif value not in ("", None):
        yield path, value


@given(rows())
def test_whatever_a_row_lacks_the_document_is_right_or_says_what_is_missing(given_row):
    before = deepcopy(given_row)

    made = templates.with_template(given_row)

    assert given_row == before, "the row itself is not touched"
    assert templates.with_template(made) == made
    kept = dict(leaves(made))
    for path, value in leaves(before):
        assert kept.get(path) == value, f"{path} of the row is lost or changed"
    for said in checking.findings(made, CALENDAR):
        assert said.startswith(("item.level", "item.type")), said
    if made["item"]["level"]:
        shut = gates.gates(rules.document_of(made)).of("applicable")
        assert {one.code for one in shut} <= {"no_limits", "no_result"}
        assert all(len(one.sentence) > 8 for one in shut)


# -- the rows of real catalogues ---------------------------------------------------------------------------------


def texts_of_several():
    if not counting.GUANGDONG.exists():
        pytest.skip("no shared data")
    return Counter(one["co_department"] for one in counting.guangdong() if one["co_department"] != "无")


def test_where_several_levels_decide_there_is_no_sequence_until_a_person_says_who_does():
    """分级管理: each level decides its own cases; one row of steps would be wrong for all but one of them."""
    made = templates.with_template(joint("省级其他（审核,决定与公开）、市级其他（审核,决定与公开）"))
    assert made["handling"][0]["decide"]

    templates.leave_undecided(made)

    shut = gates.gates(rules.document_of(made)).of("applicable")
    assert [one.code for one in shut] == ["no_process"]
    assert rules.shape_problems(made) == []
    assert not [one for one in made["sources"] if ".steps" in one["path"] or ".decide" in one["path"]]


def test_every_way_in_which_real_rows_name_several_organs_becomes_a_process_that_runs():
    texts = texts_of_several()
    assert len(texts) == 37 and sum(texts.values()) == 87

    for text in texts:
        made = templates.with_template(joint(text))
        assert checking.findings(made, CALENDAR) == [], text
        definition = rules.definition_of(made, "01")
        told = json.dumps(made, ensure_ascii=False)
        for stage in stages.parse(text):
            if stages.REVIEW in stage.deeds:
                assert f"{stage.words}审核" in told, "whoever reviews has a step"
        plan = plan_of(definition)
        assert {s.id for s in definition.steps} <= {n.id for n in plan.nodes.values()}
