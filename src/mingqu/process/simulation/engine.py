"""
`simulate(setup, arrivals)`: event by event, from the first arrival until the last case is over. Pure.

Every movement of a case is one `process.step`; here is only time: who waits for whom, how long work takes, and the
hours in which it is done. Events of one moment happen in the order in which they were planned, so a run is the same
every time.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from heapq import heappop, heappush
from typing import Any

from mingqu.process.memory import Worker
from mingqu.process.plan import Kind, Node
from mingqu.process.simulation.drawing import one_of, uniform
from mingqu.process.simulation.running import Life, Queue, Waiting
from mingqu.process.simulation.types import (
    Arrival,
    Discipline,
    Found,
    PostFound,
    Setup,
    StepFound,
)
from mingqu.process.state import TaskDropped, TaskOpened

MET = "met"
MOST_STEPS = 300
"""Events of one case: what goes round more often than that never ends."""
TOLD_EVERY = 500
"""Cases."""

Told = Callable[[int], None]


class NeverEnds(Exception):
    """A case goes round and round: with what is drawn, nothing leads it out."""


class TooFewPeople(Exception):
    """A step needs more officers than its post has."""

    def __init__(self, step: str, post: str) -> None:
        super().__init__(step)
        self.step, self.post = step, post


def simulate(setup: Setup, arrivals: Iterable[Arrival], told: Told = lambda _over: None) -> Found:
    """
    Send cases through a process. `arrivals` in the order they come; `told` hears now and then how many are over.

    Raises TooFewPeople, NeverEnds, NoHours, TooFar, and what the step refuses (NoWayOut, BadCount, BadTimer).
    """
    return _Run(setup, told).through(iter(arrivals))


def short_of(setup: Setup) -> list[tuple[str, str]]:
    """Steps and posts where fewer people are than the step needs."""
    return [
        (node.id, post)
        for node in _steps(setup)
        for post in (node.post, *node.signers)
        if (staff := setup.pools[post].staff) is not None and staff < node.people
    ]


def _steps(setup: Setup) -> Iterator[Node]:
    return (node for node in setup.plan.nodes.values() if node.kind is Kind.USER)


class _Run:
    def __init__(self, setup: Setup, told: Told) -> None:
        for step, post in short_of(setup):
            raise TooFewPeople(step, post)
        self.setup, self.told = setup, told
        self.queues = {post: Queue(pool) for post, pool in setup.pools.items()}
        self.found = Found(
            {node.id: StepFound() for node in _steps(setup)},
            {post: PostFound(pool.staff) for post, pool in setup.pools.items()},
        )
        self.ahead: list[tuple[float, int, str, Any]] = []
        self.order = self.cases = self.ended = 0
        self.working: dict[tuple[int, int], Waiting] = {}  # by case and task: waiting or being worked on
        self.arrived: list[Arrival] = []
        self.now = 0.0

    def through(self, arrivals: Iterator[Arrival]) -> Found:
        self._await_next(arrivals)
        while self.ahead:
            self.now, _, kind, what = heappop(self.ahead)
            self.found.events += 1
            if kind == "arrival":
                self._arrive(what, arrivals)
            elif kind == "done":
                self._done(what)
            else:
                self._timer(what)
        self._close()
        return self.found

    # -- what happens

    def _await_next(self, arrivals: Iterator[Arrival]) -> None:
        following = next(arrivals, None)
        if following is not None:
            self._plan(max(following.at, self.now), "arrival", following)

    def _arrive(self, one: Arrival, arrivals: Iterator[Arrival]) -> None:
        self.found.came.append(self.now)
        self.found.over.append(-1.0)
        self.arrived.append(one)
        number = len(self.arrived) - 1
        life = Life(number, self.setup.plan, one.data, self._instant(), self._decider(number, one))
        self._await_next(arrivals)
        self._follow(life)

    def _done(self, work: Waiting) -> None:
        if work.gone:
            return
        del self.working[work.life.number, work.task]
        queue = self.queues[work.post]
        queue.give_back(work.people)
        self.found.posts[work.post].busy += work.minutes * work.people
        hours, step = queue.pool.hours, self.found.steps[work.node]
        step.waited.append(max(0.0, hours.worked(work.began) - hours.worked(work.opened)))
        step.handled.append(work.minutes)
        work.life.complete(work.task, self._outcome(work), self._instant())
        self._follow(work.life)
        self._serve(work.post)

    def _timer(self, life: Life) -> None:
        if not life.over:
            life.pass_time(self._instant())
            self._follow(life)

    def _follow(self, life: Life) -> None:
        """Take up what the last event of a case led to."""
        if life.taken > MOST_STEPS:
            raise NeverEnds()
        asked: set[str] = set()
        for effect in life.happened():
            if isinstance(effect, TaskOpened):
                asked.add(self._ask(life, effect))
            elif isinstance(effect, TaskDropped):
                asked.add(self._drop(life, effect.task))
        for post in sorted(asked - {""}):
            self._serve(post)
        if life.over:
            self._over(life)
        elif not self.setup.plan.plain:
            for due in sorted({wait.due for wait in life.state.waits.values() if wait.due} - life.timers):
                life.timers.add(due)
                self._plan(max(self.now, (due - self.setup.first) / timedelta(minutes=1)), "timer", life)

    def _over(self, life: Life) -> None:
        self.found.over[life.number] = self.now
        self.ended += 1
        self.arrived[life.number] = Arrival(0.0)  # nothing of it is asked for any more
        if self.ended % TOLD_EVERY == 0:
            self.told(self.ended)

    # -- waiting and working

    def _ask(self, life: Life, opened: TaskOpened) -> str:
        work = Waiting(life, opened.task, opened.node, opened.post, self.now)
        work.people = self.setup.plan.nodes[opened.node].people
        work.minutes = self._minutes(work)
        self.working[life.number, opened.task] = work
        self.order += 1
        self.queues[opened.post].put(self._rank(work), self.order, work)
        return opened.post

    def _drop(self, life: Life, task: int) -> str:
        """Whoever works on it is free again; what was worked is worked."""
        work = self.working.pop((life.number, task), None)
        if work is None:
            return ""
        work.gone, queue = True, self.queues[work.post]
        self.found.dropped += 1
        if work.began < 0:
            queue.leave()
            return ""
        queue.give_back(work.people)
        hours = queue.pool.hours
        self.found.posts[work.post].busy += (hours.worked(self.now) - hours.worked(work.began)) * work.people
        return work.post

    def _serve(self, post: str) -> None:
        queue = self.queues[post]
        while (work := queue.take()) is not None:
            work.began = self.now
            self._plan(queue.pool.hours.after(self.now, work.minutes), "done", work)
        queue.count()

    def _rank(self, work: Waiting) -> float:
        if self.setup.order is Discipline.DUE:
            limit = self.setup.plan.nodes[work.node].limit or 0
            return self.found.came[work.life.number] + limit * 24 * 60
        return work.minutes if self.setup.order is Discipline.SHORT else 0.0

    def _minutes(self, work: Waiting) -> float:
        """What the case itself took, else a draw; a step done again is drawn anew."""
        life, node = work.life, work.node
        again = life.times[node] = life.times.get(node, -1) + 1
        known = self.arrived[life.number].taken.get(node) if not again else None
        if known is not None:
            return known
        return self.setup.minutes[node](uniform(self.setup.seed, life.number, node, again))

    def _decider(self, number: int, one: Arrival) -> Worker:
        """Business-rule tasks: asked of the decision, else drawn by their shares, else nothing came of them."""

        def work(node: Node) -> str:
            if self.setup.decides is not None and (said := self.setup.decides(node.id, one.data)):
                return said
            words = self.setup.outcomes.get(node.id)
            return one_of(words, uniform(self.setup.seed, number, f"outcome of {node.id}")) if words else ""

        return work

    def _outcome(self, work: Waiting) -> str:
        words = self.setup.outcomes.get(work.node)
        if not words:
            return MET
        about, again = f"outcome of {work.node}", work.life.times[work.node]
        return one_of(words, uniform(self.setup.seed, work.life.number, about, again))

    # -- time

    def _plan(self, at: float, kind: str, what: object) -> None:
        self.order += 1
        heappush(self.ahead, (at, self.order, kind, what))

    def _instant(self) -> Any:
        return self.setup.first + timedelta(minutes=self.now)

    def _close(self) -> None:
        """The posts could have worked from the first arrival until the last case was over."""
        if not self.found.came:
            return
        first, last = self.found.came[0], self.now
        for post, found in self.found.posts.items():
            hours = self.queues[post].pool.hours
            found.longest = self.queues[post].longest
            if found.staff is not None:
                found.open = (hours.worked(last) - hours.worked(first)) * found.staff
        self.told(self.ended)
