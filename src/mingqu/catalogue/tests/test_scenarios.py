"""Scenarios run in memory on production's own functions; one that fails says what was expected and what came."""

import copy
import time

import pytest

from mingqu.cases.tests.factories import DEFINITION
from mingqu.catalogue import checking, files
from mingqu.clocks.selectors import seed_calendar

DEMO = files.read_document(DEFINITION.read_bytes())
CALENDAR = seed_calendar()


def findings(given=None, do=(), expect=None, *, handling=0, change=lambda one: None):
    """What publication says of the demo with one scenario of 新办 (or another) in place of its own."""
    document = copy.deepcopy(DEMO)
    one = document["handling"][handling]
    first = one["scenarios"][0]
    scenario = {
        "name": "甲",
        "given": {**first["given"], **(given or {})},
        "do": [{"do": d} if isinstance(d, str) else d for d in do],
        "expect": expect or {},
    }
    one["scenarios"] = [scenario]
    change(one)
    return [text.split("：", 2)[2] for text in checking.findings(document, CALENDAR)]


def done(step, on="", outcome="met"):
    return {"do": "complete", "step": step, "outcome": outcome} | ({"on": on} if on else {})


def test_the_demos_scenarios_pass_in_well_under_a_second():
    began = time.perf_counter()

    assert checking.findings(DEMO, CALENDAR) == []
    assert time.perf_counter() - began < 2, "eleven scenarios, with all parsing"


@pytest.mark.parametrize(
    ("expect", "says"),
    [
        ({"due": "2026-10-20"}, "法定期限届满日应是2026-10-20，实际是2026-10-22"),
        ({"promised": "2026-09-29"}, "承诺期限届满日应是2026-09-29，实际是2026-09-30"),
        ({"gap_due": "2026-09-29"}, "容缺补齐日应是2026-09-29，实际是没有"),
        ({"path": ["check"]}, "应经过材料审查，实际经过没有"),
        ({"materials": ["floor-plan"]}, "要交的材料应是经营场所平面布局图，实际是营业执照、"),
        ({"result": "granted"}, "结果应是准予，实际是没有决定"),
        ({"stop": True}, "应告知不能办，实际可以办"),
    ],
)
def test_what_differs_is_told_with_what_was_expected_and_what_came(expect, says):
    (sentence,) = findings(do=["accept"], expect=expect)

    assert sentence.startswith(says)


@pytest.mark.parametrize(
    ("do", "says"),
    [
        ([done("check")], "第1步“完成环节”做不成，还没有受理"),
        (["accept", "accept"], "第2步“受理”做不成，已经受理"),
        (["accept", done("visit")], "环节“现场核查”现在不能办，在办的是材料审查、选址审查"),
        (["accept", {"do": "decide", "outcome": "granted"}], "环节“作出决定”现在不能办"),
        (["accept", done("check"), done("fitness"), "decide"], "要写明结论"),
        (["accept_with_gap"], "没有缺少的材料"),
        (["supplement"], "没有告知要补正"),
        (["deliver"], "还没有作出决定"),
        (["accept", {"do": "pause", "ground": "tea"}], "定义里没有特别程序“tea”"),
        (["accept", {"do": "extend", "days": 11}], "延长期限"),
        (["accept", {"do": "extend"}, {"do": "extend"}], "第3步“延长期限”"),
        (["accept", {"do": "supply", "material": "floor-plan"}], "材料“经营场所平面布局图”没有容缺"),
        (["accept", done("check", "2026-09-01")], "日期2026-09-01比上一步早"),
        (["accept", done("check", "tomorrow")], "应写成2026-09-18的样子"),
        ([{"do": "ask_correction", "material": "special-process"}], "这些情形不要材料“special-process”"),
        (["accept", done("decide")], "决定环节用decide"),
    ],
)
def test_a_deed_that_can_not_happen_there_is_named_with_its_reason(do, says):
    (sentence,) = findings(do=do)

    assert says in sentence


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"submitted": "2026-09-18"}, "要写明时区"),
        ({"submitted": "yesterday"}, "提交时间应写成"),
        ({"situation": {"subject": "alien"}}, "没有这个答案"),
        ({"situation": {"colour": "red"}}, "没有问题“colour”"),
        ({"situation": {"subject": "person"}}, "还没有回答"),
        ({"missing": ["floor-plan"]}, "缺少材料经营场所平面布局图"),
    ],
)
def test_what_a_scenario_starts_from_must_make_sense(given, says):
    (sentence,) = findings(given, do=["accept"])

    assert says in sentence


def test_a_key_material_is_never_owed():
    (sentence,) = findings({"missing": ["business-licence"]}, do=["accept_with_gap"])

    assert "材料“营业执照”不能容缺" in sentence


def test_what_is_owed_has_a_last_day_of_its_own():
    """Five working days from Friday 18 September 2026; Sunday the 20th is one, by the notice of 2025."""
    given = {"missing": ["floor-plan"]}

    assert findings(given, do=["accept_with_gap"], expect={"gap_due": "2026-09-24"}) == []


def test_time_for_a_special_procedure_is_not_counted():
    """行政许可法 45."""
    do = ["accept", {"do": "pause", "ground": "hearing", "on": "2026-09-21"}]
    resumed = [*do, {"do": "resume", "on": "2026-09-28"}]

    assert findings(do=resumed, expect={"due": "2026-10-28", "promised": "2026-10-12"}) == []


def test_an_extension_lengthens_what_the_law_gives_and_not_the_promise():
    """行政许可法 42."""
    extended = ["accept", {"do": "extend", "days": 10}]

    assert findings(do=extended, expect={"due": "2026-11-05", "promised": "2026-09-30"}) == []


def test_days_pass_as_working_days():
    """From 18 September one working day is Sunday the 20th, two are Monday the 21st."""
    waits = ["accept", {"do": "pass_days", "days": 2}, {"do": "pause", "ground": "hearing"}]
    same = ["accept", {"do": "pause", "ground": "hearing", "on": "2026-09-21"}]
    until = {"do": "resume", "on": "2026-09-28"}
    expect = {"due": "2026-10-28"}

    assert findings(do=[*waits, until], expect=expect) == findings(do=[*same, until], expect=expect) == []


def test_steps_side_by_side_may_be_done_in_any_order():
    for first, second in (("check", "fitness"), ("fitness", "check")):
        do = ["accept", done(first), done(second), {"do": "decide", "outcome": "refused"}]
        assert findings(do=do, expect={"path": ["check", "fitness", "decide"], "result": "refused"}) == []


def test_steps_one_after_another_have_their_order():
    do = ["accept", done("review"), done("check"), {"do": "decide", "outcome": "granted"}]
    (sentence,) = findings(do=do, expect={"path": ["check", "review", "decide"]}, handling=1)

    assert sentence == "应经过审核、承办、批准，实际经过承办、审核、批准"


def test_the_way_may_depend_on_how_an_earlier_step_came_out():
    def visit_only_if_not_met(one):
        one["steps"][1]["when"] = 'outcome.review = "not_met"'

    for outcome, path in (("met", []), ("not_met", ["visit"])):
        do = ["accept", done("review", outcome=outcome), *map(done, path), done("check")]
        expect = {"path": ["review", *path, "check"]}
        assert findings(do=do, expect=expect, handling=1, change=visit_only_if_not_met) == []


def test_what_a_scenario_fills_in_must_be_a_form_that_could_be_handed_in():
    form = DEMO["handling"][0]["scenarios"][0]["given"]["form"]
    (sentence,) = findings({"form": {**form, "area_m2": -1}}, do=["accept"])

    assert "第1步“受理”做不成，申请表的“area_m2”" in sentence


def consulting(**rule):
    def change(one):
        one["steps"][0]["consult"] = {"limit": 3} | rule

    return change


ASKED = ["accept", {"do": "consult", "step": "check"}]


@pytest.mark.parametrize(
    ("do", "change", "says"),
    [
        ([*ASKED, done("check")], consulting(), "在等征求的意见，应在2026-09-22以前答复"),
        ([*ASKED, done("check", "2026-09-24")], consulting(), "在等征求的意见"),
        (ASKED, lambda one: None, "没有写明征求意见"),
        (["accept", {"do": "answer", "step": "check"}], consulting(), "没有征求意见，或者已经答复"),
    ],
)
def test_a_step_waits_for_what_it_asked_of_another_organ(do, change, says):
    (sentence,) = findings(do=do, change=change)

    assert says in sentence


def test_an_answer_lets_it_go_on_and_silence_only_where_an_article_says_so():
    answered = [*ASKED, {"do": "answer", "step": "check"}, done("check")]
    assert findings(do=answered, expect={"path": ["check"]}, change=consulting()) == []
    agreed = consulting(silence="agreed", law="样例条例", article=1)
    late = [*ASKED, done("check", "2026-09-24")]
    assert findings(do=late, expect={"path": ["check"]}, change=agreed) == []
