"""An input of a sheet as the cell of a table: what it says in words, and what words in a cell come to. Pure."""

import re
from collections.abc import Mapping

from mingqu.catalogue.studio.sheet import Input
from mingqu.kernel import tables

YES, NO = "是", "否"
BETWEEN = re.compile(r"[、,，;；\n]")
QUESTIONS, SAYS, ANSWERS = "；", "＝", "|"


def text_of(one: Input) -> str:
    """As a cell says it."""
    match one.widget:
        case "yes_no":
            return YES if one.value else NO
        case "select":
            return next((o.label for o in one.options if o.value == one.value and o.value), str(one.value))
        case "ticks":
            words = {o.value: o.label for o in one.options}
            return "、".join(words.get(value, value) for value in one.value)
        case "condition" | "waits":
            return QUESTIONS.join(
                f"{question}{SAYS}{ANSWERS.join(picked)}"
                for question, answers in one.questions
                if (picked := [o.label for o in answers if o.value in one.value])
            )
    return str(one.value)


def unchanged(one: Input, cell: str) -> bool:
    """Whether the cell says what is there; of a long text a spreadsheet brings only the beginning back."""
    return cell.strip() == text_of(one).strip()[: tables.CELL + 1].strip()


def sent(one: Input, cell: str) -> list[str]:
    """What a browser would send had it been filled in; words that are offered nowhere come as they are."""
    said = cell.strip()
    match one.widget:
        case "yes_no":
            return ["yes"] if said == YES else [] if said in (NO, "") else [said]
        case "select":
            return [_value({o.label: o.value for o in one.options}, said)]
        case "ticks":
            values = {o.label: o.value for o in one.options}
            return [_value(values, word.strip()) for word in BETWEEN.split(said) if word.strip()]
        case "condition" | "waits":
            return _ticked(one, said)
    return [said]


def _value(values: Mapping[str, str], word: str) -> str:
    return values.get(word, word)


def _ticked(one: Input, said: str) -> list[str]:
    found = []
    for part in filter(None, said.split(QUESTIONS)):
        question, _, answers = part.partition(SAYS)
        offered = {o.label: o.value for words, each in one.questions if words == question for o in each}
        found += [_value(offered, answer) for answer in answers.split(ANSWERS)]
    return found
