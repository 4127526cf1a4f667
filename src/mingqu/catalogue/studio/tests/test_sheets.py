"""A definition filled in on sheets is the same document: nothing is lost, nothing comes that nobody wrote."""

import copy
from pathlib import Path

import pytest

from mingqu.catalogue.files import read_document
from mingqu.catalogue.studio import edits
from mingqu.catalogue.studio.asking import KINDS, form_of, kind_of, table_of
from mingqu.catalogue.studio.choices import Choices
from mingqu.catalogue.studio.choosing import chosen, condition
from mingqu.catalogue.studio.fields import all_rows, inputs
from mingqu.catalogue.studio.flow import compared, flow
from mingqu.catalogue.studio.locating import located
from mingqu.catalogue.studio.sections import new_element, section, sections
from mingqu.catalogue.studio.taking import NO_SUCH_POST, NOT_A_NUMBER, taken
from mingqu.decisions import services as decisions
from mingqu.forms.rules import read_schema

ROOT = Path(__file__).parents[5]
FILES = [
    *sorted((ROOT / "docs/definition/examples").glob("*.yaml")),
    *sorted((ROOT / "src/mingqu/config/demo/definitions").glob("*.yaml")),
]
JOINT = read_document((ROOT / "docs/definition/examples/joint.yaml").read_text("utf-8"))
POSTS = {"SZ-DL-01": "市政局·道路岗", "GA-JG-01": "公安局·交通岗"}


def choices(document, of):
    handling = document["handling"][of.handling] if of.handling is not None else None
    return Choices(document, handling, POSTS)


def as_shown(parts):
    """What a browser sends of a sheet nobody touched."""
    sent = {}
    for one in inputs(parts):
        if one.widget == "yes_no":
            sent[one.path] = ["yes"] if one.value else []
        elif one.widget == "stretch":
            sent[one.path] = [*one.value, one.stretch.measure, one.stretch.over, one.stretch.most]
        else:
            sent[one.path] = (
                list(one.value) if one.widget in ("ticks", "condition", "waits") else [str(one.value)]
            )
    return sent


def fill(document, name, **typed):
    """(document, errors) after these inputs of a sheet, by the ends of their paths."""
    of = section(document, name)
    parts = of.parts(document, choices(document, of))
    sent = as_shown(parts)
    for path, value in typed.items():
        assert path in sent, sorted(sent)
        sent[path] = value if isinstance(value, list) else [value]
    return taken(document, parts, choices(document, of), sent.get)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sheet_saved_as_it_was_shown_changes_nothing(file):
    document = read_document(file.read_text("utf-8"))
    for of in sections(document):
        parts = of.parts(of.view(document), choices(document, of))
        view, wrong = taken(of.view(document), parts, choices(document, of), as_shown(parts).get)

        assert (of.back(document, view), wrong) == (document, {}), of.name


def test_what_is_typed_stands_in_the_document_and_nothing_else_changes():
    made, wrong = fill(
        JOINT, "0-steps", **{"handling[0].steps[0].name": "道路审查", "handling[0].steps[0].limit": "4"}
    )

    assert wrong == {}
    assert (made["handling"][0]["steps"][0]["name"], made["handling"][0]["steps"][0]["limit"]) == (
        "道路审查",
        4,
    )
    made["handling"][0]["steps"][0] |= {"name": "市政审查", "limit": 5}
    assert made == JOINT


def test_a_wrong_number_and_an_unknown_post_are_told_and_not_taken():
    limit, post = "handling[0].steps[0].limit", "handling[0].steps[1].post"

    made, wrong = fill(JOINT, "0-steps", **{limit: "五天", post: "没有的岗位"})

    assert made == JOINT
    assert wrong == {limit: NOT_A_NUMBER, post: NO_SUCH_POST}


@pytest.mark.parametrize("typed", ["公安局·交通岗（GA-JG-01）", "GA-JG-01", "交通岗", "公安局·交通岗"])
def test_a_post_is_found_by_its_code_or_its_name(typed):
    made, wrong = fill(JOINT, "0-steps", **{"handling[0].steps[0].post": typed})

    assert (made["handling"][0]["steps"][0]["post"], wrong) == ("GA-JG-01", {})


def test_an_optional_part_comes_with_its_first_input_and_goes_with_it():
    level, control = "handling[0].steps[0].risk.level", "handling[0].steps[0].risk.control"
    made, _ = fill(JOINT, "0-steps", **{level: "high", control: "双人审查"})
    assert made["handling"][0]["steps"][0]["risk"] == {"level": "high", "control": "双人审查"}

    gone, _ = fill(made, "0-steps", **{level: ""})
    assert gone == JOINT


def test_ticked_answers_are_a_condition_and_come_back_ticked():
    made, _ = fill(JOINT, "0-steps", **{"handling[0].steps[1].when": ["lane=yes"]})

    assert made["handling"][0]["steps"][1]["when"] == 'situation.lane = "yes"'
    assert (
        fill(made, "0-steps", **{"handling[0].steps[1].when": []})[0]["handling"][0]["steps"][1]["when"] == ""
    )


@pytest.mark.parametrize(
    ("picked", "many", "answers", "true"),
    [
        ({"a": ["x"]}, False, {"a": "x"}, True),
        ({"a": ["x", "y"]}, False, {"a": "y"}, True),
        ({"a": ["x", "y"]}, False, {"a": "z"}, False),
        ({"a": ["x"], "b": ["k"]}, False, {"a": "x", "b": "n"}, False),
        ({"a": ["x", "y"]}, True, {"a": ["z", "y"]}, True),
        ({"a": ["x"]}, True, {"a": ["z"]}, False),
    ],
)
def test_a_condition_means_what_was_ticked(picked, many, answers, true):
    when = condition(picked, dict.fromkeys(picked, many))

    assert chosen(when) == picked
    assert (decisions.evaluate(when, {"situation": answers}) is True) == true


def test_what_a_rule_gives_is_ticked_in_the_step_table_and_nowhere_else():
    whole = copy.deepcopy(JOINT)
    result = {"value": "visit", "label": "要核查", "basis": {"law": "城市道路管理条例", "article": 31}}
    route = {"code": "way", "name": "要不要核查", "table": {"file": "", "decision": ""}, "results": [result]}
    whole["handling"][0]["routes"] = [route]
    path = "handling[0].steps[1].when"

    made, wrong = fill(whole, "0-steps", **{path: ["outcome.way=visit", "lane=yes"]})

    when = made["handling"][0]["steps"][1]["when"]
    assert (wrong, when) == ({}, 'situation.lane = "yes" and outcome.way = "visit"')
    known = choices(made, section(made, "0-steps"))
    assert known.ticked(when, path) == ["lane=yes", "outcome.way=visit"]
    assert known.condition_words(when, path).endswith("自动判定：要不要核查是要核查")
    assert known.ticked(when, "handling[0].materials[0].when") is None
    assert known.ticked('outcome.review = "not_met"', path) is None
    assert known.condition_words('outcome.review = "not_met"', path) == ""


@pytest.mark.parametrize(
    "when", ['not(outcome.review = "met")', 'situation.a = "x" or situation.b = "y"', "1 < 2"]
)
def test_what_can_not_be_ticked_stays_the_expression_it_is(when):
    assert chosen(when) is None


def test_rows_are_added_with_a_code_of_their_own_moved_and_taken_away():
    path = "handling[0].materials"
    made = edits.added(JOINT, path, new_element(JOINT, path))
    assert [m["code"] for m in made["handling"][0]["materials"]] == ["plan", "traffic", "m1"]

    up = edits.moved(made, f"{path}[2]", -1)
    assert [m["code"] for m in up["handling"][0]["materials"]] == ["plan", "m1", "traffic"]
    assert edits.moved(up, f"{path}[0]", -1) == up

    gone = edits.removed(up, f"{path}[2]")
    assert gone["handling"][0]["steps"][1]["checks"] == ["plan"], "nobody looks at what is not there"


def test_a_row_is_added_to_a_list_at_the_top():
    made = edits.added(JOINT, "basis", new_element(JOINT, "basis"))

    assert made["basis"] == [*JOINT["basis"], {"law": "", "article": 0}]
    assert edits.added({}, "pages", {"title": "一"}) == {"pages": [{"title": "一"}]}


def test_what_was_said_about_a_part_goes_with_it():
    document = copy.deepcopy(JOINT)
    document["sources"].append(
        {"path": "handling[01].materials[plan].name", "source": "示例", "default": True}
    )

    gone = edits.removed(document, "handling[0].materials[0]")

    assert gone["sources"] == JOINT["sources"]


def test_places_are_counted_and_named_either_way():
    path = "handling[0].materials[1].name"

    assert edits.named(JOINT, path) == "handling[01].materials[traffic].name"
    assert edits.placed(JOINT, "handling[01].materials[traffic].name") == path
    with pytest.raises(KeyError):
        edits.placed(JOINT, "handling[01].materials[none].name")


def test_the_flowchart_is_drawn_from_the_table_and_says_why_it_can_not_be():
    handling = copy.deepcopy(JOINT["handling"][0])
    drawn = flow(handling, POSTS).picture
    assert [box.title for box in drawn.wide.boxes if box.title] == [
        "收件", "受理", "市政审查", "公安交通审查", "汇总审核", "批准", "送达",
    ]  # fmt: skip

    handling["steps"][2]["parallel"], handling["steps"][1]["parallel"] = "A", ""
    assert flow(handling, POSTS).troubles == ["并行组“A”的环节要排在一起。"]
    assert flow({}, {}).troubles == ["还没有环节。"]


def test_two_flowcharts_show_what_came_what_went_and_what_changed():
    after = copy.deepcopy(JOINT)
    steps = after["handling"][0]["steps"]
    steps[0]["limit"] = 3
    del steps[2]
    steps.append({"id": "s1", "name": "消防审查", "post": "SZ-DL-01", "limit": 2})

    (one,) = compared(JOINT, after, POSTS)

    states = [
        {box.title: box.state for box in side.picture.wide.boxes if box.state}
        for side in (one.before, one.after)
    ]
    assert states == [
        {"市政审查": "changed", "汇总审核": "removed"},
        {"市政审查": "changed", "消防审查": "added"},
    ]
    assert {words for words, _ in one.lines} == {"修改", "新增", "删除"}
    assert compared(JOINT, JOINT, POSTS) == []


def asked(form):
    return {one["title"]: one for page in table_of(form)["pages"] for one in page["questions"]}


def test_a_form_is_a_table_of_its_questions():
    questions = asked(JOINT["handling"][0]["form"])

    assert [(title, one["kind"], one["required"]) for title, one in questions.items()] == [
        ("占用的位置", "address", True), ("面积", "number", True), ("占用的原因", "long_text", True),
        ("联系电话", "phone", True),
    ]  # fmt: skip


def test_a_question_put_another_way_keeps_what_the_table_does_not_show():
    form = JOINT["handling"][0]["form"]
    table = table_of(form)
    table["pages"][0]["questions"][1] |= {"title": "占用面积", "required": False}

    made = form_of(table, form)

    area = made["schema"]["properties"]["area"]
    assert area == form["schema"]["properties"]["area"] | {"title": "占用面积"}
    assert "area" not in made["schema"]["required"]
    assert read_schema(made["schema"], made["pages"]).fields["area"].minimum == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_each_kind_can_be_asked(kind):
    section_ = section(JOINT, "0-form")
    path = "pages[0].questions"
    view = edits.added(section_.view(JOINT), path, new_element(section_.view(JOINT), path, section_.root))
    view["pages"][0]["questions"][-1] |= {"title": "新的问题", "kind": kind, "options": ["甲", "乙"]}

    made = section_.back(JOINT, view)["handling"][0]["form"]

    field = read_schema(made["schema"], made["pages"]).fields["q1"]
    assert (field.kind, field.title, [choice.label for choice in field.choices]) == (
        kind, "新的问题", ["甲", "乙"] if kind in ("choice", "choices") else [],
    )  # fmt: skip
    assert kind_of(made["schema"]["properties"]["q1"]) == kind


def test_options_keep_their_values_when_their_words_are_put_better():
    form = {
        "schema": {
            "type": "object",
            "properties": {"q": {"type": "string", "title": "哪种", "enum": ["甲", "乙"]}},
        },
        "pages": [{"title": "一", "fields": ["q"]}],
    }
    table = table_of(form)
    table["pages"][0]["questions"][0]["options"] = ["甲类", "乙", "丙"]

    made = form_of(table, form)["schema"]["properties"]["q"]

    assert made["oneOf"] == [
        {"const": "甲", "title": "甲类"}, {"const": "乙", "title": "乙"}, {"const": "o1", "title": "丙"},
    ]  # fmt: skip


def test_a_form_without_pages_is_none_and_a_question_taken_away_is_gone():
    section_ = section(JOINT, "0-form")
    view = edits.removed(section_.view(JOINT), "pages[0].questions[2]")

    assert list(section_.back(JOINT, view)["handling"][0]["form"]["schema"]["properties"]) == [
        "place", "area", "contact_phone",
    ]  # fmt: skip
    assert "form" not in section_.back(JOINT, {"pages": []})["handling"][0]


@pytest.mark.parametrize(
    ("text", "sheet", "anchor"),
    [
        ("handling[0].clocks.promised.limit：应是整数", "0-main", "p-handling-0-clocks-promised-limit"),
        ("handling[0].steps[9].name：缺少", "0-steps", "p-handling-0-steps"),
        ("新办：材料“占用位置图”是主件，不能容缺", "0-materials", "p-handling-0-materials-0"),
        ("新办：环节“市政审查”要审查的材料“x”不存在", "0-steps", "p-handling-0-steps-0"),
        ("新办：场景“公安交通不同意”：结果应是准予", "0-scenarios", "p-handling-0-scenarios-1"),
        ("新办：承诺时限不能长于法定时限", "0-main", ""),
        ("新办：申请表不对（q）：缺少title", "0-form", ""),
        ("新办：结果是证照的，要写明编号前缀", "0-result", ""),
        ("road：环节到不了", "0-steps", "p-handling-0-steps-0"),
        ("没有责任岗位：每个可以申请的事项要有一个岗位负责", "item", "p-item-responsible_post"),
        ("guide.court：缺少", "guide", "p-guide-court"),
        ("说不出在哪里", "item", ""),
    ],
)
def test_a_finding_is_put_right_on_a_sheet(text, sheet, anchor):
    of, found = located(JOINT, text)

    assert (of.name, found) == (sheet, anchor)


def test_a_question_of_the_form_is_called_by_its_words_and_not_by_its_code():
    of = section(JOINT, "0-form")
    pages = next(all_rows(of.parts(of.view(JOINT), choices(JOINT, of))))
    questions = next(all_rows(pages.rows[0].main))

    assert pages.add == "加一页" and questions.add == "加一个问题"
    assert questions.rows and not [row for row in questions.rows if row.title.isascii() or "_" in row.title]
