"""Fees, rows of 裁量基准, points of 核查表 and scenarios go out as sheets and come back in words."""

import copy

import pytest

from mingqu.catalogue.checking import findings
from mingqu.catalogue.files import read_document
from mingqu.catalogue.studio.tables import names, read
from mingqu.catalogue.studio.tests.test_sheets import POSTS, ROOT
from mingqu.catalogue.studio.tests.test_tables import changed, column, sheet_of
from mingqu.clocks.selectors import seed_calendar

LICENCE = ROOT / "src/mingqu/config/demo/definitions/food-licence.yaml"
FEE = {"name": "工本费", "standard": "每证10元", "basis": {"law": "中华人民共和国行政许可法", "article": 59}}
RESULTS = {"simple": "免现场核查", "visit": "要现场核查"}
AREA = {"law": "中华人民共和国行政许可法", "article": 50}


@pytest.fixture
def document():
    """Of the demo's licence: with a fee, two rows of discretion by a number of the form, and its examples."""
    made = read_document(LICENCE.read_text("utf-8"))
    made["handling"], made["sources"] = made["handling"][:1], []
    handling = made["handling"][0]
    handling["fees"] = [copy.deepcopy(FEE)]
    handling["form"]["schema"]["properties"]["stools"] = {"type": "integer", "title": "凳子数"}
    handling["form"]["pages"][0]["fields"].append("stools")
    rows = [
        {"says": "小店", "when": "form.stools <= 50", "lowest": 1, "highest": 3, "basis": AREA},
        {"says": "大店", "when": "form.stools > 50", "lowest": 2, "highest": 5, "basis": AREA},
    ]
    handling["discretion"] = {"name": "有效年数", "unit": "年", "post": "SCJG-QLS", "rules": rows}
    return made


@pytest.fixture
def further(document):
    """With a second table of discretion and a rule."""
    handling = document["handling"][0]
    rows = handling["discretion"]["rules"]
    handling["more_discretion"] = [
        {"name": "核定面积", "unit": "平方米", "post": "SCJG-QLS", "rules": copy.deepcopy(rows)}
    ]
    results = [{"value": value, "label": label, "basis": dict(AREA)} for value, label in RESULTS.items()]
    table = {"file": "sha256:" + "0" * 64, "decision": "走哪一路"}
    handling["routes"] = [{"code": "way", "name": "要不要现场核查", "table": table, "results": results}]
    return document


def put(sheet, row, **cells):
    for head, value in cells.items():
        sheet.cell(row, column(sheet, head), value)


def test_each_list_has_its_sheet_and_an_untouched_workbook_changes_nothing(further):
    sheets = {name.partition(" ")[2] for name in names(further)}

    assert {"收费", "裁量基准", "裁量内容", "裁量基准2", "自动判定1", "场景", "核查表1"} <= sheets
    came = read(further, POSTS, changed(further, lambda book: None))
    assert (came.document, came.wrong) == (further, [])


def test_a_fee_is_put_right_and_another_begun(document):
    def change(book):
        fees = sheet_of(book, "收费")
        put(fees, 2, 收费标准="每证15元")
        put(
            fees,
            3,
            **{"收费项目": "邮寄费", "收费标准": "每件8元", "收费依据·法律法规": "中华人民共和国行政许可法"},
        )
        put(fees, 3, **{"收费依据·条": "59", "几个工作日内缴": "5"})

    came = read(document, POSTS, changed(document, change))

    assert came.wrong == []
    first, second = came.document["handling"][0]["fees"]
    assert first == {**FEE, "standard": "每证15元"}
    assert second == {**FEE, "name": "邮寄费", "standard": "每件8元", "within": 5}


def test_rows_of_discretion_change_their_stretch_their_ends_and_their_order(document):
    def change(book):
        rows = sheet_of(book, "裁量基准")
        assert rows.cell(2, column(rows, "条件")).value == "凳子数≤50"
        put(rows, 2, 条件="凳子数≤80")
        put(rows, 3, 条件="凳子数＞80≤200", 最低="2.50", 最高="6")
        rows.move_range(f"A2:{rows.cell(2, rows.max_column).coordinate}", rows=2)
        rows.delete_rows(2)

    came = read(document, POSTS, changed(document, change))

    assert came.wrong == []
    large, small = came.document["handling"][0]["discretion"]["rules"]
    assert (small["says"], small["when"]) == ("小店", "form.stools <= 80")
    assert (large["when"], large["lowest"], large["highest"]) == (
        "form.stools > 80 and form.stools <= 200",
        2.5,
        6,
    )
    assert small["basis"] == large["basis"] == AREA


def test_what_happens_in_a_scenario_is_written_line_by_line_and_still_plays(document):
    document["handling"][0].pop("discretion")
    scenarios = document["handling"][0]["scenarios"]
    kept = copy.deepcopy(scenarios)

    def change(book):
        sheet = sheet_of(book, "场景")
        head = column(sheet, "经过，一行一个")
        lines = sheet.cell(2, head).value.split("\n")
        assert lines[0] == "受理"
        put(sheet, 2, 场景名称="先告知补正，再受理")
        sheet.cell(2, head, "\n".join(["一次性告知补正", "补正", *lines]))
        sheet.delete_rows(3, len(kept) - 1)

    came = read(document, POSTS, changed(document, change))

    assert came.wrong == []
    (only,) = came.document["handling"][0]["scenarios"]
    assert only["name"] == "先告知补正，再受理"
    assert [deed["do"] for deed in only["do"][:3]] == ["ask_correction", "supplement", "accept"]
    assert only["do"][2:] == kept[0]["do"]
    assert only["given"] == kept[0]["given"] and only["expect"] == kept[0]["expect"]
    assert findings(came.document, seed_calendar()) == []


def test_a_point_of_a_checklist_is_added_by_its_words(document):
    before = document["handling"][0]["checklists"][0]["points"]

    def change(book):
        points = sheet_of(book, "核查表1")
        put(points, points.max_row + 1, 核查内容="灭火器在有效期内", 关键项="是")

    came = read(document, POSTS, changed(document, change))

    *kept, new = came.document["handling"][0]["checklists"][0]["points"]
    assert came.wrong == [] and kept == before
    assert (new["text"], new["critical"]) == ("灭火器在有效期内", True) and new["code"]


WRONG = [
    ("收费", 2, "行号", "9", "没有这个行号"),
    ("裁量基准", 2, "条件", "面积＞5", "没有这个选项"),
    ("裁量基准", 3, "条件", "凳子数＞很多", "请写一个数"),
    ("裁量基准", 2, "最高", "三", "请写一个数"),
    ("场景", 2, "经过，一行一个", "喝茶", "没有这个选项"),
    ("场景", 3, "经过，一行一个", "完成环节；同事＝小李", "不认识“同事”"),
    ("场景", 4, "经过，一行一个", "受理\n" * 400, "超过"),
]


def test_what_can_not_be_taken_is_named_by_sheet_line_and_column(document):
    def change(book):
        for words, line, head, said, _ in WRONG:
            put(sheet_of(book, words), line, **{head: said})

    came = read(document, POSTS, changed(document, change))

    told = {(one.sheet.partition(" ")[2], one.line, one.column): one.sentence for one in came.wrong}
    assert told.keys() == {(words, line, head) for words, line, head, _, _ in WRONG}
    assert all(sentence in told[words, line, head] for words, line, head, _, sentence in WRONG)


def test_a_question_put_in_other_words_keeps_the_answers_of_the_scenarios(document):
    document["handling"][0].pop("discretion")
    asked = document["handling"][0]["situations"][0]
    used = [
        one
        for one in document["handling"][0]["scenarios"]
        if asked["ask"] in one["given"].get("situation", {})
    ]
    assert used, "the demo answers its first question"

    def change(book):
        sheet = sheet_of(book, "情形")
        put(sheet, 2, 问题="换一种问法？")

    came = read(document, POSTS, changed(document, change))

    assert came.document["handling"][0]["situations"][0]["text"] == "换一种问法？"
    assert came.document["handling"][0]["scenarios"] == document["handling"][0]["scenarios"]


def test_results_of_a_rule_are_put_right_and_another_is_begun(further):
    def change(book):
        results = sheet_of(book, "自动判定1")
        assert [results.cell(row, column(results, "名称")).value for row in (2, 3)] == list(RESULTS.values())
        put(results, 2, 名称="不用现场核查", **{"依据·条": "51"})
        put(
            results,
            4,
            值="joint",
            名称="联合核查",
            **{"依据·法律法规": "中华人民共和国行政许可法", "依据·条": "34"},
        )

    came = read(further, POSTS, changed(further, change))

    assert came.wrong == []
    (rule,) = came.document["handling"][0]["routes"]
    assert rule["results"] == [
        {"value": "simple", "label": "不用现场核查", "basis": AREA | {"article": 51}},
        {"value": "visit", "label": "要现场核查", "basis": AREA},
        {"value": "joint", "label": "联合核查", "basis": AREA | {"article": 34}},
    ]
    before = further["handling"][0]["routes"][0]
    assert {key: rule[key] for key in ("code", "name", "table")} == {
        key: before[key] for key in ("code", "name", "table")
    }


def test_what_stands_above_the_rows_of_each_discretion_is_changed_and_none_is_begun_or_lost(further):
    def change(book):
        heads = sheet_of(book, "裁量内容")
        put(heads, 2, 单位="整年", 超出的理由至少几个字="20")
        put(heads, 3, 裁量的内容="核定的面积", 可以有两位小数="是")

    came = read(further, POSTS, changed(further, change))

    assert came.wrong == []
    now, was = came.document["handling"][0], further["handling"][0]
    assert now["discretion"] == was["discretion"] | {"unit": "整年", "reason_signs": 20}
    assert now["more_discretion"] == [
        was["more_discretion"][0] | {"name": "核定的面积", "two_decimals": True}
    ]

    def more(book):
        put(sheet_of(book, "裁量内容"), 4, 裁量的内容="第三项")

    def fewer(book):
        sheet_of(book, "裁量内容").delete_rows(3)

    begun = read(further, POSTS, changed(further, more))
    assert [(one.line, one.column) for one in begun.wrong] == [(4, "行号")] and begun.document == further
    assert read(further, POSTS, changed(further, fewer)).document == further
