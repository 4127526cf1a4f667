"""A page of a form as a Django form: it renders with the templates of ui and checks with the one rule."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from mingqu.forms.rules import Circumstances, asked_words, check, coerce, get, is_asked, merged
from mingqu.forms.rules.answers import date_of
from mingqu.forms.types import FieldError, FormField, FormSchema, Page
from mingqu.ui.forms import DateParts, Option, PageRenderer
from mingqu.ui.language import in_english

_INPUT: dict[str, dict[str, str]] = {
    "number": {"inputmode": "decimal", "class": "govuk-input--width-5"},
    "integer": {"inputmode": "numeric", "class": "govuk-input--width-5"},
    "phone": {"inputmode": "tel", "autocomplete": "tel", "class": "govuk-input--width-20"},
    # data-mq-secret: never kept in a browser, however bad the line (cases/autosave.js).
    "citizen_number": {
        "autocomplete": "off",
        "spellcheck": "false",
        "class": "govuk-input--width-20",
        "data-mq-secret": "",
    },
    "credit_code": {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20"},
    "person_name": {"autocomplete": "name", "spellcheck": "false"},
    "firm_name": {"autocomplete": "organization", "spellcheck": "false"},
    "address": {"autocomplete": "street-address"},
}


class AnswerDate(DateParts):
    """年 月 日 in three inputs; a day that does not exist comes back as it was typed."""

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, date):
            return super().decompress(value)
        if isinstance(value, str) and (day := date_of(value)):
            return super().decompress(day)
        if isinstance(value, str):
            parts = value.replace("年", " ").replace("月", " ").replace("日", "").split(" ")
            return [*parts, "", "", ""][:3]
        return ["", "", ""]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        parts = [str(part or "").strip() for part in super().value_from_datadict(data, files, name)]
        if not any(parts):
            return ""
        if all(part.isdigit() for part in parts):
            year, month, day = parts
            written = f"{year:0>4}-{month:0>2}-{day:0>2}"
            if date_of(written):
                return written
        return "{}年{}月{}日".format(*parts)


class AnswerField(forms.Field):
    """
    One question. Cleaning only brings the text to the kept type; what is wrong is said by `forms.rules`,
    the same for a page, the summary and a program.
    """

    def __init__(
        self, question: FormField, asked: str = "", when: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self.question = question
        self.asked_words = asked
        self.asked_when = json.dumps(when) if when else ""  # of this page: the script shows and hides by it
        self.suffix = question.unit
        super().__init__(
            required=question.required and not question.group,
            label=question.title,
            help_text=question.hint,
            widget=_widget(question),
        )

    def clean(self, value: Any) -> Any:
        return coerce(self.question, value)

    def prepare_value(self, value: Any) -> Any:
        if self.question.kind == "yes_no" and isinstance(value, bool):
            return "yes" if value else "no"
        return value


class PageForm(forms.Form):
    """
    The questions of one page, filled from the draft's answers.

    After `is_valid()`, `changes` is what to save (path → value): also when there are errors, so that a draft
    keeps wrong answers too.
    """

    use_required_attribute = False
    default_renderer = PageRenderer

    def __init__(
        self,
        schema: FormSchema,
        page: Page,
        answers: Mapping[str, Any],
        circumstances: Circumstances,
        data: Any = None,
    ) -> None:
        self.schema, self.page = schema, page
        self.before, self.circumstances = answers, circumstances
        initial = {html_name(path): get(answers, path) for path in page.paths}
        super().__init__(data=data, initial=initial)
        for question in schema.fields_of(page):
            if is_asked(schema, question.path, answers, together=page.paths):
                self.fields[html_name(question.path)] = self._field(question)

    def _field(self, question: FormField) -> AnswerField:
        here = {html_name(path): values for path, values in question.asked_when if path in self.page.paths}
        return AnswerField(question, asked_words(self.schema, question) if here else "", here)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        after = merged(self.before, self.changes)
        for error in check(self.schema, after, self.circumstances, only=set(self.page.paths)):
            self.add_error(html_name(error.path), forms.ValidationError(error.message, code=error.code))
        return cleaned

    @property
    def changes(self) -> dict[str, Any]:
        """Path → value for every question on this page; None where it was left empty."""
        return {
            path: coerce(self.schema.fields[path], self._raw(path)) if self.is_bound else None
            for path in self.page.paths
            if html_name(path) in self.fields
        }

    def _raw(self, path: str) -> Any:
        bound = self[html_name(path)]
        return bound.field.widget.value_from_datadict(self.data, self.files, bound.html_name)

    def show_errors(self, errors: tuple[FieldError, ...]) -> None:
        """Errors found elsewhere (the summary page), shown when their page is opened again."""
        for error in errors:
            if html_name(error.path) in self.fields:
                self.add_error(html_name(error.path), forms.ValidationError(error.message, code=error.code))


def page_form(
    schema: FormSchema,
    number: int,
    answers: Mapping[str, Any],
    circumstances: Circumstances,
    data: Any = None,
) -> PageForm:
    """The form of page `number` (from 1). Raises LookupError for a page that does not exist."""
    return PageForm(schema, schema.page(number), answers, circumstances, data)


def fields_form(
    schema: FormSchema,
    paths: Sequence[str],
    answers: Mapping[str, Any],
    circumstances: Circumstances,
    data: Any = None,
) -> PageForm:
    """Some questions of the form, wherever they stand, on one page; nothing else is asked or changed."""
    return PageForm(schema, Page(0, "", "", tuple(paths)), answers, circumstances, data)


def all_pages(schema: FormSchema, circumstances: Circumstances) -> list[tuple[Page, list[BoundField]]]:
    """All pages at once and empty, as an editor sees them: what waits for an answer is there, whatever page asks."""
    whole = fields_form(schema, tuple(schema.fields), {}, circumstances)
    return [(page, [whole[html_name(path)] for path in page.paths]) for page in schema.pages]


def html_name(path: str) -> str:
    """premises.area_m2 → premises__area_m2: dots would break ids in style sheets and scripts."""
    return path.replace(".", "__")


def _written() -> dict[str, str]:
    """What is written into a long field goes into Chinese papers, whatever the page is written in."""
    return {"lang": "zh-Hans"} if in_english() else {}


def _widget(question: FormField) -> forms.Widget:
    choices = [(c.value, Option(c.label, c.hint)) for c in question.choices]
    match question.kind:
        case "choice":
            return forms.RadioSelect(choices=choices)
        case "choices":
            return forms.CheckboxSelectMultiple(choices=choices)
        case "yes_no":
            return forms.RadioSelect(choices=[("yes", _("是")), ("no", _("否"))])
        case "confirm":
            return forms.CheckboxInput()
        case "date":
            return AnswerDate()
        case "long_text":
            return forms.Textarea(attrs={"rows": 5, **_written()})
        case "address":
            return forms.Textarea(attrs={"rows": 2, **_INPUT["address"], **_written()})
        case kind:
            return forms.TextInput(attrs=_INPUT.get(kind, {}))
