"""Reading tests/patterns: each folder holds a plan and the trace it must give."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mingqu.kernel.yaml_text import read_yaml
from mingqu.process.checks import publishable
from mingqu.process.plan import Flow, Kind, Node, Plan, make_plan
from mingqu.process.steptable import flow_id, plan_from_steps
from mingqu.process.types import StepRow

PATTERNS = Path(__file__).parent / "patterns"


@dataclass(frozen=True)
class Pattern:
    name: str
    plan: Plan
    trace: list[dict[str, Any]]


def the_name_itself(condition: str) -> list[str]:
    """In these plans every condition is the name of one variable, which is true or not."""
    return [condition]


def plan_of(definition: dict[str, Any]) -> Plan:
    if "steps" in definition:
        return plan_from_steps([StepRow(**row) for row in definition["steps"]], the_name_itself)
    nodes = [Node(**{**node, "kind": Kind(node["kind"])}) for node in definition["nodes"]]
    flows = [
        Flow(flow_id(source, target), source, target, *when, *([tuple(when)] if when else []))
        for source, target, *when in definition["flows"]
    ]
    plan = make_plan(nodes, flows)
    return plan if definition.get("publishable") is False else publishable(plan)


def pattern(name: str) -> Pattern:
    folder = PATTERNS / name
    definition = read_yaml((folder / "definition.yaml").read_text(encoding="utf-8"))
    trace = read_yaml((folder / "trace.yaml").read_text(encoding="utf-8"))
    return Pattern(name, plan_of(definition), trace)


NAMES = sorted(folder.name for folder in PATTERNS.iterdir() if folder.is_dir())
