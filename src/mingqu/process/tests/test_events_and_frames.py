"""Sub-processes, several instances, timers, messages, signals, errors, escalations: what each does to tokens."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mingqu.kernel.errors import DomainError
from mingqu.process import bpmn
from mingqu.process.conditions import names_read
from mingqu.process.errors import PlanRefused, TimerTooOften
from mingqu.process.memory import InMemory
from mingqu.process.plan import Node, Plan
from mingqu.process.rehearsal import Rehearsal
from mingqu.process.state import Status
from mingqu.process.step import replay
from mingqu.process.types import WorkFailed

from .bpmn_files import end, file_of, flow, start, task, way
from .test_elements_of_bpmn_become_a_plan import several, sub

AT = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
MORE = (
    '<message id="msg" name="回函"/><signal id="sig" name="停办"/><error id="err" errorCode="X1"/>'
    '<escalation id="esc" escalationCode="H1"/>'
)
TIMER = "<timerEventDefinition><timeDuration>{}</timeDuration></timerEventDefinition>"
CYCLE = "<timerEventDefinition><timeCycle>R2/P1D</timeCycle></timerEventDefinition>"


def event(kind: str, name: str, what: str = "", more: str = "") -> str:
    return f'<{kind} id="{name}"{more}>{what}</{kind}>'


def boundary(name: str, what: str, on: str = "a", beside: bool = False) -> str:
    return event(
        "boundaryEvent", name, what, f' attachedToRef="{on}"' + (' cancelActivity="false"' if beside else "")
    )


def named(occasion: str, ref: str = "") -> str:
    refers = f' {occasion}Ref="{ref}"' if ref else ""
    return f"<{occasion}EventDefinition{refers}/>"


def plan_of(*elements: str, more: str = MORE) -> Plan:
    return bpmn.compile(file_of(start(), *elements, end(), more=more), "p", names_read)


def several_tasks(name: str, loop: str) -> str:
    return f'<userTask id="{name}" name="{name}" mq:post="W">{loop}</userTask>'


class Story:
    """Acts told by step names; the open steps after each."""

    def __init__(self, plan: Plan, work: Callable[[Node], str] = lambda _: "", **data: Any) -> None:
        self.run = InMemory(plan, data, AT, work)
        self.at = AT

    @property
    def open(self) -> list[str]:
        return sorted(task.node for task in self.run.state.tasks.values())

    def complete(self, step: str, outcome: str = "ok") -> list[str]:
        number = next(n for n, t in sorted(self.run.state.tasks.items()) if t.node == step)
        self.run.complete(number, outcome, self.at)
        return self.open

    def passes(self, **time: int) -> list[str]:
        self.at += timedelta(**time)
        self.run.pass_time(self.at)
        return self.open

    def message(self) -> list[str]:
        self.run.message("回函", self.at)
        return self.open

    def signal(self) -> list[str]:
        self.run.signal("停办", self.at)
        return self.open

    def returns(self, step: str, to: str) -> list[str]:
        number = next(n for n, t in sorted(self.run.state.tasks.items()) if t.node == step)
        self.run.return_to(number, to, self.at)
        return self.open

    def is_over(self) -> bool:
        """Ended, with nothing left behind, and its history gives it again."""
        state = self.run.state
        left = [*state.tokens, *state.tasks, *state.frames, *state.waits, *state.gatherings, *state.signings]
        assert replay(self.run.plan, self.run.events) == state
        assert state.live == len(state.tokens)
        return state.status is Status.ENDED and left == []


# -- sub-processes and calls


def body(*more: str) -> str:
    return sub("a", start("i"), task("in"), end("o"), *way("i", "in", "o"), *more)


def test_a_sub_process_is_over_when_its_last_token_ends() -> None:
    split = '<parallelGateway id="g"/>'
    ways = [*way("i", "g", "x", "o"), *way("g", "y", "o2")]
    two = sub("a", start("i"), split, task("x"), task("y"), end("o"), end("o2"), *ways)
    story = Story(plan_of(two, task("after"), *way("s", "a", "after", "e")))
    assert story.open == ["x", "y"]
    assert story.complete("x") == ["y"]
    assert story.complete("y") == ["after"]
    assert story.complete("after") == []
    assert story.is_over()


def test_a_terminate_end_in_a_sub_process_ends_only_that() -> None:
    stop = event("endEvent", "o", "<terminateEventDefinition/>")
    two = sub(
        "a",
        start("i"),
        '<parallelGateway id="g"/>',
        task("x"),
        task("y"),
        stop,
        end("o2"),
        *way("i", "g", "x", "o"),
        *way("g", "y", "o2"),
    )
    story = Story(plan_of(two, task("after"), *way("s", "a", "after", "e")))
    assert story.complete("x") == ["after"]
    assert story.complete("after") == []
    assert story.is_over()


def test_a_return_leaves_a_sub_process_and_never_enters_one() -> None:
    story = Story(plan_of(task("before"), body(), task("after"), *way("s", "before", "a", "after", "e")))
    story.complete("before")
    assert story.returns("in", "before") == ["before"]
    story.complete("before")
    story.complete("in")
    with pytest.raises(DomainError) as refusal:
        story.returns("after", "in")
    assert refusal.value.code == "not_earlier"
    assert story.returns("after", "before") == ["before"]
    for step in ("before", "in", "after"):
        story.complete(step)
    assert story.is_over()


def test_outcomes_within_a_called_plan_are_its_own() -> None:
    called = (
        f'<process id="q">{start("qs")}{task("in")}<exclusiveGateway id="qx" default="qx-no"/>{task("no")}{end("qe")}'
        + "".join([*way("qs", "in", "qx", "no", "qe"), flow("qx", "qe", 'outcome.in = "ok"')])
        + "</process>"
    )
    calls = ['<callActivity id="a" calledElement="q"/>', '<callActivity id="b" calledElement="q"/>']
    story = Story(plan_of(*calls, *way("s", "a", "b", "e"), more=called))
    assert story.complete("a.in", "ok") == ["b.in"]
    assert story.complete("b.in", "bad") == ["b.no"]
    assert story.complete("b.no") == []
    assert story.is_over()


# -- several instances


@pytest.mark.parametrize("count", [0, 1, 3])
def test_parallel_instances_are_all_open_and_all_waited_for(count: int) -> None:
    story = Story(
        plan_of(several_tasks("a", several("n")), task("after"), *way("s", "a", "after", "e")), n=count
    )
    assert story.open == (["a"] * count or ["after"])
    for left in reversed(range(count)):
        assert story.complete("a") == (["a"] * left or ["after"])
    assert story.complete("after") == []
    assert story.is_over()


def test_sequential_instances_come_one_after_another() -> None:
    story = Story(plan_of(several_tasks("a", several("2", sequential="true")), *way("s", "a", "e")))
    assert [story.open, story.complete("a"), story.complete("a")] == [["a"], ["a"], []]
    assert story.is_over()


def test_a_completion_condition_breaks_off_the_other_instances() -> None:
    enough = several("4", "numberOfCompletedInstances >= 2 and numberOfActiveInstances = 2")
    story = Story(plan_of(several_tasks("a", enough), task("after"), *way("s", "a", "after", "e")))
    assert story.complete("a") == ["a"] * 3
    assert story.complete("a") == ["after"]
    story.complete("after")
    assert story.is_over()


def test_each_instance_of_a_sub_process_sees_its_own_outcomes() -> None:
    asks = sub(
        "a",
        start("i"),
        task("in"),
        '<exclusiveGateway id="x" default="x-o"/>',
        task("again"),
        end("o"),
        *way("i", "in", "x", "again", "o"),
        flow("x", "o"),
        loop=several("2"),
    ).replace(flow("x", "again"), flow("x", "again", 'outcome.in = "bad"'))
    story = Story(plan_of(asks, *way("s", "a", "e")))
    assert story.complete("in", "bad") == ["again", "in"]
    assert story.complete("in", "ok") == ["again"]
    assert story.complete("again") == []
    assert story.is_over()


def test_a_number_that_is_none_is_refused_and_nothing_changes() -> None:
    for wrong in (-1, 2.5, "many", None, 10_001):
        with pytest.raises(DomainError) as refusal:
            Story(plan_of(several_tasks("a", several("n")), *way("s", "a", "e")), n=wrong)
        assert refusal.value.code == "bad_count"


# -- waiting


def test_a_message_is_caught_once() -> None:
    story = Story(plan_of(event("intermediateCatchEvent", "a", named("message", "msg")), *way("s", "a", "e")))
    assert story.message() == []
    assert story.is_over()
    waiting = Story(plan_of(task("a"), *way("s", "a", "e")))
    with pytest.raises(DomainError) as refusal:
        waiting.message()
    assert refusal.value.code == "not_awaited"


def test_a_receive_task_waits_and_a_send_task_does_not() -> None:
    story = Story(
        plan_of(
            '<sendTask id="a" messageRef="msg"/>',
            '<receiveTask id="b" messageRef="msg"/>',
            *way("s", "a", "b", "e"),
        )
    )
    assert story.run.sent == ["回函"]
    assert story.message() == []
    assert story.is_over()


def test_a_timer_fires_at_its_moment_and_not_before() -> None:
    story = Story(plan_of(event("intermediateCatchEvent", "a", TIMER.format("P2D")), *way("s", "a", "e")))
    story.passes(days=1, hours=23)
    assert not story.is_over()
    story.passes(hours=1)
    assert story.is_over()
    with pytest.raises(DomainError) as refusal:
        Story(
            plan_of(event("intermediateCatchEvent", "a", TIMER.format("when")), *way("s", "a", "e")), when=5
        )
    assert refusal.value.code == "bad_timer"


@pytest.mark.parametrize("text", ["R/PT0S", "R5/PT1S", "R/P0D", "R0/PT1H", "P999999999999Y"])
def test_a_timer_that_would_repeat_without_a_pause_is_refused_with_the_drawing(text: str) -> None:
    with pytest.raises(PlanRefused) as refusal:
        plan_of(event("intermediateCatchEvent", "a", TIMER.format(text)), *way("s", "a", "e"))
    (found,) = refusal.value.findings
    assert (found.code, TimerTooOften.sentence in found.sentence) == ("bad_expression", True)


def test_a_repetition_that_an_expression_gives_has_a_pause_too() -> None:
    drawing = event("intermediateCatchEvent", "a", TIMER.format("when")), *way("s", "a", "e")
    with pytest.raises(DomainError) as refusal:
        Story(plan_of(*drawing), when="R/PT0S")
    assert refusal.value.code == "bad_timer"


def test_the_first_of_several_events_takes_the_way() -> None:
    def told() -> Story:
        return Story(
            plan_of(
                '<eventBasedGateway id="g"/>',
                event("intermediateCatchEvent", "c", named("message", "msg")),
                event("intermediateCatchEvent", "d", TIMER.format("P2D")),
                task("heard"),
                task("silent"),
                *way("s", "g", "c", "heard", "e"),
                *way("g", "d", "silent", "e"),
            )
        )

    story = told()
    assert story.message() == ["heard"]
    assert story.passes(days=3) == ["heard"]
    assert told().passes(days=3) == ["silent"]


@pytest.mark.parametrize("beside", [False, True])
def test_a_timer_on_a_task_takes_it_away_or_runs_beside_it(beside: bool) -> None:
    late = [
        boundary("b", TIMER.format("P5D"), beside=beside),
        task("late"),
        end("e2"),
        *way("b", "late", "e2"),
    ]
    story = Story(plan_of(task("a"), *late, *way("s", "a", "e")))
    assert story.passes(days=6) == (["a", "late"] if beside else ["late"])
    if beside:
        story.complete("a")
    assert story.complete("late") == []
    assert story.is_over()


def test_a_repeated_timer_beside_a_task_fires_as_often_as_it_says() -> None:
    late = [boundary("b", CYCLE, beside=True), task("late"), end("e2"), *way("b", "late", "e2")]
    story = Story(plan_of(task("a"), *late, *way("s", "a", "e")))
    assert story.passes(days=1) == ["a", "late"]
    assert story.passes(days=5) == ["a", "late", "late"]
    story.complete("a")
    story.complete("late")
    assert story.complete("late") == []
    assert story.is_over()


def test_completing_the_task_ends_what_waits_on_it() -> None:
    late = [boundary("b", TIMER.format("P5D")), task("late"), end("e2"), *way("b", "late", "e2")]
    story = Story(plan_of(task("a"), *late, task("after"), *way("s", "a", "after", "e")))
    assert story.complete("a") == ["after"]
    assert story.passes(days=9) == ["after"]


def test_a_boundary_event_of_several_instances_takes_all_of_them_away() -> None:
    late = [boundary("b", named("message", "msg")), task("late"), end("e2"), *way("b", "late", "e2")]
    loop = sub("a", start("i"), task("in"), end("o"), *way("i", "in", "o"), loop=several("3"))
    story = Story(plan_of(loop, *late, *way("s", "a", "e")))
    assert story.complete("in") == ["in", "in"]
    assert story.message() == ["late"]
    story.complete("late")
    assert story.is_over()


def test_a_signal_reaches_all_that_wait_and_a_thrown_one_too() -> None:
    caught = [event("intermediateCatchEvent", name, named("signal", "sig")) for name in ("c", "d")]
    elements = ['<parallelGateway id="g1"/>', '<parallelGateway id="g2"/>', *caught, task("t")]
    thrown = event("intermediateThrowEvent", "u", named("signal", "sig"))
    ways = [*way("s", "g1", "c", "g2", "e"), *way("g1", "d", "g2"), *way("g1", "t", "u", "g2")]
    story = Story(plan_of(*elements, thrown, *ways))
    story.complete("t")
    assert story.is_over()
    outside = Story(plan_of(*elements, thrown, *ways))
    assert outside.signal() == ["t"]


# -- errors, escalations, event sub-processes


def risky(thrown: str) -> str:
    both = [start("i"), '<parallelGateway id="g"/>', task("in"), task("other"), end("o2")]
    return sub(
        "a", *both, event("endEvent", "o", thrown), *way("i", "g", "in", "o"), *way("g", "other", "o2")
    )


def test_an_error_breaks_off_its_sub_process_and_goes_out_by_the_boundary() -> None:
    story = Story(
        plan_of(risky(named("error", "err")), boundary("b", named("error")), task("mend"), end("e2"),
                *way("s", "a", "e"), *way("b", "mend", "e2"))
    )  # fmt: skip
    assert story.complete("in") == ["mend"]
    story.complete("mend")
    assert story.is_over()


@pytest.mark.parametrize(
    ("beside", "then"), [(True, ["mend", "other"]), (False, ["mend"])], ids=["beside", "instead"]
)
def test_an_escalation_is_heard_beside_or_instead(beside: bool, then: list[str]) -> None:
    heard = boundary("b", named("escalation", "esc"), beside=beside)
    story = Story(
        plan_of(risky(named("escalation", "esc")), heard, task("mend"), end("e2"),
                *way("s", "a", "e"), *way("b", "mend", "e2"))
    )  # fmt: skip
    assert story.complete("in") == then
    for step in then:
        story.complete(step)
    assert story.is_over()


def test_an_escalation_that_nobody_hears_changes_nothing() -> None:
    story = Story(plan_of(risky(named("escalation", "esc")), *way("s", "a", "e")))
    assert story.complete("in") == ["other"]
    story.complete("other")
    assert story.is_over()


def watching(what: str, interrupts: bool = True) -> str:
    begins = event("startEvent", "w", what, "" if interrupts else ' isInterrupting="false"')
    inside = [begins, task("instead"), end("we"), *way("w", "instead", "we")]
    return sub("watch", *inside, more=' triggeredByEvent="true"')


@pytest.mark.parametrize("interrupts", [True, False])
def test_an_event_sub_process_runs_instead_of_its_scope_or_beside_it(interrupts: bool) -> None:
    story = Story(plan_of(task("a"), watching(named("message", "msg"), interrupts), *way("s", "a", "e")))
    assert story.message() == (["instead"] if interrupts else ["a", "instead"])
    if not interrupts:
        assert story.message() == ["a", "instead", "instead"]
        story.complete("a")
        story.complete("instead")
    story.complete("instead")
    assert story.is_over()


def test_an_event_sub_process_catches_an_error_of_its_scope() -> None:
    inside = [start("i"), task("in"), event("endEvent", "o", named("error", "err")), *way("i", "in", "o")]
    story = Story(
        plan_of(
            sub("a", *inside, watching(named("error", "err"))), task("after"), *way("s", "a", "after", "e")
        )
    )
    assert story.complete("in") == ["instead"]
    assert story.complete("instead") == ["after"]
    story.complete("after")
    assert story.is_over()


# -- what the owner does


def test_service_and_rule_tasks_are_done_at_once_and_their_outcome_decides() -> None:
    plan = plan_of(
        '<serviceTask id="a" mq:work="fetch"/>',
        '<exclusiveGateway id="x" default="x-no"/>',
        task("yes"),
        task("no"),
        *[*way("s", "a", "x", "no", "e"), flow("x", "yes", 'outcome.a = "found"'), flow("yes", "e")],
    )
    done: list[str] = []
    story = Story(plan, lambda node: done.append(node.ref) or "found")  # type: ignore[func-returns-value]
    assert (story.open, done) == (["yes"], ["fetch"])


def test_work_that_fails_is_caught_at_the_task_or_refused() -> None:
    def fails(_: Node) -> str:
        raise WorkFailed("X1")

    service = ['<serviceTask id="a" mq:work="fetch"/>', *way("s", "a", "e")]
    caught = [boundary("b", named("error", "err")), task("mend"), end("e2"), *way("b", "mend", "e2")]
    assert Story(plan_of(*service, *caught), fails).open == ["mend"]
    with pytest.raises(DomainError) as refusal:
        Story(plan_of(*service), fails)
    assert refusal.value.code == "uncaught_error"


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_a_thousand_instances_of_work_need_no_deeper_stack(sequential: str) -> None:
    service = f'<serviceTask id="a" mq:work="w">{several("1000", sequential=sequential)}</serviceTask>'
    story = Story(plan_of(service, *way("s", "a", "e")))
    assert story.is_over()
    assert len(story.run.events) == 1001


# -- examples


def test_in_an_example_a_step_that_leads_back_to_itself_is_done_once_at_a_time() -> None:
    again = '<exclusiveGateway id="x" default="x-e"/><exclusiveGateway id="m"/>'
    plan = plan_of(again, task("a"), *way("s", "m", "a", "x", "e"), flow("x", "m", 'outcome.a = "bad"'))
    walk = Rehearsal(plan, {}, AT)
    for outcome in ("bad", "bad", "ok"):
        assert walk.open == ["a"]
        walk.complete("a", outcome, AT)
    assert (walk.done, walk.ended) == (["a", "a", "a"], True)
    lines = [*way("s", "m", "a", "b", "x", "e"), flow("x", "m", "n = 1")]
    walk = Rehearsal(plan_of(again, several_tasks("a", several("2")), task("b"), *lines), {"n": 1}, AT)
    for step in ("a", "b", "a"):
        assert walk.open == [step]
        walk.complete(step, "ok", AT)
    assert (walk.open, walk.done, walk.ended) == (["b"], ["a", "b", "a"], False)
