"""No form of the tree speaks Django's words: every standard error says in plain Chinese which field it is about."""

import re
from collections.abc import Iterator
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines
from django.utils import translation

import mingqu
from mingqu.ui.forms import PageRenderer
from mingqu.ui.templatetags.mq import STATUSES

HOME = Path(mingqu.__file__).parent
WRONG = ("", "字" * 30_000, "-99999999999999999999", "0.123456789123", "2026-13-45", "不是数", "\0")


def forms_of_the_tree() -> list[type[forms.BaseForm]]:
    for path in sorted(HOME.rglob("*.py")):
        if "forms.Form" in (text := path.read_text("utf-8")) or "ActForm)" in text or "forms.py" in path.name:
            name = ".".join(path.relative_to(HOME.parent).with_suffix("").parts)
            if ".tests" not in name:
                import_module(name.removesuffix(".__init__"))
    found, left = set(), [forms.BaseForm]
    while left:
        kinds = [kind for kind in left.pop().__subclasses__() if kind not in found]
        found.update(kinds)
        left += kinds
    ours = (
        kind for kind in found if kind.__module__.startswith("mingqu.") and ".tests" not in kind.__module__
    )
    return sorted(ours, key=lambda kind: (kind.__module__, kind.__qualname__))


def fields_of_the_tree() -> dict[tuple[Any, ...], tuple[str, forms.Field]]:
    """One of each kind: what it is, how it is shown, what bounds it, what it says in its own words."""
    kinds: dict[tuple[Any, ...], tuple[str, forms.Field]] = {}
    for form in forms_of_the_tree():
        for name, field in form.base_fields.items():
            bounds = tuple(sorted(type(one).__name__ for one in field.validators))
            own = tuple(
                code
                for code, words in sorted(field.error_messages.items())
                if words is not _usual(field).get(code)
            )
            key = (type(field), type(field.widget), bounds, own, field.required)
            kinds.setdefault(key, (f"{form.__module__}.{form.__qualname__}.{name}", field))
    return kinds


def _usual(field: forms.Field) -> dict[str, Any]:
    usual: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        usual |= getattr(kind, "default_error_messages", {})
    return usual


def answers(field: forms.Field) -> Iterator[dict[str, Any]]:
    for value in WRONG:
        parts = {f"one_{place}": value for place in range(3)}
        yield {"data": {"one": value, **parts}, "files": {}}
    if isinstance(field, forms.FileField):
        yield {"data": {}, "files": {"one": SimpleUploadedFile("空.png", b"")}}
        yield {"data": {}, "files": {"one": SimpleUploadedFile("x" * 300 + ".png", b"x")}}


def test_every_standard_error_of_every_form_is_said_in_plain_words_with_its_field():
    said, kinds = set(), fields_of_the_tree()
    for name, field in kinds.values():
        one = type("One", (forms.Form,), {"one": deepcopy(field)})
        one.base_fields["one"].label = "这一项"
        for given in answers(field):
            form = one(**given, renderer=PageRenderer())
            for error, words in zip(
                form.errors.as_data().get("one", []), form["one"].error_words, strict=True
            ):
                with translation.override(None):
                    djangos = error.messages[0].isascii()
                if djangos:
                    assert words != error.messages[0] and "这一项" in words, (name, error.code, words)
                    said.add(error.code)

    assert len(forms_of_the_tree()) > 150 and len(kinds) > 30
    assert {"required", "max_length", "min_value", "invalid", "invalid_choice"} <= said


@pytest.mark.parametrize(
    ("field", "given", "words"),
    [
        (
            forms.CharField(label="原因", max_length=3),
            "一二三四",
            "“原因”最多写3个字，您写了4个。请写短一些。",
        ),
        (forms.IntegerField(label="份数", min_value=1), "0", "“份数”请填不小于1的数。"),
        (forms.DateField(label="哪一天"), "2026-02-30", "“哪一天”没有这一天，请这样写：2026-11-09。"),
        (
            forms.CharField(label="原因", max_length=3, error_messages={"max_length": "短些"}),
            "一二三四",
            "短些",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_limit_and_a_forms_own_words_stay(field, given, words):
    one = type("One", (forms.Form,), {"one": field})

    assert one({"one": given}, renderer=PageRenderer())["one"].error_words == [words]


def test_a_state_that_is_none_is_refused_whatever_it_is_called():
    draw = engines["django"].from_string('{% load mq %}{% status code "随便" %}').render

    assert "随便" in draw({"code": "special"})
    with pytest.raises(KeyError):
        draw({"code": "overdue"})


def test_every_state_that_a_page_writes_itself_is_one_that_has_a_colour():
    written = {
        (path.name, code)
        for path in HOME.rglob("*.html")
        for code in re.findall(r'\{% status "([^"]*)"', path.read_text("utf-8"))
    }

    assert len(written) > 100
    assert {one for one in written if one[1] not in STATUSES} == set()
