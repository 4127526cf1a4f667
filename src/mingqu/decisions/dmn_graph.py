"""A model made ready to run: elements joined by their requirements, types and logic compiled (DMN 1.5, 6 and 10.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from mingqu.decisions.analysis import root_in
from mingqu.decisions.boxed import Boxer, entry_names
from mingqu.decisions.dmn_model import Decision, Definitions, InputData, Knowledge, Service
from mingqu.decisions.errors import ModelInvalid
from mingqu.decisions.feel_types import FeelType
from mingqu.decisions.item_types import TypeBook, names_in
from mingqu.decisions.naming import NameIndex
from mingqu.decisions.reasons import Reason
from mingqu.decisions.scope import Scope
from mingqu.decisions.table_check import troubles_of
from mingqu.decisions.types import Trouble
from mingqu.decisions.values import Eval, Function

Element: TypeAlias = InputData | Decision | Knowledge | Service


@dataclass(frozen=True, slots=True)
class Need:
    """Something visible to a piece of logic: the element, its name there, and the import it comes through."""

    name: str
    element: str
    prefix: str = ""


@dataclass(slots=True)
class Node:
    """One element ready to run. `code` is made when first needed: a model may hold thousands."""

    element: Element
    kind: FeelType | None = None
    code: Eval | None = None
    needs: Sequence[Need] = ()
    function: Function | None = None
    parameters: Sequence[Need] = ()


@dataclass(frozen=True)
class Model:
    """A parsed DMN model with its imports. `troubles` of all elements are found by `services.model_problems`."""

    definitions: Definitions
    nodes: Mapping[str, Node]
    by_name: Mapping[str, str]
    boxer: Boxer
    imported: Mapping[str, str] = field(default_factory=dict)

    @property
    def decisions(self) -> list[str]:
        """The names of the model's own decisions."""
        return [decision.name for decision in self.definitions.decisions]

    @property
    def inputs(self) -> list[str]:
        """The names of the model's own inputs."""
        return [data.name for data in self.definitions.inputs]

    @property
    def services(self) -> list[str]:
        """The names of the model's own decision services."""
        return [service.name for service in self.definitions.services]


class Linker:
    """Joins the definitions of one model and of those it imports, however deep."""

    def __init__(self, main: Definitions, others: Mapping[str, Definitions]) -> None:
        self.main = main
        self.others = others
        self.files: dict[str, Definitions] = {}
        self._gather(main)
        self.elements: dict[str, tuple[Element, Definitions]] = {}
        for definitions in self.files.values():
            for group in (
                definitions.inputs,
                definitions.decisions,
                definitions.knowledge,
                definitions.services,
            ):
                for element in group:
                    self.elements.setdefault(element.id, (element, definitions))

    def _gather(self, definitions: Definitions) -> None:
        if definitions.namespace in self.files:
            return
        self.files[definitions.namespace] = definitions
        for imported in definitions.imports:
            found = self.others.get(imported.namespace)
            if found is None and imported.namespace.rstrip("/").endswith(("MODEL", "FEEL")):
                continue
            if found is None:
                raise ModelInvalid(reason=f"缺少被引用的模型 {imported.namespace}")
            self._gather(found)

    def whole(self) -> Model:
        """The model. ModelInvalid for decisions that need themselves."""
        self._check_cycles()
        declares = any(isinstance(element, InputData) for element, _ in self.elements.values())
        boxer = Boxer(self._types(), self._members(), open=not declares)
        nodes = {
            reference: Node(
                element, needs=self._needs(element, home), parameters=self._parameters(element, home)
            )
            for reference, (element, home) in self.elements.items()
        }
        by_name: dict[str, str] = {}
        own = self.main
        for group in (own.inputs, own.knowledge, own.services, own.decisions):
            for element in group:
                by_name[element.name] = element.id
        homes = {reference: self._home(home) for reference, (_, home) in self.elements.items()}
        return Model(own, nodes, by_name, boxer, homes)

    def _home(self, definitions: Definitions) -> str:
        """The name under which the main model imports a file; a space (no name) for what it reaches otherwise."""
        if definitions is self.main:
            return ""
        for imported in self.main.imports:
            if imported.namespace == definitions.namespace:
                return imported.name
        return " " + definitions.namespace

    def _types(self) -> TypeBook:
        items = {}
        for definitions in self.files.values():
            home = self._home(definitions)
            for item in definitions.items:
                items[f"{home}.{item.name}" if home else item.name] = item
            for imported in definitions.imports:
                for item in (
                    self.others[imported.namespace].items if imported.namespace in self.others else ()
                ):
                    name = f"{imported.name}.{item.name}" if imported.name else item.name
                    items.setdefault(f"{home}.{name}" if home else name, item)
        return TypeBook(items)

    def _members(self) -> NameIndex:
        """Names that may follow a dot or stand in a filter: components of types, entries, imported elements."""
        names: set[str] = set()
        for definitions in self.files.values():
            names.update(name for item in definitions.items for name in names_in(item))
        for element, home in self.elements.values():
            if home is not self.main:
                names.add(element.variable.name)
            if isinstance(element, Decision):
                names |= entry_names(element.logic)
            elif isinstance(element, Knowledge):
                names |= entry_names(element.function)
        return NameIndex(sorted(names))

    def _needs(self, element: Element, home: Definitions) -> list[Need]:
        references: Sequence[str] = ()
        if isinstance(element, Decision):
            references = (*element.needs, *element.knows)
        elif isinstance(element, Knowledge):
            references = element.knows
        return [self._need(reference, home) for reference in references if reference in self.elements]

    def _need(self, reference: str, home: Definitions) -> Need:
        element, definitions = self.elements[reference]
        prefix = ""
        if definitions is not home:
            prefix = next((i.name for i in home.imports if i.namespace == definitions.namespace), "")
        return Need(element.variable.name, reference, prefix)

    def _parameters(self, element: Element, home: Definitions) -> list[Need]:
        if not isinstance(element, Service):
            return []
        references = (*element.input_data, *element.input_decisions)
        return [self._need(reference, home) for reference in references if reference in self.elements]

    def _check_cycles(self) -> None:
        done: set[str] = set()
        for start in self.elements:
            path: list[str] = []
            waiting: list[tuple[str, bool]] = [(start, False)]
            while waiting:
                reference, leaving = waiting.pop()
                if leaving:
                    path.pop()
                    done.add(reference)
                    continue
                if reference in path:
                    raise ModelInvalid(reason=f"决策“{self.elements[reference][0].name}”循环依赖自身")
                if reference in done or reference not in self.elements:
                    continue
                path.append(reference)
                waiting.append((reference, True))
                element = self.elements[reference][0]
                waiting.extend((n, False) for n in (element.needs if isinstance(element, Decision) else ()))


def compile_node(model: Model, reference: str) -> Node:
    """The node with its code, compiled once."""
    node = model.nodes[reference]
    if node.code is None:
        element, home = node.element, model.imported.get(reference, "")
        boxer = model.boxer.at(element.name, home, _given_types(model, node))
        node.kind = model.boxer.types.of(element.variable.type_ref, home)
        visible = {need.prefix or need.name for need in node.needs}
        if isinstance(element, Knowledge):
            visible.add(element.variable.name)  # a function may call itself
        scope = Scope("top", visible, types=model.boxer.types)
        if isinstance(element, Decision):
            node.code = boxer.compile(element.logic, scope)
        elif isinstance(element, Knowledge) and element.function is not None:
            node.code = boxer.compile(element.function, scope)
        else:
            node.code = _nothing
    return node


def _given_types(model: Model, node: Node) -> dict[str, FeelType | None]:
    """The types of the data a node is given by name."""
    return {
        need.name: model.boxer.types.of(
            model.nodes[need.element].element.variable.type_ref, model.imported.get(need.element, "")
        )
        for need in node.needs
        if not need.prefix and isinstance(model.nodes[need.element].element, InputData | Decision)
    }


def _nothing(env: Any) -> None:
    return None


def all_troubles(model: Model) -> list[Trouble]:
    """Everything in the model that can't be used, every element compiled."""
    for reference in model.nodes:
        compile_node(model, reference)
    boxer = model.boxer
    found = [Trouble("", code, detail) for code, detail in boxer.types.problems]
    tables = [trouble for where, parts in boxer.tables for trouble in troubles_of(where, parts)]
    return [*dict.fromkeys(map(_said, (*found, *boxer.troubles, *tables, *_missing(model))))]


def _said(trouble: Trouble) -> Trouble:
    if trouble.sentence:
        return trouble
    return replace(trouble, sentence=Reason(trouble.code, trouble.detail or trouble.where).sentence)


def data_read(model: Model) -> set[str]:
    """The dotted paths of its inputs that a model reads, every element compiled."""
    for reference in model.nodes:
        compile_node(model, reference)
    names = [data.variable.name for data in model.definitions.inputs]
    return {path for _, path in model.boxer.reads if root_in(path, names)} | model.boxer.loose


def _references(element: Element) -> Sequence[str]:
    match element:
        case Decision():
            return (*element.needs, *element.knows)
        case Knowledge():
            return element.knows
        case Service():
            return (*element.outputs, *element.encapsulated, *element.input_decisions, *element.input_data)
        case _:
            return ()


def _missing(model: Model) -> list[Trouble]:
    troubles = []
    for node in model.nodes.values():
        element = node.element
        references = _references(element)
        troubles += [Trouble(element.name, "unknown_element", r) for r in references if r not in model.nodes]
        if isinstance(element, Decision) and element.logic is None:
            troubles.append(Trouble(element.name, "no_logic", ""))
    return troubles
