"""补正 by an agent: what is asked to be corrected is handed in with the person's consent to just that."""

from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.identity.services import access
from mingqu.kernel.errors import spoken
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.outreach.errors import ErrandNotNow, FixConsentMissing
from mingqu.outreach.models import Errand

READER = Actor.system("outreach")
S = Errand.State


def may_fix(row: Errand) -> bool:
    """Whether the person agreed to the correction that is asked for now."""
    return row.state == S.FILED and (row.covers_fixes or row.fix_agreed_at is not None)


def require_asked(row: Errand) -> None:
    """
    A consent to a correction is to the one that is asked for: while none is, none is given beforehand. Raises
    ErrandNotNow.
    """
    waits = cases.visible_cases(READER).filter(pk=row.draft_id, status="correction")
    if row.state == S.FILED and not waits.exists():
        raise ErrandNotNow(state=spoken(str(S(row.state).label)))


def require_fix_consent(case_id: UUID, by: Actor, at: Instant) -> None:
    """
    Asked within the command that hands a correction in, before anything is kept: an agent's needs the person's consent,
    which is used up by it; and by whoever else hands in what it was given for. Raises FixConsentMissing.
    """
    if not access.may(by, "errand.open"):  # no agent: the person herself, or a clerk for who stands there
        Errand.objects.filter(draft_id=case_id, fix_agreed_at__isnull=False).update(fix_agreed_at=None)
        return
    row = Errand.objects.select_for_update(of=("self",)).filter(draft_id=case_id).first()
    if row is None or row.post_id != by.post_id or not may_fix(row):
        raise FixConsentMissing()
    row.fix_agreed_at, row.fixed_on = None, legal_day(at)
    row.save(update_fields=["fix_agreed_at", "fixed_on"])
