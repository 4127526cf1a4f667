"""Which law is named beside each step of a case: the table of legal words, by type of item."""

import pytest

from mingqu.cases import legal
from mingqu.clocks.types import CORRECTION_NOTICE
from mingqu.kernel.codelists import code_list

POINTS = [value.code for value in code_list("legal_words")]
NO_LICENCE = [value.code for value in code_list("item_type") if value.code != "01"]


@pytest.mark.parametrize("point", POINTS)
def test_a_licence_is_told_its_article_and_nothing_else_the_law_of_licences(point):
    assert legal.words(point, "01").startswith("行政许可法第")
    assert not any("行政许可法" in legal.words(point, other) for other in NO_LICENCE)


def test_a_sentence_stands_alone_where_no_law_is_known():
    assert (
        legal.cited("决定后10个工作日内送达", "delivery", "01")
        == "决定后10个工作日内送达（行政许可法第四十四条）"
    )
    assert legal.cited("决定后10个工作日内送达", "delivery", "20") == "决定后10个工作日内送达"


def test_the_five_days_are_kept_for_every_type_and_rest_on_the_law_for_licences_alone():
    assert legal.clock(CORRECTION_NOTICE, "01") == CORRECTION_NOTICE
    ours = legal.clock(CORRECTION_NOTICE, "07")
    assert (ours.limit, ours.article) == (5, None)
