"""
The values FEEL computes with, and what an evaluation carries along (its allowance and its warnings).

number = Decimal (34 digits, as decimal128), string = str, boolean = bool, null = None, list = list,
context = dict with string keys, and the classes of `temporal`, `Range` and `Function`.
"""

from __future__ import annotations

import decimal
import time as clock
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, TypeAlias

from mingqu.decisions.errors import ExpressionTooDeep, ExpressionTooLong, TookTooLong, TooManySteps
from mingqu.decisions.reasons import Reason
from mingqu.decisions.types import Limits, Range

Value: TypeAlias = Any

# decimal128 of IEEE 754 (DMN 1.5, 10.3.2.3.1). What it can't hold is an error, in FEEL null.
NUMBERS: Final = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
MAX_STRING: Final = 1_000_000
MAX_CALLS: Final = 64


DEFAULT_LIMITS: Final = Limits()
MAX_WARNINGS: Final = 50


class Run:
    """One evaluation's allowance and warnings. Straight-line code is free; loops, calls and growth pay."""

    __slots__ = ("calls", "deadline", "hits", "left", "limits", "next_look", "now", "warnings")

    def __init__(self, limits: Limits = DEFAULT_LIMITS, now: Value = None) -> None:
        self.limits = limits
        self.left = limits.steps
        self.next_look = limits.steps - 500
        self.calls = 0
        self.deadline = clock.monotonic() + limits.seconds
        self.warnings: list[Reason] = []
        self.now = now
        self.hits: list[Any] | None = None

    def pay(self, steps: int = 1) -> None:
        """Uses up steps. TooManySteps or TookTooLong when there are none left."""
        self.left -= steps
        if self.left < self.next_look:
            self.look()

    def look(self) -> None:
        """Checks the allowance and the clock."""
        if self.left < 0:
            raise TooManySteps(limit=self.limits.steps)
        if clock.monotonic() > self.deadline:
            raise TookTooLong(limit=self.limits.seconds)
        self.next_look = self.left - 500

    def enter(self) -> None:
        """A function call begins."""
        self.pay()
        self.calls += 1
        if self.calls > self.limits.calls:
            raise ExpressionTooDeep(limit=self.limits.calls)

    def leave(self) -> None:
        """A function call ended."""
        self.calls -= 1

    def grown(self, text: str) -> str:
        """A string that was built: paid by length. ExpressionTooLong beyond a million characters."""
        if len(text) > 1000:
            self.grown_by(len(text))
        return text

    def grown_by(self, length: int) -> None:
        """Pays for a string of that length before it is built."""
        if length > MAX_STRING:
            raise ExpressionTooLong(limit=MAX_STRING)
        self.pay(length // 20)

    def warn(self, code: str, detail: str = "") -> None:
        """Notes why the result is null; returns null so that `return run.warn(…)` reads well."""
        if len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(Reason(code, detail))


class Env:
    """The names visible at one place of an expression: those of this scope, then the scope around it."""

    __slots__ = ("names", "run", "up")

    def __init__(self, names: Mapping[str, Value], up: Env | None, run: Run) -> None:
        self.names = names
        self.up = up
        self.run = run


Eval: TypeAlias = Callable[[Env], Value]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A formal parameter; `type` is a FeelType or None for anything."""

    name: str
    type: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """
    Something that can be called.

    `signatures` are the alternatives of parameter names (built-in functions may have several); `call`
    gets the arguments in the order of the signature's parameters. `least` is how many must be given,
    `many` says that the last takes any number.
    """

    name: str
    parameters: tuple[Parameter, ...]
    call: Callable[[Run, Sequence[Value]], Value]
    result: Any = None
    definition: Any = field(default=None, compare=False)


def type_name(value: Value) -> str:
    """FEEL's name of the value's type, for warnings and for comparing kinds."""
    cls: type = type(value)
    return _NAMES.get(cls, cls.__name__)


_NAMES: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    type(None): "null",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}


def register_type_name(cls: type, name: str) -> None:
    """Lets the temporal classes and built-in functions name their FEEL type."""
    _NAMES[cls] = name
