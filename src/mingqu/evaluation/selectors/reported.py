"""What is told upwards of ratings (standards section 9). Who rated is not kept with them and not told here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingqu.evaluation.models import FollowUp, Rating
from mingqu.kernel.training import is_training


@dataclass(frozen=True, slots=True)
class ReportedRating:
    """One rating that counts; `reasons` are codes of indicators.yaml. What was written in words is not told upwards."""

    case_id: UUID
    id: UUID
    contact: str
    level: int
    reasons: tuple[str, ...]
    rated_at: datetime


def rated_case_ids(*, after: UUID | None = None, limit: int = 1000) -> list[UUID]:
    """Cases that were rated, by id. Nobody is shown them."""
    rows = Rating.objects.order_by("root_id")
    if after is not None:
        rows = rows.filter(root_id__gt=after)
    return list(rows.values_list("root_id", flat=True).distinct()[:limit])


def ratings_reported(case_ids: Sequence[UUID]) -> list[ReportedRating]:
    """Of these cases, those that count (误评 and 恶意差评 do not) and are no exercise (培训区域); two statements."""
    excluded = FollowUp.objects.filter(case_id__in=case_ids, state=FollowUp.State.EXCLUDED)
    out = set(excluded.values_list("case_id", "contact"))
    rows = Rating.objects.filter(root_id__in=case_ids).defer("text").order_by("root_id", "id")
    return [
        ReportedRating(row.root_id, row.id, row.contact, row.level, tuple(row.reasons), row.rated_at)
        for row in rows
        if (row.root_id, row.contact) not in out and not is_training(row.region_code)
    ]
