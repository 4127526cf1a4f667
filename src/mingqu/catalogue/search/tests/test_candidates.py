"""Which rows a question is compared with: few, and those that a narrowed search may show."""

from mingqu.catalogue.search import candidates, ranking
from mingqu.catalogue.search.candidates import BUDGET, Known, wanted
from mingqu.catalogue.search.lexemes import narrowing
from mingqu.catalogue.search.questions import question
from mingqu.catalogue.search.types import Narrow, Row

MANY = 100_000
FILTERS = {"@g:applicable": 75_000, "@r:9901": 10_000, "@t:准营准办": 30_000, "@a:enterprise": 60_000}


def asked_for(text, to=None, heard=False, codes=(), **entries):
    asked = question(text)
    known = Known(MANY, FILTERS | entries)
    return wanted(asked, candidates.lexemes_of(asked), narrowing(to or Narrow(), codes), known, heard=heard)


def test_a_filter_that_most_rows_fulfil_is_checked_on_the_rows_and_a_rare_one_in_the_index():
    to = Narrow(region="990100000000", gate="applicable", theme="准营准办", audience="legal")
    got = asked_for("幼儿", to, codes=["enterprise"], 幼儿=50)

    assert got.any_of == ("('幼儿')",)
    assert got.conditions == (
        "audience && %s::varchar[]",
        "theme = %s",
        "applicable",
        "lexemes @@ %s::tsquery",
    )
    assert got.parameters == (["enterprise"], "准营准办", "'@r:9901'")


def test_a_region_nobody_serves_is_asked_of_the_index():
    assert asked_for("幼儿", Narrow(region="8800"), 幼儿=50).parameters[0] == "'@r:88'"


def test_a_life_event_is_always_asked_of_the_index():
    got = asked_for("幼儿", Narrow(life_event="结婚"), **{"幼儿": 50, "@e:结婚": MANY})

    assert got.parameters[0] == "'@e:结婚'"


def test_letters_are_looked_for_by_their_rarest_runs_together():
    known = {"#shb": 900, "#hbz": 40, "#bzk": 30, "#zks": 500}
    got = asked_for("shbzks", **known)

    assert got.any_of == ("('#bzk' & '#hbz' & '#zks')",)


def test_letters_that_stand_nowhere_together_find_nothing():
    assert asked_for("shbzks", **{"#shb": 900, "#hbz": 40}) is None


def test_few_letters_are_beginnings():
    assert asked_for("sh").any_of == ("'#sh':*",)


def test_a_word_that_stands_in_more_rows_than_are_looked_at_is_met_with_another():
    got = asked_for("幼儿 农药", 幼儿=BUDGET + 1, 农药=BUDGET + 2)

    assert got.any_of == ("(('幼儿') & (('农药')))",)


def test_a_name_typed_in_full_is_looked_for_apart_where_its_words_are_common():
    got = asked_for("农药幼儿", 农药=900, 幼儿=5_000, 药幼=200)

    assert got.any_of == ("('药幼' & '农药' & '幼儿')", "(('农药') & (('幼儿')))")


def test_a_rare_name_is_looked_for_with_the_words_it_has():
    got = asked_for("农药许可", 农药=9, 许可=5_000, 药许=2)

    assert got.any_of == ("('农药') | ('药许' & '农药' & '许可')",)


def test_rows_of_the_same_names_and_texts_are_ranked_once(monkeypatch):
    asked = question("幼儿")
    made = ranking.Ranking(asked, {asked.parts[0]: 1.0}, {}, sounded=False)
    rows = [Row(str(n), "item", f"C{n}", "幼儿园设立", "", "", "", True) for n in range(3)]
    first = made.score(rows[0])
    monkeypatch.setattr(made, "_score", None)

    assert first is not None
    assert {made.score(row) for row in rows} == {first}
