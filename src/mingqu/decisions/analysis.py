"""Which names an expression uses, and whether they are known: unknown names refuse publication."""

from __future__ import annotations

from collections.abc import Iterable

from mingqu.decisions import ast, library
from mingqu.decisions.compiler_tests import INPUT
from mingqu.decisions.properties import PROPERTIES
from mingqu.decisions.types import Problem

_ALWAYS = frozenset({INPUT, "item", "partial"})


def names_used(node: ast.Node) -> set[str]:
    """
    The dotted paths of data the expression reads, without local variables and built-in functions.

    Inside a filter a bare name may be an entry of the filtered items; it is given only if no path
    leads to it, i.e. as it stands: `check` decides by the vocabulary.
    """
    found: set[str] = set()
    _collect(node, frozenset(), found)
    return found


def _collect(node: ast.Node, local: frozenset[str], found: set[str]) -> None:
    match node:
        case ast.Name(name):
            _note(name, name, local, found)
        case ast.Path():
            _path(node, local, found)
        case ast.Filter(source, condition):
            _collect(source, local, found)
            inner: set[str] = set()
            _collect(condition, local, inner)
            found.update(_filter_names(source, inner, local))
        case ast.Context(entries):
            for key, value in entries:
                _collect(value, local | {key} if isinstance(value, ast.Lambda) else local, found)
                local = local | {key}
        case ast.For(iterators, result):
            _collect(result, _iterated(iterators, local, found), found)
        case ast.Quantified(_, iterators, condition):
            _collect(condition, _iterated(iterators, local, found), found)
        case ast.Lambda(parameters, body) if body is not None:
            _collect(body, local | {name for name, _ in parameters}, found)
        case ast.Call(ast.Name(name), arguments) if name in library.NAMES:
            for argument in arguments:
                _collect(argument, local, found)
        case _:
            for child in ast.children(node):
                _collect(child, local, found)


def _iterated(iterators: tuple[ast.Iterator, ...], local: frozenset[str], found: set[str]) -> frozenset[str]:
    for iterator in iterators:
        _collect(iterator.source, local, found)
        if iterator.end is not None:
            _collect(iterator.end, local, found)
        local = local | {iterator.name}
    return local


def _path(node: ast.Path, local: frozenset[str], found: set[str]) -> None:
    parts = [node.name]
    source: ast.Node = node.source
    while isinstance(source, ast.Path):
        parts.append(source.name)
        source = source.source
    if isinstance(source, ast.Name):
        _note(source.name, ".".join((source.name, *reversed(parts))), local, found)
    elif isinstance(source, ast.Filter) and (base := _plain(source)):
        _collect(source, local, found)
        _note(base.split(".")[0], ".".join((base, *reversed(parts))), local, found)
    else:
        _collect(source, local, found)


def _plain(node: ast.Node) -> str | None:
    """The dotted path of a name, a path of names, or a filter of one."""
    match node:
        case ast.Name(name):
            return name
        case ast.Path(source, name):
            base = _plain(source)
            return None if base is None else f"{base}.{name}"
        case ast.Filter(source):
            return _plain(source)
        case _:
            return None


def _filter_names(source: ast.Node, inner: set[str], local: frozenset[str]) -> set[str]:
    base = _plain(source)
    if base is None:
        # The items are made by the expression itself: their entries are not data.
        return set()
    if base.split(".")[0] in local:
        return set()
    return {f"{base}[]{name}" for name in inner}


def _note(first: str, path: str, local: frozenset[str], found: set[str]) -> None:
    if first not in local and first not in _ALWAYS and path not in library.NAMES:
        found.add(path)


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


def problems(node: ast.Node, vocabulary: Iterable[str]) -> list[Problem]:
    """Unknown names, sorted. `form.*` in the vocabulary accepts anything below `form`."""
    known = frozenset(vocabulary)
    unknown = sorted(path for path in names_used(node) if resolve_filter_name(path, known) is None)
    return [
        Problem("unknown_name", path.replace("[]", "."), f"没有名为“{path.replace('[]', '.')}”的数据。")
        for path in unknown
    ]
