"""
The application form on paper: blank to be filled in by hand, or as a filled sample (样表). Both come from the one
definition, so that paper and screen ask the same (行政许可法 29, 30: 格式文本, 示范文本).
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mingqu.cases import selectors
from mingqu.cases.views.asking import HANDLING, asking
from mingqu.catalogue.types import Definition
from mingqu.forms import services as forms
from mingqu.forms.types import FormField, FormSchema
from mingqu.identity import selectors as identity
from mingqu.ui.access import public

SAMPLE = "sample"  # in the address: filled in
LONG = {"long_text", "address"}


@dataclass(frozen=True)
class Line:
    """One question: its boxes to tick (chosen, words), or room to write; `filled`: as the sample has it."""

    title: str
    hint: str
    required: bool
    long: bool
    boxes: list[tuple[bool, str]]
    filled: str


@public
@require_safe
def paper_form(request: Any, item_code: str) -> HttpResponse:
    """To print, save as PDF, fill in and bring to the window. Which 业务办理项 must be known."""
    known = asking(request, item_code, request.GET)
    if known.must_choose:
        return HttpResponseRedirect(known.url())
    definition, sample = known.definition, SAMPLE in request.GET
    schema = forms.known_schema(definition.form.schema, definition.form.pages)
    answers = sample_answers(definition, schema) if sample else {}
    situation = _situation(definition) if sample else {}
    context = {
        "known": known,
        "definition": definition,
        "sample": sample,
        "licence": selectors.is_licence_type(definition.item.type),
        "organ": identity.department_by_code(definition.item.organ).name,
        "questions": [
            (q.text, [(value in situation.get(q.ask, []), words) for value, words in q.options.items()])
            for q in definition.situations
        ],
        "pages": [
            (p.title, [_line(f, answers, forms.asked_words(schema, f)) for f in schema.fields_of(p)])
            for p in schema.pages
        ],
        "other_url": known.url("paper_form", **({} if sample else {SAMPLE: "1"})),
        "handling_query": f"?{HANDLING}={definition.handling_item.code}",
    }
    return render(request, "cases/paper_form.html", context)


def sample_answers(definition: Definition, schema: FormSchema) -> dict[str, Any]:
    """Of the first scenario that fills in the form; where it says nothing, the example of the field."""
    given = next((s.given.form for s in definition.scenarios if s.given.form), {})
    answers: dict[str, Any] = {}
    for path, field in schema.fields.items():
        value = forms.get(given, path)
        answers[path] = value if value not in (None, "", []) else field.example
    return answers


def _situation(definition: Definition) -> dict[str, list[str]]:
    """The answers of the same scenario."""
    given = next((s.given.situation for s in definition.scenarios if s.given.form), {})
    return {
        ask: [str(v) for v in (chosen if isinstance(chosen, list) else [chosen])]
        for ask, chosen in given.items()
    }


def _line(field: FormField, answers: dict[str, Any], asked: str) -> Line:
    value = answers.get(field.path)
    chosen = [str(v) for v in (value if isinstance(value, list) else [value])]
    boxes = [(choice.value in chosen, choice.label) for choice in field.choices]
    if field.kind in {"yes_no", "confirm"}:
        boxes = [(value is yes, words) for yes, words in ((True, _("是")), (False, _("否")))]
    return Line(
        title=f"{field.title}（{field.unit}）" if field.unit else field.title,
        hint=f"{asked}{field.hint}",
        required=field.required,
        long=field.kind in LONG,
        boxes=boxes[:1] if field.kind == "confirm" else boxes,
        filled="" if boxes or value in (None, "") else forms.words(field, value),
    )
