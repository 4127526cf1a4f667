"""What is wrong with answers, in sentences that repeat what was written and show a right one."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from mingqu.forms.rules.answers import date_of, get, is_blank, paths
from mingqu.forms.types import FieldError, FormField, FormSchema
from mingqu.kernel.identifiers import CitizenNumber, CreditCode, IdentifierRefused, Phone

SHOWN: Final = 40  # characters of a wrong answer that the sentence repeats


@dataclass(frozen=True)
class Circumstances:
    """What the rules may not find out themselves: the legal day, and whether demo numbers are accepted."""

    today: date
    demo: bool = False


Problem = tuple[str, str]  # code, sentence


def check(
    schema: FormSchema,
    answers: Mapping[str, Any],
    when: Circumstances,
    *,
    only: Collection[str] | None = None,
) -> tuple[FieldError, ...]:
    """
    Every error, in the order in which the pages ask; `only` looks at these paths (one page).

    Codes: unknown_field required wrong_type below_minimum above_maximum too_short too_long wrong_pattern
    not_an_option date_too_early date_too_late, and those of identifiers.
    """
    errors = [
        FieldError(path, problem[0], problem[1], page.number)
        for page in schema.pages
        for path in page.paths
        if only is None or path in only
        if (problem := _problem(schema, schema.fields[path], answers, when))
    ]
    if only is None:
        strange = [path for path in paths(answers) if path not in schema.fields]
        errors += [FieldError(path, "unknown_field", "表里没有这一项。", 0) for path in strange]
    return tuple(errors)


def _problem(
    schema: FormSchema, field: FormField, answers: Mapping[str, Any], when: Circumstances
) -> Problem | None:
    value = get(answers, field.path)
    if is_blank(value) or (field.kind == "confirm" and value is False):
        return ("required", _please(field)) if _is_needed(schema, field, answers) else None
    return _CHECKS[field.kind](field, value, when)


def _is_needed(schema: FormSchema, field: FormField, answers: Mapping[str, Any]) -> bool:
    if not field.required or not field.group:
        return field.required
    inside = (p for p in schema.fields if p.startswith(f"{field.group}."))
    return any(not is_blank(get(answers, path)) for path in inside)


def _please(field: FormField) -> str:
    if field.kind in {"choice", "choices", "yes_no"}:
        return f"请选择{field.title}。"
    if field.kind == "confirm":
        return f"请勾选“{field.title}”。"
    example = field.example or _EXAMPLES.get(field.kind, "")
    return f"请填写{field.title}，例如{example}。" if example else f"请填写{field.title}。"


_EXAMPLES: Final[dict[str, str]] = {
    "date": "2026年11月9日",
    "number": "120或86.5",
    "integer": "12",
    "phone": "19900001234",
    "citizen_number": "11010519491231002X",
    "credit_code": "91350100M000100Y43",
}


def _text(field: FormField, value: Any, when: Circumstances) -> Problem | None:
    if not isinstance(value, str):
        return "wrong_type", f"{field.title}请写文字。{_wrote(value)}"
    if field.min_length is not None and len(value) < field.min_length:
        words = f"{field.title}至少要{field.min_length}个字{_such_as(field)}。{_wrote(value)}"
        return "too_short", words
    if field.max_length is not None and len(value) > field.max_length:
        return "too_long", f"{field.title}最多{field.max_length}个字，您写了{len(value)}个字，请删短一些。"
    if field.pattern and not re.fullmatch(field.pattern, value):
        return "wrong_pattern", f"{field.title}的写法不对{_such_as(field)}。{_wrote(value)}"
    return None


def _number(field: FormField, value: Any, when: Circumstances) -> Problem | None:
    example = field.example or _EXAMPLES[field.kind]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "wrong_type", f"{field.title}请写数字，例如{example}。{_wrote(value)}"
    if field.kind == "integer" and value != int(value):
        return "wrong_type", f"{field.title}请写整数，例如{example}。{_wrote(value)}"
    exact = Decimal(str(value))
    if field.minimum is not None and exact < field.minimum:
        words = f"{field.title}不能小于{field.minimum}{field.unit}，例如{example}。{_wrote(value)}"
        return "below_minimum", words
    if field.maximum is not None and exact > field.maximum:
        words = f"{field.title}不能大于{field.maximum}{field.unit}，例如{example}。{_wrote(value)}"
        return "above_maximum", words
    return None


def _yes_no(field: FormField, value: Any, when: Circumstances) -> Problem | None:
    return None if isinstance(value, bool) else ("wrong_type", _please(field))


def _choice(field: FormField, value: Any, when: Circumstances) -> Problem | None:
    chosen = value if isinstance(value, list) else [value]
    known = {choice.value for choice in field.choices}
    several = field.kind == "choices"
    if several != isinstance(value, list) or not all(isinstance(c, str) and c in known for c in chosen):
        return "not_an_option", f"{field.title}请从列出的选项中选择。"
    if len(set(chosen)) != len(chosen):
        return "not_an_option", f"{field.title}里同一个选项选了两次。"
    if field.kind == "choices" and field.min_length and len(chosen) < field.min_length:
        return "too_short", f"{field.title}至少选{field.min_length}项，您选了{len(chosen)}项。"
    return None


def _date(field: FormField, value: Any, when: Circumstances) -> Problem | None:
    day = date_of(value) if isinstance(value, str) else None
    if day is None:
        return "wrong_type", f"{field.title}没有这一天，请这样写：2026年11月9日。{_wrote(value)}"
    earliest, latest = _bound(field.earliest, when), _bound(field.latest, when)
    if earliest and day < earliest:
        return "date_too_early", f"{field.title}不能早于{_day(earliest)}。您写的是{_day(day)}。"
    if latest and day > latest:
        return "date_too_late", f"{field.title}不能晚于{_day(latest)}。您写的是{_day(day)}。"
    return None


def _identifier(field: FormField, value: Any, when: Circumstances) -> Problem | None:
    if not isinstance(value, str):
        return "wrong_type", f"{field.title}请写文字。{_wrote(value)}"
    try:
        if field.kind == "citizen_number":
            CitizenNumber.parse(value, demo=when.demo, today=when.today)
        elif field.kind == "credit_code":
            CreditCode.parse(value, demo=when.demo)
        else:
            Phone.parse(value, demo=when.demo)
    except IdentifierRefused as refused:
        return refused.code, f"{refused.message}{_wrote(value)}"
    return None


_CHECKS: Final[dict[str, Callable[[FormField, Any, Circumstances], Problem | None]]] = {
    "text": _text,
    "long_text": _text,
    "person_name": _text,
    "firm_name": _text,
    "address": _text,
    "number": _number,
    "integer": _number,
    "yes_no": _yes_no,
    "confirm": _yes_no,
    "choice": _choice,
    "choices": _choice,
    "date": _date,
    "phone": _identifier,
    "citizen_number": _identifier,
    "credit_code": _identifier,
}


def _such_as(field: FormField) -> str:
    return f"，例如{field.example}" if field.example else ""


def _wrote(value: Any) -> str:
    text = str(value)
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    return f"您写的是“{shown}”。"


def _bound(limit: str, when: Circumstances) -> date | None:
    return when.today if limit == "today" else date_of(limit)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
