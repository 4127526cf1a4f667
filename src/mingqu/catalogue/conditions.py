"""A condition of a definition in words: the question and its answers, the field of the form and its value."""

from typing import Any

from mingqu.catalogue.types import Definition, Handling
from mingqu.decisions import services as decisions
from mingqu.decisions.errors import DecisionError

YES_NO = {True: "是", False: "否"}


def condition_words(one: Handling | Definition, when: str) -> str:
    """The sentence, or "" where there is no condition or no plain sentence for it."""
    if not when:
        return ""
    questions = {question.ask: question for question in one.situations}
    fields = one.form.schema.get("properties", {}) if one.form else {}

    def say(vocabulary: str, name: str, value: Any) -> str:
        if vocabulary == "situation" and (question := questions.get(name)):
            return f"“{question.text}”" if value is None else _quoted(question.options.get(str(value), ""))
        if vocabulary == "form" and (field := fields.get(name)):
            return f"申请表的“{field.get('title', name)}”" if value is None else _value(value, field)
        return ""

    try:
        return decisions.in_words(when, say)
    except DecisionError:  # a draft may hold what can't be read yet: the page shows it as it is
        return ""


def _quoted(words: str) -> str:
    return f"“{words}”" if words else ""


def _value(value: Any, field: dict[str, Any]) -> str:
    if isinstance(value, bool):
        return _quoted(YES_NO[value])
    if isinstance(value, str):
        return _quoted(value)
    return f"{value}{field.get('unit', '')}"
