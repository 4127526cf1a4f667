"""A running instance goes on by another plan and back: nothing is lost, nothing stranded, history gives it again."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingqu.process import replanning, selectors, services
from mingqu.process.errors import NothingToTakeBack, NotReplannable, ReplanTouched
from mingqu.process.models import History, Task
from mingqu.process.onto import Onto
from mingqu.process.plan import Kind, Plan, make_plan
from mingqu.process.replan import Replan
from mingqu.process.replanning import Moment
from mingqu.process.state import Complete, shape
from mingqu.process.step import step
from mingqu.process.types import StepRow

from .random_plans import AT, Walk, choices, plans
from .running import CLERK, OTHER, STEPS, Running, acting, three_departments
from .test_two_connections_at_once import both

NEW_STEPS = (
    StepRow("receive", "收件", "window", limit=1),
    StepRow("fire2", "消防审查", "fire", limit=4, parallel="B"),
    StepRow("sign", "招牌", "brand", limit=3, parallel="B"),
    StepRow("drain", "排水", "water", people=2, parallel="B"),
    StepRow("check", "复核", "head", limit=1),
    StepRow("decide", "决定", "leader", limit=2),
)
RENAMED = {"fire": "fire2"}


def renamed(plan: Plan) -> Plan:
    """The same plan, every step called otherwise."""
    names = {n.id: f"n_{n.id}" if n.kind is Kind.USER else n.id for n in plan.nodes.values()}
    nodes = [replace(node, id=names[node.id]) for node in plan.nodes.values()]
    flows = [replace(f, source=names[f.source], target=names[f.target]) for f in plan.flows.values()]
    return make_plan(nodes, flows)


def never(then: Any, wait: Any, begun: int) -> None:
    raise AssertionError("no timer has another rule here")


@given(st.data(), plans)
def test_an_instance_ends_alike_wherever_it_goes_over_to_the_same_plan_under_other_names(
    data: st.DataObject, plan: Plan
) -> None:
    other = renamed(plan)
    steps = {n.id: f"n_{n.id}" for n in plan.nodes.values() if n.kind is Kind.USER}
    walk = Walk(plan, data.draw(choices(plan)))
    for _ in range(data.draw(st.integers(0, 4))):
        if walk.state.tasks:
            walk.complete(data.draw(st.sampled_from(sorted(walk.state.tasks))))
    if not walk.state.tasks:
        return
    before, seq = walk.state, walk.seq
    moving = replanning.moves(Onto(plan, other, steps), before, {}, Moment(seq, AT, never))
    event = Replan(seq, AT, moving.then, moving.was)
    moved, effects = step(plan, before, event)

    assert len(effects) == 1
    assert sorted(moved.tasks) == sorted(before.tasks)
    back, _ = step(other, moved, replanning.back(event, seq + 1, AT))
    assert shape(back) == shape(before)

    stayed = before
    while stayed.tasks:
        seq += 1
        deed = Complete(seq, AT, min(stayed.tasks), "ok", {}, walk.decided)
        stayed, _ = step(plan, stayed, deed)
        moved, _ = step(other, moved, deed)
        assert sorted(stayed.tasks) == sorted(moved.tasks)
    assert (moved.status, moved.end) == (stayed.status, stayed.end)


def plan(*rows: StepRow) -> Plan:
    return services.plan_from_steps(rows)


OLD = plan(*STEPS)
ONE = (StepRow("a", "甲", "x"), StepRow("b", "乙", "x"))


@pytest.mark.parametrize(
    ("now", "then", "steps", "code"),
    [
        (ONE, (StepRow("b", "乙", "x"),), {}, "正在办的环节“甲”在新流程里没有对应的环节。"),
        (ONE, (StepRow("a", "甲", "x"),), {"a": ""}, "环节“甲”标为不再有，但是新流程里有同一个编号的环节。"),
        (ONE, ONE, {"a": "b"}, "两个环节都对应到“乙”。"),
        (
            ONE,
            (StepRow("a", "甲", "x", parallel="A"), StepRow("b", "乙", "x", parallel="A")),
            {},
            "“甲”在并行的一组里，新流程的这一组分支不同，有的分支不会打开，或者会多出来。",
        ),
        (
            ONE,
            (StepRow("a", "甲", "x", sign="all", signers=("y",)), StepRow("b", "乙", "x")),
            {},
            "“甲”正在会签，新流程里这个环节的签署办法不同。",
        ),
    ],
)
@pytest.mark.django_db
def test_what_would_be_stranded_stays_and_says_why(
    now: Any, then: Any, steps: dict[str, str], code: str
) -> None:
    running = Running(plan(*now))
    digest = services.keep_plan(plan(*then))

    would = selectors.would_move(running.root_id, running.id, selectors.Move(digest, steps, {}, running.at))
    assert [f.sentence for f in would.findings] == [code]
    with pytest.raises(NotReplannable), acting(running.root_id):
        services.replan(**given_to(running, digest, steps))
    assert selectors.stored(running.root_id, running.id).status.value == "active"
    assert History.objects.filter(root_id=running.root_id, kind="replan").count() == 0


def given_to(running: Running, digest: str, steps: dict[str, str]) -> dict[str, Any]:
    return {
        "root_id": running.root_id,
        "instance_id": running.id,
        "plan": digest,
        "steps": steps,
        "data": {},
        "by": OTHER,
        "at": running.at,
    }


def move(running: Running, rows: Any = NEW_STEPS, steps: dict[str, str] = RENAMED) -> int:
    digest = services.keep_plan(plan(*rows))
    with acting(running.root_id, OTHER):
        return services.replan(**given_to(running, digest, steps))


def move_back(running: Running, seq: int) -> None:
    with acting(running.root_id, OTHER):
        services.replan_back(
            root_id=running.root_id, instance_id=running.id, seq=seq, by=OTHER, at=running.at
        )


@pytest.mark.django_db
def test_branches_go_over_and_meet_at_the_new_join() -> None:
    running = three_departments()
    running.complete("sign")
    with acting(running.root_id):
        services.claim(
            root_id=running.root_id,
            task_id=running.last["drain"],
            posts=["water"],
            by=CLERK,
            at=running.at,
        )
    seq = move(running)

    assert running.open == ["drain", "fire2"]
    tasks = {task.step: task for task in selectors.open_tasks(running.root_id)}
    assert (tasks["fire2"].name, tasks["fire2"].task_id) == ("消防审查", running.last["fire"])
    assert (tasks["drain"].people, tasks["drain"].claimed_by) == (2, CLERK.id)
    assert selectors.differences(running.root_id, running.id) == {}
    row = History.objects.get(root_id=running.root_id, seq=seq)
    assert row.plan_digest == OLD.digest
    assert row.effects["replanned"] == [OLD.digest, plan(*NEW_STEPS).digest]
    assert selectors.progress(running.root_id, running.id).steps["sign"] == "done"

    running.last["fire2"] = running.last["fire"]
    running.complete("fire2")
    running.complete("drain")
    assert running.open == ["check"]
    running.complete("check")
    running.complete("decide")
    assert running.effects.ended == "ended"
    assert selectors.differences(running.root_id, running.id) == {}


@pytest.mark.django_db
def test_it_goes_back_while_nothing_has_happened_and_no_longer() -> None:
    running = three_departments()
    running.complete("fire")
    before = shape(selectors.stored(running.root_id, running.id))
    move_back(running, move(running))
    assert shape(selectors.stored(running.root_id, running.id)) == before
    assert selectors.differences(running.root_id, running.id) == {}

    seq = move(running)
    running.complete("drain")
    with pytest.raises(ReplanTouched):
        move_back(running, seq)
    assert selectors.differences(running.root_id, running.id) == {}


@pytest.mark.django_db
def test_what_was_done_before_is_taken_back_no_more_and_what_was_passed_on_stays_there() -> None:
    running = three_departments()
    with acting(running.root_id):
        services.pass_on(
            root_id=running.root_id,
            task_id=running.last["sign"],
            post="elsewhere",
            back=False,
            by=CLERK,
            at=running.at,
        )
    running.complete("fire")
    move(running)
    assert Task.objects.get(root_id=running.root_id, node="sign").post == "elsewhere"
    with pytest.raises(NothingToTakeBack), acting(running.root_id):
        services.take_back(root_id=running.root_id, task_id=running.last["fire"], by=CLERK, at=running.at)


def test_conditions_of_the_new_plan_read_what_the_steps_before_came_to(db: None) -> None:
    running = Running(plan(*ONE))
    running.complete("a", "no")
    rows = (
        StepRow("first", "甲", "x"),
        StepRow("b", "乙", "x"),
        StepRow("c", "丙", "x", when='outcome.first = "no"'),
    )
    move(running, rows, {"a": "first"})
    running.complete("b")
    assert running.open == ["c"]
    assert selectors.differences(running.root_id, running.id) == {}


@pytest.mark.parametrize("first", ["move", "deed"])
def test_a_move_and_a_deed_at_once_come_one_after_the_other(first: str, committed_db: Any) -> None:
    running = three_departments()

    def deed() -> None:
        running.complete("sign", by=CLERK)

    acts = [lambda: move(running), deed]
    assert both(*(acts if first == "move" else acts[::-1]), committed_db) is None
    assert running.open == ["drain", "fire2"]
    assert selectors.differences(running.root_id, running.id) == {}
