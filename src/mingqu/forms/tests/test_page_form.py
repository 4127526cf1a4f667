"""A page of questions as people see it."""

from datetime import date

import pytest
from django.http import QueryDict

from mingqu.forms.rules import Circumstances, read_schema
from mingqu.forms.services import page_form
from mingqu.forms.tests.samples import PAGES, RIGHT, SCHEMA

FORM = read_schema(SCHEMA, PAGES)
DEMO = Circumstances(date(2026, 11, 21), demo=True)


def page(number, answers=RIGHT, sent=None):
    return page_form(FORM, number, answers, DEMO, QueryDict(sent) if sent is not None else None)


def test_a_page_shows_the_saved_answers():
    html = page(2).render()

    assert 'value="86.5"' in html and "平方米" in html and "青澜街道1号" in html
    assert html.count("checked") == 2  # the building, and no open fire
    assert "看租赁合同或房产证" in html


def test_what_is_not_required_says_so():
    html = page(2).render()

    assert html.count("选填") == 2  # seats and building


def test_a_sent_page_gives_what_to_save():
    form = page(2, {}, "premises__address=青澜街道1号&premises__area_m2=１２０&premises__open_fire=yes")

    assert form.is_valid()
    assert form.changes == {
        "premises.address": "青澜街道1号",
        "premises.area_m2": 120,
        "premises.seats": None,
        "premises.open_fire": True,
        "premises.kind": None,
    }


def test_a_wrong_page_keeps_what_was_written_and_says_what_to_change():
    form = page(2, {}, "premises__area_m2=一百二&premises__address=x&premises__open_fire=no")

    assert not form.is_valid()
    html = form.render()
    assert 'value="一百二"' in html
    assert "经营场所面积请写数字，例如120或86.5。您写的是“一百二”。" in html
    assert form.changes["premises.area_m2"] == "一百二"  # a draft loses nothing


def test_only_the_errors_of_this_page_are_told():
    form = page(4, {}, "truth=on")

    assert form.is_valid() and form.changes == {"truth": True}
    assert not page(4, {}, "x=1").is_valid()


def test_several_choices_and_a_date_are_read():
    form = page(3, {}, "foods=hot&foods=cold&opens_on_year=2026&opens_on_month=12&opens_on_day=1")

    assert form.is_valid(), form.errors
    assert form.changes["foods"] == ["hot", "cold"] and form.changes["opens_on"] == "2026-12-01"


def test_a_day_that_does_not_exist_is_kept_as_written_and_comes_back():
    form = page(3, {}, "foods=hot&opens_on_year=2027&opens_on_month=2&opens_on_day=30")

    assert not form.is_valid()
    assert form.changes["opens_on"] == "2027年2月30日"
    again = page(3, {"foods": ["hot"], "opens_on": "2027年2月30日"}).render()
    assert 'value="2027"' in again and 'value="30"' in again


def test_hostile_text_is_escaped():
    html = page(1, {"operator": {"name": "<script>alert(1)</script>"}}).render()

    assert "<script>" not in html and "&lt;script&gt;" in html


def test_a_page_that_does_not_exist_is_not_found():
    with pytest.raises(LookupError):
        page(9)


def test_errors_of_the_summary_are_shown_on_their_page():
    from mingqu.forms.rules import check

    form = page(1, {}, "")
    form.full_clean()
    shown = page(2, {}, "premises__address=x&premises__area_m2=1&premises__open_fire=no")
    assert shown.is_valid()
    shown.show_errors(check(FORM, {}, DEMO))
    assert set(shown.errors) == {"premises__address", "premises__area_m2", "premises__open_fire"}
