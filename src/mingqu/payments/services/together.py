"""
合并缴款: one order of the provider for several notices of one payer. Each notice has a payment of its own in it, so
that receipts, refunds and reconciliation stay those of its case. What the provider tells is written down at the order;
the notices hear of it one by one, by a job that may be repeated (`settling`).
"""

from collections.abc import Collection
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.urls import reverse

from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.numbers import next_number
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.payments import rules
from mingqu.payments.errors import AmountAgrees, CheckReasonMissing, NotOwed, NotTogether, TogetherUnknown
from mingqu.payments.models import FeeNotice, Payment, PaymentReference, TogetherPayment
from mingqu.payments.providers import registry
from mingqu.payments.services.paying import OPEN_FOR
from mingqu.payments.types import Answer, Callback, Heard, Order, TogetherBegun

SETTLE, QUEUE = "payments.settle_together", "payments"
LONGEST = 500
State = TogetherPayment.State


def begin_together(
    *, about_id: UUID, notice_ids: Collection[UUID], by: Actor, at: Instant, key: CommandKey
) -> TogetherBegun:
    """
    Where the payer goes to pay all of these at once. While an order about the same is open it is that one again. What
    is owed no more, is being paid alone or looked at by a finance officer is left out.

    Raises NotAuthorised, NotOwed (nothing is left to pay), NotTogether, ProviderUnavailable.
    """
    provider = registry.current()
    together_id = UUID(str(key))
    with command("payment.pay_together", together_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            begun = cmd.first_result(TogetherBegun)
            row = TogetherPayment.objects.get(pk=begun.together_id)
        else:
            rows = list(
                FeeNotice.objects.select_for_update(of=("self",)).filter(pk__in=notice_ids).order_by("pk")
            )
            for notice in rows:
                access.require(by, "payment.pay", notice)
            row = _open(about_id, at) or _new(cmd, about_id, rows, provider.name)
            many = len(row.notice_ids)
            begun = TogetherBegun(row.pk, row.number, row.amount, many, len(rows) - many)
            cmd.note(number=row.number, reference=row.reference, amount=row.amount, rows=many)
            begun = cmd.done(begun)
    address = provider.open(_order(row), at=at)
    return TogetherBegun(row.pk, row.number, row.amount, begun.many, begun.left_out, address)


def address_again(*, together_id: UUID, by: Actor, at: Instant) -> str:
    """
    Where an order that was left open is paid: the provider's same page, nothing of ours changes. Raises
    TogetherUnknown, NotAuthorised, NotOwed (paid, or its time is over), ProviderUnavailable.
    """
    row = TogetherPayment.objects.filter(pk=together_id).first()
    if row is None:
        raise TogetherUnknown()
    access.require(by, "payment.pay", row)
    if row.state != State.OPEN or row.until <= at:
        raise NotOwed(state=row.get_state_display())
    return registry.named(row.provider).open(_order(row), at=at)


def _order(row: TogetherPayment) -> Order:
    return Order(
        row.reference,
        row.amount,
        f"合并缴款{len(row.notice_ids)}笔（{row.number}）",
        f"{settings.MINGQU_BASE_URL}{reverse('payments:together', args=[row.pk])}",
        row.until,
    )


def _open(about_id: UUID, at: Instant) -> TogetherPayment | None:
    found = TogetherPayment.objects.filter(about_id=about_id, state=State.OPEN, until__gt=at)
    return found.order_by("-id").first()


def _new(cmd: Command, about_id: UUID, rows: list[FeeNotice], provider: str) -> TogetherPayment:
    """The order and a payment at each notice that can be in it; the notices are locked."""
    under_way = Payment.objects.filter(notice__in=rows, state__in=rules.UNDER_WAY)
    busy = {one.notice_id for one in under_way if one.state == Payment.State.DIFFERS or one.until > cmd.at}
    owed = [one for one in rows if one.pk not in busy and rules.after(rules.NOTICE, one.state, "begin")]
    if not owed:
        raise NotOwed(state=rows[0].get_state_display() if rows else "没有要缴的")
    if len({(one.payer_id, one.firm_id, one.department_id) for one in owed}) > 1:
        raise NotTogether()
    first, day = owed[0], legal_day(cmd.at)
    region = first.region_code[:6]
    serial = next_number("fee_together", region, f"{day:%Y%m%d}")
    row = TogetherPayment(
        id=cmd.root_id,
        number=f"HJ{region}{day:%Y%m%d}{serial:06d}",
        about_id=about_id,
        payer_id=first.payer_id,
        firm_id=first.firm_id,
        capacity_id=first.capacity_id,
        department_id=first.department_id,
        region_code=first.region_code,
        item_code=first.item_code,
        item_type=first.item_type,
        provider=provider,
        reference=new_id().hex,
        amount=sum(one.amount for one in owed),
        notice_ids=[str(one.pk) for one in owed],
        began_at=cmd.at,
        until=cmd.at + OPEN_FOR,
    )
    row.save(force_insert=True)
    PaymentReference.objects.create(key=f"{provider}:{row.reference}", notice_id=row.pk, together=True)
    Payment.objects.bulk_create(_share(row, one) for one in owed)
    FeeNotice.objects.filter(pk__in=[one.pk for one in owed]).update(state=FeeNotice.State.PAYING)
    return row


def _share(row: TogetherPayment, notice: FeeNotice) -> Payment:
    return Payment(
        notice=notice,
        provider=row.provider,
        way=Payment.Way.ONLINE,
        reference=new_id().hex,
        order_reference=row.reference,
        amount=notice.amount,
        began_at=row.began_at,
        until=row.until,
    )


# What the provider tells --------------------------------------------------------------------------------------


def hear_of_order(*, together_id: UUID, provider: str, told: Callback, at: Instant) -> Heard:
    """A telling about an order for several notices, verified. The same event again is answered as at first."""
    by = Actor.system(f"payments-{provider}")
    with command("payment.hear_together", together_id, by=by, at=at, key=CommandKey(told.event)) as cmd:
        if cmd.repeated:
            return cmd.first_result(Heard)
        row = _locked(together_id)
        answer = Answer("paid", told.amount, told.trade_number, told.happened_at)
        if told.kind not in {"paid", "failed"}:
            verdict = "unknown"  # a refund is told by its own reference, at its notice
        else:
            verdict = _money(cmd, row, answer) if told.kind == "paid" else _ended(cmd, row, "fail")
        cmd.note(
            number=row.number, reference=told.reference, kind=told.kind, amount=told.amount, verdict=verdict
        )
        return cmd.done(Heard(verdict))


def look_at_order(*, together_id: UUID, at: Instant) -> str:
    """Ask the provider how an open order stands; in a job, safe to repeat. Raises ProviderUnavailable."""
    row = TogetherPayment.objects.get(pk=together_id)
    if row.state != State.OPEN:
        return row.state
    answer = registry.named(row.provider).ask(row.reference)
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:together-look:{together_id}:{at.isoformat()}"))
    by = Actor.system(f"payments-{row.provider}")
    with command("payment.look_together", together_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return row.state
        row = _locked(together_id)
        if answer.state == "paid":
            verdict = _money(cmd, row, answer)
        elif answer.state == "failed":
            verdict = _ended(cmd, row, "fail")
        else:
            verdict = _ended(cmd, row, "expire") if row.until <= at else "waiting"
        row.asked_at = at
        row.save(update_fields=["asked_at"])
        cmd.note(number=row.number, reference=row.reference, verdict=verdict)
        cmd.done(None)
    return row.state


def close_order(*, together_id: UUID, reason: str, by: Actor, at: Instant, key: CommandKey) -> None:
    """
    The officer has settled another amount with the provider: the order is over, all of its fees are due again. Moves no
    money. Raises NotAuthorised, AmountAgrees, CheckReasonMissing, TogetherUnknown.
    """
    with command("payment.close_together", together_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = _locked(together_id)
        access.require(by, "payment.refund", row)
        if row.state != State.DIFFERS:
            raise AmountAgrees()
        if not reason.strip():
            raise CheckReasonMissing(field="reason")
        row.checked_by, row.checked_because = by.id, reason.strip()[:LONGEST]
        row.save(update_fields=["checked_by", "checked_because"])
        _ended(cmd, row, "close")
        cmd.note(number=row.number, reference=row.reference, amount=row.told_amount)
        cmd.note_digest(reason=reason.strip())
        cmd.done(None)


def _locked(together_id: UUID) -> TogetherPayment:
    row = TogetherPayment.objects.select_for_update(of=("self",)).filter(pk=together_id).first()
    if row is None:
        raise TogetherUnknown()
    return row


def _money(cmd: Command, row: TogetherPayment, answer: Answer) -> str:
    """The provider has the money: of the whole amount, or of another, which pays nothing."""
    if row.state == State.SUCCEEDED:
        return "known"
    same = answer.amount == row.amount
    state = rules.after(rules.PAYMENT, row.state, "money" if same else "differ")
    row.told_amount = None if same else answer.amount
    row.trade_number, row.told_at = answer.trade_number, answer.at or cmd.at
    row.save(update_fields=["trade_number", "told_at", "told_amount"])
    if state is not None:
        _becomes(cmd, row, state)
    return "paid" if same else "amount_differs"


def _ended(cmd: Command, row: TogetherPayment, happens: str) -> str:
    state = rules.after(rules.PAYMENT, row.state, happens)
    if state is None:
        return "known"
    _becomes(cmd, row, state)
    return state


def _becomes(cmd: Command, row: TogetherPayment, state: str) -> None:
    row.state, row.settled = state, False
    row.save(update_fields=["state", "settled"])
    cmd.defer(SETTLE, queue=QUEUE, together_id=row.pk)
