"""
Rows that were built are written down. A newer file updates what is not published yet; of what is published it says
what is different, and leaves it alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from mingqu.catalogue.diff import diff
from mingqu.catalogue.imports.findings import finding
from mingqu.catalogue.imports.models import ImportBatch, ImportedItem
from mingqu.catalogue.imports.report import counts
from mingqu.catalogue.imports.types import Built, Finding
from mingqu.catalogue.models import ServiceItem
from mingqu.kernel.json import plain
from mingqu.law import selectors as law
from mingqu.law.types import Citation, Standing

State = ImportedItem.State
WRITTEN = (
    "batch line item_code name organ_code organ_name item_type type_words handling_kind raw document findings bases "
    "listed applicable lawful stopped_by finding_codes kind_confirmed version state reviewer_id reviewed_at remark"
)
FIELDS = WRITTEN.split()
DIFFERENCES = 4  # told in a sentence; the page of the row shows all
SAYS = 40

Cited = Mapping[str, list[tuple[Citation, Standing]]]
"""Key of a row → what it quotes, and how that stands."""


def keep(batch: ImportBatch, rows: Sequence[Built], on: date) -> int:
    """Write rows of a batch; how many stand published word for word and need nothing."""
    before = _before(batch, [row.key for row in rows])
    published = _in_force(row.item_code for row in rows)
    cited = _cited(rows, on)
    new: list[ImportedItem] = []
    changed: list[ImportedItem] = []
    touched: set[Any] = set()
    same = 0
    for row in rows:
        earlier = before.get(row.key)
        if earlier and earlier.state == State.PUBLISHED and earlier.raw == row.raw:
            same += 1
            continue
        if earlier is None or earlier.state == State.PUBLISHED:
            new.append(_filled(ImportedItem(), batch, row, cited, published))
            continue
        touched.add(earlier.batch_id)
        if (
            earlier.raw == row.raw
            and earlier.state != State.REFUSED
            and earlier.batch.defaults == batch.defaults
        ):
            earlier.batch, earlier.line = batch, row.line
        else:
            _filled(earlier, batch, row, cited, published)
        changed.append(earlier)
    ImportedItem.objects.bulk_create(new)
    ImportedItem.objects.bulk_update(changed, FIELDS, batch_size=250)
    for left in ImportBatch.objects.filter(pk__in=touched).defer("content"):
        left.counts = {**left.counts, **counts(left)}
        left.save(update_fields=["counts"])
    return same


def _before(batch: ImportBatch, keys: list[str]) -> dict[str, ImportedItem]:
    """
    The newest row of each key that came through this mapping for this region. Their batches are locked first, as
    reviewers lock them: no deed on a row is lost by writing it anew, and none is done on what is being written.
    """
    reviewed = (ImportBatch.State.READY, ImportBatch.State.DONE)
    same = ImportBatch.objects.filter(
        mapping=batch.mapping, region_code=batch.region_code, state__in=reviewed
    )
    list(same.select_for_update().order_by("pk").values_list("pk"))
    found = ImportedItem.objects.select_related("batch").defer("batch__content")
    found = found.filter(key__in=keys, batch__mapping=batch.mapping, batch__region_code=batch.region_code)
    return {row.key: row for row in found.exclude(batch=batch).order_by("batch__created_at", "pk")}


def _in_force(codes: Iterable[str]) -> dict[str, ServiceItem]:
    found = ServiceItem.objects.select_related("current").exclude(current=None)
    return {item.code: item for item in found.filter(code__in=[code for code in codes if code])}


def _cited(rows: Sequence[Built], on: date) -> Cited:
    """What rows quote, each article once, with its standing on the day; few statements for all rows."""
    quoted = {row.key: law.citations(row.quotes) for row in rows if row.quotes}
    places = {(c.law, c.article, c.suffix) for found in quoted.values() for c in found}
    if not places:
        return {}
    standings = law.standings(places, on=on)
    return {
        key: [
            (one, standings[one.law, one.article, one.suffix])
            for one in {(c.law, c.article, c.suffix, c.paragraph, c.point): c for c in found}.values()
        ]
        for key, found in quoted.items()
    }


def _filled(
    item: ImportedItem, batch: ImportBatch, row: Built, cited: Cited, published: Mapping[str, ServiceItem]
) -> ImportedItem:
    found = [*row.findings, *_differences(row, published.get(row.item_code))]
    proposals = [_proposal(one, standing, row) for one, standing in cited.get(row.key, [])]
    if proposals and not row.refused:
        found.append(finding("basis_proposed", "basis", count=len(proposals)))
    again = bool(item.batch_id)
    item.batch, item.line, item.key = batch, row.line, row.key
    item.item_code, item.name = row.item_code, row.name
    item.organ_code = (row.organ.code or row.organ.credit_code)[:32]
    item.organ_name = row.organ.name[:120]
    item.item_type, item.type_words, item.handling_kind = row.item_type, row.type_words, row.handling_kind
    item.raw, item.document, item.findings = row.raw, row.document, plain(found)
    item.bases = [] if row.refused else proposals
    item.listed, item.applicable, item.lawful = (row.open(g) for g in ("listed", "applicable", "lawful"))
    item.stopped_by = sorted(row.shut)
    item.finding_codes = sorted({one.code for one in found})
    item.state = State.REFUSED if row.refused else State.PROPOSED
    item.kind_confirmed, item.reviewer_id, item.reviewed_at, item.remark = False, None, None, ""
    item.version = item.version + 1 if again else 1
    return item


def _proposal(one: Citation, standing: Standing, row: Built) -> dict[str, Any]:
    """A basis somebody may accept: what was quoted, where, and how it stands."""
    around = row.quotes[max(0, one.start - SAYS) : one.end + SAYS]
    return {
        "law": one.law,
        "article": one.article,
        "suffix": one.suffix,
        "paragraph": one.paragraph,
        "point": one.point,
        "found_in": f"第{row.line}行受理条件：…{around}…",
        "standing": standing.state,
        "sentence": standing.sentence,
        "accepted_by": "",
    }


def _differences(row: Built, item: ServiceItem | None) -> list[Finding]:
    """What the item says now, where it is published already."""
    if item is None or item.current is None or row.refused:
        return []
    rows = [one for one in diff(item.current.document, row.document) if not one.path.startswith("sources")]
    if not rows:
        return []
    words = "、".join(one.words for one in rows[:DIFFERENCES]) + ("等" if len(rows) > DIFFERENCES else "")
    number = item.current.number
    return [finding("in_force_differs", "", code=row.item_code, number=number, count=len(rows), words=words)]
