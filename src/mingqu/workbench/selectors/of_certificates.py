"""What the desk knows of a certificate: the page of the case it was issued for."""

from uuid import UUID

from django.urls import reverse

from mingqu.cases import selectors as cases
from mingqu.cases.errors import CaseUnknown
from mingqu.certificates.services import CaseLink
from mingqu.kernel.types import Actor


def case_of(actor: Actor, case_id: UUID) -> CaseLink | None:
    """None where the officer may not see it, as for a data steward."""
    try:
        case = cases.case_visible_to_id(actor, case_id)
    except CaseUnknown:
        return None
    return CaseLink(case.number, reverse("workbench:case", args=[case.number]))
