"""What was filled in on a sheet, written into the document. Pure."""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from mingqu.catalogue.studio.choices import Choices
from mingqu.catalogue.studio.choosing import NO_STRETCH, Stretch, condition
from mingqu.catalogue.studio.edits import drop, put, value_at
from mingqu.catalogue.studio.fields import NO_DEFAULT, Input, Part, groups, inputs

Json = dict[str, Any]
Values = Callable[[str], list[str] | None]
"""What came for an input, by its path; None: it was not on the page."""

LONGEST = 5_000  # characters of one input
NOT_A_NUMBER = "请写一个整数，例如5。"
NOT_AN_AMOUNT = "请写一个数，最多两位小数，例如5或者1000.50。"
NO_SUCH_POST = "没有这个岗位，请从列表里选。"
NOT_OFFERED = "没有这个选项，请重新选择。"
NO_MEASURE = "先选按申请表里的哪个数分档，再写超过多少、不超过多少。"
STRETCH, LONGEST_NUMBER = 3, 12
AMOUNT = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,2})?")
_AS_IT_IS = "\0"
TOO_LONG = f"最多{LONGEST}个字。"


class _Wrong(Exception):
    """Why what was filled in can't be taken."""


def taken(
    document: Mapping[str, Any], parts: list[Part], choices: Choices, values: Values
) -> tuple[Json, dict[str, str]]:
    """
    (the changed document, why an input was not taken by its path). What is not taken stays as it was; an optional
    group whose first input is empty goes away.
    """
    made: Json = deepcopy(dict(document))
    wrong: dict[str, str] = {}
    for one in inputs(parts):
        came = values(one.path)
        if came is None or one.locked:
            continue
        try:
            _write(made, one, _read(one, came, choices))
        except _Wrong as refused:
            wrong[one.path] = str(refused)
    for group in groups(parts):
        came = values(group.first) if group.optional else None
        if came is not None and not any(map(str.strip, came)) and value_at(made, group.path) is not None:
            drop(made, group.path)
    return made, wrong


def _read(one: Input, came: list[str], choices: Choices) -> Any:
    """What to write; None: nothing."""
    said = came[-1].replace("\r\n", "\n") if came else ""
    if len(said) > LONGEST:
        raise _Wrong(TOO_LONG)
    match one.widget:
        case "yes_no":
            return "yes" in came
        case "number":
            return _number(said.strip())
        case "decimal":
            return _amount(said.strip())
        case "ticks":
            picked = [value for value in came if value]
            if set(picked) - {option.value for option in one.options}:
                raise _Wrong(NOT_OFFERED)
            order = [option.value for option in one.options]
            return _AS_IT_IS if set(picked) == set(one.value) else sorted(picked, key=order.index)
        case "condition":
            return _condition([value for value in came if value], one, choices)
        case "stretch":
            return _stretch(came, one, choices)
        case "waits":
            return _waiting([value for value in came if value], one)
        case "select":
            if said not in {"", *(option.value for option in one.options)}:
                raise _Wrong(NOT_OFFERED)
            return said
        case "post":
            code = choices.post_code(said)
            if code is None and said.strip() != one.value:
                raise _Wrong(NO_SUCH_POST)
            return said.strip() if code is None else code
        case "lines":
            return [line.strip() for line in said.split("\n") if line.strip()]
        case "faq":
            pairs = [line.replace("|", "｜").partition("｜") for line in said.split("\n") if line.strip()]
            return [[question.strip(), answer.strip()] for question, _, answer in pairs]
    return said.strip()


def _number(said: str) -> int | None:
    if not said:
        return None
    if not said.isascii() or not said.lstrip("-").isdigit() or len(said) > 9:
        raise _Wrong(NOT_A_NUMBER)
    return int(said)


def _amount(said: str) -> int | float | None:
    """A whole number stays one, so that 3 and 3.00 are one definition."""
    if not said:
        return None
    if not AMOUNT.fullmatch(said):
        raise _Wrong(NOT_AN_AMOUNT)
    whole, _, cents = said.partition(".")
    return float(said) if cents.strip("0") else int(whole)


def _waiting(picked: list[str], one: Input) -> Any:
    """Of the form: after which answers. One on a question that was moved behind stays until it is changed."""
    offered = [option.value for _, answers in one.questions for option in answers]
    if set(picked) - {*offered, *one.value}:
        raise _Wrong(NOT_OFFERED)
    late = [value for value in one.value if value not in offered]
    after = [value for value in offered if value in picked] + late
    return _AS_IT_IS if set(after) == set(one.value) else after


def _condition(picked: list[str], one: Input, choices: Choices) -> str | None:
    if set(picked) == set(one.value):
        return _AS_IT_IS
    offered = {option.value for _, answers in one.questions for option in answers}
    if set(picked) - offered:
        raise _Wrong(NOT_OFFERED)
    by_question = {
        q.ask: [o.value for o in q.options if f"{q.ask}={o.value}" in picked] for q in choices.asked(one.path)
    }
    return condition(by_question, {q.ask: q.many for q in choices.asked(one.path)})


def _stretch(came: list[str], one: Input, choices: Choices) -> str | None:
    """The ticked answers come first, then the number of the form, over what, up to what."""
    if len(came) < STRETCH:
        raise _Wrong(NOT_OFFERED)
    measure, over, most = (value.strip() for value in came[-STRETCH:])
    if measure not in {option.value for option in one.options}:
        raise _Wrong(NOT_OFFERED)
    if any(end and not (AMOUNT.fullmatch(end) and len(end) <= LONGEST_NUMBER) for end in (over, most)):
        raise _Wrong(NOT_AN_AMOUNT)
    if (over or most) and not measure:
        raise _Wrong(NO_MEASURE)
    stretch = Stretch(measure, over, most) if over or most else NO_STRETCH
    picked = [value for value in came[:-STRETCH] if value]
    if set(picked) == set(one.value) and stretch == one.stretch:
        return _AS_IT_IS
    ticks = _condition(picked, replace(one, value=[]), choices) if picked else ""
    return " and ".join(filter(None, [ticks, stretch.condition]))


def _write(made: Json, one: Input, value: Any) -> None:
    now = value_at(made, one.path)
    if value == _AS_IT_IS or (value == now and type(value) is type(now)):
        return
    if now is None:
        # What says nothing and was not there is not begun: neither a default nor an empty input.
        if value in (None, "", []) or (one.default is not NO_DEFAULT and value == one.default):
            return
        put(made, one.path, value)
    elif value is None:
        drop(made, one.path)
    else:
        put(made, one.path, value)
