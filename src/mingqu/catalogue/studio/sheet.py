"""
A part of a definition as a sheet to fill in: inputs, groups and rows, made from the dataclasses of the format. Pure.

A field the format gains is on the sheet without more; here stands only what the types can't know: what is asked first,
what a person never types (codes), and where one chooses instead of typing.
"""

import dataclasses
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from mingqu.catalogue import places
from mingqu.catalogue.labels import LABELS
from mingqu.catalogue.studio.asking import may_wait_for
from mingqu.catalogue.studio.choices import Choices, Option
from mingqu.catalogue.studio.choosing import stretched
from mingqu.catalogue.studio.edits import value_at
from mingqu.catalogue.studio.fields import (
    NO_DEFAULT,
    Group,
    Input,
    Part,
    Row,
    Rows,
    all_rows,
    inputs,
    name_of,
)
from mingqu.catalogue.studio.hints import HINTS

# Never typed here: codes people do not see, files, what has an editor of its own.
HIDDEN = {
    "Asked": {"name", "rest"},
    "Item": {"code", "organ", "region_code"},
    "Step": {"id"},
    "Material": {"code", "form"},
    "Situation": {"ask"},
    "Choice": {"value"},
    "Commitment": {"code"},
    "Checklist": {"code"},
    "CheckPoint": {"code"},
    "CertificateField": {"code"},
    "Given": {"form"},
    "Route": {"table"},
}
# What is seen at once; the rest stands behind “更多”.
FIRST = {
    "Asked": ("title", "kind", "required", "hint", "options", "asked_when"),
    "Step": ("name", "post", "limit", "kind", "parallel", "standard"),
    "Material": ("name", "explain", "key", "optional", "source", "when"),
    "Situation": ("text", "hint", "choices"),
    "Commitment": ("title", "told", "promised"),
    "Scenario": ("name", "given", "do", "expect"),
}
LONG = {
    "summary", "explain", "standard", "because", "advice", "told", "consequence", "control", "quantity", "not_public",
}  # fmt: skip
WHAT = {
    "Step": "环节", "Material": "材料", "Situation": "问题", "Choice": "选项", "Stop": "不能办的情形", "LawRef": "依据",
    "NotNeeded": "不需要的", "Window": "窗口", "Commitment": "承诺书", "Checklist": "核查表", "CheckPoint": "核查项",
    "CertificateField": "内容", "Fee": "收费项目", "Scenario": "场景", "Deed": "动作", "Asked": "问题",
    "AskedPage": "页", "DiscretionRule": "档次", "Discretion": "裁量", "Route": "自动判定", "RouteResult": "结果",
}  # fmt: skip
ASKED = {
    "Asking": {"pages": "页和问题"},
    "AskedPage": {"title": "这一页的标题", "hint": "说明", "questions": "问题"},
    "Asked": {
        "title": "问题", "kind": "怎样回答", "required": "必填", "hint": "提示",
        "options": "选项（选择题才填），一行一个",
        "unit": "单位",
        "longest": "最多几个字", "prefill": "自动带入", "asked_when": "什么时候才填",
    },
}  # fmt: skip


class Sheet:
    """The parts of one object of a document, with what may be chosen there."""

    def __init__(self, document: Mapping[str, Any], choices: Choices) -> None:
        self.document, self.choices = document, choices

    def parts(self, kind: Any, path: str, only: tuple[str, ...] | None = None) -> list[Part]:
        """The parts of the object of this kind at the path; "" is the document."""
        hints = typing.get_type_hints(kind)
        hidden = HIDDEN.get(kind.__name__, set())
        made: list[Part] = []
        for one in dataclasses.fields(kind):
            if one.name in hidden if only is None else one.name not in only:
                continue
            if one.name == "confirmed_by" and not path.startswith("basis["):
                continue  # only what the item itself rests on is confirmed by somebody
            made += self._part(kind, one, hints[one.name], f"{path}.{one.name}".lstrip("."))
        return made if only is None else sorted(made, key=lambda part: only.index(name_of(part.path, path)))

    def _part(self, kind: Any, one: Any, hint: Any, path: str) -> Iterator[Part]:
        label = {**LABELS, **ASKED}.get(kind.__name__, {}).get(one.name, one.name)
        inner, many = places.inner(hint), typing.get_origin(hint) is list
        if (kind.__name__, one.name) == ("Given", "situation"):
            yield from self._answers(path)
        elif inner is not None and many:
            yield self._rows(inner, path, label)
        elif inner is not None:
            optional = _optional(hint)
            parts = self.parts(inner, path)
            yield Group(
                path,
                label,
                parts,
                optional,
                _first_input(parts) if optional else "",
                FIRST.get(inner.__name__),
            )
        else:
            yield self._input(kind, one, hint, path, label)

    def _rows(self, kind: Any, path: str, label: str) -> Rows:
        what = WHAT.get(kind.__name__, label)
        found = value_at(self.document, path)
        rows = []
        for number, element in enumerate(found if isinstance(found, list) else ()):
            if not isinstance(element, Mapping):
                continue  # a document of a file may hold anything; the source shows it
            here = f"{path}[{number}]"
            parts = self.parts(kind, here)
            names = FIRST.get(kind.__name__)
            main = [p for p in parts if names is None or name_of(p.path, here) in names]
            main.sort(key=lambda p: names.index(name_of(p.path, here)) if names else 0)
            rows.append(
                Row(here, _title(element, what, number), main, [p for p in parts if p not in main], number)
            )
        if rows:
            rows[-1].last = True
        return Rows(path, label, what, rows)

    def _answers(self, path: str) -> Iterator[Input]:
        """The answers of an example, a choice for each question."""
        for question in self.choices.questions:
            here = f"{path}.{question.ask}"
            value = value_at(self.document, here)
            options = [Option("", "没有回答"), *question.options]
            if question.many:
                given = [str(v) for v in value] if isinstance(value, list) else []
                yield Input(here, question.text, "ticks", given, question.options, default=[])
            else:
                yield Input(here, question.text, "select", _text(value), _with(options, value), default="")

    def _input(self, kind: Any, one: Any, hint: Any, path: str, label: str) -> Input:
        value = value_at(self.document, path)
        default = NO_DEFAULT if one.default is dataclasses.MISSING else one.default
        if one.default_factory is not dataclasses.MISSING:
            default = one.default_factory()
        shown = default if value is None and default is not NO_DEFAULT else value
        made = Input(
            path, label, "text", shown, hint=HINTS.get((kind.__name__, one.name), ""), default=default
        )
        offered = self.choices.of(kind.__name__, one.name, one.metadata, path)
        if kind.__name__ == "DiscretionRule" and one.name == "when":
            return self._stretch(made)
        if one.name == "when":
            return self._condition(made)
        if one.name == "asked_when":
            return self._waiting(made)
        if one.name in ("post", "responsible_post"):
            made.widget, made.value = "post", self.choices.post_words(_text(shown))
        elif typing.get_origin(hint) is list:
            self._of_list(made, offered, shown)
        elif hint is bool:
            made.widget, made.value = "yes_no", shown is True
        elif offered is not None:
            blank = [] if any(not o.value for o in offered) else [Option("", "请选择")]
            made.widget, made.value = "select", _text(shown)
            made.options = _with([*(blank if not shown else []), *offered], shown)
        elif hint is int:
            made.widget, made.value = "number", _text(shown)
        elif hint is float:
            made.widget, made.value = "decimal", _text(shown)
        else:
            made.widget, made.value = "long" if one.name in LONG else "text", _text(shown)
        return made

    def _of_list(self, made: Input, offered: list[Option] | None, shown: Any) -> None:
        given = shown if isinstance(shown, list) else []
        if made.path.endswith(".faq"):
            pairs = ["｜".join(map(str, pair)) if isinstance(pair, list) else str(pair) for pair in given]
            made.widget, made.value = "faq", "\n".join(pairs)
        elif offered is not None:
            made.widget, made.value = "ticks", [str(one) for one in given]
            known = {option.value for option in offered}
            made.options = offered + [Option(one, one) for one in made.value if one not in known]
        else:
            made.widget, made.value = "lines", "\n".join(map(str, given))

    def _condition(self, made: Input) -> Input:
        made.words = self.choices.condition_words(_text(made.value), made.path)
        ticked = self.choices.ticked(_text(made.value), made.path)
        if ticked is not None and self.choices.questions:
            made.widget, made.value = "condition", ticked
            made.questions = self.choices.answers_by_question(made.path)
        else:
            made.widget, made.value = "text", _text(made.value)
            made.hint = made.words or ("" if self.choices.questions else "先写情形问题，才能按情形选择")
        return made

    def _stretch(self, made: Input) -> Input:
        """When a row applies: ticked answers, and a stretch of a number of the form; an expression stays what it is."""
        found = stretched(_text(made.value))
        ticked = self.choices.ticked(found[0]) if found else None
        measures = self.choices.measures()
        known = {option.value for option in measures}
        if found is None or ticked is None or found[1].measure not in known:
            made.widget, made.value, made.hint = "text", _text(made.value), "用表达式写的条件"
            return made
        made.widget, made.value, made.stretch = "stretch", ticked, found[1]
        made.options, made.questions = measures, self.choices.answers_by_question()
        made.hint = "按情形选，或者按申请表里的一个数分档，也可以两样都用"
        return made

    def _waiting(self, made: Input) -> Input:
        """After which answers a question of the form is asked: to be ticked among the choices before it."""
        before = may_wait_for(value_at(self.document, "pages"), made.path)
        made.widget, made.value = "waits", made.value if isinstance(made.value, list) else []
        made.questions = [
            (words, [Option(f"{path}={value}", label) for value, label in offered])
            for path, words, offered in before
        ]
        ticked = [
            f"“{words}”选“{'、'.join(said)}”"
            for words, offered in made.questions
            if (said := [one.label for one in offered if one.value in made.value])
        ]
        known = {one.value for _words, offered in made.questions for one in offered}
        late = "" if set(made.value) <= known else "有一个条件的问题排在它后面了，请上移那个问题，或者改条件"
        made.words = late or ("，".join(ticked) + "的才填" if ticked else "都要填")
        made.hint = "" if made.questions else "前面有单选、多选或者“是或者否”的问题，才能按回答选择"
        return made


# What the drawing of a flow says of a step, where there is one.
DRAWN = {"name", "post", "limit", "people", "when", "parallel", "sign", "signers", "votes"}


def locked(parts: list[Part], base: str) -> list[Part]:
    """The step table of a 业务办理项 whose flow an expert drew: what the drawing decides can only be read here."""
    tops = (f"{base}.steps", f"{base}.decide")
    for one in inputs(parts):
        one.locked = one.path.startswith(tops) and one.path.rpartition(".")[2] in DRAWN
    for rows in all_rows(parts):
        rows.fixed = rows.path == tops[0]
    return parts


def _optional(hint: Any) -> bool:
    return typing.get_origin(hint) in (typing.Union, types.UnionType)


def _first_input(parts: list[Part]) -> str:
    return next((one.path for one in inputs(parts)), "")


def _title(element: Mapping[str, Any], what: str, number: int) -> str:
    for name in ("title", "name", "text", "label", "law"):  # of a question of the form `name` is a code
        if isinstance(element.get(name), str) and element[name]:
            return f"{what}{number + 1}：{element[name]}"
    return f"{what}{number + 1}"


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _with(options: list[Option], value: Any) -> list[Option]:
    """The options, and what is there though nobody offers it."""
    known = {option.value for option in options}
    return [*options, Option(_text(value), _text(value))] if _text(value) not in known else options
