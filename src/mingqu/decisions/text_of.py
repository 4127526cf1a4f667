"""How values read as text: `string(…)` (DMN 1.5, table 71) in full, bounded."""

from __future__ import annotations

import json
from decimal import Decimal

from mingqu.decisions.errors import ExpressionTooLong
from mingqu.decisions.types import Range
from mingqu.decisions.values import MAX_STRING, Function, Run, Value


def number_text(number: Decimal) -> str:
    """A number without exponent, without superfluous zeros."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def text_of(run: Run, value: Value, *, inside: bool = False) -> str:
    """The value as text; strings inside lists and contexts are quoted."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False) if inside else value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    run.pay()
    if isinstance(value, list):
        return _bounded(run, "[" + ", ".join(text_of(run, item, inside=True) for item in value) + "]")
    if isinstance(value, dict):
        parts = (f"{_key(key)}: {text_of(run, item, inside=True)}" for key, item in value.items())
        return _bounded(run, "{" + ", ".join(parts) + "}")
    if isinstance(value, Range):
        return _range_text(run, value)
    if isinstance(value, Function):
        return f"function({', '.join(parameter.name for parameter in value.parameters)})"
    return f'@"{value}"' if inside else str(value)


def _key(key: str) -> str:
    return key if key and all(c.isalnum() or c in " _" for c in key) else json.dumps(key, ensure_ascii=False)


def _bounded(run: Run, text: str) -> str:
    if len(text) > MAX_STRING:
        raise ExpressionTooLong(limit=MAX_STRING)
    return run.grown(text)


def _range_text(run: Run, value: Range) -> str:
    if value.op is not None:
        end = value.high if value.op in ("<", "<=") else value.low
        return f"{value.op} {text_of(run, end, inside=True)}"
    low, high = (text_of(run, end, inside=True) for end in (value.low, value.high))
    return f"{'[' if value.low_included else '('}{low}..{high}{']' if value.high_included else ')'}"
