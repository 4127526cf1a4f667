"""Reading a form: the subset of JSON Schema that a definition may use; anything else is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import regex

from mingqu.forms.errors import FormSchemaRefused
from mingqu.forms.rules.answers import date_of
from mingqu.forms.rules.conditions import asked_when, condition_problems
from mingqu.forms.types import PREFILL_SLOTS, Choice, FormField, FormSchema, Grade, Kind, Page

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_FORMATS: Final[dict[str, Kind]] = {
    "long_text": "long_text",
    "date": "date",
    "person_name": "person_name",
    "firm_name": "firm_name",
    "address": "address",
    "phone": "phone",
    "citizen_number": "citizen_number",
    "credit_code": "credit_code",
}
# Personal data is never below L3, whatever the definition says.
_PERSONAL: Final = {"person_name", "address", "phone", "citizen_number"}
_COMMON: Final = {"type", "title", "description", "data_grade", "prefill", "examples", "asked_when"}
_KEYWORDS: Final[dict[str, set[str]]] = {
    "object": {"type", "title", "description", "properties", "required"},
    "string": _COMMON
    | {"format", "minLength", "maxLength", "pattern", "enum", "oneOf", "earliest", "latest"},
    "number": _COMMON | {"minimum", "maximum", "unit"},
    "integer": _COMMON | {"minimum", "maximum", "unit"},
    "boolean": _COMMON | {"const"},
    "array": _COMMON | {"items", "minItems", "uniqueItems"},
}
_DEFAULT_LENGTH: Final = {"long_text": 2000}
MAX_PATTERN: Final = 200
# What taking a value for one of another kind comes to.
MISSHAPEN: Final = (TypeError, AttributeError, LookupError, ArithmeticError, ValueError)
# Nested repetition makes a pattern take exponential time; a definition has no need of it.
_NESTED_REPEAT = re.compile(r"\([^)]*[+*}][^)]*\)[+*{]")


def read_schema(schema: Mapping[str, Any], pages: Sequence[Any]) -> FormSchema:
    """
    The form of a definition. A page is {title, fields, hint} or only a list of paths; a path may name an
    object and then stands for all its questions.

    Raises FormSchemaRefused with the path of what is wrong.
    """
    try:
        return _read(schema, pages)
    except MISSHAPEN as wrong:
        # A list for a text, a text for a list … anywhere in what an editor may have written by hand.
        raise _wrong("", f"有一处的值不是该有的种类（{type(wrong).__name__}）") from wrong


class _Form:
    """A form of a definition, which never changes: the same only as itself."""

    def __init__(self, schema: Mapping[str, Any], pages: Sequence[Any]) -> None:
        self.schema, self.pages = schema, pages

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Form) and other.schema is self.schema and other.pages is self.pages

    def __hash__(self) -> int:
        return hash((id(self.schema), id(self.pages)))


def known_schema(schema: Mapping[str, Any], pages: Sequence[Any]) -> FormSchema:
    """As `read_schema`, of a definition that is kept in memory and changed by nobody: read once."""
    return _known(_Form(schema, pages))


@lru_cache(maxsize=256)
def _known(form: _Form) -> FormSchema:
    return read_schema(form.schema, form.pages)


def _read(schema: Mapping[str, Any], pages: Sequence[Any]) -> FormSchema:
    if schema.get("type") != "object":
        raise _wrong("", "最外层应是object")
    fields = {f.path: f for f in _fields(schema, "", group="")}
    if not fields:
        raise _wrong("", "没有任何问题")
    read = tuple(_page(number, page, fields) for number, page in enumerate(pages, start=1))
    asked = [path for page in read for path in page.paths]
    for path in fields:
        if asked.count(path) != 1:
            raise _wrong(path, "应恰好出现在一页上")
    found = FormSchema(fields, read)
    for path, why in condition_problems(found):
        raise _wrong(path, why)
    return found


def _fields(schema: Mapping[str, Any], at: str, *, group: str) -> Iterator[FormField]:
    _only_known(schema, "object", at)
    properties = schema.get("properties", {})
    wanted = schema.get("required", [])
    for name in wanted:
        if name not in properties:
            raise _wrong(at, f"required里的{name}不存在")
    for name, below in properties.items():
        path = f"{at}.{name}" if at else name
        if not _NAME.fullmatch(name):
            raise _wrong(path, "名称只能用小写字母、数字和单个下划线")
        needed = name in wanted
        if below.get("type") == "object":
            yield from _fields(below, path, group=group if needed else path)
        else:
            yield _field(below, path, required=needed, group=group)


def _field(schema: Mapping[str, Any], path: str, *, required: bool, group: str) -> FormField:
    kind_name = schema.get("type", "")
    _only_known(schema, kind_name, path)
    kind = _kind(schema, path)
    title = schema.get("title")
    if not title or not isinstance(title, str):
        raise _wrong(path, "缺少title（给申请人看的问题）")
    prefill = schema.get("prefill", "")
    if prefill and prefill not in PREFILL_SLOTS:
        raise _wrong(path, f"prefill不认识“{prefill}”")
    examples = schema.get("examples", [])
    return FormField(
        path=path,
        kind=kind,
        title=title,
        required=required,
        group=group,
        grade=_grade(schema, kind, path),
        hint=schema.get("description", ""),
        example="或".join(str(e) for e in examples),
        unit=schema.get("unit", ""),
        prefill=prefill,
        choices=_choices(schema, path),
        minimum=_decimal(schema.get("minimum")),
        maximum=_decimal(schema.get("maximum")),
        min_length=_length(schema.get("minLength", schema.get("minItems")), path),
        max_length=_length(schema.get("maxLength", _DEFAULT_LENGTH.get(kind, 200)), path),
        pattern=_pattern(schema.get("pattern", ""), path),
        earliest=_day(schema.get("earliest", ""), path),
        latest=_day(schema.get("latest", ""), path),
        asked_when=asked_when(schema.get("asked_when", {})),
    )


def _kind(schema: Mapping[str, Any], path: str) -> Kind:
    kind = schema["type"]
    if kind == "boolean":
        if "const" in schema and schema["const"] is not True:
            raise _wrong(path, "const只能是true")
        return "confirm" if "const" in schema else "yes_no"
    if kind == "array":
        if not _choices(schema, path):
            raise _wrong(path, "array只用于多选，items要有enum或oneOf")
        return "choices"
    if kind in {"number", "integer"}:
        return "number" if kind == "number" else "integer"
    if _choices(schema, path):
        return "choice"
    form = schema.get("format", "")
    if form and form not in _FORMATS:
        raise _wrong(path, f"format不认识“{form}”")
    return _FORMATS.get(form, "text")


def _choices(schema: Mapping[str, Any], path: str) -> tuple[Choice, ...]:
    source = schema.get("items", {}) if schema.get("type") == "array" else schema
    if "oneOf" in source:
        found = tuple(
            Choice(str(o["const"]), str(o.get("title", o["const"])), str(o.get("description", "")))
            for o in source["oneOf"]
        )
    else:
        found = tuple(Choice(str(value), str(value)) for value in source.get("enum", []))
    if len({choice.value for choice in found}) != len(found):
        raise _wrong(path, "选项重复")
    return found


def _grade(schema: Mapping[str, Any], kind: Kind, path: str) -> Grade:
    free_text = kind in {"text", "long_text", "firm_name", "credit_code"}
    grade: Grade = schema.get("data_grade", "L3" if free_text or kind in _PERSONAL else "L2")
    if grade not in {"L1", "L2", "L3", "L4"}:
        raise _wrong(path, "data_grade应是L1至L4")
    if kind in _PERSONAL and grade in {"L1", "L2"}:
        raise _wrong(path, "个人信息的data_grade不能低于L3")
    return grade


def _length(most: Any, path: str) -> int | None:
    if most is None or (isinstance(most, int) and not isinstance(most, bool) and most >= 0):
        return most
    raise _wrong(path, "minLength、maxLength和minItems应是整数")


def _pattern(pattern: str, path: str) -> str:
    if not pattern:
        return ""
    if len(pattern) > MAX_PATTERN or _NESTED_REPEAT.search(pattern):
        raise _wrong(path, "pattern太长或有嵌套的重复")
    try:
        regex.compile(pattern)
    except (regex.error, OverflowError, RecursionError, ValueError) as error:
        raise _wrong(path, "pattern不是正确的正则表达式") from error
    return pattern


def _day(limit: str, path: str) -> str:
    if limit and limit != "today" and date_of(limit) is None:
        raise _wrong(path, "earliest和latest应是today或2026-11-09这样的日期")
    return limit


def _page(number: int, page: Any, fields: Mapping[str, FormField]) -> Page:
    title, hint, listed = "", "", page
    if isinstance(page, Mapping):
        if unknown := page.keys() - {"title", "hint", "fields"}:
            raise _wrong(f"pages[{number}]", f"不认识{'、'.join(sorted(unknown))}")
        title, hint, listed = page.get("title", ""), page.get("hint", ""), page.get("fields", [])
    paths: list[str] = []
    for name in listed:
        inside = [path for path in fields if path == name or path.startswith(f"{name}.")]
        if not inside:
            raise _wrong(f"pages[{number}]", f"没有{name}这个问题")
        paths += inside
    if not paths:
        raise _wrong(f"pages[{number}]", "这一页是空的")
    return Page(number, title or fields[paths[0]].title, hint, tuple(paths))


def _only_known(schema: Mapping[str, Any], kind: str, path: str) -> None:
    known = _KEYWORDS.get(kind)
    if known is None:
        raise _wrong(path, f"type不认识“{kind}”")
    if unknown := schema.keys() - known:
        raise _wrong(path, f"不认识{'、'.join(sorted(unknown))}")


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _wrong(path: str, why: str) -> FormSchemaRefused:
    return FormSchemaRefused(path=path or "schema", why=why)
