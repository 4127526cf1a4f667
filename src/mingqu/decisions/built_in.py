"""
How built-in functions are declared, and how arguments reach their parameters.

A declaration reads `@built_in("substring", "string: string, start position: number, length: number?")`:
`?` marks a parameter that may be missing or null, `~` one that may be missing but not null, `*` at the
end one that takes one or more arguments.
A function may be declared several times, for its alternatives; the first that fits is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mingqu.decisions.feel_types import (
    ANY,
    BOOLEAN,
    CONTEXT,
    DATE,
    DATE_TIME,
    DAYS,
    FUNCTION,
    LIST,
    MONTHS,
    NUMBER,
    RANGE,
    STRING,
    TIME,
    FeelType,
    ListType,
)
from mingqu.decisions.values import Function, Parameter, Run, Value, type_name

KINDS: Final[Mapping[str, tuple[FeelType, ...]]] = {
    "any": (ANY,),
    "number": (NUMBER,),
    "string": (STRING,),
    "boolean": (BOOLEAN,),
    "list": (LIST,),
    "context": (CONTEXT,),
    "function": (FUNCTION,),
    "date": (DATE,),
    "time": (TIME,),
    "date and time": (DATE_TIME,),
    "day": (DATE, DATE_TIME),
    "days": (DAYS,),
    "months": (MONTHS,),
    "range": (RANGE,),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One parameter of a built-in function."""

    name: str
    kinds: tuple[FeelType, ...]
    optional: bool
    many: bool
    nullable: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One alternative of a built-in function."""

    slots: tuple[Slot, ...]
    call: Callable[..., Value]

    @property
    def names(self) -> list[str]:
        """The parameters' names."""
        return [slot.name for slot in self.slots]

    def arrange(self, given: Sequence[Value]) -> list[Value] | None:
        """Positional arguments by parameter; None if there are too many or too few."""
        slots = self.slots
        if slots and slots[-1].many:
            fixed = len(slots) - 1
            if len(given) <= fixed or any(value is None for value in given[:fixed]):
                return None
            return [*given[:fixed], list(given[fixed:])]
        if len(given) > len(slots) or any(not slot.optional for slot in slots[len(given) :]):
            return None
        if any(value is None and not slot.nullable for value, slot in zip(given, slots, strict=False)):
            return None
        return [*given, *([None] * (len(slots) - len(given)))]

    def arrange_named(self, given: Mapping[str, Value]) -> list[Value] | None:
        """Named arguments by parameter; None if one is unknown or missing."""
        if any(name not in self.names for name in given):
            return None
        if any(slot.name not in given and not slot.optional for slot in self.slots):
            return None
        if any(given.get(slot.name, "") is None and not slot.nullable for slot in self.slots):
            return None
        return [
            _as_list(given[slot.name]) if slot.many and slot.name in given else given.get(slot.name)
            for slot in self.slots
        ]

    def fit(self, arguments: list[Value]) -> list[Value] | None:
        """Arguments checked and converted; None if one is of another type."""
        for index, slot in enumerate(self.slots):
            value = arguments[index]
            if slot.many:
                continue
            if value is None:
                continue
            fitted = _fit(slot.kinds, value)
            if fitted is None:
                return None
            arguments[index] = fitted
        return arguments


def _as_list(value: Value) -> Value:
    return value if isinstance(value, list) else [value]


def _fit(kinds: tuple[FeelType, ...], value: Value) -> Value:
    for kind in kinds:
        if kind.is_kind(value):
            return value
        if isinstance(kind, ListType):
            return [value]
    if isinstance(value, list) and len(value) == 1 and value[0] is not None:
        return _fit(kinds, value[0]) if not isinstance(value[0], list) else None
    return None


class BuiltIns:
    """The built-in functions by name."""

    def __init__(self) -> None:
        self.signatures: dict[str, list[Signature]] = {}
        self.functions: dict[str, Function] = {}

    def declare(self, name: str, parameters: str) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
        """Registers the decorated function as one alternative of `name`."""

        def register(call: Callable[..., Value]) -> Callable[..., Value]:
            slots = tuple(_slot(text) for text in parameters.split(",") if text.strip())
            self.signatures.setdefault(name, []).append(Signature(slots, call))
            self.functions[name] = self._as_value(name)
            return call

        return register

    def _as_value(self, name: str) -> Function:
        first = self.signatures[name][0]
        own = tuple(
            Parameter(slot.name, slot.kinds[0] if len(slot.kinds) == 1 else None)
            for slot in first.slots
            if not slot.optional
        )
        return Function(name, own, lambda run, given: self.call(run, name, given), definition="built-in")

    def call(self, run: Run, name: str, given: Sequence[Value]) -> Value:
        """Calls with positional arguments; null with a warning if no alternative takes them."""
        for signature in self.signatures[name]:
            arranged = signature.arrange(given)
            fitted = None if arranged is None else signature.fit(arranged)
            if fitted is not None:
                return signature.call(run, *fitted)
        run.warn("arguments", f"{name}({', '.join(map(type_name, given))})")
        return None

    def call_named(self, run: Run, name: str, given: Mapping[str, Value]) -> Value:
        """
        Calls with named arguments; null with a warning if no alternative takes them. Alternatives with the very names
        in another order (`before(point, range)`, `before(range, point)`) are told apart by the order of writing.
        """
        written = list(given)
        for signature in sorted(self.signatures[name], key=lambda one: one.names != written):
            arranged = signature.arrange_named(given)
            fitted = None if arranged is None else signature.fit(arranged)
            if fitted is not None:
                return signature.call(run, *fitted)
        run.warn("arguments", f"{name}({', '.join(given)})")
        return None


def _slot(text: str) -> Slot:
    name, _, kind = (part.strip() for part in text.partition(":"))
    mark = kind[-1] if kind[-1] in "?~*" else ""
    kinds = KINDS[kind.rstrip("?~*")]
    return Slot(
        name, kinds, optional=mark != "", many=mark == "*", nullable=mark in ("?", "*") or kinds[0] is ANY
    )


BUILT_INS: Final = BuiltIns()
built_in: Final = BUILT_INS.declare


def call_value(run: Run, function: Any, given: Sequence[Value]) -> Value:
    """Calls a function value with positional arguments: number and types of arguments are checked."""
    if not isinstance(function, Function):
        run.warn("not_a_function", type_name(function))
        return None
    if function.definition == "built-in":
        return BUILT_INS.call(run, function.name, given)
    if len(given) != len(function.parameters):
        run.warn("arguments", f"{function.name}: {len(given)}")
        return None
    return _call_own(run, function, given)


def call_value_named(run: Run, function: Any, given: Mapping[str, Value]) -> Value:
    """Calls a function value with named arguments."""
    if not isinstance(function, Function):
        run.warn("not_a_function", type_name(function))
        return None
    if function.definition == "built-in":
        return BUILT_INS.call_named(run, function.name, given)
    names = [parameter.name for parameter in function.parameters]
    if set(names) != set(given):
        run.warn("arguments", f"{function.name}({', '.join(given)})")
        return None
    return _call_own(run, function, [given[name] for name in names])


def _call_own(run: Run, function: Function, given: Sequence[Value]) -> Value:
    arguments = list(given)
    for index, parameter in enumerate(function.parameters):
        if parameter.type is not None and arguments[index] is not None:
            arguments[index] = parameter.type.fit(run, arguments[index])
            if arguments[index] is None:
                return None
    run.enter()
    result = function.call(run, arguments)
    run.leave()
    return result if function.result is None else function.result.fit(run, result)
