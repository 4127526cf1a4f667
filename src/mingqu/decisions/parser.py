"""
The FEEL parser: text and the names in scope to `ast` (DMN 1.5, 10.3.1.2, grammar rules 1 to 66).

Recursive descent with two places of backtracking (`in (…)` and the closing `[` of an interval), whose
work is bounded. Textual forms (if, for, some, every, function) live in `parser_forms`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

from mingqu.decisions import ast
from mingqu.decisions.errors import ExpressionInvalid, ExpressionTooDeep, TooManySteps
from mingqu.decisions.lexer import Token, tokens
from mingqu.decisions.naming import NameIndex, canonical
from mingqu.decisions.temporal_text import read_at_literal
from mingqu.decisions.values import NUMBERS

MAX_DEPTH: Final = 40
MAX_TREE: Final = 150
# A name can't run across these words; they join or end expressions.
STOPS: Final = frozenset({"and", "or", "in", "between", "instance", "then", "else", "return", "satisfies"})
COMPARATORS: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
TEST_OPERATORS: Final = frozenset({"<", "<=", ">", ">=", "=", "!="})
_NAME_SIGNS: Final = frozenset("+-*/'.")
CONSTANTS: Final = {"true": True, "false": False, "null": None}


class BaseParser:
    """The token stream, scopes and limits; and names."""

    def __init__(
        self,
        text: str,
        names: NameIndex,
        built_in: NameIndex,
        types: NameIndex,
        members: NameIndex | None = None,
    ) -> None:
        self.text = text
        self.stream: list[Token] = tokens(text)
        self.at = 0
        self.depth = 0
        self.work = 50 * len(self.stream) + 2000
        self.scopes = [built_in, names]
        self.shared_members = names if members is None else members
        self.members = NameIndex()
        self.types = types
        self.no_filter = False

    @property
    def token(self) -> Token:
        return self.stream[self.at]

    def fail(self, reason: str) -> ExpressionInvalid:
        return ExpressionInvalid(position=self.token.start, reason=reason)

    def is_op(self, text: str, ahead: int = 0) -> bool:
        token = self.stream[min(self.at + ahead, len(self.stream) - 1)]
        return token.kind == "op" and token.text == text

    def is_word(self, text: str, ahead: int = 0) -> bool:
        token = self.stream[min(self.at + ahead, len(self.stream) - 1)]
        return token.kind == "name" and token.text == text

    def take_op(self, text: str) -> bool:
        if self.is_op(text):
            self.at += 1
            return True
        return False

    def take_word(self, text: str) -> bool:
        if self.is_word(text):
            self.at += 1
            return True
        return False

    def need_op(self, text: str) -> None:
        if not self.take_op(text):
            raise self.fail(f"这里应当是“{text}”")

    def need_word(self, text: str) -> None:
        if not self.take_word(text):
            raise self.fail(f"这里应当是“{text}”")

    def deeper(self) -> None:
        self.depth += 1
        self.work -= 1
        if self.depth > MAX_DEPTH:
            raise ExpressionTooDeep(limit=MAX_DEPTH)
        if self.work < 0:
            raise TooManySteps(limit=50 * len(self.stream) + 2000)

    def name(self, *, member: bool = False) -> str:
        """A name of one or more tokens: the longest known one, or the words standing side by side."""
        start = self.at
        if self.token.kind != "name":
            raise self.fail("这里应当是名称")
        end = self.at + 1
        while self._goes_on(end):
            end += 1
        best, found = end - start, canonical([token.text for token in self.stream[start:end]])
        outer = (self.shared_members,) if member else (*self.scopes, self.shared_members)
        for scope in (*outer, self.members):
            known = scope.longest(self.stream, start)
            if known and known[0] > best and self._may_take(known, scope):
                best, found = known
        self.at = start + best
        return found

    def _may_take(self, known: tuple[int, str], scope: NameIndex) -> bool:
        """`date and time` and its like are names only before a bracket: `date` and `time` may be data."""
        return scope is not self.scopes[0] or "and" not in known[1].split() or self.is_op("(", known[0])

    def _goes_on(self, index: int) -> bool:
        token = self.stream[index]
        if token.kind == "number":
            return token.text.isdigit()
        return token.kind == "name" and token.text not in STOPS

    def _in_name(self, index: int) -> bool:
        """Whether the token may stand inside a key, which a sign of another kind ends."""
        token = self.stream[index]
        return token.kind in ("name", "number") or (token.kind == "op" and token.text in _NAME_SIGNS)

    def key(self) -> str:
        """A context key, parameter or iterator: a string, or all tokens up to the sign that ends it."""
        if self.token.kind == "string":
            self.at += 1
            return self.stream[self.at - 1].text
        start = self.at
        if self.token.kind != "name":
            raise self.fail("这里应当是名称")
        while self._in_name(self.at):
            self.at += 1
        return canonical([token.text for token in self.stream[start : self.at]])

    def expression(self) -> ast.Node:
        raise NotImplementedError

    def scoped(self, names: Iterable[str], inner: Callable[[], ast.Node]) -> ast.Node:
        """Parses `inner` with more names in scope."""
        self.scopes.append(NameIndex(names))
        try:
            return inner()
        finally:
            self.scopes.pop()


class OperatorParser(BaseParser):
    """Operators by precedence: or, and, comparison, + -, * /, **, unary minus, instance of, postfix."""

    def expression(self) -> ast.Node:
        self.deeper()
        kept, self.no_filter = self.no_filter, False
        node = self.disjunction()
        self.no_filter = kept
        self.depth -= 1
        return node

    def disjunction(self) -> ast.Node:
        items = [self.conjunction()]
        while self.take_word("or"):
            items.append(self.conjunction())
        return items[0] if len(items) == 1 else ast.Logic("or", tuple(items))

    def conjunction(self) -> ast.Node:
        items = [self.comparison()]
        while self.take_word("and"):
            items.append(self.comparison())
        return items[0] if len(items) == 1 else ast.Logic("and", tuple(items))

    def comparison(self) -> ast.Node:
        node = self.additive()
        while True:
            token = self.token
            if token.kind == "op" and token.text in COMPARATORS:
                self.at += 1
                node = ast.Binary(token.text, node, self.additive())
            elif self.take_word("between"):
                low = self.additive()
                self.need_word("and")
                node = ast.Between(node, low, self.additive())
            elif self.take_word("in"):
                node = ast.In(node, self.tests_after_in())
            else:
                return node

    def tests_after_in(self) -> tuple[ast.Node, ...]:
        """`in (a, b)` is several tests; `in (a + b) * 2` and `in (1..5)` are one."""
        start = self.at
        if self.take_op("("):
            depth = self.depth
            try:
                tests = self.positive_tests()
                self.need_op(")")
            except ExpressionInvalid:
                self.depth = depth
            else:
                ends = self.token.kind in ("end", "name") or self.token.text in ",)]}=!=<>"
                if ends:
                    return tests
            self.at = start
        return (self.positive_test(),)

    def positive_tests(self) -> tuple[ast.Node, ...]:
        tests = [self.positive_test(whole=True)]
        while self.take_op(","):
            tests.append(self.positive_test(whole=True))
        return tuple(tests)

    def positive_test(self, *, whole: bool = False) -> ast.Node:
        """`< 10`, `[1..5]`, or any expression (a whole one in a list of tests, an operand after `in`)."""
        if self.token.kind == "op" and self.token.text in TEST_OPERATORS:
            op = self.token.text
            self.at += 1
            return ast.OpenRange(op, self.additive())
        return self.expression() if whole else self.additive()

    def additive(self) -> ast.Node:
        node = self.multiplicative()
        while self.token.kind == "op" and self.token.text in ("+", "-"):
            op = self.token.text
            self.at += 1
            node = ast.Binary(op, node, self.multiplicative())
        return node

    def multiplicative(self) -> ast.Node:
        node = self.power()
        while self.token.kind == "op" and self.token.text in ("*", "/"):
            op = self.token.text
            self.at += 1
            node = ast.Binary(op, node, self.power())
        return node

    def power(self) -> ast.Node:
        node = self.unary()
        while self.take_op("**"):
            node = ast.Binary("**", node, self.unary())
        return node

    def unary(self) -> ast.Node:
        signs = 0
        while self.is_op("-") and self.stream[self.at + 1].kind != "number":
            self.at += 1
            signs += 1
        node = self.instance_of()
        for _ in range(signs):
            if isinstance(node, ast.Literal) and isinstance(node.value, Decimal):
                node = ast.Literal(-node.value)
            else:
                node = ast.Negation(node)
        return node

    def instance_of(self) -> ast.Node:
        node = self.postfix()
        while self.is_word("instance") and self.is_word("of", 1):
            self.at += 2
            node = ast.InstanceOf(node, self.type_ref())
        return node

    def postfix(self) -> ast.Node:
        self.deeper()
        node = self.primary()
        while True:
            if self.take_op("."):
                node = ast.Path(node, self.name(member=True))
            elif self.is_op("[") and not self.no_filter:
                self.at += 1
                condition = self.expression()
                self.need_op("]")
                node = ast.Filter(node, condition)
            elif self.take_op("("):
                node = self.arguments(node)
            else:
                self.depth -= 1
                return node

    def arguments(self, function: ast.Node) -> ast.Node:
        values: list[ast.Node] = []
        names: list[str] = []
        if not self.take_op(")"):
            while True:
                if self._is_named_argument():
                    names.append(self.key())
                    self.need_op(":")
                values.append(self.expression())
                if not self.take_op(","):
                    break
            self.need_op(")")
        if names and len(names) != len(values):
            raise self.fail("参数要么都带名称，要么都不带")
        return ast.Call(function, tuple(values), tuple(names))

    def _is_named_argument(self) -> bool:
        index = self.at
        if self.stream[index].kind not in ("name", "string"):
            return False
        index += 1
        if self.stream[index - 1].kind == "name":
            while self._in_name(index):
                index += 1
        return self.stream[index].kind == "op" and self.stream[index].text == ":"

    def primary(self) -> ast.Node:
        raise NotImplementedError

    def type_ref(self) -> ast.TypeRef:
        raise NotImplementedError


def number_of(text: str) -> Decimal:
    """A number as written, rounded to 34 digits."""
    return NUMBERS.create_decimal(text)


def at_literal(token: Token) -> ast.Node:
    """The value of `@"…"`; text of no known form is null (DMN 1.5, grammar rule 66)."""
    return ast.Literal(read_at_literal(token.text))
