"""The guide: everything 行政许可法 30 wants told, from the definition alone; doubtful facts are marked."""

import pytest

from mingqu.cases.tests.factories import DEFINITION
from mingqu.catalogue.rules import definition_of
from mingqu.kernel.yaml_text import read_yaml
from mingqu.portal.rules import told
from mingqu.portal.selectors import guide as guides
from mingqu.portal.tests import samples

URL = "/services/QH-SPJYXK/"


def page(response) -> str:
    return response.content.decode()


@pytest.fixture
def text(client, w):
    return page(client.get(URL))


# 行政许可法 30: 事项 依据 条件 数量 程序 期限 需要提交的全部材料的目录 申请书示范文本
@pytest.mark.parametrize(
    ("element", "words"),
    [
        ("事项", ["食品经营许可（新办）", "行政许可", "自然人", "澜州市清禾区市场监督管理局"]),
        ("依据", ["《中华人民共和国食品安全法》第35条", "第33条"]),
        ("条件", ["有食品安全管理人员"]),
        ("数量", ["没有数量限制"]),
        ("程序", ["收件", "受理", "材料审查", "现场核查", "选址审查", "作出决定", "送达"]),
        ("期限", ["20个工作日", "8个工作日", "最多延长10个工作日", "本行政机关负责人批准", "第四十四条"]),
        (
            "材料目录",
            ["营业执照", "平面布局图", "食品安全管理制度", "专间或专用操作区说明", "看情形", "主件"],
        ),
        (
            "示范文本",
            ["申请书示范文本", "经营面积（平方米）", "青澜街道望渠路5号", "统一社会信用代码（选填）"],
        ),
        ("地点时间电话", ["大厅路1号", "9:00–12:00", "0000-12345"]),
        ("收费", ["不收费"]),
        ("结果", ["食品经营许可证", "有效期5年", "到期30日前"]),
        ("不需要", ["卫生许可证", "员工健康证明", "身份证复印件"]),
        ("不能办", ["不得新建产生油烟的餐饮项目", "《中华人民共和国大气污染防治法》第81条", "不要签租约"]),
        ("情形", ["由谁来经营？", "打算卖哪些食品？"]),
        ("常见问题", ["只卖预包装食品要办吗？"]),
        ("投诉", ["监督投诉"]),
        (
            "救济",
            [
                "六十日",
                "六个月",
                "十五日",
                "清禾区人民政府",
                "清禾区人民法院",
                "第二十三条",
                "fuyi.qinghe.example",
            ],
        ),
        ("版本", ["本指南第1版", "2026年11月20日"]),
    ],
)
def test_the_guide_tells(text, element, words):
    plain = text.replace("\n", "")
    assert [word for word in words if word not in plain] == []


def test_what_nobody_confirmed_stays_visible_and_is_marked(text):
    assert "国发〔2016〕12号，尚待核实" in text
    assert '<span class="mq-tag mq-tag--plain">尚待核实</span>' in text
    assert "本指南有1处内容尚待核实" in text
    assert told("有食品安全管理人员").unconfirmed is False


def test_every_sentence_of_the_definition_that_is_for_readers_stands_on_the_page(text):
    document = read_yaml(DEFINITION.read_text("utf-8"))
    first = document["handling"][0]
    said = [
        *first["conditions"],
        *(x for m in first["materials"] for x in (m["name"], m["explain"], m["where"], *m["check"])),
        *(x for n in first["not_needed"] for x in (n["name"], n["because"])),
        *(x for s in first["stops"] for x in (s["because"], s["advice"])),
        *(s["text"] for s in first["situations"]),
        *(ref["says"] for ref in document["basis"]),
        *(x for pair in document["guide"]["faq"] for x in pair),
    ]

    assert [sentence for sentence in said if sentence not in text] == []


def test_a_new_revision_changes_the_guide_with_its_number(client, w):
    document = samples.document()
    basis = {"law": "中华人民共和国行政许可法", "article": 58}
    document["handling"][0]["fees"] = [{"name": "工本费", "standard": "每件10元", "basis": basis}]
    from uuid import uuid4

    from mingqu.catalogue import services as catalogue
    from mingqu.identity.tests.factories import NOON, SYSTEM

    catalogue.publish_revision(document=document, by=SYSTEM, at=NOON, key=uuid4())
    text = page(client.get(URL))

    assert "本指南第2版" in text
    assert "每件10元" in text
    assert "不收费" not in text


def test_the_picture_has_its_text_and_both_widths(text):
    assert text.count('class="mq-flow mq-flow--') == 2
    assert "用文字看流程" in text
    assert "看情形，不是每件都有" in text


def test_how_much_shorter_the_promise_is_than_the_law_is_said_in_percent(w):
    rows = guides._limits(definition_of(samples.document(code="QH-SHORT"), "01"))

    assert "本机关的承诺，比法定的短60%。" in [row.note for row in rows]


def test_a_promise_as_long_as_the_law_is_not_called_shorter(w):
    document = samples.document(code="QH-LONG")
    document["handling"][0]["clocks"]["promised"]["limit"] = 20

    rows = guides._limits(definition_of(document, "01"))

    assert "比法定的短" not in "".join(row.note for row in rows)


@pytest.mark.parametrize("code", ["NONE", "QH-SPJYXK2"])
def test_what_is_not_published_is_not_found(client, w, code):
    assert client.get(f"/services/{code}/").status_code == 404


@pytest.mark.parametrize("address", ["/services/../", "/services/<x>/"])
def test_an_address_that_is_no_code_is_not_found(client, w, address):
    assert client.get(address).status_code == 404


def test_the_guide_takes_at_most_seven_statements_signed_in(citizen, django_assert_max_num_queries):
    """One of them for the halls of other districts, as its 通办范围 goes beyond its own."""
    citizen.get(URL)
    with django_assert_max_num_queries(7):
        citizen.get(URL)


def test_words_of_the_engine_stay_off_the_page(text):
    assert [word for word in ("工作流", "流程实例", "任务节点", "JSON", "UUID", "FEEL") if word in text] == []
