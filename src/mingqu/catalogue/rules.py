"""
Reading a definition and what follows from answers: pure.

`evaluate` is passed in (FEEL, from `decisions`), so that these rules stay free of engines.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from mingqu.catalogue.types import FORMAT, Definition, Document, Situation, SituationResult, view
from mingqu.catalogue.upgrades import upgraded
from mingqu.kernel.json import canonical, load

DECIDE = "decide"  # the last step of every plan, completed by the decision alone

Evaluate = Callable[[str, Mapping[str, Any]], Any]
Vocabulary = Callable[[str], list[str]]


def digest(document: Mapping[str, Any]) -> str:
    return sha256(canonical(document)).hexdigest()


def document_of(document: Mapping[str, Any]) -> Document:
    """The typed form of a document that was checked when it was published, whatever its format."""
    return load(Document, upgraded(document))


def definition_of(document: Mapping[str, Any], handling: str) -> Definition:
    """One 业务办理项 of it. Raises KeyError."""
    return view(document_of(document), handling)


def shape_problems(document: Any) -> list[str]:
    """Unknown, missing or wrongly typed keys, each with its path; empty when the shape is right."""
    if not isinstance(document, dict):
        return ["整份定义应是一组键和值"]
    if document.get("format") != FORMAT:
        return [f"格式版本应为 {FORMAT}"]
    return shape_of(Document, document)


def shape_of(kind: Any, value: Any) -> list[str]:
    """What of `value` does not have the shape of the dataclass `kind`: each key with its path."""
    return list(_shape(kind, value, ""))


def _shape(kind: Any, value: Any, path: str) -> Iterator[str]:
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        if value is not None:
            yield from _shape(next(a for a in args if a is not type(None)), value, path)
    elif dataclasses.is_dataclass(kind):
        yield from _object_shape(kind, value, path)
    elif origin is list:
        if not isinstance(value, list):
            yield f"{path}：应是一个列表"
            return
        for place, element in enumerate(value):
            yield from _shape(args[0], element, f"{path}[{place}]")
    elif origin is dict:
        if not isinstance(value, dict):
            yield f"{path}：应是一组键和值"
    elif kind is not Any and (not isinstance(value, kind) or (kind is int and isinstance(value, bool))):
        yield f"{path}：应是{ {str: '文字', int: '整数', bool: '是或否'}.get(kind, kind) }"


def _object_shape(kind: Any, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}：应是一组键和值"
        return
    hints = typing.get_type_hints(kind)
    fields = {f.name: f for f in dataclasses.fields(kind)}
    for name in value.keys() - fields.keys():
        yield f"{path}.{name}：不认识的键".lstrip(".")
    for name, spec in fields.items():
        here = f"{path}.{name}".lstrip(".")
        if name in value:
            yield from _shape(hints[name], value[name], here)
        elif spec.default is dataclasses.MISSING and spec.default_factory is dataclasses.MISSING:
            yield f"{here}：缺少"


def document_problems(document: Document) -> list[str]:
    """What concerns the document as a whole: its 业务办理项 and its bases."""
    problems = []
    codes = [h.code for h in document.handling]
    if not codes:
        problems.append("没有业务办理项")
    problems += [f"业务办理项编码“{code}”重复" for code in sorted({c for c in codes if codes.count(c) > 1})]
    if not document.basis:
        problems.append("没有写明设定依据")
    return problems


def sense_problems(definition: Definition, unknown_names: Vocabulary) -> list[str]:
    """
    What is well formed but can't be right: promised over statutory (行政许可法 42), doubled codes, an
    expression that names unknown data (`unknown_names(expression)`), a step whose checks name no material.
    """
    problems = []
    clocks = definition.clocks
    if clocks.promised.unit == clocks.statutory.unit and clocks.promised.limit > clocks.statutory.limit:
        problems.append("承诺时限不能长于法定时限")
    for what, codes in (
        ("情形问题", [s.ask for s in definition.situations]),
        ("材料", [m.code for m in definition.materials]),
        ("环节", [s.id for s in [*definition.steps, definition.decide]]),
    ):
        problems += [f"{what}编码“{code}”重复" for code in sorted({c for c in codes if codes.count(c) > 1})]
    problems += [f"“{text}”：{name}" for text in expressions(definition) for name in unknown_names(text)]
    if definition.decide.id != DECIDE or definition.decide.kind != DECIDE:
        problems.append(f"决定环节的编码和类型都应为“{DECIDE}”")
    materials = {m.code for m in definition.materials}
    problems += [
        f"环节“{step.name}”要审查的材料“{code}”不存在"
        for step in definition.steps
        for code in step.checks
        if code not in materials
    ]
    return problems


def expressions(definition: Definition) -> list[str]:
    """Every FEEL expression of the definition."""
    conditions = [
        *(stop.when for stop in definition.stops),
        *(item.when for item in definition.not_needed),
        *(material.when for material in definition.materials),
        *(step.when for step in definition.steps),
    ]
    return [text for text in conditions if text] + [line.value for line in definition.result.fields]


def vocabulary(definition: Definition) -> set[str]:
    """The names an expression may use; conditions read the situation alone, certificate lines also the form."""
    return {f"situation.{question.ask}" for question in definition.situations} | {"form.*", "applicant.name"}


def cleaned_answers(
    situations: list[Situation], given: Mapping[str, list[str]]
) -> tuple[dict[str, Any], list[str], Situation | None]:
    """
    (answers, unanswered questions, the first question with an unknown answer) from raw values per question.

    A question with several answers gives a list, the others a text.
    """
    answers: dict[str, Any] = {}
    missing: list[str] = []
    for question in situations:
        values = [value for value in given.get(question.ask, []) if value]
        if any(value not in question.options for value in values) or (len(values) > 1 and not question.many):
            return answers, missing, question
        if not values:
            missing.append(question.ask)
        else:
            answers[question.ask] = values if question.many else values[0]
    return answers, missing, None


def situation_result(
    definition: Definition, answers: Mapping[str, Any], evaluate: Evaluate
) -> SituationResult:
    """What applies to these answers; `evaluate(expression, names)` is true only for FEEL true."""
    names = {"situation": dict(answers)}

    def applies(expression: str) -> bool:
        return not expression or evaluate(expression, names) is True

    return SituationResult(
        answers=dict(answers),
        stop=next((stop for stop in definition.stops if applies(stop.when)), None),
        materials=[m for m in definition.materials if applies(m.when)],
        steps=[s for s in definition.steps if applies(s.when)],
        not_needed=[n for n in definition.not_needed if applies(n.when)],
        missing=[q.ask for q in definition.situations if q.ask not in answers],
    )


def certificate_values(
    definition: Definition, names: Mapping[str, Any], evaluate: Evaluate
) -> dict[str, str]:
    """
    The lines of the certificate, code → text, of `names` = {form, situation, applicant}.

    Answers of the situation stand in their words; several are joined with 、.
    """
    words = {
        question.ask: _words(question, names["situation"].get(question.ask))
        for question in definition.situations
    }
    scope = {**names, "situation": words}
    found = {field.code: evaluate(field.value, scope) for field in definition.result.fields}
    return {code: str(value) for code, value in found.items() if value not in (None, "")}


def _words(question: Situation, answer: Any) -> str:
    chosen = answer if isinstance(answer, list) else [answer]
    return "、".join(question.options[value] for value in chosen if value in question.options)
