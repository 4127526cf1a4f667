"""Every control-flow pattern gives the trace written beside it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mingqu.kernel.errors import DomainError
from mingqu.process.plan import Plan
from mingqu.process.state import (
    EMPTY,
    Complete,
    Effect,
    Ended,
    Event,
    ReturnTo,
    Start,
    State,
    Status,
    TaskDropped,
    Terminate,
    shape,
)
from mingqu.process.step import replay, step

from .golden import NAMES, pattern

AT = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)


class Run:
    """One instance in memory, driven by the lines of a trace."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.state = plan, EMPTY
        self.last_task: dict[str, int] = {}
        self.events: list[Event] = []
        self.effects: tuple[Effect, ...] = ()

    def do(self, line: dict[str, Any]) -> None:
        event = self.event(line)
        self.state, self.effects = step(self.plan, self.state, event)
        self.events.append(event)
        self.last_task |= {task.node: number for number, task in self.state.tasks.items()}

    def event(self, line: dict[str, Any]) -> Event:
        seq = len(self.events) + 1
        if "start" in line:
            return Start(seq, AT, line["start"], self.decisions(line["start"]))
        if "complete" in line:
            node, data = line["complete"], dict(line.get("data", {}))
            if f"outcome.{node}" in self.plan.names:
                data[f"outcome.{node}"] = line.get("outcome", "") == "doubtful"
            decided = self.decisions(dict(self.state.variables) | data)
            return Complete(seq, AT, self.last_task[node], line.get("outcome", ""), data, decided)
        if "return" in line:
            there = line["return"]
            return ReturnTo(seq, AT, self.last_task[there["from"]], there["to"], "材料不清")
        return Terminate(seq, AT, line["terminate"])

    def decisions(self, variables: dict[str, Any]) -> dict[str, bool | None]:
        flows = [flow for flow in self.plan.flows.values() if flow.condition is not None]
        return {flow.id: variables.get(flow.reads[0]) for flow in flows}


def expect(line: dict[str, Any], state: State, effects: tuple[Effect, ...]) -> None:
    seen = shape(state)
    if "open" in line:
        assert seen["tasks"] == sorted(line["open"])
    if "joins" in line:
        assert seen["joins"] == {join: tuple(counts) for join, counts in line["joins"].items()}
    if "dropped" in line:
        dropped = [effect.node for effect in effects if isinstance(effect, TaskDropped)]
        assert sorted(dropped) == sorted(line["dropped"])
    over = [effect for effect in effects if isinstance(effect, Ended)]
    if "ended" in line:
        assert over == [Ended(Status.ENDED, line["ended"])]
    elif line.get("terminated"):
        assert over == [Ended(Status.TERMINATED, None)]
    else:
        assert over == []


@pytest.mark.parametrize("name", NAMES)
def test_the_pattern_gives_its_trace(name: str) -> None:
    golden = pattern(name)
    run = Run(golden.plan)
    for line in golden.trace:
        if "refused" in line:
            before = run.state
            with pytest.raises(DomainError) as refusal:
                run.do(line)
            assert (refusal.value.code, run.state) == (line["refused"], before), line
            expect({k: v for k, v in line.items() if k != "refused"}, before, ())
            continue
        run.do(line)
        expect(line, run.state, run.effects)
    assert run.state.status in (Status.ENDED, Status.TERMINATED), "a trace tells the whole story"
    assert (run.state.live, len(run.state.tokens), len(run.state.gatherings)) == (0, 0, 0)
    assert replay(golden.plan, run.events) == run.state


def test_the_state_given_is_never_changed() -> None:
    run = Run(pattern("blocks_in_blocks").plan)
    before, kept = run.state, shape(run.state)
    run.do({"start": {}})
    run.do({"complete": "receive"})
    assert shape(before) == kept
