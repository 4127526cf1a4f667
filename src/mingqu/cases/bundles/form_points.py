"""
Points of a correction that lie in the one form of a bundle (行政许可法 32(4)): beside the materials, each part's own
questions. A common one is asked once; its new answer goes to every part that shares it.
"""

from collections.abc import Iterable

from mingqu.cases.bundles.types import FORM
from mingqu.cases.models import Bundle, BundlePart
from mingqu.cases.types import Asked
from mingqu.catalogue import selectors as items
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.forms import services as forms


def split(points: Iterable[Asked]) -> tuple[list[Asked], list[Asked]]:
    """Materials, and questions of the part's form by their paths."""
    materials, questions = [], []
    for one in points:
        if one.code.startswith(FORM):
            questions.append(Asked(one.code.removeprefix(FORM), one.what))
        else:
            materials.append(one)
    return materials, questions


def questions_of_part(bundle: Bundle, part: BundlePart) -> dict[str, str]:
    """path → title of what a part's form asks the applicant; what the subject itself answers is not asked."""
    if part.revision_id is None:
        return {}
    whole = catalogue.document(bundle.revision_id).part(part.code)
    form = items.definition(part.revision_id, whole.handling).form
    schema = forms.known_schema(form.schema, form.pages)
    return {
        field.path: field.title
        for page in schema.pages
        for field in schema.fields_of(page)
        if field.path not in whole.fill
    }
