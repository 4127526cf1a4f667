"""
All that must hold before a definition is published, in one place for publication, the editors and the command line:
shape, sense, form, process, files, scenarios. Reads no table and stores nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from mingqu.catalogue import discretion, fees, promises, route_checks, rules, scenarios
from mingqu.catalogue.errors import DefinitionInvalid
from mingqu.catalogue.plans import plan_of
from mingqu.catalogue.types import (
    Definition,
    Document,
    Eligibility,
    FeeTable,
    Files,
    StoredFile,
    complete,
    view,
)
from mingqu.clocks.selectors import Calendar
from mingqu.decisions import services as decisions
from mingqu.decisions.errors import DecisionError
from mingqu.forms import services as forms
from mingqu.forms.errors import FormSchemaRefused
from mingqu.process import services as process
from mingqu.process.errors import PlanRefused

BPMN, DMN = "bpmn", "dmn"
INPUTS = {"situation": "situation（情形）", "form": "form（申请表）"}


@dataclass(frozen=True)
class Checked:
    """A definition that may be published: typed, with the plan of each 业务办理项 and the files it needs."""

    document: Document
    plans: Mapping[str, process.Plan]
    files: Files


def stored_file(kind: str, content: bytes) -> tuple[str, StoredFile]:
    """A file under the digest by which definitions refer to it."""
    return sha256(content).hexdigest(), StoredFile(kind, content)


def referred(document: Any) -> list[str]:
    """The digests a document refers to, whatever else is wrong with it."""
    found = []
    handling = document.get("handling", []) if isinstance(document, Mapping) else []
    for one in handling if isinstance(handling, list) else []:
        for name in ("process", "eligibility"):
            part = one.get(name) if isinstance(one, Mapping) else None
            if isinstance(part, Mapping) and isinstance(part.get("file"), str):
                found.append(part["file"])
        for name in ("fees", "routes"):
            listed = one.get(name) if isinstance(one, Mapping) else None
            for row in listed if isinstance(listed, list) else []:
                part = row.get("table") if isinstance(row, Mapping) else None
                if isinstance(part, Mapping) and isinstance(part.get("file"), str):
                    found.append(part["file"])
    return found


def check(document: Mapping[str, Any], calendar: Calendar, files: Files | None = None) -> Checked:
    """
    Everything about a document. Raises DefinitionInvalid with each problem in words, PlanRefused with the findings
    of a process that can't run.
    """
    if shape := rules.shape_problems(document):
        raise DefinitionInvalid(shape)
    whole = rules.document_of(document)
    given = files or {}
    problems = [*rules.document_problems(whole), *rules.answered_for(whole), *rules.remedies_told(whole)]
    whole_ones = [view(whole, h.code) for h in whole.handling if complete(h)]
    for one in whole_ones:
        found = [*rules.sense_problems(one, unknown_names), *discretion.problems(one, unknown_names)]
        found += filter(None, [promises.problem(one.clocks, calendar)])
        found += [*_form_problems(one), *_file_problems(one, given)]
        problems += _of(one, found)
    if problems:
        raise DefinitionInvalid(problems)
    plans = {one.handling_item.code: plan_of(one, given) for one in whole_ones}
    for one in whole_ones:
        means = scenarios.Means(plans[one.handling_item.code], evaluator(given), calendar)
        problems += _of(one, scenarios.problems(one, means))
    if problems:
        raise DefinitionInvalid(problems)
    return Checked(whole, plans, {digest: given[digest] for digest in referred(document)})


def findings(document: Mapping[str, Any], calendar: Calendar, files: Files | None = None) -> list[str]:
    """The same as sentences; empty: it may be published."""
    try:
        check(document, calendar, files)
    except DefinitionInvalid as refused:
        return refused.problems
    except PlanRefused as refused:
        return [f"{finding.element}：{finding.sentence}" for finding in refused.findings]
    return []


def unknown_names(text: str, names: Iterable[str]) -> list[str]:
    """What keeps an expression from being published, in words."""
    return [problem.sentence for problem in decisions.check(text, names)]


def evaluator(files: Files) -> rules.Evaluate:
    """FEEL, and the decisions of these files."""

    def evaluate(expression: str | Eligibility | FeeTable, names: Mapping[str, Any]) -> Any:
        if not isinstance(expression, str):
            model = decisions.parse_model(files[expression.file].content)
            return decisions.evaluate_decision(model, expression.decision, names)
        return decisions.evaluate(expression, names)

    return evaluate


def _of(definition: Definition, found: Iterable[str]) -> list[str]:
    return [f"{definition.handling_item.name}：{sentence}" for sentence in found]


def _form_problems(definition: Definition) -> Iterator[str]:
    try:
        forms.read_schema(definition.form.schema, definition.form.pages)
    except FormSchemaRefused as refused:
        yield refused.message


def _file_problems(definition: Definition, files: Files) -> Iterator[str]:
    """Files that are not there, are something else than they are used for, or can't be executed."""
    if drawn := definition.process:
        yield from _wrong_file("流程文件", drawn.file, BPMN, files)
    if decided := definition.eligibility:
        wrong = list(_wrong_file("决策文件", decided.file, DMN, files))
        yield from wrong or decision_problems(decided, files[decided.file], _asked(definition))
    for fee in definition.fees:
        if table := fee.table:
            wrong = list(_wrong_file(f"收费“{fee.name}”的决策表", table.file, DMN, files))
            yield from wrong or decision_problems(table, files[table.file], fees.names(definition))
    for route in definition.routes:
        wrong = list(_wrong_file(f"自动判定“{route.name}”的决策表", route.table.file, DMN, files))
        wrong = wrong or list(decision_problems(route.table, files[route.table.file], fees.names(definition)))
        yield from wrong or route_checks.table_problems(route, files[route.table.file].content)


def _asked(definition: Definition) -> set[str]:
    return {"situation", *rules.situation_names(definition)}


def _wrong_file(what: str, digest: str, kind: str, files: Files) -> Iterator[str]:
    file = files.get(digest)
    if file is None:
        yield f"{what}（{digest[:12]}…）没有随定义提交"
    elif file.kind != kind:
        yield f"{what}（{digest[:12]}…）不是{kind.upper()}文件"
    elif sha256(file.content).hexdigest() != digest:
        yield f"{what}（{digest[:12]}…）的内容和编号不符"


def decision_problems(of: Eligibility | FeeTable, file: StoredFile, known: set[str]) -> Iterator[str]:
    """`known`: what it may read, as dotted paths; its inputs are the first parts of them."""
    try:
        model = decisions.parse_model(file.content)
    except DecisionError as refused:
        yield f"决策文件：{refused.message}"
        return
    inputs = {path for path in known if "." not in path}
    allowed = "、".join(sorted(INPUTS[name] for name in inputs))
    for name in sorted(set(model.inputs) - inputs):
        yield f"决策文件要用“{name}”，只能用{allowed}"
    for trouble in decisions.model_problems(model):
        where = f"的{trouble.where}" if trouble.where else ""
        yield f"决策文件{where}：{trouble.sentence}"
    for path in sorted(decisions.data_read(model)):
        if ".".join(path.split(".")[:2]) not in known:
            yield f"决策文件用到的“{path}”不在{'情形问题' if len(inputs) == 1 else '情形问题和申请表'}之中"
    names: dict[str, Any] = {name: {} for name in inputs}
    for path in known - inputs:
        first, _, rest = path.partition(".")
        names[first][rest] = None
    try:
        decisions.evaluate_decision(model, of.decision, names)
    except DecisionError as refused:
        yield f"决策文件：{refused.message}"
