"""
A condition of a definition in words: the question and its answers, the field of the form and its value, what
自动判定 or a step came to.
"""

from typing import Any

from mingqu.catalogue.types import Definition, Handling
from mingqu.decisions import services as decisions
from mingqu.decisions.errors import DecisionError

YES_NO = {True: "是", False: "否"}
STEP_OUTCOMES = {"met": "符合", "not_met": "不符合"}


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
        return _came_to(one, name, value) if vocabulary == "outcome" else ""

    try:
        return decisions.in_words(when, say)
    except DecisionError:  # a draft may hold what can't be read yet: the page shows it as it is
        return ""


def _came_to(one: Handling | Definition, name: str, value: Any) -> str:
    if route := next((route for route in one.routes if route.code == name), None):
        result = route.result(str(value))
        return f"自动判定“{route.name}”" if value is None else _quoted(result.label if result else "")
    if step := next((step for step in one.steps if step.id == name), None):
        return f"“{step.name}”的结果" if value is None else _quoted(STEP_OUTCOMES.get(str(value), ""))
    return ""


def _quoted(words: str) -> str:
    return f"“{words}”" if words else ""


def _value(value: Any, field: dict[str, Any]) -> str:
    if isinstance(value, bool):
        return _quoted(YES_NO[value])
    if isinstance(value, str):
        return _quoted(value)
    return f"{value}{field.get('unit', '')}"
