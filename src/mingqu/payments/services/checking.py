"""Money of another amount than was asked for: a finance officer looks at it and says what became of it."""

from uuid import UUID

from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.payments.errors import AmountAgrees, CheckReasonMissing
from mingqu.payments.models import Payment, TogetherPayment
from mingqu.payments.services.hearing import ended
from mingqu.payments.services.notices import locked
from mingqu.payments.services.together import close_order

LONGEST = 500


def close_differing(
    *, notice_id: UUID, payment_id: UUID, reason: str, by: Actor, at: Instant, key: CommandKey
) -> None:
    """
    The officer has settled it with the provider (who gave the money back, or never had it): the attempt is over, and
    the fee is due again. What the provider corrects by itself pays as ever. Moves no money. Of an order for several
    fees all of them are: its one amount was looked at.

    Raises NotAuthorised, AmountAgrees (nothing to look at, or somebody did), CheckReasonMissing.
    """
    share = Payment.objects.filter(notice=notice_id, id=payment_id).exclude(order_reference="").first()
    if share is not None:
        order = TogetherPayment.objects.get(provider=share.provider, reference=share.order_reference)
        close_order(together_id=order.pk, reason=reason, by=by, at=at, key=key)
        return
    with command("payment.close_differing", notice_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = locked(notice_id)
        access.require(by, "payment.refund", row)
        payment = Payment.objects.filter(notice=row, id=payment_id, state=Payment.State.DIFFERS).first()
        if payment is None:
            raise AmountAgrees()
        if not reason.strip():
            raise CheckReasonMissing(field="reason")
        payment.checked_by, payment.checked_because = by.id, reason.strip()[:LONGEST]
        payment.save(update_fields=["checked_by", "checked_because"])
        ended(row, payment, "close")
        cmd.note(number=row.number, reference=payment.reference, amount=payment.told_amount)
        cmd.note_digest(reason=reason.strip())
        cmd.done(None)
