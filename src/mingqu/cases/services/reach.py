"""
Whether a paper can be served electronically: with consent, and by a way that lets receipt be confirmed (民事诉讼法 90).
What is put into the space of who has no account nobody ever opens.
"""

from collections.abc import Iterable
from uuid import UUID

from mingqu.cases.errors import DeliveryNotReachable
from mingqu.cases.models import Case
from mingqu.identity import selectors as identity
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant


def require_reached(people: Iterable[UUID]) -> None:
    """That one of them has an account to open it with. Raises DeliveryNotReachable."""
    if not identity.reached_online(people):
        raise DeliveryNotReachable(field="delivery")


def reached(case: Case, at: Instant) -> bool:
    """Whether who is told of this case (of a firm's, who acts for it today) can open what is put there."""
    return identity.reached_online(identity.whom_to_tell(case.applicant_id, case, legal_day(at)))
