"""Two revisions side by side where an expert drew the flow or wrote a decision table: what differs, in which colour."""

import copy
from dataclasses import replace
from uuid import uuid4

import pytest
from django.urls import reverse

from mingqu.cases.tests import factories as f
from mingqu.catalogue import services
from mingqu.catalogue.checking import stored_file
from mingqu.catalogue.studio.flow import compared
from mingqu.catalogue.studio.tables_diff import compared_tables
from mingqu.catalogue.tests.test_bundle_files import decided
from mingqu.catalogue.tests.test_drafts import Staff, _plain_site, browser_of, text_of  # noqa: F401
from mingqu.decisions.tests import models as dmn
from mingqu.identity.tests.factories import NOON
from mingqu.process import services as process
from mingqu.process.plan import Flow, Kind, Node, make_plan

RAW = 'list contains(situation.foods, "raw")'
POSTS = {"P": "许可科·承办"}


def step(name, **more):
    return Node(name, Kind.USER, more.pop("called", name), post="P", limit=2, **more)


def plan(lines, *nodes):
    """`lines`: from, to and a condition, where there is one."""
    flows = [Flow(f"{a}-{b}", a, b, *when) for a, b, *when in lines]
    return make_plan([Node("start", Kind.START), *nodes, Node("end", Kind.END)], flows)


LINE = [("start", "look"), ("look", "decide"), ("decide", "end")]
STEPS = (step("look", called="审查"), step("decide", called="批准"))
BRANCH = [
    ("start", "g"), ("g", "visit", RAW), ("g", "look"), ("visit", "m"), ("look", "m"), ("m", "decide"),
    ("decide", "end"),
]  # fmt: skip
GATES = (Node("g", Kind.EXCLUSIVE, "有没有生食", default="g-look"), Node("m", Kind.EXCLUSIVE))


def document(drawn=None):
    """(document, files): two steps and the decision, by the table or by this plan."""
    rows = [{"id": "look", "name": "审查", "post": "P", "limit": 2, "standard": "甲"}]
    one = {"code": "01", "name": "新办", "steps": rows}
    one["decide"] = {"id": "decide", "name": "批准", "post": "P", "limit": 2}
    if drawn is None:
        return {"handling": [one]}, {}
    digest, file = stored_file("bpmn", process.write_bpmn(process.plan_to_bpmn(drawn, "p")))
    one["process"] = {"file": digest, "process": "p"}
    return {"handling": [one]}, {digest: file}


def both(old, new):
    (before, some), (after, more) = old, new
    return compared(before, after, POSTS, some | more)


def states(side):
    return {box.title: box.state for box in side.picture.wide.boxes if box.state and not box.gate}


def ways(side):
    return sorted(line.state for line in side.picture.wide.lines if line.state)


def test_a_step_that_came_with_its_gateways_is_green_and_named_with_its_neighbours():
    (one,) = both(
        document(plan(LINE, *STEPS)), document(plan(BRANCH, *STEPS, step("visit", called="核查"), *GATES))
    )

    assert (states(one.before), states(one.after)) == ({}, {"核查": "added"})
    assert ways(one.before) == ["removed", "removed"] and set(ways(one.after)) == {"added"}
    assert (
        "新增",
        f"环节“核查”，在选一条路的网关“有没有生食”之后，在选一条路的网关（m）之前，条件：{RAW}",
    ) in one.lines
    assert ("删除", "从环节“审查”到环节“批准”的路") in one.lines


def test_a_step_that_went_is_red_before_and_gone_after():
    (one,) = both(
        document(plan(BRANCH, *STEPS, step("visit", called="核查"), *GATES)), document(plan(LINE, *STEPS))
    )

    assert (states(one.before), states(one.after)) == ({"核查": "removed"}, {})
    assert any(how == "删除" and words.startswith("环节“核查”") for how, words in one.lines)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "材料审查"}, "环节“材料审查”的名称：审查→材料审查"),
        ({"post": "Q"}, "环节“审查”的岗位：许可科·承办→Q"),
        ({"limit": 5}, "环节“审查”的时限（工作日）：2→5"),
        ({"people": 2}, "环节“审查”的人数：1→2"),
        ({"sign": "all", "signers": ("P2",)}, "环节“审查”的签署办法：一个岗位→会签"),
    ],
)
def test_each_datum_of_a_step_that_changed_is_said_and_the_step_is_yellow_on_both_sides(change, words):
    other = (replace(STEPS[0], **change), STEPS[1])

    (one,) = both(document(plan(LINE, *STEPS)), document(plan(LINE, *other)))

    assert ("修改", words) in one.lines
    assert set(states(one.before).values()) == set(states(one.after).values()) == {"changed"}
    assert ways(one.before) == ways(one.after) == []


def test_a_condition_that_changed_colours_its_way_and_is_said():
    visit = step("visit", called="核查")
    other = [(*one[:2], 'situation.foods = "cold"') if one[-1] == RAW else one for one in BRANCH]

    (one,) = both(document(plan(BRANCH, *STEPS, visit, *GATES)), document(plan(other, *STEPS, visit, *GATES)))

    assert one.lines == [
        ("修改", f'从选一条路的网关“有没有生食”到环节“核查”的路的条件：{RAW}→situation.foods = "cold"')
    ]
    assert ways(one.before) == ways(one.after) == ["changed"]


def test_from_a_table_to_a_drawing_and_back_both_flows_are_drawn_and_it_is_said():
    drawn = document(plan(BRANCH, *STEPS, step("visit", called="核查"), *GATES))

    (there,), (back,) = both(document(), drawn), both(drawn, document())

    assert there.lines[0] == ("修改", "先后原来由环节表决定，现在由流程图决定")
    assert back.lines[0] == ("修改", "先后原来由流程图决定，现在由环节表决定")
    assert states(there.after) == states(back.before) | {"核查": "added"}
    assert any(box.gate for box in there.after.picture.wide.boxes)
    assert not any(box.gate for box in there.before.picture.wide.boxes)


def test_a_drawing_that_only_looks_other_is_said_to_be_the_same_way():
    (before, files), digest = document(plan(LINE, *STEPS)), "0" * 64
    after = copy.deepcopy(before)
    after["handling"][0]["process"]["file"] = digest
    files[digest] = next(iter(files.values()))

    (one,) = compared(before, after, POSTS, files)

    assert one.lines == [("修改", "图的画法变了，先后、岗位、时限和条件都没有变")]
    assert states(one.before) == states(one.after) == {}
    assert compared(before, before, POSTS, files) == []


def test_what_only_the_table_says_of_a_step_is_said_of_a_drawn_flow_too():
    before, files = document(plan(LINE, *STEPS))
    after = copy.deepcopy(before)
    after["handling"][0]["steps"][0]["standard"] = "乙"

    (one,) = compared(before, after, POSTS, files)

    assert len(one.lines) == 1 and one.lines[0][0] == "修改"


def test_a_drawing_that_can_not_be_read_says_so_instead_of_a_wrong_picture():
    before, files = document(plan(LINE, *STEPS))
    after = copy.deepcopy(before)
    after["handling"][0]["process"]["file"] = "1" * 64

    (one,) = compared(before, after, POSTS, files)

    assert one.after.picture is None and one.after.troubles and one.before.picture is not None


def test_a_flow_too_wide_to_be_read_stands_upright_on_desks_too():
    many = [f"s{number}" for number in range(12)]
    lines = [*zip(["start", *many], [*many, "decide"], strict=True), ("decide", "end")]

    (one,) = both(document(plan(LINE, *STEPS)), document(plan(lines, *map(step, many), step("decide"))))

    assert one.after.picture.wide == one.after.picture.tall
    assert one.before.picture.wide.width > one.before.picture.tall.width


# -- decision tables


def rules(*rows, inputs=("situation.foods",), outputs=("because", "law")):
    """A file with one table: rows of cells; (document, files)."""
    columns = "".join(
        f"<input><inputExpression><text>{one}</text></inputExpression></input>" for one in inputs
    )
    columns += "".join(f'<output name="{one}"/>' for one in outputs)
    lines = "".join(
        f'<rule id="{name}">{dmn.cells("inputEntry", cells[: len(inputs)])}'
        f"{dmn.cells('outputEntry', cells[len(inputs) :])}</rule>"
        for name, *cells in rows
    )
    logic = f'<decisionTable hitPolicy="FIRST">{columns}{lines}</decisionTable>'
    body = dmn.data("situation") + dmn.decision("能不能办", logic, needs=["situation"])
    digest, file = stored_file("dmn", dmn.file(body).encode())
    return {
        "handling": [{"code": "01", "name": "新办", "eligibility": {"file": digest, "decision": "能不能办"}}]
    }, {digest: file}


HOT = ("r1", '"hot"', '"不能油炸"', '"某法"')
RAW_ROW = ("r2", '"raw"', '"不能生食"', '"某法"')


def tables_of(old, new):
    (before, some), (after, more) = old, new
    return compared_tables(before, after, some | more)


@pytest.mark.parametrize("ids", ["kept", "new"])
def test_rows_that_came_went_and_changed_are_told_with_their_numbers(ids):
    changed = ("r1", '"hot"', '"不能煎炸"', '"某法"')
    come = ("r3", '"cold"', '"不能冷食"', '"某法"')
    after = (
        [changed, come] if ids == "kept" else [("x1", *changed[1:]), ("x2", *RAW_ROW[1:]), ("x3", *come[1:])]
    )

    (one,) = tables_of(rules(HOT, RAW_ROW), rules(*after))

    told = {(row.state, row.was, row.now) for row in one.rows}
    kept = {("changed", 1, 1), ("added", 0, 2), ("removed", 2, 0)}
    assert told == (kept if ids == "kept" else {("changed", 1, 1), ("added", 0, 3)})
    cells = dict(next(row for row in one.rows if row.state == "changed").named)
    assert (cells["结果“理由”"].before, cells["结果“理由”"].after) == ('"不能油炸"', '"不能煎炸"')
    assert cells["条件“situation.foods”"].same
    assert one.name == "新办 · 能不能办" and one.lines == []


def test_columns_that_came_and_went_are_told_and_a_cell_that_asks_nothing_is_no_change():
    wider = rules(
        ("r1", '"hot"', "-", '"不能油炸"', '"某法"'), inputs=("situation.foods", "situation.subject")
    )

    (one,) = tables_of(rules(HOT), wider)
    (back,) = tables_of(wider, rules(HOT))

    assert (one.lines, one.rows) == ([("新增", "条件“situation.subject”")], [])
    assert (back.lines, back.rows) == ([("删除", "条件“situation.subject”")], [])


def test_rows_in_another_order_are_said_to_be_moved():
    (one,) = tables_of(rules(HOT, RAW_ROW), rules(RAW_ROW, HOT))

    assert (one.lines, one.rows) == ([("调整顺序", "行的先后")], [])


def test_a_table_that_came_or_went_and_one_that_is_no_table_are_told():
    none = ({"handling": [{"code": "01", "name": "新办"}]}, {})

    assert tables_of(none, rules(HOT))[0].lines == [("新增", "这张决策表")]
    assert tables_of(rules(HOT), none)[0].lines == [("删除", "这张决策表")]
    assert tables_of(rules(HOT), rules(HOT)) == []
    (one,) = tables_of(decided("null"), decided())
    assert one.lines[0][0] == "修改" and "算法：null→if situation.open_fire" in one.lines[0][1]


@pytest.mark.django_db
def test_the_page_of_two_revisions_shows_the_flow_and_the_table_that_changed(_plain_site):  # noqa: F811
    staff = Staff()
    document, files = decided()
    services.publish_revision(document=document, files=files, by=f.SYSTEM, at=NOON, key=uuid4())

    text = text_of(browser_of(staff.editor).get(reverse("catalogue:compare", args=["QH-SPJYXK"])))

    assert "能不能办：决策表的改动" in text and "新增：这张决策表" in text
