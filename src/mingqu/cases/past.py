"""Past cases of an item as they came, for trying another process on them: no name, no answer of a form."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from mingqu.cases.models import Case


@dataclass(frozen=True, slots=True)
class PastCase:
    """`situation`: answers of 情形引导, which are nobody's data."""

    id: UUID
    situation: dict[str, Any]


def past_cases(item_code: str, handling: str, since: date, until: date, most: int) -> list[PastCase]:
    """
    Accepted between two days (both included) and decided, the latest `most` of them; for jobs and for figures that
    name nobody: the caller has checked who asks.
    """
    rows = Case.objects.filter(item_code=item_code, handling_code=handling, decided_on__isnull=False)
    rows = rows.filter(accepted_on__gte=since, accepted_on__lte=until).order_by("-id")
    return [PastCase(*row) for row in rows.values_list("id", "situation")[:most]]
