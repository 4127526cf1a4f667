"""What entries of the ledger note is read in Chinese."""

import ast
from pathlib import Path

import pytest

import mingqu
from mingqu.workbench.selectors.notes import KEYS, key_words, value_words

SOURCE = Path(mingqu.__file__).parent


def noted() -> set[str]:
    """The name of every value that a command notes, readable or as a digest."""
    calls = [
        node
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts and ".note" in (text := path.read_text("utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    given = [call for call in calls if call.func.attr in {"note", "note_digest"}]
    return {keyword.arg for call in given for keyword in call.keywords if keyword.arg}


def test_every_key_that_a_command_notes_has_a_chinese_name():
    """Missing? Add it to KEYS in workbench/selectors/notes.py."""
    assert sorted(noted() - set(KEYS)) == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "是"),
        (None, "无"),
        ("2026-09-30", "2026年9月30日"),
        (["granted", "kept"], "准予、属实"),
        ({"due_on": "2026-09-30"}, "到期日：2026年9月30日"),
        ("99010420260918000002", "99010420260918000002"),
        ("2026-13-30", "2026-13-30"),
    ],
)
def test_days_codes_and_lists_are_read_in_words(value, words):
    assert value_words(value) == words


def test_a_key_that_nobody_named_is_shown_as_it_is():
    assert key_words("something_new") == "something_new"
