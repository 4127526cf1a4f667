"""
万里审批图 (CAS-05): what has to be there before what, the longest way through it, and circles in it. Pure.

The longest way counts days: each approval begins when all it waits for are there. Working days and natural days are
added up apart; which way is the longest is reckoned with five working days to the week, without holidays. What lies in
a circle can never begin; the ways are then reckoned without the lines of circles, and the circles are named.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise


@dataclass(frozen=True)
class Length:
    """Working days and natural days, never one for the other; `weight` only says what is longer."""

    working: int = 0
    natural: int = 0

    @property
    def weight(self) -> int:
        """In fifths of a natural day."""
        return self.working * 7 + self.natural * 5

    @property
    def words(self) -> str:
        """ "" of nothing."""
        said = [f"{self.working}个工作日"] if self.working else []
        return "加".join(said + ([f"{self.natural}天"] if self.natural else []))

    def __add__(self, other: "Length") -> "Length":
        return Length(self.working + other.working, self.natural + other.natural)


@dataclass(frozen=True)
class Approval:
    """`days`: how long it takes at the most, as promised or by law, in working days or `natural` ones; 0: not said."""

    code: str
    name: str
    organ: str = ""
    days: int = 0
    natural: bool = False

    @property
    def length(self) -> Length:
        return Length(natural=self.days) if self.natural else Length(self.days)


@dataclass(frozen=True)
class Before:
    """`source` has to be there before `target`; `why` in words."""

    source: str
    target: str
    why: str = ""


@dataclass(frozen=True)
class Graph:
    approvals: list[Approval] = field(default_factory=list)
    lines: list[Before] = field(default_factory=list)

    @cached_property
    def by_code(self) -> dict[str, Approval]:
        return {one.code: one for one in self.approvals}


@dataclass(frozen=True)
class Analysis:
    """
    `circles`: each as codes in the order in which they wait for each other, the first again at the end. `longest`:
    codes of the longest way, `days` in all. `ready`: by code, after how long it can be done at the earliest. `levels`:
    by code, how many approvals stand before it in a row. `serial`: days of all, one after another.
    """

    circles: list[list[str]]
    longest: list[str]
    days: Length
    ready: dict[str, Length]
    levels: dict[str, int]
    serial: Length

    @property
    def share(self) -> float | None:
        """The longest way as a share of all, done one after another."""
        return self.days.weight / self.serial.weight if self.serial.weight else None


def analyse(graph: Graph) -> Analysis:
    """Lines to what is not in the graph are left out; two lines between the same count once."""
    known = graph.by_code
    out: dict[str, list[str]] = {code: [] for code in known}
    for line in graph.lines:
        if line.source in known and line.target in known and line.target not in out[line.source]:
            out[line.source].append(line.target)
    parts = components(out)
    part_of = {code: number for number, part in enumerate(parts) for code in part}
    circles = [circle for part in parts if (circle := _circle(part, out))]
    free = {code: [t for t in targets if part_of[t] != part_of[code]] for code, targets in out.items()}
    ready, came, levels = _longest(parts, free, known)
    last = max(ready, key=lambda code: (ready[code].weight, levels[code]), default="")
    longest: list[str] = []
    while last:
        longest.append(last)
        last = came.get(last, "")
    longest.reverse()
    serial = sum((one.length for one in known.values()), Length())
    return Analysis(circles, longest, ready[longest[-1]] if longest else Length(), ready, levels, serial)


def components(out: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """
    What can be come to from each other belongs together (Tarjan, without recursion). In an order in which what comes
    later stands before what it waits for.
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[list[str]] = []
    for root in out:
        if root in index:
            continue
        work = [(root, iter(out[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, targets = work[-1]
            following = next(targets, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    part = stack[stack.index(node) :]
                    del stack[stack.index(node) :]
                    on_stack.difference_update(part)
                    found.append(part)
            elif following not in index:
                index[following] = low[following] = len(index)
                stack.append(following)
                on_stack.add(following)
                work.append((following, iter(out[following])))
            elif following in on_stack:
                low[node] = min(low[node], index[following])
    return found


def _circle(part: Sequence[str], out: Mapping[str, Sequence[str]]) -> list[str]:
    """One circle of a part, the shortest through its first; [] where there is none."""
    within, start = set(part), min(part)
    came = {start: ""}
    waiting = [start]
    while waiting:
        ahead: list[str] = []
        for node in waiting:
            for target in out[node]:
                if target == start:
                    circle, back = [start], node
                    while back != start:
                        circle.append(back)
                        back = came[back]
                    return [start, *reversed(circle[1:]), start]
                if target in within and target not in came:
                    came[target] = node
                    ahead.append(target)
        waiting = ahead
    return []


def _longest(
    parts: Sequence[Sequence[str]], free: Mapping[str, Sequence[str]], known: Mapping[str, Approval]
) -> tuple[dict[str, Length], dict[str, str], dict[str, int]]:
    """When each is done at the earliest, from what that comes, and its level."""
    ready = {code: one.length for code, one in known.items()}
    levels = dict.fromkeys(known, 0)
    came: dict[str, str] = {}
    for part in reversed(parts):  # what is waited for first
        for code in part:
            for target in free[code]:
                done, now = ready[code] + known[target].length, ready[target]
                longer = (done.weight, levels[code] + 1) > (now.weight, levels[target])
                if longer or target not in came:
                    ready[target], came[target] = max(done, now, key=lambda one: one.weight), code
                levels[target] = max(levels[target], levels[code] + 1)
    return ready, came, levels


def tied(graph: Graph) -> Graph:
    """Only what waits for something or is waited for."""
    codes = {line.source for line in graph.lines} | {line.target for line in graph.lines}
    return Graph([one for one in graph.approvals if one.code in codes], graph.lines)


# -- drawing

BOX, HIGH, GAP_X, GAP_Y, EDGE = 176, 60, 56, 20, 12
MOST_DRAWN = 120
"""Boxes of one drawing: more is a tangle, and the table says the same."""


@dataclass(frozen=True)
class DrawnBox:
    code: str
    words: list[str]
    detail: str
    x: int
    y: int
    on_way: bool
    circled: bool

    @property
    def middle(self) -> int:
        return self.x + BOX // 2

    @property
    def detail_y(self) -> int:
        return self.y + HIGH - 8


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    boxes: list[DrawnBox]
    lines: list[tuple[str, bool]]  # path, on the longest way


def draw(graph: Graph, analysis: Analysis) -> Drawing | None:
    """Columns by level, rows so that lines are short; None where there is nothing or too much."""
    if not graph.approvals or len(graph.approvals) > MOST_DRAWN:
        return None
    known, pairs = graph.by_code, _pairs(graph)
    columns = _columns(graph, analysis, pairs)
    place = {
        code: (EDGE + level * (BOX + GAP_X), EDGE + row * (HIGH + GAP_Y))
        for level, column in enumerate(columns)
        for row, code in enumerate(column)
    }
    way = set(pairwise(analysis.longest))
    circled = {code for circle in analysis.circles for code in circle}
    boxes = [
        DrawnBox(
            code,
            _short(known[code].name),
            known[code].length.words or "没有写期限",
            *place[code],
            code in analysis.longest,
            code in circled,
        )
        for column in columns
        for code in column
    ]
    tallest = max(len(column) for column in columns)
    return Drawing(
        EDGE * 2 + len(columns) * (BOX + GAP_X) - GAP_X,
        EDGE * 2 + tallest * (HIGH + GAP_Y) - GAP_Y,
        boxes,
        [(_path(place[a], place[b]), (a, b) in way) for a, b in pairs],
    )


def _pairs(graph: Graph) -> list[tuple[str, str]]:
    known = graph.by_code
    pairs = dict.fromkeys((one.source, one.target) for one in graph.lines)
    return [(a, b) for a, b in pairs if a in known and b in known and a != b]


def _columns(graph: Graph, analysis: Analysis, pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """In each column what lies on the longest way first, then by the middle of what it waits for."""
    before: dict[str, list[str]] = defaultdict(list)
    for source, target in pairs:
        before[target].append(source)
    columns: list[list[str]] = [[] for _ in range(max(analysis.levels.values(), default=0) + 1)]
    for one in graph.approvals:
        columns[analysis.levels[one.code]].append(one.code)
    row: dict[str, float] = {}
    for column in columns:
        column.sort(key=lambda code: (code not in analysis.longest, _middle(before[code], row), code))
        row |= {code: float(number) for number, code in enumerate(column)}
    return columns


def _middle(codes: Sequence[str], row: Mapping[str, float]) -> float:
    known = [row[code] for code in codes if code in row]
    return sum(known) / len(known) if known else 0.0


def _path(source: tuple[int, int], target: tuple[int, int]) -> str:
    x1, y1 = source[0] + BOX, source[1] + HIGH // 2
    x2, y2 = target[0], target[1] + HIGH // 2
    bend = max(GAP_X // 2, abs(x2 - x1) // 3)
    return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"


def _short(name: str, per_line: int = 10) -> list[str]:
    """Two lines at the most; the table beside it has the whole name."""
    if len(name) <= per_line:
        return [name]
    rest = name[per_line:]
    return [name[:per_line], rest if len(rest) <= per_line else rest[: per_line - 1] + "…"]
