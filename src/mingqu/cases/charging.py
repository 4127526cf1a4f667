"""
The fees of a case: asked for after acceptance as its definition says, cancelled when it ends without them. The room of
payments keeps notices and money; here they are joined with the case and its clocks.
"""

from collections.abc import Collection
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases import events, selectors
from mingqu.cases.models import Case
from mingqu.cases.running_on import steps_run_on
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Charged, LawRef
from mingqu.clocks import services as clocks
from mingqu.clocks.selectors import article_text
from mingqu.clocks.types import PAYMENT, Article, PauseOrder
from mingqu.kernel.commands import command
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.payments import selectors as payments
from mingqu.payments import services
from mingqu.payments.events import FeeDue, FeeSettled
from mingqu.payments.types import Charge, Of

CHARGING = Actor.system("fee-clock")
NOTHING = "case.look_at_fees"  # looked at, and the clocks stay as they are
ENDED = "办件没有办下去，不用再缴"


def charge(case_id: UUID, at: Instant) -> int:
    """Raise the notices of a case that was accepted; how many. Safe to repeat: each is raised once."""
    case = Case.objects.get(pk=case_id)
    definition = selectors.definition_of(case)
    if not any(fee.table for fee in definition.fees):
        return 0
    charged = catalogue.fees_of(definition, case.situation, case.answers)
    for one in charged:
        services.issue_notice(of=_of(case), charge=_charge(one), at=at)
    return len(charged)


def cancel(case_id: UUID, at: Instant) -> int:
    return services.cancel_of_case(case_id=case_id, because=ENDED, at=at)


def wait(case_id: UUID, number: str, at: Instant) -> bool:
    """
    The time until a fee is paid is not counted, where the definition names the article that says so; the notice with
    this number is the proof. Not while the time stands still already: `resumed` looks again then.
    """
    if not payments.waits_for(case_id):
        return False
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:fee-wait:{case_id}:{number}:{at.isoformat()}"))
    with command("case.wait_for_payment", case_id, by=CHARGING, at=at, key=key) as cmd:
        if cmd.repeated:
            return False
        case = selectors.case_for_update(case_id)
        accepted = case.status == Case.Status.ACCEPTED and case.suspended_since is None
        if not accepted or not payments.waits_for(case_id):
            cmd.turns_out(NOTHING)
            return False
        case.due_on = clocks.pause(root_id=case_id, order=PauseOrder(PAYMENT, number), by=CHARGING)
        case.suspended_since, case.suspended_ground = legal_day(at), PAYMENT
        case.save(update_fields=["due_on", "suspended_since", "suspended_ground"])
        cmd.note(ground=PAYMENT, document_number=number)
        cmd.done(None)
    return True


def go_on(case_id: UUID, number: str, at: Instant) -> bool:
    """The clocks run on once nothing they waited for is owed any more."""
    if payments.waits_for(case_id):
        return False
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:fee-paid:{case_id}:{number}"))
    with command("case.payment_came", case_id, by=CHARGING, at=at, key=key) as cmd:
        if cmd.repeated:
            return False
        case = selectors.case_for_update(case_id)
        if not case.waits_for_payment or payments.waits_for(case_id):
            cmd.turns_out(NOTHING)
            return False
        assert case.suspended_since is not None
        case.due_on = clocks.resume(root_id=case_id, by=CHARGING)
        steps_run_on(case_id, case.suspended_since, legal_day(at))
        case.suspended_since, case.suspended_ground = None, ""
        case.save(update_fields=["due_on", "suspended_since", "suspended_ground"])
        cmd.note(ground=PAYMENT, document_number=number, due_on=case.due_on)
        cmd.done(None)
    return True


def unknown(case_ids: Collection[UUID]) -> set[UUID]:
    """Of these, what is no case: the daily reconciliation asks."""
    return set(case_ids) - set(Case.objects.filter(pk__in=set(case_ids)).values_list("pk", flat=True))


def _of(case: Case) -> Of:
    firm = case.party_kind == Case.PartyKind.FIRM
    return Of(
        case_id=case.pk,
        case_number=case.number,
        item_name=f"{case.item_name}（{case.handling_item}）",
        item_type=case.item_type,
        department_id=case.department_id,
        region_code=case.region_code,
        payer_id=case.applicant_id,
        payer_name=(case.party_name if firm else case.applicant_name) or "",
        payer_kind="firm" if firm else "person",
        firm_id=case.party_id if firm else None,
        capacity_id=case.capacity_id,
        item_code=case.item_code,
    )


def _charge(one: Charged) -> Charge:
    fee = one.fee
    basis, free = _words(fee.basis), one.amount == 0
    return Charge(
        code=fee.code,
        name=fee.name,
        standard=fee.standard,
        basis=_words(one.basis) if free else basis,
        amount=one.amount,
        because=one.because,
        within=fee.within,
        waits=fee.not_counted is not None,
    )


def _words(basis: LawRef) -> str:
    """The law in its brackets with article and paragraph; a document without articles by its name."""
    if not basis.article:
        return f"《{basis.law}》"
    return article_text(Article(basis.law, basis.article, basis.paragraph, basis.point))


# What is heard ---------------------------------------------------------------------------------------------------


@subscriber("cases.charge", events.CaseAccepted)
def charge_accepted(event: events.CaseAccepted, *, at: Instant) -> None:
    """What the definition charges, off the path that accepts a case."""
    charge(event.root_id, at)


@subscriber("cases.cancel_fees", events.CaseWithdrawn, events.CaseTerminated)
def cancel_fees(event: events.CaseEvent, *, at: Instant) -> None:
    cancel(event.root_id, at)


@subscriber("cases.cancel_fees_of_refused", events.CaseDecided)
def cancel_fees_of_refused(event: events.CaseDecided, *, at: Instant) -> None:
    """Who was refused pays nothing more; what was paid is a matter of refunds, decided by people."""
    if event.outcome == Case.Outcome.REFUSED:
        cancel(event.root_id, at)


@subscriber("cases.wait_for_payment", FeeDue)
def wait_for_payment(event: FeeDue, *, at: Instant) -> None:
    if event.waits:
        wait(event.case_id, event.number, at)


@subscriber("cases.wait_again", events.CaseResumed)
def wait_again(event: events.CaseResumed, *, at: Instant) -> None:
    """A special procedure is over while a fee that is waited for is still owed."""
    for notice in payments.notices_of_case(event.root_id):
        if notice.waits and notice.is_open:
            wait(event.root_id, notice.number, at)


@subscriber("cases.payment_came", FeeSettled)
def payment_came(event: FeeSettled, *, at: Instant) -> None:
    if event.waits:
        go_on(event.case_id, event.number, at)
