"""The FEEL parser's operands: literals, lists, intervals, contexts, if, for, some, every, functions, types."""

from __future__ import annotations

import decimal
from collections.abc import Iterable
from typing import Final

from mingqu.decisions import ast
from mingqu.decisions.errors import ExpressionInvalid, ExpressionTooDeep
from mingqu.decisions.naming import NameIndex, canonical
from mingqu.decisions.parser import (
    CONSTANTS,
    MAX_TREE,
    TEST_OPERATORS,
    OperatorParser,
    at_literal,
    number_of,
)

TYPE_NAMES: Final = (
    "date and time",
    "years and months duration",
    "year month duration",
    "days and time duration",
    "day time duration",
)


class Parser(OperatorParser):
    """All of FEEL."""

    def primary(self) -> ast.Node:
        token = self.token
        if token.kind == "number" or (self.is_op("-") and self.stream[self.at + 1].kind == "number"):
            return self.number()
        if token.kind == "string":
            self.at += 1
            return ast.Literal(token.text)
        if token.kind == "at":
            self.at += 1
            return at_literal(token)
        if token.kind == "name":
            return self.word()
        if token.kind == "op":
            match token.text:
                case "(":
                    return self.bracket()
                case "[":
                    return self.square()
                case "]":
                    self.at += 1
                    low = self.expression()
                    self.need_op("..")
                    return self.interval(low, included=False)
                case "{":
                    return self.context()
        raise self.fail("这里缺少内容" if token.kind == "end" else f"这里不应出现“{token.text}”")

    def number(self) -> ast.Node:
        """A number with its sign, which belongs to it (grammar rule 37): `-1 instance of number` asks of -1."""
        position, sign = self.token.start, "-" if self.take_op("-") else ""
        text = self.token.text
        self.at += 1
        try:
            return ast.Literal(number_of(sign + text))
        except decimal.DecimalException:
            raise ExpressionInvalid(position=position, reason="数字超出范围") from None

    def word(self) -> ast.Node:
        word = self.token.text
        if word == "if":
            return self.condition()
        if word == "for":
            return self.loop()
        if word in ("some", "every") and self.stream[self.at + 1].kind == "name":
            return self.quantified()
        if word == "function" and self.is_op("(", 1):
            return self.function()
        if word in CONSTANTS and not self._goes_on(self.at + 1):
            self.at += 1
            return ast.Literal(CONSTANTS[word])
        position = self.token.start
        return ast.Name(self.name(), position)

    def bracket(self) -> ast.Node:
        """`(e)`, `(a..b)` or `(< 10)`."""
        self.need_op("(")
        if self.token.kind == "op" and self.token.text in TEST_OPERATORS:
            op = self.token.text
            self.at += 1
            end = self.additive()
            self.need_op(")")
            return ast.OpenRange(op, end)
        node = self.expression()
        if self.take_op(".."):
            return self.interval(node, included=False)
        self.need_op(")")
        return node

    def square(self) -> ast.Node:
        """`[]`, `[a, b]` or `[a..b]`."""
        self.need_op("[")
        if self.take_op("]"):
            return ast.ListOf(())
        items = [self.positive_test(whole=True)]
        if self.take_op(".."):
            return self.interval(items[0], included=True)
        while self.take_op(","):
            items.append(self.positive_test(whole=True))
        self.need_op("]")
        return ast.ListOf(tuple(items))

    def interval(self, low: ast.Node, *, included: bool) -> ast.Node:
        """The rest of an interval. A closing `[` looks like a filter, so that reading is tried first."""
        start, depth = self.at, self.depth
        try:
            high = self.expression()
            if self.take_op("]"):
                return ast.Interval(low, high, included, True)
            if self.take_op(")"):
                return ast.Interval(low, high, included, False)
        except ExpressionInvalid:
            self.depth = depth
        self.at = start
        self.no_filter = True
        high = self.additive()
        self.no_filter = False
        self.need_op("[")
        return ast.Interval(low, high, included, False)

    def context(self) -> ast.Node:
        self.need_op("{")
        entries: list[tuple[str, ast.Node]] = []
        self.scopes.append(NameIndex())
        try:
            while not self.take_op("}"):
                key = self.key()
                self.need_op(":")
                entries.append((key, self.expression()))
                self.scopes[-1].add(key)
                self.members.add(key)
                if not self.take_op(","):
                    self.need_op("}")
                    break
        finally:
            self.scopes.pop()
        return ast.Context(tuple(entries))

    def condition(self) -> ast.Node:
        self.need_word("if")
        condition = self.expression()
        self.need_word("then")
        then = self.expression()
        self.need_word("else")
        return ast.If(condition, then, self.expression())

    def iterators(self) -> tuple[ast.Iterator, ...]:
        """`x in xs, y in 1..3`; leaves one scope pushed, with their names."""
        self.scopes.append(NameIndex(("partial",)))
        found: list[ast.Iterator] = []
        while True:
            name = self.iterator_name()
            self.need_word("in")
            source = self.expression()
            end = self.expression() if self.take_op("..") else None
            found.append(ast.Iterator(name, source, end))
            self.scopes[-1].add(name)
            if not self.take_op(","):
                return tuple(found)

    def iterator_name(self) -> str:
        start = self.at
        if self.token.kind != "name":
            raise self.fail("这里应当是名称")
        while not self.is_word("in"):
            if not self._in_name(self.at):
                raise self.fail("这里应当是“in”")
            self.at += 1
        return canonical([token.text for token in self.stream[start : self.at]])

    def loop(self) -> ast.Node:
        self.need_word("for")
        iterators = self.iterators()
        self.need_word("return")
        result = self.expression()
        self.scopes.pop()
        return ast.For(iterators, result)

    def quantified(self) -> ast.Node:
        every = self.token.text == "every"
        self.at += 1
        iterators = self.iterators()
        self.need_word("satisfies")
        condition = self.expression()
        self.scopes.pop()
        return ast.Quantified(every, iterators, condition)

    def function(self) -> ast.Node:
        self.at += 1
        self.need_op("(")
        parameters: list[tuple[str, ast.TypeRef | None]] = []
        if not self.take_op(")"):
            while True:
                name = self.key()
                parameters.append((name, self.type_ref() if self.take_op(":") else None))
                if not self.take_op(","):
                    break
            self.need_op(")")
        if self.take_word("external"):
            self.expression()  # read for its form only: nothing outside is ever called
            return ast.Lambda(tuple(parameters), None)
        body = self.scoped([name for name, _ in parameters], self.expression)
        return ast.Lambda(tuple(parameters), body)

    def type_ref(self) -> ast.TypeRef:
        self.deeper()
        name = self.type_name()
        if name == "context" and self.take_op("<"):
            entries: list[tuple[str, ast.TypeRef]] = []
            while not self.take_op(">"):
                key = self.key()
                self.need_op(":")
                entries.append((key, self.type_ref()))
                if not self.take_op(","):
                    self.need_op(">")
                    break
            node = ast.TypeRef(name, entries=tuple(entries))
        elif name == "function" and self.take_op("<"):
            parameters = self.type_arguments()
            self.need_op("->")
            node = ast.TypeRef(name, parameters, result=self.type_ref())
        elif name in ("list", "range") and self.take_op("<"):
            node = ast.TypeRef(name, self.type_arguments())
        else:
            node = ast.TypeRef(name)
        self.depth -= 1
        return node

    def type_arguments(self) -> tuple[ast.TypeRef, ...]:
        arguments: list[ast.TypeRef] = []
        while not self.take_op(">"):
            arguments.append(self.type_ref())
            if not self.take_op(","):
                self.need_op(">")
                break
        return tuple(arguments)

    def type_name(self) -> str:
        known = self.types.longest(self.stream, self.at)
        if known:
            self.at += known[0]
            return known[1]
        name = self.name(member=True)
        while self.take_op("."):
            name += "." + self.name(member=True)
        return name

    def whole(self) -> ast.Node:
        """The text as one expression."""
        node = self.expression()
        self.finish()
        return check_depth(node)

    def unary_tests(self) -> ast.Tests:
        """The text as a table cell's tests (grammar rules 13 to 17)."""
        if self.is_op("-") and self.stream[self.at + 1].kind == "end":
            return ast.Tests((), anything=True)
        if self.is_word("not") and self.is_op("(", 1):
            start = self.at
            self.at += 2
            try:
                tests = self.positive_tests()
                self.need_op(")")
                self.finish()
            except ExpressionInvalid:
                self.at = start
                self.depth = 0
            else:
                return _checked(ast.Tests(tests, negated=True))
        tests = self.positive_tests()
        self.finish()
        return _checked(ast.Tests(tests))

    def finish(self) -> None:
        if self.token.kind != "end":
            raise self.fail(f"这里不应出现“{self.token.text}”")


def _checked(tests: ast.Tests) -> ast.Tests:
    check_depth(tests)
    return tests


def check_depth(node: ast.Node) -> ast.Node:
    """The same node. ExpressionTooDeep if the tree is deeper than an evaluation may go."""
    level: Iterable[ast.Node] = (node,)
    for _ in range(MAX_TREE):
        level = [child for parent in level for child in ast.children(parent)]
        if not level:
            return node
    raise ExpressionTooDeep(limit=MAX_TREE)
