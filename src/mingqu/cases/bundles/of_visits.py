"""What officers are told of a joint visit (联合踏勘): they missed it; what their record rests on was corrected."""

from uuid import UUID, uuid5

from mingqu.cases import events as case_events
from mingqu.cases import sharing
from mingqu.cases.bundles import events, selectors
from mingqu.cases.models import BundlePart, Case, JointVisit, Visit
from mingqu.cases.telling import tell_about
from mingqu.identity import selectors as identity
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.process import selectors as tasks


def tell_missed(event: events.JointVisitRecorded, at: Instant) -> None:
    """The officers who were to come, and whoever holds the post of the step."""
    joint = JointVisit.objects.get(bundle_id=event.root_id, id=event.joint_id)
    answers = {one.part: one for one in selectors.answers_to(joint)}
    missed = BundlePart.objects.filter(bundle_id=event.root_id, code__in=event.missed)
    for part in missed.select_related("bundle"):
        case, answer = Case.objects.get(pk=part.case_id), answers[part.code]
        people = dict.fromkeys([*answer.officer_ids, *identity.people_at([answer.post], legal_day(at))])
        words = {"bundle": part.bundle.name}
        tell_about(case, people, "joint_visit_missed", words, at, str(uuid5(joint.id, part.code)))


@subscriber("cases.tell_finding_corrected", events.SharedFindingCorrected)
def tell_corrected(event: events.SharedFindingCorrected, *, at: Instant) -> None:
    """Everybody whose record rests on what was corrected."""
    for case in Case.objects.filter(bundle_id=event.root_id):
        for visit in sharing.resting_on(case, event.finding_id):
            _tell_corrections(case, visit, at)


@subscriber("cases.tell_finding_corrected_before", case_events.StepCompleted)
def tell_corrected_before(event: case_events.StepCompleted, *, at: Instant) -> None:
    """A record that was signed while a finding it rests on was being corrected: its officers hear of it too."""
    resting = Visit.objects.filter(case_id=event.root_id, step=event.step, state=Visit.State.DONE)
    for visit in resting.exclude(joint_id=None).select_related("case"):
        _tell_corrections(visit.case, visit, at)


def _tell_corrections(case: Case, visit: Visit, at: Instant) -> None:
    """Once for each finding and each place it was corrected to."""
    for one in sharing.corrected_since(case, [visit]).get(visit.id, []):
        words = {
            "subject": one.before.subject,
            "before": sharing.says(one.before),
            "after": sharing.says(one.after) if one.after else "已撤下",
            "reason": one.after.reason if one.after else one.before.removed_because,
        }
        fact = str(uuid5(one.before.id, str(one.after.id if one.after else "")))
        tell_about(case, _concerned(case, visit, at), "shared_finding_corrected", words, at, fact)


def _concerned(case: Case, visit: Visit, at: Instant) -> list[UUID]:
    """Who made the record, and who has the case in hand now."""
    open_ = {task.post for task in tasks.open_tasks(case.pk)}
    return list(dict.fromkeys([*visit.officer_ids, *identity.people_at(open_, legal_day(at))]))
