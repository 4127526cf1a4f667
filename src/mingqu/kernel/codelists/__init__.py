"""
Code lists: the words that official tables fix, versioned, each with its source.

`code_list("item_type")` reads one of the YAML files beside this module. What no standard text confirms
stays `verified: false`, and the documentation claims no conformity for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from mingqu.kernel.errors import DomainError
from mingqu.kernel.yaml_text import read_yaml

__all__ = ["CodeList", "CodeValue", "UnknownCode", "all_lists", "code_list"]

_OWN = {"code", "name", "source", "verified"}


class UnknownCode(DomainError):
    """A value that the named list does not have. The value itself is not kept: it may be anything typed."""

    code = "unknown_code"
    sentence = "“{title}”（代码表{list_name}，{version}版）里没有这个值。"


@dataclass(frozen=True)
class CodeValue:
    """One value; `attributes` holds what only this list has (national code, validator, bad ...)."""

    code: str
    name: str
    source: str
    verified: bool
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class CodeList:
    """All values of one list in their official order."""

    key: str
    title: str
    version: str
    source: str
    verified: bool
    note: str
    values: tuple[CodeValue, ...]

    def require(self, code: str, *, field: str = "") -> CodeValue:
        """The value with this code. Raises UnknownCode, which names the list."""
        found = self._by_code().get(code)
        if found is None:
            raise UnknownCode(field=field, title=self.title, list_name=self.key, version=self.version)
        return found

    def named(self, name: str, *, field: str = "") -> CodeValue:
        """The value with this Chinese name, as imported tables write it. Raises UnknownCode."""
        for value in self.values:
            if value.name == name:
                return value
        raise UnknownCode(field=field, title=self.title, list_name=self.key, version=self.version)

    def name(self, code: str) -> str:
        return self.require(code).name

    def choices(self) -> list[tuple[str, str]]:
        """(code, name) pairs for forms."""
        return [(value.code, value.name) for value in self.values]

    def __contains__(self, code: object) -> bool:
        return code in self._by_code()

    def __iter__(self) -> Iterator[CodeValue]:
        return iter(self.values)

    def _by_code(self) -> Mapping[str, CodeValue]:
        return _index_of(self.key)


@cache
def code_list(key: str) -> CodeList:
    """The list called `key`. LookupError for a list that does not exist: a programming error."""
    file = files(__package__).joinpath(f"{key}.yaml")
    if not key.isidentifier() or not file.is_file():
        raise LookupError(f"no code list {key!r}")
    raw = read_yaml(file.read_text("utf-8"))
    values = tuple(
        CodeValue(
            code=row["code"],
            name=row["name"],
            source=row.get("source", raw["source"]),
            verified=row.get("verified", raw["verified"]),
            attributes=MappingProxyType({k: v for k, v in row.items() if k not in _OWN}),
        )
        for row in raw["values"]
    )
    return CodeList(
        key=raw["list"],
        title=raw["title"],
        version=raw["version"],
        source=raw["source"],
        verified=raw["verified"],
        note=raw.get("note", ""),
        values=values,
    )


def all_lists() -> tuple[CodeList, ...]:
    """Every list, by key; for the page of the data dictionary and for tests."""
    names = sorted(f.name for f in files(__package__).iterdir() if f.name.endswith(".yaml"))
    return tuple(code_list(name.removesuffix(".yaml")) for name in names)


@cache
def _index_of(key: str) -> Mapping[str, CodeValue]:
    return MappingProxyType({value.code: value for value in code_list(key).values})
