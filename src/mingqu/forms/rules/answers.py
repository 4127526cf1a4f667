"""Answers as nested values and by path; what people type, brought to the type a question keeps."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from mingqu.forms.types import FormField, FormSchema
from mingqu.kernel.unseen import without_unseen


def get(answers: Mapping[str, Any], path: str) -> Any:
    """The value at a path, None where there is none."""
    value: Any = answers
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def merged(answers: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with the changes (path → value) put in; None takes the answer away."""
    result = _copy(answers)
    for path, value in changes.items():
        *above, last = path.split(".")
        place = result
        for name in above:
            below = place.get(name)
            if not isinstance(below, dict):
                below = place[name] = {}
            place = below
        if value is None:
            place.pop(last, None)
        else:
            place[last] = value
    return result


def paths(answers: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """The path of every answer."""
    for name, value in answers.items():
        path = f"{at}.{name}" if at else str(name)
        if isinstance(value, Mapping):
            yield from paths(value, path)
        else:
            yield path


def is_blank(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def coerce(field: FormField, raw: Any) -> Any:
    """
    What the answers keep for what was typed. A value that can't be read stays text, so that a draft loses
    nothing; `check` then says what is wrong with it. None when nothing was typed.
    """
    if is_blank(raw):
        return None
    if field.kind == "choices":
        return [str(value) for value in raw] if isinstance(raw, list | tuple) else [str(raw)]
    if isinstance(raw, bool | int | float) or not isinstance(raw, str):
        return raw
    text = without_unseen(raw).replace("\r\n", "\n").replace("\r", "").strip()
    if field.kind in {"number", "integer"}:
        return number_of(text) if number_of(text) is not None else text
    if field.kind in {"yes_no", "confirm"}:
        return {"yes": True, "true": True, "on": True, "no": False, "false": False}.get(text.lower(), text)
    return text or None


def number_of(text: str) -> int | float | None:
    """120, 86.5, １２０ or 1,200; None for anything else, or for more digits than are kept exactly."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace("，", "").replace(" ", "")
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,6})?", plain):
        return None
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    if value == value.to_integral_value():
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value.normalize() else None


def date_of(text: str) -> date | None:
    """2026-11-09, as a date; None for anything else, also for days that do not exist."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def prefilled(schema: FormSchema, answers: Mapping[str, Any], profile: Mapping[str, Any]) -> dict[str, Any]:
    """Changes (path → value) that fill unanswered questions from known slots ("applicant.name" → 张伟)."""
    return {
        path: profile[field.prefill]
        for path, field in schema.fields.items()
        if field.prefill and not is_blank(profile.get(field.prefill)) and is_blank(get(answers, path))
    }


def _copy(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _copy(v) if isinstance(v, Mapping) else v for name, v in value.items()}
