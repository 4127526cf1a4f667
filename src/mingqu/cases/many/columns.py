"""The columns of a service's table, and what is written in a cell as an answer."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext as _

from mingqu.catalogue.types import Definition, Situation
from mingqu.forms.types import FormField, FormSchema

OWN = "您自己的编号"
EXPLAINED, LINE = "要改正的地方", "原行号"  # of the table of wrong rows; not read again
SEPARATORS = re.compile(r"[、,，;；\n]+")
YES, NO = {"是", "有", "yes", "y", "true", "√", "✓", "同意"}, {"否", "无", "没有", "no", "n", "false", "×"}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00(?::00)?)?")


@dataclass(frozen=True, slots=True)
class Column:
    """`code`: the question, the path of the form, or the material; `own` is the agent's own number of the row."""

    kind: Literal["own", "situation", "field", "material"]
    code: str
    header: str
    required: bool
    how: str


def columns_of(definition: Definition, schema: FormSchema) -> list[Column]:
    """Own number, questions of the situation, the form page by page, materials; no header stands twice."""
    fields = [schema.fields[path] for page in schema.pages for path in page.paths]
    found = [
        Column("own", "own", OWN, False, _("选填，方便您对账，例如门店编号。")),
        *(Column("situation", one.ask, one.text, True, _options(one)) for one in definition.situations),
        *(Column("field", one.path, one.title, one.required and not one.prefill, how(one)) for one in fields),
        *(
            Column("material", one.code, one.name, False, _("写压缩包里的文件名，几个文件用顿号隔开。"))
            for one in definition.materials
        ),
    ]
    seen: dict[str, int] = {}
    unique = []
    for column in found:
        count = seen[column.header] = seen.get(column.header, 0) + 1
        header = column.header if count == 1 else f"{column.header}（{count}）"
        unique.append(Column(column.kind, column.code, header, column.required, column.how))
    return unique


def plain(header: str) -> str:
    """As people type it: without spaces, line breaks and stars."""
    return re.sub(r"[\s*＊]", "", header)


def places(columns: Iterable[Column], headers: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Header of a column → its place in the row; and the headers that are not there."""
    given = {plain(header): place for place, header in reversed(list(enumerate(headers)))}
    found = {one.header: given[plain(one.header)] for one in columns if plain(one.header) in given}
    missing = [one.header for one in columns if one.kind != "own" and one.header not in found]
    return found, missing


def names_of(cell: str) -> list[str]:
    """The file names in a cell, each once."""
    return list(dict.fromkeys(name.strip() for name in SEPARATORS.split(cell) if name.strip()))


def picked(options: Mapping[str, str], cell: str) -> tuple[list[str], str]:
    """
    Values for the options written one after the other; and the word that is none of them. Words of an option may hold
    the very signs that stand between two (热食（现炒、现煮）): the longest option that fits is taken.
    """
    words = {plain(label): value for value, label in options.items()} | {value: value for value in options}
    longest = sorted(words, key=len, reverse=True)
    rest, values = plain(cell), []
    while rest := rest.lstrip("、,，;；"):
        word = next((one for one in longest if rest.startswith(one)), "")
        after = rest[len(word) :]
        if not word or (after and after[0] not in "、,，;；"):
            return [], SEPARATORS.split(rest)[0]
        values.append(words[word])
        rest = after
    return list(dict.fromkeys(values)), ""


def chosen(question: Situation, cell: str) -> tuple[list[str], str]:
    """Values for what was written of a question, in words or as values; and the word that is none of its options."""
    values, unknown = picked(question.options, cell)
    if len(values) > 1 and not question.many:
        return [], cell.strip()
    return values, unknown


def answer(field: FormField, cell: str) -> Any:
    """What the form keeps for what was written; what can't be read stays text, and the check says what is wrong."""
    text = cell.strip()
    if not text:
        return None
    if field.kind in {"yes_no", "confirm"}:
        word = text.lower()
        return True if word in YES else False if word in NO else text
    if field.kind == "date":
        return _day(text)
    if field.kind in {"choice", "choices"}:
        options = {choice.value: choice.label for choice in field.choices}
        values, unknown = picked(options, text)
        if unknown or not values or (len(values) > 1 and field.kind == "choice"):
            return [text] if field.kind == "choices" else text
        return values if field.kind == "choices" else values[0]
    return text


def how(field: FormField) -> str:
    """How to write it, for the page and the second sheet."""
    parts = []
    if field.kind in {"choice", "choices"}:
        words = "、".join(choice.label for choice in field.choices)
        lead = _("可以写几个，用顿号隔开：") if field.kind == "choices" else _("写其中一个：")
        parts.append(f"{lead}{words}")
    elif field.kind in {"yes_no", "confirm"}:
        parts.append(_("写“是”或者“否”。"))
    elif field.kind == "date":
        parts.append(_("写成2026-11-09。"))
    if field.prefill:
        parts.append(_("空着就按您登记的资料填。"))
    if field.example:
        parts.append(_("例如") + field.example)
    if field.unit:
        parts.append(_("单位：") + field.unit)
    return " ".join(parts) or field.hint


def _options(question: Situation) -> str:
    lead = _("可以写几个，用顿号隔开：") if question.many else _("写其中一个：")
    return f"{lead}{'、'.join(question.options.values())}"


def _day(text: str) -> str:
    found = _DAY.fullmatch(text)
    if found is None:
        return text
    try:
        return date(*map(int, found.groups())).isoformat()
    except ValueError:
        return text


def required_headers(columns: Iterable[Column]) -> Mapping[str, str]:
    """Header as it stands in the template: with a star where a cell must be filled."""
    return {one.header: f"{one.header}*" if one.required else one.header for one in columns}
