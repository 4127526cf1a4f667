"""
送达: how the decision reached the applicant, with the proof that it did (送达回证).

行政许可法 44 gives ten working days from the decision and says nothing of the ways. They are those of 民事诉讼法 87 to
91, which its authors knew for every paper of the state and which the law on penalties names; that they fit a licence
too is our reading. The day it counts is the day of signing (87), of the mail's return slip (91), of entering the
applicant's space (90, with her consent).
"""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from mingqu.cases import papers, rules, selectors
from mingqu.cases.errors import (
    DeliveryNotConsented,
    DeliveryNotReachable,
    NotDecided,
    ServedDayWrong,
    ServiceIncomplete,
)
from mingqu.cases.events import CaseDelivered
from mingqu.cases.models import Case, ServiceOfPaper
from mingqu.cases.services.announced import announcement_ends, require_ran_out
from mingqu.cases.services.reach import reached
from mingqu.cases.types import Done, Served
from mingqu.clocks import services as clocks
from mingqu.documents import services as documents
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.notifications.services.service import waits_no_more

SIGNATURE = "receipt_signature"  # kind of the stored picture
OF_DECISION = ("decision_granted", "decision_refused", "approval_granted", "approval_refused")
ELECTRONIC, WINDOW = ServiceOfPaper.Way.ELECTRONIC, ServiceOfPaper.Way.WINDOW
BeforeGiving = Callable[[Case, Actor], None]
_before_giving: dict[str, BeforeGiving] = {}


def ask_before_giving(name: str, asks: BeforeGiving) -> None:
    """
    A room above says which counter gives a result out: asked with the locked case and who gives it out; it raises where
    that is another one. A room asks once, in its `AppConfig.ready`.
    """
    _before_giving[name] = asks


def require_giver(case: Case, by: Actor) -> None:
    """Whether this post's counter is the one that gives out this case's result; raises what a room above refuses."""
    for asks in _before_giving.values():
        asks(case, by)


def deliver_case(*, case_id: UUID, served: Served, by: Actor, at: Instant, key: UUID) -> Done:
    """
    The decision reached the applicant (送达, 行政许可法 44): the clock of delivery stops, and the row that proves it is
    written once for all. Other ways than electronic bring a 送达回证 to print.

    Electronic service is the system's to say, when the papers stand in the space of an applicant who agreed to it:
    国务院令第716号 9 and 10 make them valid; that this space is the system of 民事诉讼法 90 is our reading.
    Raises NotAuthorised, NotDecided, DeliveryNotConsented, DeliveryNotReachable, ServiceIncomplete (what the way asks
    for), ServedDayWrong.
    """
    with command("case.deliver", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.deliver", case)
        if case.status not in rules.ALLOWED_IN["case.deliver"]:
            raise NotDecided()
        if served.way == ELECTRONIC and (by.kind != "system" or not case.delivery_consent_at):
            raise DeliveryNotConsented()
        require_ran_out(served.way, by)
        if served.way == WINDOW:
            require_giver(case, by)
        if served.way == ELECTRONIC and not reached(case, at):
            raise DeliveryNotReachable()
        if missing := rules.missing_of_service(served):
            raise ServiceIncomplete(field=missing.field, what=missing.words)
        day = _day(case, served, legal_day(at))
        row = _served(case, served, day, by, at)
        cmd.insert(row)
        announcement_ends(case_id, served.way, at, paper__in=OF_DECISION)
        if served.way != ELECTRONIC:
            if case.delivery_consent_at:  # it may stand on the list, because she could not open it any more
                waits_no_more(case_id, OF_DECISION)
            papers.service_record(case, row, at)
        clocks.stop(root_id=case_id, by=by)
        case.status, case.delivered_on, case.due_on = Case.Status.DELIVERED, day, None
        case.visits += served.way == WINDOW
        case.save(update_fields=["status", "delivered_on", "due_on", "visits"])
        cmd.note(way=served.way, paper=row.paper, served_on=day)
        cmd.note_digest(receiver=served.receiver, document=served.document)
        cmd.publish(CaseDelivered(case.pk, case.number, case.item_code, case.applicant_id, case.outcome, day))
        return cmd.done(Done(case.pk, case.status))


def _day(case: Case, served: Served, today: date) -> date:
    """The day it counts: of signing or of the return slip; never before the decision, never to come."""
    day = served.received_on or today
    if day > today or (case.decided_on and day < case.decided_on):
        raise ServedDayWrong(field="received_on")
    return day


def _served(case: Case, served: Served, day: date, by: Actor, at: Instant) -> ServiceOfPaper:
    signature = served.signature_id
    if served.drawn is not None:
        stored = documents.store_file(
            root_id=case.pk, kind=SIGNATURE, name="签收", upload=served.drawn, at=at
        )
        signature = stored.file_id
    return ServiceOfPaper(
        case=case,
        paper=f"decision_{case.outcome}",
        way=served.way,
        address=served.address,
        receiver=served.receiver,
        receiver_relation=served.relation,
        receiver_document=served.document,
        refused_because=served.reason,
        proof=served.proof,
        signature_id=signature,
        served_on=day,
        post_id=by.post_id,
        person_id=by.id if by.kind == "staff" else None,
        at=at,
    )
