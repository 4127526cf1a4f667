"""Random block-structured plans, and random ways through them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from mingqu.process.plan import Flow, Kind, Node, Plan, make_plan
from mingqu.process.state import EMPTY, Complete, Event, ReturnTo, Start, State, Status
from mingqu.process.step import earlier, step
from mingqu.process.steptable import flow_id

AT = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)

# A tree: "task" | ("sequence", [tree]) | (kind, [tree or None]); None is a branch without a step.
_task = st.just("task")


def _inner(trees: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    branches = st.lists(trees, min_size=2, max_size=3)
    some_empty = st.lists(st.one_of(st.none(), trees), min_size=2, max_size=3)
    return st.one_of(
        st.tuples(st.just("sequence"), st.lists(trees, min_size=1, max_size=3)),
        st.tuples(st.just("parallel"), branches),
        st.tuples(st.just("inclusive"), some_empty),
        st.tuples(st.just("exclusive"), some_empty),
    )


trees = st.recursive(_task, _inner, max_leaves=9)


@dataclass
class _Drawing:
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    count: int = 0

    def name(self, word: str) -> str:
        self.count += 1
        return f"{word}{self.count}"

    def flow(self, source: str, target: str, condition: str | None = None) -> str:
        number = sum(1 for flow in self.flows if (flow.source, flow.target) == (source, target))
        name = flow_id(source, target) + (f"--{number}" if number else "")
        reads = (condition,) if condition else ()
        self.flows.append(Flow(name, source, target, condition, reads))
        return name

    def draw(self, tree: Any, source: str, condition: str | None = None) -> str:
        """Draw a tree after `source`; the node it ends in."""
        if tree == "task":
            name = self.name("t")
            self.nodes.append(Node(name, Kind.USER, name, "post"))
            self.flow(source, name, condition)
            return name
        kind, parts = tree
        if kind == "sequence":
            for part in parts:
                source, condition = self.draw(part, source, condition), None
            return source
        split, join = self.name("s"), self.name("j")
        self.flow(source, split, condition)
        ends = []
        default = None
        for number, part in enumerate(parts):
            when = None if kind == "parallel" or number == 0 else self.name("c")
            before = len(self.flows)
            if part is None:
                self.flow(split, join, when)
            else:
                ends.append(self.draw(part, split, when))
            if number == 0 and kind != "parallel":
                default = self.flows[before].id
        self.nodes.append(Node(split, Kind(kind), default=default))
        self.nodes.append(Node(join, Kind(kind)))
        for end in ends:
            self.flow(end, join)
        return join


def plan_of_tree(tree: Any) -> Plan:
    drawing = _Drawing()
    drawing.nodes.append(Node("start", Kind.START))
    first = drawing.draw("task", "start")
    last = drawing.draw(tree, first)
    drawing.nodes.append(Node("end", Kind.END))
    drawing.flow(last, "end")
    return make_plan(drawing.nodes, drawing.flows)


plans = trees.map(plan_of_tree)


def decisions_for(plan: Plan, chosen: frozenset[str]) -> dict[str, bool | None]:
    """Which conditions hold, fixed for a whole run: else order would matter and ought to."""
    return {flow.id: flow.condition in chosen for flow in plan.flows.values() if flow.condition}


def choices(plan: Plan) -> st.SearchStrategy[frozenset[str]]:
    names = sorted(flow.condition for flow in plan.flows.values() if flow.condition)
    return st.frozensets(st.sampled_from(names)) if names else st.just(frozenset())


class Walk:
    """A run of one plan in memory, checked after each event."""

    def __init__(self, plan: Plan, chosen: frozenset[str]) -> None:
        self.plan, self.decided = plan, decisions_for(plan, chosen)
        self.state, self.events = EMPTY, list[Event]()
        self.take(Start(1, AT, {}, self.decided))

    def take(self, event: Event) -> State:
        self.state, _ = step(self.plan, self.state, event)
        self.events.append(event)
        check_invariants(self.plan, self.state)
        return self.state

    @property
    def seq(self) -> int:
        return len(self.events) + 1

    def complete(self, task: int) -> None:
        self.take(Complete(self.seq, AT, task, "ok", {}, self.decided))

    def returns(self) -> list[tuple[int, str]]:
        """Every (open task, step) a return is allowed for."""
        return [
            (number, name)
            for number, task in sorted(self.state.tasks.items())
            for name in self.plan.nodes
            if earlier(self.plan, name, task.node, self.state.done)
        ]

    def return_to(self, task: int, node: str) -> None:
        self.take(ReturnTo(self.seq, AT, task, node, "再看"))


def check_invariants(plan: Plan, state: State) -> None:
    """What holds after every event (docs/process-transitions.md)."""
    assert state.live == len(state.tokens)
    assert (state.live == 0) == (state.status in (Status.ENDED, Status.TERMINATED))
    resting = {number for number, token in state.tokens.items() if token.node not in plan.joins}
    assert {task.token for task in state.tasks.values()} == resting
    for join, gathering in state.gatherings.items():
        parked = [token for token in state.tokens.values() if token.node == join]
        assert gathering.arrived == len(parked) < gathering.expected
    places = [token.node for token in state.tokens.values() if token.node not in plan.joins]
    assert len(places) == len(set(places)), "a step is open twice"
