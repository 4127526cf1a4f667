"""
Changes of a document by place, as editors make them. Pure: each gives a changed copy.

Places here count elements by their place from 0 (`handling[0].steps[2].name`), so that they lead into documents that
are wrong in any way; `named` and `placed` go from and to the grammar of `places`, which knows elements by their codes.
"""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from mingqu.catalogue import places
from mingqu.catalogue.types import Document

Json = dict[str, Any]


def steps_of(path: str) -> list[str | int]:
    """The keys and numbers of a path. Raises KeyError where it is none."""
    return [name if index is None else _number(index, path) for name, index in places.parts(path)]


def _number(index: str, path: str) -> int:
    if not index.isdecimal():
        raise KeyError(path)
    return int(index)


def value_at(document: Any, path: str) -> Any:
    """What stands there; None where nothing does."""
    here = document
    for step in steps_of(path):
        if isinstance(step, int):
            here = here[step] if isinstance(here, list) and step < len(here) else None
        else:
            here = here.get(step) if isinstance(here, Mapping) else None
    return here


def put(document: Json, path: str, value: Any) -> None:
    """Write into a document that is the caller's own; what is missing on the way is made."""
    *way, last = steps_of(path)
    here: Any = document
    for step, following in zip(way, [*way, last][1:], strict=True):
        below = _below(here, step)
        if not isinstance(below, list if isinstance(following, int) else dict):
            below = [] if isinstance(following, int) else {}
            here[step] = below
        here = below
    here[last] = value


def _below(here: Any, step: str | int) -> Any:
    if isinstance(step, int):
        if step >= len(here):
            raise KeyError(step)  # elements are added by `added` alone
        return here[step]
    return here.get(step)


def drop(document: Json, path: str) -> None:
    """Take a key away, if it is there."""
    parent, _, name = path.rpartition(".")
    here = value_at(document, parent) if parent else document
    if isinstance(here, dict):
        here.pop(name, None)


def added(document: Mapping[str, Any], path: str, element: Any) -> Json:
    """With one more element at the end of a list."""
    made = deepcopy(dict(document))
    found = value_at(made, path)
    put(made, path, [*(found if isinstance(found, list) else []), element])
    return made


def moved(document: Mapping[str, Any], path: str, by: int) -> Json:
    """With an element one place up (-1) or down (1); at the end of its list it stays. Raises KeyError."""
    made, rows, place = _element(document, path)
    goal = place + by
    if 0 <= goal < len(rows):
        rows[place], rows[goal] = rows[goal], rows[place]
    return made


def removed(document: Mapping[str, Any], path: str) -> Json:
    """Without an element and what was said about it elsewhere: its sources, who looks at it. Raises KeyError."""
    code = named(document, path)
    made, rows, place = _element(document, path)
    gone = rows.pop(place)
    sources = made.get("sources")
    if isinstance(sources, list) and code:
        made["sources"] = [one for one in sources if not _within(one, code)]
    _forget(made, path, gone)
    return made


def _element(document: Mapping[str, Any], path: str) -> tuple[Json, list[Any], int]:
    made = deepcopy(dict(document))
    if not path.endswith("]"):
        raise KeyError(path)
    parent, _, index = path.removesuffix("]").rpartition("[")
    rows = value_at(made, parent)
    if not isinstance(rows, list) or not index.isdecimal() or int(index) >= len(rows):
        raise KeyError(path)
    return made, rows, int(index)


def _within(source: Any, path: str) -> bool:
    said = str(source.get("path", "")) if isinstance(source, Mapping) else ""
    return said == path or said.startswith((f"{path}.", f"{path}["))


def _forget(made: Json, path: str, gone: Any) -> None:
    """A material that is gone is looked at by no step and asked for by no scenario."""
    steps = steps_of(path)
    if steps[:1] != ["handling"] or steps[2:3] != ["materials"] or not isinstance(gone, Mapping):
        return
    handling = made["handling"][steps[1]]
    rows = [*(handling.get("steps") or []), handling.get("decide")]
    for step in rows:
        if isinstance(step, dict) and isinstance(step.get("checks"), list):
            step["checks"] = [code for code in step["checks"] if code != gone.get("code")]


def new_code(rows: Any, key: str, stem: str) -> str:
    """A code no element has: m1, m2 …"""
    taken = (
        {str(row.get(key)) for row in rows if isinstance(row, Mapping)} if isinstance(rows, list) else set()
    )
    return next(f"{stem}{n}" for n in range(1, len(taken) + 2) if f"{stem}{n}" not in taken)


def named(document: Mapping[str, Any], path: str) -> str:
    """The same place by the codes of the elements, as sources, differences and remarks name it."""
    said = ""
    kind: Any = Document
    here: Any = document
    for name, index in places.parts(path):
        if index is None:
            said += f".{name}" if said else name
            kind = places.kind_of(kind, name)
            here = here.get(name, {}) if isinstance(here, Mapping) else {}
            continue
        here = _at(here, index)
        key = places.key_of(kind)
        code = str(here.get(key) or "") if key and isinstance(here, Mapping) else ""
        said += f"[{code if code and not set(code) & set('[]') else index}]"
    return said


def placed(document: Mapping[str, Any], path: str) -> str:
    """The same place counted from 0. Raises KeyError where it leads nowhere."""
    said = ""
    kind: Any = Document
    here: Any = document
    for name, index in places.parts(path):
        if index is None:
            said += f".{name}" if said else name
            kind = places.kind_of(kind, name)
            here = here.get(name) if isinstance(here, Mapping) else None
            continue
        number = _place_of(here, places.key_of(kind), index)
        said += f"[{number}]"
        here = here[number]
    return said


def _at(here: Any, index: str) -> Any:
    return here[int(index)] if isinstance(here, list) and index.isdecimal() and int(index) < len(here) else {}


def _place_of(here: Any, key: str, index: str) -> int:
    for number, element in enumerate(here if isinstance(here, list) else ()):
        if key and isinstance(element, Mapping) and str(element.get(key, "")) == index:
            return number
    if isinstance(here, list) and index.isdecimal() and int(index) < len(here):
        return int(index)
    raise KeyError(index)


def region_of(document: Mapping[str, Any]) -> str:
    """Where posts are looked for: the county of the item and below."""
    code = str(value_at(document, "item.region_code") or "")
    return re.sub(r"\D", "", code)[:6].ljust(12, "0")
