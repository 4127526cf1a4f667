"""
What a provider tells, by itself or when asked. One payment is one payment however often it is told; an amount that
differs is no payment; money nobody owed is marked and proposed to be given back.
"""

from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from procrastinate.contrib.django import app as jobs

from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.payments import rules
from mingqu.payments.errors import ReferenceUnknown
from mingqu.payments.models import FeeNotice, Payment, PaymentReference, ProviderCallback, Refund
from mingqu.payments.providers import registry
from mingqu.payments.services import refunding, together
from mingqu.payments.services.notices import locked, receipt_number, settled
from mingqu.payments.types import Answer, Callback, Heard

LOOK, QUEUE = "payments.look", "payments"
ASK_AFTER = timedelta(minutes=2)  # a telling that has not come by then is asked for
ASK_AGAIN = timedelta(minutes=5)
SWEEP_BATCH = 200
FIRST = 10  # before papers (0): who has paid waits at the page, and one look takes a moment


def hear(*, provider: str, told: Callback, at: Instant) -> Heard:
    """
    A telling whose signature was verified. The same event again is answered as at first and does nothing.

    Raises ReferenceUnknown, which is written into the ledger of the provider.
    """
    by = Actor.system(f"payments-{provider}")
    found = PaymentReference.objects.filter(pk=f"{provider}:{told.reference}").first()
    if found is None:
        _note_unknown(provider, told, by, at)
        raise ReferenceUnknown()
    if found.together:
        return together.hear_of_order(together_id=found.notice_id, provider=provider, told=told, at=at)
    with command("payment.hear", found.notice_id, by=by, at=at, key=CommandKey(told.event)) as cmd:
        if cmd.repeated:
            return cmd.first_result(Heard)
        row = locked(found.notice_id)
        verdict = _apply(cmd, row, told)
        ProviderCallback.objects.create(
            notice=row,
            event_id=told.event,
            provider=provider,
            kind=told.kind,
            reference=told.reference,
            amount=told.amount,
            verdict=verdict,
            at=at,
        )
        cmd.note(
            number=row.number, reference=told.reference, kind=told.kind, amount=told.amount, verdict=verdict
        )
        return cmd.done(Heard(verdict))


def look_again(*, notice_id: UUID, payment_id: UUID, at: Instant) -> str:
    """
    Ask the provider how an open payment stands, and write that down; what its page no longer takes is given up. In a
    job; safe to repeat. Raises ProviderUnavailable.
    """
    payment = Payment.objects.get(notice_id=notice_id, id=payment_id)
    if payment.state != Payment.State.OPEN:
        return payment.state
    answer = registry.named(payment.provider).ask(payment.reference)
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:payment-look:{payment_id}:{at.isoformat()}"))
    by = Actor.system(f"payments-{payment.provider}")
    with command("payment.look", notice_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return payment.state
        row = locked(notice_id)
        payment = Payment.objects.get(notice_id=notice_id, id=payment_id)
        verdict = _answered(cmd, row, payment, answer)
        Payment.objects.filter(notice_id=notice_id, id=payment_id).update(asked_at=at)
        cmd.note(number=row.number, reference=payment.reference, verdict=verdict)
        cmd.done(None)
    return payment.state


def sweep(at: Instant) -> int:
    """Have every open payment asked for that was not told in time, and every refund sent that was not; how many."""
    alone = Payment.objects.filter(state=Payment.State.OPEN, order_reference="")
    late = alone.filter(began_at__lt=at - ASK_AFTER)
    waiting = late.exclude(asked_at__gt=at - ASK_AGAIN).order_by("until")
    found = list(waiting.values_list("notice_id", "id")[:SWEEP_BATCH])
    for notice_id, payment_id in found:
        jobs.configure_task(LOOK, queue=QUEUE, priority=FIRST).defer(
            notice_id=str(notice_id), payment_id=str(payment_id)
        )
    return len(found) + refunding.sweep(at)


def _note_unknown(provider: str, told: Callback, by: Actor, at: Instant) -> None:
    root = uuid5(NAMESPACE_URL, f"mingqu:payments:provider:{provider}")
    with command("payment.hear_unknown", root, by=by, at=at, key=CommandKey(told.event)) as cmd:
        if not cmd.repeated:
            cmd.note(reference=told.reference, kind=told.kind, amount=told.amount)
            cmd.done(None)


def _apply(cmd: Command, row: FeeNotice, told: Callback) -> str:
    if told.kind in {"refunded", "refund_failed"}:
        refund = Refund.objects.filter(notice=row, reference=told.reference).first()
        if refund is None:
            return "unknown"
        if told.kind == "refunded" and told.amount != refund.amount:
            return "amount_differs"
        return refunding.finish(cmd, row, refund, done=told.kind == "refunded")
    payment = Payment.objects.filter(notice=row, reference=told.reference).first()
    if payment is None:
        return "unknown"
    if told.kind == "failed":
        return ended(row, payment, "fail")
    return money(cmd, row, payment, Answer("paid", told.amount, told.trade_number, told.happened_at))


def _answered(cmd: Command, row: FeeNotice, payment: Payment, answer: Answer) -> str:
    if answer.state == "paid":
        return money(cmd, row, payment, answer)
    if answer.state == "failed":
        return ended(row, payment, "fail")
    return ended(row, payment, "expire") if payment.until <= cmd.at else "waiting"


def money(cmd: Command, row: FeeNotice, payment: Payment, answer: Answer) -> str:
    """The provider has the money of this payment."""
    if payment.state == Payment.State.SUCCEEDED:
        return "known"
    if answer.amount != payment.amount:
        return differs(row, payment, answer)
    happened_at = answer.at or cmd.at
    payment.state, payment.trade_number = Payment.State.SUCCEEDED, answer.trade_number
    payment.paid_at, payment.paid_on = happened_at, legal_day(happened_at)
    payment.receipt_number = receipt_number(row, cmd.at)
    then = rules.after(rules.NOTICE, row.state, "money")
    payment.surplus = then is None
    payment.save(update_fields=["state", "trade_number", "paid_at", "paid_on", "receipt_number", "surplus"])
    if then is None:
        refunding.propose_surplus(cmd, row, payment)
        return "late" if row.state in {"exempted", "cancelled"} else "surplus"
    row.state, row.ended_at, row.receipt_number = then, happened_at, payment.receipt_number
    row.save(update_fields=["state", "ended_at", "receipt_number"])
    settled(cmd, row)
    return "paid"


def differs(row: FeeNotice, payment: Payment, answer: Answer) -> str:
    """Another amount pays nothing and is asked for no more; who looks at it sees both amounts."""
    if state := rules.after(rules.PAYMENT, payment.state, "differ"):
        payment.state = state
    payment.told_amount, payment.trade_number = answer.amount, answer.trade_number
    payment.save(update_fields=["state", "told_amount", "trade_number"])
    if then := rules.after(rules.NOTICE, row.state, "begin"):  # told after it had been given up
        row.state = then
        row.save(update_fields=["state"])
    return "amount_differs"


def ended(row: FeeNotice, payment: Payment, happens: str) -> str:
    """Nothing came of it; the fee is due again where no other attempt is under way."""
    state = rules.after(rules.PAYMENT, payment.state, happens)
    if state is None:
        return "known"
    payment.state = state
    payment.save(update_fields=["state"])
    under_way = Payment.objects.filter(notice=row, state__in=rules.UNDER_WAY).exists()
    if not under_way and (then := rules.after(rules.NOTICE, row.state, "give_up")):
        row.state = then
        row.save(update_fields=["state"])
    return state
