"""
Mapping files: where in a source each part of a definition stands, in YAML that an official can write.

docs/howto/import-your-own-items.md says how. What a mapping may do is closed: paths, fixed values, tables of codes and
the transforms of `takes`; nothing in it is a program.
"""

import os
from collections.abc import Mapping as Mapped
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from mingqu.catalogue.imports.errors import MappingUnknown, MappingWrong

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

FOLDER = Path(__file__).parent / "mappings"
OWN = "MINGQU_MAPPINGS"  # a folder with the mappings of an installation

TEXTS = [
    "key",
    "code",
    "name",
    "base_code",
    "type",
    "type_words",
    "level",
    "region",
    "summary",
    "theme",
    "link",
    "consult",
    "complain",
    "quantity",
    "reconsideration_organ",
    "court",
    "handling_code",
    "handling_name",
    "handling_kind",
    "window_name",
    "window_address",
    "window_hours",
    "window_telephone",
    "stages",
    "quotes",
    "organ_name",
    "visits",
    "main_item",
]
LISTS = ["audience", "life_events", "aliases", "conditions", "materials", "organ_codes"]
LIMITS = ["statutory", "promised"]
TARGETS = (*TEXTS, *LISTS, *LIMITS)
TRANSFORMS = (
    "first",
    "last",
    "after",
    "before",
    "split",
    "drop_parts",
    "query",
    "upper",
    "plain",
    "prefix",
    "join",
)

_WORDS = {"type": "string", "minLength": 1, "maxLength": 200}
_PATHS = {"anyOf": [_WORDS, {"type": "array", "items": _WORDS, "minItems": 1}]}
_NUMBER = {"type": "integer", "minimum": 1, "maximum": 200}
_TRANSFORM = {
    "anyOf": [
        {"enum": ["upper", "plain"]},
        {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": False,
            "properties": {
                **dict.fromkeys(("first", "last", "drop_parts"), _NUMBER),
                **dict.fromkeys(("after", "before", "split", "query", "prefix", "join"), _WORDS),
            },
        },
    ]
}
_TAKE = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {
        "from": _PATHS,
        "value": _WORDS,
        "default": _WORDS,
        "do": {"type": "array", "items": _TRANSFORM},
        "table": _WORDS,
        "others": {"enum": ["finding", "skip", "keep"]},
        "empty": {"type": "array", "items": _WORDS},
    },
}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "version", "title", "format", "fields"],
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9_]{1,60}$"},
        "version": {"type": "integer", "minimum": 1},
        "title": _WORDS,
        "format": {"enum": ["table", "json", "jsonl"]},
        "rows": {"type": "string"},
        "headers": {"type": "array", "items": _WORDS},
        "empty": {"type": "array", "items": _WORDS},
        "fields": {
            "type": "object",
            "additionalProperties": False,
            "required": ["key", "code", "name"],
            "properties": {
                target: {"anyOf": [_TAKE, {"type": "array", "items": _TAKE, "minItems": 1}]}
                for target in TARGETS
            },
        },
        "tables": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": {"type": "string"}},
        },
        "doubtful_organs": {"type": "object", "additionalProperties": _WORDS},
        "organ_words": {"type": "object", "additionalProperties": _WORDS},
    },
}


@cache
def _check() -> "Draft202012Validator":
    from jsonschema import Draft202012Validator

    return Draft202012Validator(SCHEMA)


@dataclass(frozen=True, slots=True)
class Take:
    """How one part is taken: the first path that says something, then the transforms, then the table."""

    paths: tuple[str, ...] = ()
    value: str = ""  # fixed: what holds for the whole file
    default: str = ""  # put only where a batch asks for defaults; marked 默认值，待确认
    do: tuple[tuple[str, Any], ...] = ()
    table: str = ""
    others: str = "finding"  # what the table does not have: a finding, left out, or kept as it is
    empty: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Mapping:
    """One mapping file. `empty`: words that mean nothing is said. `doubtful_organs`: credit code → why."""

    name: str
    version: int
    title: str
    format: str
    takes: Mapped[str, tuple[Take, ...]]  # of each part the ways to find it, best first
    rows: str = ""
    headers: tuple[str, ...] = ()
    empty: frozenset[str] = frozenset()
    tables: Mapped[str, Mapped[str, str]] = field(default_factory=dict)
    doubtful_organs: Mapped[str, str] = field(default_factory=dict)
    organ_words: Mapped[str, str] = field(default_factory=dict)


def mapping(name: str) -> Mapping:
    """By its name. Raises MappingUnknown, MappingWrong."""
    path = _files().get(name)
    if path is None:
        raise MappingUnknown(name=name[:60])
    return _read(path, path.stat().st_mtime_ns)


def mappings() -> list[Mapping]:
    """All that can be read, by title; an installation's own before ours of the same name."""
    found = []
    for name in _files():
        try:
            found.append(mapping(name))
        except MappingWrong:
            continue  # `mapping(name)` says what is wrong with it; a list of the others is no less right
    return sorted(found, key=lambda one: one.title)


def _files() -> dict[str, Path]:
    folders = [FOLDER, *([Path(os.environ[OWN])] if os.environ.get(OWN) else [])]
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.yaml"))}


@lru_cache(maxsize=64)
def _read(path: Path, changed: int) -> Mapping:
    return read_mapping(path.read_text(encoding="utf-8"), path.stem)


def read_mapping(text: str, name: str) -> Mapping:
    """A mapping file as typed. Raises MappingWrong with the first thing that is not right."""
    try:
        given = yaml.safe_load(text)  # an editor is told the line; libyaml tells the one after
    except yaml.YAMLError as broken:
        line = getattr(getattr(broken, "problem_mark", None), "line", 0) + 1
        raise MappingWrong(name=name, problem=f"第{line}行不是YAML") from broken
    errors = sorted(_check().iter_errors(given), key=lambda error: list(map(str, error.path)))
    if errors:
        place = ".".join(map(str, errors[0].path)) or "最外层"
        raise MappingWrong(name=name, problem=f"{place}：{errors[0].message[:150]}")
    if given["name"] != name:
        raise MappingWrong(name=name, problem=f"name应与文件名相同，写的是“{given['name']}”")
    made = _made(given)
    for target, take in ((target, take) for target, takes in made.takes.items() for take in takes):
        if take.table and take.table not in made.tables:
            raise MappingWrong(name=name, problem=f"fields.{target}：没有名为“{take.table}”的对照表")
        if not (take.paths or take.value or take.default):
            raise MappingWrong(name=name, problem=f"fields.{target}：要写from、value或者default")
    return made


def _made(given: dict[str, Any]) -> Mapping:
    return Mapping(
        name=given["name"],
        version=given["version"],
        title=given["title"],
        format=given["format"],
        takes={
            target: tuple(
                _take(one) for one in (given_take if isinstance(given_take, list) else [given_take])
            )
            for target, given_take in given["fields"].items()
        },
        rows=given.get("rows", ""),
        headers=tuple(given.get("headers", ())),
        empty=frozenset(given.get("empty", ())),
        tables=given.get("tables", {}),
        doubtful_organs=given.get("doubtful_organs", {}),
        organ_words=given.get("organ_words", {}),
    )


def _take(given: dict[str, Any]) -> Take:
    paths = given.get("from", [])
    deeds = [(one, True) if isinstance(one, str) else next(iter(one.items())) for one in given.get("do", [])]
    return Take(
        paths=(paths,) if isinstance(paths, str) else tuple(paths),
        value=given.get("value", ""),
        default=given.get("default", ""),
        do=tuple(deeds),
        table=given.get("table", ""),
        others=given.get("others", "finding"),
        empty=frozenset(given.get("empty", ())),
    )
