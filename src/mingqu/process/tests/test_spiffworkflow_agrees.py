"""
The same models and the same choices, here and in SpiffWorkflow (LGPL, a test oracle only): the same steps stay open.

Models are block-structured, over elements both execute, signals, messages, timers and errors among them. A timer waits
for ten years and fires when the test says so: SpiffWorkflow reads the machine's clock. Each signal has a name of its
own: what a broadcast does to a catch event within an activity that it interrupts the specification leaves open. So has
each error: SpiffWorkflow 3.2 lets the boundary events of all activities beside catch it, where BPMN 2.0.2 (13.5.3)
knows only those around the throwing one; the last test below holds us to that. Boundary events sit on one instance
only: SpiffWorkflow loses the parent of instances that are broken off (TaskNotFoundException).
"""

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from immutables import Map
from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.specs.event_definitions import MessageEventDefinition, SignalEventDefinition
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from mingqu.process import bpmn
from mingqu.process.conditions import names_read
from mingqu.process.keys import of_frame
from mingqu.process.memory import InMemory
from mingqu.process.state import Complete, Event, State, Status
from mingqu.process.step import replay, step

from .bpmn_files import xml_of

AT = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
MOST_ACTS = 40
WAYS = {"letter": "message", "written": "message", "moment": "timer", "timed": "timer"}

_leaf = st.one_of(
    st.just("task"),
    st.just("task"),
    st.tuples(st.just("several"), st.integers(1, 3), st.booleans()),
    st.just("catch"),
    st.just("first"),
    st.just("letter"),
    st.just("moment"),
)


def _inner(trees: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    branches = st.lists(trees, min_size=2, max_size=3)
    return st.one_of(
        st.tuples(st.just("sequence"), st.lists(trees, min_size=1, max_size=3)),
        st.tuples(st.sampled_from(["parallel", "inclusive", "exclusive"]), branches),
        st.tuples(st.just("sub"), trees),
        st.tuples(st.just("guarded"), trees),
        st.tuples(st.just("risky"), trees),
        st.tuples(st.just("timed"), trees),
        st.tuples(st.just("written"), trees),
    )


models = st.recursive(_leaf, _inner, max_leaves=7)


@dataclass
class Drawing:
    """BPMN of a tree; `names` are the conditions, `signals` the events that may be sent, by their element."""

    count: int = 0
    names: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    signals: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    timers: set[str] = field(default_factory=set)
    scopes: list[list[str]] = field(default_factory=lambda: [[]])

    def name(self, word: str) -> str:
        self.count += 1
        return f"{word}{self.count}"

    def add(self, kind: str, word: str, inside: str = "", **about: str) -> str:
        name = self.name(word)
        given = "".join(f' {key}="{value}"' for key, value in about.items())
        self.scopes[-1].append(f'<{kind} id="{name}" name="{name}" mq:post="W"{given}>{inside}</{kind}>')
        return name

    def flow(self, source: str, target: str, condition: str = "") -> str:
        name = self.name("f")
        said = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
        self.scopes[-1].append(
            f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{said}</sequenceFlow>'
        )
        return name

    def signal(self, element: str) -> str:
        self.signals[element] = f"sig_{element}"
        return f'<signalEventDefinition signalRef="sig_{element}"/>'

    def message(self, element: str) -> str:
        self.messages[element] = f"msg_{element}"
        return f'<messageEventDefinition messageRef="msg_{element}"/>'

    def timer(self, element: str) -> str:
        """Ten years: it fires when the test says so."""
        self.timers.add(element)
        return '<timerEventDefinition><timeDuration>"P3650D"</timeDuration></timerEventDefinition>'

    def event(self, kind: str, word: str, more: str = "", what: str = "") -> str:
        name = self.name(word)
        made = {"": self.signal, "message": self.message, "timer": self.timer}.get(what)
        inside = what if made is None else made(name)
        self.scopes[-1].append(f'<{kind} id="{name}"{more}>{inside}</{kind}>')
        return name

    def condition(self) -> str:
        self.names.append(self.name("c"))
        return self.names[-1]

    def draw(self, tree: Any, source: str, condition: str = "") -> tuple[str, str]:
        """Draw a tree after `source`: the node it ends in, and the flow into it."""
        kind = tree if isinstance(tree, str) else tree[0]
        if kind == "sequence":
            first = ""
            for part in tree[1]:
                source, into = self.draw(part, source, condition)
                first, condition = first or into, ""
            return source, first
        if kind in ("parallel", "inclusive", "exclusive"):
            return self._branches(kind, tree[1], source, condition)
        if kind == "first":
            return self._first(source, condition)
        if kind in ("guarded", "risky", "timed", "written"):
            return self._sub(tree, source, condition, kind)
        if kind == "sub":
            name = self._body(tree[1], "")
        elif kind == "catch":
            name = self.event("intermediateCatchEvent", "w")
        elif kind in WAYS:
            name = self.event("intermediateCatchEvent", "w", what=WAYS[kind])
        elif kind == "several":
            how = "true" if tree[2] else "false"
            name = self.add(
                "userTask",
                "m",
                f'<multiInstanceLoopCharacteristics isSequential="{how}"><loopCardinality>{tree[1]}'
                "</loopCardinality></multiInstanceLoopCharacteristics>",
            )
        else:
            name = self.add("userTask", "t")
        return name, self.flow(source, name, condition)

    def _branches(self, kind: str, parts: list[Any], source: str, condition: str) -> tuple[str, str]:
        split, join = self.name("s"), self.name("j")
        into = self.flow(source, split, condition)
        default = ""
        for number, part in enumerate(parts):
            end, first = self.draw(part, split, "" if kind == "parallel" or number == 0 else self.condition())
            default = default or first
            self.flow(end, join)
        said = "" if kind == "parallel" else f' default="{default}"'
        self.scopes[-1] += [f'<{kind}Gateway id="{split}"{said}/>', f'<{kind}Gateway id="{join}"/>']
        return join, into

    def _first(self, source: str, condition: str) -> tuple[str, str]:
        gate, join = self.name("g"), self.name("j")
        into = self.flow(source, gate, condition)
        for _ in range(2):
            caught = self.event("intermediateCatchEvent", "w")
            self.flow(gate, caught)
            self.flow(caught, join)
        self.scopes[-1] += [f'<eventBasedGateway id="{gate}"/>', f'<exclusiveGateway id="{join}"/>']
        return join, into

    def _sub(self, tree: Any, source: str, condition: str, kind: str) -> tuple[str, str]:
        """A sub-process with an interrupting boundary event: a signal, message or timer, or the error it ends in."""
        error = self.error() if kind == "risky" else ""
        name = self._body(tree[1], error)
        into = self.flow(source, name, condition)
        what = f'<errorEventDefinition errorRef="{error}"/>' if error else WAYS.get(kind, "")
        caught = self.event("boundaryEvent", "b", f' attachedToRef="{name}"', what)
        mend, join = self.add("userTask", "t"), self.name("j")
        self.flow(caught, mend)
        self.flow(mend, join)
        self.flow(name, join)
        self.scopes[-1].append(f'<exclusiveGateway id="{join}"/>')
        return join, into

    def error(self) -> str:
        self.errors.append(self.name("err"))
        return self.errors[-1]

    def _body(self, tree: Any, error: str) -> str:
        self.scopes.append([])
        begin = self.name("i")
        end, _ = self.draw(tree, begin)
        over = self.name("o")
        self.scopes[-1] += [f'<startEvent id="{begin}"/>', f'<endEvent id="{over}"/>']
        if error:
            gate = self.name("x")
            self.flow(end, gate)
            default = self.flow(gate, over)
            bad = self.event("endEvent", "z", what=f'<errorEventDefinition errorRef="{error}"/>')
            self.flow(gate, bad, self.condition())
            self.scopes[-1].append(f'<exclusiveGateway id="{gate}" default="{default}"/>')
        else:
            self.flow(end, over)
        inside = "".join(self.scopes.pop())
        return self.add("subProcess", "a", inside)

    def file(self, tree: Any) -> bytes:
        end, _ = self.draw(("sequence", ["task", tree]), "s")
        self.flow(end, "e")
        roots = "".join(f'<error id="{name}" name="{name}" errorCode="{name}"/>' for name in self.errors)
        roots += "".join(f'<signal id="{name}" name="{name}"/>' for name in self.signals.values())
        roots += "".join(f'<message id="{name}" name="{name}"/>' for name in self.messages.values())
        return xml_of('<startEvent id="s"/>', '<endEvent id="e"/>', *self.scopes[0], more=roots).replace(
            b'<process id="p"', b'<process id="p" isExecutable="true"'
        )


class Theirs:
    def __init__(self, xml: bytes, data: dict[str, bool]) -> None:
        parser = BpmnParser()
        parser.add_bpmn_io(io.BytesIO(xml))
        self.run = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
        self.run.task_tree.data.update(data)
        self.go_on()

    def go_on(self) -> None:
        self.run.refresh_timers()
        self.run.do_engine_steps()

    @property
    def open(self) -> list[str]:
        return sorted(t.task_spec.bpmn_id for t in self.run.get_tasks(state=TaskState.READY, manual=True))

    def complete(self, step: str) -> None:
        tasks = self.run.get_tasks(state=TaskState.READY, manual=True)
        next(t for t in tasks if t.task_spec.bpmn_id == step).run()
        self.go_on()

    def signal(self, name: str) -> None:
        self.run.catch(BpmnEvent(SignalEventDefinition(name), {}))
        self.go_on()

    def message(self, name: str) -> None:
        self.run.catch(BpmnEvent(MessageEventDefinition(name), {}))
        self.go_on()

    def expire(self, element: str) -> None:
        """SpiffWorkflow reads the machine's clock: the moment it waits for is put into the past."""
        for task in self.run.get_tasks(state=TaskState.WAITING):
            if task.task_spec.bpmn_id == element:
                task.internal_data["event_value"] = "2020-01-01T00:00:00+00:00"
        self.go_on()


def compare(data: st.DataObject, tree: Any) -> None:
    drawing = Drawing()
    xml = drawing.file(tree)
    plan = bpmn.compile(bpmn.read(xml), "p", names_read)
    chosen = {name: data.draw(st.booleans(), label=name) for name in drawing.names}
    ours, theirs = InMemory(plan, chosen, AT), Theirs(xml, chosen)
    for _ in range(MOST_ACTS):
        opened = sorted(task.node for task in ours.state.tasks.values())
        assert opened == theirs.open
        assert (ours.state.status is Status.ENDED) == theirs.run.completed
        acts = sorted({*opened, *(wait.node for wait in ours.state.waits.values())})
        if not acts:
            break
        act = data.draw(st.sampled_from(acts), label="act")
        if act in drawing.signals:
            ours.signal(drawing.signals[act], AT)
            theirs.signal(drawing.signals[act])
        elif act in drawing.messages:
            ours.message(drawing.messages[act], AT)
            theirs.message(drawing.messages[act])
        elif act in drawing.timers:
            ours.trigger(min(n for n, wait in ours.state.waits.items() if wait.node == act), AT)
            theirs.expire(act)
        else:
            before, past = ours.state, len(ours.events)
            ours.complete(min(n for n, task in before.tasks.items() if task.node == act), "", AT)
            same_from_what_is_near(ours, before, ours.events[past])
            theirs.complete(act)
    else:
        raise AssertionError("the model does not come to an end")
    assert ours.state.status is Status.ENDED
    assert replay(plan, ours.events) == ours.state


def near(state: State, token: int) -> State:
    """What the store reads for a completion: the token, the frames around it, and what belongs to these."""
    hosts, chain, frame = {token}, {0}, state.tokens[token].frame
    while frame:
        chain.add(frame)
        hosts.add(state.frames[frame].token)
        frame = state.frames[frame].parent
    return State(
        status=state.status,
        live=state.live,
        tokens=Map({n: t for n, t in state.tokens.items() if n in hosts}),
        tasks=Map({n: t for n, t in state.tasks.items() if t.token == token}),
        gatherings=Map({k: g for k, g in state.gatherings.items() if of_frame(k)[0] in chain}),
        variables=Map({k: v for k, v in state.variables.items() if of_frame(k)[0] in chain}),
        frames=Map({n: f for n, f in state.frames.items() if n in chain}),
        waits=Map(
            {n: w for n, w in state.waits.items() if w.token in hosts or (not w.token and w.frame in chain)}
        ),
    )


def same_from_what_is_near(run: InMemory, before: State, event: Event) -> None:
    """One completion touches no more than what lies around it, however much else is open."""
    assert isinstance(event, Complete)
    task = before.tasks[event.task]
    if run.plan.plain or run.plan.reach[task.node].everything:
        return
    part, effects = step(run.plan, near(before, task.token), event)
    whole, all_effects = step(run.plan, before, event)
    assert effects == all_effects
    assert (part.live, part.status) == (whole.live, whole.status)


@settings(max_examples=50)
@given(st.data(), models)
def test_both_engines_leave_the_same_steps_open(data: st.DataObject, tree: Any) -> None:
    compare(data, tree)


@pytest.mark.long
@settings(max_examples=3000)
@given(st.data(), models)
def test_both_engines_agree_on_thousands_of_models(data: st.DataObject, tree: Any) -> None:
    compare(data, tree)


def test_an_error_is_caught_around_the_activity_that_throws_it_and_nowhere_else() -> None:
    """Where SpiffWorkflow differs: of two activities side by side, with one error, only one throws it."""
    drawing = Drawing()
    xml = drawing.file(("parallel", [("risky", "task"), ("risky", "task")]))
    one = xml.replace(drawing.errors[1].encode(), drawing.errors[0].encode())
    plan = bpmn.compile(bpmn.read(one.replace(b'<error id="', b'<error id="x', 1)), "p", names_read)
    run = InMemory(plan, {drawing.names[0]: False, drawing.names[1]: True}, AT)
    run.complete(min(run.state.tasks), "", AT)
    waiting = {task.node: number for number, task in sorted(run.state.tasks.items())}
    thrower = max(waiting, key=lambda name: int(name[1:]))
    run.complete(waiting[thrower], "", AT)
    left = {task.node for task in run.state.tasks.values()}
    assert len(left) == 2
    assert left > set(waiting) - {thrower}, "the one beside is not broken off"
