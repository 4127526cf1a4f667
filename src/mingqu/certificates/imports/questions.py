"""Questions about imports. Each holds its access check."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingqu.certificates.errors import BatchNotFound
from mingqu.certificates.imports import report
from mingqu.certificates.imports.checks import looks_personal
from mingqu.certificates.imports.columns import COLUMNS
from mingqu.certificates.imports.commands import ACTION
from mingqu.certificates.models import CertificateType, ImportBatch, ImportRow
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.masking import mask_name, mask_number
from mingqu.kernel.types import Actor

PAGE = 30
SAMPLE = 10
SHOWN = ("wrong", "noted", "good", "sample")
STATES = {"wrong": "wrong", "noted": "noted", "good": "good"}


@dataclass(frozen=True)
class RowView:
    """A row for the eyes: names and numbers of people only in part."""

    line: int
    type_name: str
    number: str
    holder: str
    holder_number: str
    valid: str
    state: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class RowPage:
    rows: tuple[RowView, ...]
    after: int | None  # the line after which the next page begins
    before: bool  # this is not the first page


@dataclass(frozen=True)
class BatchLine:
    id: UUID
    file_name: str
    state: str
    state_words: str
    total: int
    imported: int
    wrong: int
    uploaded_at: datetime
    uploaded_by: str


def batches(actor: Actor, before: UUID | None = None) -> tuple[list[BatchLine], UUID | None]:
    """The newest first; and the id after which the next page begins."""
    found = ImportBatch.objects.filter(access.scope(actor, ACTION).q()).order_by("-id")
    if before:
        found = found.filter(pk__lt=before)
    rows = list(found[: PAGE + 1])
    names = identity.names_of(batch.uploaded_by for batch in rows[:PAGE])
    lines = [_line(batch, names) for batch in rows[:PAGE]]
    return lines, (rows[PAGE - 1].pk if len(rows) > PAGE else None)


def _line(batch: ImportBatch, names: dict[UUID, str]) -> BatchLine:
    return BatchLine(
        batch.pk,
        batch.file_name,
        batch.state,
        batch.get_state_display(),
        batch.total,
        batch.imported,
        report.read_report(batch.report, batch.total).wrong,
        batch.uploaded_at,
        names.get(batch.uploaded_by, ""),
    )


def batch(actor: Actor, batch_id: UUID) -> ImportBatch:
    """Raises BatchNotFound, also for one the actor may not see."""
    found = ImportBatch.objects.filter(pk=batch_id).first()
    if found is None or not access.allows(actor, ACTION, found):
        raise BatchNotFound()
    return found


def rows(of: ImportBatch, shown: str, after: int = 0) -> RowPage:
    """A page of rows by line; the sample is the same each time it is looked at."""
    found = ImportRow.objects.filter(batch=of).order_by("line")
    if shown == "sample":
        usable = found.exclude(state=ImportRow.State.WRONG).values_list("line", flat=True)
        lines = list(usable)
        chosen = random.Random(of.pk.int).sample(lines, min(SAMPLE, len(lines)))  # noqa: S311 - no secret
        return RowPage(tuple(_view(row) for row in found.filter(line__in=chosen)), None, False)
    states = [STATES.get(shown, "wrong")]
    states += ["imported"] if shown == "good" else []
    page = list(found.filter(state__in=states, line__gt=after)[: PAGE + 1])
    return RowPage(
        tuple(_view(row) for row in page[:PAGE]), page[PAGE - 1].line if len(page) > PAGE else None, after > 0
    )


def _view(row: ImportRow) -> RowView:
    values = row.values["values"]
    valid = "至".join(filter(None, (values.get("valid_from", ""), values.get("valid_until") or "长期")))
    name, number = values.get("holder_name", ""), values.get("holder_number", "")
    return RowView(
        row.line,
        values.get("type", ""),
        values.get("number", ""),
        mask_name(name) if name and not _of_a_firm(number) else name,
        mask_number(number) if number and not _of_a_firm(number) else number,
        valid,
        row.state,
        tuple(report.sentence(code, column) for code, column in row.findings),
    )


def _of_a_firm(number: str) -> bool:
    """What is known of firms is public; anything that might be a person's number is shown in part."""
    return number.startswith("9") and not looks_personal(number) and not number[6:14].isdecimal()


def wrong_rows(of: ImportBatch) -> list[tuple[int, Sequence[str], str]]:
    """Line, cells as they came, and what is wrong, for the table to correct. The caller writes the download down."""
    found = ImportRow.objects.filter(batch=of, state=ImportRow.State.WRONG).order_by("line")
    return [
        (
            row.line,
            row.values["cells"],
            "；".join(report.sentence(code, column) for code, column in row.findings),
        )
        for row in found.iterator(chunk_size=1000)
    ]


def types() -> list[CertificateType]:
    return list(CertificateType.objects.order_by("name", "code"))


def column_names() -> list[tuple[str, str, bool]]:
    """Header, other names it goes by, whether it must be there: told on the upload page."""
    return [(c.header, "、".join(c.aliases), c.required) for c in COLUMNS]
