"""Every drawn control-flow pattern runs as its file says, worked out by hand from the semantics of BPMN 2.0.2."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mingqu.kernel.errors import DomainError
from mingqu.process.memory import InMemory
from mingqu.process.plan import Plan
from mingqu.process.state import Effect, Ended, State, Status, TaskDropped, shape
from mingqu.process.step import replay

from .drawn import stories, told

AT = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)


class Run:
    """One instance in memory, its tasks called by their steps."""

    def __init__(self, plan: Plan, data: dict[str, Any]) -> None:
        self.at, self.memory = AT, InMemory(plan, data, AT)
        self.last: dict[str, int] = {}

    def do(self, line: dict[str, Any]) -> Sequence[Effect]:
        self.last |= {task.node: number for number, task in self.memory.state.tasks.items()}
        known = len(self.memory.effects)
        if "complete" in line:
            outcome = line.get("outcome", "ok")
            self.memory.complete(self._task(line["complete"]), outcome, self.at, line.get("data"))
        elif "message" in line:
            self.memory.message(line["message"], self.at)
        elif "signal" in line:
            self.memory.signal(line["signal"], self.at)
        else:
            self.at += timedelta(**line["passes"])
            self.memory.pass_time(self.at)
        return self.memory.effects[known:]

    def _task(self, node: str) -> int:
        """The oldest open one of the step; where none is open, the one that was."""
        tasks = self.memory.state.tasks
        return min((n for n, task in tasks.items() if task.node == node), default=self.last.get(node, 0))


def expect(line: dict[str, Any], state: State, effects: Sequence[Effect]) -> None:
    seen = shape(state)
    assert seen["tasks"] == line["open"], line
    if "waits" in line:
        assert [node for node, *_ in seen["waits"]] == line["waits"], line
    if "joins" in line:
        assert seen["joins"] == {join: tuple(counts) for join, counts in line["joins"].items()}, line
    if "dropped" in line:
        assert sorted(e.node for e in effects if isinstance(e, TaskDropped)) == line["dropped"], line
    over = [effect for effect in effects if isinstance(effect, Ended)]
    assert over == ([Ended(Status.ENDED, line["ended"])] if "ended" in line else []), line


@pytest.mark.parametrize(("file", "story"), stories())
def test_the_drawing_runs_as_told(file: str, story: str) -> None:
    known = told(file, story)
    first, *rest = known.lines
    run = Run(known.plan, first["start"])
    expect(first, run.memory.state, run.memory.effects)
    for line in rest:
        before = run.memory.state
        if "refused" in line:
            with pytest.raises(DomainError) as refusal:
                run.do(line)
            assert (refusal.value.code, run.memory.state) == (line["refused"], before), line
            expect(line, before, ())
        else:
            effects = run.do(line)
            expect(line, run.memory.state, effects)
    state = run.memory.state
    assert state.status is Status.ENDED, "a story tells the whole of it"
    left = [*state.tokens, *state.tasks, *state.frames, *state.waits, *state.gatherings, *state.signings]
    assert left == []
    assert replay(known.plan, run.memory.events) == state
