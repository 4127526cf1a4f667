"""接口说明: what other programs may ask of this site, from the description the site itself answers by (OpenAPI)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils.translation import get_language

from mingqu.kernel.yaml_text import read_yaml

Described = Callable[[], Mapping[str, Any]]
DEPTH = 4  # of an example: no answer lies deeper
_EXAMPLES = {"string": "…", "integer": 0, "number": 0, "boolean": False, "null": None}
_FORMATS = {
    "date": "2026-01-05",
    "date-time": "2026-01-05T09:00:00+08:00",
    "uuid": "01890000-0000-7000-8000-000000000000",
}
_described: list[Described] = []


@dataclass(frozen=True)
class Parameter:
    name: str
    where: str  # of OpenAPI: path, query, header
    required: bool
    words: str


@dataclass(frozen=True)
class Operation:
    """One address and method; `who` may call it: open, session (of a person, as on the pages), signed."""

    key: str
    method: str
    path: str
    name: str
    what: str
    who: str
    parameters: tuple[Parameter, ...]
    body: str  # examples as JSON, "" for none
    answer: str


@dataclass(frozen=True)
class Group:
    name: str
    operations: tuple[Operation, ...]


def described_by(describe: Described) -> None:
    """Who joins the rooms' operations says how they are described; `x-who` of each says who may call it."""
    _described[:] = [describe]


@cache
def words() -> dict[str, dict[str, Any]]:
    """What the page says in Chinese, by operation and by parameter."""
    found: dict[str, dict[str, Any]] = read_yaml(
        files("mingqu.portal").joinpath("programs.yaml").read_text("utf-8")
    )
    return found


def groups() -> list[Group]:
    """Every operation, by group; in English as the description has it, otherwise in the words of `programs.yaml`."""
    (describe,) = _described
    schema, english = describe(), get_language() == "en"
    found: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            found.setdefault(told["tags"][0], []).append(_operation(schema, path, method, told, english))
    names = words()["groups"]
    return [Group(key.title() if english else names[key], tuple(all_)) for key, all_ in found.items()]


def key_of(told: Mapping[str, Any]) -> str:
    """What an operation is called in `programs.yaml`: its function."""
    return str(told["operationId"]).rpartition("_api_")[2]


def _operation(
    schema: Mapping[str, Any], path: str, method: str, told: Mapping[str, Any], english: bool
) -> Operation:
    chinese = words()["operations"][key_of(told)]
    answers = next(one for status, one in told["responses"].items() if str(status).startswith("2"))
    return Operation(
        key=key_of(told),
        method=method.upper(),
        path=path,
        name=told["summary"] if english else chinese["name"],
        what=told.get("description", "") if english else chinese["what"],
        who=told["x-who"],
        parameters=tuple(
            Parameter(
                one["name"],
                one["in"],
                one.get("required", False),
                "" if english else words()["parameters"][one["name"]],
            )
            for one in told.get("parameters", [])
        ),
        body=_example(schema, told.get("requestBody", {})),
        answer=_example(schema, answers),
    )


def _example(schema: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    content = told.get("content", {}).get("application/json")
    if content is None:
        return ""
    return json.dumps(_value(schema, content["schema"], 0), ensure_ascii=False, indent=2)


def _value(schema: Mapping[str, Any], of: Mapping[str, Any], depth: int) -> Any:
    """One value of this shape."""
    if "$ref" in of:
        of = schema["components"]["schemas"][of["$ref"].rpartition("/")[2]]
    if several := of.get("anyOf") or of.get("allOf") or of.get("oneOf"):
        return _value(schema, several[0], depth)
    if "enum" in of or "const" in of:
        return of["const"] if "const" in of else of["enum"][0]
    kind = of.get("type")
    if kind == "object":
        fields = of.get("properties", {}) if depth < DEPTH else {}
        return {name: _value(schema, one, depth + 1) for name, one in fields.items()}
    if kind == "array":
        return [_value(schema, of.get("items", {}), depth + 1)] if depth < DEPTH else []
    return _FORMATS.get(of.get("format", ""), _EXAMPLES.get(str(kind)))
