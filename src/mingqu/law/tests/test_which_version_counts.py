"""Which version of a law answers for a day, and what can't be said."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.law import rules
from mingqu.law.rules import Edition

AS_OF = date(2025, 4, 19)
DAYS = st.dates(date(1980, 1, 1), date(2030, 1, 1))


def edition(decided, since=None, **kwargs):
    return Edition(str(decided), decided, since, AS_OF, **kwargs)


def state(editions, on):
    found = rules.on_day(editions, on)
    return found.edition.label, found.state


OLD = edition(date(2018, 10, 26), date(2018, 10, 26))
NEW = edition(date(2023, 12, 29), date(2024, 7, 1))


def test_the_next_version_ends_the_one_before_on_its_first_day():
    assert state([NEW, OLD], date(2024, 6, 30)) == ("2018-10-26", "in_force")
    assert state([NEW, OLD], date(2024, 7, 1)) == ("2023-12-29", "in_force")
    assert rules.on_day([NEW, OLD], date(2024, 6, 30)).until == date(2024, 7, 1)


def test_before_its_first_day_a_law_is_not_yet_in_force():
    assert state([OLD, NEW], date(2018, 10, 25)) == ("2018-10-26", "not_yet")
    assert rules.on_day([], date(2024, 1, 1)) is None


def test_a_version_without_a_first_day_leaves_the_time_after_its_decision_open():
    recent = edition(date(2024, 12, 25))

    assert state([OLD, recent], date(2024, 12, 24)) == ("2018-10-26", "in_force")
    assert state([OLD, recent], date(2025, 4, 30)) == ("2024-12-25", "unknown_date")
    assert state([OLD, recent], date(2027, 4, 30)) == ("2024-12-25", "unknown_date")


def test_a_version_listed_as_valid_a_year_after_its_decision_counts_and_the_sentence_says_why():
    found = rules.on_day([OLD, edition(date(2022, 3, 29))], date(2025, 5, 1))

    assert (found.state, found.since) == ("in_force", None)
    assert "按现行有效对待" in rules.sentence("甲法", found) and "截至2025年4月19日" in rules.sentence(
        "甲法", found
    )


def test_where_the_source_marks_the_version_before_as_over_the_next_has_begun():
    over = edition(date(2018, 10, 26), date(2018, 10, 26), repealed=True)

    assert state([over, edition(date(2024, 12, 25))], AS_OF) == ("2024-12-25", "in_force")


def test_a_repeal_of_unknown_day_is_certain_only_from_the_day_of_the_source():
    repealed = edition(date(2001, 7, 1), date(2001, 7, 1), repealed=True)

    assert state([repealed], AS_OF) == ("2001-07-01", "repealed")
    assert state([repealed], date(2020, 1, 1)) == ("2001-07-01", "unknown_date")


def test_a_recorded_repeal_ends_a_law_on_its_day():
    ended = edition(date(2018, 10, 26), date(2018, 10, 26), until=date(2026, 1, 1))

    assert state([ended], date(2025, 12, 31)) == ("2018-10-26", "in_force")
    assert state([ended], date(2026, 1, 1)) == ("2018-10-26", "repealed")


EDITIONS = st.lists(
    st.builds(
        lambda decided, wait, known, repealed: edition(
            decided, date.fromordinal(decided.toordinal() + wait) if known else None, repealed=repealed
        ),
        DAYS,
        st.integers(0, 700),
        st.booleans(),
        st.booleans(),
    ),
    max_size=4,
    unique_by=lambda one: one.label,
)


@given(EDITIONS, DAYS)
def test_no_version_answers_before_it_was_decided(editions, on):
    found = rules.on_day(editions, on)

    if found and found.state in ("in_force", "repealed"):
        assert found.edition.decided_on <= on
        assert found.since is None or found.since <= on
    assert (found is None) == (not editions)
    assert found is None or rules.sentence("甲法", found).startswith("《甲法》")


@given(st.lists(DAYS, min_size=1, max_size=4, unique=True), DAYS)
def test_with_every_day_known_nothing_is_unsure_and_one_version_counts(days, on):
    editions = [edition(day, day) for day in days]

    begun = [day for day in days if day <= on]
    assert state(editions, on) == ((str(max(begun)), "in_force") if begun else (str(min(days)), "not_yet"))


@pytest.mark.parametrize("state_word", ["in_force", "not_yet", "repealed", "unknown_date"])
def test_every_state_has_a_sentence(state_word):
    found = rules.Found(OLD, state_word, OLD.since, None, None)

    assert rules.sentence("甲法", found).endswith("。")
