"""
Paying a notice through the provider. Our attempt is written down before the provider hears of it, so that money that
came while we were struck down is found by asking for our reference.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.payments import rules
from mingqu.payments.errors import AmountBeingChecked, NotOwed, PaidTogether
from mingqu.payments.models import FeeNotice, Payment, PaymentReference, TogetherPayment
from mingqu.payments.providers import registry
from mingqu.payments.services.notices import locked
from mingqu.payments.types import Begun, Order

OPEN_FOR = timedelta(minutes=30)  # as long as a provider's page takes money for one order


def begin_payment(*, notice_id: UUID, by: Actor, at: Instant, key: CommandKey) -> Begun:
    """
    Where the payer goes to pay. While an attempt is open it is that one again: two pages open side by side lead to one
    order of the provider, which takes it once. Raises NotAuthorised, NotOwed, AmountBeingChecked, PaidTogether,
    ProviderUnavailable.
    """
    provider = registry.current()
    with command("payment.pay", notice_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            begun = cmd.first_result(Begun)
            row = FeeNotice.objects.get(pk=notice_id)
        else:
            row = locked(notice_id)
            access.require(by, "payment.pay", row)
            state = rules.after(rules.NOTICE, row.state, "begin")
            if state is None:
                raise NotOwed(state=row.get_state_display())
            if Payment.objects.filter(notice=row, state=Payment.State.DIFFERS).exists():
                raise AmountBeingChecked()
            _require_alone(row, at)
            payment = _open(row, provider.name, at)
            row.state = state
            row.save(update_fields=["state"])
            cmd.note(number=row.number, reference=payment.reference, amount=payment.amount)
            begun = cmd.done(Begun(payment.id, payment.reference))
    order = Order(
        begun.reference,
        row.amount,
        f"{row.fee_name}（{row.number}）",
        f"{settings.MINGQU_BASE_URL}{reverse('payments:detail', args=[row.number])}",
        at + OPEN_FOR,
    )
    return Begun(begun.payment_id, begun.reference, provider.open(order, at=at))


def _require_alone(row: FeeNotice, at: Instant) -> None:
    """Raises PaidTogether while an order for several fees that has this one in it is open."""
    shares = Payment.objects.filter(notice=row, state=Payment.State.OPEN, until__gt=at)
    share = shares.exclude(order_reference="").order_by("-began_at").first()
    if share is not None:
        order = TogetherPayment.objects.get(provider=share.provider, reference=share.order_reference)
        raise PaidTogether(number=order.number, minutes=int(OPEN_FOR.total_seconds() // 60))


def _open(row: FeeNotice, provider: str, at: Instant) -> Payment:
    under_way = Payment.objects.filter(
        notice=row, provider=provider, state=Payment.State.OPEN, order_reference="", until__gt=at
    )
    found = under_way.order_by("began_at").first()
    if found is not None:
        return found
    payment = Payment(
        notice=row,
        provider=provider,
        way=Payment.Way.ONLINE,
        reference=new_id().hex,
        amount=row.amount,
        began_at=at,
        until=at + OPEN_FOR,
    )
    payment.save(force_insert=True)
    register_reference(provider, payment.reference, row.id)
    return payment


def register_reference(provider: str, reference: str, notice_id: UUID) -> None:
    PaymentReference.objects.create(key=f"{provider}:{reference}", notice_id=notice_id)
