"""A draft as those will see it who fill it in: its form by the very code of the form. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mingqu.forms import services as forms
from mingqu.forms.errors import FormSchemaRefused


@dataclass(frozen=True)
class PagePreview:
    title: str
    hint: str
    questions: list[Any]  # bound fields


@dataclass(frozen=True)
class FormPreview:
    """The pages of the form, or why it can't be shown."""

    pages: list[PagePreview] = field(default_factory=list)
    trouble: str = ""


def previews(handling: Mapping[str, Any] | None, day: date) -> FormPreview:
    """The form of a 业务办理项 on its pages, empty and to be tried: what waits for an answer comes with it."""
    form = (handling or {}).get("form")
    if not isinstance(form, Mapping):
        return FormPreview(trouble="还没有问题。先加一页，再加问题。")
    try:
        schema = forms.read_schema(form.get("schema") or {}, form.get("pages") or [])
    except FormSchemaRefused as refused:
        return FormPreview(trouble=refused.message)
    when = forms.Circumstances(day, demo=True)
    return FormPreview(
        [PagePreview(page.title, page.hint, asked) for page, asked in forms.all_pages(schema, when)]
    )
