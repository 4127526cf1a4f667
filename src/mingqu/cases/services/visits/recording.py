"""现场核查记录: kept point by point on the spot, signed, and with it the step is done or the visit repeated."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from mingqu.cases import rules, selectors, sharing, visit_paper
from mingqu.cases.bundles.shared_errors import FindingNotShared, NothingToAdopt
from mingqu.cases.errors import FindingMissing
from mingqu.cases.events import VisitToBeRepeated
from mingqu.cases.models import Case, Visit
from mingqu.cases.services.open_questions import require_answered
from mingqu.cases.services.review import close_step
from mingqu.cases.services.standing_aside import require_unbarred
from mingqu.cases.services.visits.shared import case_under_review, officers_visit, task_of
from mingqu.cases.sharing import Shared
from mingqu.cases.types import (
    POINT_STATES,
    Finding,
    OfficerSigned,
    Point,
    PointFound,
    VisitDone,
    VisitParty,
    VisitRecord,
)
from mingqu.cases.visit_errors import (
    AgainDayWrong,
    BeganWrong,
    NoteMissing,
    NothingToPutRight,
    OfficersUnsigned,
    OverrideReasonMissing,
    PartyUnsigned,
    PointOpen,
    PointUnknown,
    VisitNotYet,
)
from mingqu.catalogue.types import CheckPoint
from mingqu.documents import services as documents
from mingqu.documents.types import CheckedUpload
from mingqu.identity import selectors as identity
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.text import zh_day, zh_moment

SIGNATURE_KIND = "visit_signature"
AGAIN_AT_MOST = timedelta(days=60)
FINDINGS_VERSION = 1


def save_visit(
    *, case_id: UUID, visit_id: UUID, points: Sequence[PointFound], by: Actor, at: Instant, key: UUID
) -> VisitDone:
    """
    Keep what was found so far: each given point replaces the earlier one, so that a lost line loses no more than
    the point at hand. Raises VisitGone, NotAnOfficer, PointUnknown.
    """
    with command("case.save_visit", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(VisitDone)
        case = case_under_review(case_id, "case.record_visit", by)
        visit = officers_visit(case, visit_id, by)
        known = {point.code for point in selectors.checklist_of(case, visit).points}
        if any(one.code not in known or one.state not in {*POINT_STATES, ""} for one in points):
            raise PointUnknown()
        visit.findings = _merged(visit.findings, points)
        visit.saved_at, visit.began_at = at, visit.began_at or at
        visit.save(update_fields=["findings", "saved_at", "began_at"])
        cmd.note(step=visit.step, points=[one.code for one in points])
        cmd.note_digest(findings=visit.findings)
        return cmd.done(VisitDone(case.pk, visit.id, visit.state))


def record_visit(
    *, case_id: UUID, visit_id: UUID, record: VisitRecord, by: Actor, at: Instant, key: UUID
) -> VisitDone:
    """
    Close a visit with its record and, unless it is to be repeated, the step (行政许可法 34: two or more staff).

    What is found follows from the critical points; against them the record gives its reason. Raises VisitGone,
    NotAnOfficer, VisitNotYet, BeganWrong, PointUnknown, PointOpen, NoteMissing, FindingMissing,
    OverrideReasonMissing, NothingToPutRight, AgainDayWrong, PartyUnsigned, OfficersUnsigned; where it rests on shared
    findings of a joint visit (联合踏勘): FindingNotShared, NothingToAdopt.
    """
    with command("case.record_visit", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(VisitDone)
        case = case_under_review(case_id, "case.record_visit", by)
        visit = officers_visit(case, visit_id, by)
        task = task_of(case, visit)
        require_unbarred(case, visit.officer_ids)
        checklist = selectors.checklist_of(case, visit)
        names = identity.names_of(visit.officer_ids)
        rests_on = _check_shared(case, record)
        if not record.adopted.strip():
            _check_times(visit, record, at)
        _check_points(checklist.points, record.points)
        _check_outcome(checklist.points, record, at)
        if not record.adopted.strip():
            check_party_signed(record.party)
        check_officers_signed(record.officers, visit.officer_ids, names)
        _keep(case, visit, record, rests_on, at)
        behind = visit_paper.Behind(checklist, names, rests_on)
        visit_paper.visit_record(case, visit, record, behind, at)
        cmd.note(outcome=record.outcome, refused=record.party.refused)
        if rests_on is not None:
            cmd.note(used_findings=visit.used_ids, adopted_record=bool(visit.adopted))
        cmd.note_digest(findings=visit.findings, party=record.party.name)
        if record.outcome == Visit.Outcome.AGAIN:
            assert record.again_by is not None
            cmd.note(step=visit.step, again_by=record.again_by)
            cmd.publish(
                VisitToBeRepeated(
                    case.pk, case.number, case.item_code, case.applicant_id, visit.id, record.again_by
                )
            )
        else:
            require_answered(case, task.step)
            others = "、".join(names.get(one, "") for one in visit.officer_ids if one != by.id)
            close_step(cmd, case, task, _finding(checklist.points, record, others))
        return cmd.done(VisitDone(case.pk, visit.id, visit.state, record.outcome))


def _merged(before: Mapping[str, object], points: Sequence[PointFound]) -> dict[str, object]:
    kept = {code: list(line) for code, line in selectors.points_found(before).items()}
    for one in points:
        kept[one.code] = [one.state, one.note.strip()]
    return {"version": FINDINGS_VERSION, "points": kept}


def _check_times(visit: Visit, record: VisitRecord, at: Instant) -> None:
    planned_on = legal_day(visit.planned_for)
    if legal_day(at) < planned_on:
        raise VisitNotYet(day=zh_day(planned_on))
    if record.began_at > at or legal_day(record.began_at) < planned_on:
        raise BeganWrong(field="began", given=zh_moment(record.began_at))


def _check_points(points: Sequence[CheckPoint], given: Sequence[PointFound]) -> None:
    known = {point.code: point for point in points}
    found = {one.code: one for one in given if one.state}
    if any(code not in known or one.state not in POINT_STATES for code, one in found.items()):
        raise PointUnknown()
    if left := rules.open_points(points, {code: one.state for code, one in found.items()}):
        raise PointOpen(field=left[0].code, count=len(left), text=left[0].text)
    for point in points:
        one = found[point.code]
        if rules.needs_note(point, one.state) and not one.note.strip():
            raise NoteMissing(field=point.code, text=point.text)


def _check_outcome(points: Sequence[CheckPoint], record: VisitRecord, at: Instant) -> None:
    states = {one.code: one.state for one in record.points}
    computed = rules.visit_finding(points, states)
    if record.outcome == Visit.Outcome.AGAIN:
        if "not_met" not in states.values():
            raise NothingToPutRight(field="outcome")
        today = legal_day(at)
        if record.again_by is None or not today < record.again_by <= today + AGAIN_AT_MOST:
            raise AgainDayWrong(field="again_by")
    elif record.outcome not in (Visit.Outcome.MET, Visit.Outcome.NOT_MET):
        raise FindingMissing(field="outcome")
    elif record.outcome != computed and not record.text.strip():
        raise OverrideReasonMissing(field="text", computed=Visit.Outcome(computed).label)


def check_party_signed(party: VisitParty) -> None:
    """Raises PartyUnsigned: neither a name nor why there is none."""
    if party.refused and not party.reason.strip():
        raise PartyUnsigned(field="party_reason")
    if not party.refused and not party.name.strip():
        raise PartyUnsigned(field="party_name")


def check_officers_signed(
    signed: Sequence[OfficerSigned], officers: Sequence[UUID], names: Mapping[UUID, str]
) -> None:
    """Each of them wrote her own name. Raises OfficersUnsigned."""
    written = {one.person_id: _plain(one.name) for one in signed}
    missing = [names.get(one, "") for one in officers if written.get(one) != _plain(names.get(one, ""))]
    if missing:
        raise OfficersUnsigned(field="officer", names="、".join(missing))


def _check_shared(case: Case, record: VisitRecord) -> Shared | None:
    """
    What of the shared findings of a joint visit (联合踏勘) the record rests on; None: nothing. Raises FindingNotShared,
    NothingToAdopt.
    """
    if not record.used_ids and not record.adopted.strip():
        return None
    shared = sharing.shared_with(case)
    if record.adopted.strip() and (shared is None or not shared.adoptable):
        raise NothingToAdopt(field="adopted")
    if shared is None or not set(record.used_ids) <= {one.id for one in shared.findings}:
        raise FindingNotShared(field="used")
    if record.adopted.strip():
        return shared
    return replace(shared, findings=[one for one in shared.findings if one.id in record.used_ids])


def _plain(name: str) -> str:
    return name.replace(" ", "").replace("\u3000", "")


def _keep(case: Case, visit: Visit, record: VisitRecord, rests_on: Shared | None, at: Instant) -> None:
    if rests_on is not None:
        visit.joint_id, visit.used_ids = rests_on.joint.id, [one.id for one in rests_on.findings]
        visit.adopted = record.adopted.strip()
    visit.findings = _merged({}, record.points)
    visit.outcome, visit.again_by, visit.text = record.outcome, record.again_by, record.text.strip()
    visit.party_name, visit.party_refused = record.party.name.strip(), record.party.refused
    visit.party_reason = record.party.reason.strip()
    visit.party_signature_id = _signature(case, "申请人签名.png", record.party.drawn, at)
    visit.officer_signature_ids = {
        str(one.person_id): str(kept)
        for one in record.officers
        if (kept := _signature(case, "核查人员签名.png", one.drawn, at))
    }
    visit.began_at, visit.done_at, visit.saved_at = record.began_at, at, at
    visit.state = Visit.State.DONE
    visit.save()


def _signature(case: Case, name: str, drawn: CheckedUpload | None, at: Instant) -> UUID | None:
    if drawn is None:
        return None
    stored = documents.store_upload(root_id=case.pk, kind=SIGNATURE_KIND, name=name, upload=drawn, at=at)
    return stored.file_id


def _finding(points: Sequence[CheckPoint], record: VisitRecord, others: str) -> Finding:
    """What the opinion says: the lines of the list that applied, and the words or what was wrong."""
    states = {one.code: one for one in record.points}
    applied = [(p, states[p.code]) for p in points if states[p.code].state != "na"]
    wrong = [f"{p.text}：{one.note.strip()}" for p, one in applied if one.state == "not_met"]
    return Finding(
        outcome=record.outcome,
        text=record.text.strip() or "；".join(wrong),
        second_officer=others,
        points=tuple(Point("", p.text, one.state == "met") for p, one in applied),
    )
