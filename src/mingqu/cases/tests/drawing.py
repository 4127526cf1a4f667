"""
The food licence with its flow drawn by an expert: two reviews side by side, a visit for raw food alone, and a way back
from the reviews to themselves where the first was not met.
"""

import copy

from mingqu.cases.tests import factories as f
from mingqu.catalogue import checking
from mingqu.catalogue.plans import plan_of
from mingqu.catalogue.rules import definition_of
from mingqu.process import services as process
from mingqu.process.plan import Flow, Kind, Node, Plan, make_plan

RAW = 'list contains(situation.foods, "raw")'
AGAIN = 'outcome.check = "not_met"'
GATES = {
    "again": Kind.EXCLUSIVE,
    "both": Kind.PARALLEL,
    "raw": Kind.EXCLUSIVE,
    "looked": Kind.EXCLUSIVE,
    "meet": Kind.PARALLEL,
    "enough": Kind.EXCLUSIVE,
}
LINES = [
    ("start", "again"), ("again", "both"), ("both", "check"), ("check", "raw"), ("raw", "visit", RAW),
    ("raw", "looked"), ("visit", "looked"), ("looked", "meet"), ("both", "fitness"), ("fitness", "meet"),
    ("meet", "enough"), ("enough", "again", AGAIN), ("enough", "decide"), ("decide", "end"),
]  # fmt: skip
DEFAULTS = {"raw": "raw-looked", "enough": "enough-decide"}


def drawing(document: dict | None = None, lines=LINES, steps=("check", "visit", "fitness", "decide")) -> Plan:
    """As a plan; the steps are those of the table, which has to say the same of them."""
    table = plan_of(definition_of(document or f.food_licence(), "01"))
    ends = {name for line in lines for name in line[:2]}
    nodes = [
        Node("start", Kind.START),
        *(table.nodes[name] for name in steps),
        *(Node(name, kind, default=DEFAULTS.get(name)) for name, kind in GATES.items() if name in ends),
        Node("end", Kind.END),
    ]
    return make_plan(nodes, [flow(*line) for line in lines])


def flow(source: str, target: str, condition: str | None = None) -> Flow:
    return Flow(f"{source}-{target}", source, target, condition)


def file_of(plan: Plan, name: str = "food"):
    """(digest, file) as a drawing is kept."""
    return checking.stored_file("bpmn", process.write_bpmn(process.plan_to_bpmn(plan, name)))


def drawn_licence(plan: Plan | None = None):
    """(document, files): 新办 goes by the drawing; the scenarios that ask for the order of the table are left out."""
    whole = copy.deepcopy(f.food_licence())
    digest, file = file_of(plan or drawing())
    one = whole["handling"][0]
    one["process"] = {"file": digest, "process": "food"}
    for step in one["steps"]:
        step.pop("when", None)
        step.pop("parallel", None)
    for scenario in one["scenarios"]:
        scenario["expect"].pop("path", None)
    return whole, {digest: file}
