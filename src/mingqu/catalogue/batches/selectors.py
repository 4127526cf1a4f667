"""Which items a change would change, and how far changes came. Seen by who writes or reviews definitions."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from mingqu.catalogue.batches.errors import BatchUnknown
from mingqu.catalogue.batches.models import BatchChange, BatchChangeRow
from mingqu.catalogue.batches.rules import Change, changed
from mingqu.catalogue.models import DefinitionDraft, ServiceItem
from mingqu.identity.services import access
from mingqu.kernel import asides
from mingqu.kernel.types import Actor, Instant

MOST = 300
PAGE = 30


@dataclass(frozen=True)
class Filter:
    """Which items are looked through."""

    words: str = ""
    organ: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Line:
    """An item the change would change: what it says at each place; `why`: why it can't be now."""

    code: str
    name: str
    organ: str
    before: list[str]
    why: str = ""


def lines(actor: Actor, change: Change, asked: Filter) -> tuple[list[Line], bool]:
    """(items in force that say it, within this actor's reach; whether there are more than are shown)"""
    found = ServiceItem.objects.filter(withdrawn_at=None).exclude(current=None)
    found = found.filter(access.scope(actor, "catalogue.edit").q())
    for word in asked.words.split():
        found = found.filter(Q(name__icontains=word) | Q(code__istartswith=word))
    if asked.organ:
        found = found.filter(department__code=asked.organ)
    if asked.kind:
        found = found.filter(item_type=asked.kind)
    rows = list(found.select_related("department", "current").order_by("code")[: MOST + 1])
    open_drafts = set(
        DefinitionDraft.objects.filter(
            item_code__in=[row.code for row in rows], state__in=DefinitionDraft.OPEN
        ).values_list("item_code", flat=True)
    )
    made = []
    for row in rows[:MOST]:
        assert row.current is not None
        _document, before = changed(row.current.document, change)
        if before:
            why = "已有一份草稿在编，先办完它" if row.code in open_drafts else ""
            made.append(Line(row.code, row.name, row.department.name, before, why))
    return made, len(rows) > MOST


def recent(actor: Actor) -> list[BatchChange]:
    """The newest changes."""
    return list(_seen(actor).order_by("-begun_at", "id")[:PAGE])


def change_of(actor: Actor, change_id: UUID) -> BatchChange:
    """Raises BatchUnknown."""
    found = _seen(actor).filter(pk=change_id).first()
    if found is None:
        raise BatchUnknown()
    return found


def rows_of(change: BatchChange) -> list[BatchChangeRow]:
    """At most MOST of them, by item."""
    return list(change.rows.select_related("item__department").order_by("item__code"))


def counts(change: BatchChange) -> dict[str, int]:
    """How many rows are in which state."""
    found = change.rows.order_by().values("state").annotate(number=Count("id"))
    return {one["state"]: one["number"] for one in found}


def _seen(actor: Actor) -> QuerySet[BatchChange]:
    """Those of items this actor writes or reviews."""
    reach = Q(pk=None)
    for action in ("catalogue.edit", "catalogue.review"):
        if access.may(actor, action):
            reach |= access.scope(actor, action).q()
    mine = BatchChangeRow.objects.filter(change=OuterRef("pk"), item__in=ServiceItem.objects.filter(reach))
    return BatchChange.objects.filter(Exists(mine))


def stood_aside(at: Instant) -> int:
    """How many rows of late failed until they were left."""
    recent_ones = BatchChangeRow.objects.filter(change__begun_at__gte=at - asides.TOLD_FOR)
    return recent_ones.filter(tries__gte=asides.TRIES).exclude(said="").count()
