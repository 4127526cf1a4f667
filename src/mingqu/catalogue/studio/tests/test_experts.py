"""Experts draw the flow of a draft: one source with the step table, wherever the table can say it."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mingqu.catalogue.models import DefinitionDraft, DefinitionFile
from mingqu.catalogue.studio.as_table import as_table
from mingqu.catalogue.studio.tests.test_editing import at, now, send
from mingqu.catalogue.tests.test_drafts import Staff, _plain_site, browser_of, text_of  # noqa: F401
from mingqu.process import services as process
from mingqu.process.tests.bpmn_files import FOLDER, REFERENCES
from mingqu.process.types import StepRow

WHENS = st.sampled_from([None, None, 'situation.q1 = "yes"', 'today > date("2026-01-01")'])
POST = "SCJG-SPXK-01"


@st.composite
def tables(draw):
    """Step tables: rows one after another, some with conditions, some in groups."""
    rows, number = [], 0
    for group in range(draw(st.integers(1, 4))):
        size = draw(st.integers(1, 3))
        for _row in range(size):
            number += 1
            letter = "ABCD"[group] if size > 1 else None
            rows.append(
                StepRow(f"s{number}", f"环节{number}", POST, draw(st.integers(1, 9)), draw(WHENS), letter)
            )
    return [*rows, StepRow("decide", "决定", POST, 1)]


@given(tables())
def test_what_was_drawn_from_a_step_table_comes_back_as_that_table(rows):
    plan = process.plan_from_steps(rows)

    told = as_table(plan)

    assert told.beyond == []
    assert told.rows == rows


def drawn(steps, flows, extra=""):
    """A drawing as other software writes it, without positions."""
    nodes = (
        "".join(f'<userTask id="{one}" name="{one}" mq:post="{POST}" mq:limit="2"/>' for one in steps) + extra
    )
    lines = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}">{c}</sequenceFlow>'
        for n, (a, b, c) in enumerate((*one, "")[:3] for one in flows)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:mq="https://mingqu.org/bpmn" id="d" targetNamespace="x"><process id="p" isExecutable="true">'
        f'<startEvent id="start"/>{nodes}<endEvent id="end"/>{lines}</process></definitions>'
    )


LINE = drawn(
    ["look", "visit", "decide"],
    [("start", "look"), ("look", "visit"), ("visit", "decide"), ("decide", "end")],
)
WHEN = '<conditionExpression>outcome.look = "not_met"</conditionExpression>'
GOES = '<conditionExpression>outcome.way = "simple"</conditionExpression>'
BACK = drawn(
    ["look", "decide"],
    [("start", "m"), ("m", "look"), ("look", "g"), ("g", "m", WHEN), ("g", "decide"), ("decide", "end")],
    '<exclusiveGateway id="g" name="够不够" default="f4"/><exclusiveGateway id="m"/>',
)


def address(draft, place=0):
    return reverse("catalogue:draft_flow", args=[draft.pk, place])


def save(client, draft, xml, deed="save"):
    fields = {"key": str(uuid4()), "version": str(draft.version), "deed": deed, "xml": xml}
    return client.post(address(draft), fields)


@pytest.fixture
def staff(db):
    return Staff()


@pytest.fixture
def draft(staff):
    return DefinitionDraft.objects.get(pk=staff.save().draft_id)


pytestmark = pytest.mark.usefixtures("_plain_site")


@pytest.mark.django_db
def test_a_flow_the_table_can_say_is_written_into_the_table_and_no_file_is_kept(staff, draft):
    editor = browser_of(staff.editor)
    assert "流程图（专家视图）" in text_of(editor.get(address(draft)))
    assert address(draft) in editor.get(reverse("catalogue:draft", args=[draft.pk])).content.decode()

    assert save(editor, draft, LINE).status_code == 302

    handling = now(draft)["handling"][0]
    assert "process" not in handling
    assert [(row["id"], row["post"], row["limit"]) for row in handling["steps"]] == [
        ("look", POST, 2), ("visit", POST, 2),
    ]  # fmt: skip
    assert handling["decide"]["name"] == "decide" and handling["decide"]["limit"] == 2
    assert not DefinitionFile.objects.filter(kind="bpmn").exists()


@pytest.mark.django_db
def test_a_flow_with_a_way_back_stays_a_drawing_and_locks_what_it_decides_in_the_table(staff, draft):
    editor = browser_of(staff.editor)

    assert save(editor, draft, BACK).status_code == 302

    handling = now(draft)["handling"][0]
    file = DefinitionFile.objects.get(digest=handling["process"]["file"])
    assert handling["process"]["process"] == "p" and b"exclusiveGateway" in bytes(file.content)
    assert [row["id"] for row in handling["steps"]] == ["look"]
    sheet = editor.get(at(draft, "0-steps"))
    assert "专家画的" in text_of(sheet) and "环节表写不出来" in text_of(sheet)
    assert re.search(r'name="handling\[0\]\.steps\[0\]\.limit"[^>]*disabled', sheet.content.decode())
    send(editor, draft, "0-steps", **{
        "handling[0].steps[0].limit": "9", "handling[0].steps[0].standard": "看清楚。",
    })  # fmt: skip
    send(editor, draft, "0-steps", deed="remove handling[0].steps[0]")
    row = now(draft)["handling"][0]["steps"][0]
    assert (row["limit"], row["standard"]) == (2, "看清楚。")

    assert save(editor, draft, "", "table").status_code == 302
    assert "process" not in now(draft)["handling"][0]


@pytest.mark.django_db
def test_a_rule_that_is_drawn_gets_its_row_and_its_table_and_what_does_not_agree_is_said(staff, draft):
    editor = browser_of(staff.editor)
    xml = drawn(
        ["look", "decide"],
        [("start", "way"), ("way", "g"), ("g", "j", GOES), ("g", "look"), ("look", "j"), ("j", "decide"),
         ("decide", "end")],
        '<businessRuleTask id="way" name="走哪一路"/><exclusiveGateway id="g" default="f3"/>'
        '<exclusiveGateway id="j"/>',
    )  # fmt: skip

    said = save(editor, draft, xml, "check")
    assert 'data-element="way"' in said.content.decode() and "自动判定" in text_of(said)
    assert save(editor, draft, xml).status_code == 302

    (route,) = now(draft)["handling"][0]["routes"]
    assert (route["code"], route["name"], route["results"]) == ("way", "走哪一路", [])
    sheet = editor.get(at(draft, "0-steps"))
    assert 'name="handling[0].routes[0].name"' in sheet.content.decode()
    page = editor.get(table_of(draft, "route-0"))
    assert "自动判定：走哪一路" in text_of(page) and "decisionTable" in page.content.decode()

    draft.refresh_from_db()
    assert save(editor, draft, LINE).status_code == 302
    assert "routes" not in now(draft)["handling"][0], "what is no longer drawn leaves the definition"


@pytest.mark.django_db
def test_what_is_wrong_with_a_drawing_is_said_by_element_and_nothing_is_kept(staff, draft):
    editor = browser_of(staff.editor)
    lost = drawn(["look", "alone", "decide"], [("start", "look"), ("look", "decide"), ("decide", "end")])
    before = now(draft)

    answer = save(editor, draft, lost, "check")

    assert answer.status_code == 200 and 'data-element="alone"' in answer.content.decode()
    refused = save(editor, draft, "<nonsense")
    assert refused.status_code == 400 and "没有保存" in text_of(refused)
    assert "nonsense" in refused.content.decode(), "what was written is still there"
    assert now(draft) == before
    stale = editor.post(
        address(draft), {"key": str(uuid4()), "version": str(draft.version + 1), "deed": "save", "xml": LINE}
    )
    assert stale.status_code == 409 and now(draft) == before


@pytest.mark.django_db
@pytest.mark.skipif(FOLDER is None, reason="no shared data")
def test_what_other_software_drew_is_looked_at_and_never_refused(staff, draft):
    """All models of the interchange suite; the browser opens three of them, all in the long run."""
    editor = browser_of(staff.editor)

    answers = {one.name: save(editor, draft, one.read_text("utf-8"), "check") for one in REFERENCES}

    assert len(answers) == 21
    refused = {name: text_of(answer)[:300] for name, answer in answers.items() if answer.status_code != 200}
    assert refused == {}
    assert "的条件看不懂" in text_of(answers["C.1.0.bpmn"]), "a condition in another language than ours"


@pytest.mark.django_db
def test_who_only_reviews_sees_the_drawing_and_changes_nothing(staff, draft):
    reviewer = browser_of(staff.reviewer)

    page = reviewer.get(address(draft))

    assert page.status_code == 200 and "保存流程图" not in text_of(page)
    assert save(reviewer, draft, LINE).status_code == 403
    assert reviewer.get(address(draft, 7)).status_code == 404
    file = reviewer.get(reverse("catalogue:draft_flow_file", args=[draft.pk, 0]))
    assert b"BPMNShape" in file.content


# -- decision tables

RULES = """<?xml version="1.0"?><definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="d" namespace="x">
<inputData id="i" name="situation"><variable name="situation"/></inputData>
<decision id="a" name="{name}"><variable name="{name}"/><informationRequirement><requiredInput href="#i"/></informationRequirement>
<decisionTable id="t" hitPolicy="FIRST"><input><inputExpression><text>{reads}</text></inputExpression></input>
<output name="because"/><output name="advice"/><rule id="r1"><inputEntry><text>"no"</text></inputEntry>
<outputEntry><text>"不是本人"</text></outputEntry><outputEntry><text>"请本人来"</text></outputEntry></rule></decisionTable></decision>
</definitions>"""  # noqa: E501


def table_of(draft, name="eligibility"):
    return reverse("catalogue:draft_decision", args=[draft.pk, 0, name])


def tell(client, draft, xml, **more):
    fields = {"key": str(uuid4()), "version": str(draft.version), "deed": "save", "xml": xml} | more
    return client.post(table_of(draft), fields)


@pytest.mark.django_db
def test_a_decision_table_is_written_tried_kept_and_taken_away(staff, draft):
    editor = browser_of(staff.editor)
    ask = draft.document["handling"][0]["situations"][0]["ask"]
    good = RULES.format(name="能不能办", reads=f"situation.{ask}")
    page = editor.get(table_of(draft))
    assert "decisionTable" in page.content.decode(), "where there is none, a beginning"
    assert "unsafe-hashes" in page.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]

    told = tell(editor, draft, good, deed="check", **{f"in.situation.{ask}": "no"})
    assert "命中第1行" in text_of(told) and 'data-hit="r1"' in told.content.decode()
    assert "不是本人" in text_of(told) and "eligibility" not in now(draft)["handling"][0]
    missed = tell(editor, draft, good, deed="try", **{f"in.situation.{ask}": "yes"})
    assert "一行都没有命中" in text_of(missed)

    assert tell(editor, draft, good).status_code == 302
    kept = now(draft)["handling"][0]["eligibility"]
    assert kept["decision"] == "能不能办"
    assert DefinitionFile.objects.get(digest=kept["file"]).kind == "dmn"
    assert "有表" in text_of(editor.get(reverse("catalogue:draft_decisions", args=[draft.pk, 0])))

    assert tell(editor, draft, "", deed="drop").status_code == 302
    assert "eligibility" not in now(draft)["handling"][0]


@pytest.mark.django_db
def test_a_table_that_reads_what_nobody_is_asked_is_told_and_one_that_cannot_be_read_is_not_kept(
    staff, draft
):
    editor = browser_of(staff.editor)
    before = now(draft)

    told = tell(editor, draft, RULES.format(name="x", reads="situation.never_asked"), deed="check")
    refused = tell(editor, draft, "<x")

    assert "never_asked" in text_of(told)
    assert refused.status_code == 400 and "没有保存" in text_of(refused)
    assert now(draft) == before
    assert editor.get(table_of(draft, "fee-9")).status_code == 404
    assert tell(browser_of(staff.reviewer), draft, RULES).status_code == 403


@pytest.mark.django_db
def test_every_element_that_does_nothing_here_is_listed_and_kept(staff, draft):
    told = LINE.replace(
        '<startEvent id="start"/>', '<startEvent id="start"/><dataObjectReference id="d1" name="审查表"/>'
    )
    editor = browser_of(staff.editor)

    text = text_of(editor.post(address(draft), {"deed": "check", "xml": told}))
    plain = text_of(editor.post(address(draft), {"deed": "check", "xml": LINE}))

    assert "只保留" in text and "审查表" in text and "只保留" not in plain
    assert save(editor, draft, told).status_code == 302
    file = DefinitionFile.objects.get(digest=now(draft)["handling"][0]["process"]["file"])
    assert 'name="审查表"' in bytes(file.content).decode()
