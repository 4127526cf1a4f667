"""
`step(plan, state, event) -> (state', effects)`: all that the engine does. Pure.

Instants and evaluated conditions come with the event, so that a replay of the same events on the same plan
gives the same state. The cost is that of what the event touches, not of the instance. The tables of
docs/process-transitions.md say what each event does.
"""

from collections.abc import Collection, Iterable

from immutables import Map

from mingqu.process.errors import NotEarlier, NoWayOut, ProcessNotActive, TaskNotOpen
from mingqu.process.plan import Flow, Kind, Node, Plan
from mingqu.process.state import (
    EMPTY,
    PLACES,
    Complete,
    Decisions,
    Effect,
    Ended,
    Event,
    Gathering,
    JoinClosed,
    Moved,
    OpenTask,
    ReturnTo,
    Start,
    State,
    Status,
    TaskDropped,
    TaskOpened,
    Terminate,
    Token,
)


class PlanUnsound(RuntimeError):
    """A state that no published plan can come to: the checks of publication were passed by."""


def step(plan: Plan, state: State, event: Event) -> tuple[State, tuple[Effect, ...]]:
    """
    What `event` makes of `state`, and what it leads to.

    Raises ProcessNotActive, TaskNotOpen (somebody acted first), NoWayOut, NotEarlier; the state given is
    never changed. The state may be a part, as long as it holds what the event can touch (`plan.reach`).
    """
    if isinstance(event, Start):
        if state.status is not Status.NEW:
            raise ProcessNotActive()
    elif state.status is not Status.ACTIVE:
        raise ProcessNotActive()
    walk = _Walk(plan, state, event.seq)
    if isinstance(event, Complete):
        walk.complete(event)
    elif isinstance(event, Start):
        walk.start(event)
    elif isinstance(event, ReturnTo):
        walk.return_to(event)
    elif isinstance(event, Terminate):
        walk.clear(Status.TERMINATED, None)
    return walk.result()


def replay(plan: Plan, events: Iterable[Event]) -> State:
    """The state from its history alone."""
    state = EMPTY
    for event in events:
        state, _ = step(plan, state, event)
    return state


def earlier(plan: Plan, node: str, than: str, done: Collection[str]) -> bool:
    """Whether a task at `than` may be returned to `node`: see docs/process-transitions.md."""
    known = plan.nodes.get(node)
    if known is None or known.kind is not Kind.USER or node == than or node not in done:
        return False
    return than in plan.after[node] and not _siblings(plan, node, than)


def _siblings(plan: Plan, one: str, other: str) -> bool:
    branches = dict(plan.paths[one])
    return any(branches.get(split, flow) != flow for split, flow in plan.paths[other])


class _Walk:
    """A working copy for one event."""

    __slots__ = (
        "before",
        "decisions",
        "done",
        "effects",
        "end",
        "gatherings",
        "live",
        "next",
        "passed",
        "plan",
        "status",
        "tasks",
        "tokens",
        "variables",
    )

    def __init__(self, plan: Plan, state: State, seq: int) -> None:
        self.plan, self.before = plan, state
        self.status, self.live, self.end = state.status, state.live, state.end
        self.tokens, self.tasks = state.tokens, state.tasks
        self.gatherings, self.variables, self.done = state.gatherings, state.variables, state.done
        self.next = seq << PLACES
        self.effects: list[Effect] = []
        self.passed: list[str] = []
        self.decisions: Decisions = {}

    def result(self) -> tuple[State, tuple[Effect, ...]]:
        if self.passed:
            self.effects.append(Moved(tuple(self.passed)))
        after = State(
            self.status,
            self.live,
            self.tokens,
            self.tasks,
            self.gatherings,
            self.variables,
            self.done,
            self.end,
        )
        return after, tuple(self.effects)

    def number(self) -> int:
        self.next += 1
        return self.next

    # -- events

    def start(self, event: Start) -> None:
        self.status, self.live, self.decisions = Status.ACTIVE, 1, event.decisions
        self.variables = self.variables.update(event.data)
        self.advance(self.number(), self.plan.out[self.plan.start.id][0])

    def complete(self, event: Complete) -> None:
        task = self.tasks.get(event.task)
        if task is None:
            raise TaskNotOpen()
        self.decisions = event.decisions
        self.tasks = self.tasks.delete(event.task)
        if event.data:
            self.variables = self.variables.update(event.data)
        if task.node not in self.done:
            self.done = self.done.set(task.node, True)
        self.advance(task.token, self.plan.out[task.node][0])

    def return_to(self, event: ReturnTo) -> None:
        task = self.tasks.get(event.task)
        if task is None:
            raise TaskNotOpen()
        if not earlier(self.plan, event.node, task.node, self.done):
            raise NotEarlier()
        self.tasks = self.tasks.delete(event.task)
        here, there = self.plan.paths[task.node], self.plan.paths[event.node]
        common = 0
        while common < min(len(here), len(there)) and here[common] == there[common]:
            common += 1
        if len(here) > common:
            self.empty_block(here[common][0], keep=task.token)
        for split, _ in there[common:]:
            self.open_block(split, 1)
        self.rest(task.token, event.node, "")

    def clear(self, status: Status, end: str | None) -> None:
        """Every token, task and gathering goes; the instance is over."""
        for number, task in sorted(self.tasks.items()):
            self.effects.append(TaskDropped(number, task.node))
        self.tokens, self.tasks, self.gatherings = Map(), Map(), Map()
        self.live = 0
        self.over(status, end)

    def over(self, status: Status, end: str | None) -> None:
        self.status, self.end = status, end
        self.effects.append(Ended(status, end))

    # -- moving

    def advance(self, token: int, flow: Flow) -> None:
        """Move a token along `flow` until it, and all it is split into, rests."""
        nodes, joins = self.plan.nodes, self.plan.joins
        moving = [(token, flow)]
        while moving:
            token, flow = moving.pop()
            self.passed.append(flow.id)
            node = nodes[flow.target]
            kind = node.kind
            if kind is Kind.USER:
                self.rest(token, node.id, flow.id)
            elif kind is Kind.EXCLUSIVE:
                moving.append((token, self.choose(node)))
            elif kind is Kind.END:
                self.finish(token, node)
            elif kind is Kind.TERMINATE:
                self.clear(Status.ENDED, node.id)
                return
            elif node.id not in joins:
                moving.extend(self.leave_gateway(token, node))
            elif self.arrive(token, node, flow):
                moving.extend(self.leave_gateway(self.number(), node))

    def rest(self, token: int, node: str, flow: str) -> None:
        self.tokens = self.tokens.set(token, Token(node, flow))
        task = self.number()
        self.tasks = self.tasks.set(task, OpenTask(node, token))
        self.effects.append(TaskOpened(task, node))

    def finish(self, token: int, node: Node) -> None:
        self.remove(token)
        self.live -= 1
        if self.live == 0:
            self.over(Status.ENDED, node.id)

    def remove(self, token: int) -> None:
        if token in self.tokens:
            self.tokens = self.tokens.delete(token)

    def choose(self, node: Node) -> Flow:
        """The first flow whose condition is true, else the default."""
        flows = self.plan.out[node.id]
        for flow in flows:
            if flow.id != node.default and (flow.condition is None or self.decisions[flow.id] is True):
                return flow
        return self.default(node)

    def default(self, node: Node) -> Flow:
        if node.default is None:
            raise NoWayOut(node=node.name or node.id)
        return self.plan.flows[node.default]

    def leave_gateway(self, token: int, node: Node) -> list[tuple[int, Flow]]:
        """One token for each branch, in reverse, as the caller takes the last first."""
        flows: Iterable[Flow] = self.plan.out[node.id]
        if len(self.plan.out[node.id]) == 1:
            return [(token, self.plan.out[node.id][0])]
        if node.kind is Kind.INCLUSIVE:
            flows = [
                flow
                for flow in flows
                if flow.id != node.default and (flow.condition is None or self.decisions[flow.id] is True)
            ] or [self.default(node)]
        branches = [(self.number(), flow) for flow in flows]
        self.remove(token)
        self.live += len(branches) - 1
        self.open_block(node.id, len(branches))
        branches.reverse()
        return branches

    # -- blocks

    def open_block(self, split: str, expected: int) -> None:
        join = self.plan.join_of.get(split)
        if join is None:
            return
        if join in self.gatherings:
            raise PlanUnsound(f"{join} is open twice")
        self.gatherings = self.gatherings.set(join, Gathering(self.number(), expected))

    def arrive(self, token: int, join: Node, flow: Flow) -> bool:
        """Park the token; True if it was the last one and the join is closed."""
        open_ = self.gatherings.get(join.id)
        if open_ is None:
            raise PlanUnsound(f"{join.id} is not open")
        if open_.arrived + 1 < open_.expected:
            self.tokens = self.tokens.set(token, Token(join.id, flow.id))
            self.gatherings = self.gatherings.set(
                join.id, Gathering(open_.number, open_.expected, open_.arrived + 1)
            )
            return False
        self.gatherings = self.gatherings.delete(join.id)
        self.effects.append(JoinClosed(open_.number, join.id))
        with self.tokens.mutate() as tokens:
            for number in [n for n, held in self.tokens.items() if held.node == join.id]:
                del tokens[number]
            tokens.pop(token, None)
            self.tokens = tokens.finish()
        self.live -= open_.expected - 1
        return True

    def empty_block(self, split: str, keep: int) -> None:
        """Remove every token in the block but `keep`, which moves; drop its tasks and gatherings."""
        inside = self.plan.inside(split)
        for number, task in sorted(self.tasks.items()):
            if task.node in inside:
                self.tasks = self.tasks.delete(number)
                self.effects.append(TaskDropped(number, task.node))
        for number, token in list(self.tokens.items()):
            if token.node in inside and number != keep:
                self.tokens = self.tokens.delete(number)
                self.live -= 1
        for join in list(self.gatherings):
            if join in inside:
                self.gatherings = self.gatherings.delete(join)
