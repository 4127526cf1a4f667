"""
What a condition says of each datum, one comparison at a time: `form.area > 50`, `situation.kind in ("a", "b")`.

A comparison of one datum with constants answers alike within each stretch between those constants. So all answers
fall into a few cells, and one value of a cell stands for all of it. Comparisons of two data, sums and functions have
no such cells: of them nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import combinations, pairwise
from typing import Any, Final

from mingqu.decisions import analysis, ast
from mingqu.decisions.convert import to_feel
from mingqu.decisions.errors import DecisionError
from mingqu.decisions.expression import COMPILER, evaluate_run
from mingqu.decisions.scope import Scope
from mingqu.decisions.types import DATE, NUMBER, TEXT, Answers, Numbers, Stretch
from mingqu.decisions.values import DEFAULT_LIMITS

COMPARED: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
MOST_NAMED: Final = 8  # answers of one question with several, of which each is given or not
OTHER: Final = "其他"
TRUE, FALSE, NULL = 1, 2, 4  # what a condition may come to, as bits: with data open, several of them


@dataclass(frozen=True, slots=True)
class Cell:
    """Answers no comparison tells apart: one of them, and of numbers and days from where to where they go."""

    value: Any
    stretch: Stretch | None = None


@dataclass(frozen=True, eq=False)
class Atom:
    """One comparison with `constants`. Of one that is not `plain`, nothing is known."""

    node: ast.Node
    path: str
    plain: bool
    constants: tuple[Any, ...] = ()

    def plain_for(self, answers: Answers) -> bool:
        """Whether it tells no two answers of one cell apart: words have no order, and a list is not one answer."""
        if not self.plain or isinstance(answers, Numbers) or answers in (NUMBER, DATE):
            return self.plain
        many = not isinstance(answers, str) and any(isinstance(one, list) for one in answers)
        if many:
            return isinstance(self.node, ast.Call | ast.Quantified)
        if answers == TEXT:
            return isinstance(self.node, ast.In) or (
                isinstance(self.node, ast.Binary) and self.node.op in ("=", "!=")
            )
        return True

    @cached_property
    def _run(self) -> Any:
        return COMPILER.compile(self.node, Scope("top"))

    def bit(self, value: Any) -> int:
        """What it comes to for a value of its datum."""
        *way, last = self.path.split(".")
        names: dict[str, Any] = {last: value}
        for name in reversed(way):
            names = {name: names}
        try:
            said, _ = evaluate_run(
                self._run, {key: to_feel(one) for key, one in names.items()}, DEFAULT_LIMITS, None
            )
        except DecisionError:
            return NULL
        return TRUE if said is True else FALSE if said is False else NULL


@dataclass(frozen=True)
class Joined:
    """`and`, `or` over conditions, or `not` of one."""

    op: str
    parts: tuple[Condition, ...]


Condition = Atom | Joined


def condition_of(node: ast.Node) -> Condition:
    """The condition as comparisons joined by and, or, not."""
    if isinstance(node, ast.Logic):
        return Joined(node.op, tuple(condition_of(one) for one in node.items))
    match node:
        case ast.Call(ast.Name("not"), (only,), ()):
            return Joined("not", (condition_of(only),))
    if isinstance(node, ast.Literal):
        return Atom(node, "", True)
    read = analysis.names_used(node)
    path = next(iter(read)) if len(read) == 1 else ""
    constants = _constants(node) if path else None
    return Atom(node, path, constants is not None, tuple(constants or ()))


def atoms(of: Condition) -> Iterator[Atom]:
    """All comparisons in it."""
    if isinstance(of, Atom):
        yield of
        return
    for part in of.parts:
        yield from atoms(part)


def _constants(node: ast.Node) -> list[Any] | None:
    """The constants one datum is compared with; None where it is more than a comparison."""
    match node:
        case ast.Path() | ast.Name():  # a datum that is true or not
            return []
        case ast.Binary(op, left, right) if op in COMPARED:
            return _compared(left, [right]) if _is_datum(left) else _compared(right, [left])
        case ast.Between(value, low, high):
            return _compared(value, [low, high])
        case ast.In(value, tests):
            return _compared(value, _ends(tests))
        case ast.Call(ast.Name("list contains"), (left, right), ()):
            return _compared(left, [right])
        case ast.Quantified(False, (ast.Iterator(name, source, None),), condition) if _is_datum(source):
            return _constants(condition) if _picks(condition, name) else None
    return None


def _picks(condition: ast.Node, name: str) -> bool:
    """`f = "a"` or `f in ("a", "b")`: whether one of these answers is among those given."""
    match condition:
        case ast.Binary("=", ast.Name(about), ast.Literal()):
            return about == name
        case ast.In(ast.Name(about), tests):
            return about == name and all(isinstance(one, ast.Literal) for one in _ends(tests))
    return False


def _ends(tests: Iterable[ast.Node]) -> list[ast.Node]:
    found: list[ast.Node] = []
    for one in tests:
        match one:
            case ast.ListOf(items):
                found += items
            case ast.Interval(low, high):
                found += [low, high]
            case ast.OpenRange(_, end):
                found.append(end)
            case _:
                found.append(one)
    return found


def _compared(datum: ast.Node, ends: Sequence[ast.Node]) -> list[Any] | None:
    if not _is_datum(datum):
        return None
    values = [_constant(end) for end in ends]
    return None if any(value is _NONE for value in values) else values


def _is_datum(node: ast.Node) -> bool:
    """`form.area`, or a day of the form: `date(form.since)`."""
    if isinstance(node, ast.Call):
        called = isinstance(node.function, ast.Name) and node.function.name == "date"
        return called and len(node.arguments) == 1 and _is_datum(node.arguments[0])
    while isinstance(node, ast.Path):
        node = node.source
    return isinstance(node, ast.Name)


_NONE: Final = object()


def _constant(node: ast.Node) -> Any:
    """A number, text, yes or no, null or day that is written down; _NONE for anything else."""
    match node:
        case ast.Literal(value) if value is None or isinstance(value, bool | str | Decimal):
            return value
        case ast.Literal(value):
            return _day(str(value)) or _NONE
        case ast.Negation(ast.Literal(value)) if isinstance(value, Decimal):
            return -value
        case ast.Call(ast.Name("date"), (ast.Literal(value),), ()) if isinstance(value, str):
            return _day(value) or _NONE
    return _NONE


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# -- cells


def cells(answers: Answers, constants: Sequence[Any], *, optional: bool) -> list[Cell] | None:
    """All answers in cells; None: more than can be looked through."""
    if isinstance(answers, Numbers):
        numbers = sorted({one for one in constants if isinstance(one, Decimal)})
        found: list[Cell] | None = list(_number_cells(answers, numbers))
    elif answers == NUMBER:
        return cells(Numbers(), constants, optional=optional)
    elif answers == DATE:
        days = {
            one if isinstance(one, date) else _day(one) for one in constants if isinstance(one, str | date)
        }
        found = list(_day_cells(sorted(one for one in days if one is not None)))
    elif answers == TEXT:
        words = [one for one in constants if isinstance(one, str)]
        found = [Cell(one) for one in dict.fromkeys([*words, OTHER + "".join(words)])]
    elif any(isinstance(one, list) for one in answers):
        found = _subsets(answers, constants)
    else:
        found = [Cell(one) for one in answers]
    if found is None:
        return None
    return [*found, Cell(None)] if optional else found


def _number_cells(of: Numbers, named: Sequence[Decimal]) -> Iterator[Cell]:
    """Each number that is named, and each stretch between: of whole numbers only stretches that hold one."""
    inside = [
        one for one in named if (of.low is None or one >= of.low) and (of.high is None or one <= of.high)
    ]
    ends: list[Decimal | None] = [of.low, *inside, of.high]
    for number, (low, high) in enumerate(pairwise(ends)):
        if number and low is not None and (not of.whole or low == low.to_integral_value()):
            yield Cell(_number(low), Stretch(low, low, low_in=True, high_in=True))
        first, last = number == 0 and low is not None, number == len(inside) and high is not None
        if low is not None and low == high and not (first and last):
            continue
        made = _between(Stretch(low, high, low_in=first, high_in=last), whole=of.whole)
        if made is not None:
            yield made


def _between(of: Stretch, *, whole: bool) -> Cell | None:
    """A stretch with a number of it, if it holds one."""
    low, high = of.low, of.high
    if whole:
        least = None if low is None else low.to_integral_value("ROUND_CEILING")
        if least is not None and least == low and not of.low_in:
            least += 1
        most = None if high is None else high.to_integral_value("ROUND_FLOOR")
        if most is not None and most == high and not of.high_in:
            most -= 1
        value = least if least is not None else most if most is not None else Decimal(0)
        if (least is not None and value < least) or (most is not None and value > most):
            return None
        return Cell(_number(value), of)
    if low is None:
        value = Decimal(0) if high is None else high - 1
    elif of.low_in:
        value = low
    else:
        value = low + 1 if high is None else (low + high) / 2
    return Cell(_number(value), of)


def _number(value: Decimal) -> Any:
    return int(value) if value == value.to_integral_value() else value


def _day_cells(named: Sequence[date]) -> Iterator[Cell]:
    """Days are whole: of two that follow each other nothing lies between."""
    one = timedelta(days=1)
    if not named:
        yield Cell("2026-01-01", Stretch(None, None))
        return
    yield Cell((named[0] - one).isoformat(), Stretch(None, named[0]))
    for low, high in pairwise([*named, None]):
        assert low is not None
        yield Cell(low.isoformat(), Stretch(low, low, low_in=True, high_in=True))
        if high is None or high - low > one:
            yield Cell((low + one).isoformat(), Stretch(low, high))


def _subsets(answers: Iterable[Any], constants: Sequence[Any]) -> list[Cell] | None:
    """Of a question with several answers: which of those that are named are given; nobody leaves all out."""
    whole: list[Any] = list(
        dict.fromkeys(one for given in answers for one in (given if isinstance(given, list) else [given]))
    )
    named = [one for one in whole if one in constants]
    if len(named) > MOST_NAMED:
        return None
    rest = [one for one in whole if one not in constants][:1]
    found = [[*chosen] or rest for size in range(len(named) + 1) for chosen in combinations(named, size)]
    return [Cell(list(given)) for given in found if given]


# -- what a condition comes to


def bits(of: Condition, known: Mapping[Atom, int]) -> int:
    """What the condition may come to, each comparison being what `known` says, or anything."""
    if isinstance(of, Atom):
        return known.get(of, TRUE | FALSE | NULL)
    parts = [bits(part, known) for part in of.parts]
    if of.op == "not":
        one = parts[0]
        return (FALSE if one & TRUE else 0) | (TRUE if one & FALSE else 0) | (one & NULL)
    ends, goes = (FALSE, TRUE) if of.op == "and" else (TRUE, FALSE)
    found = ends if any(part & ends for part in parts) else 0
    if any(part == ends for part in parts):
        return ends
    if all(part & goes for part in parts):
        found |= goes
    return found | (NULL if any(part & NULL for part in parts) else 0)
