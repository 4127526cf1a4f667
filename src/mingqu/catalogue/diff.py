"""
What two documents differ in, by meaning: rows an official reads, lists matched by their codes. Pure.

A move inside a list is one row, whatever moved. Every leaf that is not the same stands in exactly one row, its own
or that of the element it came or went with.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mingqu.catalogue import places
from mingqu.catalogue.types import Document

Change = Literal["added", "removed", "changed", "moved"]
CHANGE_WORDS = {"added": "新增", "removed": "删除", "changed": "修改", "moved": "调整顺序"}


@dataclass(frozen=True)
class Difference:
    """
    One difference. `path`: the place (grammar of `places`); `words`: the same in Chinese; `before` and `after` the
    values (None where there is none; of a move the codes in their order).
    """

    path: str
    words: str
    before: Any
    after: Any
    kind: Change

    @property
    def kind_words(self) -> str:
        return CHANGE_WORDS[self.kind]


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """All differences in the order of the newer document; empty for equal documents."""
    rows = _objects(Document, before, after, "")
    return [_told(before, after, *row) for row in rows]


def text_of(value: Any) -> str:
    """A value as a line of Chinese text: lists by commas, parts by semicolons, yes and no as 是 and 否."""
    if value is None or value == "":
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "；".join(f"{name}：{text_of(one)}" for name, one in value.items())
    if isinstance(value, list):
        return "、".join(map(text_of, value)) or "（空）"
    return str(value)


_Row = tuple[str, Any, Any, Change]


def _told(
    before: Mapping[str, Any], after: Mapping[str, Any], path: str, old: Any, new: Any, kind: Change
) -> Difference:
    return Difference(path, places.words(before if kind == "removed" else after, path), old, new, kind)


def _objects(kind: Any, before: Mapping[str, Any], after: Mapping[str, Any], path: str) -> Iterator[_Row]:
    names = [*after, *(name for name in before if name not in after)]
    for name in names:
        here = f"{path}.{name}".lstrip(".")
        if name not in before:
            yield here, None, after[name], "added"
        elif name not in after:
            yield here, before[name], None, "removed"
        else:
            yield from _values(places.kind_of(kind, name), before[name], after[name], here)


def _values(kind: Any, before: Any, after: Any, path: str) -> Iterator[_Row]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _objects(kind, before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(kind, before, after, path)
    elif not _same(before, after):
        yield path, before, after, "changed"


def _lists(kind: Any, before: Sequence[Any], after: Sequence[Any], path: str) -> Iterator[_Row]:
    old, new = _coded(kind, before), _coded(kind, after)
    if old is None or new is None:  # no codes: by their places
        if before != after and _mistakable(kind, before, after):
            yield path, before, after, "changed"
            return
        for place in range(max(len(before), len(after))):
            here = f"{path}[{place}]"
            if place >= len(before):
                yield here, None, after[place], "added"
            elif place >= len(after):
                yield here, before[place], None, "removed"
            else:
                yield from _values(kind, before[place], after[place], here)
        return
    for code, element in new.items():
        if code in old:
            yield from _values(kind, old[code], element, f"{path}[{code}]")
        else:
            yield f"{path}[{code}]", None, element, "added"
    for code, element in old.items():
        if code not in new:
            yield f"{path}[{code}]", element, None, "removed"
    stayed = [code for code in old if code in new], [code for code in new if code in old]
    if stayed[0] != stayed[1]:
        yield path, stayed[0], stayed[1], "moved"


def _coded(kind: Any, elements: Sequence[Any]) -> dict[str, Any] | None:
    """The elements by their code; None where they have none, or not one each, or one that no path can hold."""
    codes = _codes(kind, elements)
    if codes is None or len(set(codes)) < len(codes) or any(not c or set(c) & set("[]") for c in codes):
        return None
    return dict(zip(codes, elements, strict=True))


def _codes(kind: Any, elements: Sequence[Any]) -> list[str] | None:
    """What each element is known by, "" where it has nothing; None for elements without any such thing."""
    if key := places.key_of(kind):
        return [str(one.get(key) or "") if isinstance(one, Mapping) else "" for one in elements]
    if all(isinstance(one, str) for one in elements):
        return [str(one) for one in elements]  # plain words are their own code
    return None


def _mistakable(kind: Any, before: Sequence[Any], after: Sequence[Any]) -> bool:
    """Whether some element is called like the place of another one: then a path by place would lead to it."""
    numbers = {str(place) for place in range(max(len(before), len(after)))}
    return any(not numbers.isdisjoint(_codes(kind, elements) or ()) for elements in (before, after))


def _same(before: Any, after: Any) -> bool:
    return type(before) is type(after) and bool(before == after)
