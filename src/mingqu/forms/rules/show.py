"""Answers as lines of a summary, masked by their grade."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mingqu.forms.rules.answers import date_of, get, is_blank
from mingqu.forms.rules.asking import is_asked
from mingqu.forms.rules.words import _, day_words
from mingqu.forms.types import AnswerRow, FormField, FormSchema
from mingqu.kernel.errors import spoken, to_citizens
from mingqu.kernel.masking import mask_address, mask_credit_code, mask_name, mask_number, mask_phone

UNANSWERED = to_citizens("未填写")
_MASKS = {
    "person_name": mask_name,
    "firm_name": mask_name,
    "address": mask_address,
    "phone": mask_phone,
    "citizen_number": mask_number,
    "credit_code": mask_credit_code,
}


def rows(schema: FormSchema, answers: Mapping[str, Any], *, reveal: bool) -> tuple[AnswerRow, ...]:
    """
    One line per question that is asked, in the order of the pages. `reveal=False` masks what is graded L3 or L4, as
    staff pages show it until someone asks; the person's own summary reveals.
    """
    lines = []
    for page in schema.pages:
        for field in schema.fields_of(page):
            if not is_asked(schema, field.path, answers):
                continue
            value = get(answers, field.path)
            text = words(field, value)
            hide = field.is_personal and not reveal and not is_blank(value)
            shown = _mask(field, text) if hide else text
            lines.append(AnswerRow(field.path, field.title, shown, shown != text, page.number))
    return tuple(lines)


OTHERS = frozenset({"person_name", "citizen_number", "phone"})  # kinds of answers that name somebody


def own_rows(schema: FormSchema, answers: Mapping[str, Any], own: Iterable[str]) -> tuple[AnswerRow, ...]:
    """
    A filled-in form as its owner may take it away: names, numbers and telephones that are not among her `own` are
    masked, all else is what she typed.
    """
    mine = {text for text in own if text}
    masked = {row.path: row for row in rows(schema, answers, reveal=False)}
    shown = rows(schema, answers, reveal=True)
    return tuple(
        masked[row.path] if schema.fields[row.path].kind in OTHERS and row.text not in mine else row
        for row in shown
    )


def words(field: FormField, value: Any) -> str:
    """One answer as a person reads it: 86.5平方米, 是, 2026年11月9日, 热食、冷食."""
    if is_blank(value):
        return spoken(UNANSWERED)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if field.kind in {"choice", "choices"}:
        labels = {choice.value: choice.label for choice in field.choices}
        chosen = value if isinstance(value, list) else [value]
        return _("、").join(labels.get(str(c), str(c)) for c in chosen)
    if field.kind == "date" and (day := date_of(str(value))):
        return day_words(day)
    return f"{value}{field.unit}" if isinstance(value, int | float) else str(value)


def _mask(field: FormField, text: str) -> str:
    mask = _MASKS.get(field.kind)
    return mask(text) if mask else "*" * min(len(text), 8)
