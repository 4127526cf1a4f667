"""What may stand in `asked_when`: an earlier question that is answered by choosing, and some of its answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mingqu.forms.rules.asking import TRIGGERS, labels_of
from mingqu.forms.types import FormSchema


def asked_when(written: Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """{path: [values]} as a field keeps it. Raises TypeError, AttributeError for what is no such thing."""
    if any(not isinstance(values, list) for values in written.values()):
        raise TypeError("asked_when")
    return tuple((str(path), tuple(map(str, values))) for path, values in written.items())


def condition_problems(schema: FormSchema) -> Iterator[tuple[str, str]]:
    """
    (path, what is wrong). A question may only wait for one that is asked before it, so that nothing goes round in a
    circle; and no page may wait as a whole, so that nobody is led to an empty one.
    """
    before: set[str] = set()
    for page in schema.pages:
        for path in page.paths:
            for asked, values in schema.fields[path].asked_when:
                if why := _wrong_with(schema, asked, values, before):
                    yield path, why
            before.add(path)
        if all(schema.fields[path].asked_when for path in page.paths):
            yield f"pages[{page.number}]", "这一页的问题都有条件，至少要有一个是每个人都填的"


def _wrong_with(schema: FormSchema, asked: str, values: tuple[str, ...], before: set[str]) -> str:
    field = schema.fields.get(asked)
    if field is None:
        return f"asked_when里的{asked}不是这张表的问题"
    if asked not in before:
        return f"要排在“{field.title}”的后面，因为看它的回答才填"
    if field.kind not in TRIGGERS:
        return f"“{field.title}”不是选择题，不能作为条件"
    known = labels_of(field)
    if not values or any(value not in known for value in values):
        return f"asked_when要写“{field.title}”的选项"
    return ""
