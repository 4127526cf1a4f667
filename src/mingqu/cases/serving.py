"""
Whose turn it is when a notice is made: the system's, where its reader agreed to electronic service and can open it;
else a clerk's, on whose list 文书送达 it stands until it is noted how it was served.
"""

from datetime import date
from uuid import UUID

from mingqu.cases.bundles.services.serving import BUNDLE_NOTICES, serve_bundle_electronically
from mingqu.cases.models import Bundle, Case
from mingqu.cases.papers import MADE_ANEW
from mingqu.cases.services import notices
from mingqu.cases.services.service_of_papers import OF_DECISION
from mingqu.certificates import selectors as certificates
from mingqu.clocks import selectors as clocks
from mingqu.documents import selectors as documents
from mingqu.documents.events import DocumentReady
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.notifications.services.service import awaits_service
from mingqu.notifications.types import Unserved
from mingqu.payments import selectors as payments

CORRECTIONS = frozenset({"correction_notice", "bundle_correction"})
TELL_WITHIN = (
    5  # working days from the receipt of the materials (行政许可法 32(4)); for others our own undertaking
)
FEE = "fee_notice"


@subscriber("cases.serve_notice", DocumentReady)
def serve_notice(event: DocumentReady, *, at: Instant) -> None:
    """
    A notice in the space of who agreed to that is served that day (民事诉讼法 90), once however often this comes; any
    other stands on the list of who serves it.
    """
    if event.kind in notices.NOTICES:
        _of_case(event.root_id, event, at)
    elif event.kind in BUNDLE_NOTICES:
        _of_bundle(event, at)
    elif event.kind in notices.OF_OTHERS:
        case_id = _whose(event)
        if case_id is not None:
            _of_case(case_id, event, at)


def _whose(event: DocumentReady) -> UUID | None:
    """The case that a fee, or a certificate, came of; None where a certificate was taken over without one."""
    if event.kind == FEE:
        return payments.case_of(event.root_id)
    return next(iter(certificates.cases_of([event.root_id])), None)


def _of_case(case_id: UUID, event: DocumentReady, at: Instant) -> None:
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        return
    paper_id, own = event.request_id, event.kind in notices.NOTICES
    if own and notices.serve_electronically(case_id=case.pk, paper_id=paper_id, at=at):
        return
    waits = _waits(case, paper_id, event.kind, _number(event), at)
    awaits_service(waits, instead_of=event.kind if event.kind in MADE_ANEW else "")
    # What became of a certificate years later is nothing she agreed to have sent this way (民事诉讼法 90).
    if event.kind == FEE:
        notices.serve_electronically(case_id=case.pk, paper_id=paper_id, at=at)


def decision_waits(case_id: UUID, at: Instant) -> None:
    """
    The decision of who agreed to electronic service and can not open it any more: a clerk serves it, from the same
    list. `deliver_case` takes it off.
    """
    case = Case.objects.get(pk=case_id)
    made = [one for one in documents.documents_of(case_id) if one.kind in OF_DECISION]
    ready = [one for one in made if one.state == "ready"]
    if ready:
        awaits_service(_waits(case, ready[-1].id, ready[-1].kind, ready[-1].number, at))


def _waits(case: Case, paper_id: UUID, kind: str, number: str, at: Instant) -> Unserved:
    return Unserved(
        root_id=case.pk,
        paper_id=paper_id,
        paper=kind,
        document_number=number,
        owner="case",
        number=case.number,
        subject=f"{case.item_name}（{case.handling_item}）",
        department_id=case.department_id,
        region_code=case.region_code,
        item_type=case.item_type,
        since=at,
        limit_on=case.due_on if kind in OF_DECISION else last_day_to_tell(kind, case.received_on),
    )


def _of_bundle(event: DocumentReady, at: Instant) -> None:
    if serve_bundle_electronically(bundle_id=event.root_id, paper_id=event.request_id, at=at):
        return
    bundle = Bundle.objects.get(pk=event.root_id)
    waits = Unserved(
        root_id=bundle.pk,
        paper_id=event.request_id,
        paper=event.kind,
        document_number=_number(event),
        owner="bundle",
        number=bundle.number,
        subject=bundle.name,
        department_id=bundle.department_id,
        region_code=bundle.region_code,
        item_type=bundle.item_type,
        since=at,
        limit_on=last_day_to_tell(event.kind, legal_day(bundle.received_at)),
    )
    awaits_service(waits)


def _number(event: DocumentReady) -> str:
    found = (one for one in documents.documents_of(event.root_id) if one.id == event.request_id)
    return next((one.number for one in found), "")


def last_day_to_tell(kind: str, received_on: date) -> date | None:
    """The last day on which asking for a correction is asking in time (行政许可法 32(4))."""
    if kind not in CORRECTIONS:
        return None
    return clocks.current_calendar().add_working_days(received_on, TELL_WITHIN)
