"""Money in words, and the written tables of states: pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.payments import rules

EVENTS = sorted({happens for _state, happens in rules.NOTICE})


@given(st.lists(st.sampled_from(EVENTS), max_size=30))
def test_whatever_happens_a_fee_is_paid_once_and_given_back_only_after_it_was_paid(events):
    state, seen = "due", ["due"]
    for happens in events:
        then = rules.after(rules.NOTICE, state, happens)
        if then is None:
            continue
        assert (then == "paid") == (happens == "money"), "only money pays, and money pays only"
        assert then != "paid" or state in rules.OWED, "what is not owed is not paid"
        assert then != "refunding" or state == "paid"
        assert then not in rules.OWED or state in rules.OWED, "what has ended is never owed again"
        state = then
        seen.append(state)
    assert seen.count("paid") <= 1
    assert set(seen) <= set(rules.NOTICE_WORDS)


def test_every_state_of_the_tables_has_its_word():
    for table, words in (
        (rules.NOTICE, rules.NOTICE_WORDS),
        (rules.PAYMENT, rules.PAYMENT_WORDS),
        (rules.REFUND, rules.REFUND_WORDS),
    ):
        states = {state for state, _ in table} | set(table.values())
        assert states == set(words)
    assert set(rules.NOTICE_WORDS) == rules.ENDED | rules.OWED


@given(st.integers(0, rules.LARGEST))
def test_an_amount_is_read_as_it_is_shown(fen):
    assert rules.fen(rules.yuan(fen)) == fen
    assert rules.fen(f"{rules.yuan(fen)}元") == fen


@pytest.mark.parametrize("text", ["", "1.234", "-1", "1e5", "一百", "1..2", ".5", "１２"])
def test_what_is_no_amount_is_not_read(text):
    assert rules.fen(text) is None


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (10, "壹角整"),
        (105, "壹元零伍分"),
        (1_00, "壹元整"),
        (10_00, "壹拾元整"),
        (100_50, "壹佰元伍角整"),
        (1_020_300, "壹万零贰佰零叁元整"),
        (1_260_000, "壹万贰仟陆佰元整"),
        (10_000_000, "壹拾万元整"),
        (10_000_001, "壹拾万元零壹分"),
        (1_000_001_00, "壹佰万零壹元整"),
        (10_000_000_000, "壹亿元整"),
    ],
)
def test_an_amount_in_capital_figures(fen, words):
    assert rules.capitals(fen) == words
