"""
A condition as a plain Chinese sentence. Only the shapes people write in definitions are said; for any other the answer
is "", never a guess.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from mingqu.decisions import ast

Say = Callable[[str, str, Any], str]  # (vocabulary, name, value) → words; value None: the name itself

COMPARED: Final = {"=": "是", "!=": "不是", "<": "少于", "<=": "不多于", ">": "多于", ">=": "不少于"}
JOINED: Final = {"and": "，并且", "or": "，或者"}


class _NotSaid(Exception):
    """A shape that has no plain sentence."""


def in_words(node: ast.Node, say: Say) -> str:
    """The sentence, or "" where there is none."""
    try:
        return _said(node, say)
    except _NotSaid:
        return ""


def _said(node: ast.Node, say: Say) -> str:
    if isinstance(node, ast.Logic):
        parts = [_said(one, say) for one in node.items]
        mixed = any(isinstance(one, ast.Logic) and one.op != node.op for one in node.items)
        return JOINED[node.op].join(f"（{part}）" for part in parts) if mixed else JOINED[node.op].join(parts)
    if isinstance(node, ast.Binary) and node.op in COMPARED and isinstance(node.right, ast.Literal):
        return _chosen(node.left, COMPARED[node.op], [node.right], say)
    if isinstance(node, ast.In):
        return _chosen(node.value, "是", _literals(node.tests), say)
    if isinstance(node, ast.Quantified) and not node.every and len(node.iterators) == 1:
        return _some(node, say)
    if isinstance(node, ast.Call) and isinstance(node.function, ast.Name) and not node.names:
        return _called(node.function.name, node.arguments, say)
    raise _NotSaid()


def _called(function: str, given: tuple[ast.Node, ...], say: Say) -> str:
    if function == "list contains" and len(given) == 2 and isinstance(given[1], ast.Literal):
        return _chosen(given[0], "选了", [given[1]], say)
    if function == "not" and len(given) == 1:
        return f"不属于这种情形：{_said(given[0], say)}"
    raise _NotSaid()


def _some(node: ast.Quantified, say: Say) -> str:
    """some f in situation.foods satisfies f in ["cold", "raw"]: one of them is chosen."""
    over, condition = node.iterators[0], node.condition
    if isinstance(condition, ast.In):
        about, wanted = condition.value, _literals(condition.tests)
    elif (
        isinstance(condition, ast.Binary) and condition.op == "=" and isinstance(condition.right, ast.Literal)
    ):
        about, wanted = condition.left, [condition.right]
    else:
        raise _NotSaid()
    if not isinstance(about, ast.Name) or about.name != over.name:
        raise _NotSaid()
    return _chosen(over.source, "选了", wanted, say)


def _literals(tests: tuple[ast.Node, ...]) -> list[ast.Literal]:
    found: list[ast.Literal] = []
    for one in tests:
        inside = one.items if isinstance(one, ast.ListOf) else (one,)
        for item in inside:
            if not isinstance(item, ast.Literal):
                raise _NotSaid()
            found.append(item)
    return found


def _chosen(node: ast.Node, how: str, values: list[ast.Literal], say: Say) -> str:
    if not isinstance(node, ast.Path) or not isinstance(node.source, ast.Name) or not values:
        raise _NotSaid()
    vocabulary, name = node.source.name, node.name
    about = say(vocabulary, name, None)
    words = [say(vocabulary, name, one.value) for one in values]
    if not about or not all(words):
        raise _NotSaid()
    return f"{about}{how}{'或者'.join(words)}"
