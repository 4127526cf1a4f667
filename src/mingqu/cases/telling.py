"""Messages to staff about a case of theirs."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from mingqu.cases.models import Case
from mingqu.kernel import training
from mingqu.kernel.types import Instant
from mingqu.notifications import services as notifications


def tell_about(
    case: Case, people: Iterable[UUID], kind: str, params: dict[str, Any], at: Instant, fact: str
) -> None:
    """Tell these people of staff of a case, with the way to its page; once for each `fact`."""
    item = training.named(case.item_name, case.region_code)
    for person_id in people:
        notifications.tell(
            person_id,
            kind,
            {"item": item, "number": case.number, **params},
            case.pk,
            at=at,
            fact=fact,
            link=f"/desk/cases/{case.number}/",
        )
