"""
Reads and runs the DMN technology compatibility kit: models, inputs, expected results.

The kit is found by MINGQU_DATA, then `../shared/data` beside the project; it is not part of the project.
Numbers agree within 1e-8, as the kit's own runners have it, since it writes expected numbers shortened.
"""

from __future__ import annotations

import datetime as py
import os
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from mingqu.decisions import services
from mingqu.decisions.convert import to_feel
from mingqu.decisions.errors import DecisionError
from mingqu.decisions.temporal_text import read_date, read_date_time, read_duration, read_time

PROJECT = Path(__file__).resolve().parents[4]
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
JAVA = "0076-feel-external-java"
NOON = py.datetime(2026, 11, 20, 12, tzinfo=py.timezone(py.timedelta(hours=8)))
READERS = {"date": read_date, "time": read_time, "dateTime": read_date_time, "duration": read_duration}


def kit_folder() -> Path | None:
    """Where the test cases are, if they are here."""
    roots = [os.environ.get("MINGQU_DATA", ""), str(PROJECT.parent / "shared" / "data")]
    folders = (Path(root) / "dmn-tck" / "TestCases" for root in roots if root)
    return next((folder for folder in folders if folder.is_dir()), None)


@dataclass(frozen=True)
class Case:
    """One expected result of one test case."""

    level: str
    folder: Path
    model: str
    id: str
    node: str
    service: str
    inputs: dict[str, Any]
    expected: Any

    @property
    def name(self) -> str:
        return f"{self.folder.name}/{self.id}/{self.node}"

    @property
    def java(self) -> bool:
        """A call of Java code, which this engine refuses on purpose."""
        return self.folder.name == JAVA


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _value(element: Element) -> Any:
    """The value a `value`, `list` or `component` structure says."""
    components: dict[str, Any] = {}
    for inner in element:
        match _local(inner):
            case "value":
                return _scalar(inner)
            case "list":
                if inner.get(f"{XSI}nil") == "true":
                    return None
                return [_value(item) for item in inner if _local(item) == "item"]
            case "component":
                nil = inner.get(f"{XSI}nil") == "true"
                components[inner.get("name", "")] = None if nil else _value(inner)
    return components or None


def _scalar(element: Element) -> Any:
    if element.get(f"{XSI}nil") == "true":
        return None
    kind, text = element.get(f"{XSI}type", "").rpartition(":")[2], (element.text or "")
    if kind in ("decimal", "double", "integer", "int", "float", "long"):
        return Decimal(text.strip())
    if kind == "boolean":
        return text.strip() == "true"
    return READERS[kind](text.strip()) if kind in READERS else text


def cases(level: str) -> Iterator[Case]:
    """All expected results of `compliance-level-2` or `compliance-level-3`."""
    root = kit_folder()
    assert root is not None
    for folder in sorted((root / level).iterdir()):
        for file in sorted(folder.glob("*.xml")):
            yield from _cases_of(level, folder, ElementTree.parse(file).getroot())


def _cases_of(level: str, folder: Path, root: Element) -> Iterator[Case]:
    model = next((e.text or "" for e in root if _local(e) == "modelName"), "")
    for case in root:
        if _local(case) != "testCase":
            continue
        inputs = {e.get("name", ""): _value(e) for e in case if _local(e) == "inputNode"}
        service = case.get("invocableName", "") if case.get("type") in ("decisionService", "bkm") else ""
        for result in case:
            if _local(result) == "resultNode":
                expected = next((_value(e) for e in result if _local(e) == "expected"), None)
                name = result.get("name", "")
                yield Case(level, folder, model, case.get("id", ""), name, service, inputs, expected)


@cache
def model_of(folder: Path, name: str) -> services.Model:
    """The model of a case, all other models of its folder given as imports."""
    imports = [path.read_bytes() for path in sorted(folder.glob("*.dmn")) if path.name != name]
    return services.parse_model((folder / name).read_bytes(), imports)


def answer(case: Case) -> Any:
    """What this engine answers."""
    model = model_of(case.folder, case.model)
    outcome = services.evaluate_decision(model, case.service or case.node, case.inputs, now=NOON)
    if case.service and len(_outputs(model, case.service)) > 1 and isinstance(outcome, dict):
        return outcome.get(case.node)
    return outcome


def _outputs(model: services.Model, name: str) -> tuple[str, ...]:
    return next((s.outputs for s in model.definitions.services if s.name == name), ())


def passes(case: Case) -> bool:
    """Whether the answer is the expected one. A refusal counts as null."""
    try:
        found = answer(case)
    except DecisionError:
        found = None
    return alike(to_feel(found), to_feel(case.expected))


def alike(found: Any, expected: Any) -> bool:
    """Equality as the kit means it."""
    if isinstance(expected, Decimal) and isinstance(found, Decimal):
        return abs(found - expected) < Decimal("1e-8") or found == expected
    if isinstance(expected, list) and isinstance(found, list):
        return len(found) == len(expected) and all(map(alike, found, expected))
    if isinstance(expected, dict) and isinstance(found, dict):
        return found.keys() == expected.keys() and all(alike(found[k], expected[k]) for k in expected)
    return type(found) is type(expected) and bool(found == expected)
