"""What everybody goes through, what given answers come to, what is done side by side, what leads where."""

from dataclasses import replace

import pytest

from mingqu.process import selectors
from mingqu.process.plan import Flow, Kind, Node, Plan, make_plan
from mingqu.process.selectors import certain, conditions_to, nearest_steps, possible, side_by_side
from mingqu.process.steptable import plan_from_steps
from mingqu.process.types import StepRow

from .running import Running

RAW = "situation.raw = true"
AGAIN = 'outcome.check = "not_met"'


def step(name: str) -> Node:
    return Node(name, Kind.USER, name, post="p", limit=1)


def flow(source: str, target: str, condition: str | None = None) -> Flow:
    reads = {RAW: ("situation.raw",), AGAIN: ("outcome.check",)}.get(condition or "", ())
    return Flow(f"{source}-{target}", source, target, condition, reads)


def licence() -> Plan:
    """Two reviews side by side, a visit for raw food alone, and a way back to the reviews."""
    gates = {"again": Kind.EXCLUSIVE, "both": Kind.PARALLEL, "looked": Kind.EXCLUSIVE, "meet": Kind.PARALLEL}
    nodes = [
        Node("start", Kind.START),
        *map(step, ("check", "visit", "fitness", "decide")),
        *(Node(name, kind) for name, kind in gates.items()),
        Node("raw", Kind.EXCLUSIVE, default="raw-looked"),
        Node("enough", Kind.EXCLUSIVE, default="enough-decide"),
        Node("end", Kind.END),
    ]
    ways = [
        "start again",
        "again both",
        "both check",
        "check raw",
        "raw looked",
        "visit looked",
        "looked meet",
    ]
    ways += ["both fitness", "fitness meet", "meet enough", "enough decide", "decide end"]
    plain = [flow(*way.split()) for way in ways]
    return make_plan(nodes, [*plain, flow("raw", "visit", RAW), flow("enough", "again", AGAIN)])


def test_what_everybody_goes_through_is_told_from_what_some_do() -> None:
    steps = {name for name, node in licence().nodes.items() if node.kind is Kind.USER}

    assert steps - certain(licence()) == {"visit"}


def test_a_step_of_a_group_without_a_condition_is_done_always_beside_one_that_has_one() -> None:
    rows = [StepRow("a", "甲", "p", parallel="A"), StepRow("b", "乙", "p", when=RAW, parallel="A")]

    found = certain(plan_from_steps([*rows, StepRow("c", "丙", "p")], lambda _: ["situation.raw"]))
    assert {"a", "c"} <= found and "b" not in found
    both = plan_from_steps([replace(one, when=RAW) for one in rows], lambda _: ["situation.raw"])
    assert not {"a", "b"} & certain(both)


@pytest.mark.parametrize(
    ("data", "gone"),
    [
        ({"situation": {"raw": True}}, set()),
        ({"situation": {"raw": False}}, {"visit"}),
        ({"situation": {}}, set()),
        ({}, set()),
    ],
)
def test_answers_close_the_ways_that_they_decide_and_no_others(
    data: dict[str, dict[str, bool]], gone: set[str]
) -> None:
    plan = licence()

    assert set(plan.nodes) - possible(plan, data) == gone


def test_a_way_that_is_sure_closes_those_written_after_it_and_the_default() -> None:
    plan = licence()
    open_ = possible(plan, {"situation": {"raw": True}, "outcome": {"check": "not_met"}})

    assert "decide" not in open_ and "visit" in open_


def test_what_is_done_side_by_side_lies_in_a_block_with_several_busy_branches() -> None:
    assert {"check", "visit", "fitness"} <= side_by_side(licence())
    assert "decide" not in side_by_side(licence())


def test_the_condition_before_a_step_and_the_steps_around_a_gateway_are_found() -> None:
    plan = licence()

    assert (conditions_to(plan, "visit"), conditions_to(plan, "fitness")) == ((RAW,), ())
    assert set(nearest_steps(plan, "again", onward=True)) == {"check", "fitness"}
    assert set(nearest_steps(plan, "enough", onward=False)) == {"visit", "check", "fitness"}


@pytest.mark.django_db
def test_what_a_way_back_leads_to_is_to_be_done_again() -> None:
    running = Running(licence(), {"situation": {"raw": True}})
    running.complete("check", "not_met")
    running.complete("visit")
    running.complete("fitness")

    seen = selectors.progress(running.root_id, running.id)

    assert seen.steps == {"check": "now", "visit": "waiting", "fitness": "now", "decide": "waiting"}
    assert "enough-again" in seen.passed and "check-raw" not in seen.passed


@pytest.mark.django_db
def test_a_step_of_a_branch_that_was_not_taken_is_passed_by_and_is_open_again_on_the_way_back() -> None:
    running = Running(licence(), {"situation": {"raw": False}})
    running.complete("check", "not_met")
    assert selectors.progress(running.root_id, running.id).steps["visit"] == "skipped"

    running.complete("fitness")

    assert selectors.progress(running.root_id, running.id).steps["visit"] == "waiting"


@pytest.mark.django_db
def test_while_only_a_moment_is_awaited_what_follows_it_is_still_to_come() -> None:
    wait = Node("wait", Kind.CATCH, "公示期", occasion="timer", timer="P5D")
    plan = make_plan(
        [Node("start", Kind.START), step("check"), wait, step("decide"), Node("end", Kind.END)],
        [flow("start", "check"), flow("check", "wait"), flow("wait", "decide"), flow("decide", "end")],
    )
    running = Running(plan)
    running.complete("check")

    assert selectors.progress(running.root_id, running.id).steps == {
        "check": "done",
        "wait": "now",
        "decide": "waiting",
    }
