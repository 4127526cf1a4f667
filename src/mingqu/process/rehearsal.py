"""
A plan run in memory, for the scenarios of a definition: the very step function of production, nothing stored.
"""

from collections.abc import Mapping

from mingqu.kernel.types import Instant
from mingqu.process import conditions
from mingqu.process.errors import TaskNotOpen
from mingqu.process.plan import Plan
from mingqu.process.state import EMPTY, Complete, Ended, Event, Start, State, TaskOpened
from mingqu.process.step import step
from mingqu.process.types import Json


class Rehearsal:
    """One run: `open` are the steps that wait, `done` those completed in their order, `ended` whether it is over."""

    def __init__(self, plan: Plan, data: Mapping[str, Json], at: Instant) -> None:
        """Start the plan. Raises NoWayOut."""
        self._plan, self._seq = plan, 1
        self._state: State = EMPTY
        self._tasks: dict[str, int] = {}
        self.done: list[str] = []
        self.ended = False
        variables = conditions.kept(plan, data)
        decided = conditions.decide(plan.reach[plan.start.id].conditional, variables, at)
        self._take(Start(1, at, variables, decided))

    @property
    def open(self) -> list[str]:
        return sorted(self._tasks)

    def complete(self, node: str, outcome: str, at: Instant) -> None:
        """The step `node` is done. Raises TaskNotOpen, NoWayOut."""
        number = self._tasks.pop(node, None)
        if number is None:
            raise TaskNotOpen()
        given = conditions.kept(self._plan, {conditions.OUTCOME: {node: outcome}})
        variables = self._state.variables.update(given)
        decided = conditions.decide(self._plan.reach[node].conditional, variables, at)
        self.done.append(node)
        self._take(Complete(self._seq, at, number, outcome, given, decided))

    def _take(self, event: Event) -> None:
        self._state, effects = step(self._plan, self._state, event)
        self._seq += 1
        for effect in effects:
            if isinstance(effect, TaskOpened):
                self._tasks[effect.node] = effect.task
            elif isinstance(effect, Ended):
                self.ended = True
