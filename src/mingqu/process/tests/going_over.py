"""The same plan under other names, and a move onto it, for tests of 流程迁移."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from mingqu.process import replanning
from mingqu.process.carrying import Arm
from mingqu.process.history import event_from, event_json
from mingqu.process.memory import InMemory
from mingqu.process.onto import Onto
from mingqu.process.plan import Plan, make_plan
from mingqu.process.replan import Replan
from mingqu.process.replanning import Moment
from mingqu.process.state import State, Wait
from mingqu.process.step import step


def never(then: State, wait: Wait, begun: int) -> None:
    raise AssertionError("no timer has another rule here")


def otherwise(plan: Plan, flows_too: bool = False) -> tuple[Plan, dict[str, str]]:
    """The same plan, every element (and flow) called otherwise; the table that leads to it."""
    names = {name: f"n_{name}" for name in plan.nodes}
    return renamed(plan, names, {name: f"m_{name}" for name in plan.flows if flows_too}), names


def renamed(plan: Plan, known: Mapping[str, str], ways: Mapping[str, str] = MappingProxyType({})) -> Plan:
    """The plan with other names for some elements and flows."""
    names = {name: known.get(name, name) for name in ("", *plan.nodes)}
    flows = {name: ways.get(name, name) for name in plan.flows}
    nodes = [
        replace(
            node,
            id=names[node.id],
            scope=names[node.scope],
            attached=names[node.attached],
            default=flows[node.default] if node.default else None,
        )
        for node in plan.nodes.values()
    ]
    leading = [
        replace(flow, id=flows[flow.id], source=names[flow.source], target=names[flow.target])
        for flow in plan.flows.values()
    ]
    return make_plan(nodes, leading)


def moved(
    run: InMemory, new: Plan, steps: Mapping[str, str], at: datetime, arm: Arm = never
) -> tuple[State, State, Replan]:
    """The state on the new plan, the state after going back, and the event. Raises NotReplannable."""
    moving = replanning.moves(Onto(run.plan, new, steps), run.state, {}, Moment(run.seq, at, arm))
    event = stored(Replan(run.seq, at, moving.then, moving.was))
    there, effects = step(run.plan, run.state, event)
    assert len(effects) == 1
    back, _ = step(new, there, replanning.back(event, run.seq + 1, at))
    return there, back, event


def stored(event: Replan) -> Replan:
    """As the history row gives it again."""
    given: dict[str, Any] = json.loads(json.dumps(event_json(event)))
    again = event_from(event.seq, "replan", event.at, given)
    assert isinstance(again, Replan)
    assert again == event
    return again


def on(run: InMemory, plan: Plan, state: State) -> InMemory:
    """The same run, gone over."""
    there = InMemory.__new__(InMemory)
    there.__dict__ |= run.__dict__ | {"plan": plan, "state": state, "events": [*run.events]}
    return there


def acts(run: InMemory) -> list[int]:
    """Tasks and waits, by number."""
    return sorted([*run.state.tasks, *run.state.waits])


def do(run: InMemory, number: int, at: datetime) -> None:
    if number in run.state.tasks:
        run.complete(number, "", at)
    else:
        run.trigger(number, at)
