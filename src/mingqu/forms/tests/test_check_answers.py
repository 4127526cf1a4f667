"""What is wrong with answers, and how it is said."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.forms.rules import Circumstances, check, coerce, merged, prefilled, read_schema, rows, words
from mingqu.forms.rules.answers import get, number_of, paths
from mingqu.forms.tests.samples import FIRM, NUMBER, PAGES, RIGHT, SCHEMA

TODAY = date(2026, 11, 21)
DEMO = Circumstances(TODAY, demo=True)
FORM = read_schema(SCHEMA, PAGES)


def errors_of(**changes):
    changed = merged(RIGHT, {path.replace("__", "."): value for path, value in changes.items()})
    return [(e.path, e.code, e.message) for e in check(FORM, changed, DEMO)]


def test_right_answers_have_no_errors():
    assert errors_of() == []


@pytest.mark.parametrize(
    ("changes", "path", "code", "message"),
    [
        ({"operator__name": None}, "operator.name", "required", "请填写经营者姓名。"),
        (
            {"operator__phone": " "},
            "operator.phone",
            "required",
            "请填写手机号码，例如19900001234。",
        ),
        ({"foods": []}, "foods", "required", "请选择打算经营的食品。"),
        ({"premises__open_fire": None}, "premises.open_fire", "required", "请选择后厨是否使用明火。"),
        ({"truth": False}, "truth", "required", "请勾选“我确认以上内容属实”。"),
        (
            {"premises__area_m2": "一百二"},
            "premises.area_m2",
            "wrong_type",
            "经营场所面积请写数字，例如120或86.5。您写的是“一百二”。",
        ),
        (
            {"premises__area_m2": 0},
            "premises.area_m2",
            "below_minimum",
            "经营场所面积不能小于1平方米，例如120或86.5。您写的是“0”。",
        ),
        ({"premises__area_m2": 100001}, "premises.area_m2", "above_maximum", None),
        (
            {"premises__seats": 12.5},
            "premises.seats",
            "wrong_type",
            "座位数请写整数，例如12。您写的是“12.5”。",
        ),
        ({"premises__area_m2": True}, "premises.area_m2", "wrong_type", None),
        (
            {"premises__kind": "tent"},
            "premises.kind",
            "not_an_option",
            "店铺所在的楼栋请从列出的选项中选择。",
        ),
        ({"foods": ["hot", "raw"]}, "foods", "not_an_option", None),
        ({"foods": ["hot", "hot"]}, "foods", "not_an_option", None),
        ({"foods": "hot"}, "foods", "not_an_option", None),
        ({"premises__open_fire": "perhaps"}, "premises.open_fire", "wrong_type", None),
        (
            {"opens_on": "2026年2月30日"},
            "opens_on",
            "wrong_type",
            "计划开业日期没有这一天，请这样写：2026年11月9日。您写的是“2026年2月30日”。",
        ),
        (
            {"opens_on": "2026-11-20"},
            "opens_on",
            "date_too_early",
            "计划开业日期不能早于2026年11月21日。您写的是2026年11月20日。",
        ),
        (
            {"sign": "A1"},
            "sign",
            "wrong_pattern",
            "店招文字编号的写法不对，例如AB123。您写的是“A1”。",
        ),
        ({"remark": "长" * 21}, "remark", "too_long", "补充说明最多20个字，您写了21个字，请删短一些。"),
        ({"operator__number": NUMBER[:-1] + "4"}, "operator.number", "citizen_number_check_character", None),
        ({"operator__phone": "1990000"}, "operator.phone", "phone_length", None),
        ({"operator__name": 5}, "operator.name", "wrong_type", None),
        ({"operator__nickname": "小张"}, "operator.nickname", "unknown_field", "表里没有这一项。"),
    ],
)
def test_a_wrong_answer_is_told_with_what_was_written_and_a_right_example(changes, path, code, message):
    (error,) = errors_of(**changes)

    assert error[:2] == (path, code)
    if message:
        assert error[2] == message


def test_a_wrong_number_is_repeated_to_the_person_who_wrote_it():
    (error,) = errors_of(operator__number="99010419800101")

    assert "现在是14位" in error[2] and error[2].endswith("您写的是“99010419800101”。")


def test_a_very_long_wrong_answer_is_repeated_only_in_part():
    (error,) = errors_of(premises__area_m2="大" * 500)

    assert len(error[2]) < 100


def test_demo_numbers_are_refused_outside_a_demo_installation():
    codes = {e.code for e in check(FORM, RIGHT, Circumstances(TODAY))}

    assert codes == {"citizen_number_demo_only", "phone_demo_only"}


def test_an_optional_group_is_asked_for_as_a_whole_once_it_is_begun():
    assert errors_of() == []
    (error,) = errors_of(firm__name="清禾小馆餐饮有限公司")
    assert error[:2] == ("firm.code", "required")
    assert errors_of(firm__name="清禾小馆餐饮有限公司", firm__code=FIRM) == []


def test_one_page_is_checked_alone_and_errors_come_in_the_order_of_the_pages():
    everything = check(FORM, {}, DEMO)
    one = check(FORM, {}, DEMO, only=set(FORM.page(2).paths))

    assert [e.page for e in everything] == sorted(e.page for e in everything)
    assert {e.page for e in one} == {2}
    assert [e.path for e in everything][:3] == ["operator.name", "operator.number", "operator.phone"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("120", 120),
        ("１２０", 120),
        ("1,200", 1200),
        (" 86.50 ", 86.5),
        ("-3", -3),
        ("1e5", None),
        ("一百二", None),
        ("nan", None),
        ("9" * 30, None),
        ("0.12345678", None),
    ],
)
def test_a_number_is_read_as_people_write_it(typed, kept):
    assert number_of(typed) == kept


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_a_number_that_is_kept_is_exactly_the_one_that_was_typed(number):
    from decimal import Decimal

    kept = number_of(format(number, "f"))

    assert kept is None or Decimal(str(kept)) == number


def test_control_and_direction_characters_never_reach_the_answers():
    field = FORM.fields["operator.name"]

    assert coerce(field, "张\x00\u202e伟 ") == "张伟"
    assert coerce(field, "  ") is None


@given(st.dictionaries(st.sampled_from(sorted(FORM.fields)), st.one_of(st.none(), st.text(), st.integers())))
def test_merging_changes_only_what_is_named(changes):
    after = merged(RIGHT, changes)

    for path in FORM.fields:
        expected = changes.get(path, get(RIGHT, path))
        assert get(after, path) == expected
    assert get(RIGHT, "operator.name") == "张伟"  # the original is left alone


plain = st.none() | st.booleans() | st.integers() | st.text()
anything = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(anything)
def test_no_answer_whatever_breaks_the_check(junk):
    for path in FORM.fields:
        check(FORM, merged(RIGHT, {path: junk} if junk is not None else {}), DEMO)


def test_known_facts_fill_only_what_is_still_empty():
    profile = {"applicant.name": "李娜", "applicant.citizen_number": NUMBER, "applicant.phone": "19900000002"}

    assert prefilled(FORM, {}, profile) == {"operator.name": "李娜", "operator.number": NUMBER}
    assert prefilled(FORM, {"operator": {"name": "张伟"}}, profile) == {"operator.number": NUMBER}


def test_the_summary_reads_as_people_speak_and_masks_what_is_personal():
    shown = {row.path: row for row in rows(FORM, RIGHT, reveal=False)}
    open_ = {row.path: row.text for row in rows(FORM, RIGHT, reveal=True)}

    assert shown["operator.name"].text == "张*" and shown["operator.name"].masked
    assert shown["operator.number"].text == "9901**********0013"
    assert shown["operator.phone"].text == "199****0001"
    assert shown["premises.address"].text == "澜州市清禾区青澜街道****"
    assert shown["premises.area_m2"].text == "86.5平方米" and not shown["premises.area_m2"].masked
    assert open_["premises.open_fire"] == "否"
    assert open_["premises.kind"] == "商住楼，有专用烟道"
    assert open_["foods"] == "热食" and open_["opens_on"] == "2026年12月1日"
    assert open_["firm.name"] == "未填写" and open_["operator.name"] == "张伟"
    assert words(FORM.fields["foods"], ["hot", "cold"]) == "热食、冷食"


def test_every_answer_has_a_path():
    assert set(paths(RIGHT)) <= set(FORM.fields)
