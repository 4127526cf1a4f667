"""
A plan run in memory by the very step function of production, nothing stored: for scenarios, tests and simulation.

Whatever happens by itself happens at once: `work` does service and rule tasks, signals reach all that wait for them.
"""

from collections import deque
from collections.abc import Callable, Mapping

from mingqu.kernel.types import Instant
from mingqu.process import conditions, deciding, signing
from mingqu.process.errors import NotAwaited
from mingqu.process.plan import Node, Plan
from mingqu.process.state import (
    EMPTY,
    Complete,
    Effect,
    Event,
    Fail,
    ReturnTo,
    Start,
    Terminate,
    Thrown,
    Trigger,
    Work,
    WorkDue,
)
from mingqu.process.step import step
from mingqu.process.types import Json, WorkFailed

Worker = Callable[[Node], str]
"""Does a service or rule task; its outcome. Raises WorkFailed with an error code the drawing knows."""


def nothing(_: Node) -> str:
    return ""


class InMemory:
    """One instance: `state` and all that happened to it (`events`, `effects`); `sent`: messages it sent."""

    def __init__(self, plan: Plan, data: Mapping[str, Json], at: Instant, work: Worker = nothing) -> None:
        """Start the plan. Raises NoWayOut, BadCount, BadTimer."""
        self.plan, self.work, self.state = plan, work, EMPTY
        self.events: list[Event] = []
        self.effects: list[Effect] = []
        self.sent: list[str] = []
        self._following: deque[Effect] = deque()
        given = conditions.kept(plan, data)
        self._take(Start(1, at, given, deciding.at_start(plan, given, at)))

    @property
    def seq(self) -> int:
        return len(self.events) + 1

    def complete(self, task: int, outcome: str, at: Instant, data: Mapping[str, Json] | None = None) -> None:
        """Raises TaskNotOpen, NoWayOut, BadCount, BadTimer."""
        settled = signing.outcome_after(self.state, task, outcome)
        if settled is None:
            self._take(Complete(self.seq, at, task, outcome, {}, {}))
            return
        held = self.state.tasks[task]
        given = conditions.given(self.plan, data or {}, held.node, settled)
        decided = deciding.at_node(self.plan, self.state, held.token, given, at)
        self._take(Complete(self.seq, at, task, outcome, given, decided))

    def return_to(self, task: int, node: str, at: Instant) -> None:
        held = self.state.tasks[task]
        decided = deciding.at_return(self.plan, self.state, held.token, node, at)
        self._take(ReturnTo(self.seq, at, task, node, "", decided))

    def terminate(self, at: Instant) -> None:
        self._take(Terminate(self.seq, at, ""))

    def message(self, ref: str, at: Instant, data: Mapping[str, Json] | None = None) -> None:
        """It reaches whatever has waited longest for it. Raises NotAwaited."""
        waiting = self.waiting("message", ref)
        if not waiting:
            raise NotAwaited()
        self.trigger(waiting[0], at, data)

    def signal(self, ref: str, at: Instant) -> None:
        """It reaches everything that waits for it now."""
        self._signal(ref, at)
        self._follow(at)

    def pass_time(self, until: Instant) -> None:
        """Every timer that is due by then fires, in order, at its moment."""
        while due := sorted((w.due, n) for n, w in self.state.waits.items() if w.due and w.due <= until):
            moment, wait = due[0]
            self.trigger(wait, moment)

    def waiting(self, occasion: str, ref: str) -> list[int]:
        nodes = self.plan.nodes
        return sorted(
            number
            for number, wait in self.state.waits.items()
            if (nodes[wait.node].occasion, nodes[wait.node].ref) == (occasion, ref)
        )

    def trigger(self, wait: int, at: Instant, data: Mapping[str, Json] | None = None) -> None:
        self._trigger(wait, at, data or {})
        self._follow(at)

    def _signal(self, ref: str, at: Instant) -> None:
        for wait in self.waiting("signal", ref):
            if wait in self.state.waits:
                self._trigger(wait, at, {})

    def _trigger(self, wait: int, at: Instant, data: Mapping[str, Json]) -> None:
        given = conditions.kept(self.plan, data)
        decided = deciding.at_wait(self.plan, self.state, wait, given, at)
        self._one(Trigger(self.seq, at, wait, given, decided))

    def _take(self, event: Event) -> None:
        self._one(event)
        self._follow(event.at)

    def _one(self, event: Event) -> None:
        self.state, effects = step(self.plan, self.state, event)
        self.events.append(event)
        self.effects += effects
        self._following.extend(effects)

    def _follow(self, at: Instant) -> None:
        """What happens by itself, one after another."""
        while self._following:
            effect = self._following.popleft()
            if isinstance(effect, WorkDue) and effect.token in self.state.tokens:
                self._do(effect, at)
            elif isinstance(effect, Thrown) and effect.occasion == "signal":
                self._signal(effect.ref, at)
            elif isinstance(effect, Thrown):
                self.sent.append(effect.ref)

    def _do(self, due: WorkDue, at: Instant) -> None:
        node = self.plan.nodes[due.node]
        try:
            outcome = self.work(node)
        except WorkFailed as failed:
            decided = deciding.at_failure(self.plan, self.state, due.token, at)
            self._one(Fail(self.seq, at, due.token, failed.code, decided))
            return
        given = conditions.given(self.plan, {}, node.id, outcome)
        decided = deciding.at_node(self.plan, self.state, due.token, given, at)
        self._one(Work(self.seq, at, due.token, outcome, given, decided))
