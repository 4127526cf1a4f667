"""Every cell of the tables of docs/process-human-steps.md, in memory."""

import contextlib
import itertools
from pathlib import Path
from typing import Any

import pytest

from mingqu.kernel.errors import DomainError
from mingqu.process import bpmn, signing
from mingqu.process.errors import PlanRefused
from mingqu.process.steptable import plan_from_steps
from mingqu.process.types import StepRow

from .human import FIRST, THEN, Human, plan

PAGE = (Path(__file__).parents[4] / "docs/process-human-steps.md").read_text("utf-8").splitlines()


def table(first_cell: str) -> list[list[str]]:
    """The rows of the table whose head begins with this cell; the head stands first."""
    start = next(n for n, line in enumerate(PAGE) if line.startswith(f"| {first_cell} |"))
    found = []
    for line in PAGE[start:]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return [found[0], *found[2:]]


HEAD, *ROWS = table("first \\ then")
CELLS = [
    pytest.param(row[0], HEAD[place], cell, id=f"{row[0]}, then {HEAD[place]}")
    for row in ROWS
    for place, cell in enumerate(row)
    if place
]


def test_the_table_has_every_pair() -> None:
    assert ([row[0] for row in ROWS], HEAD[1:]) == (list(FIRST), list(THEN))


@pytest.mark.parametrize(("first", "then", "expected"), CELLS)
def test_the_second_deed_meets_what_the_first_left(first: str, then: str, expected: str) -> None:
    human = Human()
    FIRST[first](human)
    before, seen = human.state, ""
    assert human.whole()
    try:
        THEN[then](human)
        seen = human.open or "–"
    except DomainError as refused:
        seen = f"`{refused.code}`"
        assert human.state is before
    assert seen == expected
    assert human.whole()


@pytest.mark.parametrize(("mode", "signatures", "asked", "outcome"), table("Mode")[1:])
def test_the_ways_of_signing(mode: str, signatures: str, asked: str, outcome: str) -> None:
    kind, _, votes = mode.partition(" ")
    human = Human(kind, int(votes or 0))
    came_to = ""
    for one in signatures.split():
        word = "not_met" if one.endswith("-") else "met"
        assert came_to == ""
        came_to = signing.outcome_after(human.state, human.first[one[0]], word) or ""
        human.sign(one[0], word)
        assert human.whole()
    together = {task.post for task in human.state.tasks.values() if task.node == "together"}
    assert (sorted(together), came_to) == (asked.split(), outcome)
    assert ("together" in human.state.done) == bool(outcome)


@pytest.mark.parametrize(("mode", "least"), [("any", 196), ("votes", 196), ("turn", 166)])
def test_in_every_other_way_of_signing_each_pair_leaves_the_process_whole(mode: str, least: int) -> None:
    """The table above is of a signature of all; what is refused in the others changes nothing either."""
    tried = 0
    for first, then in itertools.product(FIRST, THEN):
        human = Human(mode, 2 if mode == "votes" else 0)
        with contextlib.suppress(
            DomainError, KeyError
        ):  # of several signatures the last may not be asked for
            FIRST[first](human)
        assert human.whole(), first
        before = human.state
        try:
            THEN[then](human)
            tried += 1
        except DomainError:
            tried += 1
            assert human.state is before, f"{first}, then {then}"
        except KeyError:  # in turn: of a post that is not asked yet
            assert mode == "turn"
        assert human.whole(), f"{first}, then {then}"
    assert tried >= least


def test_in_turn_an_added_post_comes_next_and_one_taken_back_stands_first_again() -> None:
    human = Human("turn")
    human.change("a", "y", add=True)
    human.sign("a")
    assert human.open == "f y"
    human.take_back("a")
    assert human.open == "a f" and human.whole()
    human.change("a", "y", add=False)
    human.sign("a")
    assert human.open == "b f" and human.whole()


def test_one_post_that_adds_another_makes_a_signature_of_all() -> None:
    human = Human()
    human.change("f", "y", add=True)
    human.sign("f")
    assert human.open == "a b c y"
    human.sign("y", "not_met")
    assert human.open == "a b c" and human.whole()


def test_who_settled_it_takes_it_back_and_only_who_was_dropped_is_asked_again() -> None:
    human = Human("votes", 2)
    human.sign("b")
    human.sign("a")
    assert human.open == "f"
    human.take_back("a")
    assert human.open == "a c f" and human.whole()
    human.sign("c")
    assert human.open == "f"


def test_a_task_that_was_never_opened_is_not_open() -> None:
    with pytest.raises(DomainError) as refused:
        signing.outcome_after(Human().state, 1, "met")
    assert refused.value.code == "task_not_open"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"sign": "some", "signers": ("b",)}, "bad_sign"),
        ({"sign": "all"}, "no_signers"),
        ({"sign": "all", "signers": ("a",)}, "no_signers"),
        ({"signers": ("b",)}, "stray_signers"),
        ({"sign": "votes", "signers": ("b",)}, "bad_votes"),
        ({"sign": "votes", "signers": ("b",), "votes": 3}, "bad_votes"),
        ({"sign": "all", "signers": ("b",), "votes": 1}, "bad_votes"),
        ({"sign": "all", "signers": ("z",)}, "unknown_post"),
    ],
)
def test_a_step_that_nobody_could_sign_so_is_not_published(given: dict[str, Any], code: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        plan_from_steps([StepRow("one", "会商", "a", **given)], lambda _: (), posts={"a", "b"})
    assert [finding.code for finding in refused.value.findings] == [code]


def test_who_signs_goes_to_bpmn_and_back() -> None:
    first = plan("votes", 2)
    file = bpmn.read(bpmn.write(bpmn.plan_to_bpmn(first)))
    again = bpmn.compile(file, file.processes[0].id, lambda _: ())
    assert again.digest == first.digest
