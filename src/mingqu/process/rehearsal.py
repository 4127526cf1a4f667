"""
A plan run in memory, for the scenarios of a definition: the very step function of production, nothing stored.
"""

from collections.abc import Callable, Mapping

from mingqu.kernel.types import Instant
from mingqu.process import signing
from mingqu.process.errors import TaskNotOpen
from mingqu.process.memory import InMemory
from mingqu.process.plan import Plan
from mingqu.process.state import Status
from mingqu.process.types import Json

Deciding = Callable[[str], str]
"""The outcome of the business-rule task with this id."""


FROM_OTHERS = frozenset({"message", "signal"})


def nothing(_: str) -> str:
    return ""


class Rehearsal:
    """
    One run: `open` are the steps that wait, and the elements that wait for a message or a signal; `done` those that
    were completed or came, in their order; `ended` whether it is over.
    """

    def __init__(
        self, plan: Plan, data: Mapping[str, Json], at: Instant, decides: Deciding = nothing
    ) -> None:
        """Start the plan. Raises NoWayOut, BadCount, BadTimer."""
        self._run = InMemory(plan, data, at, lambda node: decides(node.id))
        self.done: list[str] = []

    @property
    def open(self) -> list[str]:
        return sorted({task.node for task in self._run.state.tasks.values()} | self._messages().keys())

    @property
    def ended(self) -> bool:
        return self._run.state.status is not Status.ACTIVE

    def complete(self, node: str, outcome: str, at: Instant) -> None:
        """
        The step `node` is done, by everybody who signs it and in every one of its instances, all to one effect; or the
        message it waits for has come. Timers that were due by then have fired. Raises TaskNotOpen, NoWayOut, BadCount,
        BadTimer.
        """
        self._run.pass_time(at)
        if (wait := self._messages().get(node)) is not None:
            self.done.append(node)
            self._run.trigger(wait, at)
            return
        asked = self._tasks(node)
        if not asked:
            raise TaskNotOpen()
        self.done.append(node)
        several, frame = bool(self._run.plan.nodes[node].loop), self._frame(asked[0])
        while asked:
            settles = signing.outcome_after(self._run.state, asked[0], outcome) is not None
            self._run.complete(asked[0], outcome, at)
            # Signed by several: whoever is asked next; several instances: the next one; else it has begun anew.
            if settles and not several:
                break
            asked = [task for task in self._tasks(node) if self._frame(task) == frame]

    def _frame(self, task: int) -> int:
        """In which run of its surroundings a task lies."""
        state = self._run.state
        return state.tokens[state.tasks[task].token].frame

    def _messages(self) -> dict[str, int]:
        """Elements that wait for a message or a signal, each with the wait that is oldest."""
        nodes, waits = self._run.plan.nodes, sorted(self._run.state.waits.items(), reverse=True)
        return {wait.node: number for number, wait in waits if nodes[wait.node].occasion in FROM_OTHERS}

    def _tasks(self, node: str) -> list[int]:
        return sorted(number for number, task in self._run.state.tasks.items() if task.node == node)
