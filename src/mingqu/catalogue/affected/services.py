"""Keeping what published definitions cite."""

from uuid import UUID

from mingqu.catalogue.affected import rules
from mingqu.catalogue.affected.models import CitedPlace
from mingqu.catalogue.models import Revision, ServiceItem
from mingqu.law import selectors as law


def keep(item_id: UUID, revision: Revision) -> None:
    """What this revision cites, instead of what the one before did. Called inside the publication."""
    item = revision.document.get("item") or {}
    post = str(item.get("responsible_post") or "")[:64]
    CitedPlace.objects.filter(item_id=item_id).delete()
    CitedPlace.objects.bulk_create(
        CitedPlace(
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
        for one in rules.cited(revision.document)
    )


def keep_missing() -> None:
    """Items published before citations were kept: after a migration."""
    done = CitedPlace.objects.values("revision_id")
    for item in ServiceItem.objects.exclude(current=None).exclude(current__in=done).select_related("current"):
        assert item.current is not None
        keep(item.pk, item.current)
