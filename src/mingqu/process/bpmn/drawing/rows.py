"""
How high each slot lies (Brandes and Köpf, "Fast and Simple Horizontal Coordinate Assignment", 2001). Pure.

Slots are aligned with a neighbour in chains that run level; four ways of choosing give four drawings, of which
the one with the fewest bends is kept. Lanes are drawn one by one and laid below each other.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mingqu.process.bpmn.drawing.levels import Layered, Slot
from mingqu.process.bpmn.drawing.shapes import LEAST_LANE, PAD, PART_GAP, WAY_GAP

Neighbours = Mapping[str, Sequence[str]]
Levels = list[list[str]]


@dataclass(frozen=True, slots=True)
class Rows:
    """`line`: of each slot. `lanes`: upper and lower edge of each lane."""

    line: dict[str, int]
    lanes: tuple[tuple[int, int], ...]
    height: int


def rows(drawing: Layered, lanes: int) -> Rows:
    """`lanes`: how many there are; 0 where the drawing has none."""
    before, after = drawing.neighbours()
    line: dict[str, int] = {}
    edges: list[tuple[int, int]] = []
    top = 0
    for lane in range(max(1, lanes)):
        levels = [[n for n in level if drawing.slots[n].lane == lane] for level in drawing.order]
        names = {name for level in levels for name in level}
        own = _lines(drawing.slots, levels, _within(before, names), _within(after, names))
        high = max((own[n] + drawing.slots[n].below for n in names), default=0)
        pad = PAD if lanes else 0
        room = max(high + 2 * pad, LEAST_LANE) if lanes else high
        shift = top + (room - high) // 2
        line |= {name: y + shift for name, y in own.items()}
        edges.append((top, top + room))
        top += room
    return Rows(line, tuple(edges) if lanes else (), top)


def _within(neighbours: Neighbours, names: set[str]) -> dict[str, list[str]]:
    return {name: [other for other in neighbours[name] if other in names] for name in names}


def _lines(
    slots: Mapping[str, Slot], levels: Levels, before: Neighbours, after: Neighbours
) -> dict[str, int]:
    """The best of four drawings, moved so that its upper edge is 0."""
    names = [name for level in levels for name in level]
    if not names:
        return {}
    drawings = []
    conflicts = _conflicts(slots, levels, before)
    for downwards in (True, False):
        for onward in (True, False):
            turned = levels if onward else levels[::-1]
            turned = turned if downwards else [level[::-1] for level in turned]
            align = _aligned(turned, before if onward else after, conflicts)
            drawings.append(_compacted(slots, turned, align, 1 if downwards else -1))
    bends = [
        sum(1 for name in names for other in after[name] if found[name] != found[other]) for found in drawings
    ]
    spread = [sum(abs(d[name] - d[other]) for name in names for other in after[name]) for d in drawings]
    best = drawings[min(range(4), key=lambda number: (bends[number], spread[number]))]
    top = min(best[name] - slots[name].above for name in names)
    return {name: best[name] - top for name in names}


Pair = frozenset[str]


def _conflicts(slots: Mapping[str, Slot], levels: Levels, before: Neighbours) -> set[Pair]:
    """Links that cross a way that passes: the way stays straight, the other bends."""
    found: set[Pair] = set()
    for upper, lower in itertools.pairwise(levels):
        place = {name: number for number, name in enumerate(upper)}
        inner = [
            (place[other], number, frozenset((other, name)))
            for number, name in enumerate(lower)
            for other in before[name]
            if slots[name].passing and slots[other].passing
        ]
        for number, name in enumerate(lower):
            for other in before[name]:
                pair = frozenset((other, name))
                if slots[name].passing and slots[other].passing:
                    continue
                if any((place[other] - p) * (number - n) < 0 for p, n, _ in inner):
                    found.add(pair)
    return found


def _aligned(levels: Levels, before: Neighbours, conflicts: set[Pair]) -> list[list[str]]:
    """Slots that run level, as chains: each with a middle one of those before it, none crossing another."""
    place = {name: number for level in levels for number, name in enumerate(level)}
    chain: dict[str, list[str]] = {name: [name] for level in levels for name in level}
    for level in levels:
        reached = -1
        for name in level:
            others = sorted(before[name], key=place.__getitem__)
            for number in sorted({(len(others) - 1) // 2, len(others) // 2} if others else ()):
                other = others[number]
                if reached < place[other] and frozenset((other, name)) not in conflicts:
                    chain[other].append(name)
                    chain[name] = chain[other]
                    reached = place[other]
                    break
    return list({id(found): found for found in chain.values()}.values())


def _compacted(
    slots: Mapping[str, Slot], levels: Levels, chains: list[list[str]], sign: int
) -> dict[str, int]:
    """Chains as near to one another as their slots allow, then pulled towards what lies after them."""
    number = {name: place for place, chain in enumerate(chains) for name in chain}
    after: list[dict[int, int]] = [{} for _ in chains]
    before: list[dict[int, int]] = [{} for _ in chains]
    for level in levels:
        for one, other in itertools.pairwise(level):
            a, b = number[one], number[other]
            apart = _apart(slots[one], slots[other], sign)
            after[a][b] = max(after[a].get(b, 0), apart)
            before[b][a] = after[a][b]
    order = _topological(after, before)
    y = [0] * len(chains)
    for place in order:
        y[place] = max((y[other] + apart for other, apart in before[place].items()), default=0)
    for place in reversed(order):
        if after[place]:
            y[place] = max(y[place], min(y[other] - apart for other, apart in after[place].items()))
    return {name: sign * y[number[name]] for name in number}


def _apart(one: Slot, other: Slot, sign: int) -> int:
    gap = WAY_GAP if one.passing or other.passing else PART_GAP
    return gap + (one.below + other.above if sign == 1 else one.above + other.below)


def _topological(after: list[dict[int, int]], before: list[dict[int, int]]) -> list[int]:
    count = [len(found) for found in before]
    order = [place for place, number in enumerate(count) if number == 0]
    for place in order:
        for other in after[place]:
            count[other] -= 1
            if count[other] == 0:
                order.append(other)
    return order
