"""An item that quotes no law may rest on the article that asks for the thing it is called by: proposed only."""

import pytest

from mingqu.identity.tests import factories as people
from mingqu.kernel.legal_day import legal_day
from mingqu.law import selectors
from mingqu.law.models import Article, LawVersion
from mingqu.law.naming import Place, foremost, lays_down
from mingqu.law.rules import grams
from mingqu.law.tests.made import bring_in, folder


@pytest.mark.parametrize(
    ("text", "lays"),
    [
        ("取用水资源的单位和个人，都应当申请领取取水许可证，并缴纳水资源费。", True),
        ("国家实行取水许可证制度。", True),
        ("建设项目未取得取水许可证的，不得批准。", True),
        ("取水许可证的式样由国务院水行政主管部门规定，应当统一。", False),
        ("县级人民政府兴办取水许可证展览。", False),
        ("应当申请许可。本条例所称取水许可证，是指取水的凭证。", False),
    ],
)
def test_an_article_asks_for_a_thing_or_only_mentions_it(text, lays):
    assert lays_down(text, "取水许可证") is lays


ASKS = "应当申请保安员证"


def test_the_law_that_bears_the_name_comes_before_the_one_that_speaks_of_it_most():
    places = [Place("治安管理法", 1, n, ASKS) for n in (3, 4, 5)] + [Place("保安员证管理条例", 2, 16, ASKS)]
    assert foremost("保安员证", places)[0].law == "保安员证管理条例"


def test_what_many_laws_speak_of_and_none_mostly_is_a_common_word():
    places = [Place(f"第{n}法", 1, 1, ASKS) for n in range(5)]
    assert foremost("保安员证", places) == []
    mostly = [Place("保安法", 2, n, ASKS) for n in (9, 7, 8, 6, 5)]
    assert [one.article for one in foremost("保安员证", [*places, *mostly])][:2] == [5, 6]


@pytest.mark.django_db
def test_only_what_stands_in_a_text_in_force_is_proposed(tmp_path):
    bring_in(folder(tmp_path), people.NOON)
    for label, text in (("2019-03-01", "应当办理旧式摊位登记。"), ("2022-06-15", "应当办理摊位登记。")):
        version = LawVersion.objects.get(law__name="样例摊位管理条例", label=label)
        Article.objects.create(version=version, position=90, number=90, text=text, grams=grams(text))

    found = selectors.laying_down(["摊位登记", "旧式摊位登记", "没有这种东西"], on=legal_day(people.NOON))

    assert list(found) == ["摊位登记"]
    place, standing = found["摊位登记"]
    assert (place, standing.state) == (("样例摊位管理条例", 90, 0), "in_force")
