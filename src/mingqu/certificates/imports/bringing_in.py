"""Checked rows become certificates of the register, with their lines of the directory."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.conf import settings

from mingqu.certificates import rules
from mingqu.certificates.imports import checks
from mingqu.certificates.imports.checks import TypeRule
from mingqu.certificates.models import (
    Certificate,
    CertificateDirectory,
    CertificateType,
    ImportBatch,
    ImportRow,
)
from mingqu.identity import selectors as identity
from mingqu.kernel.fields import blind_index
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Instant

HOLDER = "certificates.holder"
RowState, Kind = ImportRow.State, CertificateDirectory.Kind


def holder_id_of(kind: str, number: str) -> UUID | None:
    """Who has this number, checked against a document; never who only typed it."""
    return identity.party_with_number("citizen_number" if kind == "person" else "credit_code", number)


def bring_in(
    batch: ImportBatch, rows: Sequence[ImportRow], known: Mapping[str, TypeRule], at: Instant
) -> int:
    """Rows whose number nobody else has taken meanwhile become certificates; how many."""
    types = {kind.code: kind for kind in CertificateType.objects.all()}
    organs = {d.code: d for d in identity.departments()}
    ids = {row.number: new_id() for row in rows}
    for row in rows:
        row.certificate_id = ids[row.number]
    numbers = [
        CertificateDirectory(kind=Kind.NUMBER, value=number, certificate_id=one)
        for number, one in ids.items()
    ]
    CertificateDirectory.objects.bulk_create(numbers, ignore_conflicts=True)
    owners = dict(
        CertificateDirectory.objects.filter(kind=Kind.NUMBER, value__in=[r.number for r in rows]).values_list(
            "value", "certificate_id"
        )
    )
    new: list[Certificate] = []
    for row in rows:
        if owners[row.number] != row.certificate_id:
            row.certificate_id, row.state = None, RowState.WRONG
            row.findings = [*row.findings, ["in_register", "number"]]
            continue
        kind = types[row.type_code]
        found = checks.existing(row.values["values"], known[row.type_code], demo=bool(settings.MINGQU_DEMO))
        organ, row.state = organs[kind.organ_code], RowState.IMPORTED
        new.append(_certificate(row, found, kind, batch, at))
        new[-1].organ_code, new[-1].organ_name, new[-1].department_id = organ.code, organ.name, organ.id
    Certificate.objects.bulk_create(new)
    CertificateDirectory.objects.bulk_create(
        CertificateDirectory(kind=Kind.VERSION, value=f"{one.number}#1", certificate_id=one.pk) for one in new
    )
    ImportRow.objects.bulk_update(rows, ["certificate_id", "state", "findings"], batch_size=len(rows) or 1)
    return len(new)


def _certificate(
    row: ImportRow, found: checks.Existing, kind: CertificateType, batch: ImportBatch, at: Instant
) -> Certificate:
    holder_id = holder_id_of(found.holder_kind, found.holder_number)
    return Certificate(
        id=row.certificate_id,
        type=kind,
        number=found.number,
        origin=Certificate.Origin.EXISTING,
        trust="B",
        batch_id=batch.pk,
        holder_kind=found.holder_kind,
        holder_id=holder_id,
        holder_index=None if holder_id else blind_index(HOLDER, found.holder_number),
        holder_name=found.holder_name,
        holder_number=found.holder_number,
        fields=found.fields,
        region_code=found.region_code,
        item_type=kind.item_type,
        valid_from=found.valid_from,
        valid_until=found.valid_until,
        verification_code=rules.new_code(),  # in no directory: without a file of ours there is nothing to verify
        issued_at=at,
    )
