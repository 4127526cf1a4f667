"""
How lines turn between the levels: each turn has an upright track of its own. Pure.

In the gap after a level, lines come from the slots at its left and go to the slots at its right; a way back turns
round in the gap beyond its part. Lines of one beginning share a track, as do lines of one end.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from mingqu.process.bpmn.drawing.levels import Chain, Layered, Part
from mingqu.process.bpmn.drawing.shapes import SIDE, TRACK

Point = tuple[int, int]

MAX_PASSES: Final = 30


@dataclass(slots=True)
class Turn:
    """
    The upright part of lines in one gap. `left` and `right`: the heights at which they go on to either side.
    """

    gap: int
    left: list[int] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    track: int = 0

    @property
    def span(self) -> tuple[int, int]:
        heights = self.left + self.right
        return min(heights), max(heights)


@dataclass(slots=True)
class Tracks:
    """`turns`: by link, gap and whether it turns round there. `widths`: how many tracks each gap has."""

    turns: dict[tuple[str, int, bool], Turn] = field(default_factory=dict)
    widths: dict[int, int] = field(default_factory=dict)


def tracks(drawing: Layered, line: Mapping[str, int], upright: frozenset[tuple[str, int]]) -> Tracks:
    """`upright`: (link, gap) pairs that need no track since the line leaves or enters a part upright."""
    found = Tracks()
    bundles: dict[tuple[int, str, str, int], Turn] = {}
    for chain in drawing.chains:
        for gap, left, right in _segments(drawing, chain):
            low = line[left] + (chain.link.out if left == chain.link.source else 0)
            high = line[right]
            if low == high or (chain.link.id, gap) in upright:
                continue
            key = _bundle(drawing, chain, gap, left, right)
            turn = bundles.setdefault(key, Turn(gap))
            turn.left += [low] if low not in turn.left else []
            turn.right += [high] if high not in turn.right else []
            found.turns[chain.link.id, gap, False] = turn
        if chain.back:
            _turn_round(drawing, line, chain, found, bundles)
    for gap in {turn.gap for turn in bundles.values()}:
        here = _arranged([turn for turn in bundles.values() if turn.gap == gap])
        found.widths[gap] = 1 + max(turn.track for turn in here)
    return found


def _segments(drawing: Layered, chain: Chain) -> list[tuple[int, str, str]]:
    """(gap, left slot, right slot) for each gap a link passes."""
    return [
        (drawing.level[left], left, right)
        for left, right in zip(chain.slots, chain.slots[1:], strict=False)
        if drawing.level[left] < drawing.level[right]
    ]


def _bundle(drawing: Layered, chain: Chain, gap: int, left: str, right: str) -> tuple[int, str, str, int]:
    """Lines that leave one part share a track, else lines that come to one part do."""
    if not drawing.slots[left].passing:
        return gap, "from", left, chain.link.out if left == chain.link.source else 0
    if not drawing.slots[right].passing:
        return gap, "to", right, 0
    return gap, "one", chain.link.id, 0


def _turn_round(
    drawing: Layered,
    line: Mapping[str, int],
    chain: Chain,
    found: Tracks,
    bundles: dict[tuple[int, str, str, int], Turn],
) -> None:
    target, first, *_, last, source = chain.slots
    gap = drawing.level[source]
    turn = Turn(gap, [line[source] + chain.link.out, line[last]], [])
    bundles[gap, "round", chain.link.id, 0] = found.turns[chain.link.id, gap, True] = turn
    gap = drawing.level[target] - 1
    turn = Turn(gap, [], [line[target], line[first]])
    bundles[gap, "round", chain.link.id, 0] = found.turns[chain.link.id, gap, True] = turn


def _arranged(turns: list[Turn]) -> list[Turn]:
    """Give each turn its track: an order with few crossings, then as few tracks as the spans allow."""
    order = sorted(turns, key=lambda turn: (min(turn.left or turn.right), turn.span))
    for _ in range(min(len(order), MAX_PASSES)):
        moved = False
        for number in range(len(order) - 1):
            one, other = order[number], order[number + 1]
            if _cost(other, one) < _cost(one, other):
                order[number], order[number + 1] = other, one
                moved = True
        if not moved:
            break
    for number, turn in enumerate(order):
        beside = [other.track + 1 for other in order[:number] if _meet(other, turn)]
        turn.track = max(beside, default=0)
    return order


def _meet(one: Turn, other: Turn) -> bool:
    (a, b), (c, d) = one.span, other.span
    return a <= d and c <= b


def _cost(one: Turn, other: Turn) -> int:
    """Crossings if `one` lies left of `other`; lines that would lie on one another count much more."""
    (a, b), (c, d) = one.span, other.span
    crossings = sum(1 for y in other.left if a < y < b) + sum(1 for y in one.right if c < y < d)
    return crossings + 100 * len(set(other.left) & set(one.right))


# -- from tracks to lines


def columns(
    drawing: Layered, parts: Sequence[Part], widths: Mapping[int, int]
) -> tuple[list[int], list[int], int]:
    """The middle of each level, the x of the first track after each gap, and the whole width."""
    level_width = [0] * len(drawing.order)
    before = [0] * (len(drawing.order) + 1)
    for part in parts:
        level = drawing.level[part.id]
        level_width[level] = max(level_width[level], part.width)
        before[level] = max(before[level], part.left - SIDE + 8)
    label = [0] * (len(drawing.order) + 1)
    for chain in drawing.chains:
        if not chain.back and chain.link.label[0]:
            level = drawing.level[chain.link.source]
            label[level] = max(label[level], chain.link.label[0] + 6 - SIDE // 2)
    middles: list[int] = []
    firsts: list[int] = [0] * (len(drawing.order) + 1)
    first_gap = widths.get(-1, 0)
    firsts[-1] = SIDE // 2  # the gap before the first level is the last of the list: index -1
    x = (first_gap * TRACK + SIDE if first_gap else 0) + (max(0, before[0]) if drawing.order else 0)
    for level, width in enumerate(level_width):
        middles.append(x + width // 2)
        x += width
        last = level == len(level_width) - 1
        firsts[level] = x + SIDE
        if not last or level in widths:
            taken = max(0, widths.get(level, 0) - 1) * TRACK
            x += SIDE + taken + SIDE + max(0, label[level]) + (0 if last else max(0, before[level + 1]))
    return middles, firsts, x


@dataclass(frozen=True, slots=True)
class Ends:
    """
    Where a line meets the borders of its two parts. `upright`: it leaves, or enters, by the upper or lower
    corner of a gateway.
    """

    start: Point
    end: Point
    leaves_upright: bool = False
    enters_upright: bool = False


def points(
    drawing: Layered, chain: Chain, line: Mapping[str, int], found: Tracks, firsts: list[int], ends: Ends
) -> list[Point]:
    """The corners of a link's line."""

    def turned(gap: int, around: bool = False) -> int | None:
        turn = found.turns.get((chain.link.id, gap, around))
        return None if turn is None else firsts[gap] + turn.track * TRACK

    y = line[chain.link.source] + chain.link.out
    path: list[Point] = [ends.start]
    steps = list(_steps(drawing, chain, line, turned))
    if ends.leaves_upright:
        y = steps.pop(0)[1]
        path.append((ends.start[0], y))
    if ends.enters_upright:
        steps.pop()
    for x, following in steps:
        if x is not None and following != y:
            path += [(x, y), (x, following)]
        y = following
    if ends.enters_upright:
        path.append((ends.end[0], y))
    path.append(ends.end)
    return path


def _steps(
    drawing: Layered, chain: Chain, line: Mapping[str, int], turned: Callable[..., int | None]
) -> Iterator[tuple[int | None, int]]:
    """The track of each turn (None: straight on) and the height the line has after it."""
    if not chain.back:
        for gap, _, right in _segments(drawing, chain):
            yield turned(gap), line[right]
        return
    inner = chain.slots[1:-1]
    yield turned(drawing.level[chain.link.source], around=True), line[inner[-1]]
    for left, right in reversed(list(itertools.pairwise(inner))):
        del right
        yield turned(drawing.level[left]), line[left]
    yield turned(drawing.level[chain.link.target] - 1, around=True), line[chain.link.target]


def upright(
    drawing: Layered, line: Mapping[str, int], gateways: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """The links that leave, and that enter, a gateway by its upper or lower corner, where nothing is in the way."""
    leaving: set[str] = set()
    entering: set[str] = set()
    taken: set[tuple[str, bool]] = set()
    ways = [chain for chain in drawing.chains if not chain.back]
    for chain in ways:
        source, following = chain.slots[:2]
        if source in gateways and _clear(drawing, line, source, line[following]):
            leaving.add(chain.link.id)
            taken.add((source, line[following] < line[source]))
    for chain in ways:
        last, target = chain.slots[-2:]
        side = (target, line[last] < line[target])
        used = side in taken or (len(chain.slots) == 2 and (chain.link.id in leaving or chain.link.out))
        if target in gateways and not used and _clear(drawing, line, target, line[last]):
            entering.add(chain.link.id)
    return frozenset(leaving), frozenset(entering)


def _clear(drawing: Layered, line: Mapping[str, int], gateway: str, height: int) -> bool:
    """Whether a line may run upright in the gateway's level from it to a height, and level from there."""
    if line[gateway] == height:
        return False
    low, high = sorted((line[gateway], height))
    for name in drawing.order[drawing.level[gateway]]:
        slot = drawing.slots[name]
        if name == gateway:
            if low < line[name] and height >= line[name] - slot.above:
                return False
            if high > line[name] and height <= line[name] + slot.below:
                return False
            continue
        near = line[name] - slot.above - 8 < height < line[name] + slot.below + 8
        between = not slot.passing and low < line[name] + slot.below and line[name] - slot.above < high
        if near or between:
            return False
    return True
