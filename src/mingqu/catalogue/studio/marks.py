"""
Places within what an expert drew, for remarks: `handling[01].process#Gateway_1`, one element of the flow, and
`handling[01].eligibility#row_2`, one row of a decision table. Without an element: the whole drawing or table.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mingqu.catalogue import selectors
from mingqu.catalogue.checking import referred
from mingqu.catalogue.studio import decided, drawn_flow, edits
from mingqu.catalogue.studio.flow_diff import END, KINDS, START
from mingqu.decisions import services as decisions
from mingqu.decisions.errors import DecisionError
from mingqu.process import services as process
from mingqu.process.errors import BpmnRefused

_DRAWN = re.compile(r"(.+\.(?:process|eligibility|(?:fees|routes)\[.*\]\.table))(?:#(.+))?", re.DOTALL)
_PART = re.compile(r"(?P<kind>flow|decision)-(?P<place>\d{1,3})(?:-(?P<name>[a-z]+(?:-\d{1,3})?))?")
WORDS = {  # as the list beside the drawing calls them (flow-expert.js)
    "startEvent": START, "endEvent": END, "userTask": KINDS["user"], "parallelGateway": "同时走的网关",
    "exclusiveGateway": "只走一条的网关", "inclusiveGateway": "走符合条件的网关", "subProcess": KINDS["sub"],
    "eventBasedGateway": KINDS["events"], "businessRuleTask": "自动判定", "boundaryEvent": KINDS["boundary"],
    "manualTask": KINDS["manual"], "sendTask": KINDS["send"], "receiveTask": KINDS["receive"],
    "serviceTask": KINDS["service"], "callActivity": KINDS["call"], "intermediateCatchEvent": KINDS["catch"],
    "intermediateThrowEvent": KINDS["throw"],
}  # fmt: skip
SHOWN = 60  # signs of a row that are told
GONE = "已经没有了"


@dataclass(frozen=True)
class Drawn:
    """One drawing or table: its place by codes, its words, what of it can be remarked on (id → words)."""

    path: str
    words: str
    part: str
    elements: Mapping[str, str]

    @property
    def places(self) -> list[tuple[str, str]]:
        """(path, words), the whole of it first."""
        return [
            (self.path, f"整{self._unit}"),
            *((f"{self.path}#{one}", words) for one, words in self.elements.items()),
        ]

    @property
    def _unit(self) -> str:
        return "张图" if self.path.endswith(".process") else "张表"


def split(path: str) -> tuple[str, str] | None:
    """(place of the drawing or table, element or "") ; None for a place of a sheet."""
    found = _DRAWN.fullmatch(path)
    return (found[1], found[2] or "") if found else None


def place_of(path: str) -> str:
    """The place of the drawing or table alone."""
    return (split(path) or (path, ""))[0]


def known(document: Mapping[str, Any], path: str) -> bool:
    """Whether there is such an element of a drawing or row of a table. Only of what `split` knows."""
    base, element = split(path) or ("", "")
    try:
        drawn = of_path(document, base)
    except KeyError:
        return False
    return not element or element in drawn.elements


def of_path(document: Mapping[str, Any], base: str) -> Drawn:
    """The drawing or table at a place by codes. Raises KeyError."""
    return of_place(document, edits.placed(document, base))


def of_place(document: Mapping[str, Any], path: str) -> Drawn:
    """The same by a place counted from 0, as pages have it. Raises KeyError."""
    number = int(edits.steps_of(path)[1])
    named = edits.named(document, path)
    files = selectors.files_of(referred(document))
    if path.endswith(".process"):
        stored = drawn_flow.drawing(edits.value_at(document, f"handling[{number}]"), files)
        return Drawn(named, "流程图", f"flow-{number}", dict(_elements(stored)))
    table = next((one for one in decided.tables(document, number) if one.path == path), None)
    if table is None:
        raise KeyError(path)
    rows = dict(_rows(files[table.file].content)) if table.file in files else {}
    return Drawn(named, f"决策表“{table.title}”", f"decision-{number}-{table.name}", rows)


def page_of(part: str) -> tuple[str, list[Any]] | None:
    """(name of the page, its arguments after the draft) of a part of this module; None for a sheet."""
    found = _PART.fullmatch(part)
    if found is None or (found["kind"] == "decision") != bool(found["name"]):
        return None
    if found["kind"] == "flow":
        return "catalogue:draft_flow", [int(found["place"])]
    return "catalogue:draft_decision", [int(found["place"]), found["name"]]


def _elements(stored: drawn_flow.Drawing) -> Iterator[tuple[str, str]]:
    """Steps, gateways and events, then the ways between them; of a file that can't be read none."""
    try:
        file = process.read_bpmn(drawn_flow.read(stored.xml))
    except BpmnRefused:
        return
    nodes: dict[str, str] = {}
    flows: list[Any] = []
    waiting = [one.scope for one in file.processes]
    while waiting:
        scope = waiting.pop(0)
        for node in scope.nodes:
            kind = WORDS.get(node.kind, node.kind)
            nodes[node.id] = f"{kind}“{node.name}”" if node.name and node.name != kind else kind
            waiting += [node.inside] if node.inside else []
        flows += scope.flows
    yield from nodes.items()
    for flow in flows:
        name = f"“{flow.name}”" if flow.name else ""
        yield flow.id, f"路线{name}：{nodes.get(flow.start, '')}到{nodes.get(flow.end, '')}"


def _rows(content: bytes) -> Iterator[tuple[str, str]]:
    try:
        found = decisions.parse_model(content).definitions.decisions
    except DecisionError:
        return
    tables: list[tuple[str, Any]] = [(one.name, one.logic) for one in found if hasattr(one.logic, "rules")]
    for name, table in tables:
        of = f"{name}，" if len(tables) > 1 else ""
        for number, rule in enumerate(table.rules, start=1):
            said = "、".join(cell for cell in (*rule.inputs, *rule.outputs) if cell not in ("", "-"))
            short = said if len(said) <= SHOWN else f"{said[:SHOWN]}…"
            yield rule.id or f"{table.id}-{number}", f"{of}第{number}行：{short}"
