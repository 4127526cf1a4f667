"""
FEEL's types: what a value is an instance of, and how a value is made to fit (DMN 1.5, 10.3.2.9).

`matches` is `instance of`. `fit` applies the implicit conversions (to and from a list of one, from date to
date and time) and the allowed values, and gives null with a warning for a value of another type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from mingqu.decisions import ast
from mingqu.decisions.temporal import Date, DateTime, DayTimeDuration, Time, YearMonthDuration
from mingqu.decisions.types import Range
from mingqu.decisions.values import Function, Run, Value, type_name

Allowed: TypeAlias = Callable[[Run, Value], bool]


@dataclass(frozen=True)
class FeelType:
    """A type; this one is Any. `allowed` tests allowed values, which `instance of` does not look at."""

    allowed: Allowed | None = field(default=None, kw_only=True, compare=False)

    @property
    def title(self) -> str:
        return "Any"

    def is_kind(self, value: Value) -> bool:
        """Whether the value (not null) has this shape; nulls inside it are allowed."""
        return True

    def permits(self, run: Run, value: Value) -> bool:
        """Whether the value, of the right shape, is one of the allowed ones, inside too."""
        return self.allowed is None or self.allowed(run, value)

    def conforms(self, run: Run, value: Value) -> bool:
        return self.is_kind(value) and self.permits(run, value)

    def matches(self, value: Value) -> bool:
        """`value instance of this`."""
        return value is not None and self.is_kind(value)

    def fit(self, run: Run, value: Value) -> Value:
        """The value, converted where FEEL does so by itself; else null with a warning."""
        if value is None or self.conforms(run, value):
            return value
        if isinstance(value, list) and len(value) == 1 and not isinstance(self, ListType):
            inner = value[0]
            if inner is None or self.conforms(run, inner):
                return inner
        return self._unfit(run, value)

    def _unfit(self, run: Run, value: Value) -> Value:
        run.warn("type_mismatch", f"{type_name(value)} → {self.title}")
        return None


@dataclass(frozen=True)
class SimpleType(FeelType):
    """A built-in type."""

    name: str
    cls: type

    @property
    def title(self) -> str:
        return self.name

    def is_kind(self, value: Value) -> bool:
        return value.__class__ is self.cls

    def fit(self, run: Run, value: Value) -> Value:
        if self.cls is DateTime and value.__class__ is Date:
            return DateTime(value, Time(0, offset=0))
        return super().fit(run, value)


@dataclass(frozen=True)
class ListType(FeelType):
    """A list of one type."""

    item: FeelType

    @property
    def title(self) -> str:
        return f"list<{self.item.title}>"

    def is_kind(self, value: Value) -> bool:
        return isinstance(value, list) and all(v is None or self.item.is_kind(v) for v in value)

    def permits(self, run: Run, value: Value) -> bool:
        run.pay(len(value))
        return all(v is None or self.item.permits(run, v) for v in value) and super().permits(run, value)

    def fit(self, run: Run, value: Value) -> Value:
        if value is None or (self.is_kind(value) and self.permits(run, value)):
            return value
        if not isinstance(value, list):
            value = [value]
            if self.is_kind(value) and self.permits(run, value):
                return value
        return self._unfit(run, value)


@dataclass(frozen=True)
class ContextType(FeelType):
    """A context that has at least these entries."""

    entries: Mapping[str, FeelType]

    @property
    def title(self) -> str:
        return "context<" + ", ".join(f"{k}: {v.title}" for k, v in self.entries.items()) + ">"

    def is_kind(self, value: Value) -> bool:
        return isinstance(value, dict) and all(
            name in value and (value[name] is None or kind.is_kind(value[name]))
            for name, kind in self.entries.items()
        )

    def permits(self, run: Run, value: Value) -> bool:
        run.pay(len(self.entries))
        return super().permits(run, value) and all(
            value[name] is None or kind.permits(run, value[name]) for name, kind in self.entries.items()
        )


@dataclass(frozen=True)
class RangeType(FeelType):
    """A range over one type."""

    item: FeelType

    @property
    def title(self) -> str:
        return f"range<{self.item.title}>"

    def is_kind(self, value: Value) -> bool:
        if not isinstance(value, Range):
            return False
        return all(end is None or self.item.is_kind(end) for end in (value.low, value.high))


@dataclass(frozen=True)
class FunctionType(FeelType):
    """A function with parameters and result; None for any function."""

    parameters: tuple[FeelType, ...] | None = None
    result: FeelType | None = None

    @property
    def title(self) -> str:
        return "function"

    def is_kind(self, value: Value) -> bool:
        if not isinstance(value, Function):
            return False
        if self.parameters is None:
            return True
        if len(self.parameters) != len(value.parameters):
            return False
        own = [parameter.type or ANY for parameter in value.parameters]
        return all(conforms(given, taken) for given, taken in zip(self.parameters, own, strict=True)) and (
            value.result is None or conforms(value.result, self.result or ANY)
        )


@dataclass(frozen=True)
class ConstrainedType(FeelType):
    """Another type under a name, with allowed values; `samples` are their limits, None if these are worked out."""

    name: str
    base: FeelType
    samples: tuple[Value, ...] | None = field(default=None, kw_only=True, compare=False)

    @property
    def title(self) -> str:
        return self.name

    def is_kind(self, value: Value) -> bool:
        return self.base.is_kind(value)

    def permits(self, run: Run, value: Value) -> bool:
        return self.base.permits(run, value) and super().permits(run, value)

    def fit(self, run: Run, value: Value) -> Value:
        fitted = self.base.fit(run, value)
        if fitted is not None and not self.permits(run, fitted):
            run.warn("not_allowed", self.name)
            return None
        return fitted


ANY: Final = FeelType()
NUMBER: Final = SimpleType("number", Decimal)
STRING: Final = SimpleType("string", str)
BOOLEAN: Final = SimpleType("boolean", bool)
DATE: Final = SimpleType("date", Date)
TIME: Final = SimpleType("time", Time)
DATE_TIME: Final = SimpleType("date and time", DateTime)
DAYS: Final = SimpleType("days and time duration", DayTimeDuration)
MONTHS: Final = SimpleType("years and months duration", YearMonthDuration)
CONTEXT: Final = ContextType({})
LIST: Final = ListType(ANY)
RANGE: Final = RangeType(ANY)
FUNCTION: Final = FunctionType()

# Old spellings of DMN 1.1 files are understood too.
BUILT_IN: Final[Mapping[str, FeelType]] = {
    "Any": ANY,
    "any": ANY,
    "number": NUMBER,
    "string": STRING,
    "boolean": BOOLEAN,
    "date": DATE,
    "time": TIME,
    "date and time": DATE_TIME,
    "dateTime": DATE_TIME,
    "days and time duration": DAYS,
    "day time duration": DAYS,
    "dayTimeDuration": DAYS,
    "years and months duration": MONTHS,
    "year month duration": MONTHS,
    "yearMonthDuration": MONTHS,
    "context": CONTEXT,
    "list": LIST,
    "range": RANGE,
    "function": FUNCTION,
}


def base_of(kind: FeelType) -> FeelType:
    """The type without its names and allowed values."""
    while isinstance(kind, ConstrainedType):
        kind = kind.base
    return kind


def entry_of(kind: FeelType | None, name: str) -> FeelType | None:
    """The type of an entry of contexts of this type, if it says so."""
    plain = None if kind is None else base_of(kind)
    return plain.entries.get(name) if isinstance(plain, ContextType) else None


def samples_of(kind: FeelType | None) -> list[Value] | None:
    """The limits of a type's allowed values, the values themselves where they are named; None if worked out."""
    found: list[Value] = []
    while isinstance(kind, ConstrainedType):
        if kind.samples is None:
            return None
        found += kind.samples
        kind = kind.base
    return found


def conforms(kind: FeelType, to: FeelType) -> bool:
    """Whether every value of one type is of the other."""
    kind, to = base_of(kind), base_of(to)
    if type(to) is FeelType:
        return True
    if isinstance(kind, ListType) and isinstance(to, ListType):
        return conforms(kind.item, to.item)
    if isinstance(kind, RangeType) and isinstance(to, RangeType):
        return conforms(kind.item, to.item)
    if isinstance(kind, ContextType) and isinstance(to, ContextType):
        return all(n in kind.entries and conforms(kind.entries[n], t) for n, t in to.entries.items())
    if isinstance(kind, FunctionType) and isinstance(to, FunctionType):
        if to.parameters is None or kind.parameters is None:
            return to.parameters is None
        return (
            len(to.parameters) == len(kind.parameters)
            and all(conforms(theirs, own) for theirs, own in zip(to.parameters, kind.parameters, strict=True))
            and conforms(kind.result or ANY, to.result or ANY)
        )
    return kind == to


def resolve(ref: ast.TypeRef, named: Mapping[str, FeelType]) -> FeelType | None:
    """The type a reference means, among the model's own and the built-in ones; None if there is none."""
    if ref.entries or (ref.name == "context" and not ref.arguments):
        return _context(ref, named)
    if ref.name == "function" and ref.result is not None:
        parameters = [resolve(argument, named) for argument in ref.arguments]
        result = resolve(ref.result, named)
        if result is None or any(parameter is None for parameter in parameters):
            return None
        return FunctionType(tuple(p for p in parameters if p is not None), result)
    if ref.arguments:
        item = resolve(ref.arguments[0], named)
        if item is None or len(ref.arguments) != 1:
            return None
        return ListType(item) if ref.name == "list" else RangeType(item) if ref.name == "range" else None
    return named.get(ref.name) or BUILT_IN.get(ref.name)


def _context(ref: ast.TypeRef, named: Mapping[str, FeelType]) -> FeelType | None:
    if not ref.entries and ref.name in named:
        return named[ref.name]
    entries: dict[str, FeelType] = {}
    for name, inner in ref.entries:
        kind = resolve(inner, named)
        if kind is None:
            return None
        entries[name] = kind
    return ContextType(entries)
