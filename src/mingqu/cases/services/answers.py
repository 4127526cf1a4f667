"""
Fields of the application form that a correction notice names: asked for, typed anew, taken into the case.

The same way as with materials: what is typed waits until all that was asked for is handed in together; nothing else of
the form can be changed. Where the case is a part of a bundle, it is typed into the one form there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef, QuerySet

from mingqu.cases import selectors
from mingqu.cases.errors import FieldUnknown, FormIncomplete, FormOfBundle, NotAwaitingCorrection
from mingqu.cases.models import AskedAnswer, Case
from mingqu.cases.types import Asked
from mingqu.forms import services as forms
from mingqu.forms.types import FormSchema
from mingqu.identity.services import access
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

State = AskedAnswer.State


@dataclass
class Question:
    """A field of the form as a notice may name it; `state`: asked, where an earlier notice did."""

    code: str
    name: str
    state: str


def schema_of(case: Case) -> FormSchema:
    form = selectors.definition_of(case).form
    return forms.known_schema(form.schema, form.pages)


def paths_asked() -> ArraySubquery:
    """For a query of rows of a case: the fields that earlier notices named, in the same statement."""
    return ArraySubquery(_told(AskedAnswer.objects.filter(case=OuterRef("case"))).values("path"))


def _told(rows: QuerySet[AskedAnswer]) -> QuerySet[AskedAnswer]:
    """What a notice of this case named: not what changed here because another part of its bundle asked."""
    return rows.exclude(state=State.SHARED)


def asked_of_each(case_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """By case, the fields that earlier notices named; one statement."""
    found: dict[UUID, set[str]] = {}
    for case_id, path in _told(AskedAnswer.objects.filter(case_id__in=case_ids)).values_list(
        "case_id", "path"
    ):
        found.setdefault(case_id, set()).add(path)
    return found


def questions_of(case: Case, paths: Collection[str] | None = None) -> list[Question]:
    """Every field of the form, in the order of its pages. `paths`: those asked for before, where they are known."""
    if paths is None:
        paths = _told(AskedAnswer.objects.filter(case=case)).values_list("path", flat=True)
    before = set(paths)
    schema = schema_of(case)
    return [
        Question(field.path, field.title, "asked" if field.path in before else "given")
        for page in schema.pages
        for field in schema.fields_of(page)
    ]


def mark(case: Case, known: Sequence[Question], asked: Sequence[Asked], at: Instant) -> list[AskedAnswer]:
    """Inside the command that asks. Raises FieldUnknown."""
    if not asked:
        return []
    places = {question.code: place for place, question in enumerate(known)}
    if any(one.code not in places for one in asked):
        raise FieldUnknown()
    rows = [
        AskedAnswer(
            case=case,
            path=one.code,
            name=known[places[one.code]].name,
            position=places[one.code],
            asked=one.what.strip(),
            before={"value": forms.get(case.answers, one.code)},
            asked_at=at,
        )
        for one in {one.code: one for one in asked}.values()
    ]
    rows.sort(key=lambda row: row.position)
    AskedAnswer.objects.bulk_create(rows)
    return rows


def page_of(case: Case, asked: Sequence[AskedAnswer], at: Instant, data: Any = None) -> forms.PageForm:
    """The fields asked for and no others, filled with what was typed since, or as it was handed in."""
    typed = {row.path: row.after["value"] for row in asked if row.given}
    answers = forms.merged(case.answers or {}, typed)
    return forms.fields_form(schema_of(case), [row.path for row in asked], answers, _circumstances(at), data)


def keep_answers(*, case_id: UUID, changes: Mapping[str, Any], by: Actor, at: Instant) -> None:
    """
    Keep what was typed for the fields asked for; it waits to be handed in. What is not asked for is not looked at.
    Raises NotAwaitingCorrection, FormOfBundle, FormIncomplete; then nothing is kept.
    """
    case = selectors.case_visible_to_id(by, case_id)
    access.require(by, "case.supplement", case)
    if case.bundle_id:
        raise FormOfBundle()
    asked = selectors.asked_answers(case)
    if case.status != Case.Status.CORRECTION or not asked:
        raise NotAwaitingCorrection()
    new = {row.path: changes.get(row.path) for row in asked}
    after = forms.merged(case.answers or {}, new)
    if problems := forms.check(schema_of(case), after, _circumstances(at), only=set(new)):
        raise FormIncomplete([(one.path, one.message) for one in problems])
    with transaction.atomic():
        for row in asked:
            row.after, row.given = {"value": new[row.path]}, True
            row.save(update_fields=["after", "given"])


def take_in(case: Case, asked: Sequence[AskedAnswer], at: Instant) -> dict[str, Any]:
    """Inside the command that hands in: the answers of the case with what was typed put in. All of `asked` is given."""
    for row in asked:
        row.state, row.corrected_at = State.SUPPLEMENTED, at
        row.save(update_fields=["state", "corrected_at"])
    return forms.merged(case.answers or {}, {row.path: row.after["value"] for row in asked})


def _circumstances(at: Instant) -> forms.Circumstances:
    return forms.Circumstances(legal_day(at), demo=settings.MINGQU_DEMO)
