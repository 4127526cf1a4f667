"""How dates, amounts, numbers and deadlines are written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import engines
from django.urls import path
from hypothesis import given
from hypothesis import strategies as st

from mingqu.ui import days, figures, text
from mingqu.ui.tests import gallery
from mingqu.ui.types import Bar


def show(source, **context):
    return engines["django"].from_string("{% load mq %}" + source).render(context)


def test_a_date_is_written_in_chinese_and_stays_on_one_line():
    assert (
        show("{{ d|zh_date }}", d=date(2026, 11, 21)) == '<time datetime="2026-11-21">2026年11月21日</time>'
    )
    assert show("{{ d|zh_date_plain }}", d=date(2026, 1, 2)) == "2026年1月2日"
    assert show("{{ d|zh_day_short }}", d=date(2026, 1, 2)) == '<time datetime="2026-01-02">1月2日</time>'


def test_an_instant_late_on_friday_in_utc_is_saturday_in_beijing():
    late = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)

    assert "2026年11月21日" in show("{{ d|zh_date }}", d=late)
    assert "2026年11月21日 01:30" in show("{{ d|zh_instant }}", d=late)
    assert show("{{ d|zh_weekday }}", d=late) == "周六"


def test_no_date_is_written_as_nothing():
    assert show("{{ d|zh_date }}{{ d|zh_instant }}{{ d|zh_day_short }}{{ d|money }}", d=None) == ""


def test_money_has_fen_and_thousands():
    assert text.money(Decimal("1280")) == "1,280.00元"
    assert text.money(0) == "0.00元"
    with pytest.raises(TypeError):
        text.money(0.1)


def test_a_case_number_is_read_in_groups_and_copied_whole():
    shown = show("{{ n|case_number }}", n="99010420261109000318")

    assert "<span>990104</span><span>20261109</span><span>000318</span>" in shown
    assert "990104 " not in shown


def test_a_number_of_another_length_is_not_cut():
    assert text.number_groups("12345") == ["12345"]


def test_what_a_person_typed_can_not_become_markup():
    attack = "<script>alert(1)</script>"
    shown = show(
        "{{ x|nb }}{{ x|case_number }}{% plain_tag x %}{% status 'done' x %}{% turn x whose=x %}"
        "{% waiting x %}{% empty x x %}{% toast x %}{% breadcrumbs x '/' x %}",
        x=attack,
    )

    assert "<script" not in shown


def test_a_state_nobody_knows_is_refused():
    with pytest.raises(KeyError):
        show("{% status 'lost' %}")
    with pytest.raises(ValueError, match="no such state"):
        show("{% due d state='lost' %}", d=date(2026, 12, 1))


def test_the_readers_own_turn_comes_first_and_in_ochre():
    shown = show("{% turn '补1张图' whose='you' by=d %}", d=date(2026, 11, 25))

    assert "mq-turn--you" in shown
    assert "轮到您：补1张图，" in shown
    assert "mq-turn--you" not in show("{% turn '审查' whose='市场监管局' %}")


def test_a_day_that_is_over_is_not_told_as_one_to_come():
    day = date(2026, 11, 20)
    line = "{% turn '审查' whose='市场监管局' by=d today=t %}"

    assert "，原定" not in show(line, d=day, t=day)
    assert "这一天已经过了" in show(line, d=day, t=date(2026, 11, 21))


def test_a_deadline_explains_every_day_from_the_first_to_the_last():
    explained = days.calendar(gallery.explanation(), due=date(2026, 12, 1), today=date(2026, 11, 20))

    assert list(explained.blanks) == [0, 1, 2]  # the first day is a Thursday
    assert [cell.day.day for cell in explained.days] == [*range(12, 31), 1]
    assert [cell.words for cell in explained.days if cell.kind == "count"] == [
        f"第{n}日" for n in range(1, 10)
    ]
    assert {cell.day.day for cell in explained.days if cell.kind == "stop"} == {17, 18, 19}
    assert {cell.day.day for cell in explained.days if cell.kind == "off"} == {12, 14, 15, 21, 22, 28, 29}
    assert [cell.words for cell in explained.days if cell.is_due] == ["第10日"]
    assert [cell.day.day for cell in explained.days if cell.is_today] == [20]


def test_a_working_saturday_says_why_it_counts():
    rows = (gallery.Row(date(2026, 10, 10), True, "makeup_workday", "调休上班", 3),)

    (cell,) = days.calendar(gallery.Explanation(rows, ()), due=date(2026, 10, 12)).days

    assert (cell.kind, cell.words, cell.note) == ("count", "第3日", "调休上班")


def test_hours_are_explained_as_spans_and_not_as_days():
    at = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    rows = (gallery.Row(date(2026, 11, 20), True, "counted", "计时", 2, since=at, until=at.replace(hour=3)),)
    shown = show("{% due d e %}", d=date(2026, 11, 20), e=gallery.Explanation(rows, ()))

    assert "11月20日09:00至11月20日11:00：计时" in shown
    assert "mq-days" not in shown


def test_a_day_whose_holidays_are_not_announced_says_so():
    rows = (gallery.Row(date(2027, 10, 8), True, "counted", "工作日", 1, provisional=True),)

    assert "公布后会重新计算" in show("{% due d e %}", d=date(2027, 10, 9), e=gallery.Explanation(rows, ()))


def test_an_explanation_without_days_is_refused():
    with pytest.raises(ValueError, match="explains nothing"):
        days.calendar(gallery.Explanation((), ()), due=date(2026, 12, 1))


def test_bars_share_one_scale_and_stay_inside_the_drawing():
    rows = [Bar("市场监督管理局综合执法大队", 5, "5.0", 10), Bar("水务局", 11, "11.0 超承诺", 10, over=True)]
    for wide in (True, False):
        drawing = figures.bars(rows, wide=wide)
        short, long = drawing.bars
        assert abs(long.length * 5 - short.length * 11) <= 11  # rounded to whole units
        assert long.text_x + figures.text_width(long.text) <= drawing.width


def test_bars_of_nothing_are_drawn_as_nothing():
    assert figures.bars([Bar("卫健局", 0, "0")], wide=True).bars[0].length == 0
    assert figures.bars([], wide=True).bars == []


@given(st.text(alphabet="受理审查、和与A b", min_size=1, max_size=40), st.sampled_from([110, 160, 296]))
def test_a_name_stays_in_its_box_and_is_whole_where_two_lines_hold_it(name, width):
    lines = figures.two_lines(name, width)

    assert len(lines) <= 2
    assert all(figures.text_width(line) <= width for line in lines)
    whole, cut = "".join(lines), lines[-1].endswith("…")
    assert whole == name or (cut and name.startswith(whole[:-1]))
    assert not cut or len(name) > (width - 2) // figures.text_width("受")


def test_a_long_name_is_parted_near_its_middle():
    assert figures.two_lines("审查", 160) == ["审查"]
    assert figures.two_lines("施工图设计文件审查和消防设计审查", 160) == [
        "施工图设计文件审查",
        "和消防设计审查",
    ]
    assert figures.two_lines("现场核查、出具核查意见", 160) == ["现场核查、", "出具核查意见"]


def test_a_picture_always_has_its_text_twin():
    context = gallery.samples(gallery.ShopForm())
    flow = show("{% flowchart wide tall name='g' label='流程' steps=steps %}", **context)
    chart = show("{% bar_chart bars title='用时' first_column='部门' value_column='用时' %}", **context)

    assert flow.count("<svg") == 2
    assert "<li>申请" in flow
    assert '<th scope="row">水务局</th>' in chart
    assert "<svg" not in show(
        "{% bar_chart bars title='用时' first_column='部门' value_column='用时' %}", elder=True, **context
    )


def test_pages_of_a_list_have_no_numbers_and_one_page_has_no_links():
    assert show("{% pagination '' '' %}").strip() == ""
    assert 'rel="next"' in show("{% pagination '' '?after=x' %}")
    assert 'aria-disabled="true"' in show("{% pagination '' '?after=x' %}")


urlpatterns = [path("of/<str:number>/", lambda request, number: None, name="one")]


@pytest.mark.parametrize("value", ["99010420261109000318", '甲 "<>&?#'])
def test_an_address_in_a_list_is_the_one_that_url_gives(settings, value):
    settings.ROOT_URLCONF = __name__

    assert show("{% url_of 'one' x %}", x=value) == show("{% url 'one' x %}", x=value) != "/of//"
