"""A definition is published only when its shape, its sense and its process hold; running cases keep theirs."""

import copy
from datetime import timedelta
from uuid import uuid4

import pytest

from mingqu.cases.tests import factories as f
from mingqu.catalogue import rules, selectors, services
from mingqu.catalogue.errors import AnswerUnknown, DefinitionInvalid, ItemUnknown
from mingqu.catalogue.models import Revision
from mingqu.identity import selectors as identity
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.services.organs import name_review_organ
from mingqu.identity.tests.factories import NOON, staff_actor
from mingqu.process.errors import PlanRefused

FIRST = ("handling", 0)  # 新办


@pytest.fixture
def document():
    return f.food_licence()


def changed(document, path, value):
    other = copy.deepcopy(document)
    place = other
    *way, last = path
    for name in way:
        place = place[name]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return other


def publish(document, by=f.SYSTEM, at=NOON):
    return services.publish_revision(document=document, by=by, at=at, key=uuid4())


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("format",), "2.0", "格式版本"),
        (("item", "name"), None, "item.name：缺少"),
        (("item", "colour"), "red", "item.colour：不认识的键"),
        ((*FIRST, "clocks", "promised", "limit"), "8", "应是整数"),
        ((*FIRST, "clocks", "promised", "limit"), True, "应是整数"),
        ((*FIRST, "materials"), {}, "应是一个列表"),
        ((*FIRST, "clocks", "statutory", "limit"), 0, "limit：不能小于1"),
        ((*FIRST, "kind"), "born", "业务办理项类型”（代码表handling_item_kind，2026-11-21版）里没有“born”"),
        (("item", "audience", 0), "martian", "item.audience[0]：“服务对象”（代码表audience"),
        ((*FIRST, "materials", 1, "may_follow", "unit"), "fortnights", "代码表limit_unit"),
        ((*FIRST, "eligibility"), {"file": "x", "decision": "d"}, "eligibility.file：写法不对"),
        ((*FIRST, "materials", 0, "key"), "yes", "materials[0].key：应是是或否"),
    ],
)
def test_the_shape_is_checked_key_by_key(document, path, value, says):
    assert any(says in problem for problem in rules.shape_problems(changed(document, path, value)))


@pytest.mark.parametrize("nothing", [None, [], "text", 3])
def test_what_is_no_document_is_refused(nothing):
    assert rules.shape_problems(nothing)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ((*FIRST, "clocks", "promised", "limit"), 21, "承诺时限不能长于法定时限"),
        (("sources", 0, "path"), "item.nothing", "内容来源“item.nothing”在定义里找不到"),
        (("item", "link"), "https://example.cn/", "依申请办理的事项不写网址"),
        (("item", "link"), "javascript:alert(1)", "要以https://或者http://开头"),
        (("item", "link"), "https://www.gov.cn@evil.example/", "要以https://或者http://开头"),
        (("item", "link"), "//evil.example/", "要以https://或者http://开头"),
        (("item", "link"), "/\\evil.example/", "要以https://或者http://开头"),
        (("item", "handling_kind"), "ex_officio", "只有依申请的事项才有业务办理项"),
        ((*FIRST, "materials", 0, "may_follow"), {"limit": 5}, "主件，不能容缺"),
        ((*FIRST, "materials", 0, "source", "of"), "123", "21位代码"),
        ((*FIRST, "materials", 2, "source"), {"kind": "commitment", "of": "none"}, "告知承诺书“none”不存在"),
        ((*FIRST, "steps", 1, "checklist"), "none", "核查表“none”不存在"),
        ((*FIRST, "steps", 1, "checklist"), "", "要写明核查表"),
        ((*FIRST, "steps", 0, "where"), "handed_over", "要写明在哪个系统"),
        ((*FIRST, "steps", 0, "when"), "form.area_m2 > 100", "form.area_m2"),
        ((*FIRST, "materials", 3, "when"), 'case.number = "1"', "case.number"),
        ((*FIRST, "result", "fields", 0, "value"), "form.colour", "form.colour"),
        ((*FIRST, "form", "pages"), [], "恰好出现在一页"),
        ((*FIRST, "scenarios", 0, "expect", "due"), "2026-10-20", "应是2026-10-20，实际是2026-10-22"),
        ((*FIRST, "materials", 1, "code"), "business-licence", "材料编码“business-licence”重复"),
        ((*FIRST, "materials", 3, "when"), "situation.sea = 1", "situation.sea"),
        ((*FIRST, "materials", 3, "when"), "some f in", "some f in"),
        ((*FIRST, "steps", 0, "checks"), ["passport"], "材料“passport”不存在"),
        ((*FIRST, "decide", "id"), "done", "决定环节"),
    ],
)
def test_the_sense_is_checked_in_sentences(document, path, value, says):
    f.world()

    with pytest.raises(DefinitionInvalid) as refusal:
        publish(changed(document, path, value))

    assert any(says in problem for problem in refusal.value.problems), refusal.value.problems


@pytest.mark.django_db
def test_a_process_that_can_not_run_is_refused_with_its_step(document):
    f.world()
    apart = changed(document, (*FIRST, "steps", 1, "parallel"), "B")

    with pytest.raises((PlanRefused, DefinitionInvalid)) as refusal:
        publish(apart)

    assert refusal.value.message


@pytest.mark.django_db
def test_a_new_revision_serves_new_cases_and_old_cases_keep_theirs(document):
    w = f.world()
    old = f.received_case(w)
    shorter = changed(document, (*FIRST, "clocks", "promised", "limit"), 5)
    publish(changed(shorter, (*FIRST, "scenarios"), []), at=NOON + timedelta(days=1))

    new = f.received_case(w)

    assert selectors.definition(old.revision_id, "01").clocks.promised.limit == 8
    assert selectors.definition(new.revision_id, "01").clocks.promised.limit == 5
    assert Revision.objects.filter(item__code="QH-SPJYXK").count() == 2


@pytest.mark.django_db
def test_the_same_document_again_is_the_same_revision(document):
    f.world()

    assert publish(document) == publish(document)
    assert Revision.objects.count() == 1


@pytest.mark.django_db
def test_only_who_may_publish_publishes(document):
    f.world()

    with pytest.raises(NotAuthorised):
        publish(document, by=staff_actor("reviewer"))


@pytest.mark.django_db
def test_search_finds_by_name_alias_and_material():
    f.world()

    for words in ("食品", "奶茶店", "平面布局图", "食品 许可"):
        assert [i.code for i in selectors.published_items(words=words)] == ["QH-SPJYXK"], words
    assert not selectors.published_items(words="护照")
    with pytest.raises(ItemUnknown):
        selectors.item("QH-NONE")


@pytest.mark.django_db
def test_the_situation_binds_materials_steps_and_what_is_not_needed():
    f.world()
    _, definition = selectors.current_definition("QH-SPJYXK")

    plain = selectors.situation_of_answers(definition, f.SITUATION)
    raw = selectors.situation_of_answers(definition, f.RAW_FOOD)

    assert {m.code for m in raw.materials} - {m.code for m in plain.materials} == {"special-process"}
    assert {s.id for s in raw.steps} - {s.id for s in plain.steps} == {"visit"}
    assert plain.stop is None and plain.missing == []


@pytest.mark.django_db
def test_a_stop_is_told_before_anyone_pays_rent():
    f.world()
    _, definition = selectors.current_definition("QH-SPJYXK")

    result = selectors.situation(definition, {"open_fire": ["yes"], "above_homes": ["yes"]})

    assert result.stop is not None and result.stop.article.article == 81
    assert result.missing == ["subject", "foods"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given", [{"subject": ["alien"]}, {"subject": ["person", "firm"]}, {"foods": ["hot", "?"]}]
)
def test_an_answer_that_was_not_offered_is_refused(given):
    f.world()
    _, definition = selectors.current_definition("QH-SPJYXK")

    with pytest.raises(AnswerUnknown):
        selectors.situation(definition, given)


@pytest.mark.django_db
def test_the_certificates_lines_follow_from_form_and_situation():
    f.world()
    _, definition = selectors.current_definition("QH-SPJYXK")

    values = selectors.certificate_values(
        definition,
        {
            "form": f.ANSWERS,
            "situation": {**f.SITUATION, "foods": ["hot", "drink"]},
            "applicant": {"name": "李晓禾"},
        },
    )

    assert values["operator"] == "清禾小馆"
    assert values["scope"] == "热食（现炒、现煮、现炸）、自制饮品"
    assert "credit_code" not in values, "what was not told is left out"


@pytest.mark.django_db
def test_choices_keep_the_order_in_which_they_were_written():
    """jsonb sorts the keys of an object, so choices are a list."""
    f.world()
    _, definition = selectors.current_definition("QH-SPJYXK")

    assert list(definition.situations[0].options) == ["person", "firm"]
    assert list(definition.situations[3].options) == ["hot", "cold", "raw", "cake", "drink"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("valid_years", 3, "延续：有效期写的是3年，新办写的是5年"),
        ("renew_before_days", 15, "延续：提前申请延续的天数写的是15天"),
        ("certificate_name", "别的证", "延续：证照名称写的是别的证"),
        ("fields", [{"code": "colour", "label": "颜色", "value": "applicant.name"}], "“颜色”是新办没有的"),
    ],
)
def test_what_acts_on_a_certificate_says_the_same_of_it_as_what_brings_it(document, name, value, says):
    f.world()
    other = copy.deepcopy(document)
    other["handling"][2]["result"][name] = value

    with pytest.raises(DefinitionInvalid) as refusal:
        publish(other)
    assert any(says in problem for problem in refusal.value.problems)


@pytest.mark.django_db
def test_who_is_told_to_complain_is_told_the_organ_that_is_named_for_the_department(document):
    """行政复议法 24, 27: for an organ led from above it is the one above, not the government of its level."""
    f.world()
    organ = identity.department_by_code(document["item"]["organ"])
    name_review_organ(
        department_id=organ.id, organ=" 澜州市市场监督管理局 ", by=f.SYSTEM, at=NOON, key=uuid4()
    )

    with pytest.raises(DefinitionInvalid) as refused:
        publish(document)

    assert "登记的是“澜州市市场监督管理局”" in refused.value.problems[0]
    publish(changed(document, ["guide", "reconsideration_organ"], "澜州市市场监督管理局"))


@pytest.mark.django_db
def test_only_who_makes_departments_names_their_review_organ(document):
    f.world()
    organ = identity.department_by_code(document["item"]["organ"])

    with pytest.raises(NotAuthorised):
        name_review_organ(
            department_id=organ.id, organ="某局", by=staff_actor("reviewer"), at=NOON, key=uuid4()
        )

    assert identity.department_by_code(document["item"]["organ"]).review_organ == ""
