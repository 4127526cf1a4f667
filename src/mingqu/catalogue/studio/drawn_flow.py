"""
The flow of a 业务办理项 as a BPMN drawing and back. Pure.

There is one source. What the step table can say stands in the step table, and the drawing is made of it; only a flow
that is more than the table can say is kept as a file, and then the file decides who comes after whom, by which post and
in how many days, while the table keeps what is looked at.
"""

import re
from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from mingqu.catalogue.checking import BPMN, stored_file
from mingqu.catalogue.rules import DECIDE, ONE
from mingqu.catalogue.studio.as_table import as_table
from mingqu.catalogue.studio.edits import value_at
from mingqu.catalogue.studio.flow import asked, table
from mingqu.catalogue.types import Files
from mingqu.process import services as process
from mingqu.process.errors import BpmnRefused, PlanRefused
from mingqu.process.types import Finding, StepRow

PROCESS = "process"
NOBODY = "-"  # stands for a post not yet chosen, which a drawing must name
NOTES = "图里有说明文字、泳道、数据或者别的软件的内容，环节表写不出来。"
EMPTY = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" id="new_definitions" targetNamespace="https://mingqu.org/process" expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/">
  <bpmn:process id="process" isExecutable="true"><bpmn:startEvent id="start" name="开始"/></bpmn:process>
  <bpmndi:BPMNDiagram id="new_diagram"><bpmndi:BPMNPlane id="new_plane" bpmnElement="process"><bpmndi:BPMNShape id="start_di" bpmnElement="start"><dc:Bounds x="160" y="160" width="36" height="36"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""  # noqa: E501


@dataclass(frozen=True)
class Drawing:
    """`own`: an expert's file; else made of the step table. `troubles`: why the table makes none."""

    xml: str
    process: str
    own: bool
    troubles: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Looked:
    """
    What a drawing comes to: `findings` keep it from being published, `beyond` from being a step table; `kept` stays in
    the file and does nothing here.
    """

    process: str
    findings: list[Finding]
    beyond: list[Finding]
    rows: list[StepRow]  # in order; empty where there is no plan
    plan: process.Plan | None = None
    kept: list[Finding] = field(default_factory=list)

    @property
    def automatic(self) -> dict[str, str]:
        """The business-rule tasks, id -> name."""
        nodes = self.plan.nodes.values() if self.plan else ()
        return {node.id: node.name for node in nodes if node.kind.value == "rule"}


def drawing(handling: Mapping[str, Any], files: Files) -> Drawing:
    """What the editor of the flow begins with."""
    drawn = handling.get("process")
    stored = files.get(str(drawn.get("file"))) if isinstance(drawn, Mapping) else None
    if isinstance(drawn, Mapping) and stored is not None:
        return Drawing(normal(stored.content), str(drawn.get("process")), own=True)
    try:
        plan = process.plan_from_steps([_filled(row) for row in table(handling)], asked(handling))
        made = process.write_bpmn(process.plan_to_bpmn(plan, PROCESS))
    except (PlanRefused, BpmnRefused) as refused:
        found = refused.findings if isinstance(refused, PlanRefused) else []
        said = [one.sentence for one in found] or [refused.message]
        return Drawing(EMPTY, PROCESS, own=False, troubles=list(dict.fromkeys(said)))
    return Drawing(made.decode(), PROCESS, own=False)


def _filled(row: StepRow) -> StepRow:
    """A row that is not yet complete can be drawn nevertheless."""
    return replace(row, limit=row.limit or 1, post=row.post or NOBODY)


def normal(content: bytes) -> str:
    """A file as text in UTF-8, with positions; one that can't be read as it came. Of any encoding XML knows."""
    try:
        return process.write_bpmn(process.draw_bpmn(process.read_bpmn(content))).decode()
    except BpmnRefused:
        return content.decode(errors="replace")


def read(xml: str) -> bytes:
    """Text from a page as a file: it says UTF-8, whatever it said before."""
    return re.sub(r"^\s*<\?xml[^>]*\?>\s*", '<?xml version="1.0" encoding="UTF-8"?>\n', xml).encode()


def looked_at(
    content: bytes, wanted: str, posts: Collection[str] | None, names: Collection[str] | None
) -> Looked:
    """Everything there is to say about a drawing. Raises BpmnRefused."""
    file = process.read_bpmn(content)
    known = {one.id for one in file.processes}
    mine = wanted if wanted in known else next((p.id for p in file.processes if p.executable), "")
    mine = mine or next(iter(known), "")
    seen = process.examine_bpmn(file, mine, posts=posts, names=names)
    kept = [Finding(one.element, "kept", one.sentence) for one in seen.outside if not one.blocks]
    if seen.plan is None:
        return Looked(mine, list(seen.refusals), [Finding("", "not_executed", NOTES)], [], kept=kept)
    told = as_table(seen.plan)
    beyond = list(told.beyond)
    scope = next(one.scope for one in file.processes if one.id == mine)
    if scope.artifacts or scope.lanes or file.collaborations or seen.outside:
        beyond.append(Finding("", "more_than_steps", NOTES))
    rows = told.rows or [
        StepRow(n.id, n.name, n.post, n.limit, None, None, n.people, n.sign, n.signers, n.votes)
        for n in seen.plan.nodes.values()
        if n.kind.value == "user"
    ]
    return Looked(mine, list(seen.refusals), beyond, rows, seen.plan, kept)


def with_drawing(document: Mapping[str, Any], place: int, content: bytes) -> tuple[dict[str, Any], Files]:
    """
    The document whose 业务办理项 at `place` runs as drawn, and the file it refers to, if any.

    Steps and 自动判定 drawn anew come into the tables, those no longer drawn leave them; the decision stays. Raises
    BpmnRefused, and PlanRefused where nothing could be read from it but findings.
    """
    made = deepcopy(dict(document))
    handling = value_at(made, f"handling[{place}]")
    drawn = handling.get("process")
    looked = looked_at(content, str((drawn or {}).get("process") or PROCESS), None, None)
    if not looked.rows:
        raise PlanRefused(looked.findings or looked.beyond)
    fits = not looked.beyond and looked.rows[-1].id == DECIDE
    old = {str(row.get("id")): row for row in [*(handling.get("steps") or []), handling.get("decide") or {}]}
    rows = [_written(old.get(row.id, {}), row, way=fits) for row in looked.rows]
    handling["steps"] = [row for row in rows if row["id"] != DECIDE]
    if decide := next((row for row in rows if row["id"] == DECIDE), None):
        handling["decide"] = decide
    _put_routes(handling, looked.automatic)
    if fits:
        handling.pop("process", None)
        return made, {}
    digest, file = stored_file(BPMN, content)
    handling["process"] = {"file": digest, "process": looked.process}
    return made, {digest: file}


def _put_routes(handling: dict[str, Any], drawn: Mapping[str, str]) -> None:
    """自动判定 as drawn; of one drawn anew the table and the results are still to be filled in."""
    old = {str(row.get("code")): row for row in handling.get("routes") or () if isinstance(row, Mapping)}
    begins = {"table": {"file": "", "decision": ""}, "results": []}
    made = [
        {"code": code, "name": ""} | begins | dict(old.get(code, {})) | {"name": name or code}
        for code, name in drawn.items()
    ]
    handling.pop("routes", None)
    if made:
        handling["routes"] = made


def _written(old: Mapping[str, Any], row: StepRow, *, way: bool) -> dict[str, Any]:
    """A row of the table with what the drawing says of it."""
    begins = {"id": row.id, "name": "", "post": "", "limit": 1, "standard": "", "result": ""}
    made = begins | dict(old) | {"name": row.name or row.id, "limit": row.limit or 1}
    made["post"] = "" if row.post == NOBODY else row.post
    said: dict[str, Any] = {
        "people": row.people if row.people != 1 else None,
        "sign": row.sign if row.sign not in ("", ONE) else None,
        "signers": list(row.signers) or None,
        "votes": row.votes or None,
        "when": row.when if way else None,
        "parallel": row.parallel if way else None,
    }
    for name, value in said.items():
        made.pop(name, None)
        if value is not None:
            made[name] = value
    return made


def without_drawing(document: Mapping[str, Any], place: int) -> dict[str, Any]:
    """The document whose 业务办理项 runs by its table again, row after row."""
    made = deepcopy(dict(document))
    value_at(made, f"handling[{place}]").pop("process", None)
    return made
