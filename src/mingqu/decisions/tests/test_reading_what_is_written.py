"""A tree written as text reads back as the same tree: made-up trees, and every expression of the compatibility kit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from mingqu.decisions import ast
from mingqu.decisions.errors import DecisionError
from mingqu.decisions.expression import parse
from mingqu.decisions.temporal_text import read_at_literal
from mingqu.decisions.tests import tck
from mingqu.decisions.tests.printing import placeless, printed

WORDS = st.sampled_from(["a", "b", "情形", "date of birth", "x1", "item", "partial"])
LITERALS = st.one_of(
    st.decimals(min_value=0, max_value=10**12, places=3),
    st.text(st.characters(codec="utf-8"), max_size=8),
    st.booleans(),
    st.none(),
    st.sampled_from(["2026-11-21", "10:30:00+08:00", "2026-11-21T10:30:00", "P1Y2M", "-PT3H"]).map(
        read_at_literal
    ),
).map(ast.Literal)
TYPES = st.sampled_from(
    [
        ast.TypeRef("number"),
        ast.TypeRef("days and time duration"),
        ast.TypeRef("list", (ast.TypeRef("string"),)),
        ast.TypeRef("context", entries=(("a", ast.TypeRef("Any")), ("b", ast.TypeRef("date")))),
        ast.TypeRef("function", (ast.TypeRef("number"), ast.TypeRef("date")), result=ast.TypeRef("string")),
    ]
)
COMPARED = ["=", "!=", "<", "<=", ">", ">="]


def _grown(inner: st.SearchStrategy[ast.Node]) -> st.SearchStrategy[ast.Node]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    some = st.lists(inner, max_size=3).map(tuple)
    iterators = st.lists(
        st.builds(ast.Iterator, st.sampled_from(["i", "j"]), inner, st.one_of(st.none(), inner)),
        min_size=1,
        max_size=2,
    ).map(tuple)
    tests = st.one_of(inner, st.builds(ast.OpenRange, st.sampled_from(COMPARED), inner))
    name = st.builds(ast.Name, WORDS, st.just(0))
    return st.one_of(
        st.builds(ast.ListOf, some),
        st.lists(st.tuples(st.text("abc 1", min_size=1, max_size=4), inner), max_size=3).map(
            lambda entries: ast.Context(tuple(entries))
        ),
        st.builds(ast.Interval, inner, inner, st.booleans(), st.booleans()),
        st.builds(ast.OpenRange, st.sampled_from(COMPARED), inner),
        st.builds(ast.Logic, st.sampled_from(["and", "or"]), several),
        st.builds(ast.Binary, st.sampled_from([*COMPARED, "+", "-", "*", "/", "**"]), inner, inner),
        inner.filter(lambda node: not isinstance(node, ast.Literal)).map(ast.Negation),
        st.builds(ast.Between, inner, inner, inner),
        st.builds(ast.In, inner, st.lists(tests, min_size=1, max_size=3).map(tuple)),
        st.builds(ast.InstanceOf, inner, TYPES),
        st.builds(ast.Path, inner, WORDS),
        st.builds(ast.Filter, inner, inner),
        st.builds(ast.Call, name, some, st.just(())),
        st.builds(lambda f, a: ast.Call(f, a, ("n", "m", "k")[: len(a)]), name, some),
        st.builds(ast.If, inner, inner, inner),
        st.builds(ast.For, iterators, inner),
        st.builds(ast.Quantified, st.booleans(), iterators, inner),
        st.builds(
            ast.Lambda,
            st.sampled_from([(), (("n", None),), (("n", ast.TypeRef("number")), ("m", None))]),
            inner,
        ),
    )


TREES = st.recursive(st.one_of(LITERALS, st.builds(ast.Name, WORDS, st.just(0))), _grown, max_leaves=8)


@given(TREES)
def test_a_tree_written_as_text_reads_back_as_itself(tree):
    assert placeless(parse(printed(tree))) == placeless(tree)


def names_in(node: ast.Node) -> Iterator[str]:
    """All names, also those after dots."""
    if isinstance(node, ast.Name | ast.Path):
        yield node.name
    for inner in ast.children(node):
        yield from names_in(inner)


def expressions() -> Iterator[str]:
    """Every literal expression of the kit that can be read without knowing the names around it."""
    folder = tck.kit_folder()
    assert folder is not None
    for file in sorted(folder.glob("compliance-level-*/*/*.dmn")):
        for element in ElementTree.parse(file).getroot().iter():
            if str(element.tag).endswith("}literalExpression"):
                yield "".join(inner.text or "" for inner in element if str(inner.tag).endswith("}text"))


@pytest.mark.skipif(tck.kit_folder() is None, reason="the DMN compatibility kit is not here")
def test_every_expression_of_the_kit_reads_back_as_itself():
    read = 0
    for text in expressions():
        try:
            tree = parse(text)
        except DecisionError:
            continue  # the kit has texts that are no expressions, and names known only in their model
        if any(isinstance(one, ast.Lambda) and one.body is None for one in _all(tree)):
            continue  # what an external function calls is not kept
        read += 1
        assert placeless(parse(printed(tree), sorted(set(names_in(tree))))) == placeless(tree), text
    assert read > 2500


def _all(node: ast.Node) -> Iterator[ast.Node]:
    yield node
    for inner in ast.children(node):
        yield from _all(inner)
