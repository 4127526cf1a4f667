"""A draft as a definition, for those who show what would come of it. Nothing is stored."""

from dataclasses import dataclass
from uuid import UUID

from mingqu.catalogue import lists, rules
from mingqu.catalogue.errors import DraftNotReady
from mingqu.catalogue.models import Revision
from mingqu.catalogue.types import Definition, Document, complete, view
from mingqu.forms import services as forms
from mingqu.forms.errors import FormSchemaRefused
from mingqu.kernel.types import Actor

NOT_WHOLE = "时限、申请表、批准环节或者办理结果还没有填"


@dataclass(frozen=True)
class Drafted:
    """`definition`: of the 业务办理项 that was asked for, else the first that is whole. `number`: the next edition."""

    id: UUID
    code: str
    name: str
    organ: str
    number: int
    document: Document
    definition: Definition


def drafted(actor: Actor, draft_id: UUID, handling: str = "") -> Drafted:
    """Raises DraftUnknown (also where this actor may not see it), DraftNotReady."""
    found = lists.draft(actor, draft_id)
    if shape := rules.shape_problems(found.document):
        raise DraftNotReady(why=shape[0])
    whole = rules.document_of(found.document)
    codes = [one.code for one in whole.handling if complete(one)]
    if not codes:
        raise DraftNotReady(why=NOT_WHOLE)
    of = view(whole, handling if handling in codes else codes[0])
    try:
        forms.read_schema(of.form.schema, of.form.pages)
    except FormSchemaRefused as refused:
        raise DraftNotReady(why=refused.message) from refused
    numbers = Revision.objects.filter(item__code=found.item_code).order_by("-number")
    newest = numbers.values_list("number", flat=True).first() or 0
    return Drafted(found.pk, found.item_code, found.item_name, found.department.name, newest + 1, whole, of)
