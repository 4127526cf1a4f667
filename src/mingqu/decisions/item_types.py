"""Item definitions of a model as FEEL types (DMN 1.5, 7.3.2 and 7.3.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mingqu.decisions.compiler_tests import Test
from mingqu.decisions.dmn_model import ItemDefinition
from mingqu.decisions.errors import DecisionError
from mingqu.decisions.expression import compile_cell, parse_type
from mingqu.decisions.feel_types import (
    ANY,
    BUILT_IN,
    NUMBER,
    Allowed,
    ConstrainedType,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    resolve,
)
from mingqu.decisions.table_index import constants_of
from mingqu.decisions.values import Env, Run, Value

_MAX_CHAIN: Final = 30
_NUMBERS: Final = frozenset({"integer", "long", "double"})  # as some tools name FEEL's number in their files


class TypeBook(Mapping[str, FeelType]):
    """The types of one model by name, those of imported models as `import.name`; made when first asked for."""

    def __init__(self, items: Mapping[str, ItemDefinition]) -> None:
        self.items_by_name = items
        self.made: dict[str, FeelType] = {}
        self.busy: list[str] = []
        self.problems: list[tuple[str, str]] = []

    def __getitem__(self, name: str) -> FeelType:
        if name not in self.made:
            if name not in self.items_by_name:
                raise KeyError(name)
            if name in self.busy or len(self.busy) > _MAX_CHAIN:
                self.problems.append(("cyclic_type", name))
                return ANY
            self.busy.append(name)
            self.made[name] = self._named(self.items_by_name[name], name.rpartition(".")[0])
            self.busy.pop()
        return self.made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.items_by_name)

    def __len__(self) -> int:
        return len(self.items_by_name)

    def of(self, reference: str, home: str = "") -> FeelType | None:
        """The type a reference means, seen from the model imported as `home`; None for no reference or Any."""
        if not reference:
            return None
        for name in _spellings(reference, home):
            if name in self.items_by_name:
                return self[name]
            if name in BUILT_IN:
                return None if BUILT_IN[name] is ANY else BUILT_IN[name]
        if reference in _NUMBERS:
            return NUMBER
        return self._written(reference)

    def _written(self, reference: str) -> FeelType | None:
        """A type spelled out in FEEL, like `list<number>`."""
        try:
            found = resolve(parse_type(reference, tuple(self.items_by_name)), self)
        except DecisionError:
            found = None
        if found is None:
            self.problems.append(("unknown_type", reference))
        return found

    def _named(self, item: ItemDefinition, home: str) -> FeelType:
        kind = self._shape(item, home)
        if item.allowed:
            kind = self._constrained(item.name, kind, item.allowed)
        if item.is_list:
            kind = ListType(kind)
        if item.constraint:
            kind = self._constrained(item.name, kind, item.constraint)
        return kind

    def _shape(self, item: ItemDefinition, home: str) -> FeelType:
        if item.is_function:
            parameters = tuple(self.of(p.type_ref, home) or ANY for p in item.parameters)
            return FunctionType(parameters, self.of(item.result, home))
        if item.components:
            return ContextType({part.name: self._named(part, home) for part in item.components})
        return self.of(item.type_ref, home) or ANY

    def _constrained(self, name: str, kind: FeelType, text: str) -> FeelType:
        try:
            tests, test = compile_cell(text, (), self.made)
        except DecisionError:
            self.problems.append(("expression_invalid", text))
            return ConstrainedType(name, kind, allowed=lambda run, value: False)
        limits = list(constants_of(tests))
        samples = None if None in limits else tuple(value for limit in limits for value in limit or ())
        return ConstrainedType(name, kind, allowed=_as_allowed(test), samples=samples)


def _as_allowed(test: Test) -> Allowed:
    def allowed(run: Run, value: Value) -> bool:
        noted = len(run.warnings)
        answer = test(Env({}, None, run), value) is True
        del run.warnings[noted:]  # that the value is not allowed is warning enough
        return answer

    return allowed


def _spellings(reference: str, home: str) -> Iterator[str]:
    """The reference in its own model, as written, and without the XML prefix of older files."""
    plain = reference.rpartition(":")[2]
    if home:
        yield f"{home}.{reference}"
        yield f"{home}.{plain}"
    yield reference
    yield plain


def names_in(item: ItemDefinition) -> Iterator[str]:
    """The names of all components."""
    for part in item.components:
        yield part.name
        yield from names_in(part)
