"""
What is told upwards of cases (数据上报): columns of the case, with the names as they stand. Nobody is shown them here;
the caller masks what its table asks for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from mingqu.cases.models import Case, Decision
from mingqu.kernel.training import is_training


@dataclass(frozen=True, slots=True)
class ReportedCase:
    """`party_kind`: person or firm; `party_name` in the clear."""

    id: UUID
    number: str
    item_code: str
    item_name: str
    handling_code: str
    handling_item: str
    organ_code: str
    organ_name: str
    credit_code: str
    region_code: str
    channel: str
    party_kind: str
    applicant_id: UUID
    party_name: str = field(repr=False)
    status: str = ""
    received_at: datetime | None = None
    accepted_on: date | None = None
    due_on: date | None = None
    decided_on: date | None = None
    outcome: str = ""
    delivered_on: date | None = None
    certificate_id: UUID | None = None
    firm_id: UUID | None = None


def reported_cases(ids: Sequence[UUID]) -> list[ReportedCase]:
    """Those of these cases that are no exercise (培训区域), by id; one statement. For the report upwards alone."""
    rows = Case.objects.filter(pk__in=ids).select_related("department").order_by("pk")
    return [_reported(row) for row in rows if not is_training(row.region_code)]


def deciders_of(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """By case, which officer decided; not where the law did, by lapse of time. One statement."""
    made = Decision.objects.filter(
        case_id__in=list(ids), kind__in=("granted", "refused"), post_id__isnull=False
    )
    return {row.case_id: row.person_id for row in made.order_by("at")}


def _reported(row: Case) -> ReportedCase:
    return ReportedCase(
        id=row.pk,
        number=row.number,
        item_code=row.item_code,
        item_name=row.item_name,
        handling_code=row.handling_code,
        handling_item=row.handling_item,
        organ_code=row.department.code,
        organ_name=row.department.name,
        credit_code=row.department.credit_code,
        region_code=row.region_code,
        channel=row.channel,
        party_kind=row.party_kind,
        applicant_id=row.applicant_id,
        party_name=row.party_name or row.applicant_name,
        status=row.status,
        received_at=row.received_at,
        accepted_on=row.accepted_on,
        due_on=row.due_on,
        decided_on=row.decided_on,
        outcome=row.outcome,
        delivered_on=row.delivered_on,
        certificate_id=row.certificate_id,
        firm_id=row.firm_id,
    )
