"""What officers are told of a joint visit (联合踏勘): they missed it; what their record rests on was corrected."""

from uuid import UUID

from mingqu.cases import events as case_events
from mingqu.cases import sharing
from mingqu.cases.bundles import events, selectors
from mingqu.cases.models import Bundle, Case, JointVisit, Visit
from mingqu.identity import selectors as identity
from mingqu.kernel import training
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.notifications import services as notifications
from mingqu.process import selectors as tasks


def tell_missed(event: events.JointVisitRecorded, at: Instant) -> None:
    """The officers who were to come, and whoever holds the post of the step."""
    bundle = Bundle.objects.get(pk=event.root_id)
    joint = JointVisit.objects.get(bundle=bundle, id=event.joint_id)
    parts = {part.code: part for part in selectors.parts_of(bundle)}
    item = training.named(bundle.name, bundle.region_code)
    for answer in selectors.answers_to(joint):
        if answer.part not in event.missed:
            continue
        part = parts[answer.part]
        people = [*answer.officer_ids, *identity.people_at([answer.post], legal_day(at))]
        for person_id in dict.fromkeys(people):
            notifications.tell(
                person_id,
                "joint_visit_missed",
                {"item": item, "number": bundle.number, "by": part.name},
                bundle.pk,
                at=at,
                fact=f"{joint.id}:{part.code}",
                link=f"/desk/cases/{part.case_number}/",
            )


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
            "item": training.named(case.item_name, case.region_code),
            "number": case.number,
            "subject": one.before.subject,
            "before": sharing.says(one.before),
            "after": sharing.says(one.after) if one.after else "已撤下",
            "reason": one.after.reason if one.after else one.before.removed_because,
        }
        fact = f"{one.before.id}:{one.after.id if one.after else ''}"
        for person_id in _concerned(case, visit, at):
            link = f"/desk/cases/{case.number}/"
            notifications.tell(
                person_id, "shared_finding_corrected", words, case.pk, at=at, fact=fact, link=link
            )


def _concerned(case: Case, visit: Visit, at: Instant) -> list[UUID]:
    """Who made the record, and who has the case in hand now."""
    open_ = {task.post for task in tasks.open_tasks(case.pk)}
    return list(dict.fromkeys([*visit.officer_ids, *identity.people_at(open_, legal_day(at))]))
