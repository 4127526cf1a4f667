"""
Lines drawn last, around everything: message flows between pools, further associations. Pure.

The shortest way with few corners on a grid made of the borders of what is in the way (Dijkstra). Lines may
cross other lines, never a solid shape.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from typing import Final

from mingqu.process.bpmn.model import Bounds

MARGIN: Final = 10
CORNER: Final = 60
"""What a corner costs, in units of length."""
ALONG: Final = 3
"""Lying on another line costs so many times the length, so that it is done only where there is no room."""
SIDEWAYS: Final = 120
"""Leaving or coming by the left or right side, where sequence flows do."""
NEAR: Final = 4
MAX_LOOKED_AT: Final = 30_000
MAX_SOLID: Final = 250
"""With more than this in the way a line is drawn without looking: a grid would be too large."""

XY = tuple[float, float]


def routed(
    start: Bounds,
    end: Bounds,
    solid: Sequence[Bounds],
    labels: Sequence[Bounds] = (),
    lines: Sequence[Sequence[XY]] = (),
) -> list[XY]:
    """
    Corners from the border of one box to the border of another, around labels too if there is a way;
    `lines` are there already.
    """
    around = [box for box in solid if box not in (start, end)]
    for others in ([*around, *labels], around):
        if len(others) <= MAX_SOLID and (way := _Grid(start, end, others, lines).way()):
            return way
    return plain(start, end)


def plain(start: Bounds, end: Bounds) -> list[XY]:
    """Corners of a line drawn without looking what is in its way."""
    (ax, ay), (bx, by) = _middle(start), _middle(end)
    below = by > ay
    first = (ax, start.y + start.height if below else start.y)
    last = (bx, end.y if below else end.y + end.height)
    between = (first[1] + last[1]) / 2
    return [first, (ax, between), (bx, between), last]


def _middle(box: Bounds) -> XY:
    return box.x + box.width / 2, box.y + box.height / 2


State = tuple[int, int, int]
"""Column and row of the grid, and the way the line came: 0 upright, 1 level."""


@dataclass(frozen=True, slots=True)
class _Port:
    """A point on a border and one just outside it. `way`: as in State. `cost`: how unlike it is."""

    border: XY
    outside: XY
    way: int
    cost: float


def _ports(box: Bounds) -> list[_Port]:
    x, y = _middle(box)
    ports = [
        _Port((x, box.y), (x, box.y - MARGIN), 0, 0),
        _Port((x, box.y + box.height), (x, box.y + box.height + MARGIN), 0, 0),
        _Port((box.x, y), (box.x - MARGIN, y), 1, SIDEWAYS),
        _Port((box.x + box.width, y), (box.x + box.width + MARGIN, y), 1, SIDEWAYS),
    ]
    if box.width >= 80:
        for side in (x - 25, x + 25):
            ports.append(_Port((side, box.y), (side, box.y - MARGIN), 0, 8))
            floor = box.y + box.height
            ports.append(_Port((side, floor), (side, floor + MARGIN), 0, 8))
    return ports


def _busy(place: float, pieces: Sequence[tuple[XY, XY]], axis: int) -> list[tuple[float, float]]:
    """Where lines already run along a line of the grid."""
    other = 1 - axis
    return [
        (min(a[other], b[other]), max(a[other], b[other])) for a, b in pieces if abs(a[axis] - place) < NEAR
    ]


def _shut(boxes: Sequence[tuple[float, float, float, float]], place: float) -> list[tuple[float, float]]:
    """Where a line of the grid would come too near to a box; boxes as (across, size, along, size)."""
    return [
        (along - NEAR, along + long + NEAR)
        for across, wide, along, long in boxes
        if across - NEAR < place < across + wide + NEAR
    ]


class _Grid:
    def __init__(
        self, start: Bounds, end: Bounds, solid: Sequence[Bounds], lines: Sequence[Sequence[XY]]
    ) -> None:
        self.start, self.end = start, end
        self.solid = [*solid, start, end]
        self.starts, self.ends = _ports(start), _ports(end)
        xs = {port.outside[0] for port in (*self.starts, *self.ends)}
        ys = {port.outside[1] for port in (*self.starts, *self.ends)}
        for box in self.solid:
            xs |= {box.x - MARGIN, box.x + box.width + MARGIN}
            ys |= {box.y - MARGIN, box.y + box.height + MARGIN}
        self.xs, self.ys = sorted(xs), sorted(ys)
        pieces = [piece for line in lines for piece in pairwise(line)]
        self.columns = [_shut([(b.x, b.width, b.y, b.height) for b in self.solid], x) for x in self.xs]
        self.rows = [_shut([(b.y, b.height, b.x, b.width) for b in self.solid], y) for y in self.ys]
        self.upright = [_busy(x, [p for p in pieces if p[0][0] == p[1][0]], 0) for x in self.xs]
        self.level = [_busy(y, [p for p in pieces if p[0][1] == p[1][1]], 1) for y in self.ys]

    def way(self) -> list[XY] | None:
        goals = {(*self._place(port.outside), port.way): port for port in self.ends}
        borders: dict[State, XY] = {}
        came: dict[State, State] = {}
        best: dict[State, float] = {}
        queue: list[tuple[float, float, State]] = []
        looked_at = 0
        for port in self.starts:
            state = (*self._place(port.outside), port.way)
            if not any(a < port.outside[1] < b for a, b in self.columns[state[0]]):
                best[state], borders[state] = port.cost, port.border
                heappush(queue, (port.cost, port.cost, state))
        while queue:
            _, cost, state = heappop(queue)
            looked_at += 1
            if looked_at > MAX_LOOKED_AT:
                return None
            if cost > best[state]:
                continue
            if state in goals:
                return self._back(state, came, borders, goals[state].border)
            for following in self._beside(state):
                turn = CORNER if following[2] != state[2] else 0
                price = cost + self._length(state, following) + turn
                price += goals[following].cost if following in goals else 0
                if price < best.get(following, float("inf")):
                    best[following], came[following] = price, state
                    heappush(queue, (price + self._left(following), price, following))
        return None

    def _place(self, point: XY) -> tuple[int, int]:
        return bisect_left(self.xs, point[0]), bisect_left(self.ys, point[1])

    def _point(self, state: State) -> XY:
        return self.xs[state[0]], self.ys[state[1]]

    def _length(self, one: State, other: State) -> float:
        (ax, ay), (bx, by) = self._point(one), self._point(other)
        low, high = sorted((ax, bx) if other[2] else (ay, by))
        busy = self.level[one[1]] if other[2] else self.upright[one[0]]
        along = any(a < high and low < b for a, b in busy)
        return (high - low) * (1 + ALONG * along)

    def _left(self, state: State) -> float:
        """At least this far to go."""
        (ax, ay), (bx, by) = self._point(state), _middle(self.end)
        reach = self.end.width / 2 + self.end.height / 2 + 2 * MARGIN
        return max(0.0, abs(ax - bx) + abs(ay - by) - reach)

    def _beside(self, state: State) -> list[State]:
        x, y, _ = state
        near = [(x, y - 1, 0), (x, y + 1, 0), (x - 1, y, 1), (x + 1, y, 1)]
        return [other for other in near if self._free(state, other)]

    def _free(self, one: State, other: State) -> bool:
        if not (0 <= other[0] < len(self.xs) and 0 <= other[1] < len(self.ys)):
            return False
        if other[2]:
            low, high = sorted((self.xs[one[0]], self.xs[other[0]]))
            shut = self.rows[one[1]]
        else:
            low, high = sorted((self.ys[one[1]], self.ys[other[1]]))
            shut = self.columns[one[0]]
        return not any(low < b and a < high for a, b in shut)

    def _back(self, state: State, came: dict[State, State], borders: dict[State, XY], last: XY) -> list[XY]:
        way = [last, self._point(state)]
        while state in came:
            state = came[state]
            way.append(self._point(state))
        return [borders[state], *reversed(way)]
