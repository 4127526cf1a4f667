"""What the lists say of items, kept in their rows: lawful, base code, standing in the base directory."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform

from mingqu.catalogue.directory import rules, selectors
from mingqu.catalogue.directory.selectors import InForce, OfItem, lists_in_force
from mingqu.catalogue.gates import lawful
from mingqu.catalogue.models import ServiceItem
from mingqu.kernel import regions
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant

BATCH = 500
KEPT = ("lawful", "base_code", "base_standing")


def keep_items(at: Instant, *, region_code: str = "") -> int:
    """
    Look at every published item again, of a region and all below it, or everywhere; how many rows changed.

    Done when an edition is published, and daily: an article ends, an entry begins, without anybody doing anything.
    """
    rows = ServiceItem.objects.exclude(current=None)
    if region_code:
        rows = rows.filter(regions.subtree("region_code", region_code))
    changed = 0
    for batch in _batches(rows):
        changed += _keep(batch, at)
    return changed


def keep_row(item_id: UUID, at: Instant) -> None:
    """The same for one item whose definition has just been published."""
    _keep(list(_with_document(ServiceItem.objects.filter(pk=item_id))), at)


def _with_document(rows: QuerySet[ServiceItem]) -> QuerySet[ServiceItem]:
    """With the parts of the current definition that are looked at, without reading whole definitions."""
    item = KeyTransform("item", "current__document")
    return rows.select_related("department").annotate(
        said_item=item, said_basis=KeyTransform("basis", "current__document")
    )


def _batches(rows: QuerySet[ServiceItem]) -> Iterator[list[ServiceItem]]:
    """By region, so that each batch asks one set of lists."""
    ids = list(rows.order_by("region_code", "code").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield list(_with_document(ServiceItem.objects.filter(pk__in=ids[start : start + BATCH])))


def _keep(rows: Sequence[ServiceItem], at: Instant) -> int:
    day = legal_day(at)
    by_region: dict[str, list[ServiceItem]] = {}
    for row in rows:
        by_region.setdefault(row.region_code, []).append(row)
    changed: list[ServiceItem] = []
    for region, of_region in by_region.items():
        lists = lists_in_force(region, day)
        asked = {row.pk: of_item(row) for row in of_region}
        if len(of_region) > 1:
            lists.preload(list(asked.values()))
        base_codes = [one.base_code for one in asked.values()]
        directory = selectors.in_force("base", region, day) is not None
        entries = selectors.base_entries(region, base_codes, day) if directory else {}
        for row in of_region:
            before = [getattr(row, name) for name in KEPT]
            _judge(row, asked[row.pk], lists)
            row.base_code = asked[row.pk].base_code[:12]
            row.base_standing = _standing(row, entries) if directory else ""
            if before != [getattr(row, name) for name in KEPT]:
                changed.append(row)
    ServiceItem.objects.bulk_update(changed, KEPT)
    return len(changed)


def of_item(row: Any) -> OfItem:
    said = row.said_item or {}
    return OfItem(row.code, str(said.get("base_code") or ""), row.department.code, row.item_type)


def _judge(row: Any, item: OfItem, lists: InForce) -> None:
    basis = row.said_basis or []
    confirmed = any(one.get("confirmed_by") for one in basis)
    row.lawful = lawful(item, row.handling_kind, lists, stated=bool(basis), confirmed=confirmed) is None


def _standing(row: Any, entries: Any) -> str:
    entry = entries.get(row.base_code)
    if entry is None:
        return "missing"
    said = row.said_item or {}
    local = rules.Inheriting(
        row.name, row.item_type, str(said.get("level") or ""), rules.item_basis({"basis": row.said_basis})
    )
    return "departs" if rules.departures(local, selectors.entry_of(entry)) else "linked"
