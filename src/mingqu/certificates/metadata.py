"""Core metadata of certificates (元数据, standards section 7) for the report upwards; nobody is shown them here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from mingqu.certificates.models import Certificate
from mingqu.identity import selectors as identity
from mingqu.identity.types import DepartmentView
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.training import is_training


@dataclass(frozen=True, slots=True)
class Metadata:
    """`holder_kind`: person or firm; `holder_code`: a firm's credit code, else ""; `state` on the day asked for."""

    id: UUID
    type_code: str
    type_name: str
    number: str
    identifier: str
    issuer: str
    issuer_code: str
    issued_on: date
    valid_from: date
    valid_until: date | None
    region_code: str
    state: str
    holder_kind: str
    holder_id: UUID | None
    holder_name: str = field(repr=False)
    holder_code: str = ""


def certificate_ids(*, after: UUID | None = None, limit: int = 1000) -> list[UUID]:
    """Every certificate there is, by id. Nobody is shown them."""
    rows = Certificate.objects.order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.values_list("pk", flat=True)[:limit])


def metadata_of(ids: Sequence[UUID], day: date) -> list[Metadata]:
    """Those of these certificates that are no exercise (培训区域), by id; three statements."""
    rows = [
        row
        for row in Certificate.objects.filter(pk__in=ids).select_related("type").order_by("pk")
        if not is_training(row.region_code)
    ]
    firms = identity.firms_by_id(row.holder_id for row in rows if row.holder_kind == "firm" and row.holder_id)
    codes = {firm.pk: firm.credit_code for firm in firms}
    organs = identity.departments_by_id(row.department_id for row in rows)
    return [_metadata(row, day, codes, organs.get(row.department_id)) for row in rows]


def _issued_on(row: Certificate) -> date:
    """Of what was taken over from a table (存量证照) only the day it is valid from is known."""
    return row.valid_from if row.origin == Certificate.Origin.EXISTING else legal_day(row.issued_at)


def _metadata(row: Certificate, day: date, codes: dict[UUID, str], organ: DepartmentView | None) -> Metadata:
    of_firm = row.holder_kind == "firm"
    code = (codes.get(row.holder_id, "") if row.holder_id else row.holder_number or "") if of_firm else ""
    return Metadata(
        id=row.pk,
        type_code=row.type.code,
        type_name=row.type.name,
        number=row.number,
        identifier=row.identifier,
        issuer=row.organ_name,
        issuer_code=organ.credit_code if organ else "",
        issued_on=_issued_on(row),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        region_code=row.region_code,
        state=row.state_on(day),
        holder_kind=row.holder_kind,
        holder_id=row.holder_id,
        holder_name=row.holder_name,
        holder_code=code,
    )
