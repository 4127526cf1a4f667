"""Every place of a law that a definition cites, with where it stands. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mingqu.catalogue import places
from mingqu.law import selectors as law

SKIPPED = ("sources",)  # where the content came from: no citation of ours
LONGEST = 200


@dataclass(frozen=True)
class Cited:
    law: str
    article: int
    suffix: int
    paragraph: int
    point: int
    where: str


def cited(document: Mapping[str, Any]) -> list[Cited]:
    """In the order of the document, each place once per part of it."""
    found: dict[Cited, None] = {}
    for path, node in _walk(document, ""):
        where = places.words(document, path)[:300]
        if isinstance(node, str):
            for one in law.citations(node):
                name = one.law[:LONGEST]
                found[Cited(name, one.article, one.suffix, one.paragraph, one.point, where)] = None
        elif node.get("law"):
            numbers = (_number(node, "article"), 0, _number(node, "paragraph"), _number(node, "point"))
            found[Cited(str(node["law"])[:LONGEST], *numbers, where)] = None
    return list(found)


def _number(node: Mapping[str, Any], name: str) -> int:
    value = node.get(name) or 0
    return value if isinstance(value, int) and 0 <= value < 10_000 else 0


def _walk(node: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Texts, and mappings that name a law, with their paths."""
    if isinstance(node, str):
        if "《" in node:
            yield path, node
    elif isinstance(node, Mapping):
        if isinstance(node.get("law"), str):
            yield path, node
        for name, value in node.items():
            if path or name not in SKIPPED:
                yield from _walk(value, f"{path}.{name}" if path else str(name))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _walk(value, f"{path}[{index}]")
