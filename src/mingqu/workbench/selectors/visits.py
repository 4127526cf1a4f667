"""Visits on the spot (现场核查): whose day, what to look at, how far the record is."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.cases.bundles.selectors import (
    AgreedVisit,
    Corrected,
    corrected_since,
    finding_says,
    joint_dates,
    joint_of,
    proposed_for,
    shared_with,
    unanswered,
    visits_beside,
)
from mingqu.cases.services import claims
from mingqu.cases.types import PointFound
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Article
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import OfficerView
from mingqu.kernel.errors import NotFound
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_name
from mingqu.kernel.types import Actor, Instant
from mingqu.process import selectors as process
from mingqu.process.errors import TaskNotOpen
from mingqu.process.types import TaskRow
from mingqu.ui.text import clock_time, zh_day
from mingqu.workbench.visit_types import (
    Spot,
    SpotPhoto,
    SpotPoint,
    VisitDay,
    VisitPage,
    VisitPanel,
    VisitRow,
    VisitView,
)

if TYPE_CHECKING:
    from mingqu.cases.models import Case, Visit
    from mingqu.catalogue.types import CheckPoint

PAGE = 30


def visits_page(actor: Actor, *, own: bool, after: str, at: Instant) -> VisitPage:
    """Visits agreed on, by day, and before them on the first page what the post is asked about; seven statements."""
    cursor = cases.VisitCursor.parse(after) if after else None
    found = cases.visits_ahead(actor, own=own, after=cursor, limit=PAGE + 1)
    page = found[:PAGE]
    names = identity.names_of(one for visit in page for one in visit.officer_ids) if page else {}
    joint = joint_dates({visit.case.bundle_id for visit in page if visit.case.bundle_id})
    rows = [
        VisitRow(
            number=visit.case.number,
            item=visit.case.item_name,
            applicant=mask_name(visit.case.applicant_name or ""),
            visit_id=visit.id,
            when=visit.planned_for,
            place=visit.place,
            officers=[names.get(one, "") for one in visit.officer_ids],
            own=actor.id in visit.officer_ids,
            late=visit.planned_for < at,
            wish=_wish(visit),
            joint=joint.get((visit.case.bundle_id, visit.planned_for)) if visit.case.bundle_id else None,
        )
        for visit in page
    ]
    days = [VisitDay(day, list(group)) for day, group in groupby(rows, key=lambda row: legal_day(row.when))]
    more = str(cases.VisitCursor(page[-1].planned_for, page[-1].id)) if len(found) > PAGE else ""
    return VisitPage(days, more, [] if cursor else unanswered(actor))


def visit_panel(actor: Actor, case: "Case", at: Instant) -> VisitPanel | None:
    """The visits of a case, None where its steps know none; costs nothing then."""
    if not cases.has_visits(case):
        return None
    visits = cases.visits_of(case)
    names = identity.names_of(one for visit in visits for one in visit.officer_ids) if visits else {}
    task = _own_task(actor, case, at) if access.allows(actor, "case.plan_visit", case) else None
    planned = any(visit.state == "planned" for visit in visits)
    if not visits and task is None:
        return None
    corrected = corrected_since(case, visits)
    return VisitPanel(
        [_view(actor, visit, names, at, corrected.get(visit.id, [])) for visit in visits],
        task_id=task.task_id if task and not planned else None,
        moves=task is not None,
        beside=visits_beside(case),
        proposed=proposed_for(case) if task else None,
        law=cases.legally_bracketed("two_officers", case.item_type),
        joint_id=joint_of(case),
    )


def _own_task(actor: Actor, case: "Case", at: Instant) -> TaskRow | None:
    """The open step of kind visit that belongs to the acting post, if nobody else of it has claimed it."""
    if case.status != "accepted" or actor.post_id is None:
        return None
    kinds = {step.id: step.kind for step in cases.definition_of(case).steps}
    code = identity.post_code(actor.post_id)
    own = [t for t in process.open_tasks(case.pk) if kinds.get(t.step) == "visit" and t.post == code]
    known = claims.standing(own, legal_day(at))
    return next((t for t in known if not claims.of_another(t, actor)), None)


def _view(
    actor: Actor, visit: "Visit", names: dict[UUID, str], at: Instant, corrected: list[Corrected]
) -> VisitView:
    return VisitView(
        visit_id=visit.id,
        state=visit.state,
        state_words=visit.get_state_display(),
        when=visit.planned_for,
        place=visit.place,
        officers=[names.get(one, "") for one in visit.officer_ids],
        own=actor.id in visit.officer_ids,
        due=legal_day(at) >= legal_day(visit.planned_for),
        wish=visit.wish,
        wish_on=visit.wish_on,
        outcome=visit.outcome,
        outcome_words=visit.get_outcome_display(),
        again_by=visit.again_by,
        text=visit.text,
        photos=len(cases.photos_of(visit)) if visit.state == "done" else 0,
        adopted=visit.adopted,
        used=len(visit.used_ids),
        corrected=[
            (one.before.subject, finding_says(one.before), finding_says(one.after) if one.after else "已撤下")
            for one in corrected
        ],
    )


def _wish(visit: "Visit") -> str:
    if visit.wished_at is None:
        return ""
    return f"{visit.wish}（希望改到{zh_day(visit.wish_on)}）" if visit.wish_on else visit.wish


def planning_of(case: "Case", task_id: UUID, at: Instant) -> tuple[TaskRow, list[OfficerView]]:
    """The step to plan a visit for, and who can be sent. Raises NotFound: this case has no such step."""
    try:
        task = process.task(case.pk, task_id)
    except TaskNotOpen as error:
        raise NotFound() from error
    department = identity.post_by_code(task.post).department_id
    return task, identity.officers_in(department, legal_day(at))


def first_day(at: Instant, beside: Sequence[AgreedVisit] = ()) -> dict[str, object]:
    """What a plan proposes: when other departments go there for the same 一件事; else the next working day at ten."""
    if beside:
        return {"day": beside[0].day, "hour": clock_time(beside[0].when)}
    return {"day": clocks.current_calendar().next_working_day(legal_day(at)), "hour": "10:00"}


def spot(case: "Case", visit: "Visit", at: Instant) -> Spot:
    """The page on the spot."""
    checklist, kept = cases.checklist_of(case, visit), cases.points_kept(visit.findings)
    names = identity.names_of(visit.officer_ids)
    found = cases.points_found(visit.findings)
    return Spot(
        number=case.number,
        item=case.item_name,
        applicant=case.applicant_name or "",
        visit_id=visit.id,
        step_name=visit.step_name,
        when=visit.planned_for,
        place=visit.place,
        checklist=checklist.name,
        points=[
            _point(number, point, kept.get(point.code, ("", "")))
            for number, point in enumerate(checklist.points, start=1)
        ],
        photos=[SpotPhoto(p.id, p.taken_at, p.added_at) for p in cases.photos_of(visit)],
        officers=[(one, names.get(one, "")) for one in visit.officer_ids],
        began_at=visit.began_at,
        saved_at=visit.saved_at,
        computed=cases.finding_so_far(case, visit),
        due=legal_day(at) >= legal_day(visit.planned_for),
        found=tuple(PointFound(code, state, note) for code, (state, note) in found.items()),
        shared=shared_with(case),
    )


def _point(number: int, point: "CheckPoint", kept: tuple[str, str]) -> SpotPoint:
    basis = point.article
    words = clocks.article_text(Article(basis.law, basis.article)) if basis else ""
    return SpotPoint(number, point.code, point.text, point.critical, words, kept[0], kept[1])


def photo_file(actor: Actor, case: "Case", visit: "Visit", photo_id: UUID) -> UUID:
    """The stored file of a photo. Raises NotFound for absent, removed and forbidden alike."""
    if cases.may_see_photos(actor, case, visit):
        for photo in cases.photos_of(visit):
            if photo.id == photo_id:
                found: UUID = photo.file_id
                return found
    raise NotFound()
