"""Finding: own words, parts, sounds, a wrong character; nothing where nothing fits; the index follows publication."""

from datetime import date
from uuid import uuid4

import pytest

from mingqu.catalogue.search import questions, selectors, services
from mingqu.catalogue.search.lexemes import region_lexemes, region_stem
from mingqu.catalogue.search.models import SearchAsked, SearchEntry, SearchTerm
from mingqu.catalogue.search.rebuilding import rebuild
from mingqu.catalogue.search.services.asked import TEXTS_A_DAY, masked
from mingqu.catalogue.search.types import Narrow, Source
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.tests import factories as people
from mingqu.kernel.types import Actor

DAY = date(2026, 11, 20)
SYSTEM = Actor.system("test")


def service(code, name, **more):
    return Source(
        code=code, name=name, region_code="990104000000", department_code="D1", applicable=True, **more
    )


MARRIAGE = service(
    "M1", "补领婚姻登记证", theme="婚姻登记", audience=["natural_person"], life_events=["结婚"]
)
FOOD = service(
    "F1",
    "食品经营许可",
    aliases=["开饭店"],
    materials=["经营场所平面布局图"],
    theme="准营准办",
    audience=["enterprise"],
)
FOOD_OFF = service("F2", "食品经营许可注销", theme="准营准办", audience=["enterprise"])
CARD = service("C1", "社会保障卡申领", audience=["natural_person"])
TOBACCO = service("T1", "烟草专卖零售许可证延续", audience=["enterprise"])


@pytest.fixture
def some(db):
    for one in (MARRIAGE, FOOD, FOOD_OFF, CARD, TOBACCO):
        services.put(one)


def codes(text, to=None):
    return [hit.code for hit in selectors.find(text, to).hits]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("结婚证丢了", "M1"),  # PRT-07
        ("结婚证不见了怎么办", "M1"),
        ("食品经营许可", "F1"),
        ("食品经营许可怎么注销", "F2"),
        ("想开一家小饭馆", "F1"),
        ("布局图", "F1"),
        ("社保卡", "C1"),
        ("香烟证快到期了", "T1"),
        ("社会报障卡", "C1"),
        ("食品经营徐可", "F1"),
        ("hunyindengji", "M1"),
        ("shbzk", "C1"),
        ("ＳＨＢＺＫ", "C1"),
        ("food licence", "F1"),
        ("How do I open a restaurant?", "F1"),
        ("cancel my food business license", "F2"),
        ("lost marriage certificate", "M1"),
        ("renew tobacco permits", "T1"),
        ("Social Security Cards", "C1"),
    ],
)
def test_own_words_lead_to_the_service(some, asked, code):
    assert codes(asked)[:1] == [code]


@pytest.mark.parametrize(
    "asked",
    [
        "火星移民",
        "今天天气怎么样",
        "asdfghjkl",
        "how do I apply",
        "football results",
        "怎么办",
        "%",
        "'",
        "\\",
        "a:b & c",
        "",
        "  ",
    ],
)
def test_what_nobody_offers_finds_nothing(some, asked):
    assert codes(asked) == []


def test_a_search_is_narrowed_by_each_filter(some):
    assert codes("许可", Narrow(audience="personal")) == []
    assert codes("登记", Narrow(theme="婚姻登记")) == ["M1"]
    assert codes("登记", Narrow(life_event="结婚", region="99")) == ["M1"]
    assert codes("登记", Narrow(region="9902")) == []
    assert codes("社保卡", Narrow(department="D1", gate="applicable", handling_kind="on_application")) == [
        "C1"
    ]


def test_results_go_on_where_they_ended(some):
    first = selectors.find("许可", most=2)
    rest = selectors.find("许可", after=first.hits[-1].code)

    assert first.more
    assert not {hit.code for hit in first.hits} & {hit.code for hit in rest.hits}
    assert len(first.hits) + len(rest.hits) == 3


def test_an_answer_takes_three_statements_at_most(some, django_assert_max_num_queries):
    selectors.find("社保卡")  # what a process keeps of regions is read once
    with django_assert_max_num_queries(3):
        assert codes("食品经营徐可", Narrow(region="9901", gate="applicable"))[:1] == ["F1"]


def test_what_is_withdrawn_is_found_no_more_and_leaves_no_counts(some):
    for one in (MARRIAGE, FOOD, FOOD_OFF, CARD, TOBACCO):
        services.drop("item", one.code)

    assert codes("食品经营许可") == []
    assert not SearchTerm.objects.exclude(entries=0).exists()


def test_a_changed_name_is_found_and_the_old_one_is_not(some):
    services.put(service("C1", "电子医保凭证激活", audience=["natural_person"]))

    assert codes("医保凭证")[:1] == ["C1"]
    assert codes("社会保障卡") == []
    assert SearchEntry.objects.count() == 5


def test_counts_kept_one_by_one_are_the_counts_made_anew(some):
    kept = dict(SearchTerm.objects.exclude(entries=0).values_list("term", "entries"))
    services.fill([MARRIAGE, FOOD, FOOD_OFF, CARD, TOBACCO])

    assert dict(SearchTerm.objects.values_list("term", "entries")) == kept


def test_the_index_of_nothing_is_empty(some):
    assert rebuild() == 0
    assert codes("社保卡") == []


def test_lists_and_counts_come_from_the_same_index(some):
    assert [hit.code for hit in selectors.listed(Narrow(audience="personal")).hits] == ["C1", "M1"]
    assert selectors.counted(selectors.THEMES)[(selectors.THEMES, "legal")] == [("", 1), ("准营准办", 2)]
    assert sum(bucket.number for bucket in selectors.buckets()) == 5
    found, more = selectors.of_letters("sp", "sp")
    assert ([hit.code for hit in found], more) == (["F1", "F2"], "")


def test_a_region_stands_under_all_above_it():
    assert region_lexemes("990104001000") == ["99", "9901", "990104", "990104001"]
    assert region_stem("440000000000") == "44"


def test_the_longest_saying_is_read_and_its_gap_may_hold_a_few_characters():
    parts = questions.question("我想开一家小饭馆").parts

    assert parts[0].ways[1].words == ("食品经营许可",)


# Sayings of an installation ------------------------------------------------------------------------------


def keep(by, everyday="喜证", official=("补领婚姻登记证",)):
    return services.keep_saying(
        everyday=everyday, official=list(official), by=by, at=people.NOON, key=uuid4()
    )


@pytest.fixture
def editor(db):
    return people.staff_actor("catalogue_editor")


def test_an_editors_saying_counts_at_once_and_can_be_switched_off(some, editor):
    assert codes("喜证") == []
    keep(editor)
    assert codes("喜证") == ["M1"]
    services.switch_saying(everyday="喜证", active=False, by=editor, at=people.NOON, key=uuid4())
    assert codes("喜证") == []


def test_a_saying_of_the_product_can_be_switched_off(some, editor):
    services.switch_saying(everyday="香烟证", active=False, by=editor, at=people.NOON, key=uuid4())

    assert "香烟证" not in dict(selectors.find("香烟证").said)


def test_only_editors_change_sayings(some):
    with pytest.raises(NotAuthorised):
        keep(people.citizen("张三")[1])


# What was asked for --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("结婚证 丢了", "结婚证 丢了"),
        ("19900001234", ""),
        ("990104199001011234 身份证丢了", "＊身份证丢了"),
        ("我叫张三丰 查低保", "我叫＊查低保"),
        ("a@b.cn", ""),
        ("粤A12345 违章", "＊违章"),
        ("王伟", ""),
        ("陈小红", ""),
        ("李建国 户口", "户口"),
        ("欧阳娜娜", ""),
        ("施工证", "施工证"),
        ("高考", "高考"),
        ("黄金", "黄金"),
        ("长" * 90, "长" * 40),
    ],
)
def test_what_looks_personal_is_masked_before_it_is_kept(text, kept):
    assert masked(text) == kept


def test_what_was_asked_in_vain_is_counted_by_day(db):
    for _ in range(3):
        services.note_asked("火星移民", DAY, nothing=True)
    services.note_asked("低保", DAY, nothing=False)
    services.note_asked("社保卡", DAY, nothing=False)
    services.note_opened("社保卡", DAY)

    lines = selectors.asked_in_vain(DAY)
    assert [(one.text, one.nothing, one.abandoned) for one in lines] == [("火星移民", 3, 0), ("低保", 0, 1)]
    assert selectors.by_day(DAY)[-1] == (DAY, 5, 3)


def test_nobody_fills_the_table(db, monkeypatch):
    monkeypatch.setattr("mingqu.catalogue.search.services.asked.TEXTS_A_DAY", 2)
    for word in ("甲事", "乙事", "丙事", "甲事"):
        services.note_asked(word, DAY, nothing=True)

    assert TEXTS_A_DAY > 1000
    assert sorted(SearchAsked.objects.values_list("text", "asked")) == [("乙事", 1), ("甲事", 2)]
