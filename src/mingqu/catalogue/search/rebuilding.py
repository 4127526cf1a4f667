"""The whole index made anew from what is published: after an upgrade, a restored backup, a department's new name."""

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.bundles import selectors as bundles
from mingqu.catalogue.bundles.models import BundleDefinition
from mingqu.catalogue.models import ServiceItem
from mingqu.catalogue.search import services, sources
from mingqu.catalogue.search.models import SearchEntry
from mingqu.catalogue.search.types import Source


def rebuild() -> int:
    """Make the index anew; how many entries it has."""
    with transaction.atomic():
        services.fill(_items(catalogue.published_items()))
        for bundle in (
            BundleDefinition.objects.exclude(current=None).filter(kind="bundle").select_related("lead")
        ):
            assert bundle.current_id is not None
            services.put_bundle(bundles.document(bundle.current_id), bundle.lead.name)
    return SearchEntry.objects.count()


def follow_name(department_id: UUID) -> int:
    """A department has another name: what it offers is found by that; how many entries."""
    rows = catalogue.published_items().filter(department_id=department_id)
    found = list(_items(rows))
    led = BundleDefinition.objects.exclude(current=None).filter(kind="bundle", lead_id=department_id)
    led_bundles = list(led.select_related("lead"))
    with transaction.atomic():
        for one in found:
            services.put(one)
        for bundle in led_bundles:
            assert bundle.current_id is not None
            services.put_bundle(bundles.document(bundle.current_id), bundle.lead.name)
    return len(found) + len(led_bundles)


def fill_if_empty() -> None:
    """After a migration: what was published before there was an index gets into it."""
    if not SearchEntry.objects.exists() and catalogue.published_items().exists():
        rebuild()


def _items(rows: QuerySet[ServiceItem]) -> Iterator[Source]:
    """Region by region: a search narrowed to one then meets the lists of the index only where its rows lie."""
    for row in rows.order_by("region_code", "code").iterator(chunk_size=500):
        assert row.current_id is not None
        whole = catalogue.document(row.current_id)
        yield sources.of_item(whole, row.department.name, applicable=row.applicable)
