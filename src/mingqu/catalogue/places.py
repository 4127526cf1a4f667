"""
Places in a document: `handling[01].materials[floor-plan].name`, elements of a list by their code, else by their
place from 0, as findings name them.

The one grammar of sources, differences and findings by meaning. Pure.
"""

import dataclasses
import re
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mingqu.catalogue.labels import KEYS, LABELS
from mingqu.catalogue.types import Document

_PART = re.compile(r"([A-Za-z_]\w*)((?:\[[^\]]*\])*)(?:\.|$)")


def exists(document: Mapping[str, Any], path: str) -> bool:
    """True where the path leads to something in the document."""
    try:
        found(document, path)
    except KeyError:
        return False
    return True


def known(document: Mapping[str, Any], path: str) -> bool:
    """True also where nothing is written yet, if the format has such a field there; elements of lists have to exist."""
    here: Any = document
    kind: Any = Document
    try:
        for name, index in parts(path):
            if index is not None:
                here = _element(here, key_of(kind), index, path)
                continue
            if not (isinstance(here, Mapping) and name in here) and name not in _fields(kind):
                return False
            here, kind = here.get(name) if isinstance(here, Mapping) else None, kind_of(kind, name)
    except KeyError:
        return False
    return True


def _fields(kind: Any) -> set[str]:
    return {one.name for one in dataclasses.fields(kind)} if dataclasses.is_dataclass(kind) else set()


def found(document: Mapping[str, Any], path: str) -> Any:
    """What stands at the path. Raises KeyError."""
    here: Any = document
    kind: Any = Document
    for name, index in parts(path):
        if index is None:
            if not isinstance(here, Mapping) or name not in here:
                raise KeyError(path)
            here, kind = here[name], kind_of(kind, name)
        else:
            here = _element(here, key_of(kind), index, path)
    return here


def parts(path: str) -> Iterator[tuple[str, str | None]]:
    """(name, None) for a key, (name, index) for an element. Raises KeyError where the path is none."""
    at = 0
    while at < len(path):
        part = _PART.match(path, at)
        if part is None:
            raise KeyError(path)
        yield part[1], None
        for index in re.findall(r"\[([^\]]*)\]", part[2]):
            yield part[1], index
        at = part.end()


def kind_of(kind: Any, name: str) -> Any:
    """The dataclass a field holds, alone or in a list; None where it holds none."""
    if not dataclasses.is_dataclass(kind):
        return None
    return inner(typing.get_type_hints(kind).get(name))


def inner(hint: Any) -> Any:
    """The dataclass in list[X] or X | None."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return inner(next(a for a in args if a is not type(None)))
    if origin is list:
        return inner(args[0])
    return hint if dataclasses.is_dataclass(hint) else None


def key_of(kind: Any) -> str:
    """By which of its fields an element of a list is known; "" where only by its number."""
    return KEYS.get(getattr(kind, "__name__", ""), "")


def words(document: Mapping[str, Any], path: str) -> str:
    """The path in Chinese: 新办 · 材料“经营场所平面布局图” · 可容缺 · 期限."""
    said: list[str] = []
    kind: Any = Document
    here: Any = document
    for name, index in parts(path):
        if index is None:
            label = LABELS.get(getattr(kind, "__name__", ""), {}).get(name, name)
            said.append(label)
            kind = kind_of(kind, name)
            here = here.get(name) if isinstance(here, Mapping) else None
        else:
            here = _element_or_none(here, key_of(kind), index)
            said[-1] += f"“{_called(here, index)}”"
    return " · ".join(said)


def _called(element: Any, index: str) -> str:
    if isinstance(element, Mapping):
        for name in ("name", "title", "text", "label"):
            if element.get(name):
                return str(element[name])
    return f"第{int(index) + 1}项" if index.isdigit() and not isinstance(element, str) else index


def _element_or_none(here: Any, key: str, index: str) -> Any:
    try:
        return _element(here, key, index, "")
    except KeyError:
        return None


def _element(here: Any, key: str, index: str, path: str) -> Any:
    if not isinstance(here, Sequence) or isinstance(here, str):
        raise KeyError(path)
    for element in here:
        if element == index or (key and isinstance(element, Mapping) and str(element.get(key, "")) == index):
            return element
    if index.isdigit() and int(index) < len(here):
        return here[int(index)]
    raise KeyError(path)
