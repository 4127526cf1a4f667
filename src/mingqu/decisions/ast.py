"""The parts a FEEL expression is made of, as the parser sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, string, boolean, null or the value of an `@"…"`."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name:
    """A name in scope: a datum, a local variable, a function, `?`, `item` or `partial`."""

    name: str
    position: int


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """`{a: 1, b: a + 1}`."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """`[a..b)`."""

    low: Node
    high: Node
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class OpenRange:
    """`(< 10)` as a value, or `< 10` as a test."""

    op: str
    end: Node


@dataclass(frozen=True, slots=True)
class Logic:
    """`a and b and c` or `a or b or c`, flat, so that a long list of conditions is not deep."""

    op: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic `+ - * / **` and comparison `= != < <= > >=`."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negation:
    """`-a`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Between:
    """`x between a and b`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In:
    """`x in test` or `x in (test, test)`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """`x instance of type`."""

    value: Node
    type: TypeRef


@dataclass(frozen=True, slots=True)
class TypeRef:
    """A type as written: a name, and what is between its angle brackets."""

    name: str
    arguments: tuple[TypeRef, ...] = ()
    entries: tuple[tuple[str, TypeRef], ...] = ()
    result: TypeRef | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """`a.b`."""

    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter:
    """`a[b]`."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call:
    """`f(a, b)` or `f(x: a, y: b)`: `names` is empty for positional arguments."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class If:
    """`if a then b else c`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator:
    """One `x in list` or `x in a..b` of for, some, every."""

    name: str
    source: Node
    end: Node | None = None


@dataclass(frozen=True, slots=True)
class For:
    """`for x in xs return e`."""

    iterators: tuple[Iterator, ...]
    result: Node


@dataclass(frozen=True, slots=True)
class Quantified:
    """`some x in xs satisfies e`, `every x in xs satisfies e`."""

    every: bool
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Lambda:
    """`function(a: number) e`; an external one has no body here."""

    parameters: tuple[tuple[str, TypeRef | None], ...]
    body: Node | None


@dataclass(frozen=True, slots=True)
class Tests:
    """Unary tests of a table cell: `-` is no tests at all; `negated` is `not(…)`."""

    tests: tuple[Node, ...]
    negated: bool = False
    anything: bool = False


Node: TypeAlias = (
    Literal
    | Name
    | ListOf
    | Context
    | Interval
    | OpenRange
    | Logic
    | Binary
    | Negation
    | Between
    | In
    | InstanceOf
    | Path
    | Filter
    | Call
    | If
    | For
    | Quantified
    | Lambda
    | Tests
)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside, in the order they are read."""
    match node:
        case ListOf(items):
            return items
        case Context(entries):
            return tuple(value for _, value in entries)
        case Interval(low, high):
            return (low, high)
        case OpenRange(_, end):
            return (end,)
        case Logic(_, items):
            return items
        case Binary(_, left, right):
            return (left, right)
        case Negation(operand):
            return (operand,)
        case Between(value, low, high):
            return (value, low, high)
        case In(value, tests):
            return (value, *tests)
        case InstanceOf(value):
            return (value,)
        case Path(source):
            return (source,)
        case Filter(source, condition):
            return (source, condition)
        case Call(function, arguments):
            return (function, *arguments)
        case If(condition, then, otherwise):
            return (condition, then, otherwise)
        case For(iterators, result):
            return (*_sources(iterators), result)
        case Quantified(_, iterators, condition):
            return (*_sources(iterators), condition)
        case Lambda(_, body):
            return () if body is None else (body,)
        case Tests(tests):
            return tests
        case _:
            return ()


def _sources(iterators: tuple[Iterator, ...]) -> tuple[Node, ...]:
    found: list[Node] = []
    for iterator in iterators:
        found.append(iterator.source)
        if iterator.end is not None:
            found.append(iterator.end)
    return tuple(found)
