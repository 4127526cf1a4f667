"""Which law is named beside each step of a case: the table of legal words, by type of item."""

import pytest

from mingqu.cases import errors, legal, visit_errors
from mingqu.cases.bundles import errors as bundle_errors
from mingqu.clocks.types import CORRECTION_NOTICE
from mingqu.kernel.codelists import code_list
from mingqu.kernel.errors import DomainError

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


@pytest.mark.parametrize("item_type", NO_LICENCE)
def test_no_refusal_about_another_type_of_item_names_the_law_of_licences(item_type):
    """The sentences themselves name no law; what is put in comes from the table, by type."""
    rooms = (errors, visit_errors, bundle_errors)
    known = {e for room in rooms for e in vars(room).values() if isinstance(e, type)}
    refusals = {e for e in known if issubclass(e, DomainError)} - {errors.RenewalTooLate}
    placed = [e.sentence for e in refusals if "{law}" in e.sentence]

    assert not [e.code for e in refusals if "行政许可法" in e.sentence]
    assert len(placed) > 10
    assert {legal.bracketed(point, item_type) for point in POINTS} <= {"", "（国务院令第716号第七条）"}


@pytest.mark.parametrize(
    ("types", "share", "words"),
    [
        (["01", "01"], "all", "（行政许可法第三十二条）"),
        (["01", "07"], "some", "（其中的行政许可：行政许可法第三十二条）"),
        (["07", "20"], "none", ""),
        (["", ""], "none", ""),
        ([], "none", ""),
    ],
)
def test_what_is_said_of_several_matters_names_the_law_for_the_licences_among_them(types, share, words):
    assert legal.licences(types) == share
    assert legal.bracketed_of_several("acceptance", share) == words
