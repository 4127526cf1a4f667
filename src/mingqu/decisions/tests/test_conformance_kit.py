"""The DMN technology compatibility kit: pass rates, and no case that passed may fail again."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from mingqu.decisions.tests import tck

KNOWN = Path(__file__).with_name("kit_known_failures.tsv")

needs_kit = pytest.mark.skipif(tck.kit_folder() is None, reason="the DMN compatibility kit is not here")


def known_failures() -> dict[str, str]:
    """Cases known to differ, each with its reason."""
    lines = (
        line for line in KNOWN.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    )
    return dict(line.split("\t", 1) for line in lines)


def results(level: str) -> dict[tuple[str, str], list[tuple[tck.Case, bool]]]:
    """What each test case's expected results came out as; a test case passes if all of them do."""
    found: dict[tuple[str, str], list[tuple[tck.Case, bool]]] = defaultdict(list)
    for case in tck.cases(level):
        if not case.java:
            found[case.folder.name, case.id].append((case, tck.passes(case)))
    return found


def rate(outcomes: list[bool]) -> float:
    return 100 * sum(outcomes) / len(outcomes)


@needs_kit
@pytest.mark.parametrize(
    ("level", "least", "bar"), [("compliance-level-2", 116, 100), ("compliance-level-3", 3200, 97)]
)
def test_the_compatibility_kit_passes(level, least, bar):
    found = results(level)
    by_case = [all(ok for _, ok in outcomes) for outcomes in found.values()]
    telling = [
        all(ok for _, ok in outcomes)
        for outcomes in found.values()
        if any(case.expected is not None for case, _ in outcomes)
    ]
    failed = {case.name for outcomes in found.values() for case, ok in outcomes if not ok}
    print(
        f"{level}: {sum(by_case)} of {len(by_case)} ({rate(by_case):.2f} %), "
        f"expected value not null: {sum(telling)} of {len(telling)} ({rate(telling):.2f} %)"
    )

    assert len(by_case) >= least
    assert rate(by_case) >= bar
    assert rate(telling) >= bar
    assert failed - known_failures().keys() == set(), "cases that passed fail again"
    assert {name for name in known_failures() if level == "compliance-level-3"} - failed == set(), (
        "no longer failing"
    )


@needs_kit
def test_the_kit_notices_a_wrong_answer():
    case = next(case for case in tck.cases("compliance-level-2") if case.expected is not None)

    assert tck.passes(case)
    assert not tck.alike(tck.to_feel(tck.answer(case)), "something else")


def test_every_known_failure_has_a_reason():
    assert all(reason.strip() for reason in known_failures().values())
