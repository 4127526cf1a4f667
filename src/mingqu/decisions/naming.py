"""
Names of several words or with signs in them, resolved against what is in scope (DMN 1.5, 10.3.1.3).

FEEL lets a name be `date of birth` or `a-b`; only the names in scope tell where it ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from mingqu.decisions.errors import DecisionError
from mingqu.decisions.lexer import Token, tokens


def canonical(parts: Sequence[str]) -> str:
    """The one spelling of a name: one space between words, none around signs."""
    text = ""
    previous = ""
    for part in parts:
        if previous and _is_word(previous) and _is_word(part):
            text += " "
        text += part
        previous = part
    return text


def _is_word(part: str) -> bool:
    return part[0].isalnum() or part[0] in "_?" or ord(part[0]) > 127


@lru_cache(maxsize=4096)
def parts_of(name: str) -> tuple[str, ...]:
    """The tokens a name is made of; empty if it could never be written as a name."""
    try:
        return tuple(token.text for token in tokens(name)[:-1] if token.kind in ("name", "number", "op"))
    except DecisionError:  # such a name can only be reached through get value()
        return ()


def index_of(names: Iterable[str] | NameIndex) -> NameIndex:
    """The index itself, or one made of the names."""
    return names if isinstance(names, NameIndex) else NameIndex(names)


class NameIndex:
    """Names of more than one token, found by the longest match."""

    __slots__ = ("_by_first",)

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """One more name. Single-word names need no entry."""
        parts = parts_of(name)
        if len(parts) > 1:
            known = self._by_first.setdefault(parts[0], [])
            if (parts, name) not in known:
                known.append((parts, name))
                known.sort(key=lambda entry: -len(entry[0]))

    def longest(self, stream: Sequence[Token], at: int) -> tuple[int, str] | None:
        """How many tokens the longest known name at this place takes, and the name."""
        for parts, name in self._by_first.get(stream[at].text, ()):
            end = at + len(parts)
            if end < len(stream) and all(
                token.text == part and token.kind != "string"
                for token, part in zip(stream[at:end], parts, strict=True)
            ):
                return len(parts), name
        return None
