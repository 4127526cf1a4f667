"""What a sheet of a definition consists of: inputs, groups and rows, and walks through them. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from mingqu.catalogue.studio.choices import Option
from mingqu.catalogue.studio.choosing import NO_STRETCH, Stretch

Widget = Literal[
    "text",
    "long",
    "lines",
    "number",
    "decimal",
    "yes_no",
    "select",
    "ticks",
    "post",
    "condition",
    "waits",
    "faq",
    "stretch",
]
NO_DEFAULT = object()
WIDE = (".when", ".because", ".advice", ".says", ".hint")  # sentences in one line


@dataclass
class Input:
    """One thing to fill in. `value`: as shown, of ticks and conditions a list; `error`: why it was not taken."""

    path: str
    label: str
    widget: Widget
    value: Any = ""
    options: list[Option] = field(default_factory=list)
    questions: list[tuple[str, list[Option]]] = field(
        default_factory=list
    )  # of a condition: what may be ticked
    hint: str = ""
    error: str = ""
    default: Any = NO_DEFAULT
    words: str = ""  # of a condition: what it says
    locked: bool = False  # decided elsewhere: by the drawing of an expert
    stretch: Stretch = NO_STRETCH
    said: int = 0  # remarks on it that are not settled
    is_input: bool = True

    @property
    def id(self) -> str:
        return dom_id(self.path)

    @property
    def wide(self) -> bool:
        wide = ("long", "lines", "ticks", "condition", "waits", "faq", "stretch")
        return self.widget in wide or self.path.endswith(WIDE)


@dataclass
class Group:
    """Fields of one thing; an `optional` one is there only while its `first` input says something."""

    path: str
    label: str
    parts: list[Any]
    optional: bool = False
    first: str = ""
    seen: tuple[str, ...] | None = None  # which parts are seen at once; None: all
    is_group: bool = True

    @property
    def id(self) -> str:
        return dom_id(self.path)

    @property
    def main(self) -> list[Any]:
        return [one for one in self.parts if self.seen is None or name_of(one.path, self.path) in self.seen]

    @property
    def more(self) -> list[Any]:
        """What stands behind “更多”."""
        return [one for one in self.parts if one not in self.main]


@dataclass
class Row:
    path: str
    title: str
    main: list[Any]
    more: list[Any]
    number: int
    last: bool = False
    said: int = 0  # remarks on it and on what is in it that are not settled

    @property
    def id(self) -> str:
        return dom_id(self.path)


@dataclass
class Rows:
    path: str
    label: str
    what: str
    rows: list[Row]
    fixed: bool = False  # none is added, moved or removed here: the drawing of an expert says which there are
    is_rows: bool = True

    @property
    def add(self) -> str:
        """The words of the button that adds one."""
        return {"页": "加一页", "不需要的": "加一项不需要的"}.get(self.what, f"加一个{self.what}")

    @property
    def id(self) -> str:
        return dom_id(self.path)


Part = Input | Group | Rows


def inputs(parts: list[Part]) -> Iterator[Input]:
    """All inputs of parts, rows and groups inside one another."""
    for part in parts:
        if isinstance(part, Input):
            yield part
        elif isinstance(part, Group):
            yield from inputs(part.parts)
        else:
            for row in part.rows:
                yield from inputs([*row.main, *row.more])


def groups(parts: list[Part]) -> Iterator[Group]:
    """All groups, inner ones first."""
    for part in parts:
        if isinstance(part, Group):
            yield from groups(part.parts)
            yield part
        elif isinstance(part, Rows):
            for row in part.rows:
                yield from groups([*row.main, *row.more])


def all_rows(parts: list[Part]) -> Iterator[Rows]:
    """All lists of rows, outer ones first."""
    for part in parts:
        if isinstance(part, Group):
            yield from all_rows(part.parts)
        elif isinstance(part, Rows):
            yield part
            for row in part.rows:
                yield from all_rows([*row.main, *row.more])


def dom_id(path: str) -> str:
    return "p-" + re.sub(r"[^A-Za-z0-9_]+", "-", path).strip("-")


def name_of(path: str, under: str) -> str:
    return re.split(r"[.\[]", path[len(under) :].lstrip("."))[0]
