"""
The food licence with a flow that waits for an experts' report beside its examination (来件) and tells the applicant
when both are there, for tests.
"""

import copy
from typing import Any
from uuid import UUID, uuid4

from mingqu.cases import services
from mingqu.cases.arriving.types import Noted
from mingqu.cases.models import Case
from mingqu.cases.services.files import Upload
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.drawing import file_of, flow
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.plans import plan_of
from mingqu.catalogue.rules import definition_of
from mingqu.kernel.types import Actor
from mingqu.process import selectors as tasks
from mingqu.process.plan import Kind, Node, Plan, make_plan

AT = f.FRIDAY_NOON
REPORT = Node("report", Kind.RECEIVE, "专家评审报告", occasion="message", ref="专家评审报告")
TELLS = Node("tells", Kind.SEND, "告诉申请人", occasion="message", ref="专家评审报告已经收到，正在作决定")
BESIDE = [
    ("start", "both"), ("both", "check"), ("check", "meet"), ("both", "report"), ("report", "meet"),
    ("meet", "tells"), ("tells", "decide"), ("decide", "end"),
]  # fmt: skip


def plan(
    report: Node = REPORT, tells: Node = TELLS, more: tuple[Node, ...] = (), lines: Any = BESIDE
) -> Plan:
    table = plan_of(definition_of(f.food_licence(), "01"))
    ends = {name for line in lines for name in line[:2]}
    nodes = [
        Node("start", Kind.START),
        Node("both", Kind.PARALLEL),
        table.nodes["check"],
        report,
        Node("meet", Kind.PARALLEL),
        tells,
        *more,
        table.nodes["decide"],
        Node("end", Kind.END),
    ]
    return make_plan([node for node in nodes if node.id in ends], [flow(*line) for line in lines])


def drawn(of: Plan | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """(document, files)."""
    whole = copy.deepcopy(f.food_licence())
    digest, file = file_of(of or plan())
    one = whole["handling"][0]
    one["process"], one["scenarios"] = {"file": digest, "process": "food"}, []
    one["steps"] = [step for step in one["steps"] if step["id"] == "check"]
    one["checklists"] = []
    for step in one["steps"]:
        step.pop("when", None)
        step.pop("parallel", None)
    return whole, {digest: file}


def published() -> None:
    """Once: what is in force already stays."""
    _, now = catalogue.current_definition("QH-SPJYXK", "01")
    document, files = drawn()
    if now.process is None:
        f.catalogue_services.publish_revision(
            document=document, files=f.form_files() | files, by=f.SYSTEM, at=f.people.NOON, key=uuid4()
        )


def awaiting(w: f.World, **how: Any) -> tuple[Case, UUID]:
    published()
    case = f.accepted_case(w, **how)
    return case, tasks.awaited(case.pk)[0].wait_id


def noted(
    case: Case, wait_id: UUID, by: Actor, *, text: str = "评审〔2026〕3号，同意", on: Any = None, uploads: Any = (),
    at: Any = AT, key: UUID | None = None,
) -> object:  # fmt: skip
    came = Noted(wait_id, on or AT.date(), text, tuple(Upload(*one) for one in uploads))
    return services.note_arrival(case_id=case.pk, noted=came, by=by, at=at, key=key or uuid4())
