"""The list of controls names the tests that show them, and each is there (SEC-01)."""

import re

import pytest

from tests.architecture.house import ROOT

CONTROLS = {ROOT / "docs/security.md": 30, ROOT / "docs/threat-model.md": 20}  # at least so many tests


def rows(text):
    """The last cell of every row of a table that has a column of tests."""
    for table in re.findall(r"(?:^\|.*\|\n)+", text, re.M):
        head, _line, *body = table.splitlines()
        if head.endswith("| Shown by |"):
            yield from body


@pytest.mark.parametrize("page", CONTROLS, ids=lambda page: page.stem)
def test_every_control_is_shown_by_a_test_that_is_there(page):
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    there = {
        name
        for folder in (ROOT / "src", ROOT / "tests")
        for path in folder.rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
    }

    assert len(named) >= CONTROLS[page]
    assert named - there == set()
    assert [row for row in rows(text) if "`test_" not in row.rsplit("|", 2)[1]] == []


def test_every_point_of_the_standard_that_was_not_seen_says_so():
    """GB/T 22239-2019: the points a) to d) of 身份鉴别 and the first of 访问控制 were seen, no other."""
    points = re.findall(r"^\| (8\.1\.\d+[^|]*) \|", (ROOT / "docs/threat-model.md").read_text("utf-8"), re.M)

    assert len(points) > 10
    assert [p for p in points if "unverified" not in p and not p.startswith(("8.1.4.1 ", "8.1.4.2 "))] == []
