"""Who hears of a case, for rooms above that have something to tell of it."""

from datetime import date
from uuid import UUID

from mingqu.cases.models import Case
from mingqu.identity import selectors as identity


def whom_to_tell(case_id: UUID, day: date) -> list[UUID]:
    """Who filed it, or for a firm who may act for it on that day (`identity.selectors.whom_to_tell`)."""
    case = Case.objects.get(pk=case_id)
    return identity.whom_to_tell(case.applicant_id, case, day)


def whom_told(case: Case, day: date) -> list[UUID]:
    """Who filed it and, of a firm's, who acts for it now: whose messages about it tell what its side was told."""
    return list(dict.fromkeys([case.applicant_id, *identity.whom_to_tell(case.applicant_id, case, day)]))
