"""Questions about visits on the spot (现场核查): what was agreed on, what the officers look at, whose day it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from mingqu.cases import rules
from mingqu.cases.defined import definition_of
from mingqu.cases.models import Case, Visit, VisitPhoto
from mingqu.cases.visit_errors import VisitGone
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Checklist, CheckPoint
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.types import Actor, Instant

WISHES = 2  # how often the applicant may ask for another date of one step: its clock runs on meanwhile
WHOLE_PLACE = Checklist("", "现场核查", [CheckPoint("place", "现场情况与申请材料一致", critical=True)])


def visits_of(case: Case) -> list[Visit]:
    """Every visit of a case, moved and cancelled ones too, in the order they were agreed on."""
    return list(Visit.objects.filter(case=case).order_by("id"))


def visit_of(case: Case, visit_id: UUID) -> Visit:
    """Raises VisitGone. The caller has found the case."""
    found = Visit.objects.filter(case=case, id=visit_id).first()
    if found is None:
        raise VisitGone()
    return found


def planned_visit_of(case: Case, task_id: UUID) -> Visit | None:
    """The visit agreed on for a step, not yet recorded. The caller has found the case."""
    return Visit.objects.filter(case=case, task_id=task_id, state=Visit.State.PLANNED).first()


def checklist_of(case: Case, visit: Visit) -> Checklist:
    """What the officers look at; where the definition has no list, the place against the application."""
    if not visit.checklist:
        return WHOLE_PLACE
    return definition_of(case).checklist(visit.checklist)


def points_found(findings: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """State and note by code of the point, as kept so far."""
    return {code: (line[0], line[1]) for code, line in findings.get("points", {}).items() if line[0]}


def points_kept(findings: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """The same with what has a note but no answer yet: for the page where it is filled in."""
    return {code: (line[0], line[1]) for code, line in findings.get("points", {}).items()}


def finding_so_far(case: Case, visit: Visit) -> str:
    """met or not_met, as the critical points answered so far say."""
    states = {code: state for code, (state, _note) in points_found(visit.findings).items()}
    return rules.visit_finding(checklist_of(case, visit).points, states)


def address_of(case: Case) -> str:
    """The place the applicant wrote into the form's field for an address, or ""."""
    properties = catalogue.definition(case.revision_id, case.handling_code).form.schema.get("properties", {})
    named = (name for name, field in properties.items() if field.get("format") == "address")
    return next((str(case.answers[name]) for name in named if case.answers.get(name)), "")


def has_visits(case: Case) -> bool:
    """Whether a step of this case's situation is done on the spot; asks no table."""
    if case.instance_id is None:
        return False
    definition = definition_of(case)
    steps = catalogue.situation_of_answers(definition, case.situation).steps
    return any(step.kind == "visit" for step in steps)


def photos_of(visit: Visit) -> list[VisitPhoto]:
    return list(
        VisitPhoto.objects.filter(case_id=visit.case_id, visit_id=visit.id, removed=False).order_by("id")
    )


def may_see_photos(actor: Actor, case: Case, visit: Visit) -> bool:
    """
    Photos of a visit show people and premises: for the officers of the department that visited and of the one that
    decides. The applicant reads the record, which has their digests.
    """
    if actor.kind != "staff" or actor.post_id is None or not access.allows(actor, "case.see", case):
        return False
    return identity.is_below(actor.post_id, visit.department_id) or identity.is_below(
        actor.post_id, case.department_id
    )


@dataclass(frozen=True)
class VisitShown:
    """What the applicant sees of the visit to come, or of what is to be put right before the next one."""

    visit_id: UUID
    when: datetime
    place: str
    officers: list[str]
    points: list[str]
    note: str
    wished: bool
    may_ask: bool
    again_by: date | None = None
    wrong: tuple[str, ...] = ()


def visit_shown(case: Case, at: Instant) -> VisitShown | None:
    """None where no officer is expected. The caller has checked whose case it is."""
    if case.status != Case.Status.ACCEPTED or not has_visits(case):
        return None
    visits = visits_of(case)
    last = next((v for v in reversed(visits) if v.state in (Visit.State.PLANNED, Visit.State.DONE)), None)
    if last is None or (last.state == Visit.State.DONE and last.outcome != Visit.Outcome.AGAIN):
        return None
    planned = last.state == Visit.State.PLANNED
    names = identity.names_of(last.officer_ids)
    points = checklist_of(case, last).points
    found = points_found(last.findings)
    asked = [v for v in visits if v.task_id == last.task_id and v.wished_at is not None]
    return VisitShown(
        visit_id=last.id,
        when=last.planned_for,
        place=last.place,
        officers=[names.get(one, "") for one in last.officer_ids],
        points=[point.text for point in points],
        note=last.note,
        wished=last.wished_at is not None,
        may_ask=planned and last.wished_at is None and last.planned_for > at and len(asked) < WISHES,
        again_by=None if planned else last.again_by,
        wrong=()
        if planned
        else tuple(
            f"{point.text}：{found[point.code][1]}"
            for point in points
            if found.get(point.code, ("", ""))[0] == "not_met"
        ),
    )


@dataclass(frozen=True)
class VisitCursor:
    """Where a page of visits ends: the hour agreed on and the id."""

    planned_for: datetime
    visit_id: UUID

    def __str__(self) -> str:
        return f"{self.planned_for.timestamp():.6f}_{self.visit_id}"

    @classmethod
    def parse(cls, text: str) -> "VisitCursor | None":
        """None for anything that is not a cursor: a stale link shows the first page."""
        hour, _, visit_id = text.partition("_")
        try:
            return cls(datetime.fromtimestamp(float(hour), UTC), UUID(visit_id))
        except (ValueError, OverflowError):
            return None


def visits_ahead(
    actor: Actor, *, own: bool, after: VisitCursor | None = None, limit: int = 30
) -> list[Visit]:
    """
    Visits agreed on and not yet recorded, the earliest first, with their cases; those the actor goes to (`own`) or
    all of the departments where the acting post may record visits. Keyset.
    """
    scope = access.scope(actor, "case.record_visit")
    found = Visit.objects.filter(
        scope.q(
            department="department_id",
            region="case__region_code",
            item_type="case__item_type",
            party="case__applicant_id",
        ),
        state=Visit.State.PLANNED,
    )
    if own:
        found = found.filter(officer_ids__contains=[actor.id])
    if after:
        found = found.filter(
            Q(planned_for__gt=after.planned_for) | Q(planned_for=after.planned_for, id__gt=after.visit_id)
        )
    return list(found.select_related("case").order_by("planned_for", "id")[:limit])
