"""
Refunds: asked for with a reason by one person, agreed by another (a finance officer). What came online goes back the
way it came, by a job that may be repeated; what was taken at the window is handed back there, with its slip.
"""

from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import QuerySet
from procrastinate.contrib.django import app as jobs

from mingqu.identity.services import access
from mingqu.kernel import second_person
from mingqu.kernel.commands import Command, command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.payments import rules
from mingqu.payments.errors import NothingToRefund, ProofMissing, RefundNotWaiting, RefundReasonMissing
from mingqu.payments.events import FeeRefunded
from mingqu.payments.models import FeeNotice, Payment, Refund
from mingqu.payments.providers import registry
from mingqu.payments.providers.registry import COUNTER
from mingqu.payments.services.notices import locked
from mingqu.payments.services.paying import register_reference

REFUND = "payment.refund"
SEND, QUEUE = "payments.refund", "payments"
SURPLUS = "多收或者重复收的款，应当退回"
SEND_AGAIN = timedelta(minutes=10)
SWEEP_BATCH = 200
State = Refund.State


def ask_refund(
    *, notice_id: UUID, payment_id: UUID, reason: str, by: Actor, at: Instant, key: CommandKey
) -> UUID | None:
    """Raises NotAuthorised, NothingToRefund (not paid, or a refund of it is under way or done), RefundReasonMissing."""
    with command("payment.ask_refund", notice_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return None
        row = locked(notice_id)
        access.require(by, "payment.ask_refund", row)
        if not reason.strip():
            raise RefundReasonMissing(field="reason")
        payment = Payment.objects.filter(notice=row, id=payment_id, state=Payment.State.SUCCEEDED).first()
        if payment is None or _of(row, payment).exists():
            raise NothingToRefund()
        refund = _ask(cmd, row, payment, reason.strip())
        cmd.note_digest(reason=reason.strip())
        cmd.done(None)
        return refund.id


def propose_surplus(cmd: Command, row: FeeNotice, payment: Payment) -> None:
    """Money nobody owed: the system asks, a finance officer agrees. Inside the command that heard of it."""
    _ask(cmd, row, payment, SURPLUS)


def agree_refund(*, notice_id: UUID, refund_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """
    The second person agrees; also to try again what did not go through. Raises NotAuthorised, RefundNotWaiting,
    SecondPersonNeeded.
    """
    with command("payment.refund", notice_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(notice_id)
        access.require(by, "payment.refund", row)
        refund = _known(row, refund_id)
        state = rules.after(rules.REFUND, refund.state, "agree")
        if state is None:
            raise RefundNotWaiting()
        if refund.state == State.ASKED:
            second_person.agree(REFUND, refund.id, by=by, at=at)
        payment = Payment.objects.get(notice=row, id=refund.payment_id)
        refund.state, refund.agreed_by, refund.agreed_at = state, by.id, at
        refund.save(update_fields=["state", "agreed_by", "agreed_at"])
        if not payment.surplus and (then := rules.after(rules.NOTICE, row.state, "refund")):
            row.state = then
            row.save(update_fields=["state"])
        if refund.provider != COUNTER:
            cmd.defer(SEND, queue=QUEUE, notice_id=row.id, refund_id=refund.id)
        cmd.note(number=row.number, amount=refund.amount, reference=refund.reference)
        cmd.done(None)


def decline_refund(*, notice_id: UUID, refund_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """Taken back by who asked, refused by who agrees. Raises NotAuthorised, RefundNotWaiting."""
    with command("payment.decline_refund", notice_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(notice_id)
        refund = _known(row, refund_id)
        own = refund.asked_by == by.id
        access.require(by, "payment.ask_refund" if own else "payment.refund", row)
        if rules.after(rules.REFUND, refund.state, "decline") is None:
            raise RefundNotWaiting()
        second_person.decline(REFUND, refund.id, by=by, at=at)
        refund.state = State.DECLINED
        refund.save(update_fields=["state"])
        cmd.note(number=row.number, amount=refund.amount)
        cmd.done(None)


def record_returned(
    *, notice_id: UUID, refund_id: UUID, proof: str, by: Actor, at: Instant, key: CommandKey
) -> None:
    """
    What was taken at the window has been handed back, with the number of its slip. Raises NotAuthorised,
    RefundNotWaiting, ProofMissing.
    """
    with command("payment.return", notice_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(notice_id)
        access.require(by, "payment.take", row)
        refund = _known(row, refund_id)
        if refund.provider != COUNTER or refund.state != State.SENDING:
            raise RefundNotWaiting()
        if not proof.strip():
            raise ProofMissing(field="proof")
        refund.proof = proof.strip()
        refund.save(update_fields=["proof"])
        finish(cmd, row, refund, done=True)
        cmd.note(number=row.number, amount=refund.amount, proof=refund.proof)
        cmd.done(None)


def send_refund(*, notice_id: UUID, refund_id: UUID, at: Instant) -> str:
    """
    Have the provider give it back and write down what it says; the state of the refund. In a job; the provider knows
    our reference, so that the same again is the same refund. Raises ProviderUnavailable.
    """
    refund = Refund.objects.get(notice_id=notice_id, id=refund_id)
    if refund.state != State.SENDING or refund.provider == COUNTER:
        return refund.state
    payment = Payment.objects.get(notice_id=notice_id, id=refund.payment_id)
    paid_with = (
        payment.order_reference or payment.reference
    )  # of an order for several: this part of it goes back
    answer = registry.named(refund.provider).refund(paid_with, refund.reference, refund.amount, at=at)
    if answer.state == "waiting":
        return refund.state
    by = Actor.system(f"payments-{refund.provider}")
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:refund:{refund_id}:{at.isoformat()}"))
    with command("payment.refunded", notice_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return refund.state
        row = locked(notice_id)
        refund = _known(row, refund_id)
        finish(cmd, row, refund, done=answer.state == "paid")
        cmd.note(number=row.number, amount=refund.amount, state=refund.state)
        cmd.done(None)
    return refund.state


def sweep(at: Instant) -> int:
    """Queue again what was agreed and not sent: its job is gone."""
    late = Refund.objects.filter(state=State.SENDING, agreed_at__lt=at - SEND_AGAIN).exclude(provider=COUNTER)
    found = list(late.order_by("asked_at").values_list("notice_id", "id")[:SWEEP_BATCH])
    for notice_id, refund_id in found:
        jobs.configure_task(SEND, queue=QUEUE).defer(notice_id=str(notice_id), refund_id=str(refund_id))
    return len(found)


def finish(cmd: Command, row: FeeNotice, refund: Refund, *, done: bool) -> str:
    """The money is back, or did not go through (agreed to again, it is tried again)."""
    state = rules.after(rules.REFUND, refund.state, "done" if done else "fail")
    if state is None:
        return "known"
    refund.state = state
    if done:
        refund.done_at, refund.done_on = cmd.at, legal_day(cmd.at)
    refund.save(update_fields=["state", "done_at", "done_on"])
    payment = Payment.objects.get(notice=row, id=refund.payment_id)
    if done and not payment.surplus and (then := rules.after(rules.NOTICE, row.state, "returned")):
        row.state = then
        row.save(update_fields=["state"])
        cmd.publish(FeeRefunded(row.id, row.case_id, row.number, row.waits))
    return "refunded" if done else "refund_failed"


def _ask(cmd: Command, row: FeeNotice, payment: Payment, reason: str) -> Refund:
    refund = Refund(
        notice=row,
        payment_id=payment.id,
        provider=payment.provider,
        reference=f"T{new_id().hex}",
        amount=payment.amount,
        reason=reason,
        asked_at=cmd.at,
        asked_by=cmd.by.id,
    )
    refund.save(force_insert=True)
    register_reference(payment.provider, refund.reference, row.id)
    facts = {"notice": str(row.id)}
    second_person.ask(REFUND, refund.id, reason="退费", facts=facts, by=cmd.by, at=cmd.at)
    cmd.note(number=row.number, refund=refund.reference, amount=refund.amount)
    return refund


def _of(row: FeeNotice, payment: Payment) -> QuerySet[Refund]:
    return Refund.objects.filter(notice=row, payment_id=payment.id).exclude(state=State.DECLINED)


def _known(row: FeeNotice, refund_id: UUID) -> Refund:
    found = Refund.objects.filter(notice=row, id=refund_id).first()
    if found is None:
        raise RefundNotWaiting()
    return found
