"""
The form of a definition (JSON Schema and pages) as a table of questions on pages, and back. Pure.

What the table does not show of a question (patterns, data grades, groups) stays as it was written.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from mingqu.catalogue.types import only
from mingqu.forms.types import PREFILL_SLOTS

Json = dict[str, Any]

KINDS = {
    "text": "一行文字", "long_text": "多行文字", "choice": "单选", "choices": "多选", "yes_no": "是或者否",
    "confirm": "要打勾的声明", "date": "日期", "number": "数", "integer": "整数", "person_name": "姓名",
    "firm_name": "单位名称", "address": "地址", "phone": "电话", "citizen_number": "公民身份号码",
    "credit_code": "统一社会信用代码",
}  # fmt: skip
SLOTS = {
    "": "不带入", "applicant.name": "申请人姓名", "applicant.citizen_number": "申请人身份号码",
    "applicant.phone": "申请人电话", "applicant.address": "申请人地址", "organisation.name": "单位名称",
    "organisation.credit_code": "单位信用代码", "organisation.address": "单位地址",
    "organisation.legal_representative": "法定代表人",
    "project.name": "项目名称（在项目下面办的）",
}  # fmt: skip
assert SLOTS.keys() - {""} == PREFILL_SLOTS
TYPES = {
    "number": "number",
    "integer": "integer",
    "yes_no": "boolean",
    "confirm": "boolean",
    "choices": "array",
}
PLAIN = ("text", "choice", *TYPES)


@dataclass(frozen=True)
class Asked:
    """One question; `name`: its path in the answers; `rest`: what of it the table does not show."""

    name: str
    title: str
    kind: str = field(default="text", metadata=only(*KINDS))
    required: bool = True
    hint: str = ""
    options: list[str] = field(default_factory=list)
    unit: str = ""
    longest: int = 0
    prefill: str = field(default="", metadata=only(*SLOTS))
    asked_when: list[str] = field(default_factory=list)  # path=value of earlier answers; none: always asked
    rest: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AskedPage:
    title: str
    hint: str = ""
    questions: list[Asked] = field(default_factory=list)


@dataclass(frozen=True)
class Asking:
    """The whole form, as a table."""

    pages: list[AskedPage] = field(default_factory=list)


def table_of(form: Any) -> Json:
    """{pages: [{title, hint, questions}]}, as far as it can be read; what can't be is left out."""
    schema = form.get("schema") if isinstance(form, Mapping) else None
    pages = form.get("pages") if isinstance(form, Mapping) else None
    leaves = dict(_leaves(schema, ""))
    made = []
    for page in pages if isinstance(pages, list) else ():
        listed = page.get("fields") if isinstance(page, Mapping) else page
        paths = [
            path
            for name in (listed if isinstance(listed, list) else ())
            for path in _within(leaves, str(name))
        ]
        told = {
            name: str(page[name])
            for name in ("title", "hint")
            if isinstance(page, Mapping) and page.get(name)
        }
        made.append({"title": "", **told, "questions": [_asked(path, *leaves[path]) for path in paths]})
    return {"pages": made}


def form_of(table: Mapping[str, Any], before: Any) -> Json | None:
    """The form the table says; None where it asks nothing. The same table gives the same form."""
    if table == table_of(before):
        return deepcopy(before) if before else None
    old = before.get("schema") if isinstance(before, Mapping) else None
    schema: Json = (
        deepcopy(old) if isinstance(old, dict) else {"type": "object", "required": [], "properties": {}}
    )
    asked = [one for page in table["pages"] for one in page["questions"]]
    if not table["pages"]:
        return None
    for path, _ in list(_leaves(schema, "")):
        _take(schema, path)
    for one in asked:
        _place(schema, one)
    _only_asked_before(schema, table)
    _tidy(schema)
    pages = []
    for page in table["pages"]:
        told = {name: page[name] for name in ("title", "hint") if page.get(name)}
        pages.append({**told, "fields": [one["name"] for one in page["questions"]]})
    return {"schema": schema, "pages": pages}


def _leaves(schema: Any, at: str) -> Iterator[tuple[str, tuple[Json, bool]]]:
    """(path, (its schema, whether it is required)) of every question."""
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    wanted = schema.get("required") if isinstance(schema, Mapping) else None
    for name, below in properties.items() if isinstance(properties, Mapping) else ():
        if not isinstance(below, dict):
            continue
        path = f"{at}.{name}" if at else str(name)
        if below.get("type") == "object":
            yield from _leaves(below, path)
        else:
            yield path, (below, isinstance(wanted, list) and name in wanted)


def _within(leaves: Mapping[str, Any], name: str) -> list[str]:
    return [path for path in leaves if path == name or path.startswith(f"{name}.")]


def kind_of(schema: Mapping[str, Any]) -> str:
    """Which of KINDS a question is."""
    match schema.get("type"):
        case "boolean":
            return "confirm" if "const" in schema else "yes_no"
        case "array":
            return "choices"
        case "number" | "integer" as kind:
            return str(kind)
    if "oneOf" in schema or "enum" in schema:
        return "choice"
    named = str(schema.get("format") or "text")
    return named if named in KINDS else "text"


def _asked(path: str, schema: Json, required: bool) -> Json:
    made: Json = {
        "name": path,
        "title": str(schema.get("title") or ""),
        "kind": kind_of(schema),
        "required": required,
    }
    made |= {"hint": str(schema["description"])} if schema.get("description") else {}
    made |= {"options": [label for _, label in _choices(schema)]} if _choices(schema) else {}
    made |= {"unit": str(schema["unit"])} if schema.get("unit") else {}
    made |= {"longest": schema["maxLength"]} if isinstance(schema.get("maxLength"), int) else {}
    made |= {"prefill": str(schema["prefill"])} if schema.get("prefill") in SLOTS else {}
    made |= {"asked_when": waits} if (waits := _waits(schema)) else {}
    return made | {"rest": deepcopy(schema)}


def _waits(schema: Mapping[str, Any]) -> list[str]:
    """The condition of a question as path=value, as far as it can be read."""
    written = schema.get("asked_when")
    return [
        f"{path}={value}"
        for path, values in (written.items() if isinstance(written, Mapping) else ())
        for value in (values if isinstance(values, list) else ())
    ]


def asked_when(waits: Iterable[str]) -> dict[str, list[str]]:
    """The same as the form writes it."""
    made: dict[str, list[str]] = {}
    for one in waits:
        path, _, value = one.partition("=")
        made.setdefault(path, []).append(value)
    return made


def may_wait_for(pages: Any, path: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(path, words, [(value, words)]) of the choices asked before the question at `pages[0].questions[2]`."""
    found: list[tuple[str, str, list[tuple[str, str]]]] = []
    for number, page in enumerate(pages if isinstance(pages, list) else ()):
        for place, one in enumerate(page["questions"]):
            if path.startswith(f"pages[{number}].questions[{place}]"):
                return found
            if offered := answers_of(one):
                found.append((str(one["name"]), str(one.get("title") or "没有写的问题"), offered))
    return found


def answers_of(one: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What may be answered to a question that is answered by choosing."""
    if one.get("kind") == "yes_no":
        return [("yes", "是"), ("no", "否")]
    return _choices(_schema(one)) if one.get("kind") in ("choice", "choices") else []


def _only_asked_before(schema: Json, table: Mapping[str, Any]) -> None:
    """A condition on a question or an answer that is gone goes with it."""
    rows = {str(one["name"]): one for page in table["pages"] for one in page["questions"]}
    known = {f"{name}={value}" for name, one in rows.items() for value, _ in answers_of(one)}
    for _, (leaf, _required) in _leaves(schema, ""):
        kept = [one for one in _waits(leaf) if one in known]
        if kept:
            leaf["asked_when"] = asked_when(kept)
        else:
            leaf.pop("asked_when", None)


def _choices(schema: Mapping[str, Any]) -> list[tuple[str, str]]:
    items = schema.get("items")
    source = items if schema.get("type") == "array" and isinstance(items, Mapping) else schema
    if isinstance(source.get("oneOf"), list):
        rows = [one for one in source["oneOf"] if isinstance(one, Mapping)]
        return [(str(one.get("const")), str(one.get("title") or one.get("const"))) for one in rows]
    return [(str(one), str(one)) for one in source.get("enum") or ()]


def _schema(one: Mapping[str, Any]) -> Json:
    """A question of the table as JSON Schema; of the kind it was, what the table does not show stays."""
    kind, rest = one.get("kind") or "text", one.get("rest") or {}
    kept = deepcopy(rest) if rest and kind_of(rest) == kind else _begun(kind)
    kept["title"] = one.get("title", "")
    for name, value in (
        ("description", one.get("hint")),
        ("unit", one.get("unit") if kind in ("number", "integer") else ""),
        ("maxLength", one.get("longest") if kind in ("text", "long_text", "address") else 0),
        ("prefill", one.get("prefill")),
        ("asked_when", asked_when(one.get("asked_when") or ())),
    ):
        if value:
            kept[name] = value
        elif name != "maxLength" or kind in ("text", "long_text", "address"):
            kept.pop(name, None)
    if kind in ("choice", "choices"):
        _offer(kept, kind, list(one.get("options") or ()), rest)
    return kept


def _begun(kind: str) -> Json:
    made: Json = {"type": TYPES.get(kind, "string")}
    if kind not in PLAIN:
        made["format"] = kind
    return made | ({"const": True} if kind == "confirm" else {})


def _offer(kept: Json, kind: str, labels: list[str], rest: Mapping[str, Any]) -> None:
    """Options keep their values: by their words, else by their place (a word was put better)."""
    before = _choices(rest)
    if labels == [label for _, label in before] and before:
        return
    value_of = {label: value for value, label in before}
    taken = {value_of[label] for label in labels if label in value_of}
    made = []
    for place, label in enumerate(labels):
        value = value_of.get(label, "")
        if not value and place < len(before) and before[place][0] not in taken:
            value = before[place][0]
        if not value:
            known = {*taken, *(v for v, _ in before)}
            value = next(f"o{n}" for n in range(1, len(known) + 2) if f"o{n}" not in known)
        taken.add(value)
        made.append({"const": value, "title": label})
    target = kept
    if kind == "choices":
        target = kept["items"] = {"type": "string"}
    else:
        kept.pop("enum", None)
    target["oneOf"] = made


def relabelled(before: list[Json], labels: list[str]) -> list[Json]:
    """Choices of a question by these words; they keep their values, as those of a form do."""
    kept: Json = {}
    rest = {"oneOf": [{"const": one.get("value"), "title": one.get("label")} for one in before]}
    _offer(kept, "choice", labels, rest)
    made = kept.get("oneOf", rest["oneOf"])
    return [{"value": one["const"], "label": one["title"]} for one in made]


def _take(schema: Json, path: str) -> None:
    here = _holder(schema, path)
    name = path.rpartition(".")[2]
    if here is not None:
        here.get("properties", {}).pop(name, None)
        here["required"] = [one for one in here.get("required") or () if one != name]


def _place(schema: Json, one: Mapping[str, Any]) -> None:
    path = str(one["name"])
    here = _holder(schema, path)
    if here is None:
        here = schema
    name = path.rpartition(".")[2]
    here.setdefault("properties", {})[name] = _schema(one)
    if one.get("required", True):
        here["required"] = [*(here.get("required") or ()), name]


def _holder(schema: Json, path: str) -> Json | None:
    here: Any = schema
    for name in path.split(".")[:-1]:
        here = here.get("properties", {}).get(name) if isinstance(here, dict) else None
    return here if isinstance(here, dict) else None


def _tidy(schema: Json) -> None:
    """Groups without questions go; so does a list of required ones that is empty."""
    for name, below in list(schema.get("properties", {}).items()):
        if isinstance(below, dict) and below.get("type") == "object":
            _tidy(below)
            if not below.get("properties"):
                del schema["properties"][name]
                schema["required"] = [one for one in schema.get("required") or () if one != name]
    if not schema.get("required"):
        schema.pop("required", None)
