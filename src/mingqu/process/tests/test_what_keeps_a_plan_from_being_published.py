"""Each fault is found, at its element, with a sentence an official understands."""

from datetime import UTC, datetime

import pytest

from mingqu.process import services
from mingqu.process.checks import findings
from mingqu.process.errors import NoWayOut, PlanRefused
from mingqu.process.markings import search
from mingqu.process.plan import Flow, Kind, Node, Plan, make_plan
from mingqu.process.rehearsal import Rehearsal
from mingqu.process.steptable import flow_id
from mingqu.process.types import StepRow

KINDS = {
    "start": Kind.START,
    "end": Kind.END,
    "stop": Kind.TERMINATE,
    "and": Kind.PARALLEL,
    "or": Kind.INCLUSIVE,
    "xor": Kind.EXCLUSIVE,
}


def drawn(*ways: str, **more: dict[str, object]) -> Plan:
    """
    A plan from ways such as "start > a > and1 > b": a name says its kind (and1, or1, xor1, end, stop1), any
    other is a user task. "xor1 ?x> b" is a flow with the condition x. `more` sets fields of nodes.
    """
    nodes: dict[str, Node] = {}
    flows: dict[str, Flow] = {}
    for way in ways:
        source: str | None = None
        condition: str | None = None
        for part in way.replace("?", " ? ").replace(">", " > ").split():
            if part in ("?", ">"):
                continue
            if way.replace(" ", "").find(f"?{part}>") >= 0 and source is not None and part not in nodes:
                condition = part
                continue
            kind = next((k for word, k in KINDS.items() if part.rstrip("0123456789") == word), Kind.USER)
            fields = {"name": part, "post": "p"} if kind is Kind.USER else {}
            nodes.setdefault(part, Node(part, kind, **{**fields, **more.get(part, {})}))
            if source is not None:
                name = flow_id(source, part)
                flows.setdefault(name, Flow(name, source, part, condition, (condition,) if condition else ()))
            source, condition = part, None
    return make_plan(nodes.values(), flows.values())


def codes(plan: Plan, **known: object) -> set[tuple[str, str]]:
    return {(finding.element, finding.code) for finding in findings(plan, **known)}


TO_B = {"xor1": {"default": "xor1--b"}}

FAULTS = {
    "no start": (drawn("a > end"), ("", "start_count")),
    "two starts": (drawn("start > a > end", "start2 > a"), ("start", "start_count")),
    "nobody comes here": (drawn("start > a > end", "b > end"), ("b", "unreachable")),
    "the way stops": (drawn("start > xor1 > a", "xor1 ?x> b > end", **TO_B), ("a", "dead_end")),
    "a circle nobody stops": (
        drawn("start > a > xor1 ?x> xor2 > xor1", "xor1 > b > end", **TO_B),
        ("xor1", "endless"),
    ),
    "two ways out of a step": (drawn("start > a > b > end", "a > c > end"), ("a", "many_ways_out")),
    "something after the end": (drawn("start > a > end > b", "b > end2"), ("end", "end_in_middle")),
    "branches run into one step": (
        drawn("start > and1 > a > c > end", "and1 > b > c"),
        ("and1", "missing_join"),
    ),
    "branches merge without waiting": (
        drawn("start > and1 > a > xor1 > c > end", "and1 > b > xor1"),
        ("and1", "missing_join"),
    ),
    "a choice before a join that waits for all": (
        drawn("start > xor1 ?x> a > and1 > c > end", "xor1 > b > and1", **TO_B),
        ("and1", "deadlock"),
    ),
    "some branches before a join that waits for all": (
        drawn("start > or1 ?x> a > and1 > c > end", "or1 > b > and1"),
        ("or1", "join_waits_for_all"),
    ),
    "a branch that ends before its join": (
        drawn("start > and1 > a > and2 > c > end", "and1 > xor1 ?x> end2", "xor1 > b > and2", **TO_B),
        ("and2", "deadlock"),
    ),
    "a branch that jumps out": (
        drawn("start > r > and1 > a > and2 > c > end", "and1 > xor1 ?x> r", "xor1 > b > and2", **TO_B),
        ("and1", "branch_leaves"),
    ),
    "a way into a branch": (
        drawn(
            "start > xor1 ?x> a",
            "xor1 > b > and1 > a > and2 > c > end",
            "and1 > d > and2",
            **TO_B,
        ),
        ("and1", "branch_entered"),
    ),
    "a way to a terminate end beside one that goes on, inside another block": (
        drawn("start > and1 > and2 > a > and3 > c > end", "and2 > b > stop1", "and1 > d > and3"),
        ("and2", "ends_beside"),
    ),
    "two splits share a join": (
        drawn("start > and1 > and2 > a > and3 > c > end", "and2 > b > and3", "and1 > d > and3"),
        ("and2", "shared_join"),
    ),
    "branches mix": (
        drawn(
            "start > and1 > xor1 > a > and2 > end",
            "and1 > b > and2",
            "and1 > c > xor1",
        ),
        ("and1", "branches_mix"),
    ),
    "no default": (drawn("start > xor1 ?x> a > end", "xor1 ?y> b > end"), ("xor1", "no_default")),
    "a default of another": (
        drawn("start > xor1 ?x> a > end", "xor1 > b > end", xor1={"default": "a--end"}),
        ("xor1", "wrong_default"),
    ),
    "a condition where nothing is chosen": (drawn("start > a ?x> b > end"), ("a", "stray_condition")),
    "no post": (drawn("start > a > end", a={"post": " "}), ("a", "no_post")),
    "no name": (drawn("start > a > end", a={"name": ""}), ("a", "no_name")),
    "no time": (drawn("start > a > end", a={"limit": 0}), ("a", "bad_limit")),
    "nobody": (drawn("start > a > end", a={"people": 0}), ("a", "bad_people")),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_fault_is_found_at_its_element(fault: str) -> None:
    plan, expected = FAULTS[fault]
    found = findings(plan)
    assert expected in {(finding.element, finding.code) for finding in found}
    assert all("{" not in finding.sentence and finding.sentence.endswith("。") for finding in found)


def test_the_same_split_on_its_own_is_published_and_ends_everything_at_its_terminate_end() -> None:
    plan = drawn("start > and1 > a > c > end", "and1 > b > stop1")
    assert codes(plan) == set()
    walk = Rehearsal(plan, {}, datetime(2026, 1, 5, tzinfo=UTC))
    walk.complete("a", "met", datetime(2026, 1, 5, tzinfo=UTC))
    assert set(walk.open) == {"b", "c"}
    walk.complete("b", "met", datetime(2026, 1, 5, tzinfo=UTC))
    assert not walk.open


def test_an_unknown_post_is_found_only_where_posts_are_known() -> None:
    plan = drawn("start > a > end")
    assert codes(plan) == set()
    assert codes(plan, posts={"q"}) == {("a", "unknown_post")}
    assert codes(plan, posts={"p"}) == set()


def test_a_condition_may_read_only_what_the_case_holds() -> None:
    plan = drawn("start > xor1 ?x> a > end", "xor1 > b > end", **TO_B)
    assert codes(plan, names={"y"}) == {("xor1", "unknown_name")}
    assert codes(plan, names={"x"}) == set()


def test_the_search_gives_up_where_there_are_too_many_ways_and_says_so() -> None:
    plan = drawn("start > a > b > c > end")
    assert search(plan).complete
    assert not search(plan, limit=2).complete


def test_branches_that_end_apart_need_no_join() -> None:
    assert codes(drawn("start > and1 > a > end", "and1 > b > end2")) == set()
    assert codes(drawn("start > and1 > a > end", "and1 > b > end")) == set()


ROWS = {
    "nothing": ([], "empty_table"),
    "no id": ([StepRow("", "收件", "w")], "no_id"),
    "id with a full stop": ([StepRow("a.b", "收件", "w")], "bad_id"),
    "same id": ([StepRow("a", "收件", "w"), StepRow("a", "决定", "w")], "id_twice"),
    "an id of our own": ([StepRow("start", "收件", "w")], "id_twice"),
    "bad letter": ([StepRow("a", "收件", "w", parallel="甲 组")], "bad_letter"),
    "group apart": (
        [
            StepRow("a", "甲", "w", parallel="A"),
            StepRow("b", "乙", "w"),
            StepRow("c", "丙", "w", parallel="A"),
        ],
        "group_apart",
    ),
    "condition": ([StepRow("a", "甲", "w", when="situation.foods = ")], "bad_condition"),
    "post": ([StepRow("a", "甲", "nobody")], "unknown_post"),
    "name of a condition": (
        [StepRow("a", "甲", "w", when="weather = 1"), StepRow("b", "乙", "w")],
        "unknown_name",
    ),
}


@pytest.mark.parametrize("fault", ROWS)
def test_a_faulty_step_table_is_refused_with_all_its_findings(fault: str) -> None:
    rows, code = ROWS[fault]
    with pytest.raises(PlanRefused) as refusal:
        services.plan_from_steps(rows, posts={"w"}, names={"situation"})
    assert code in {finding.code for finding in refusal.value.findings}
    assert refusal.value.message.startswith("流程不能发布：")


def test_the_step_table_of_the_food_licence_becomes_a_plan() -> None:
    raw = 'some f in situation.foods satisfies f in ["cold", "raw", "cake"]'
    plan = services.plan_from_steps(
        [
            StepRow("receive", "收件受理", "window", 1),
            StepRow("visit", "现场核查", "SCJG-SPXK", 3, when=raw, people=2),
            StepRow("review", "审查", "SCJG-SPXK-01", 2),
            StepRow("approve", "决定", "SCJG-LEAD", 1),
            StepRow("deliver", "送达", "window", 1),
        ],
        names={"situation"},
    )
    assert plan.names == {"situation.foods"}
    assert [node.id for node in plan.nodes.values() if node.kind is Kind.USER] == [
        "receive",
        "visit",
        "review",
        "approve",
        "deliver",
    ]


def test_a_run_that_no_condition_lets_go_on_is_refused_and_waits_where_it_was() -> None:
    """Such a plan is not published; one kept from before must not lose the case in it."""
    plan = drawn("start > a > xor1 ?x> b > end", "xor1 ?y> c > end")
    run = Rehearsal(plan, {"x": False, "y": False}, datetime(2026, 9, 18, tzinfo=UTC))

    with pytest.raises(NoWayOut, match="xor1"):
        run.complete("a", "ok", datetime(2026, 9, 18, tzinfo=UTC))
    assert not run.ended
