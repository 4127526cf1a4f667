"""
The decision tables (DMN) of a 业务办理项 for their editor: which there are or may be, their text, a trial of what is
being written, and the way back into the document. Pure.
"""

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from mingqu.catalogue.checking import DMN, stored_file
from mingqu.catalogue.studio.choices import Choices, Option, questions_of
from mingqu.catalogue.studio.edits import drop, put, value_at
from mingqu.catalogue.types import Files
from mingqu.decisions import services as decisions

ELIGIBILITY = "eligibility"
MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
_SPACE = re.compile(r"https?://www\.omg\.org/spec/DMN/20\d{6}/(?:MODEL/|dmn1?1?\.xsd)")
_DRAWN = re.compile(r"https?://www\.omg\.org/spec/DMN/20\d{6}/DMNDI/")
OUT = {
    ELIGIBILITY: (("because", "string"), ("advice", "string"), ("law", "string"), ("article", "number")),
    "fee": (("amount", "number"), ("because", "string"), ("law", "string"), ("article", "number")),
    "route": (("result", "string"),),
}
WORDS = {
    "because": "理由",
    "advice": "建议",
    "law": "依据的法律",
    "article": "第几条",
    "amount": "金额（元）",
    "result": "结果",
}


@dataclass(frozen=True)
class Table:
    """`name`: its place in addresses; `path`: where the document refers to it; `says`: what its answer is for."""

    name: str
    title: str
    path: str
    says: str
    decision: str = ""
    file: str = ""

    @property
    def reads_form(self) -> bool:
        return self.name != ELIGIBILITY


@dataclass(frozen=True)
class Asked:
    """One datum of a trial."""

    path: str
    label: str
    options: list[Option]
    value: str = ""
    many: bool = False  # several answers may be given: the datum is a list


@dataclass(frozen=True)
class Tried:
    """`value` in words; `rows`: (of which table, number of the row, its id, its annotations)."""

    value: list[tuple[str, str]]
    rows: list[tuple[str, int, str, str]]
    warnings: list[str]


def tables(document: Mapping[str, Any], place: int) -> list[Table]:
    """All a 业务办理项 has or may have: whether it can be had, what each fee comes to, which way a case goes."""
    handling = value_at(document, f"handling[{place}]")
    base = f"handling[{place}]"
    says = "按情形问题的回答，算出能不能办；不能办的，写明理由、建议和依据。一行都不符合，就是能办。"
    found = [_table(ELIGIBILITY, "能不能办", f"{base}.eligibility", says, handling.get("eligibility"))]
    fees = handling.get("fees")
    for number, fee in enumerate(fees if isinstance(fees, list) else ()):
        if isinstance(fee, Mapping):
            says = "按情形和申请表的回答，算出这一项收多少元；金额是0的，理由写免缴的原因。"
            title = f"收费：{fee.get('name') or '没有名称'}"
            found.append(
                _table(f"fee-{number}", title, f"{base}.fees[{number}].table", says, fee.get("table"))
            )
    routes = handling.get("routes")
    for number, route in enumerate(routes if isinstance(routes, list) else ()):
        if isinstance(route, Mapping):
            says = "按情形和申请表的回答，判定流程走哪一路，写结果的值。一行都不符合，就按其余情况走。"
            title = f"自动判定：{route.get('name') or '没有名称'}"
            at = f"{base}.routes[{number}].table"
            found.append(_table(f"route-{number}", title, at, says, route.get("table")))
    return found


def _table(name: str, title: str, path: str, says: str, part: Any) -> Table:
    given = part if isinstance(part, Mapping) else {}
    return Table(name, title, path, says, str(given.get("decision") or ""), str(given.get("file") or ""))


def text_of(table: Table, document: Mapping[str, Any], place: int, files: Files) -> str:
    """Its source in the version of the format the editor knows; a beginning where there is none."""
    if table.file in files:
        return normal(files[table.file].content.decode(errors="replace"))
    return _begun(table, asked(table, document, place))


def normal(xml: str) -> str:
    """DMN 1.1 to 1.5 differ in nothing that such tables use but their name."""
    xml = _DRAWN.sub("https://www.omg.org/spec/DMN/20191111/DMNDI/", _SPACE.sub(MODEL, xml))
    return re.sub(r"^\s*<\?xml[^>]*\?>\s*", '<?xml version="1.0" encoding="UTF-8"?>\n', xml)


def asked(
    table: Table, document: Mapping[str, Any], place: int, said: Mapping[str, str] | None = None
) -> list[Asked]:
    """What such a table may read, with what was typed for a trial."""
    handling = value_at(document, f"handling[{place}]")
    given = said or {}
    found = []
    for question in Choices(document, handling, {}).questions:
        path = f"situation.{question.ask}"
        found.append(
            Asked(path, f"情形：{question.text}", question.options, given.get(path, ""), question.many)
        )
    form = handling.get("form")
    schema = form.get("schema") if table.reads_form and isinstance(form, Mapping) else None
    for path, title, kind in questions_of(schema, "form"):
        yes_no = [Option("true", "是"), Option("false", "否")] if kind == "boolean" else []
        found.append(Asked(path, f"申请表：{title}", yes_no, given.get(path, "")))
    return found


def known(table: Table, document: Mapping[str, Any], place: int) -> set[str]:
    """What it may read, as dotted paths and their first parts."""
    paths = {".".join(one.path.split(".")[:2]) for one in asked(table, document, place)}
    return paths | {"situation"} | ({"form"} if table.reads_form else set())


def with_table(document: Mapping[str, Any], table: Table, content: bytes) -> tuple[dict[str, Any], Files]:
    """
    The document with this text as its table. The decision that answers stays the same by name; where it is gone, the
    last one of the file answers. Raises ModelInvalid.
    """
    made = deepcopy(dict(document))
    digest, file = stored_file(DMN, content)
    put(made, table.path, {"file": digest, "decision": answering(content, table.decision)})
    return made, {digest: file}


def answering(content: bytes, wanted: str) -> str:
    """The name of the decision that answers. Raises ModelInvalid."""
    names = decisions.parse_model(content).decisions
    return wanted if wanted in names else names[-1] if names else wanted


def without_table(document: Mapping[str, Any], table: Table) -> dict[str, Any]:
    made = deepcopy(dict(document))
    drop(made, table.path)
    return made


def tried(content: bytes, wanted: str, reads: list[Asked]) -> Tried:
    """What the text says of these data, and by which rows. Raises DecisionError."""
    model = decisions.parse_model(content)
    inputs: dict[str, Any] = {name: {} for name in ("situation", "form")}
    for one in reads:
        at = inputs
        *parts, last = one.path.split(".")
        for part in parts:
            at = at.setdefault(part, {})
        value = _value(one.value)
        at[last] = [value] if one.many and value is not None else value
    name = wanted if wanted in model.decisions else (model.decisions or [wanted])[-1]
    came = decisions.evaluate_decision_with_trace(model, name, inputs)
    rows = [
        (hit.table.id, index + 1, hit.table.rules[index].id, _notes(hit.table.rules[index].notes))
        for hit in came.hits
        for index in hit.rules
    ]
    value = came.value
    if isinstance(value, Mapping):
        said = [(WORDS.get(str(key), str(key)), _shown(one)) for key, one in value.items()]
    else:
        said = [("结果", _shown(value))]
    return Tried(said, rows, list(dict.fromkeys(one.sentence for one in came.warnings)))


def _value(said: str) -> Any:
    text = said.strip()
    if text in ("true", "false"):
        return text == "true"
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text or None
    return number if number.is_finite() else text


def _notes(notes: tuple[tuple[str, str], ...]) -> str:
    return "；".join(note for _name, note in notes if note)


def _shown(value: Any) -> str:
    if value is None:
        return "没有结果（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def _begun(table: Table, reads: list[Asked]) -> str:
    """A table with one column for the first question, and the columns its answer needs."""
    kind = table.name.partition("-")[0]
    name = table.title.replace("：", " ")
    first = reads[0] if reads else Asked("situation", "情形", [])
    root = first.path.split(".")[0]
    outs = "".join(
        f'<output id="out_{code}" name="{code}" label={quoteattr(WORDS[code])} typeRef="{type_}"/>'
        for code, type_ in OUT[kind]
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{MODEL}" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" xmlns:di="http://www.omg.org/spec/DMN/20180521/DI/" id="rules" name={quoteattr(name)} namespace="https://mingqu.org/decisions">
  <inputData id="data" name="{root}"><variable id="data_v" name="{root}"/></inputData>
  <decision id="answer" name={quoteattr(name)}><variable id="answer_v" name={quoteattr(name)}/><informationRequirement id="reads"><requiredInput href="#data"/></informationRequirement>
    <decisionTable id="table" hitPolicy="FIRST"><input id="in_1" label={quoteattr(first.label)}><inputExpression id="in_1_e"><text>{escape(first.path)}</text></inputExpression></input>{outs}</decisionTable></decision>
  <dmndi:DMNDI><dmndi:DMNDiagram id="picture"><dmndi:DMNShape id="answer_s" dmnElementRef="answer"><dc:Bounds height="80" width="180" x="160" y="80"/></dmndi:DMNShape><dmndi:DMNShape id="data_s" dmnElementRef="data"><dc:Bounds height="45" width="125" x="187" y="240"/></dmndi:DMNShape><dmndi:DMNEdge id="reads_e" dmnElementRef="reads"><di:waypoint x="250" y="240"/><di:waypoint x="250" y="160"/></dmndi:DMNEdge></dmndi:DMNDiagram></dmndi:DMNDI>
</definitions>
"""  # noqa: E501
