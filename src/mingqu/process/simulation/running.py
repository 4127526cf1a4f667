"""One instance in a simulation, and the queues of its posts. Pure."""

from collections.abc import Mapping
from heapq import heappop, heappush

from mingqu.kernel.types import Instant
from mingqu.process.memory import InMemory, Worker, nothing
from mingqu.process.plan import Plan
from mingqu.process.simulation.types import Pool
from mingqu.process.state import Effect, Event, Status
from mingqu.process.step import step
from mingqu.process.types import Json


class Life(InMemory):
    """An instance of which only the state is kept, and what the last event led to (`fresh`)."""

    def __init__(
        self, number: int, plan: Plan, data: Mapping[str, Json], at: Instant, work: Worker = nothing
    ) -> None:
        self.number, self.taken = number, 0
        self.fresh: list[Effect] = []
        self.times: dict[str, int] = {}  # how often each step has begun
        self.timers: set[Instant] = set()  # that are planned
        super().__init__(plan, data, at, work)

    @property
    def seq(self) -> int:
        return self.taken + 1

    @property
    def over(self) -> bool:
        return self.state.status is not Status.ACTIVE

    def happened(self) -> list[Effect]:
        """What the last event led to, once."""
        found, self.fresh = self.fresh, []
        return found

    def _one(self, event: Event) -> None:
        self.state, effects = step(self.plan, self.state, event)
        self.taken += 1
        self.fresh += effects
        self._following.extend(effects)


class Waiting:
    """A task that waits for people, or is being worked on by `people` of them."""

    __slots__ = ("began", "gone", "life", "minutes", "node", "opened", "people", "post", "task")

    def __init__(self, life: Life, task: int, node: str, post: str, opened: float) -> None:
        self.life, self.task, self.node, self.post, self.opened = life, task, node, post, opened
        self.people, self.minutes, self.began = 1, 0.0, -1.0
        self.gone = False  # dropped by its own process


class Queue:
    """Who waits for a post. Nobody is overtaken because he needs two officers and one is free."""

    __slots__ = ("_waiting", "free", "length", "longest", "pool")

    def __init__(self, pool: Pool) -> None:
        self.pool, self.free = pool, pool.staff
        self._waiting: list[tuple[float, int, Waiting]] = []
        self.length = self.longest = 0

    def put(self, rank: float, order: int, one: Waiting) -> None:
        heappush(self._waiting, (rank, order, one))
        self.length += 1

    def take(self) -> Waiting | None:
        """The next whom there are people for; they are his from now on."""
        waiting = self._waiting
        while waiting and waiting[0][2].gone:
            heappop(waiting)
        if not waiting:
            return None
        one = waiting[0][2]
        if self.free is not None:
            if self.free < one.people:
                return None
            self.free -= one.people
        heappop(waiting)
        self.length -= 1
        return one

    def give_back(self, people: int) -> None:
        if self.free is not None:
            self.free += people

    def leave(self) -> None:
        """One of those who wait is asked for no more."""
        self.length -= 1

    def count(self) -> None:
        """The queue as it stands after everybody was served who could be."""
        self.longest = max(self.longest, self.length)
