"""What the provider told of an order for several notices, written down at each of them: a job's, safe to repeat."""

from uuid import UUID, uuid5

from procrastinate.contrib.django import app as jobs

from mingqu.kernel.commands import command
from mingqu.kernel.schedule import each_alone
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.payments.errors import SettlingIncomplete
from mingqu.payments.models import Payment, TogetherPayment
from mingqu.payments.services.hearing import (
    ASK_AFTER,
    ASK_AGAIN,
    FIRST,
    SWEEP_BATCH,
    differs,
    ended,
    money,
)
from mingqu.payments.services.notices import locked
from mingqu.payments.services.together import QUEUE, SETTLE
from mingqu.payments.types import Answer

LOOK = "payments.look_together"
HAPPENS = {"failed": "fail", "expired": "expire"}
State = TogetherPayment.State


def settle(*, together_id: UUID, at: Instant) -> int:
    """
    At every notice of the order what its state means there; how many were written. Struck down in between, the next
    run does the rest: a notice that has heard of it is passed over.

    One that can't be written stops no other: the rest is kept and the order stays unsettled, so that the sweep sends
    another job for it. Raises SettlingIncomplete then, so that the failed job is seen.
    """
    row = TogetherPayment.objects.get(pk=together_id)
    if row.settled or row.state == State.OPEN:
        return 0
    waiting = Payment.objects.filter(notice__in=row.shares, order_reference=row.reference)
    found = waiting.exclude(state=row.state).order_by("notice_id").values_list("notice_id", "id")
    payments = dict(list(found))
    failed = each_alone(payments, lambda notice_id: _write(row, notice_id, payments[notice_id], at), "notice")
    if failed:
        raise SettlingIncomplete(order=row.number, failed=failed)
    TogetherPayment.objects.filter(pk=row.pk, state=row.state).update(settled=True)
    return len(found)


def _write(row: TogetherPayment, notice_id: UUID, payment_id: UUID, at: Instant) -> None:
    by = Actor.system(f"payments-{row.provider}")
    key = CommandKey(uuid5(row.pk, f"{row.state}:{row.told_at or ''}:{payment_id}"))
    with command("payment.hear", notice_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        if not TogetherPayment.objects.select_for_update().filter(pk=row.pk, state=row.state).exists():
            cmd.note(order=row.number, verdict="passed_over")  # told of anew: another job writes that
            cmd.done(None)
            return
        notice = locked(notice_id)
        payment = Payment.objects.get(notice_id=notice_id, id=payment_id)
        if row.state == State.SUCCEEDED:
            answer = Answer("paid", payment.amount, row.trade_number, row.told_at)
            verdict = money(cmd, notice, payment, answer)
        elif row.state == State.DIFFERS:
            verdict = differs(
                notice, payment, Answer("paid", row.told_amount or 0, row.trade_number, row.told_at)
            )
        else:
            closed = payment.state == Payment.State.DIFFERS
            if closed:
                payment.checked_by, payment.checked_because = row.checked_by, row.checked_because
                payment.save(update_fields=["checked_by", "checked_because"])
            verdict = ended(notice, payment, "close" if closed else HAPPENS[row.state])
        cmd.note(
            number=notice.number, order=row.number, reference=payment.reference, amount=payment.amount,
            verdict=verdict,
        )  # fmt: skip
        cmd.done(None)


def sweep(at: Instant) -> int:
    """Orders that were not told of in time are asked for; what was told and not written down is written; how many."""
    late = TogetherPayment.objects.filter(state=State.OPEN, began_at__lt=at - ASK_AFTER)
    asked = late.exclude(asked_at__gt=at - ASK_AGAIN).order_by("until").values_list("pk", flat=True)
    lost = TogetherPayment.objects.filter(settled=False).exclude(state=State.OPEN)
    told = lost.filter(began_at__lt=at - ASK_AFTER).order_by("pk").values_list("pk", flat=True)
    count = 0
    for task, found in ((LOOK, asked), (SETTLE, told)):
        for together_id in found[:SWEEP_BATCH]:
            jobs.configure_task(task, queue=QUEUE, priority=FIRST).defer(together_id=str(together_id))
            count += 1
    return count
