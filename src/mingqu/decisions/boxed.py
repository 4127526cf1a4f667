"""Compiles boxed expressions: the same scopes and closures as for text (DMN 1.5, 10.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mingqu.decisions import analysis, ast, library
from mingqu.decisions.built_in import call_value_named
from mingqu.decisions.compiler_forms import NotIterable, items_of, keep_where, make_function
from mingqu.decisions.dmn_model import (
    Boxed,
    BoxedContext,
    BoxedFilter,
    BoxedIterator,
    BoxedList,
    Conditional,
    DecisionTable,
    FunctionDefinition,
    Invocation,
    LiteralExpression,
    Relation,
)
from mingqu.decisions.errors import DecisionError
from mingqu.decisions.expression import COMPILER, parse, parse_cell
from mingqu.decisions.feel_types import FeelType, entry_of
from mingqu.decisions.fold import fold
from mingqu.decisions.item_types import TypeBook
from mingqu.decisions.naming import NameIndex
from mingqu.decisions.scope import Scope
from mingqu.decisions.tables import TableParts, compile_table
from mingqu.decisions.types import Trouble
from mingqu.decisions.values import Env, Eval, Function, Parameter, Value, type_name


@dataclass
class Boxer:
    """
    Compiles the logic of one element. Text that can't be read becomes null and a trouble.

    `troubles`, `tables` and `reads` (of which element, which path of data) are those of the whole model, for whoever
    asks whether it may be published. `open`: a model that declares no inputs reads whatever it is given (`loose`).
    """

    types: TypeBook
    members: NameIndex
    home: str = ""
    where: str = ""
    open: bool = False
    troubles: list[Trouble] = field(default_factory=list)
    tables: list[tuple[str, TableParts]] = field(default_factory=list)
    reads: set[tuple[str, str]] = field(default_factory=set)
    loose: set[str] = field(default_factory=set)
    given: Mapping[str, FeelType | None] = field(default_factory=dict)

    def at(self, where: str, home: str, given: Mapping[str, FeelType | None]) -> Boxer:
        """The same for another element, which is given data of these types."""
        return replace(self, where=where, home=home, given=given)

    def compile(self, node: Boxed | None, scope: Scope) -> Eval:
        """The closure of an expression, its declared type included."""
        if node is None:
            return lambda env: env.run.warn("no_logic", self.where)
        code: Eval = _SHAPES[type(node)](self, node, scope)
        kind = self.types.of(node.type_ref, self.home)
        if isinstance(node, FunctionDefinition):
            return code
        return code if kind is None else fitted(code, kind)

    def trouble(self, refusal: DecisionError, text: str) -> Eval:
        self.troubles.append(Trouble(self.where, refusal.code, text[:200], str(refusal)))
        code = refusal.code
        return lambda env: env.run.warn(code)

    def text(self, text: str, scope: Scope) -> Eval:
        """FEEL text as a closure."""
        try:
            node = parse(text, _names_in(scope), self.types, members=self.members)
            self.note(node, text, scope)
            return COMPILER.compile(fold(node), scope)
        except DecisionError as refusal:
            return self.trouble(refusal, text)

    def note(self, node: ast.Node, text: str, scope: Scope) -> None:
        """Keeps which data the text reads; a name that nothing around it has is a trouble."""
        local, given = visible(scope)
        for path in analysis.names_used(node):
            if local is None or "[]" in path or analysis.root_in(path, local | library.NAMES):
                continue
            self.reads.add((self.where, path))
            if analysis.root_in(path, given) is None and self.open:
                self.loose.add(path)
            elif analysis.root_in(path, given) is None:
                sentence = f"“{text[:60]}”用到的“{path}”不是这里的数据，也没有列为依据。"
                self.troubles.append(Trouble(self.where, "unknown_name", path, sentence))

    def literal(self, node: LiteralExpression, scope: Scope) -> Eval:
        if node.language:
            self.troubles.append(Trouble(self.where, "unknown_language", node.language))
            return lambda env: env.run.warn("unknown_language")
        if not node.text:
            return lambda env: env.run.warn("no_logic", self.where)
        return self.text(node.text, scope)

    def invocation(self, node: Invocation, scope: Scope) -> Eval:
        called = self.compile(node.function, scope)
        bindings = [(name, self.compile(value, scope)) for name, value in node.bindings]
        return lambda env: call_value_named(
            env.run, called(env), {name: value(env) for name, value in bindings}
        )

    def context(self, node: BoxedContext, scope: Scope) -> Eval:
        inside = scope.inner()
        entries: list[tuple[str, Eval]] = []
        final: Eval | None = None
        for variable, value in node.entries:
            if variable is None:
                final = self.compile(value, inside)
                continue
            if _is_function(value):
                inside.names.add(variable.name)
            kind = self.types.of(variable.type_ref, self.home)
            code = self.compile(value, inside)
            entries.append((variable.name, code if kind is None else fitted(code, kind)))
            inside.names.add(variable.name)

        def build(env: Env) -> Value:
            built: dict[str, Value] = {}
            inner = Env(built, env, env.run)
            for name, value in entries:
                built[name] = value(inner)
            return built if final is None else final(inner)

        return build

    def list_of(self, node: BoxedList, scope: Scope) -> Eval:
        items = [self.compile(item, scope) for item in node.items]
        return lambda env: [item(env) for item in items]

    def relation(self, node: Relation, scope: Scope) -> Eval:
        rows = [
            [(n, self.compile(c, scope)) for n, c in zip(node.columns, row, strict=False)]
            for row in node.rows
        ]
        return lambda env: [{name: cell(env) for name, cell in row} for row in rows]

    def function(self, node: FunctionDefinition, scope: Scope) -> Eval:
        parameters = tuple(Parameter(p.name, self.types.of(p.type_ref, self.home)) for p in node.parameters)
        if node.kind != "FEEL":
            refused = Function("external", parameters, lambda run, given: run.warn("external_function"))
            return lambda env: refused
        names = tuple(p.name for p in node.parameters)
        body = self.compile(node.body, scope.inner(*names))
        result = self.types.of(node.type_ref, self.home)
        return lambda env: make_function("function", parameters, names, body, env, result)

    def conditional(self, node: Conditional, scope: Scope) -> Eval:
        test, then, otherwise = (self.compile(n, scope) for n in (node.condition, node.then, node.otherwise))

        def choose(env: Env) -> Value:
            value = test(env)
            if value is not None and not isinstance(value, bool):
                return env.run.warn("not_boolean", type_name(value))
            return then(env) if value is True else otherwise(env)

        return choose

    def filter(self, node: BoxedFilter, scope: Scope) -> Eval:
        source, match = self.compile(node.source, scope), self.compile(node.match, scope.filtering())

        def select(env: Env) -> Value:
            value = source(env)
            items = value if isinstance(value, list) else [] if value is None else [value]
            return keep_where(env, items, match, strict=True)

        return select

    def iterator(self, node: BoxedIterator, scope: Scope) -> Eval:
        source = self.compile(node.source, scope)
        name = node.variable
        outer = scope.inner("partial")
        body = self.compile(node.result, outer.inner(name))
        finish = _ITERATORS[node.kind]

        def walk(env: Env) -> Value:
            results: list[Value] = []
            around = Env({"partial": results}, env, env.run)
            try:
                for member in items_of(env.run, source(env)):
                    env.run.pay()
                    results.append(body(Env({name: member}, around, env.run)))
            except NotIterable as problem:
                return env.run.warn("not_iterable", str(problem))
            return finish(env, results)

        return walk

    def table(self, node: DecisionTable, scope: Scope) -> Eval:
        width, height = len(node.inputs), len(node.outputs)
        if not node.outputs or any(len(r.inputs) != width or len(r.outputs) != height for r in node.rules):
            self.troubles.append(Trouble(self.where, "table_shape", node.id, "决策表各行的列数不一致。"))
            return lambda env: env.run.warn("table_shape")
        try:
            parts = self._table_parts(node, scope)
        except DecisionError as refusal:
            return self.trouble(refusal, node.id)
        self.tables.append((self.where, parts))
        return compile_table(parts)

    def _table_parts(self, node: DecisionTable, scope: Scope) -> TableParts:
        inputs = [
            (self.text(i.text, scope), self.types.of(i.type_ref, self.home), self._allowed(i.values, scope))
            for i in node.inputs
        ]
        return TableParts(
            table=node,
            inputs=inputs,
            cells=[[self._cell(text, scope) for text in rule.inputs] for rule in node.rules],
            outputs=[[self._result(text, scope) for text in rule.outputs] for rule in node.rules],
            output_types=[self.types.of(o.type_ref, self.home) for o in node.outputs],
            allowed=[self._allowed(o.values, scope) for o in node.outputs],
            priorities=[self._priorities(o.values, scope) for o in node.outputs],
            defaults=[self.text(o.default, scope) if o.default else None for o in node.outputs],
            allowed_in=[self._cell(i.values, scope)[0] if i.values else None for i in node.inputs],
            reads=[self._reads(i.text, scope) for i in node.inputs],
            declared=[self._declared(i.text, scope) for i in node.inputs],
        )

    def _reads(self, text: str, scope: Scope) -> frozenset[str]:
        return frozenset(analysis.names_used(parse(text, _names_in(scope), self.types, members=self.members)))

    def _declared(self, text: str, scope: Scope) -> FeelType | None:
        """The type of an input that is plain data of the element."""
        node, entries = parse(text, _names_in(scope), self.types, members=self.members), []
        while isinstance(node, ast.Path):
            entries.append(node.name)
            node = node.source
        kind = self.given.get(node.name) if isinstance(node, ast.Name) and scope.kind == "top" else None
        for name in reversed(entries):
            kind = entry_of(kind, name)
        return kind

    def _cell(self, text: str, scope: Scope) -> tuple[ast.Tests, Any]:
        tests = parse_cell(text or "-", _names_in(scope), self.types, self.members)
        self.note(tests, text, scope)
        return tests, COMPILER.cell(tests, scope)

    def _result(self, text: str, scope: Scope) -> Eval:
        return self.text(text, scope) if text not in ("", "-") else lambda env: None

    def _allowed(self, text: str, scope: Scope) -> Any:
        return self._cell(text, scope)[1] if text else None

    def _priorities(self, text: str, scope: Scope) -> list[Eval]:
        if not text:
            return []
        tests = parse_cell(text, _names_in(scope), self.types, self.members).tests
        return [COMPILER.compile(test, scope) for test in tests]


def _names_in(scope: Scope) -> NameIndex:
    """All names visible at a place."""
    names: set[str] = set()
    place: Scope | None = scope
    while place is not None:
        names |= place.names
        place = place.up
    return NameIndex(sorted(names))


def visible(scope: Scope) -> tuple[set[str] | None, set[str]]:
    """Names of the surroundings, None inside a filter (whose items may have any); names of required elements."""
    local: set[str] | None = set()
    place: Scope | None = scope
    given: set[str] = set()
    while place is not None:
        if place.kind == "top":
            given |= place.names
        elif local is not None:
            local = None if place.kind == "filter" else local | place.names
        place = place.up
    return local, given


def _is_function(node: Boxed | None) -> bool:
    if isinstance(node, LiteralExpression):
        return node.text.lstrip().startswith("function")
    return isinstance(node, FunctionDefinition)


def fitted(code: Eval, kind: FeelType) -> Eval:
    """The same value, made to fit a type."""

    def fit(env: Env) -> Value:
        value = code(env)
        return value if value is None else kind.fit(env.run, value)

    return fit


def _quantified(decisive: bool) -> Callable[[Env, list[Value]], Value]:
    def combine(env: Env, results: list[Value]) -> Value:
        unclear = [result for result in results if not isinstance(result, bool)]
        if any(result is not None for result in unclear):
            return env.run.warn("not_boolean", type_name(unclear[0]))
        if any(result is decisive for result in results):
            return decisive
        return None if unclear else not decisive

    return combine


_ITERATORS: dict[str, Callable[[Env, list[Value]], Value]] = {
    "for": lambda env, results: results,
    "some": _quantified(True),
    "every": _quantified(False),
}
_SHAPES: dict[type, Any] = {
    LiteralExpression: Boxer.literal,
    DecisionTable: Boxer.table,
    Invocation: Boxer.invocation,
    BoxedContext: Boxer.context,
    BoxedList: Boxer.list_of,
    Relation: Boxer.relation,
    FunctionDefinition: Boxer.function,
    Conditional: Boxer.conditional,
    BoxedFilter: Boxer.filter,
    BoxedIterator: Boxer.iterator,
}


def entry_names(node: Boxed | None) -> set[str]:
    """Names of entries that boxed contexts, relations and tables of several outputs make."""
    match node:
        case BoxedContext(entries):
            own = {variable.name for variable, _ in entries if variable is not None}
            return own.union(*(entry_names(value) for _, value in entries))
        case FunctionDefinition(_, body):
            return entry_names(body)
        case Relation(columns):
            return set(columns)
        case Invocation(function, bindings):
            return entry_names(function).union(*(entry_names(value) for _, value in bindings))
        case BoxedIterator(_, _, source, result):
            return entry_names(source) | entry_names(result)
        case BoxedFilter(source, match):
            return entry_names(source) | entry_names(match)
        case DecisionTable(_, outputs):
            return {output.name for output in outputs if output.name}
        case _:
            return set()
