"""What the compiler knows about the names around a place, so that look-ups are decided once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mingqu.decisions.feel_types import FeelType


@dataclass(slots=True)
class Scope:
    """
    One level of names.

    `closed`: exactly these names, one Env each at run time. `filter`: names of the item being filtered,
    known only at run time. `top`: what the caller gives.
    """

    kind: Literal["top", "closed", "filter"]
    names: set[str] = field(default_factory=set)
    up: Scope | None = None
    types: Mapping[str, FeelType] = field(default_factory=dict)

    def inner(self, *names: str) -> Scope:
        """A closed scope inside this one."""
        return Scope("closed", set(names), self, self.types)

    def filtering(self) -> Scope:
        """The scope of a filter's condition."""
        return Scope("filter", set(), self, self.types)


def hops_to(name: str, scope: Scope) -> tuple[str, int]:
    """
    Where the name is found: ('closed', hops), ('top', hops), or ('dynamic', 0).

    Past a filter's scope nothing is certain: the item may have an entry of that name.
    """
    hops = 0
    place: Scope | None = scope
    while place is not None:
        if place.kind == "filter":
            return "dynamic", 0
        if place.kind == "top":
            return "top", hops
        if name in place.names:
            return "closed", hops
        hops += 1
        place = place.up
    return "dynamic", 0
