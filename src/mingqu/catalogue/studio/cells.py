"""An input of a sheet as the cell of a table: what it says in words, and what words in a cell come to. Pure."""

import re
from collections.abc import Iterator, Mapping

from mingqu.catalogue.studio.fields import Input, Rows, inputs
from mingqu.kernel import tables

YES, NO = "是", "否"
BETWEEN = re.compile(r"[、,，;；\n]")
QUESTIONS, SAYS, ANSWERS = "；", "＝", "|"
OVER, MOST = "＞", "≤"
STRETCH = re.compile(rf"(?P<measure>[^{OVER}{MOST}]+)(?:{OVER}(?P<over>[^{MOST}]+))?(?:{MOST}(?P<most>.+))?")


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
            return QUESTIONS.join(_answered(one))
        case "stretch":
            return QUESTIONS.join([*_answered(one), *_stretched(one)])
    return str(one.value)


def lines_of(rows: Rows) -> str:
    """A list within a row, a line for each: what it is, then what is said of it: 完成环节；环节＝现场核查."""
    lines = []
    for row in rows.rows:
        first, *others = inputs([*row.main, *row.more])
        said = [f"{one.label}{SAYS}{text}" for one in others if (text := text_of(one)) not in ("", "0")]
        lines.append(QUESTIONS.join([text_of(first), *said]))
    return "\n".join(lines)


def lines_in(cell: str) -> list[str]:
    return [one.strip() for one in cell.split("\n") if one.strip()]


def read_line(line: str) -> tuple[str, dict[str, str]]:
    """What it is, and what is said of it by the words of its inputs."""
    first, *others = line.split(QUESTIONS)
    said = {name.strip(): text.strip() for name, _, text in (one.partition(SAYS) for one in others)}
    return first.strip(), said


def _answered(one: Input) -> Iterator[str]:
    for question, answers in one.questions:
        if picked := [o.label for o in answers if o.value in one.value]:
            yield f"{question}{SAYS}{ANSWERS.join(picked)}"


def _stretched(one: Input) -> Iterator[str]:
    """经营面积＞50≤500: over so much, up to so much of a number of the form."""
    found = one.stretch
    if found.measure:
        words = next(o.label for o in one.options if o.value == found.measure)
        over, most = OVER + found.over if found.over else "", MOST + found.most if found.most else ""
        yield f"{words}{over}{most}"


def same(text: str, cell: str) -> bool:
    """Whether the cell says what is there; of a long text a spreadsheet brings only the beginning back."""
    return cell.strip() == text.strip()[: tables.CELL + 1].strip()


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
        case "stretch":
            return _by_stretch(one, said)
    return [said]


def _by_stretch(one: Input, said: str) -> list[str]:
    """Ticked answers, then the number of the form, over what, up to what."""
    parts = [part for part in said.split(QUESTIONS) if part]
    stretches = [part for part in parts if SAYS not in part]
    ticks = _ticked(one, QUESTIONS.join(part for part in parts if SAYS in part))
    found = STRETCH.fullmatch(stretches[0]) if len(stretches) == 1 else None
    if found is None:
        return [*ticks, *(stretches or [""]), "", ""]  # words that are offered nowhere
    measure = _value({o.label: o.value for o in one.options}, found["measure"].strip())
    return [*ticks, measure, (found["over"] or "").strip(), (found["most"] or "").strip()]


def _value(values: Mapping[str, str], word: str) -> str:
    return values.get(word, word)


def _ticked(one: Input, said: str) -> list[str]:
    found = []
    for part in filter(None, said.split(QUESTIONS)):
        question, _, answers = part.partition(SAYS)
        offered = {o.label: o.value for words, each in one.questions if words == question for o in each}
        found += [_value(offered, answer) for answer in answers.split(ANSWERS)]
    return found
