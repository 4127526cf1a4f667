"""
送达 of notices, which are papers other than the decision: taken in, to be put right, turned away, suspended, extended,
ended. Electronically where the applicant agreed to that (民事诉讼法 90: with consent only), when the paper stands in
her space; else by a clerk, with the proof the way asks for (87 to 91).
"""

from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases import rules, selectors
from mingqu.cases.errors import DeliveryNotConsented, NoticeUnknown, ServedDayWrong, ServiceIncomplete
from mingqu.cases.models import Case
from mingqu.cases.services.service_of_papers import SIGNATURE
from mingqu.cases.types import Done, Served
from mingqu.documents import selectors as papers
from mingqu.documents import services as documents
from mingqu.documents.selectors import DocumentView
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.notifications.services.service import record_service
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
SERVING: Final = Actor.system("delivery")


def serve_notice(*, case_id: UUID, paper_id: UUID, served: Served, by: Actor, at: Instant, key: UUID) -> Done:
    """
    A notice reached the applicant; the row that proves it is written once. Raises NotAuthorised, NoticeUnknown,
    DeliveryNotConsented, ServiceIncomplete, ServedDayWrong, ServedAlready.
    """
    with command("case.serve", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.serve", case)
        paper = _notice(case_id, paper_id)
        if served.way == "electronic" and (by.kind != "system" or not case.delivery_consent_at):
            raise DeliveryNotConsented()
        if missing := rules.missing_of_service(served):
            raise ServiceIncomplete(field=missing.field, what=missing.words)
        service = _service(case, paper, served, at)
        record_service(service)
        cmd.note(way=served.way, paper=paper.kind, served_on=service.served_on)
        cmd.note_digest(receiver=served.receiver, document=served.document)
        return cmd.done(Done(case.pk, case.status))


def serve_electronically(*, case_id: UUID, paper_id: UUID, at: Instant) -> None:
    """The paper is made and stands in the space of an applicant who agreed to that; of others a clerk serves it."""
    if not Case.objects.filter(pk=case_id, delivery_consent_at__isnull=False).exists():
        return
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:serve:{paper_id}"))
    serve_notice(case_id=case_id, paper_id=paper_id, served=Served.electronic(), by=SERVING, at=at, key=key)


def _notice(case_id: UUID, paper_id: UUID) -> DocumentView:
    found = next((one for one in papers.documents_of(case_id) if one.id == paper_id), None)
    if found is None or found.kind not in NOTICES or found.state != "ready":
        raise NoticeUnknown()
    return found


def _service(case: Case, paper: DocumentView, served: Served, at: Instant) -> Service:
    today = legal_day(at)
    day = served.received_on or today
    if day > today or day < legal_day(paper.requested_at):
        raise ServedDayWrong(field="received_on")
    signature = served.signature_id
    if served.drawn is not None:
        stored = documents.store_file(
            root_id=case.pk, kind=SIGNATURE, name="签收", upload=served.drawn, at=at
        )
        signature = stored.file_id
    return Service(
        case.pk,
        paper.id,
        paper.kind,
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
