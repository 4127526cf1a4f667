"""A deadline explains itself: day by day, in sentences, with articles and the calendar's version."""

from datetime import datetime, timedelta

import pytest

from mingqu.clocks.rules.explain import explain
from mingqu.clocks.rules.wording import article_text, numeral
from mingqu.clocks.tests.ledgers import CALENDAR, Ledger, day, noon, terms
from mingqu.clocks.types import CORRECTION_NOTICE, LICENCE, Article, ClockSpec, Kind, StartedBy, Unit, Why
from mingqu.kernel.legal_day import BEIJING


def explained(ledger: Ledger, on: str | datetime):
    return explain(ledger.entries, CALENDAR, noon(on) if isinstance(on, str) else on)


def table(ledger: Ledger, on: str) -> list[tuple[str, str, int]]:
    return [(f"{r.day:%m-%d}", r.text, r.number) for r in explained(ledger, on).rows]


def test_every_day_of_a_licence_over_the_national_holiday_has_its_reason():
    rows = table(Ledger().start("2026-09-18", terms(7)), "2026-09-18")

    assert rows == [
        ("09-18", "起算当日不计入", 0),
        ("09-19", "星期六", 0),
        ("09-20", "国庆节调休上班", 1),
        ("09-21", "工作日", 2),
        ("09-22", "工作日", 3),
        ("09-23", "工作日", 4),
        ("09-24", "工作日", 5),
        ("09-25", "中秋节", 5),
        ("09-26", "中秋节", 5),
        ("09-27", "中秋节", 5),
        ("09-28", "工作日", 6),
        ("09-29", "工作日", 7),
    ]


def test_paused_days_name_their_ground_and_its_article():
    ledger = (
        Ledger()
        .start("2026-03-02", terms(5))
        .pause("2026-03-04", ground="expert_review")
        .resume("2026-03-06")
    )

    rows = explained(ledger, "2026-03-06").rows

    assert [(r.day.day, r.text, r.counted) for r in rows if r.why is Why.PAUSED] == [
        (4, "专家评审所需时间不计入", False),
        (5, "专家评审所需时间不计入", False),
    ]
    assert {article_text(r.article) for r in rows if r.why is Why.PAUSED} == {"《行政许可法》第四十五条"}
    assert "2026年3月4日起暂停计时，2026年3月6日恢复；专家评审所需时间不计算在期限内" in "".join(
        explained(ledger, "2026-03-06").sentences
    )


def test_weekends_of_a_licence_rest_on_article_82():
    licence = explained(Ledger().start("2026-09-18", LICENCE), "2026-09-18")
    other = explained(Ledger().start("2026-09-18", ClockSpec(Kind.NODE, 3, ref="visit")), "2026-09-18")

    assert {article_text(r.article) for r in licence.rows if r.why is Why.WEEKEND} == {
        "《行政许可法》第八十二条"
    }
    assert {r.article for r in other.rows if r.why is Why.WEEKEND} == {None}


def test_a_licence_whose_definition_names_the_law_in_full_rests_on_article_82_too():
    spec = terms(20, article=Article("中华人民共和国行政许可法", 42))
    licence = explained(Ledger().start("2026-09-18", spec), "2026-09-18")

    assert {article_text(r.article) for r in licence.rows if r.why is Why.WEEKEND} == {
        "《行政许可法》第八十二条"
    }


def test_the_sentences_of_a_licence_can_be_printed_on_its_notice():
    ledger = Ledger().start("2026-02-10", LICENCE).extend("2026-03-16", reason="需要核实场地")

    assert explained(ledger, "2026-03-17").sentences == (
        "法定期限为20个工作日（《行政许可法》第四十二条第一款）。",
        "受理之日为2026年2月10日；开始的当日不计入，自次日起计算（《民法典》第二百零一条第一款），"
        "以工作日计算，不含法定节假日（《行政许可法》第八十二条）。",
        "2026年3月16日经本行政机关负责人批准，延长10个工作日，理由：需要核实场地（《行政许可法》第四十二条第一款）。",
        "截止日为2026年3月30日，截止时间为当日24时（《民法典》第二百零三条第二款）。",
        "已用21个工作日，剩余9个工作日。",
        "工作日日历版本：2026.1。",
    )


def test_a_deemed_acceptance_says_so():
    """行政许可法 32(4)."""
    spec = terms(20, started_by=StartedBy.DEEMED_ACCEPTED)
    ledger = Ledger().start("2026-09-18", spec, recorded_at=noon("2026-09-28"))

    assert "逾期未一次告知补正，自该日起即为受理（《行政许可法》第三十二条第一款第（四）项）" in "".join(
        explained(ledger, "2026-09-28").sentences
    )


def test_a_moved_last_day_says_from_where_and_why():
    """民法典 203."""
    found = explained(Ledger().start("2026-09-18", terms(15, Unit.DAYS)), "2026-09-18")

    assert [(r.day.day, r.text) for r in found.rows[-3:]] == [
        (6, "国庆节，最后一日顺延"),
        (7, "国庆节，最后一日顺延"),
        (8, "顺延至此日"),
    ]
    assert "期间的最后一日2026年10月3日为休假日，以休假日结束的次日2026年10月8日为最后一日" in "".join(
        found.sentences
    )


def test_plain_days_count_on_holidays_and_say_which():
    rows = explained(Ledger().start("2026-09-30", terms(10, Unit.DAYS)), "2026-09-30").rows

    assert rows[1].text == "计入（国庆节）"
    assert rows[1].counted


def test_months_say_which_day_corresponds():
    """民法典 202."""
    sentences = explained(Ledger().start("2026-01-31", terms(1, Unit.MONTHS)), "2026-02-01").sentences

    assert "没有对应日的为月末日（《民法典》第二百零二条）" in sentences[1]
    assert sentences[-3].startswith("截止日为2026年2月28日")


def test_past_the_published_calendar_it_says_that_this_is_an_estimate():
    found = explained(Ledger().start("2026-12-25", terms(10)), "2026-12-25")

    assert found.sentences[-2].startswith("暂按法定节假日推算")
    assert [r.provisional for r in found.rows if r.day.year == 2026] == [False] * 7
    assert all(r.provisional for r in found.rows if r.day.year == 2027)


@pytest.mark.parametrize(
    ("ledger", "on", "sentence"),
    [
        (lambda: Ledger().start("2026-11-02", terms(5)), "2026-11-11", "已超期2个工作日。"),
        (lambda: Ledger().start("2026-11-02", terms(5)).stop("2026-11-04"), "2026-12-01",
         "2026年11月4日办结，在期限内，用时2个工作日。"),
        (lambda: Ledger().start("2026-11-02", terms(5)).stop("2026-11-11"), "2026-12-01",
         "2026年11月11日办结，超期2个工作日，用时7个工作日。"),
        (lambda: Ledger().start("2026-11-02", terms(5)).pause("2026-11-04"), "2026-11-20",
         "现已暂停，已用1个工作日，剩余4个工作日。"),
        (lambda: Ledger().start("2026-11-02", terms(5)).pause("2026-11-04"), "2026-11-05",
         "暂停期间没有确定的截止日；如按上述时间恢复，截止日为2026年11月16日。"),
        (lambda: Ledger().start("2026-11-02", terms(5)).pause("2026-11-04"), "2026-11-05",
         "2026年11月4日起暂停计时，告知的所需时间至2026年11月11日；听证所需时间不计算在期限内（《行政许可法》第四十五条）。"),
        (lambda: Ledger().start("2026-11-02", terms(5)).pause("2026-11-04").resume("2026-11-04"),
         "2026-11-05",
         "2026年11月4日暂停并于当日恢复，期限不变；听证所需时间不计算在期限内（《行政许可法》第四十五条）。"),
    ],
)  # fmt: skip
def test_each_state_has_its_sentence(ledger, on, sentence):
    assert sentence in explained(ledger(), on).sentences


def test_the_rows_of_an_open_pause_end_on_the_day_of_asking():
    rows = explained(Ledger().start("2026-11-02", terms(5)).pause("2026-11-04"), "2026-11-10").rows

    assert rows[-1].day == day("2026-11-10")
    assert rows[-1].why is Why.PAUSED


def test_hours_are_explained_in_spans():
    at = datetime(2026, 11, 20, 9, tzinfo=BEIJING)
    ledger = Ledger().start("2026-11-20", terms(10, Unit.HOURS), at=at, recorded_at=at)
    for what, hours in (("pause", 4), ("resume", 20)):
        then = at + timedelta(hours=hours)
        getattr(ledger, what)("2026-11-20" if hours < 15 else "2026-11-21", at=then, recorded_at=then)

    found = explained(ledger, at + timedelta(hours=21))

    assert [(r.since.hour, r.until.hour, r.counted, r.number) for r in found.rows] == [
        (9, 13, True, 4),
        (13, 5, False, 4),
        (5, 11, True, 10),
    ]
    assert "自2026年11月20日09:00起计算（《民法典》第二百零一条第二款）。" in found.sentences
    assert "截止时间为2026年11月21日11:00。" in found.sentences


def test_paused_hours_end_with_the_pause():
    at = datetime(2026, 11, 20, 9, tzinfo=BEIJING)
    ledger = Ledger().start("2026-11-20", terms(10, Unit.HOURS), at=at, recorded_at=at)
    ledger.pause("2026-11-20", at=at + timedelta(hours=4), recorded_at=at + timedelta(hours=4))

    rows = explained(ledger, at + timedelta(hours=6)).rows

    assert [(r.since.hour, r.until.hour, r.counted) for r in rows] == [(9, 13, True), (13, 15, False)]


def test_a_pause_after_the_hours_ran_out_is_not_in_their_explanation():
    at = datetime(2026, 11, 20, 9, tzinfo=BEIJING)
    ledger = Ledger().start("2026-11-20", terms(2, Unit.HOURS), at=at, recorded_at=at)
    ledger.pause("2026-11-20", at=at + timedelta(hours=4), recorded_at=at + timedelta(hours=4))

    rows = explained(ledger, at + timedelta(hours=6)).rows

    assert [(r.until.hour, r.number) for r in rows] == [(11, 2)]


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (45, "四十五"), (101, "一百零一"), (110, "一百一十"),
     (203, "二百零三"), (1010, "一千零一十"), (1260, "一千二百六十"), (2005, "二千零五")],
)  # fmt: skip
def test_articles_are_numbered_as_laws_write_them(number, text):
    assert numeral(number) == text


def test_an_article_names_its_paragraph_and_item():
    assert article_text(Article("行政许可法", 32, 1, 4)) == "《行政许可法》第三十二条第一款第（四）项"
    assert article_text(None) == ""
    for number in (0, 10_000):
        with pytest.raises(ValueError, match="no article"):
            numeral(number)


def test_a_correction_notice_counts_from_receipt():
    sentences = explained(Ledger().start("2026-09-18", CORRECTION_NOTICE), "2026-09-18").sentences

    assert sentences[0].startswith("一次性告知期限为5个工作日")
    assert sentences[1].startswith("收到申请材料之日为2026年9月18日")
