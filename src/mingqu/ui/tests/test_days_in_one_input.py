"""A day in one input: as people write it, the same in every browser, with the browser's calendar beside it."""

from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.template import engines

import mingqu
from mingqu.ui.forms import DayField, PageRenderer
from mingqu.ui.text import day_written, month_written

DAY = date(2026, 11, 9)
SPOKEN_BY_THE_BROWSER = ('type="date"', 'type="month"', 'type="time"', '"type": "date"', '"type": "time"')


@pytest.mark.parametrize(
    "words",
    [
        "2026-11-09",
        "2026-11-9",
        "2026/11/09",
        "2026.11.9",
        "20261109",
        "2026年11月9日",
        " ２０２６－１１－０９ ",
    ],
)
def test_a_day_is_read_however_it_is_written(words):
    assert day_written(words) == DAY


@pytest.mark.parametrize(
    "words", ["", "2026-02-29", "11/09/2026", "2026119", "2026-11", "0000-01-01", "明天"]
)
def test_what_is_no_day_is_none(words):
    assert day_written(words) is None


def test_a_month_is_its_first_day():
    written = ["2026-11", "2026/11", "202611", "2026年11月", "2026-13", "2026-11-09"]

    assert [month_written(words) for words in written] == [date(2026, 11, 1)] * 4 + [None, None]


class Asked(forms.Form):
    on = DayField(label="哪一天")


def test_a_form_keeps_what_was_written_and_says_what_is_right():
    right = Asked({"on": "2026年11月9日"}, renderer=PageRenderer())
    wrong = Asked({"on": "2026-02-30"}, renderer=PageRenderer())

    assert right.is_valid() and right.cleaned_data == {"on": DAY}
    assert not wrong.is_valid()
    assert wrong["on"].error_words == ["“哪一天”没有这一天，请这样写：2026-11-09。"]
    assert 'value="2026-02-30"' in str(wrong["on"])
    assert 'type="text"' in str(wrong["on"]) and 'data-mq-pick="date"' in str(wrong["on"])
    assert 'value="2026-11-09"' in str(Asked(initial={"on": DAY}, renderer=PageRenderer())["on"])


def test_a_list_asks_for_days_and_months_in_the_same_input():
    page = engines["django"].from_string(
        '{% load mq %}{% day_filter "从" "since" day %}{% day_filter "到" "until" day month=True %}'
        '{% day_filter "哪天" "on" none %}'
    )
    shown = page.render({"day": DAY, "none": None})

    assert 'name="since" value="2026-11-09"' in shown and 'name="until" value="2026-11"' in shown
    assert 'name="on" value=""' in shown
    assert '<label for="f-since">从</label>' in shown and 'id="f-since"' in shown


def test_no_page_leaves_the_writing_of_a_day_to_the_browser():
    rooms = Path(mingqu.__file__).parent
    files = [*rooms.rglob("templates/**/*.html"), *(p for p in rooms.rglob("*.py") if "tests" not in p.parts)]

    assert len(files) > 1000
    found = [
        str(path.relative_to(rooms))
        for path in files
        if any(words in path.read_text(encoding="utf-8") for words in SPOKEN_BY_THE_BROWSER)
    ]
    assert found == []
