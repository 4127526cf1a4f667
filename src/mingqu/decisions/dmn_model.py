"""What a DMN file says, as read: nothing here is compiled or checked (DMN 1.5, chapters 6, 7, 8, 10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Variable:
    """An information item: a name and the name of its type, empty for any."""

    name: str
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class LiteralExpression:
    """FEEL text. `language` is empty for FEEL."""

    text: str
    type_ref: str = ""
    language: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class InputClause:
    """A column of conditions."""

    text: str
    type_ref: str = ""
    values: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class OutputClause:
    """A column of results; `values` in order of priority."""

    name: str = ""
    type_ref: str = ""
    values: str = ""
    default: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: cells of conditions, cells of results, and annotations by column name (such as the article)."""

    id: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """`policy` is U A P F R O or C; `aggregator` is empty or one of + # < >."""

    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    policy: str = "U"
    aggregator: str = ""
    type_ref: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call with named arguments."""

    function: Boxed
    bindings: tuple[tuple[str, Boxed | None], ...]
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class BoxedContext:
    """Entries; one without a variable is the result of the whole."""

    entries: tuple[tuple[Variable | None, Boxed | None], ...]
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class BoxedList:
    """A list of boxed expressions."""

    items: tuple[Boxed | None, ...]
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A list of contexts written as columns and rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Boxed | None, ...], ...]
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """A function; kind other than FEEL is never called."""

    parameters: tuple[Variable, ...]
    body: Boxed | None
    kind: str = "FEEL"
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Conditional:
    """if, then, else."""

    condition: Boxed | None
    then: Boxed | None
    otherwise: Boxed | None
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class BoxedFilter:
    """A list and what its kept members fulfil."""

    source: Boxed | None
    match: Boxed | None
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class BoxedIterator:
    """for, some or every over one variable."""

    kind: str
    variable: str
    source: Boxed | None
    result: Boxed | None
    type_ref: str = ""


Boxed: TypeAlias = (
    LiteralExpression
    | DecisionTable
    | Invocation
    | BoxedContext
    | BoxedList
    | Relation
    | FunctionDefinition
    | Conditional
    | BoxedFilter
    | BoxedIterator
)


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A type of the model. At most one of `type_ref`, `components` and `function` says its shape."""

    name: str
    type_ref: str = ""
    components: tuple[ItemDefinition, ...] = ()
    allowed: str = ""
    constraint: str = ""
    is_list: bool = False
    is_function: bool = False
    parameters: tuple[Variable, ...] = ()
    result: str = ""


@dataclass(frozen=True, slots=True)
class InputData:
    """Something the caller provides."""

    id: str
    name: str
    variable: Variable


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: what it needs (references to elements) and its logic."""

    id: str
    name: str
    variable: Variable
    logic: Boxed | None
    needs: tuple[str, ...] = ()
    knows: tuple[str, ...] = ()
    question: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a named function."""

    id: str
    name: str
    variable: Variable
    function: FunctionDefinition | None
    knows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: some decisions as a function of inputs and of other decisions."""

    id: str
    name: str
    variable: Variable
    outputs: tuple[str, ...] = ()
    encapsulated: tuple[str, ...] = ()
    input_decisions: tuple[str, ...] = ()
    input_data: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Import:
    """Another model used by this one under a name."""

    name: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Definitions:
    """One file. References to elements are `namespace#id`."""

    name: str
    namespace: str
    version: str
    items: tuple[ItemDefinition, ...] = ()
    inputs: tuple[InputData, ...] = ()
    decisions: tuple[Decision, ...] = ()
    knowledge: tuple[Knowledge, ...] = ()
    services: tuple[Service, ...] = ()
    imports: tuple[Import, ...] = field(default=())
