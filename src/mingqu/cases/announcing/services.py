"""
公告送达 (民事诉讼法 95): announced because no other way reached the applicant, withdrawn, or served by the time it ran.

行政许可法 names no ways of service; that those of 民事诉讼法 fit a licence is our reading, as for the others
(`cases.services.service_of_papers`). 行政处罚法 61 and 行政强制法 38 refer to them for their own papers.
"""

from dataclasses import dataclass, field
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases import selectors
from mingqu.cases.announcing import rules
from mingqu.cases.announcing.errors import (
    AnnouncedAlready,
    AnnouncementIncomplete,
    AnnouncementUnknown,
    NothingToAnnounce,
)
from mingqu.cases.announcing.selectors import paper_to_announce
from mingqu.cases.errors import ReasonMissing
from mingqu.cases.models import Announcement
from mingqu.cases.services.notices import NOTICES, SERVING, serve_notice
from mingqu.cases.services.service_of_papers import deliver_case
from mingqu.cases.types import Done, Served
from mingqu.clocks import selectors as clocks
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_name
from mingqu.kernel.types import Actor, CommandKey, Instant

State = Announcement.State


@dataclass(frozen=True)
class NewAnnouncement:
    """What a clerk writes: what everybody reads, where else it is posted, why, and what was tried before."""

    text: str
    place: str
    tried: str = field(repr=False)


def announce(
    *, case_id: UUID, paper_id: UUID, new: NewAnnouncement, by: Actor, at: Instant, key: UUID
) -> date:
    """
    A paper that could not be served in any other way is announced from today; the day on which it counts as served.

    Raises NotAuthorised, AnnouncementIncomplete, NothingToAnnounce, AnnouncedAlready.
    """
    with command("case.announce", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return date.fromisoformat(cmd.first_result(str))
        case = selectors.case_for_update(case_id)
        access.require(by, "case.announce", case)
        lacking = ((new.tried, "tried", "为什么、用过哪些方式送达"), (new.place, "place", "公告张贴的地方"))
        for said, name, what in lacking:
            if not said.strip():
                raise AnnouncementIncomplete(field=name, what=what)
        paper = paper_to_announce(case, paper_id)
        if paper is None:
            raise NothingToAnnounce()
        if Announcement.objects.filter(root_id=case_id, paper_id=paper_id, state=State.POSTED).exists():
            raise AnnouncedAlready()
        today = legal_day(at)
        row = Announcement(
            root_id=case_id,
            id=new_id(),
            paper_id=paper_id,
            paper=paper.kind,
            document_number=paper.number,
            case_number=case.number,
            item_name=f"{case.item_name}（{case.handling_item}）",
            item_type=case.item_type,
            department_id=case.department_id,
            region_code=case.region_code,
            addressee=case.party_name or mask_name(case.applicant_name or ""),
            text=new.text.strip(),
            place=new.place.strip(),
            tried=new.tried.strip(),
            posted_on=today,
            deemed_on=rules.deemed_served_on(today, clocks.current_calendar()),
            post_id=by.post_id,
            person_id=by.id,
            at=at,
        )
        cmd.insert(row)
        cmd.note(paper=paper.kind, document_number=paper.number, due_on=row.deemed_on)
        cmd.note_digest(reason=new.tried.strip())
        cmd.done(row.deemed_on.isoformat())
        return row.deemed_on


def withdraw_announcement(
    *, case_id: UUID, announcement_id: UUID, reason: str, by: Actor, at: Instant, key: UUID
) -> Done:
    """
    Announced wrongly, or no more needed: gone for everybody at once. Raises NotAuthorised, ReasonMissing,
    AnnouncementUnknown.
    """
    with command("case.withdraw_announcement", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.withdraw_announcement", case)
        if not reason.strip():
            raise ReasonMissing(field="reason")
        row = _posted(case_id, announcement_id)
        row.state, row.ended_on, row.withdrawn_because = State.WITHDRAWN, legal_day(at), reason.strip()
        row.save(update_fields=["state", "ended_on", "withdrawn_because"])
        cmd.note(paper=row.paper, document_number=row.document_number)
        cmd.note_digest(reason=reason.strip())
        return cmd.done(Done(case.pk, case.status))


def serve_announced(*, case_id: UUID, announcement_id: UUID, at: Instant) -> bool:
    """
    Its time is over: the paper is served on its day, with the announcement as proof. False where it is not due, or was
    ended meanwhile. Safe to repeat. Raises what `serve_notice` and `deliver_case` raise.
    """
    row = Announcement.objects.filter(root_id=case_id, id=announcement_id, state=State.POSTED).first()
    if row is None or not rules.over(row.deemed_on, legal_day(at)):
        return False
    proof = f"{row.posted_on.isoformat()}公告，{row.place}"
    served = Served("announced", proof=proof, received_on=row.deemed_on)
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:announced:{row.id}"))
    given = {"case_id": case_id, "served": served, "by": SERVING, "at": at, "key": key}
    try:
        if row.paper in NOTICES:
            serve_notice(paper_id=row.paper_id, **given)
        else:
            deliver_case(**given)
    except AnnouncementUnknown:  # withdrawn between the look above and the lock of the case
        return False
    return True


def _posted(case_id: UUID, announcement_id: UUID) -> Announcement:
    rows = Announcement.objects.select_for_update().filter(root_id=case_id, id=announcement_id)
    row = rows.filter(state=State.POSTED).first()
    if row is None:
        raise AnnouncementUnknown()
    return row
