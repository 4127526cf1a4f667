"""What a move can not carry stays on its plan, each with its own reason and code; and what looks alike is let over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from mingqu.process import replanning
from mingqu.process.errors import NotReplannable
from mingqu.process.history import event_from
from mingqu.process.memory import InMemory
from mingqu.process.onto import Onto, mapping_findings
from mingqu.process.plan import Flow, Kind, Node, Plan, make_plan
from mingqu.process.replan import Moves, Replan
from mingqu.process.state import State, Wait
from mingqu.process.step import step

from .bpmn_files import task, way
from .going_over import moved, otherwise
from .test_elements_of_bpmn_become_a_plan import several, sub
from .test_events_and_frames import AT, TIMER, boundary, end, event, named, plan_of, several_tasks, start

Act = Callable[[InMemory], Any]


def message(name: str, ref: str = "msg") -> str:
    return event("intermediateCatchEvent", name, f'<messageEventDefinition messageRef="{ref}"/>')


def watch(what: str, beside: bool = False) -> str:
    more = ' isInterrupting="false"' if beside else ""
    return sub("watch", event("startEvent", "ws", what, more), task("stop"), end("we"),
               *way("ws", "stop", "we"), more=' triggeredByEvent="true"')  # fmt: skip


def body(*inside: str, name: str = "z", loop: str = "") -> str:
    return sub(name, start("i"), *inside, end("o"), loop=loop)


def first(run: InMemory) -> None:
    run.complete(min(run.state.tasks), "", AT)


def fires(run: InMemory) -> None:
    run.trigger(min(run.state.waits), AT)


IN_SUB = plan_of(body(task("a"), *way("i", "a", "o")), *way("s", "z", "e"))
PLAIN = plan_of(task("a"), *way("s", "a", "e"))
BESIDE = plan_of(
    task("a"), boundary("b", named("message", "msg"), beside=True), task("c"), end("e2"),
    *way("s", "a", "e"), *way("b", "c", "e2"),
)  # fmt: skip
IN_A_ROW = plan_of(task("a"), task("c"), *way("s", "a", "c", "e"))
WAITS = plan_of(message("w"), *way("s", "w", "e"))
TIMED = plan_of(task("a"), boundary("b", TIMER.format("P5D")), *way("s", "a", "e"), *way("b", "e"))
OTHER = '<message id="m2" name="来函"/><message id="msg" name="回函"/><signal id="sig" name="停办"/>'


def loop(sequential: str) -> Plan:
    return plan_of(several_tasks("a", several("3", sequential=sequential)), *way("s", "a", "e"))


def watched(what: str, beside: bool = False) -> Plan:
    return plan_of(task("a"), watch(what, beside), *way("s", "a", "e"))


@pytest.mark.parametrize(
    ("old", "new", "steps", "acts", "code", "sentence"),
    [
        (IN_SUB, PLAIN, {}, [], "gone", "正在办的环节“z”在新流程里没有对应的环节。"),
        (IN_SUB, PLAIN, {"z": "a", "a": "y"}, [], "other_kind", "“z”对应的“a”是另一种环节。"),
        (
            IN_SUB,
            plan_of(body(task("y"), *way("i", "y", "o")), task("a"), *way("s", "a", "z", "e")),
            {},
            [],
            "scope",
            "“a”在新流程里移进或者移出了子流程。",
        ),
        (BESIDE, IN_A_ROW, {"b": ""}, [fires, first], "beside", None),
        (loop("false"), loop("true"), {}, [], "loop", "“a”在新流程里同时或者依次办几次的办法不同。"),
        (PLAIN, loop("true"), {}, [], "loop", None),
        (
            watched(named("signal", "sig")),
            watched(named("signal", "sig")),
            {},
            [fires],
            "interrupted",
            "“watch”已经中断了原来的流程，办完以前不能迁移。",
        ),
        (
            watched(named("signal", "sig"), beside=True),
            watched(named("signal", "sig")),
            {},
            [fires],
            "other_event",
            "“watch”在新流程里等的是另一种事。",
        ),
        (
            WAITS,
            plan_of(message("w", "m2"), *way("s", "w", "e"), more=OTHER),
            {},
            [],
            "other_message",
            "“消息”在等“回函”，新流程里等的是“来函”；寄来的还是原来的名字。",
        ),
        (
            TIMED,
            plan_of(task("a"), boundary("b", named("signal", "sig")), *way("s", "a", "e"), *way("b", "e")),
            {},
            [],
            "other_event",
            "“a的定时”在新流程里等的是另一种事。",
        ),
        (TIMED, PLAIN, {}, [], "wait_gone", "“a的定时”正在等，新流程里没有对应的，也没有标明不再等。"),
        (
            TIMED,
            plan_of(task("a"), task("c"), boundary("b", TIMER.format("P5D"), on="c"), *way("s", "a", "c", "e"),
                    *way("b", "e")),
            {},
            [],
            "wait_elsewhere",
            "“a的定时”正在等，新流程里它换了地方。",
        ),
    ],
)  # fmt: skip
def test_what_cant_be_carried_says_which_element_and_why(
    old: Plan, new: Plan, steps: dict[str, str], acts: list[Act], code: str, sentence: str | None
) -> None:
    run = InMemory(old, {}, AT)
    for act in acts:
        act(run)
    before = run.state
    with pytest.raises(NotReplannable) as refused:
        moved(run, new, steps, AT, lambda then, wait, begun: (AT, 0))
    assert code in [finding.code for finding in refused.value.findings]
    if sentence is not None:
        assert refused.value.findings[0].sentence == sentence
    assert run.state is before


def test_a_timer_whose_new_rule_gives_no_moment_keeps_the_instance_where_it_is() -> None:
    run = InMemory(TIMED, {}, AT)
    other = plan_of(task("a"), boundary("b", TIMER.format("P9D")), *way("s", "a", "e"), *way("b", "e"))
    with pytest.raises(NotReplannable) as refused:
        moved(run, other, {}, AT, lambda then, wait, begun: None)
    assert [(f.element, f.code) for f in refused.value.findings] == [("b", "timer")]


def test_a_timer_of_another_rule_is_reckoned_from_the_event_that_began_it_and_one_that_repeats_from_the_move() -> (
    None
):
    asked: list[int] = []

    def arm(then: State, wait: Wait, begun: int) -> tuple[Any, int]:
        asked.append(begun)
        return AT + timedelta(days=9), 0

    cycle = "<timerEventDefinition><timeCycle>R3/P{}D</timeCycle></timerEventDefinition>"
    for rule, other in ((TIMER.format("P5D"), TIMER.format("P9D")), (cycle.format(1), cycle.format(2))):
        old, new = (
            plan_of(task("x"), task("a"), boundary("b", what, beside=True), end("e2"),
                    *way("s", "x", "a", "e"), *way("b", "e2"))
            for what in (rule, other)
        )  # fmt: skip
        run = InMemory(old, {}, AT)
        first(run)
        moved(run, new, {}, AT, arm)
    assert asked == [2, 0]


def test_the_table_says_what_is_wrong_with_itself() -> None:
    two = plan_of(
        task("a"), boundary("b", TIMER.format("P5D")), boundary("c", TIMER.format("P9D")),
        *way("s", "a", "e"), *way("b", "e"), *way("c", "e"),
    )  # fmt: skip
    assert [f.code for f in mapping_findings(Onto(two, two, {"b": "c"}))] == ["twice"]
    assert [f.code for f in mapping_findings(Onto(two, two, {"b": ""}))] == ["kept_name"]


# -- blocks


def parallel(*branches: str, split: str = "p", join: str = "q") -> Plan:
    """Branches by their step; "" for one that holds none."""
    nodes = [
        Node("s", Kind.START),
        Node(split, Kind.PARALLEL),
        Node(join, Kind.PARALLEL),
        Node("e", Kind.END),
    ]
    flows = [Flow("in", "s", split), Flow("out", join, "e")]
    for number, name in enumerate(branches):
        if name:
            nodes.append(Node(name, Kind.USER, post="W"))
            flows += [Flow(f"f{number}", split, name), Flow(f"g{number}", name, join)]
        else:
            flows.append(Flow(f"f{number}", split, join))
    return make_plan(nodes, flows)


@pytest.mark.parametrize("flows_too", [False, True])
def test_two_branches_that_hold_no_step_are_parked_by_two_flows(flows_too: bool) -> None:
    plan = parallel("", "a", "")
    run = InMemory(plan, {}, AT)
    new, steps = otherwise(plan, flows_too)
    state, back, _ = moved(run, new, steps, AT)
    assert back == run.state
    parked = [token.flow for token in state.tokens.values() if token.node == "n_q"]
    assert len(set(parked)) == len(parked) == 2
    with pytest.raises(NotReplannable) as refused:
        moved(run, parallel("", "a", "b"), {}, AT)
    assert [f.code for f in refused.value.findings] == ["branches"]


def test_branches_that_never_meet_go_over_too() -> None:
    nodes = [Node("s", Kind.START), Node("p", Kind.PARALLEL), Node("e", Kind.END), Node("f", Kind.END)]
    nodes += [Node(name, Kind.USER, post="W") for name in "ab"]
    plan = make_plan(
        nodes,
        [
            Flow("1", "s", "p"),
            Flow("2", "p", "a"),
            Flow("3", "p", "b"),
            Flow("4", "a", "e"),
            Flow("5", "b", "f"),
        ],
    )
    assert "p" not in plan.join_of
    run = InMemory(plan, {}, AT)
    new, steps = otherwise(plan)
    state, back, _ = moved(run, new, steps, AT)
    assert back == run.state
    assert sorted(task.node for task in state.tasks.values()) == ["n_a", "n_b"]


def test_one_block_does_not_go_into_two() -> None:
    """Two branches of one opening, mapped to steps of two blocks one after the other."""
    rows = [
        Node("s", Kind.START),
        *(Node(n, Kind.PARALLEL) for n in ("p", "q", "p2", "q2")),
        Node("e", Kind.END),
    ]
    rows += [Node(name, Kind.USER, post="W") for name in ("a", "x", "y", "b")]
    ways = [("s", "p"), ("p", "a"), ("p", "x"), ("a", "q"), ("x", "q"), ("q", "p2"), ("p2", "y"), ("p2", "b"),
            ("y", "q2"), ("b", "q2"), ("q2", "e")]  # fmt: skip
    two = make_plan(rows, [Flow(f"{a}-{b}", a, b) for a, b in ways])
    run = InMemory(parallel("a", "b"), {}, AT)
    with pytest.raises(NotReplannable) as refused:
        moved(run, two, {}, AT)
    assert [f.code for f in refused.value.findings] == ["branches"]


def test_two_branches_do_not_go_into_one() -> None:
    """Each would arrive once: the join would close while the other branch was never begun."""
    rows = [Node("s", Kind.START), Node("p", Kind.PARALLEL), Node("q", Kind.PARALLEL), Node("e", Kind.END)]
    rows += [Node(name, Kind.USER, post="W") for name in ("a", "b", "z")]
    ways = [("s", "p"), ("p", "a"), ("a", "b"), ("b", "q"), ("p", "z"), ("z", "q"), ("q", "e")]
    new = make_plan(rows, [Flow(f"{a}-{b}", a, b) for a, b in ways])
    run = InMemory(parallel("a", "b"), {}, AT)
    with pytest.raises(NotReplannable) as refused:
        moved(run, new, {}, AT)
    assert [f.code for f in refused.value.findings] == ["branches"]


def test_a_move_of_an_older_release_is_replayed_as_it_was() -> None:
    """Its history row knows no frames, waits or variables that go."""
    run = InMemory(TIMED, {}, AT)
    (token,) = run.state.tokens
    (number,) = run.state.tasks
    given = {
        "plan": TIMED.digest, "tokens": [[token, "a", ""]], "tasks": [[number, "a", "W"]], "joins": [],
        "variables": {"x": 1},
    }  # fmt: skip
    event = event_from(2, "replan", AT, {"moves": given, "was": given})
    assert isinstance(event, Replan)
    assert event.moves == Moves(TIMED.digest, ((token, "a", ""),), ((number, "a", "W"),), (), {"x": 1})
    state, _ = step(TIMED, run.state, event)
    assert state.waits == run.state.waits
    assert state.variables["x"] == 1
    again, _ = step(TIMED, state, replanning.back(event, 3, AT))
    assert again.waits == run.state.waits


def test_what_the_new_process_decided_on_is_gone_after_going_back() -> None:
    run = InMemory(PLAIN, {}, AT)
    moving = replanning.moves(
        Onto(PLAIN, IN_A_ROW, {}), run.state, {"new": 1}, replanning.Moment(2, AT, lambda *_: None)
    )
    event = Replan(2, AT, moving.then, moving.was)
    there, _ = step(PLAIN, run.state, event)
    assert there.variables["new"] == 1
    back, _ = step(IN_A_ROW, there, replanning.back(event, 3, AT))
    assert dict(back.variables) == {}
