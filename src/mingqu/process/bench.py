"""
Measures the pure engine: `python -m mingqu.process.bench` prints one line of JSON per figure.

A figure comes only from a run; the bars are those of the issue (pure steps in memory: 50,000 a second).
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from mingqu.process.checks import findings, publishable
from mingqu.process.keys import counted
from mingqu.process.plan import Flow, Kind, Node, Plan, make_plan
from mingqu.process.state import EMPTY, Complete, Start, State
from mingqu.process.step import step
from mingqu.process.steptable import plan_from_steps
from mingqu.process.types import StepRow

AT = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
SECONDS = 1.0
BAR = 50_000.0


def group(branches: int) -> Plan:
    """Receipt, so many departments side by side, decision."""
    rows = [StepRow("receive", "收件", "window")]
    rows += [StepRow(f"d{n}", f"部门{n}", f"post{n}", parallel="A") for n in range(branches)]
    rows.append(StepRow("decide", "决定", "leader"))
    return plan_from_steps(rows, lambda condition: (condition,))


def several(instances: int) -> Plan:
    """One step in so many instances, done by as many people at once."""
    nodes = [
        Node("start", Kind.START),
        Node("sign", Kind.USER, "会签", "post", loop="parallel", count=str(instances)),
        Node("end", Kind.END),
    ]
    return publishable(make_plan(nodes, [Flow("a", "start", "sign"), Flow("b", "sign", "end")]))


def run_through(plan: Plan) -> int:
    """One instance from start to end, in the order its tasks opened; the number of steps taken."""
    state, _ = step(plan, EMPTY, Start(1, AT, {}, decided(plan)))
    taken = 1
    while state.tasks:
        for task in sorted(state.tasks):
            taken += 1
            state, _ = step(plan, state, Complete(taken, AT, task, "ok", {}, {}))
    return taken


def decided(plan: Plan) -> dict[str, int]:
    return {counted(name): int(plan.nodes[name].count) for name in plan.looped}


def per_second(work: Callable[[], int]) -> float:
    """How many steps a second of this process's CPU, over at least SECONDS."""
    work()
    taken, began = 0, time.process_time()
    while (spent := time.process_time() - began) < SECONDS:
        taken += work()
    return taken / spent


def one_of_many(plan: Plan) -> Callable[[], int]:
    """One completion while every other branch is still open, again and again from the same state."""
    state: State
    state, _ = step(plan, EMPTY, Start(1, AT, {}, decided(plan)))
    if plan.plain:
        state, _ = step(plan, state, Complete(2, AT, next(iter(state.tasks)), "ok", {}, {}))
    event = Complete(3, AT, max(state.tasks), "ok", {}, {})

    def work() -> int:
        for _ in range(1000):
            step(plan, state, event)
        return 1000

    return work


def figure(name: str, value: float, unit: str, better: str = "higher", bar: float | None = None) -> None:
    line = {"name": name, "value": round(value, 3), "unit": unit, "better": better, "bar": bar}
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


def bench_steps() -> None:
    """Pure steps a second, for whole instances and for one branch of many; the time to check a plan."""
    ten = group(10)
    figure("pure steps, 10 in parallel, start to end", per_second(lambda: run_through(ten)), "1/s", bar=BAR)
    for branches in (10, 100, 1000):
        plan = group(branches)
        figure(f"pure steps, one branch of {branches}", per_second(one_of_many(plan)), "1/s", bar=BAR)
        began = time.process_time()
        findings(plan)
        figure(f"checks of a plan with {branches} branches", time.process_time() - began, "s", "lower")
    wide = group(1000)
    figure("1,000 branches start to end", per_second(lambda: run_through(wide)), "1/s", bar=BAR)


if __name__ == "__main__":
    bench_steps()
