"""
Levels and orders of a layered drawing (Sugiyama's method). Pure.

Links that would lead back are turned round for the while; a link over several levels passes each between
them by a slot of its own, so that no part can lie in its way. Orders come from repeated barycentres.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isqrt
from typing import Final

from mingqu.process.bpmn.drawing.shapes import LINE_HEIGHT
from mingqu.process.errors import BpmnRefused

SWEEPS: Final = 12
MAX_SLOTS: Final = 20_000
"""A few hundred steps need some thousand. More is no drawing anybody could read."""


@dataclass(frozen=True, slots=True)
class Part:
    """
    What takes up room: `above` and `below` the line on which its links come and go. `lane` counts from the top.
    """

    id: str
    width: int
    above: int
    below: int
    lane: int = 0
    left: int = 0
    """Room its label needs before it, in the gap."""


@dataclass(frozen=True, slots=True)
class Link:
    """From one part to another. `out`: how far below the source's line it leaves. `label`: width, height."""

    id: str
    source: str
    target: str
    out: int = 0
    label: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a level: a part's (`id` is its own) or one by which a link passes."""

    id: str
    above: int
    below: int
    lane: int
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """A link with the slots it passes, from left to right, its two parts' included. `back`: it runs leftwards."""

    link: Link
    slots: tuple[str, ...]
    back: bool


@dataclass(slots=True)
class Layered:
    """`order`: the slots of each level from the top. `level`: where each slot lies."""

    slots: dict[str, Slot] = field(default_factory=dict)
    level: dict[str, int] = field(default_factory=dict)
    order: list[list[str]] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)

    def snap(self, line: Mapping[str, int]) -> None:
        """Ways of boundary events that would bend by a hair run level instead."""
        for number, chain in enumerate(self.chains):
            link = chain.link
            bend = line[chain.slots[1]] - line[link.source] - link.out
            if link.out and not chain.back and -4 <= bend <= 8:
                self.chains[number] = replace(chain, link=replace(link, out=link.out + bend))

    def neighbours(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """What lies before and after each slot in the levels beside its own."""
        before: dict[str, list[str]] = {name: [] for name in self.slots}
        after: dict[str, list[str]] = {name: [] for name in self.slots}
        for chain in self.chains:
            for left, right in zip(chain.slots, chain.slots[1:], strict=False):
                if self.level[left] < self.level[right]:
                    after[left].append(right)
                    before[right].append(left)
        return before, after


def layered(parts: Sequence[Part], links: Sequence[Link]) -> Layered:
    """
    The levels of parts and links; no link may lead from a part to itself.

    Raises BpmnRefused where links are so many and so long that nobody could read the drawing.
    """
    back = _backward(parts, links)
    level = _levels(parts, links, back)
    drawing = Layered()
    for part in parts:
        drawing.slots[part.id] = Slot(part.id, part.above, part.below, part.lane)
        drawing.level[part.id] = level[part.id]
    lanes = {part.id: part.lane for part in parts}
    passed = sum(abs(level[link.target] - level[link.source]) for link in links)
    if len(parts) + passed > MAX_SLOTS:
        raise BpmnRefused(reason="流程太大或路线太乱，无法自动画图，请先拆成几段")
    for link in links:
        drawing.chains.append(_chain(drawing, link, link.id in back, lanes[link.source]))
    _put_in_order(drawing, parts)
    return drawing


def _backward(parts: Sequence[Part], links: Sequence[Link]) -> frozenset[str]:
    """The links that close a circle, as met when walking depth first from where nothing leads to."""
    out: dict[str, list[Link]] = {part.id: [] for part in parts}
    entered = {link.target for link in links}
    for link in links:
        out[link.source].append(link)
    back: set[str] = set()
    done: dict[str, bool] = {}  # False: on the way from the first part to here
    for part in sorted(parts, key=lambda part: part.id in entered):
        waiting = [(part.id, 0)]
        while waiting:
            name, place = waiting.pop()
            if place == 0 and name in done:
                continue
            done[name] = False
            for number, link in enumerate(out[name][place:], start=place + 1):
                if done.get(link.target) is False:
                    back.add(link.id)
                elif link.target not in done:
                    waiting += [(name, number), (link.target, 0)]
                    break
            else:
                done[name] = True
    return frozenset(back)


def _levels(parts: Sequence[Part], links: Sequence[Link], back: frozenset[str]) -> dict[str, int]:
    after: dict[str, list[tuple[str, int]]] = {part.id: [] for part in parts}
    count = {part.id: 0 for part in parts}
    pairs: set[tuple[str, str]] = set()
    for link in links:
        pair = (link.target, link.source) if link.id in back else (link.source, link.target)
        # A second link between the same two gets a slot of its own, or it would lie on the first.
        after[pair[0]].append((pair[1], 2 if pair in pairs and link.id not in back else 1))
        count[pair[1]] += 1
        if link.id not in back:
            pairs.add(pair)
    level = _isolated(parts, after, count)
    waiting = [part.id for part in parts if count[part.id] == 0]
    order: list[str] = []
    for name in waiting:
        order.append(name)
        level.setdefault(name, 0)
        for target, length in after[name]:
            level[target] = max(level.get(target, 0), level[name] + length)
            count[target] -= 1
            if count[target] == 0:
                waiting.append(target)
    entered = {target for found in after.values() for target, _ in found}
    for name in reversed(order):
        if name not in entered and after[name]:  # a second beginning moves up to what it leads to
            level[name] = min(level[target] - length for target, length in after[name])
    return level


def _isolated(
    parts: Sequence[Part], after: Mapping[str, list[tuple[str, int]]], count: Mapping[str, int]
) -> dict[str, int]:
    """Parts without links lie beside one another in rows, not in one long column."""
    alone = [part.id for part in parts if not after[part.id] and count[part.id] == 0]
    columns = max(1, isqrt(max(0, len(alone) - 1)) + 1)
    return {name: number % columns for number, name in enumerate(alone)}


def _chain(drawing: Layered, link: Link, back: bool, lane: int) -> Chain:
    first, last = (link.target, link.source) if back else (link.source, link.target)
    low, high = drawing.level[first], drawing.level[last]
    passed = range(low, high + 1) if back else range(low + 1, high)
    names = []
    for number, place in enumerate(passed):
        name = f"\0{link.id}\0{place}"
        named = number == len(passed) - 1 if back else number == 0
        above = link.label[1] + 4 if named and link.label[1] else LINE_HEIGHT // 2
        drawing.slots[name] = Slot(name, above, LINE_HEIGHT // 2, lane, passing=True)
        drawing.level[name] = place
        names.append(name)
    return Chain(link, (first, *names, last), back)


# -- orders


def _put_in_order(drawing: Layered, parts: Sequence[Part]) -> None:
    drawing.order = [[] for _ in range(max(drawing.level.values(), default=-1) + 1)]
    for name in _first_order(drawing, parts):
        drawing.order[drawing.level[name]].append(name)
    beside = _beside(drawing)
    before, after = drawing.neighbours()
    _by_lane(drawing)
    best, fewest = [list(level) for level in drawing.order], _crossings(drawing, after)
    for sweep in range(SWEEPS):
        if fewest == 0:
            break
        onward = sweep % 2 == 0
        numbers = range(len(drawing.order))
        for number in numbers if onward else reversed(numbers):
            _sort_level(drawing, number, before if onward else after, beside)
        crossings = _crossings(drawing, after)
        if crossings < fewest:
            best, fewest = [list(level) for level in drawing.order], crossings
    drawing.order = best


def _first_order(drawing: Layered, parts: Sequence[Part]) -> list[str]:
    """Depth first in the order of the file: branches come one below the other as they were written."""
    _, after = drawing.neighbours()
    turned: dict[str, list[str]] = {}
    for chain in drawing.chains:
        if chain.back:
            turned.setdefault(chain.slots[0], []).append(chain.slots[1])
    entered = {name for found in after.values() for name in found}
    order: dict[str, None] = {}
    for part in sorted(parts, key=lambda part: part.id in entered):
        waiting = [part.id]
        while waiting:
            name = waiting.pop()
            if name not in order:
                order[name] = None
                waiting.extend(reversed([*after[name], *turned.get(name, ())]))
    return list(order)


def _beside(drawing: Layered) -> dict[str, str]:
    """The first and last slot of a way back lie in the level of a part: there they keep beside that part."""
    return {
        slot: part
        for chain in drawing.chains
        if chain.back
        for slot, part in ((chain.slots[1], chain.slots[0]), (chain.slots[-2], chain.slots[-1]))
    }


def _by_lane(drawing: Layered) -> None:
    for level in drawing.order:
        level.sort(key=lambda name: drawing.slots[name].lane)


def _sort_level(
    drawing: Layered, number: int, neighbours: Mapping[str, list[str]], beside: Mapping[str, str]
) -> None:
    place = {name: spot for level in drawing.order for spot, name in enumerate(level)}
    level = drawing.order[number]

    def wish(name: str) -> float:
        found = neighbours[name]
        if found:
            return sum(place[other] for other in found) / len(found)
        if name in beside:
            return wish(beside[name]) + 0.1
        return float(place[name])

    wishes = {name: wish(name) for name in level}
    level.sort(key=lambda name: (drawing.slots[name].lane, wishes[name], place[name]))


def _crossings(drawing: Layered, after: Mapping[str, list[str]]) -> int:
    """Pairs of links that cross between two levels, counted by inversions in a binary indexed tree."""
    total = 0
    for level, following in zip(drawing.order, drawing.order[1:], strict=False):
        place = {name: spot for spot, name in enumerate(following)}
        counts = [0] * (len(following) + 1)
        seen = 0
        for name in level:
            spots = sorted(place[other] for other in after[name])
            for spot in spots:
                total += seen - _sum(counts, spot)
            for spot in spots:
                _add(counts, spot)
                seen += 1
    return total


def _sum(counts: list[int], spot: int) -> int:
    """How many were added at `spot` or before."""
    spot += 1
    total = 0
    while spot > 0:
        total += counts[spot]
        spot -= spot & -spot
    return total


def _add(counts: list[int], spot: int) -> None:
    spot += 1
    while spot < len(counts):
        counts[spot] += 1
        spot += spot & -spot
