"""
The food licence with a flow that calls another process of its drawing (调用活动): the examination, then the part on the
place, which is drawn once and may be called again; for tests.
"""

import copy
from dataclasses import replace
from typing import Any
from uuid import uuid4

from mingqu.cases.tests import factories as f
from mingqu.cases.tests.drawing import file_of, flow
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.plans import plan_of
from mingqu.catalogue.rules import definition_of
from mingqu.process.plan import Flow, Kind, Node, Plan, make_plan

CALL, STEP = "site", "site.fitness"
ORDER = [("start", "check"), ("check", "site"), ("site", "decide"), ("decide", "end")]
NOT_MET = 'outcome.fitness = "not_met"'


def plan(*more: Node, lines: Any = ORDER, call: str = CALL) -> Plan:
    """`fitness` lies in a process of its own, `place`, which the call copies in; not met it is done anew there."""
    table = plan_of(definition_of(f.food_licence(), "01"))
    into = f"{call}."
    asks = (f"outcome.{into}fitness",)
    nodes = [
        Node("start", Kind.START),
        table.nodes["check"],
        Node(call, Kind.CALL, "场所审查", called="place@"),
        Node(f"{into}begin", Kind.START, scope=call),
        Node(f"{into}again", Kind.EXCLUSIVE, scope=call),
        replace(table.nodes["fitness"], id=f"{into}fitness", scope=call),
        Node(f"{into}enough", Kind.EXCLUSIVE, default=f"{into}out", scope=call),
        Node(f"{into}done", Kind.END, scope=call),
        *more,
        table.nodes["decide"],
        Node("end", Kind.END),
    ]
    inside = [
        Flow(f"{into}in", f"{into}begin", f"{into}again"),
        Flow(f"{into}to", f"{into}again", f"{into}fitness"),
        Flow(f"{into}on", f"{into}fitness", f"{into}enough"),
        Flow(f"{into}back", f"{into}enough", f"{into}again", NOT_MET, asks),
        Flow(f"{into}out", f"{into}enough", f"{into}done"),
    ]
    return make_plan(nodes, [*(flow(*line) for line in lines), *inside])


def drawn(of: Plan | None = None, step: str = STEP) -> tuple[dict[str, Any], dict[str, Any]]:
    """(document, files)."""
    whole = copy.deepcopy(f.food_licence())
    digest, file = file_of(of or plan())
    one = whole["handling"][0]
    one["process"], one["scenarios"] = {"file": digest, "process": "food"}, []
    one["steps"] = [row for row in one["steps"] if row["id"] in ("check", "fitness")]
    one["checklists"] = []
    for row in one["steps"]:
        row["id"] = step if row["id"] == "fitness" else row["id"]
        row.pop("when", None)
        row.pop("parallel", None)
    return whole, {digest: file}


def published() -> None:
    """Once: what is in force already stays."""
    _, now = catalogue.current_definition("QH-SPJYXK", "01")
    document, files = drawn()
    if now.process is None:
        f.catalogue_services.publish_revision(
            document=document, files=f.form_files() | files, by=f.SYSTEM, at=f.people.NOON, key=uuid4()
        )
