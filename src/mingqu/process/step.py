"""
`step(plan, state, event) -> (state', effects)`: all that the engine does. Pure.

Instants and evaluated conditions come with the event, so that a replay of the same events on the same plan
gives the same state. The cost is that of what the event touches, not of the instance. The tables of
docs/process-transitions.md say what each event does.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from immutables import Map

from mingqu.process import activities, branching, happenings, replanning, signing
from mingqu.process.errors import NotEarlier, ProcessNotActive, TaskNotOpen
from mingqu.process.keys import local
from mingqu.process.plan import ACTIVITIES, FORKS, Flow, Kind, Node, Plan
from mingqu.process.replan import Replan
from mingqu.process.state import (
    EMPTY,
    PLACES,
    ChangeSigners,
    Complete,
    Decisions,
    Effect,
    Ended,
    Event,
    Fail,
    Hold,
    Moved,
    OpenTask,
    PassOn,
    PutOff,
    ReturnTo,
    Start,
    State,
    Status,
    TakeBack,
    TaskDropped,
    TaskOpened,
    Terminate,
    Token,
    Trigger,
    Work,
)
from mingqu.process.types import Json


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
    walk = Walk(plan, state, event.seq)
    if isinstance(event, Complete):
        walk.complete(event)
    elif isinstance(event, Start):
        walk.start(event)
    elif isinstance(event, ReturnTo):
        walk.return_to(event)
    elif isinstance(event, Terminate):
        walk.clear(Status.TERMINATED, None)
    elif isinstance(event, Trigger | Work | Fail):
        walk.by_itself(event)
    elif isinstance(event, Replan):
        replanning.apply(walk, event)
    elif isinstance(event, PutOff):
        happenings.put_off(walk, event)
    else:
        walk.by_people(event)
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
    while plan.nodes[than].scope != known.scope:  # out of a sub-process, never into one
        than = plan.nodes[than].scope
        if not than:
            return False
    return (
        than in plan.after[node]
        and plan.region_of[node] == plan.region_of[than]
        and not _siblings(plan, node, than)
    )


def _siblings(plan: Plan, one: str, other: str) -> bool:
    branches = dict(plan.paths[one])
    return any(branches.get(split, flow) != flow for split, flow in plan.paths[other])


class Walk:
    """A working copy for one event."""

    __slots__ = (
        "before",
        "decisions",
        "done",
        "effects",
        "end",
        "frames",
        "gatherings",
        "last_end",
        "live",
        "moving",
        "next",
        "passed",
        "plan",
        "signings",
        "status",
        "tasks",
        "tokens",
        "variables",
        "waits",
    )

    def __init__(self, plan: Plan, state: State, seq: int) -> None:
        self.plan, self.before = plan, state
        self.status, self.live, self.end = state.status, state.live, state.end
        self.tokens, self.tasks = state.tokens, state.tasks
        self.gatherings, self.variables, self.done = state.gatherings, state.variables, state.done
        self.signings, self.frames, self.waits = state.signings, state.frames, state.waits
        self.moving: list[tuple[int, Flow, int]] = []
        self.last_end = ""
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
            self.signings,
            self.frames,
            self.waits,
        )
        return after, tuple(self.effects)

    def number(self) -> int:
        self.next += 1
        return self.next

    # -- events

    def start(self, event: Start) -> None:
        self.status, self.live, self.decisions = Status.ACTIVE, 1, event.decisions
        self.variables = self.variables.update(event.data)
        for start in self.plan.event_subs.get("", ()):
            self.awaits(start, 0, 0)
        self.advance(self.number(), self.plan.out[self.plan.start.id][0])

    def complete(self, event: Complete) -> None:
        task = self.tasks.get(event.task)
        if task is None:
            raise TaskNotOpen()
        self.decisions = event.decisions
        if not signing.sign(self, event.task, event.outcome):
            return
        if event.data:
            self.learn(task.token, event.data)
        if task.node not in self.done:
            self.done = self.done.set(task.node, True)
        if self.plan.plain:
            self.advance(task.token, self.plan.out[task.node][0])
        else:
            self.go_on(task.token)

    def by_itself(self, event: Trigger | Work | Fail) -> None:
        """What happens without anybody's completing a task."""
        self.decisions = event.decisions
        if isinstance(event, Trigger):
            self.variables = self.variables.update(event.data)
            happenings.trigger(self, event)
        elif event.token not in self.tokens:
            raise TaskNotOpen()
        elif isinstance(event, Work):
            self.learn(event.token, event.data)
            self.go_on(event.token)
        else:
            happenings.fail(self, event.token, event.code)
        self.run()

    def go_on(self, token: int) -> None:
        """The activity at which a token waits is done, or one of its instances."""
        held = self.tokens[token]
        self.pass_from(token, self.plan.nodes[held.node], held.frame)
        self.run()

    def pass_from(self, token: int, node: Node, frame: int) -> None:
        if node.kind in ACTIVITIES:
            activities.leave(self, token, node, frame)
        else:
            activities.unwait(self, {token})
            self.moving.append((token, self.plan.out[node.id][0], frame))

    def learn(self, token: int, data: Mapping[str, Json]) -> None:
        """What was given with a completion. Within one of several instances an outcome stays there."""
        held = self.tokens.get(token)
        frame = held.frame if held is not None else 0
        if not frame:
            self.variables = self.variables.update(data)
            return
        known = f"outcome.{self.tokens[token].node}"
        home = self.home(self.tokens[token].node, frame)
        self.variables = self.variables.update(
            {local(name, home if name == known else 0): value for name, value in data.items()}
        )

    def home(self, node: str, frame: int) -> int:
        """The frame that keeps the outcome of a step: the process itself where there is one instance only."""
        if activities.is_loop_of(self, frame, node):
            frame = self.frames[frame].parent
        around = frame
        while around:
            if self.frames[around].total:
                return frame
            around = self.frames[around].parent
        return 0

    def awaits(self, node: Node, token: int, frame: int) -> None:
        happenings.awaits(self, node, token, frame)

    def return_to(self, event: ReturnTo) -> None:
        task = signing.require_own(self.tasks.get(event.task))
        if not earlier(self.plan, event.node, task.node, self.done):
            raise NotEarlier()
        self.tasks = self.tasks.delete(event.task)
        signing.unsign(self, task.token)
        if self.plan.plain:
            branching.go_back(self, task.token, task.node, event.node)
            self.rest(task.token, event.node, "")
            return
        self.decisions = event.decisions
        token, scope = task.token, self.plan.nodes[event.node].scope
        while (held := self.tokens[token]) and not self.within(held.frame, scope):
            token = self.frames[held.frame].token
        activities.break_off(self, {token}, keep=token)
        branching.go_back(self, token, held.node, event.node)
        activities.enter(self, token, self.plan.nodes[event.node], "", held.frame)
        self.run()

    def within(self, frame: int, scope: str) -> bool:
        """Whether a frame is a run of `scope`, and not the several instances of an activity in it."""
        if not frame:
            return not scope
        return self.frames[frame].node == scope and not self.frames[frame].total

    def by_people(self, event: Event) -> None:
        """What people do with a task besides completing it; see `signing`."""
        if isinstance(event, PassOn):
            signing.pass_on(self, event)
        elif isinstance(event, ChangeSigners):
            signing.change_signers(self, event)
        elif isinstance(event, Hold):
            signing.hold(self, event)
        elif isinstance(event, TakeBack):
            signing.take_back(self, event)

    def clear(self, status: Status, end: str | None) -> None:
        """Every token, task and gathering goes; the instance is over."""
        for number, task in sorted(self.tasks.items()):
            self.effects.append(TaskDropped(number, task.node))
        self.tokens, self.tasks, self.gatherings, self.signings = Map(), Map(), Map(), Map()
        self.frames, self.waits = Map(), Map()
        self.moving.clear()
        self.live = 0
        self.over(status, end)

    def over(self, status: Status, end: str | None) -> None:
        self.status, self.end = status, end
        self.effects.append(Ended(status, end))

    # -- moving

    def advance(self, token: int, flow: Flow) -> None:
        self.moving.append((token, flow, 0))
        self.run()

    def run(self) -> None:
        """Move every token that sets out until it, and all it is split into, rests."""
        nodes, joins, moving = self.plan.nodes, self.plan.joins, self.moving
        busy = self.plan.busy
        while moving:
            token, flow, frame = moving.pop()
            self.passed.append(flow.id)
            node = nodes[flow.target]
            kind = node.kind
            if node.id in busy:
                activities.enter(self, token, node, flow.id, frame)
            elif kind is Kind.USER:
                self.rest(token, node.id, flow.id, frame)
            elif kind is Kind.EXCLUSIVE:
                moving.append((token, branching.choose(self, node), frame))
            elif kind is Kind.END:
                self.finish(token, node, flow, frame)
            elif kind is Kind.TERMINATE:
                self.terminate(token, node, frame)
            elif kind in FORKS:
                if node.id not in joins:
                    branching.leave_gateway(self, token, node, frame)
                elif branching.arrive(self, token, node, flow, frame):
                    branching.leave_gateway(self, self.number(), node, frame)
            else:
                happenings.come(self, token, node, flow, frame)

    def terminate(self, token: int, node: Node, frame: int) -> None:
        """Everything in the frame goes: the instance, or the sub-process, is over."""
        if not frame:
            self.clear(Status.ENDED, node.id)
        else:
            self.remove(token)
            self.count(frame, -1)
            activities.close(self, frame)

    def rest(self, token: int, node: str, flow: str, frame: int = 0) -> None:
        self.place(token, node, flow, frame)
        signing.open_step(self, token, self.plan.nodes[node])

    def place(self, token: int, node: str, flow: str = "", frame: int | None = None) -> None:
        """Where a token rests now; in the frame it is in unless one is given."""
        if frame is None:
            frame = self.tokens[token].frame if token in self.tokens else 0
        self.tokens = self.tokens.set(token, Token(node, flow, frame))

    def count(self, frame: int, tokens: int) -> None:
        """So many tokens more (or fewer) in a frame."""
        self.live += tokens
        if frame:
            held = self.frames[frame]
            self.frames = self.frames.set(frame, replace(held, live=held.live + tokens))

    def ask(self, token: int, node: str, post: str) -> None:
        """A task opens for a post."""
        task = self.number()
        self.tasks = self.tasks.set(task, OpenTask(node, token, post))
        self.effects.append(TaskOpened(task, node, post))

    def finish(self, token: int, node: Node, flow: Flow, frame: int) -> None:
        self.last_end = node.id
        if node.occasion and not happenings.throw(self, token, node, flow, frame):
            return
        self.remove(token)
        if not frame:
            self.live -= 1
            self.perhaps_over()
        else:
            self.count(frame, -1)
            activities.emptied(self, frame)

    def perhaps_over(self) -> None:
        if self.live == 0:
            self.frames, self.waits = Map(), Map()
            self.over(Status.ENDED, self.last_end)

    def remove(self, token: int) -> None:
        if token in self.tokens:
            self.tokens = self.tokens.delete(token)

    def go_back(self, token: int, origin: str, node: str) -> None:
        branching.go_back(self, token, origin, node)
