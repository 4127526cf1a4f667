"""Writes a tree as FEEL text, every operand that is not simple in brackets: the parser's counterpart in tests."""

from __future__ import annotations

from decimal import Decimal

from mingqu.decisions import ast


def printed(node: ast.Node) -> str:
    """Text that the parser reads as this very tree."""
    match node:
        case ast.Literal(value):
            return _literal(value)
        case ast.Name(name):
            return name
        case ast.ListOf(items):
            return f"[{', '.join(map(printed, items))}]"
        case ast.Context(entries):
            return "{" + ", ".join(f"{_literal(key)}: {printed(value)}" for key, value in entries) + "}"
        case ast.Interval(low, high, low_in, high_in):
            return f"{'[' if low_in else '('}{_operand(low)}..{_operand(high)}{']' if high_in else ')'}"
        case ast.OpenRange(op, end):
            return f"({op} {_operand(end)})"
        case ast.Path(source, name):
            return f"{_operand(source)}.{name}"
        case ast.Filter(source, condition):
            return f"{_operand(source)}[{printed(condition)}]"
        case ast.Call(function, arguments, names):
            given = [printed(argument) for argument in arguments]
            if names:
                given = [f"{name}: {text}" for name, text in zip(names, given, strict=True)]
            return f"{_operand(function)}({', '.join(given)})"
        case _:
            return _operation(node)


def _operation(node: ast.Node) -> str:
    match node:
        case ast.Logic(op, items):
            return f" {op} ".join(map(_operand, items))
        case ast.Binary(op, left, right):
            return f"{_operand(left)} {op} {_operand(right)}"
        case ast.Negation(operand):
            return f"-{_operand(operand)}"
        case ast.Between(value, low, high):
            return f"{_operand(value)} between {_operand(low)} and {_operand(high)}"
        case ast.In(value, tests):
            return f"{_operand(value)} in ({', '.join(map(printed, tests))})"
        case ast.InstanceOf(value, kind):
            return f"{_operand(value)} instance of {_type(kind)}"
        case ast.If(condition, then, otherwise):
            return f"if {printed(condition)} then {printed(then)} else {printed(otherwise)}"
        case ast.For(iterators, result):
            return f"for {_iterators(iterators)} return {printed(result)}"
        case ast.Quantified(every, iterators, condition):
            return f"{'every' if every else 'some'} {_iterators(iterators)} satisfies {printed(condition)}"
        case ast.Lambda(parameters, body) if body is not None:
            given = [name if kind is None else f"{name}: {_type(kind)}" for name, kind in parameters]
            return f"function({', '.join(given)}) {printed(body)}"
        case _:
            raise AssertionError(f"no text for {type(node).__name__}")


_SIMPLE = (ast.Name, ast.ListOf, ast.Context, ast.Interval, ast.OpenRange, ast.Path, ast.Filter, ast.Call)


def _operand(node: ast.Node) -> str:
    return printed(node) if isinstance(node, _SIMPLE) else f"({printed(node)})"


def _literal(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, Decimal) else f'@"{value}"'


def _iterators(iterators: tuple[ast.Iterator, ...]) -> str:
    return ", ".join(
        f"{one.name} in {_operand(one.source)}" + ("" if one.end is None else f"..{_operand(one.end)}")
        for one in iterators
    )


def _type(kind: ast.TypeRef) -> str:
    if kind.entries:
        return "context<" + ", ".join(f"{name}: {_type(inner)}" for name, inner in kind.entries) + ">"
    inner = ", ".join(map(_type, kind.arguments))
    if kind.result is not None:
        return f"{kind.name}<{inner}> -> {_type(kind.result)}"
    return f"{kind.name}<{inner}>" if kind.arguments else kind.name


def placeless(node: object) -> object:
    """The tree as plain tuples, without the places names stood at."""
    if isinstance(node, ast.Name):
        return ("Name", node.name)
    if isinstance(node, tuple):
        return tuple(map(placeless, node))
    fields = getattr(type(node), "__slots__", None)
    if fields is None or type(node).__module__ != ast.__name__:
        return (type(node).__name__, node)
    return (type(node).__name__, *(placeless(getattr(node, name)) for name in fields))
