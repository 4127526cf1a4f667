"""
送达 of notices, which are papers other than the decision: taken in, to be put right, turned away, suspended, extended,
ended. Electronically where the applicant agreed to that and has an account to open it with (民事诉讼法 90: with
consent, by a way that lets receipt be confirmed), when the paper stands in her space; else by a clerk, with the proof
the way asks for (87 to 91).
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases import rules, selectors
from mingqu.cases.errors import (
    DeliveryNotConsented,
    DeliveryNotReachable,
    NoticeUnknown,
    ReasonMissing,
    ServedDayWrong,
    ServiceIncomplete,
)
from mingqu.cases.models import Case
from mingqu.cases.services.announced import announcement_ends, announcement_of_closed, require_ran_out
from mingqu.cases.services.reach import reached
from mingqu.cases.services.service_of_papers import SIGNATURE
from mingqu.cases.types import Done, Served
from mingqu.documents import selectors as papers
from mingqu.documents import services as documents
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.notifications import selectors as notifications
from mingqu.notifications.errors import ServedAlready
from mingqu.notifications.services.service import close_paper, record_service
from mingqu.notifications.types import Service

NOTICES: Final = frozenset(
    {
        "acceptance_notice",
        "correction_notice",
        "not_accepted_notice",
        "not_required_notice",
        "special_procedure_notice",
        "extension_notice",
        "termination_notice",
        "deemed_renewal_notice",
    }
)
# Papers of another root that are this case's to serve: what it owes, what became of its certificate.
OF_OTHERS: Final = frozenset(
    {
        "fee_notice",
        "decision_revoked",
        "approval_revoked",
        "decision_struck_off",
        "approval_struck_off",
    }
)
SERVING: Final = Actor.system("delivery")


@dataclass(frozen=True)
class _Paper:
    id: UUID
    kind: str
    asked_at: Instant


def serve_notice(*, case_id: UUID, paper_id: UUID, served: Served, by: Actor, at: Instant, key: UUID) -> Done:
    """
    A notice reached the applicant; the row that proves it is written once. Raises NotAuthorised, NoticeUnknown,
    DeliveryNotConsented, DeliveryNotReachable, ServiceIncomplete, ServedDayWrong, ServedAlready.
    """
    with command("case.serve", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.serve", case)
        require_ran_out(served.way, by)
        paper = _notice(case_id, paper_id)
        if served.way == "electronic" and (by.kind != "system" or not case.delivery_consent_at):
            raise DeliveryNotConsented()
        if served.way == "electronic" and not reached(case, at):
            raise DeliveryNotReachable()
        if missing := rules.missing_of_service(served):
            raise ServiceIncomplete(field=missing.field, what=missing.words)
        service = _service(case, paper, served, at)
        record_service(service)
        announcement_ends(case_id, served.way, at, paper_id=paper.id)
        cmd.note(way=served.way, paper=paper.kind, served_on=service.served_on)
        cmd.note_digest(receiver=served.receiver, document=served.document)
        return cmd.done(Done(case.pk, case.status))


def close_notice(
    *, case_id: UUID, paper_id: UUID, ground: str, reason: str, by: Actor, at: Instant, key: UUID
) -> Done:
    """
    A notice that nobody can note the service of any more leaves the list with its reason (民事诉讼法 87 wants a record
    of each: this is none, and says so). An announcement of it is withdrawn. Raises NotAuthorised, ReasonMissing,
    PaperNotOpen.
    """
    with command("case.close_notice", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.close_notice", case)
        if not reason.strip() or ground not in dict(notifications.closing_grounds()):
            raise ReasonMissing(field="reason")
        paper = close_paper(case_id, paper_id, ground, reason.strip())
        announcement_of_closed(case_id, paper_id, reason.strip(), at)
        cmd.note(paper=paper, ground=ground)
        cmd.note_digest(reason=reason.strip())
        return cmd.done(Done(case.pk, case.status))


def serve_electronically(*, case_id: UUID, paper_id: UUID, at: Instant) -> bool:
    """
    The paper is made and stands in the space of an applicant who agreed to that and can open it; False of others: a
    clerk serves it.
    """
    case = Case.objects.filter(pk=case_id, delivery_consent_at__isnull=False).first()
    if case is None or not reached(case, at):
        return False
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:serve:{paper_id}"))
    serve_notice(case_id=case_id, paper_id=paper_id, served=Served.electronic(), by=SERVING, at=at, key=key)
    return True


def _notice(case_id: UUID, paper_id: UUID) -> _Paper:
    """Its own, or one of another root that stands on the list for this case. Raises NoticeUnknown."""
    found = next((one for one in papers.documents_of(case_id) if one.id == paper_id), None)
    if found is not None and found.kind in NOTICES and found.state == "ready":
        return _Paper(found.id, found.kind, found.requested_at)
    for one in notifications.unserved_of(case_id):
        if one.paper_id == paper_id and one.paper in OF_OTHERS:
            return _Paper(one.paper_id, one.paper, one.since)
    if paper_id in notifications.services_of(case_id):
        raise ServedAlready()
    raise NoticeUnknown()


def day_of_service(served: Served, asked_at: Instant, at: Instant) -> date:
    """The day it counts: not to come, not before the paper. Raises ServedDayWrong."""
    today = legal_day(at)
    day = served.received_on or today
    if day > today or day < legal_day(asked_at):
        raise ServedDayWrong(field="received_on")
    return day


def _service(case: Case, paper: _Paper, served: Served, at: Instant) -> Service:
    return service_of(case.pk, paper.id, paper.kind, served, day_of_service(served, paper.asked_at, at), at)


def service_of(root_id: UUID, paper_id: UUID, kind: str, served: Served, day: date, at: Instant) -> Service:
    """How a paper of this root was served, to be written down; a drawn signature lies with the root's files."""
    signature = served.signature_id
    if served.drawn is not None:
        stored = documents.store_file(
            root_id=root_id, kind=SIGNATURE, name="签收", upload=served.drawn, at=at
        )
        signature = stored.file_id
    return Service(
        root_id,
        paper_id,
        kind,
        served.way,
        day,
        address=served.address,
        receiver=served.receiver,
        relation=served.relation,
        document=served.document,
        refused_because=served.reason,
        proof=served.proof,
        signature_id=signature,
    )
