"""The list of controls names the tests that show them, and each is there (SEC-01)."""

import re

from tests.architecture.house import ROOT

CONTROLS = ROOT / "docs/security.md"
LEAST = 30


def test_every_control_is_shown_by_a_test_that_is_there():
    named = set(re.findall(r"`(test_\w+)`", CONTROLS.read_text(encoding="utf-8")))
    there = {
        name
        for folder in (ROOT / "src", ROOT / "tests")
        for path in folder.rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
    }

    assert len(named) >= LEAST
    assert named - there == set()
    for row in re.findall(r"^\| [^|]+ \| ([^|]*) \|$", CONTROLS.read_text(encoding="utf-8"), re.M):
        assert row == "Shown by" or "`test_" in row, row
