"""What is wrong with answers, in sentences that repeat what was written and show a right one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import regex

from mingqu.forms.rules.answers import date_of, get, is_blank, paths
from mingqu.forms.rules.asking import is_asked
from mingqu.forms.rules.words import _, day_words
from mingqu.forms.types import FieldError, FormField, FormSchema
from mingqu.kernel.errors import spoken, to_citizens
from mingqu.kernel.identifiers import CitizenNumber, CreditCode, IdentifierRefused, Phone

SHOWN: Final = 40  # characters of a wrong answer that the sentence repeats
PATTERN_SECONDS: Final = 0.2  # a pattern of a definition has for one answer


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
    Every error, in the order in which the pages ask; none of a question that is not asked. `only` looks at these
    paths (one page).

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
        errors += [FieldError(path, "unknown_field", _("表里没有这一项。"), 0) for path in strange]
    return tuple(errors)


def _problem(
    schema: FormSchema, field: FormField, answers: Mapping[str, Any], when: Circumstances
) -> Problem | None:
    if field.asked_when and not is_asked(schema, field.path, answers):
        return None
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
        return _("请选择{title}。", title=field.title)
    if field.kind == "confirm":
        return _("请勾选“{title}”。", title=field.title)
    example = field.example or _EXAMPLES.get(field.kind, "")
    if not example:
        return _("请填写{title}。", title=field.title)
    return _("请填写{title}，例如{example}。", title=field.title, example=spoken(example))


_EXAMPLES: Final[dict[str, str]] = {
    "date": to_citizens("2026年11月9日"),
    "number": to_citizens("120或86.5"),
    "integer": "12",
    "phone": "19900001234",
    "citizen_number": "11010519491231002X",
    "credit_code": "91990104MA0000998C",
}


def _text(field: FormField, value: Any, when: Circumstances) -> Problem | None:
    if not isinstance(value, str):
        return "wrong_type", _("{title}请写文字。", title=field.title) + _wrote(value)
    if field.min_length is not None and len(value) < field.min_length:
        words = _such_as(
            field,
            to_citizens("{title}至少要{least}个字。"),
            to_citizens("{title}至少要{least}个字，例如{example}。"),
        )
        return "too_short", words + _wrote(value)
    if field.max_length is not None and len(value) > field.max_length:
        words = to_citizens("{title}最多{most}个字，您写了{written}个字，请删短一些。")
        return "too_long", _(words, title=field.title, most=field.max_length, written=len(value))
    if field.pattern and not _fits(field.pattern, value):
        return "wrong_pattern", _such_as(
            field, to_citizens("{title}的写法不对。"), to_citizens("{title}的写法不对，例如{example}。")
        ) + _wrote(value)
    return None


def _fits(pattern: str, value: str) -> bool:
    """A pattern that has found nothing in its time finds nothing: one of a definition must not hold the house up."""
    try:
        return regex.fullmatch(pattern, value, timeout=PATTERN_SECONDS) is not None
    except TimeoutError:
        return False


def _number(field: FormField, value: Any, when: Circumstances) -> Problem | None:
    example = spoken(field.example or _EXAMPLES[field.kind])
    told = {"title": field.title, "example": example, "unit": field.unit}
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "wrong_type", _("{title}请写数字，例如{example}。", **told) + _wrote(value)
    if field.kind == "integer" and value != int(value):
        return "wrong_type", _("{title}请写整数，例如{example}。", **told) + _wrote(value)
    exact = Decimal(str(value))
    if field.minimum is not None and exact < field.minimum:
        words = _("{title}不能小于{least}{unit}，例如{example}。", least=field.minimum, **told)
        return "below_minimum", words + _wrote(value)
    if field.maximum is not None and exact > field.maximum:
        words = _("{title}不能大于{most}{unit}，例如{example}。", most=field.maximum, **told)
        return "above_maximum", words + _wrote(value)
    return None


def _yes_no(field: FormField, value: Any, when: Circumstances) -> Problem | None:
    return None if isinstance(value, bool) else ("wrong_type", _please(field))


def _choice(field: FormField, value: Any, when: Circumstances) -> Problem | None:
    chosen = value if isinstance(value, list) else [value]
    known = {choice.value for choice in field.choices}
    several = field.kind == "choices"
    if several != isinstance(value, list) or not all(isinstance(c, str) and c in known for c in chosen):
        return "not_an_option", _("{title}请从列出的选项中选择。", title=field.title)
    if len(set(chosen)) != len(chosen):
        return "not_an_option", _("{title}里同一个选项选了两次。", title=field.title)
    if field.kind == "choices" and field.min_length and len(chosen) < field.min_length:
        words = to_citizens("{title}至少选{least}项，您选了{chosen}项。")
        return "too_short", _(words, title=field.title, least=field.min_length, chosen=len(chosen))
    return None


def _date(field: FormField, value: Any, when: Circumstances) -> Problem | None:
    day = date_of(value) if isinstance(value, str) else None
    if day is None:
        words = _("{title}没有这一天，请这样写：2026年11月9日。", title=field.title)
        return "wrong_type", words + _wrote(value)
    earliest, latest = _bound(field.earliest, when), _bound(field.latest, when)
    if earliest and day < earliest:
        words = to_citizens("{title}不能早于{earliest}。您写的是{day}。")
        told = {"title": field.title, "earliest": day_words(earliest), "day": day_words(day)}
        return "date_too_early", _(words, **told)
    if latest and day > latest:
        words = to_citizens("{title}不能晚于{latest}。您写的是{day}。")
        return "date_too_late", _(words, title=field.title, latest=day_words(latest), day=day_words(day))
    return None


def _identifier(field: FormField, value: Any, when: Circumstances) -> Problem | None:
    if not isinstance(value, str):
        return "wrong_type", _("{title}请写文字。", title=field.title) + _wrote(value)
    try:
        if field.kind == "citizen_number":
            CitizenNumber.parse(value, demo=when.demo, today=when.today)
        elif field.kind == "credit_code":
            CreditCode.parse(value, demo=when.demo)
        else:
            Phone.parse(value, demo=when.demo)
    except IdentifierRefused as refused:
        return refused.code, refused.message + _wrote(value)
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


def _such_as(field: FormField, plain: str, with_example: str) -> str:
    words = with_example if field.example else plain
    return _(words, title=field.title, least=field.min_length, example=field.example)


def _wrote(value: Any) -> str:
    text = str(value)
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    return _("您写的是“{shown}”。", shown=shown)


def _bound(limit: str, when: Circumstances) -> date | None:
    return when.today if limit == "today" else date_of(limit)
