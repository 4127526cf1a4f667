"""
The format as JSON Schema 2020-12, made from the dataclasses of `types`, and what a document has of its own against it.

Pure. Descriptions are the docstrings and the comments beside the fields, titles the Chinese names of `labels`.
"""

import dataclasses
import inspect
import re
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from mingqu.catalogue.labels import LABELS
from mingqu.catalogue.types import FORMAT, Document
from mingqu.kernel.codelists import code_list

if TYPE_CHECKING:  # the library is loaded where it is used: most processes never do
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

Json = dict[str, Any]
ID = f"https://mingqu.org/definition/{FORMAT}.schema.json"
CODE_LIST = "x-code-list"  # beside an enum: the list of the kernel its values are of, or the lists
_SIMPLE = {str: "string", int: "integer", bool: "boolean", float: "number"}
_TYPE_WORDS = {
    "string": "文字",
    "integer": "整数",
    "boolean": "是或否",
    "number": "数",
    "array": "一个列表",
    "object": "一组键和值",
}
_COMMENT = re.compile(r"^    (\w+): .*?\s# (.+)$")


@lru_cache(maxsize=8)
def schema_of(kind: type) -> Json:
    """The schema of a dataclass; other documents than Document are described the same way."""
    from jsonschema import Draft202012Validator

    found: dict[str, Json] = {}
    top = _object(kind, found)
    found.pop(kind.__name__, None)
    return {"$schema": Draft202012Validator.META_SCHEMA["$id"], **top, "$defs": dict(sorted(found.items()))}


def definition_schema() -> Json:
    """What docs/definition/1.0.schema.json holds."""
    schema = schema_of(Document)
    return {"$schema": schema["$schema"], "$id": ID, "title": "事项定义"} | {
        name: value for name, value in schema.items() if name not in ("$schema", "title")
    }


@lru_cache(maxsize=8)
def _validator(kind: type) -> "Draft202012Validator":
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema_of(kind))


def shape_problems(kind: type, document: Any) -> list[str]:
    """What of `document` does not have the shape of `kind`: each with its path, in document order."""
    errors = sorted(_validator(kind).iter_errors(document), key=_place)
    return [sentence for error in errors for sentence in _sentences(error)]


# -- the schema


def _object(kind: type, found: dict[str, Json]) -> Json:
    found[kind.__name__] = {}  # a place, so that a kind that holds itself ends
    hints, comments = typing.get_type_hints(kind), _comments(kind)
    properties, required = {}, []
    for field in dataclasses.fields(kind):
        one = _value(hints[field.name], field.metadata, found)
        title = LABELS.get(kind.__name__, {}).get(field.name)
        told = {"title": title, "description": comments.get(field.name)}
        properties[field.name] = {name: text for name, text in told.items() if text} | one
        if field.default is not dataclasses.MISSING:
            if field.default is not None:
                properties[field.name]["default"] = field.default
        elif field.default_factory is dataclasses.MISSING:
            required.append(field.name)
    found[kind.__name__] = {
        "description": inspect.cleandoc(kind.__doc__ or ""),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    } | _needs(kind)
    return found[kind.__name__]


def _needs(kind: type) -> Json:
    """What a part must have besides, where one of its fields says so: {value: names of fields}."""
    found = [
        {"if": {"properties": {field.name: {"const": value}}}, "then": {"required": list(names)}}
        for field in dataclasses.fields(kind)
        for value, names in field.metadata.get("needs", {}).items()
    ]
    return {"allOf": found} if found else {}


def _value(hint: Any, metadata: Mapping[str, Any], found: dict[str, Json]) -> Json:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        kind = next(arg for arg in args if arg is not type(None))
        return {"anyOf": [_value(kind, metadata, found), {"type": "null"}]}
    if origin is list:
        return {"type": "array", "items": _value(args[0], metadata, found)}
    if origin is dict or hint is dict:
        return {"type": "object"} | (
            {"additionalProperties": _value(args[1], {}, found)} if args and args[1] is not Any else {}
        )
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        if hint.__name__ not in found:
            _object(hint, found)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    return {} if hint is Any else {"type": _SIMPLE[hint]} | _limits(metadata)


def _limits(metadata: Mapping[str, Any]) -> Json:
    if "lists" in metadata:
        of = metadata["lists"]
        known = [value.code for key in of for value in code_list(key)]
        return {"enum": known, CODE_LIST: of[0] if len(of) == 1 else list(of)}
    if "values" in metadata:
        return {"enum": list(metadata["values"])}
    return {name: metadata[name] for name in ("minimum", "pattern") if name in metadata}


def _comments(kind: type) -> dict[str, str]:
    """The comments beside the fields."""
    lines = (_COMMENT.match(line) for line in inspect.getsource(kind).splitlines())
    return {found[1]: found[2] for found in lines if found}


# -- sentences


def _place(error: "ValidationError") -> tuple[str, ...]:
    return tuple(f"{part:06}" if isinstance(part, int) else str(part) for part in error.absolute_path)


def path_text(parts: Sequence[str | int]) -> str:
    """handling[0].materials[1].name"""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).removeprefix(".")


def _sentences(error: "ValidationError") -> Iterator[str]:
    path = path_text(list(error.absolute_path))
    here = path or "整份定义"
    value, said = error.instance, error.validator_value
    match error.validator:
        case "required":
            missing = next(
                name for name in said if name not in value and error.message.startswith(repr(name))
            )
            yield f"{path}.{missing}：缺少".lstrip(".")
        case "additionalProperties":
            for name in sorted(map(str, value.keys() - error.schema["properties"].keys())):
                yield f"{path}.{name}：不认识的键".lstrip(".")
        case "type":
            yield f"{here}：应是{_TYPE_WORDS[said]}"
        case "enum":
            yield _unknown_value(here, value, error.schema)
        case "minimum":
            yield f"{here}：不能小于{said}"
        case "pattern":
            yield f"{here}：写法不对，应合于 {said}"
        case "anyOf":  # a thing or nothing: what is wrong with the thing
            for inner in sorted(error.context or (), key=_place):
                if inner.schema_path[0] == 0:
                    yield from _sentences(inner)
        case _:
            yield f"{here}：{error.message}"


def _unknown_value(here: str, value: Any, schema: Mapping[str, Any]) -> str:
    shown = value if isinstance(value, str) and len(value) <= 40 else "写的值"
    if CODE_LIST in schema:
        of = schema[CODE_LIST]
        known = [code_list(key) for key in ([of] if isinstance(of, str) else of)]
        lists = "、".join(f"“{one.title}”（代码表{one.key}，{one.version}版）" for one in known)
        choices = "、".join(f"{one.code} {one.name}" for values in known for one in values)
        return f"{here}：{lists}里没有“{shown}”，可用：{choices}"
    return f"{here}：不能是“{shown}”，可用：{'、'.join(filter(None, schema['enum']))}"
