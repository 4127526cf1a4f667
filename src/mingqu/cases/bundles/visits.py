"""
现场核查 of the parts of a bundle: each department makes its own, all on one agreed date, so that the applicant waits
once. The date is the one the first department agreed on; nothing here is stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from mingqu.cases.models import BundlePart, Case, Visit
from mingqu.kernel.legal_day import legal_day


@dataclass(frozen=True)
class AgreedVisit:
    """A visit that is agreed on and still to come, of one part."""

    part: BundlePart
    visit_id: UUID
    department: str
    when: datetime
    place: str

    @property
    def day(self) -> date:
        return legal_day(self.when)


def agreed_visits(parts: Sequence[BundlePart]) -> list[AgreedVisit]:
    """Those of all parts, the earliest first. The caller has checked access."""
    running = {part.case_id: part for part in parts if part.state == BundlePart.State.ACCEPTED}
    if not running:
        return []
    found = Visit.objects.filter(case_id__in=list(running), state=Visit.State.PLANNED)
    return [
        AgreedVisit(running[one.case_id], one.id, one.department.name, one.planned_for, one.place)
        for one in found.select_related("department").order_by("planned_for", "id")
    ]


def visits_beside(case: Case) -> list[AgreedVisit]:
    """What the other parts of this case's bundle have agreed on; none and no statement outside a bundle."""
    if case.bundle_id is None:
        return []
    others = BundlePart.objects.filter(bundle_id=case.bundle_id).exclude(case_id=case.pk)
    return agreed_visits(list(others))
