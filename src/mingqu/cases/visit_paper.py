"""现场核查记录 on paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from mingqu.cases import sharing
from mingqu.cases.ink import ink
from mingqu.cases.models import Case, Visit, VisitPhoto
from mingqu.cases.papers import request_paper
from mingqu.cases.sharing import Shared
from mingqu.cases.types import POINT_STATES, VisitRecord
from mingqu.catalogue.types import Checklist
from mingqu.documents.types import CheckedUpload
from mingqu.identity import selectors as identity
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.ui.text import zh_moment


@dataclass(frozen=True)
class Behind:
    """What a record stands on: the list gone through, its officers' names, shared findings of a joint visit."""

    checklist: Checklist
    names: Mapping[UUID, str]
    rests_on: Shared | None


def visit_record(case: Case, visit: Visit, record: VisitRecord, behind: Behind, at: Instant) -> None:
    """
    现场核查记录: every line of the list, the photos with their digests, who signed and who did not; of a joint visit
    the shared findings it rests on.
    """
    checklist, names, rests_on = behind.checklist, behind.names, behind.rests_on
    found = {one.code: one for one in record.points}
    drawn = {one.person_id: one.drawn for one in record.officers}
    photos = VisitPhoto.objects.filter(case=case, visit_id=visit.id, removed=False).order_by("id")
    request_paper(
        case,
        "visit_record",
        at,
        step=visit.step_name,
        place=visit.place,
        began=zh_moment(record.began_at),
        ended=zh_moment(at),
        officers=[{"name": names.get(one, ""), "drawn": _ink(drawn.get(one))} for one in visit.officer_ids],
        checklist=checklist.name,
        points=[
            {
                "text": f"{'★' if point.critical else ''}{point.text}",
                "state": POINT_STATES[found[point.code].state],
                "note": found[point.code].note.strip(),
            }
            for point in checklist.points
        ],
        outcome=visit.get_outcome_display(),
        again_by=record.again_by.isoformat() if record.again_by else None,
        remarks=record.text.strip().splitlines(),
        photos=[
            {"taken": zh_moment(one.taken_at) if one.taken_at else "", "sha256": one.sha256} for one in photos
        ],
        party=record.party.name.strip(),
        party_drawn=_ink(record.party.drawn),
        party_refused=record.party.reason.strip() if record.party.refused else "",
        shared=_shared(rests_on) if rests_on else [],
        adopted=record.adopted.strip(),
        joint_on=legal_day(rests_on.joint.planned_for).isoformat() if rests_on else None,
    )


def _shared(rests_on: Shared) -> list[dict[str, str]]:
    who = identity.names_of(one.written_by for one in rests_on.findings)
    return [
        {
            "subject": one.subject,
            "says": sharing.says(one),
            "who": who.get(one.written_by, ""),
            "sha256": one.sha256,
        }
        for one in rests_on.findings
    ]


def _ink(drawn: CheckedUpload | None) -> str:
    return ink(drawn.data if drawn else None)
