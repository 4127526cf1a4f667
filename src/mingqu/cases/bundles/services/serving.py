"""
送达 of the merged notices of a bundle: what several departments tell in one paper is told once, and proved once.
"""

from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases.bundles import selectors
from mingqu.cases.bundles.services.course import BUNDLES
from mingqu.cases.bundles.types import BundleDone
from mingqu.cases.errors import DeliveryNotConsented, NoticeUnknown, ReasonMissing, ServiceIncomplete
from mingqu.cases.models import Bundle, Case
from mingqu.cases.rules import missing_of_service
from mingqu.cases.services.announced import (
    announcement_ends,
    announcement_of_closed,
    require_ran_out,
)
from mingqu.cases.services.notices import day_of_service, service_of
from mingqu.cases.services.reach import require_reached
from mingqu.cases.services.standing_aside import require_hand_in_all
from mingqu.cases.types import Served
from mingqu.documents import selectors as documents
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.notifications import selectors as notifications
from mingqu.notifications.services.service import close_paper, record_service

BUNDLE_NOTICES: Final = frozenset({"bundle_correction", "bundle_acceptance", "bundle_extension"})


def serve_bundle_notice(
    *, bundle_id: UUID, paper_id: UUID, served: Served, by: Actor, at: Instant, key: UUID
) -> BundleDone:
    """
    A merged notice reached the applicant; the row that proves it is written once. Raises NotAuthorised, Recused,
    NoticeUnknown, DeliveryNotConsented, DeliveryNotReachable, ServiceIncomplete, ServedDayWrong, ServedAlready,
    AnnouncedOnly.
    """
    with command("bundle.serve", bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(BundleDone)
        bundle = selectors.bundle_for_update(bundle_id)
        access.require(by, "bundle.serve", bundle)
        require_hand_in_all(bundle.pk, by)
        require_ran_out(served.way, by)
        paper = next((one for one in documents.documents_of(bundle_id) if one.id == paper_id), None)
        if paper is None or paper.kind not in BUNDLE_NOTICES or paper.state != "ready":
            raise NoticeUnknown()
        if served.way == "electronic":
            if by.kind != "system" or bundle.delivery_way != Case.DeliveryWay.ELECTRONIC:
                raise DeliveryNotConsented()
            require_reached([bundle.applicant_id])
        if missing := missing_of_service(served):
            raise ServiceIncomplete(field=missing.field, what=missing.words)
        day = day_of_service(served, paper.requested_at, at)
        record_service(service_of(bundle.pk, paper.id, paper.kind, served, day, at))
        announcement_ends(bundle_id, served.way, at, paper_id=paper.id)
        cmd.note(way=served.way, paper=paper.kind, served_on=day)
        cmd.note_digest(receiver=served.receiver, document=served.document)
        return cmd.done(BundleDone(bundle.pk, bundle.status))


def close_bundle_notice(
    *, bundle_id: UUID, paper_id: UUID, ground: str, reason: str, by: Actor, at: Instant, key: UUID
) -> BundleDone:
    """
    A merged notice that nobody can note the service of any more leaves the list with its reason, as `close_notice`
    has it of a case. Raises NotAuthorised, Recused, ReasonMissing, PaperNotOpen.
    """
    with command("bundle.close_notice", bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(BundleDone)
        bundle = selectors.bundle_for_update(bundle_id)
        access.require(by, "bundle.close_notice", bundle)
        require_hand_in_all(bundle.pk, by)
        if not reason.strip() or ground not in dict(notifications.closing_grounds()):
            raise ReasonMissing(field="reason")
        paper = close_paper(bundle_id, paper_id, ground, reason.strip())
        announcement_of_closed(bundle_id, paper_id, reason.strip(), at)
        cmd.note(paper=paper, ground=ground)
        cmd.note_digest(reason=reason.strip())
        return cmd.done(BundleDone(bundle.pk, bundle.status))


def serve_bundle_electronically(*, bundle_id: UUID, paper_id: UUID, at: Instant) -> bool:
    """The notice stands in the space of an applicant who agreed to that and can open it; False of others."""
    bundle = Bundle.objects.get(pk=bundle_id)
    if bundle.delivery_way != Case.DeliveryWay.ELECTRONIC:
        return False
    if not identity.reached_online([bundle.applicant_id]):
        return False
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:bundle-serve:{paper_id}"))
    given = Served.electronic()
    serve_bundle_notice(bundle_id=bundle_id, paper_id=paper_id, served=given, by=BUNDLES, at=at, key=key)
    return True
