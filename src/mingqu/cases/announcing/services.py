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
    AnnouncementPersonal,
    AnnouncementUnknown,
    NothingToAnnounce,
)
from mingqu.cases.announcing.selectors import paper_of_bundle_to_announce, paper_to_announce
from mingqu.cases.bundles import selectors as bundles
from mingqu.cases.bundles.services.serving import BUNDLE_NOTICES, serve_bundle_notice
from mingqu.cases.bundles.types import BundleDone
from mingqu.cases.errors import ReasonMissing
from mingqu.cases.models import Announcement, Bundle, Case
from mingqu.cases.services.notices import NOTICES, SERVING, serve_notice
from mingqu.cases.services.service_of_papers import deliver_case
from mingqu.cases.services.standing_aside import require_hand_in_all
from mingqu.cases.types import Done, Served
from mingqu.clocks import selectors as clocks
from mingqu.documents.selectors import DocumentView
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_name
from mingqu.kernel.personal import passages
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

    Raises NotAuthorised, AnnouncementIncomplete, AnnouncementPersonal, NothingToAnnounce, AnnouncedAlready.
    """
    with command("case.announce", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return date.fromisoformat(cmd.first_result(str))
        case = selectors.case_for_update(case_id)
        access.require(by, "case.announce", case)
        name = f"{case.item_name}（{case.handling_item}）"
        return _post(cmd, case, name, paper_to_announce(case, paper_id), new)


def announce_of_bundle(
    *, bundle_id: UUID, paper_id: UUID, new: NewAnnouncement, by: Actor, at: Instant, key: UUID
) -> date:
    """
    A merged notice of a 一件事, announced once for all its parts; else as `announce`.

    Raises NotAuthorised, Recused, AnnouncementIncomplete, AnnouncementPersonal, NothingToAnnounce, AnnouncedAlready.
    """
    with command("bundle.announce", bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return date.fromisoformat(cmd.first_result(str))
        bundle = bundles.bundle_for_update(bundle_id)
        access.require(by, "bundle.announce", bundle)
        require_hand_in_all(bundle.pk, by)
        return _post(cmd, bundle, bundle.name, paper_of_bundle_to_announce(bundle, paper_id), new)


def _post(
    cmd: Command, of: Case | Bundle, name: str, paper: DocumentView | None, new: NewAnnouncement
) -> date:
    """
    The row, of who holds the lock. Raises AnnouncementIncomplete, AnnouncementPersonal, NothingToAnnounce,
    AnnouncedAlready.
    """
    lacking = ((new.tried, "tried", "为什么、用过哪些方式送达"), (new.place, "place", "公告张贴的地方"))
    for said, field_name, what in lacking:
        if not said.strip():
            raise AnnouncementIncomplete(field=field_name, what=what)
    for said, field_name in ((new.text, "text"), (new.place, "place")):
        if found := passages(said):
            raise AnnouncementPersonal(field=field_name, passages="、".join(str(one) for one in found))
    if paper is None:
        raise NothingToAnnounce()
    if Announcement.objects.filter(root_id=of.pk, paper_id=paper.id, state=State.POSTED).exists():
        raise AnnouncedAlready()
    today = legal_day(cmd.at)
    row = Announcement(
        root_id=of.pk,
        id=new_id(),
        paper_id=paper.id,
        paper=paper.kind,
        document_number=paper.number,
        case_number=of.number,
        item_name=name,
        item_type=of.item_type,
        department_id=of.department_id,
        region_code=of.region_code,
        addressee=of.party_name or mask_name(of.applicant_name or ""),
        text=new.text.strip(),
        place=new.place.strip(),
        tried=new.tried.strip(),
        posted_on=today,
        deemed_on=rules.deemed_served_on(today, clocks.current_calendar()),
        post_id=cmd.by.post_id,
        person_id=cmd.by.id,
        at=cmd.at,
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
        _withdraw(cmd, announcement_id, reason)
        return cmd.done(Done(case.pk, case.status))


def withdraw_of_bundle(
    *, bundle_id: UUID, announcement_id: UUID, reason: str, by: Actor, at: Instant, key: UUID
) -> BundleDone:
    """As `withdraw_announcement`, of a merged notice. Raises Recused besides."""
    with command("bundle.withdraw_announcement", bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(BundleDone)
        bundle = bundles.bundle_for_update(bundle_id)
        access.require(by, "bundle.withdraw_announcement", bundle)
        require_hand_in_all(bundle.pk, by)
        _withdraw(cmd, announcement_id, reason)
        return cmd.done(BundleDone(bundle.pk, bundle.status))


def _withdraw(cmd: Command, announcement_id: UUID, reason: str) -> None:
    """Of who holds the lock. Raises ReasonMissing, AnnouncementUnknown."""
    if not reason.strip():
        raise ReasonMissing(field="reason")
    row = _posted(cmd.root_id, announcement_id)
    row.state, row.ended_on, row.withdrawn_because = State.WITHDRAWN, legal_day(cmd.at), reason.strip()
    row.save(update_fields=["state", "ended_on", "withdrawn_because"])
    cmd.note(paper=row.paper, document_number=row.document_number)
    cmd.note_digest(reason=reason.strip())


def serve_announced(*, root_id: UUID, announcement_id: UUID, at: Instant) -> bool:
    """
    Its time is over: the paper is served on its day, with the announcement as proof. `root_id`: of the case or bundle.
    False where it is not due, or was ended meanwhile. Safe to repeat. Raises what `serve_notice`,
    `serve_bundle_notice` and `deliver_case` raise.
    """
    row = Announcement.objects.filter(root_id=root_id, id=announcement_id, state=State.POSTED).first()
    if row is None or not rules.over(row.deemed_on, legal_day(at)):
        return False
    proof = f"{row.posted_on.isoformat()}公告，{row.place}"
    served = Served("announced", proof=proof, received_on=row.deemed_on)
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:announced:{row.id}"))
    try:
        if row.paper in BUNDLE_NOTICES:
            serve_bundle_notice(
                bundle_id=root_id, paper_id=row.paper_id, served=served, by=SERVING, at=at, key=key
            )
        elif row.paper in NOTICES:
            serve_notice(case_id=root_id, paper_id=row.paper_id, served=served, by=SERVING, at=at, key=key)
        else:
            deliver_case(case_id=root_id, served=served, by=SERVING, at=at, key=key)
    except AnnouncementUnknown:  # withdrawn between the look above and the lock of the case
        return False
    return True


def _posted(root_id: UUID, announcement_id: UUID) -> Announcement:
    rows = Announcement.objects.select_for_update().filter(root_id=root_id, id=announcement_id)
    row = rows.filter(state=State.POSTED).first()
    if row is None:
        raise AnnouncementUnknown()
    return row
