"""What corrections of a bundle's parts ask of its one form."""

from collections.abc import Sequence
from dataclasses import dataclass

from mingqu.cases.bundles import selectors
from mingqu.cases.models import AskedAnswer, Bundle, BundlePart
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.forms import services as forms
from mingqu.forms.types import FormSchema


@dataclass(frozen=True)
class AskedField:
    """One question the applicant has to answer anew, once for all parts that asked for it."""

    path: str  # in the one form
    name: str
    asked: list[tuple[str, str]]  # (part, what is wrong)
    given: bool  # typed anew; it waits to be handed in
    parts: set[str]  # codes of those that asked


def schema_of(bundle: Bundle, parts: Sequence[BundlePart]) -> FormSchema:
    """The one form, as it was handed in."""
    form = catalogue.merged_form(*selectors.needed(bundle, parts))
    return forms.read_schema(form.schema, form.pages)


def asked_fields(bundle: Bundle, parts: Sequence[BundlePart]) -> list[AskedField]:
    """What the corrections of all parts ask of the form, each question once. The caller has checked access."""
    waiting = {part.case_id: part for part in parts if part.state == BundlePart.State.CORRECTION}
    if not waiting:
        return []
    rows = AskedAnswer.objects.filter(case_id__in=list(waiting), state=AskedAnswer.State.ASKED)
    document = catalogue.document(bundle.revision_id)
    place = {part: position for position, part in enumerate(waiting)}
    found: dict[str, AskedField] = {}
    for row in sorted(rows, key=lambda one: (place[one.case_id], one.position)):
        part = waiting[row.case_id]
        path = catalogue.place_of(document, part.code, row.path)
        one = found.setdefault(path, AskedField(path, row.name, [], path in bundle.corrected, set()))
        one.asked.append((part.name, row.asked))
        one.parts.add(part.code)
    return list(found.values())
