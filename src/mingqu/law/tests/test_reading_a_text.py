"""What a law text says about itself: articles, headings, days; and what is wrong with it."""

from datetime import date

import pytest

from mingqu.law import reading
from mingqu.law.errors import LawUnreadable
from mingqu.law.tests.made import TEXTS


def read(name):
    return reading.read(name, (TEXTS / name).read_bytes())


def text(head, body, name="行政法规/甲办法(2020-01-01).md"):
    return reading.read(name, f"# 甲办法\n\n{head}\n\n<!-- INFO END -->\n\n{body}\n".encode())


def test_articles_have_their_number_their_headings_and_every_paragraph():
    version = read("行政法规/样例摊位管理条例(2019-03-01).md")

    assert [(one.number, one.suffix) for one in version.articles] == [(1, 0), (2, 0), (3, 0), (3, 1), (4, 0)]
    assert version.articles[1].text.split("\n")[1] == "有轮子的不是摊位。"
    assert version.articles[2].heading == "第二章 设立 第一节 申请"
    assert version.articles[2].text.endswith("（二）位置图。")


def test_the_day_of_a_version_is_in_its_name_and_its_first_day_in_its_text():
    first = read("行政法规/样例摊位管理条例(2019-03-01).md")
    second = read("行政法规/样例摊位管理条例(2022-06-15).md")

    assert (first.decided_on, first.since, first.since_from) == (date(2019, 3, 1), date(2019, 5, 1), "text")
    assert (second.decided_on, second.since) == (date(2022, 6, 15), date(2022, 9, 1))


def test_text_outside_of_articles_is_kept_and_articles_in_one_line_are_taken_apart():
    version = read("部门规章/样例收费规定(2001-07-01).md")

    assert [(one.number, one.text) for one in version.articles] == [
        (0, "收费要有依据。"),
        (1, "样例收费每次一元。"),
        (2, "收费应当出具票据。"),
        (3, "本规定自发布之日起施行。"),
    ]
    assert version.since == date(2001, 7, 1)


def test_what_the_text_does_not_say_stays_unknown():
    amended = text(
        "1999年5月1日 甲机关发布\n\n2020年1月1日 甲机关修订", "第一条 本办法自1999年6月1日起施行。"
    )
    silent = text("", "第一条 甲。")

    assert (amended.since, amended.since_from) == (None, "")
    assert silent.since is None


@pytest.mark.parametrize(
    ("head", "body", "since"),
    [
        ("2020年3月1日 施行", "第一条 甲。", date(2020, 3, 1)),
        ("2019年12月1日 施行", "第一条 甲。", None),  # before this version was decided: the law's first day
        ("", "第一条 本办法自２０２０年２月１日起施行。", date(2020, 2, 1)),
        ("", "第一条 本办法自公布之日起施行。", date(2020, 1, 1)),
        ("2020年1月1日 甲机关修正", "第一条 本办法自公布之日起施行。", None),  # the first text's publication
    ],
)
def test_the_first_day_is_taken_only_from_what_means_this_version(head, body, since):
    assert text(head, body).since == since


def test_a_quotation_that_begins_like_an_article_is_none_and_a_gap_is_told():
    version = text("", "第一条 甲：\n\n第九十条 引文。\n\n第四条 乙。")

    assert [one.number for one in version.articles] == [1, 4]
    assert "第九十条 引文" in version.articles[0].text
    assert ["编号不连续" in one or "缺失" in one for one in version.remarks] == [True, True]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xfe\x00", "不是UTF-8文本"),
        ("# 甲法\n\n第一条 甲。".encode(), "没有“<!-- INFO END -->”这一行"),
        ("甲法\n<!-- INFO END -->\n第一条 甲。".encode(), "没有标题"),
        ("# 甲法\n<!-- INFO END -->\n\n##\n".encode(), "没有内容"),
    ],
)
def test_a_file_that_is_no_law_text_is_refused_with_the_reason(data, says):
    with pytest.raises(LawUnreadable) as refused:
        reading.read("甲.md", data)

    assert says in refused.value.message and "甲.md" in refused.value.message
