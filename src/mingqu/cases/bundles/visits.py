"""
现场核查 of the parts of a bundle: each department makes its own, all on one agreed date, so that the applicant waits
once. The lead proposes the date, each department agrees or says why not; without a proposal the first one to agree on a
date of its own shows it to the others.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db.models import Exists, OuterRef

from mingqu.cases.bundles import rules
from mingqu.cases.bundles.shared_errors import JointVisitUnknown
from mingqu.cases.defined import definition_of
from mingqu.cases.models import Bundle, BundlePart, Case, JointVisit, JointVisitAnswer, Visit
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Step
from mingqu.identity import selectors as identity
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process import selectors as process

TOGETHER = 2  # from so many departments on one date is proposed to all of them


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


@dataclass(frozen=True)
class VisitDay:
    """
    What of the visits is still to be recorded on one day, as the applicant is told: one department alone, several
    `apart` (each on a date of its own), `together` on the agreed date, while its record is being `written`, or after it
    is closed (`looked`).
    """

    day: date
    way: Literal["alone", "apart", "together", "written", "looked"]
    visits: list[AgreedVisit]

    @property
    def to_come(self) -> bool:
        return self.way not in ("written", "looked")


def visit_days(bundle: Bundle, parts: Sequence[BundlePart], at: Instant) -> list[VisitDay]:
    """
    The visits by day, the earliest first; one statement more where there are any, and another for each record that is
    closed: who missed that visit is told beside it (`looked_together`), not among those who write their results.
    """
    by_day: dict[date, list[AgreedVisit]] = {}
    for one in agreed_visits(parts):
        by_day.setdefault(one.day, []).append(one)
    joints = {joint.planned_for: joint for joint in joint_records(bundle)} if by_day else {}
    days = [VisitDay(day, _way(visits, joints, at), visits) for day, visits in by_day.items()]
    return [one for day in days if (one := _without_absent(day, joints)).visits]


def _without_absent(day: VisitDay, joints: Mapping[datetime, JointVisit]) -> VisitDay:
    if day.way != "looked":
        return day
    dates = {one.when for one in day.visits} & joints.keys()
    missed = {(when, one.part) for when in dates for one in answers_to(joints[when]) if one.came is False}
    return replace(day, visits=[one for one in day.visits if (one.when, one.part.code) not in missed])


def _way(
    visits: Sequence[AgreedVisit], joints: Mapping[datetime, JointVisit], at: Instant
) -> Literal["alone", "apart", "together", "written", "looked"]:
    joint = next((joints[one.when] for one in visits if one.when in joints), None)
    if joint is not None and joint.recorded_at is not None:
        return "looked"
    if joint is not None and joint.planned_for <= at:
        return "written"
    if len(visits) == 1:
        return "alone"
    return "together" if joint is not None else "apart"


def visits_beside(case: Case) -> list[AgreedVisit]:
    """What the other parts of this case's bundle have agreed on; none and no statement outside a bundle."""
    if case.bundle_id is None:
        return []
    others = BundlePart.objects.filter(bundle_id=case.bundle_id).exclude(case_id=case.pk)
    return agreed_visits(list(others))


@dataclass(frozen=True)
class VisitToMake:
    """A part that is still to be visited; `task_id`: its step, where it is open already."""

    part: BundlePart
    case: Case
    step: Step
    task_id: UUID | None


def to_visit(parts: Sequence[BundlePart]) -> list[VisitToMake]:
    """Parts under review whose situation has a step of kind visit that is not done; at most three statements."""
    running = {part.case_id: part for part in parts if part.state == BundlePart.State.ACCEPTED}
    if not running:
        return []
    steps = {}
    for case in Case.objects.filter(pk__in=[one for one in running if one], status=Case.Status.ACCEPTED):
        if step := visit_step(case):
            steps[case.pk] = (case, step)
    if not steps:
        return []
    waiting = process.open_tasks_of(list(steps))
    over = Visit.objects.filter(case_id__in=list(steps), state=Visit.State.DONE)
    done = set(over.exclude(outcome=Visit.Outcome.AGAIN).values_list("case_id", flat=True))
    found = []
    for case_id, (case, step) in steps.items():
        task = next((one for one in waiting.get(case_id, []) if one.step == step.id), None)
        if task or case_id not in done:
            found.append(VisitToMake(running[case_id], case, step, task.task_id if task else None))
    return sorted(found, key=lambda one: one.part.position)


def visit_step(case: Case) -> Step | None:
    """The step of this case that is done on the spot; asks no table."""
    if case.instance_id is None:
        return None
    definition = definition_of(case)
    steps = catalogue.situation_of_answers(definition, case.situation).steps
    return next((step for step in steps if step.kind == "visit"), None)


def joint_visit(bundle: Bundle) -> JointVisit | None:
    """The proposal that stands: not yet answered by all, else the one agreed on last."""
    return next(iter(standing_visits(bundle)), None)


def standing_visits(bundle: Bundle) -> list[JointVisit]:
    """The proposal that waits for answers before the one agreed on, which counts until the other is agreed on."""
    found = JointVisit.objects.filter(bundle=bundle).exclude(state=JointVisit.State.REPLACED)
    return list(found.order_by("-state", "-id"))


def proposed_for(case: Case) -> datetime | None:
    """The date that waits for the answers of the departments of this case's bundle; no statement outside a bundle."""
    if case.bundle_id is None:
        return None
    found = JointVisit.objects.filter(bundle_id=case.bundle_id, state=JointVisit.State.PROPOSED)
    return found.values_list("planned_for", flat=True).first()


def answers_to(joint: JointVisit) -> list[JointVisitAnswer]:
    return list(JointVisitAnswer.objects.filter(bundle_id=joint.bundle_id, joint_id=joint.id).order_by("id"))


def agreed_joint(bundle: Bundle, joint_id: UUID) -> JointVisit:
    """A joint visit all agreed on. Raises JointVisitUnknown. The caller has checked access to the bundle."""
    found = JointVisit.objects.filter(bundle=bundle, id=joint_id, state=JointVisit.State.AGREED).first()
    if found is None:
        raise JointVisitUnknown()
    return found


def takes_part(answer: JointVisitAnswer, part: BundlePart) -> bool:
    """
    Whether a department comes: it agreed, was not taken out (减), and its part has not come to nothing. Once the record
    is closed it says who did.
    """
    if answer.came is not None:
        return True
    agreed = answer.answer == JointVisitAnswer.Answer.AGREED and answer.dropped_at is None
    return agreed and part.state not in rules.TAKEN_BACK


def joint_records(bundle: Bundle) -> list[JointVisit]:
    """The joint visit that is agreed on, and earlier ones with a record; the latest first."""
    agreed = JointVisit.objects.filter(bundle=bundle, state=JointVisit.State.AGREED)
    return list(agreed.order_by("-id"))


def joint_dates(bundles: Collection[UUID]) -> dict[tuple[UUID, datetime], tuple[str, UUID]]:
    """(bundle, date) → number of the bundle and the joint visit agreed on for that date; none asked, no statement."""
    if not bundles:
        return {}
    agreed = JointVisit.objects.filter(bundle_id__in=bundles, state=JointVisit.State.AGREED)
    rows = agreed.values_list("bundle_id", "planned_for", "bundle__number", "id")
    return {(bundle, when): (number, joint) for bundle, when, number, joint in rows}


@dataclass(frozen=True)
class LookedTogether:
    """A joint visit that was made, as the applicant sees it: departments that came, and that did not."""

    day: date
    came: list[str]
    missed: list[str]


def looked_together(bundle: Bundle, parts: Sequence[BundlePart]) -> list[LookedTogether]:
    """The latest first; one statement where there was none. The caller has checked whose bundle it is."""
    made = list(JointVisit.objects.filter(bundle=bundle, recorded_at__isnull=False).order_by("-id"))
    if not made:
        return []
    organs = {part.code: part.department.name for part in parts}
    found = []
    for joint in made:
        answers = [one for one in answers_to(joint) if one.came is not None]
        came = list(dict.fromkeys(organs[one.part] for one in answers if one.came))
        missed = dict.fromkeys(organs[one.part] for one in answers if not one.came)
        found.append(LookedTogether(legal_day(joint.planned_for), came, [o for o in missed if o not in came]))
    return found


@dataclass(frozen=True)
class Unanswered:
    """A proposal that waits for the answer of a post."""

    bundle: Bundle
    part: str
    when: datetime


def unanswered(actor: Actor, *, limit: int = 30) -> list[Unanswered]:
    """What departments proposed to the acting post and it has not answered; three statements at most."""
    code = identity.post_code(actor.post_id) if actor.post_id else ""
    if not code:
        return []
    asked = JointVisit.objects.filter(
        bundle_id=OuterRef("bundle_id"), id=OuterRef("joint_id"), recorded_at=None
    ).exclude(state=JointVisit.State.REPLACED)
    unanswered = JointVisitAnswer.objects.filter(Exists(asked), post=code, answer="", dropped_at=None)
    rows = unanswered.select_related("bundle")
    found = list(rows.order_by("id")[:limit])
    if not found:
        return []
    proposed = JointVisit.objects.filter(id__in=[row.joint_id for row in found])
    when = dict(proposed.values_list("id", "planned_for"))
    return [Unanswered(row.bundle, row.part, when[row.joint_id]) for row in found]
