"""Questions about imports of service items."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from mingqu.catalogue.imports.errors import ImportUnknown
from mingqu.catalogue.imports.models import ImportBatch, ImportedItem
from mingqu.catalogue.imports.types import Organ
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import DepartmentView
from mingqu.kernel import regions
from mingqu.kernel.training import is_training
from mingqu.kernel.types import Actor

ACTION = "catalogue.import"
PAGE = 50


def organs(region: str) -> list[Organ]:
    """
    The departments that an item of this region may name: in a training region those of training regions, else the
    others. The same credit code may stand in both, for the organ and for what is only called like it.
    """
    return [Organ(one.credit_code, one.name, one.code) for one in departments(region)]


def departments(region: str) -> list[DepartmentView]:
    trained = is_training(region, now=True)
    return [one for one in identity.open_departments() if is_training(one.region_code) == trained]


def _visible(actor: Actor) -> QuerySet[ImportBatch]:
    """As `access.require` has it: a batch has no department, so who may do it for one department only sees none."""
    scope = access.scope(actor, ACTION)
    found = ImportBatch.objects.defer("content")
    if scope.everything:
        return found
    within = Q(pk__in=[])
    for mandate in scope.mandates:
        if mandate.departments is None and mandate.item_types is None:
            within |= (
                regions.subtree("region_code", mandate.region) if mandate.region else Q(pk__isnull=False)
            )
    return found.filter(within)


def batches(actor: Actor, after: UUID | None = None) -> tuple[list[ImportBatch], UUID | None]:
    """Newest first, and from where older ones go on."""
    found = _visible(actor).order_by("-created_at", "-id")
    if after and (last := ImportBatch.objects.filter(pk=after).only("created_at").first()):
        found = found.filter(
            Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, id__lt=last.pk)
        )
    page = list(found[: PAGE + 1])
    return page[:PAGE], page[PAGE - 1].pk if len(page) > PAGE else None


def batch(actor: Actor, batch_id: UUID) -> ImportBatch:
    """Raises ImportUnknown, also for one the actor may not see."""
    found = _visible(actor).filter(pk=batch_id).first()
    if found is None:
        raise ImportUnknown()
    return found


def rows(of: ImportBatch, finding: str = "", after: int = 0) -> tuple[list[ImportedItem], int]:
    """Rows of a batch by line, with one finding if asked, and the line from which more go on (0: none)."""
    found = ImportedItem.objects.filter(batch=of, line__gt=after).defer("raw", "document", "bases")
    if finding:
        found = found.filter(finding_codes__contains=[finding])
    page: Sequence[ImportedItem] = list(found.order_by("line")[: PAGE + 1])
    return list(page[:PAGE]), page[PAGE - 1].line if len(page) > PAGE else 0
