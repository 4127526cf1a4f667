"""Keeping what published definitions cite."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from mingqu.catalogue.affected import rules
from mingqu.catalogue.affected.models import CitedPlace, ReadForCitations
from mingqu.catalogue.models import Revision, ServiceItem
from mingqu.law import selectors as law

BATCH = 500


def keep(item_id: UUID, revision: Revision) -> None:
    """What this revision cites, instead of what the one before did. Called inside the publication."""
    _keep({item_id: revision})


def keep_missing() -> None:
    """Items published before citations were kept: after a migration, in batches. Broken off, it goes on."""
    read = ReadForCitations.objects.filter(item=OuterRef("pk")).values("revision_id")
    items = ServiceItem.objects.exclude(current=None).annotate(read=Subquery(read)).order_by("pk")
    items = items.filter(Q(read=None) | ~Q(read=F("current_id"))).select_related("current")
    last: UUID | None = None
    while rows := list((items.filter(pk__gt=last) if last else items)[:BATCH]):
        with transaction.atomic():
            _keep({row.pk: row.current for row in rows if row.current is not None})
        last = rows[-1].pk


def _keep(current: Mapping[UUID, Revision]) -> None:
    """Three statements for any number of items, and one for each BATCH of places."""
    CitedPlace.objects.filter(item_id__in=list(current)).delete()
    places = [place for item_id, revision in current.items() for place in _places(item_id, revision)]
    CitedPlace.objects.bulk_create(places, batch_size=4 * BATCH)
    ReadForCitations.objects.bulk_create(
        [ReadForCitations(item_id=item_id, revision=revision) for item_id, revision in current.items()],
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=["revision"],
    )


def _places(item_id: UUID, revision: Revision) -> Iterator[CitedPlace]:
    item = revision.document.get("item") or {}
    post = str(item.get("responsible_post") or "")[:64]
    for one in rules.cited(revision.document):
        yield CitedPlace(
            item_id=item_id,
            revision=revision,
            law=one.law,
            law_key=law.key_of(one.law),
            article=one.article,
            suffix=one.suffix,
            paragraph=one.paragraph,
            point=one.point,
            where=one.where,
            responsible_post=post,
        )
