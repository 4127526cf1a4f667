"""
Commands of an import: upload, check, confirm, bring in, drop. Taking it out again: `undoing`.

The slow parts are done by a job in portions, each a transaction: what a killed worker leaves is gone on with.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app as jobs

from mingqu.certificates import rules
from mingqu.certificates.errors import (
    BatchElsewhere,
    BatchNotFound,
    ColumnsDoubled,
    ColumnsMissing,
    NothingToImport,
    TableGivenBefore,
)
from mingqu.certificates.imports import checks, columns
from mingqu.certificates.imports.bringing_in import bring_in, holder_id_of
from mingqu.certificates.imports.checks import Finding, TypeRule
from mingqu.certificates.imports.report import Tally
from mingqu.certificates.models import (
    Certificate,
    CertificateDirectory,
    CertificateType,
    ImportBatch,
    ImportRow,
)
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import Place
from mingqu.kernel import regions
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import Table, read_table, unescaped
from mingqu.kernel.types import Actor, CommandKey, Instant

ACTION = "certificate.import"
WORK, QUEUE = "certificates.import", "certificates"
IMPORTER = Actor.system("certificate-import")
PORTION = 500
State, RowState, Kind = ImportBatch.State, ImportRow.State, CertificateDirectory.Kind


@dataclass(frozen=True)
class Uploaded:
    batch_id: UUID
    rows: int


def upload(*, name: str, data: bytes, by: Actor, at: Instant, key: CommandKey) -> Uploaded:
    """
    Take in a table; its rows are checked by a job. The file itself is not kept.

    Raises NotAuthorised, TableGivenBefore, ColumnsMissing, ColumnsDoubled, and what reading refuses; then nothing of
    it is kept.
    """
    access.require_may(by, ACTION)
    table, digest = read_table(data), hashlib.sha256(data).hexdigest()
    kinds = type_rules()
    found = columns.mapped(table.headers, [spec for kind in kinds.values() for spec in kind.specs])
    if found.missing:
        raise ColumnsMissing(field="file", names="、".join(found.missing))
    if found.doubled:
        raise ColumnsDoubled(field="file", names="、".join(found.doubled))
    batch_id = UUID(str(key))
    with command("certificate.import_upload", batch_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Uploaded)
        again = ImportBatch.objects.filter(file_digest=digest)
        if again.exclude(state__in=(State.UNDONE, State.DROPPED)).exists():
            raise TableGivenBefore(field="file")
        place = _place(by)
        batch = ImportBatch.objects.create(
            id=batch_id,
            file_name=name[-120:],
            file_digest=digest,
            headers=table.headers,
            department_id=place.department_id,
            region_code=place.region_code,
            uploaded_by=by.id,
            uploaded_post=by.post_id,
            uploaded_at=at,
            queued_at=at,
            total=len(table.rows),
        )
        ImportRow.objects.bulk_create(_rows(batch, table, found, kinds), batch_size=1000)
        cmd.note(rows=len(table.rows), sha256=digest)
        _defer(batch_id)
        return cmd.done(Uploaded(batch_id, len(table.rows)))


def type_rules() -> dict[str, TypeRule]:
    """Every certificate type, by code."""
    return {
        kind.code: TypeRule(kind.code, kind.name, kind.validity_years, rules.read_fields(kind.fields))
        for kind in CertificateType.objects.order_by("code")
    }


def _place(by: Actor) -> Place:
    """Where the uploading post stands: who may see the batch follows from it."""
    if by.post_id is None:
        return Place()
    department = identity.post_by_code(identity.post_code(by.post_id)).department
    return Place(department.pk, department.region_code, "")


def _rows(
    batch: ImportBatch, table: Table, found: columns.Mapped, kinds: Mapping[str, TypeRule]
) -> list[ImportRow]:
    by_name = {kind.name: kind.code for kind in kinds.values()} | {code: code for code in kinds}
    rows = []
    for line, raw in table.rows:
        cells = [unescaped(cell) for cell in raw]
        values = {code: cells[place] for code, place in (*found.known.items(), *found.lines.items())}
        rows.append(
            ImportRow(
                batch=batch,
                line=line,
                values={"cells": cells, "values": values},
                number=checks.number_of(values.get("number", ""))[:40],
                type_code=by_name.get(values.get("type", ""), ""),
            )
        )
    return rows


def work(batch_id: UUID, at: Instant) -> bool:
    """The next portion of what a batch waits for; False when nothing is left."""
    batch = ImportBatch.objects.filter(pk=batch_id).first()
    if batch is None or not batch.at_work:
        return False
    return _check_portion(batch_id, at) if batch.state == State.CHECKING else _bring_in_portion(batch_id, at)


# Checking -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Known:
    """What the register and the scope say about a portion."""

    kinds: Mapping[str, TypeRule]
    doubled: frozenset[tuple[str, str]]
    taken: Mapping[str, str]  # number → type code of the certificate that has it
    places: Mapping[str, tuple[UUID, str]]  # type code → department, item type
    day: date


def _check_portion(batch_id: UUID, at: Instant) -> bool:
    with transaction.atomic():
        batch = _locked(batch_id)
        if batch.state != State.CHECKING:
            return False
        rows = list(_waiting(batch)[:PORTION])
        kept = batch.report
        unused = kept.get("unused") if kept else None
        mapped = columns.mapped(batch.headers, [s for k in type_rules().values() for s in k.specs])
        headers = [*mapped.known, *mapped.lines]
        tally = Tally(kept, headers, mapped.unused if unused is None else unused)
        known, scope = _known(batch, rows, at), access.scope(_uploader(batch), ACTION)
        regions_known: dict[str, bool] = {}
        for row in rows:
            values = row.values["values"]
            findings = _findings(row, values, known, scope, regions_known)
            row.findings = [list(one) for one in findings]
            row.state = _state(findings)
            tally.add(values, findings, row.state)
        ImportRow.objects.bulk_update(rows, ["findings", "state"], batch_size=PORTION)
        batch.report, batch.done, batch.queued_at = tally.kept(), batch.done + len(rows), at
        if batch.done >= batch.total or not rows:
            batch.state, batch.ended_at = State.CHECKED, at
        batch.save(update_fields=["report", "done", "queued_at", "state", "ended_at"])
        return batch.state == State.CHECKING


def _state(findings: Sequence[Finding]) -> str:
    if any(checks.error(code) for code, _column in findings):
        return RowState.WRONG
    return RowState.NOTED if findings else RowState.GOOD


def _waiting(batch: ImportBatch) -> QuerySet[ImportRow]:
    return ImportRow.objects.filter(batch=batch, state=RowState.WAITING).order_by("line")


def _uploader(batch: ImportBatch) -> Actor:
    if batch.uploaded_post is None:
        return Actor.system("demo")
    return Actor("staff", batch.uploaded_by, post_id=batch.uploaded_post)


def _known(batch: ImportBatch, rows: Sequence[ImportRow], at: Instant) -> _Known:
    numbers = {row.number for row in rows if row.number}
    same = ImportRow.objects.filter(batch=batch, number__in=numbers).values_list("number", "type_code")
    counted = Counter(same)
    held = CertificateDirectory.objects.filter(kind=Kind.NUMBER, value__in=numbers)
    owners = dict(held.values_list("value", "certificate_id"))
    codes = dict(Certificate.objects.filter(pk__in=owners.values()).values_list("id", "type__code"))
    departments = {d.code: d.id for d in identity.departments()}
    places = {
        kind.code: (departments[kind.organ_code], kind.item_type)
        for kind in CertificateType.objects.all()
        if kind.organ_code in departments
    }
    return _Known(
        kinds=type_rules(),
        doubled=frozenset(pair for pair, count in counted.items() if count > 1),
        taken={number: codes.get(owner, "") for number, owner in owners.items()},
        places=places,
        day=legal_day(at),
    )


def _findings(
    row: ImportRow,
    values: Mapping[str, str],
    known: _Known,
    scope: access.Scope,
    regions_known: dict[str, bool],
) -> list[Finding]:
    def there(code: str) -> bool:
        if code not in regions_known:
            regions_known[code] = regions.current(code) is not None
        return regions_known[code]

    demo = bool(settings.MINGQU_DEMO)
    kind = known.kinds.get(row.type_code)
    found = checks.row_findings(values, kind, known.day, demo=demo, region_known=there)
    codes = {code for code, _column in found}
    if row.number and (row.number, row.type_code) in known.doubled:
        found.append(("double_in_file", "number"))
    if row.number in known.taken:
        same = known.taken[row.number] == row.type_code
        found.append(("in_register" if same else "number_taken", "number"))
    if kind is not None and "region_wrong" not in codes and not _within(values, row.type_code, known, scope):
        found.append(("region_outside", "region"))
    if not codes & {"holder_number_missing", "citizen_number_wrong", "credit_code_wrong"}:
        number = checks.number_of(values["holder_number"])
        if holder_id_of(checks.holder_kind(number, demo=demo), number) is None:
            found.append(("holder_unknown", "holder_number"))
    return found


def _within(values: Mapping[str, str], type_code: str, known: _Known, scope: access.Scope) -> bool:
    department, item_type = known.places.get(type_code, (None, ""))
    region = checks.region_code(values.get("region", ""))
    return scope.covers(Place(department, region, item_type))


# Confirming and bringing in -----------------------------------------------------------------------------------


def confirm(*, batch_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """
    Bring in every row without an error; a job does it. Raises NotAuthorised, BatchNotFound, BatchElsewhere,
    NothingToImport.
    """
    with command("certificate.import_confirm", batch_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        batch = locked_for(batch_id, by, State.CHECKED)
        usable = ImportRow.objects.filter(batch=batch, state__in=(RowState.GOOD, RowState.NOTED)).count()
        if not usable:
            raise NothingToImport()
        batch.state, batch.done, batch.queued_at, batch.ended_at = State.IMPORTING, 0, at, None
        batch.confirmed_by, batch.confirmed_post, batch.confirmed_at = by.id, by.post_id, at
        batch.save()
        cmd.note(rows=usable, wrong=batch.total - usable)
        _defer(batch_id)
        cmd.done(None)


def _bring_in_portion(batch_id: UUID, at: Instant) -> bool:
    first = _usable(batch_id).values_list("line", flat=True).first()
    key = CommandKey(uuid5(batch_id, f"rows:{first}"))
    with command("certificate.import_rows", batch_id, by=IMPORTER, at=at, key=key) as cmd:
        if cmd.repeated:
            return False
        batch = _locked(batch_id)
        if batch.state != State.IMPORTING:
            return False
        rows = list(_usable(batch_id)[:PORTION])
        made = bring_in(batch, rows, type_rules(), at)
        batch.done, batch.imported, batch.queued_at = batch.done + len(rows), batch.imported + made, at
        if not _usable(batch_id).exists():
            batch.state, batch.ended_at = State.IMPORTED, at
        batch.save(update_fields=["done", "imported", "queued_at", "state", "ended_at"])
        cmd.note(rows=made, from_line=first, confirmed_by=str(batch.confirmed_by))
        cmd.done(None)
        return batch.state == State.IMPORTING


def _usable(batch_id: UUID) -> QuerySet[ImportRow]:
    rows = ImportRow.objects.filter(batch_id=batch_id, state__in=(RowState.GOOD, RowState.NOTED))
    return rows.order_by("line")


# Ending -------------------------------------------------------------------------------------------------------


def drop(*, batch_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """Not brought in at all; the rows are deleted. Raises NotAuthorised, BatchNotFound, BatchElsewhere."""
    with command("certificate.import_drop", batch_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        batch = locked_for(batch_id, by, State.CHECKED)
        batch.state, batch.ended_at = State.DROPPED, at
        batch.save(update_fields=["state", "ended_at"])
        ImportRow.objects.filter(batch=batch).delete()
        cmd.note(rows=batch.total)
        cmd.done(None)


def note_download(*, batch_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """The wrong rows leave the house, in the clear: that is written down. Raises NotAuthorised, BatchNotFound."""
    with command("certificate.import_download", batch_id, by=by, at=at, key=key) as cmd:
        batch = _locked(batch_id)
        access.require(by, ACTION, batch)
        cmd.note(rows=ImportRow.objects.filter(batch=batch, state=RowState.WRONG).count())
        cmd.done(None)


def sweep(at: Instant, patience_seconds: int = 120) -> None:
    """Jobs of killed workers: batches at work that have not moved for a while get a new one."""
    waiting = ImportBatch.objects.filter(state__in=(State.CHECKING, State.IMPORTING))
    for batch in waiting:
        if (at - batch.queued_at).total_seconds() > patience_seconds:
            ImportBatch.objects.filter(pk=batch.pk).update(queued_at=at)
            _defer(batch.pk)


def _locked(batch_id: UUID) -> ImportBatch:
    batch = ImportBatch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None:
        raise BatchNotFound()
    return batch


def locked_for(batch_id: UUID, by: Actor, state: str) -> ImportBatch:
    batch = _locked(batch_id)
    access.require(by, ACTION, batch)
    if batch.state != state:
        raise BatchElsewhere(state=batch.get_state_display())
    return batch


def _defer(batch_id: UUID) -> None:
    jobs.configure_task(WORK, queue=QUEUE).defer(batch_id=str(batch_id))
