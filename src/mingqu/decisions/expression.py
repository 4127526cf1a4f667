"""One compiled expression, how it is evaluated within its limits, and the caches by text."""

from __future__ import annotations

import decimal
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

from mingqu.decisions import ast, library
from mingqu.decisions.compiler_forms import FullCompiler
from mingqu.decisions.compiler_tests import Test
from mingqu.decisions.convert import to_feel, to_python
from mingqu.decisions.errors import ExpressionTooDeep
from mingqu.decisions.feel_types import FeelType
from mingqu.decisions.fold import fold
from mingqu.decisions.naming import NameIndex, index_of
from mingqu.decisions.parser_forms import TYPE_NAMES, Parser
from mingqu.decisions.scope import Scope
from mingqu.decisions.types import Limits, Outcome
from mingqu.decisions.values import DEFAULT_LIMITS, MAX_CALLS, NUMBERS, Env, Eval, Run, Value

COMPILER: Final = FullCompiler()
_BUILT_IN_NAMES: Final = NameIndex(library.NAMES)
_BUILT_IN_TYPES: Final = NameIndex(TYPE_NAMES)
_WORD: Final = re.compile(r"[^\W\d]\w*\Z")


@dataclass(frozen=True, slots=True)
class Compiled:
    """
    An expression ready to be evaluated any number of times. Immutable; made by `compile_expression`.

    `reads` are all names in it, so that only these are converted from what the caller gives.
    """

    text: str
    node: ast.Node
    run: Eval
    reads: frozenset[str]


Names: TypeAlias = "Iterable[str] | NameIndex"


def parse(
    text: str,
    names: Names = (),
    types: Iterable[str] = (),
    *,
    tests: bool = False,
    members: NameIndex | None = None,
) -> ast.Node:
    """
    The text as a tree: `names` in scope, `members` that may follow a dot (by default the same).

    Raises ExpressionInvalid, ExpressionTooLong, ExpressionTooDeep, TooManySteps.
    """
    parser = Parser(text, index_of(names), _BUILT_IN_NAMES, _type_index(types), members)
    try:
        return parser.unary_tests() if tests else parser.whole()
    except RecursionError:
        raise ExpressionTooDeep(limit=MAX_CALLS) from None


def _type_index(types: Iterable[str]) -> NameIndex:
    return _BUILT_IN_TYPES if not types else NameIndex((*TYPE_NAMES, *types))


def parse_type(text: str, types: Iterable[str]) -> ast.TypeRef:
    """A type as written, like `list<number>`. ExpressionInvalid."""
    parser = Parser(text, NameIndex(), _BUILT_IN_NAMES, _type_index(types))
    node = parser.type_ref()
    parser.finish()
    return node


def compile_text(text: str, names: Names = (), types: Mapping[str, FeelType] | None = None) -> Compiled:
    """Parses and compiles, without cache."""
    node = parse(text, names, types or ())
    try:
        code = COMPILER.compile(fold(node), Scope("top", types=types or {}))
        return Compiled(text, node, code, frozenset(_names_in(node)))
    except RecursionError:
        raise ExpressionTooDeep(limit=MAX_CALLS) from None


def _names_in(node: ast.Node) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.name
    for inner in ast.children(node):
        yield from _names_in(inner)


@lru_cache(maxsize=4096)
def compiled(text: str, names: frozenset[str] = frozenset()) -> Compiled:
    """The compiled expression, from the cache where the same text was compiled before."""
    return compile_text(text, sorted(names))


def parse_cell(
    text: str, names: Names, types: Mapping[str, FeelType], members: NameIndex | None = None
) -> ast.Tests:
    """A table's cell, constants worked out."""
    node = fold(parse(text, names, types, tests=True, members=members))
    assert isinstance(node, ast.Tests)
    return node


def compile_cell(text: str, names: Names, types: Mapping[str, FeelType]) -> tuple[ast.Tests, Test]:
    """A table's cell as tests of one input."""
    node = parse_cell(text, names, types)
    return node, COMPILER.cell(node, Scope("top", types=types))


def awkward_names(names: Mapping[str, Any], *, nested: bool) -> frozenset[str]:
    """Names the parser must know beforehand: those with signs or keywords in them, also inside contexts."""
    found = {name for name in names if not _WORD.match(name)}
    if nested:
        waiting: list[Any] = [value for value in names.values() if isinstance(value, dict | list)]
        for _ in range(2000):
            if not waiting:
                break
            value = waiting.pop()
            if isinstance(value, dict):
                found.update(name for name in value if not _WORD.match(str(name)))
                waiting.extend(v for v in value.values() if isinstance(v, dict | list))
            else:
                waiting.extend(v for v in value[:20] if isinstance(v, dict | list))
    return frozenset(found)


def has_signs(text: str) -> bool:
    """Whether the text may hold a name with signs or keywords in it."""
    return _SIGNS.search(text) is not None


_SIGNS: Final = re.compile(r"[-+*/']|\b(?:and|or|in|between|instance|then|else|return|satisfies)\b")


def evaluate_run(code: Eval, names: Mapping[str, Value], limits: Limits, now: Value) -> tuple[Value, Run]:
    """Evaluates within limits, names already being FEEL values."""
    run = Run(limits, now)
    with decimal.localcontext(NUMBERS):
        try:
            return code(Env(names, None, run)), run
        except RecursionError:
            raise ExpressionTooDeep(limit=limits.calls) from None


def evaluate_outcome(
    expression: Compiled, names: Mapping[str, Any], limits: Limits = DEFAULT_LIMITS, now: Any = None
) -> Outcome:
    """Python values in, a Python value and the warnings out."""
    given = {name: to_feel(names[name]) for name in expression.reads if name in names}
    value, run = evaluate_run(expression.run, given, limits, to_feel(now))
    return Outcome(to_python(run, value), tuple(run.warnings))
