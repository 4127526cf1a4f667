"""What is told upwards of items and of the base directory: published documents, whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F

from mingqu.catalogue import selectors
from mingqu.catalogue.depth import booked, depth_of
from mingqu.catalogue.directory import selectors as lists
from mingqu.catalogue.directory.models import ListEntry
from mingqu.catalogue.models import ServiceItem
from mingqu.catalogue.types import Document
from mingqu.kernel.training import is_training


@dataclass(frozen=True, slots=True)
class ReportedItem:
    """
    A published item with the document in force; `version`: number of its revision, `published_at` when that came in
    force. `local_base_code`: of its entry in the base directory, where the region has a code of its own.
    """

    id: UUID
    code: str
    document: Document
    version: int
    organ_name: str
    organ_code: str
    applicable: bool
    withdrawn_at: datetime | None
    published_at: datetime | None
    local_base_code: str


@dataclass(frozen=True, slots=True)
class ReportedEntry:
    """An entry of the base directory in force in a region; `key` (region/code) stays the same over editions."""

    key: str
    code: str
    local_code: str
    name: str
    item_type: str
    levels: tuple[str, ...]
    basis_words: str
    effective_on: date | None
    cancelled_on: date | None
    state: str
    version: int
    source: str


def item_ids(*, after: UUID | None = None, limit: int = 1000) -> list[UUID]:
    """Published items, by id."""
    rows = ServiceItem.objects.exclude(current=None).order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.values_list("pk", flat=True)[:limit])


def item_id(code: str) -> UUID | None:
    return ServiceItem.objects.filter(code=code).values_list("pk", flat=True).first()


def reported_items(ids: Sequence[UUID]) -> list[ReportedItem]:
    """Those of these items that are published and no exercise (培训区域), by id; a definition is read once."""
    rows = ServiceItem.objects.filter(pk__in=ids).exclude(current=None).order_by("pk")
    local = _local_codes()
    return [
        ReportedItem(
            id=row.pk,
            code=row.code,
            document=document,
            version=row.current.number if row.current else 0,
            organ_name=row.department.name,
            organ_code=row.department.credit_code,
            applicable=row.applicable,
            withdrawn_at=row.withdrawn_at,
            published_at=row.current.published_at if row.current else None,
            local_base_code=local.get((row.region_code, document.item.base_code), ""),
        )
        for row in rows.select_related("department", "current").defer("current__document", "words")
        if row.current_id and not is_training(row.region_code)
        for document in (selectors.document(row.current_id),)
    ]


def depth_reported(one: ReportedItem, *, bookable: bool) -> str:
    """网上办理深度 as a visitor finds it; a code of kernel's list online_depth."""
    return booked(depth_of(one.document, applicable=one.applicable), bookable=bookable)


def _local_codes() -> dict[tuple[str, str], str]:
    """Region and base code → the code of the region itself, of entries where the two differ."""
    newest = [edition.pk for edition in lists.latest() if edition.kind == "base"]
    rows = ListEntry.objects.filter(edition__in=newest).exclude(base_code="").exclude(code=F("base_code"))
    found = rows.values_list("edition__region_code", "base_code", "code")
    return {(region, base): code for region, base, code in found}


def base_keys(*, after: str = "", limit: int = 1000) -> list[str]:
    """region/code of the entries of the newest base directory of each region, in order."""
    keys = sorted(_newest())
    return [key for key in keys if key > after][:limit]


def base_entries(keys: Sequence[str]) -> list[ReportedEntry]:
    """Those of these entries that stand in the newest base directory of their region."""
    newest = _newest()
    wanted = {newest[key]: key for key in keys if key in newest}
    rows = ListEntry.objects.filter(pk__in=wanted).select_related("edition").order_by("code")
    return [
        ReportedEntry(
            key=wanted[row.pk],
            code=row.base_code,
            local_code=row.code,
            name=row.name,
            item_type=row.item_type,
            levels=tuple(row.levels),
            basis_words=row.basis_words,
            effective_on=row.effective_on,
            cancelled_on=row.cancelled_on,
            state=row.state,
            version=row.edition.number,
            source=row.edition.source,
        )
        for row in rows
    ]


def _newest() -> dict[str, UUID]:
    """Key → entry. A base directory has some thousand entries at most."""
    found = {}
    for edition in lists.latest():
        if edition.kind == "base" and not is_training(edition.region_code):
            rows = ListEntry.objects.filter(edition=edition).values_list("code", "pk")
            found.update({f"{edition.region_code}/{code}": pk for code, pk in rows})
    return found
