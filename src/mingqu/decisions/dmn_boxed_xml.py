"""Reads the boxed expressions of a DMN file (DMN 1.5, chapters 7, 8 and 10.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from mingqu.decisions.dmn_model import (
    Boxed,
    BoxedContext,
    BoxedFilter,
    BoxedIterator,
    BoxedList,
    Conditional,
    DecisionTable,
    FunctionDefinition,
    InputClause,
    Invocation,
    LiteralExpression,
    OutputClause,
    Relation,
    Rule,
    Variable,
)
from mingqu.decisions.errors import ModelInvalid

_POLICIES = {
    "UNIQUE": "U",
    "FIRST": "F",
    "PRIORITY": "P",
    "ANY": "A",
    "COLLECT": "C",
    "RULE ORDER": "R",
    "OUTPUT ORDER": "O",
}
_AGGREGATORS = {"SUM": "+", "COUNT": "#", "MIN": "<", "MAX": ">", "": ""}


def local(element: Element) -> str:
    """The element's name without namespace; empty for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element, name: str) -> Iterator[Element]:
    """Direct children of that name."""
    return (inner for inner in element if local(inner) == name)


def child(element: Element | None, name: str) -> Element | None:
    """The first direct child of that name."""
    return None if element is None else next(children(element, name), None)


class Reader:
    """Boxed expressions by their XML names."""

    def __init__(self, space: str) -> None:
        self.space = space
        self.readers: dict[str, Callable[[Element], Boxed]] = {
            "literalExpression": self.literal,
            "decisionTable": self.table,
            "invocation": self.invocation,
            "context": self.context,
            "list": self.list_of,
            "relation": self.relation,
            "functionDefinition": self.function,
            "conditional": self.conditional,
            "filter": self.filter,
            "for": self.iterator,
            "some": self.iterator,
            "every": self.iterator,
        }

    def all(self, element: Element, name: str) -> list[Element]:
        """Direct children of that name in the DMN namespace."""
        return [inner for inner in element if inner.tag == f"{{{self.space}}}{name}"]

    @staticmethod
    def text(element: Element | None) -> str:
        return "" if element is None else "".join(element.itertext()).strip()

    def inner_text(self, element: Element | None) -> str:
        """The text of the `text` element inside."""
        return self.text(child(element, "text"))

    def logic_of(self, element: Element | None) -> Boxed | None:
        """The expression that is a direct child, if any."""
        if element is None:
            return None
        for inner in element:
            reader = self.readers.get(local(inner))
            if reader is not None and inner.tag.startswith(f"{{{self.space}}}"):
                return reader(inner)
        return None

    def literal(self, element: Element) -> LiteralExpression:
        language = element.get("expressionLanguage", "")
        return LiteralExpression(
            self.inner_text(element),
            element.get("typeRef", ""),
            "" if not language or "feel" in language.lower() else language,
            element.get("id", ""),
        )

    def table(self, element: Element) -> DecisionTable:
        policy, aggregation = element.get("hitPolicy", "UNIQUE"), element.get("aggregation", "")
        if policy not in _POLICIES or aggregation not in _AGGREGATORS:
            raise ModelInvalid(reason=f"不认识的命中策略 {policy} {aggregation}")
        notes = [e.get("name", "") for e in children(element, "annotation")]
        return DecisionTable(
            inputs=tuple(self.input_clause(e) for e in children(element, "input")),
            outputs=tuple(self.output_clause(e) for e in children(element, "output")),
            rules=tuple(self.rule(e, notes) for e in children(element, "rule")),
            policy=_POLICIES[policy],
            aggregator=_AGGREGATORS[aggregation] if policy == "COLLECT" else "",
            type_ref=element.get("typeRef", ""),
            id=element.get("id", ""),
        )

    def input_clause(self, element: Element) -> InputClause:
        expression = child(element, "inputExpression")
        return InputClause(
            text=self.inner_text(expression),
            type_ref="" if expression is None else expression.get("typeRef", ""),
            values=self.inner_text(child(element, "inputValues")),
            label=element.get("label", ""),
        )

    def output_clause(self, element: Element) -> OutputClause:
        return OutputClause(
            name=element.get("name", ""),
            type_ref=element.get("typeRef", ""),
            values=self.inner_text(child(element, "outputValues")),
            default=self.inner_text(child(element, "defaultOutputEntry")),
            label=element.get("label", ""),
        )

    def rule(self, element: Element, notes: list[str]) -> Rule:
        written = [self.inner_text(e) for e in children(element, "annotationEntry")]
        description = self.text(child(element, "description"))
        return Rule(
            id=element.get("id", ""),
            inputs=tuple(self.inner_text(e) for e in children(element, "inputEntry")),
            outputs=tuple(self.inner_text(e) for e in children(element, "outputEntry")),
            notes=tuple(zip(notes, written, strict=False)) + ((("", description),) if description else ()),
        )

    def invocation(self, element: Element) -> Invocation:
        function = self.logic_of(element)
        if function is None:
            raise ModelInvalid(reason="调用没有写明调用什么")
        bindings = []
        for binding in children(element, "binding"):
            parameter = child(binding, "parameter")
            name = "" if parameter is None else parameter.get("name", "")
            bindings.append((name, self.logic_of(binding)))
        return Invocation(function, tuple(bindings), element.get("typeRef", ""))

    def variable(self, element: Element | None) -> Variable | None:
        return None if element is None else Variable(element.get("name", ""), element.get("typeRef", ""))

    def context(self, element: Element) -> BoxedContext:
        entries = tuple(
            (self.variable(child(entry, "variable")), self.logic_of(entry))
            for entry in children(element, "contextEntry")
        )
        return BoxedContext(entries, element.get("typeRef", ""))

    def list_of(self, element: Element) -> BoxedList:
        return BoxedList(tuple(self._items(element)), element.get("typeRef", ""))

    def _items(self, element: Element) -> Iterator[Boxed]:
        for inner in element:
            reader = self.readers.get(local(inner))
            if reader is not None and inner.tag.startswith(f"{{{self.space}}}"):
                yield reader(inner)

    def relation(self, element: Element) -> Relation:
        return Relation(
            tuple(e.get("name", "") for e in children(element, "column")),
            tuple(tuple(self._items(row)) for row in children(element, "row")),
            element.get("typeRef", ""),
        )

    def function(self, element: Element) -> FunctionDefinition:
        parameters = tuple(
            Variable(e.get("name", ""), e.get("typeRef", "")) for e in children(element, "formalParameter")
        )
        return FunctionDefinition(
            parameters, self.logic_of(element), element.get("kind", "FEEL"), element.get("typeRef", "")
        )

    def conditional(self, element: Element) -> Conditional:
        condition, then, otherwise = (self.logic_of(child(element, name)) for name in ("if", "then", "else"))
        return Conditional(condition, then, otherwise, element.get("typeRef", ""))

    def filter(self, element: Element) -> BoxedFilter:
        source, match = (self.logic_of(child(element, name)) for name in ("in", "match"))
        return BoxedFilter(source, match, element.get("typeRef", ""))

    def iterator(self, element: Element) -> BoxedIterator:
        kind = local(element)
        return BoxedIterator(
            kind,
            element.get("iteratorVariable", ""),
            self.logic_of(child(element, "in")),
            self.logic_of(child(element, "return" if kind == "for" else "satisfies")),
            element.get("typeRef", ""),
        )
