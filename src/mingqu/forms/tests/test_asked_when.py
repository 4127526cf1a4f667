"""A question that waits for an earlier answer: asked, wanted, shown and kept only with it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.forms.errors import FormSchemaRefused
from mingqu.forms.rules import Circumstances, asked_only, asked_words, check, is_asked, read_schema, rows
from mingqu.forms.services import page_form

DEMO = Circumstances(date(2026, 11, 23), demo=True)
TEXT = {"type": "string", "title": "说明"}


def questions(**more):
    return {
        "road": {"type": "boolean", "title": "占车行道吗"},
        "goods": {
            "type": "array",
            "title": "卖什么",
            "items": {"oneOf": [{"const": "hot", "title": "热食"}, {"const": "cloth", "title": "衣服"}]},
        },
        "lanes": {"type": "integer", "title": "占几条", "asked_when": {"road": ["yes"]}},
        "fire": {"type": "boolean", "title": "用明火吗", "asked_when": {"goods": ["hot"]}},
        "tanks": {"type": "integer", "title": "几个气瓶", "asked_when": {"fire": ["yes"], "road": ["no"]}},
        "note": {**TEXT},
    } | more


def form(pages=(["road", "goods", "lanes"], ["note", "fire", "tanks"]), **more):
    found = questions(**more)
    return read_schema({"type": "object", "required": list(found), "properties": found}, pages)


FORM = form()


def wanted(answers):
    return {error.path for error in check(FORM, answers, DEMO) if error.code == "required"}


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({"road": True, "goods": ["cloth"]}, {"lanes", "note"}),
        ({"road": False, "goods": ["cloth", "hot"]}, {"fire", "note"}),
        ({"road": False, "goods": ["hot"], "fire": True}, {"tanks", "note"}),
        ({"road": True, "goods": ["hot"], "fire": True}, {"lanes", "note"}),
        ({"road": False, "goods": ["cloth"], "fire": True}, {"note"}),
    ],
)
def test_only_a_question_that_is_asked_is_wanted(answers, asked):
    assert wanted(answers) == asked


def test_what_was_typed_before_another_answer_is_neither_checked_shown_nor_filed():
    answers = {"road": False, "goods": ["cloth"], "lanes": "很多", "note": "无"}

    assert check(FORM, answers, DEMO) == ()
    assert [row.path for row in rows(FORM, answers, reveal=True)] == ["road", "goods", "note"]
    assert asked_only(FORM, answers) == {"road": False, "goods": ["cloth"], "note": "无"}


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "road": st.booleans(),
            "goods": st.lists(st.sampled_from(["hot", "cloth"]), unique=True),
            "lanes": st.integers(0, 9),
            "fire": st.booleans(),
            "tanks": st.integers(0, 9),
            "note": st.just("无"),
        },
    )
)
def test_what_is_filed_holds_no_answer_to_a_question_that_is_not_asked(answers):
    filed = asked_only(FORM, answers)

    assert all(is_asked(FORM, path, filed) for path in filed)
    assert filed.items() <= answers.items()
    assert asked_only(FORM, filed) == filed
    assert check(FORM, filed, DEMO) == check(FORM, answers, DEMO)


def test_a_page_holds_what_may_still_be_asked_and_says_when():
    first = page_form(FORM, 1, {}, DEMO)
    assert first["lanes"].field.asked_when == '{"road": ["yes"]}'
    assert "“占车行道吗”选“是”的才填。" in first.render()

    assert list(page_form(FORM, 2, {"goods": ["cloth"]}, DEMO).fields) == ["note"]
    second = page_form(FORM, 2, {"goods": ["hot"], "road": False}, DEMO)
    assert list(second.fields) == ["note", "fire", "tanks"]
    assert second["fire"].field.asked_when == "", "it hangs on the page before alone"
    assert list(page_form(FORM, 2, {"goods": ["hot"], "road": True}, DEMO).fields) == ["note", "fire"]


def test_saving_a_page_leaves_alone_what_was_not_on_it():
    sent = page_form(FORM, 2, {"goods": ["cloth"], "fire": True}, DEMO, {"note": "无"})

    assert sent.is_valid() and sent.changes == {"note": "无"}


def test_several_conditions_are_told_in_one_sentence():
    assert asked_words(FORM, FORM.fields["tanks"]) == "“用明火吗”选“是”，“占车行道吗”选“否”的才填。"


@pytest.mark.parametrize(
    ("pages", "more", "why"),
    [
        ((["lanes", "road", "goods", "note", "fire", "tanks"],), {}, "后面"),
        ((["road", "goods", "note"], ["lanes", "fire", "tanks"]), {}, "每个人都填"),
        ((list(questions()),), {"note": TEXT | {"asked_when": {"lanes": ["1"]}}}, "不是选择题"),
        ((list(questions()),), {"note": TEXT | {"asked_when": {"road": ["maybe"]}}}, "选项"),
        ((list(questions()),), {"note": TEXT | {"asked_when": {"road": []}}}, "选项"),
        ((list(questions()),), {"note": TEXT | {"asked_when": {"nothing": ["yes"]}}}, "不是这张表的问题"),
        ((list(questions()),), {"note": TEXT | {"asked_when": {"note": ["yes"]}}}, "后面"),
        ((list(questions()),), {"note": TEXT | {"asked_when": {"road": "yes"}}}, "种类"),
    ],
)
def test_a_condition_on_what_can_not_be_known_is_refused(pages, more, why):
    with pytest.raises(FormSchemaRefused, match=why):
        form(pages, **more)
