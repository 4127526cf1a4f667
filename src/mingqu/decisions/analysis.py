"""Which names an expression uses, and whether they are known: unknown names refuse publication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mingqu.decisions import ast, library
from mingqu.decisions.compiler_tests import INPUT
from mingqu.decisions.properties import PROPERTIES
from mingqu.decisions.types import Problem

_ALWAYS = frozenset({INPUT, "item", "partial"})


Locals = Mapping[str, "str | None"]
"""Local variables, each with the data it goes through (`m` in `for m in materials`), if that is plain."""


def names_used(node: ast.Node) -> set[str]:
    """
    The dotted paths of data the expression reads, without local variables and called functions.

    `m.code` in a loop over `materials` is `materials.code`. A bare name inside a filter over `materials` is
    `materials[]name`: an entry of the items or a name of the surroundings, as the vocabulary has it.
    """
    found: set[str] = set()
    _collect(node, {}, found)
    return found


def _collect(node: ast.Node, local: Locals, found: set[str]) -> None:
    match node:
        case ast.Name(name):
            _note(name, (), local, found)
        case ast.Path():
            _path(node, local, found)
        case ast.Filter(source, condition):
            _collect(source, local, found)
            inner: set[str] = set()
            base = _plain(source, local)
            _collect(condition, {**local, "item": base}, inner)
            found.update(_filter_names(base, inner))
        case ast.Context(entries):
            for key, value in entries:
                _collect(value, {**local, key: None} if isinstance(value, ast.Lambda) else local, found)
                local = {**local, key: None}
        case ast.For(iterators, result):
            _collect(result, _iterated(iterators, local, found), found)
        case ast.Quantified(_, iterators, condition):
            _collect(condition, _iterated(iterators, local, found), found)
        case ast.Lambda(parameters, body) if body is not None:
            _collect(body, {**local, **{name: None for name, _ in parameters}}, found)
        case ast.Call(ast.Name(name), arguments) if name in library.NAMES:
            for argument in arguments:
                _collect(argument, local, found)
        case _:
            for child in ast.children(node):
                _collect(child, local, found)


def _iterated(iterators: tuple[ast.Iterator, ...], local: Locals, found: set[str]) -> Locals:
    for iterator in iterators:
        _collect(iterator.source, local, found)
        if iterator.end is not None:
            _collect(iterator.end, local, found)
        base = None if iterator.end is not None else _plain(iterator.source, local)
        local = {**local, iterator.name: base}
    return local


def _path(node: ast.Path, local: Locals, found: set[str]) -> None:
    parts = [node.name]
    source: ast.Node = node.source
    while isinstance(source, ast.Path):
        parts.append(source.name)
        source = source.source
    if isinstance(source, ast.Name):
        _note(source.name, tuple(reversed(parts)), local, found)
        return
    _collect(source, local, found)
    base = _plain(source, local) if isinstance(source, ast.Filter) else None
    if base is not None:
        found.add(".".join((base, *reversed(parts))))


def _plain(node: ast.Node, local: Locals) -> str | None:
    """The dotted path of a name, a path of names, or a filter of one; None for anything else."""
    match node:
        case ast.Name(name):
            return local.get(name, None if name in _ALWAYS else name)
        case ast.Path(source, name):
            base = _plain(source, local)
            return None if base is None else f"{base}.{name}"
        case ast.Filter(source):
            return _plain(source, local)
        case _:
            return None


def _filter_names(base: str | None, inner: set[str]) -> set[str]:
    """What a filter's condition reads. Items the expression makes itself have entries that are not data."""
    if base is None:
        return set()
    return {name if name.startswith(f"{base}.") else f"{base}[]{name}" for name in inner}


def _note(first: str, rest: tuple[str, ...], local: Locals, found: set[str]) -> None:
    if first in local:
        base = local[first]
        if base is not None:
            found.add(".".join((base, *rest)))
    elif first not in _ALWAYS:
        found.add(".".join((first, *rest)))


def resolve_filter_name(path: str, vocabulary: frozenset[str]) -> str | None:
    """
    Which vocabulary name a path means; None if none.

    `materials[]name` is `name` inside a filter over `materials`: an entry of its items, or else a name
    of the surroundings. An entry below a name of the vocabulary that lists no entries is accepted.
    """
    base, _, inner = path.partition("[]")
    if not inner:
        return _known(path, vocabulary)
    if "[]" in inner:
        return resolve_filter_name(inner, vocabulary) or resolve_filter_name(f"{base}.{inner}", vocabulary)
    return _known(f"{base}.{inner}", vocabulary) or _known(inner, vocabulary)


_PROPERTIES = frozenset(name for readers in PROPERTIES.values() for name in readers)


def _known(path: str, vocabulary: frozenset[str]) -> str | None:
    if path in vocabulary:
        return path
    head, dot, last = path.rpartition(".")
    if not dot:
        return path if any(name.startswith(path + ".") for name in vocabulary) else None
    if any(name.startswith(path + ".") for name in vocabulary):
        return path
    if head in vocabulary and last in _PROPERTIES:
        return head
    open_end = f"{head}.*"
    while head:
        if open_end in vocabulary:
            return path
        head = head.rpartition(".")[0]
        open_end = f"{head}.*"
    return None


def names_meant(node: ast.Node, vocabulary: Iterable[str]) -> set[str]:
    """The names of the vocabulary the expression reads, and the unknown ones as they stand."""
    known = frozenset(vocabulary)
    return {resolve_filter_name(path, known) or path.replace("[]", ".") for path in names_used(node)}


def root_in(path: str, names: Iterable[str]) -> str | None:
    """The name a dotted path begins with, which may hold dots itself; None if it begins with none of these."""
    return next((name for name in names if path == name or path.startswith(f"{name}.")), None)


def meet(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two sets of dotted paths name the same data, or parts of it."""
    return any(root_in(a, (b,)) or root_in(b, (a,)) for a in one for b in other)


def problems(node: ast.Node, vocabulary: Iterable[str]) -> list[Problem]:
    """Unknown names, sorted. `form.*` in the vocabulary accepts anything below `form`."""
    known = frozenset(vocabulary) | library.NAMES
    unknown = sorted(path for path in names_used(node) if resolve_filter_name(path, known) is None)
    return [
        Problem("unknown_name", path.replace("[]", "."), f"没有名为“{path.replace('[]', '.')}”的数据。")
        for path in unknown
    ]
