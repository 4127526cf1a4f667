"""
Conditions that stand row by row, of which exactly one is to apply: where two do, and where none does.

It is worked out, not tried: each datum falls into cells within which no comparison of the rows tells two answers apart
(row_atoms), and the cells of all data are looked through, leaving out whatever is settled already. So nothing is
missed between the values that are named, and what is found holds for a whole stretch. What is no comparison of one
datum with constants is tried with examples (row_samples), and said to be open. Bounded by steps, not by a clock: the
same rows come to the same answer on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from mingqu.decisions import row_samples
from mingqu.decisions.expression import compiled
from mingqu.decisions.row_atoms import TRUE, Atom, Cell, Condition, atoms, bits, cells, condition_of
from mingqu.decisions.types import Ground, RowTrouble, Stretch

MOST_STEPS: Final = 10_000  # conditions looked at; some two seconds
MOST_CELLS: Final = 2_000  # of one datum
MOST_GAPS: Final = 3
MOST_SHOWN: Final = 5

NO, YES, MAYBE = 0, 1, 2
Box = dict[int, frozenset[int]]
"""Cells by axis; an axis that is not there may be anything."""


class _TooMany(Exception):
    """More steps than there are."""


@dataclass(frozen=True)
class Axis:
    """One datum: its cells, and what each comparison comes to in each cell."""

    path: str
    cells: Sequence[Cell]
    said: dict[Atom, list[int]]


@dataclass
class Space:
    """The rows, what they are asked of, and how many steps are left."""

    rows: list[Condition]
    never: list[Condition]
    axes: list[Axis]
    known: dict[Atom, int] = field(default_factory=dict)
    left: int = field(default_factory=lambda: MOST_STEPS)

    def bits(self, of: Condition) -> int:
        self.left -= 1
        if self.left < 0:
            raise _TooMany
        return bits(of, self.known)

    def put(self, axis: int, which: frozenset[int]) -> None:
        """The datum lies in one of these cells."""
        for atom, said in self.axes[axis].said.items():
            found = 0
            for cell in which:
                found |= said[cell]
            self.known[atom] = found

    def free(self, axis: int) -> None:
        for atom in self.axes[axis].said:
            self.known.pop(atom, None)

    def comes(self) -> int:
        """Whether such circumstances come to a decision at all."""
        worst = YES
        for one in self.never:
            said = self.bits(one)
            if said == TRUE:
                return NO
            worst = MAYBE if said & TRUE else worst
        return worst

    def gap(self) -> int:
        """No row applies."""
        worst = self.comes()
        for row in self.rows:
            if worst == NO:
                return NO
            said = self.bits(row)
            worst = NO if said == TRUE else MAYBE if said & TRUE else worst
        return worst

    def all_apply(self, which: Sequence[int]) -> int:
        """These rows apply."""
        worst = self.comes()
        for number in which:
            if worst == NO:
                return NO
            said = self.bits(self.rows[number])
            worst = NO if not said & TRUE else MAYBE if said != TRUE else worst
        return worst


def troubles(conditions: Sequence[str], ground: Ground) -> list[RowTrouble]:
    """What is wrong with rows of which one is to apply. Raises like compile_expression."""
    rows = [condition_of(compiled(text).node) for text in conditions]
    never = [condition_of(compiled(text).node) for text in ground.never]
    unclear = _open(rows, ground)
    space = _space(rows, never, ground)
    if space is None:
        return [RowTrouble((), {}, too_many=True)]
    try:
        found = _found(space, set(unclear))
    except _TooMany:
        return [RowTrouble((), {}, too_many=True)]
    if unclear or _open(never, ground):
        seen = {one.rows for one in found}
        found += [one for one in row_samples.troubles(conditions, ground) if one.rows not in seen]
        found = [*found[: MOST_SHOWN - 1], RowTrouble((), {}, open_rows=tuple(unclear) or (0,))]
    return found[:MOST_SHOWN]


def _open(conditions: Sequence[Condition], ground: Ground) -> list[int]:
    """Which of them (from 1) hold a comparison of which nothing is known."""
    return [
        number
        for number, one in enumerate(conditions, start=1)
        if any(_axis_of(atom, ground) is None for atom in atoms(one))
    ]


def _axis_of(atom: Atom, ground: Ground) -> str | None:
    """The datum a comparison is about; "" of what is written down, None where it is no plain comparison."""
    if not atom.path:
        return "" if atom.plain else None
    known = atom.path in ground.data and atom.plain_for(ground.data[atom.path])
    return atom.path if known else None


def _space(rows: list[Condition], never: list[Condition], ground: Ground) -> Space | None:
    by_path: dict[str, list[Atom]] = {}
    fixed: dict[Atom, int] = {}
    for atom in (atom for one in (*rows, *never) for atom in atoms(one)):
        path = _axis_of(atom, ground)
        if path:
            by_path.setdefault(path, []).append(atom)
        elif path is not None:
            fixed[atom] = atom.bit(None)
    axes = []
    for path, about in sorted(by_path.items(), key=lambda one: (-len(one[1]), one[0])):
        constants = [value for atom in about for value in atom.constants]
        found = cells(ground.data[path], constants, optional=path in ground.optional)
        if found is None or len(found) > MOST_CELLS:
            return None
        axes.append(Axis(path, found, {atom: [atom.bit(cell.value) for cell in found] for atom in about}))
    return Space(rows, never, axes, fixed)


def _found(space: Space, unclear: set[int]) -> list[RowTrouble]:
    found: list[RowTrouble] = []
    boxes: list[Box] = []
    while len(boxes) < MOST_GAPS and (box := _search(space, space.gap, space.rows, boxes)):
        boxes.append(box.cells)
        found.append(_trouble(space, (), box))
    numbers = range(len(space.rows))
    alive = [_together(space, (n,)) is not None for n in numbers]
    for pair in combinations([n for n in numbers if alive[n]], 2):
        if len(found) < MOST_SHOWN and (box := _together(space, pair)):
            found.append(_trouble(space, (pair[0] + 1, pair[1] + 1), box))
    dead = [n + 1 for n in numbers if not alive[n] and n + 1 not in unclear]
    return found + [RowTrouble((number,), {}) for number in dead]


def _together(space: Space, which: tuple[int, ...]) -> Witness | None:
    return _search(space, lambda: space.all_apply(which), [space.rows[n] for n in which])


# -- looking through the cells


@dataclass(frozen=True)
class Witness:
    """Cells for which it holds, and of each axis that is settled the cell it was found in."""

    cells: Box
    first: dict[int, int]


def _search(
    space: Space, goal: Callable[[], int], about: Sequence[Condition], but: Sequence[Box] = ()
) -> Witness | None:
    """Cells for which the goal holds whatever the rest is, as wide as they go; none within the boxes `but`."""
    order = _order(space, [*about, *space.never])
    first: dict[int, int] = {}

    def down(depth: int) -> bool:
        beside = _beside(but, first)
        holds = NO if beside == NO else goal()
        if holds == NO:
            return False
        if holds == YES and beside == YES:
            return True
        if depth == len(order):
            return False  # open comparisons alone are left: nothing is claimed
        axis = order[depth]
        for cell in range(len(space.axes[axis].cells)):
            space.put(axis, frozenset({cell}))
            first[axis] = cell
            if down(depth + 1):
                return True
        first.pop(axis, None)
        space.free(axis)
        return False

    if not down(0):
        return None
    box = _widened(space, goal, first, but)
    for axis in order:
        space.free(axis)
    return Witness(box, first)


def _order(space: Space, about: Sequence[Condition]) -> list[int]:
    """The data that the conditions are about, the one named most often first."""
    read = {atom for one in about for atom in atoms(one)}
    return [number for number, axis in enumerate(space.axes) if read & axis.said.keys()]


def _beside(boxes: Sequence[Box], first: dict[int, int]) -> int:
    """Whether a place lies outside all boxes: NO within one, MAYBE as long as that is open."""
    worst = YES
    for box in boxes:
        if any(axis in first and first[axis] not in which for axis, which in box.items()):
            continue
        if all(axis in first for axis in box):
            return NO
        worst = MAYBE
    return worst


def _widened(space: Space, goal: Callable[[], int], first: dict[int, int], but: Sequence[Box]) -> Box:
    """The cells around for which it holds too, a datum after the other; one that may be anything goes away."""
    box: Box = {axis: frozenset({cell}) for axis, cell in first.items()}
    for axis, cell in first.items():
        every = space.axes[axis].cells
        for wider in _steps(every, cell):
            tried = box | {axis: box[axis] | {wider}}
            space.put(axis, tried[axis])
            if goal() == YES and not any(_meet(tried, one) for one in but):
                box = tried
            space.put(axis, box[axis])
        if len(box[axis]) == len(every):
            box.pop(axis)
            space.free(axis)
    return box


def _steps(every: Sequence[Cell], cell: int) -> Iterator[int]:
    """The cells above, and those below, from near to far; what was left out last."""
    yield from range(cell + 1, len(every))
    yield from range(cell - 1, -1, -1)


def _meet(one: Box, other: Box) -> bool:
    return all(one[axis] & which for axis, which in other.items() if axis in one)


def _trouble(space: Space, rows: tuple[int, ...], of: Witness) -> RowTrouble:
    example, wide = {}, {}
    for axis, which in sorted(of.cells.items()):
        here, first = space.axes[axis], of.first[axis]
        example[here.path] = here.cells[first].value
        if (span := _span(here.cells, which, first)) is not None:
            wide[here.path] = span
    return RowTrouble(rows, example, stretches=wide)


def _span(every: Sequence[Cell], which: frozenset[int], first: int) -> Stretch | None:
    """The stretch of the cells that hang together with the first."""
    low = high = every[first].stretch
    if low is None or high is None:
        return None
    for step in (-1, 1):
        cell = first + step
        while cell in which and (here := every[cell].stretch) is not None:
            low, high = (here, high) if step < 0 else (low, here)
            cell += step
    return Stretch(low.low, high.high, low.low_in, high.high_in)
