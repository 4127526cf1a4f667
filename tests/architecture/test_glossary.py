"""One word, one meaning: the glossary's rows are whole and no term stands twice."""

from collections import Counter

from tests.architecture.house import ROOT

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs/glossary.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| Say")
]


def test_every_row_has_a_word_a_chinese_term_and_a_source():
    assert len(ROWS) > 100
    assert [row for row in ROWS if len(row) != 3 or not all(row)] == []


def test_no_term_stands_twice():
    assert [word for word, times in Counter(row[0] for row in ROWS).items() if times > 1] == []
