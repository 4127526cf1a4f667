"""Words asked for on the page that searches everything: laws called so, and articles in which they stand."""

from datetime import date

import pytest

from mingqu.identity.tests.factories import NOON
from mingqu.law import selectors
from mingqu.law.models import LawVersion
from mingqu.law.tests import made

TODAY = date(2026, 11, 20)


@pytest.fixture
def library(db, tmp_path):
    made.bring_in(made.folder(tmp_path), NOON)


def test_laws_called_so_and_one_article_of_each_law_that_counts_are_found(library, django_assert_num_queries):
    with django_assert_num_queries(3):
        called, articles = selectors.mentions("摊位", on=TODAY)

    assert [law.slug for law in called] == ["yang-li-tan-wei-guan-li-tiao-li"]
    assert len({one.slug for one in articles}) == len(articles) > 0
    first = articles[0]
    assert first.words == "摊位"
    assert first.place.startswith("第")
    assert first.version == "2022-06-15"


def test_no_article_of_a_law_that_is_over_is_shown(library):
    before = selectors.mentions("收费", on=TODAY)[1]
    LawVersion.objects.update(repealed=True)

    assert [one for one in before if one.slug == "yang-li-shou-fei-gui-ding"] == []
    assert selectors.mentions("摊位", on=TODAY)[1] == []


def test_a_single_sign_finds_nothing_and_asks_nothing(library, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert selectors.mentions("摊", on=TODAY) == ([], [])
