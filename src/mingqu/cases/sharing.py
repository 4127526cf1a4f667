"""
Questions about shared findings (联合踏勘): what several departments found together on one visit, and which records of
their own visits rest on it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from mingqu.cases.models import BundlePart, Case, JointVisit, JointVisitAnswer, SharedFinding, Visit

STANDS = SharedFinding.State.STANDS


def findings_of(bundle_id: UUID, joint_id: UUID) -> list[SharedFinding]:
    """All of a joint visit, corrected and taken out ones too, in the order they were written."""
    return list(SharedFinding.objects.filter(bundle_id=bundle_id, joint_id=joint_id).order_by("id"))


def standing(findings: Iterable[SharedFinding]) -> list[SharedFinding]:
    return [one for one in findings if one.state == STANDS]


def says(finding: SharedFinding) -> str:
    """A finding in one line, without its subject."""
    photo = "照片" if finding.file_id else ""
    return "，".join(one for one in (amount_of(finding), finding.text, photo) if one)


def amount_of(finding: SharedFinding) -> str:
    return "" if finding.amount is None else f"{finding.amount.normalize():f}{finding.unit}"


@dataclass(frozen=True)
class Shared:
    """The shared record as the case of one part meets it."""

    joint: JointVisit
    own: JointVisitAnswer
    findings: list[SharedFinding]  # that stand

    @property
    def adoptable(self) -> bool:
        """It is closed and this department, which was to come, did not."""
        return self.joint.recorded_at is not None and self.own.came is False


def shared_with(case: Case) -> Shared | None:
    """
    The shared record of the last joint visit this case's department agreed to, three statements; None, and no
    statement, outside a bundle. The caller has checked access.
    """
    own = _own_answers(case).order_by("-joint_id").first() if case.bundle_id else None
    if own is None:
        return None
    joint = JointVisit.objects.select_related("bundle").get(bundle_id=own.bundle_id, id=own.joint_id)
    return Shared(joint, own, standing(findings_of(own.bundle_id, own.joint_id)))


def joint_of(case: Case) -> UUID | None:
    """The joint visit of the same, one statement, none outside a bundle."""
    if case.bundle_id is None:
        return None
    return _own_answers(case).order_by("-joint_id").values_list("joint_id", flat=True).first()


def _own_answers(case: Case) -> QuerySet[JointVisitAnswer]:
    agreed = JointVisit.objects.filter(bundle_id=case.bundle_id, state=JointVisit.State.AGREED)
    own = BundlePart.objects.filter(bundle_id=case.bundle_id, case_id=case.pk)
    return JointVisitAnswer.objects.filter(
        bundle_id=case.bundle_id,
        joint_id__in=agreed.values("id"),
        part__in=own.values("code"),
        answer=JointVisitAnswer.Answer.AGREED,
        dropped_at=None,
    )


@dataclass(frozen=True)
class Corrected:
    """A finding a record rests on, and what stands in its place now (None: nothing)."""

    before: SharedFinding
    after: SharedFinding | None


def corrected_since(case: Case, visits: Iterable[Visit]) -> dict[UUID, list[Corrected]]:
    """By visit: what its record rests on and what has been corrected since; one statement, none outside a bundle."""
    resting = [one for one in visits if one.used_ids]
    if not resting or case.bundle_id is None:
        return {}
    rows = SharedFinding.objects.filter(bundle_id=case.bundle_id, joint_id__in=[v.joint_id for v in resting])
    by_id = {one.id: one for one in rows}
    instead = {one.replaces: one for one in by_id.values() if one.replaces}
    found = {}
    for visit in resting:
        gone = [by_id[one] for one in visit.used_ids if by_id[one].state != STANDS]
        if gone:
            found[visit.id] = [Corrected(one, _last(one, instead)) for one in gone]
    return found


def _last(finding: SharedFinding, instead: dict[UUID | None, SharedFinding]) -> SharedFinding | None:
    found = instead.get(finding.id)
    while found is not None and found.id in instead:
        found = instead[found.id]
    return found


def resting_on(case: Case, finding_id: UUID) -> list[Visit]:
    """Records of visits of this case that rest on a finding."""
    return list(Visit.objects.filter(case=case, state=Visit.State.DONE, used_ids__contains=[finding_id]))
