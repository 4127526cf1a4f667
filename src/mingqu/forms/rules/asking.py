"""Questions that are only asked after a certain answer to an earlier one: which, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from mingqu.forms.rules.answers import get, merged, paths
from mingqu.forms.rules.words import _
from mingqu.forms.types import FormField, FormSchema
from mingqu.kernel.errors import to_citizens

TRIGGERS: Final = frozenset({"choice", "choices", "yes_no"})
"""Kinds of questions whose answer another question may wait for."""


def is_asked(
    schema: FormSchema, path: str, answers: Mapping[str, Any], together: Collection[str] = ()
) -> bool:
    """
    Whether the question is asked, given the answers. Of a question among `together` (those of one page, still to be
    answered) any answer may come: one that waits for it alone may still be asked.
    """
    for before, values in schema.fields[path].asked_when:
        if not is_asked(schema, before, answers, together):
            return False
        if before not in together and not said(get(answers, before)) & set(values):
            return False
    return True


def asked_only(schema: FormSchema, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers without those to questions that are not asked: what was typed before another answer was changed."""
    gone = [path for path in paths(answers) if path in schema.fields and not is_asked(schema, path, answers)]
    return merged(answers, dict.fromkeys(gone))


def said(value: Any) -> set[str]:
    """An answer as the values a condition names: yes and no, one of a choice, several."""
    if isinstance(value, bool):
        return {"yes" if value else "no"}
    return {str(one) for one in value} if isinstance(value, list) else {str(value)}


def labels_of(field: FormField) -> dict[str, str]:
    """Value → words of the answers a condition may name."""
    if field.kind == "yes_no":
        return {"yes": _("是"), "no": _("否")}
    return {choice.value: choice.label for choice in field.choices}


def asked_words(schema: FormSchema, field: FormField) -> str:
    """When a question is asked, in words; "" for one that always is."""
    parts = []
    for before, values in field.asked_when:
        known = labels_of(schema.fields[before])
        told = _("、").join(known.get(value, value) for value in values)
        parts.append(_("“{title}”选“{answer}”", title=schema.fields[before].title, answer=told))
    return _(ASKED, when=_("，").join(parts)) if parts else ""


ASKED: Final = to_citizens("{when}的才填。")
