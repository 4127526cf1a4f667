"""Jobs and periodic work of payments. Arguments are ids only; each may run twice."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant
from mingqu.payments import services
from mingqu.payments.services.hearing import LOOK, QUEUE
from mingqu.payments.services.refunding import SEND
from mingqu.payments.services.settling import LOOK as LOOK_TOGETHER
from mingqu.payments.services.together import SETTLE


@app.task(name=LOOK, queue=QUEUE)
def look(notice_id: str, payment_id: str) -> None:
    services.look_again(notice_id=UUID(notice_id), payment_id=UUID(payment_id), at=timezone.now())


@app.task(name=SEND, queue=QUEUE)
def send_refund(notice_id: str, refund_id: str) -> None:
    services.send_refund(notice_id=UUID(notice_id), refund_id=UUID(refund_id), at=timezone.now())


@app.task(name=LOOK_TOGETHER, queue=QUEUE)
def look_together(together_id: str) -> None:
    services.look_at_order(together_id=UUID(together_id), at=timezone.now())


@app.task(name=SETTLE, queue=QUEUE)
def settle_together(together_id: str) -> None:
    services.settle(together_id=UUID(together_id), at=timezone.now())


@periodic("payments.note_overdue", every=timedelta(hours=6))
def note_overdue(at: Instant) -> None:
    services.note_overdue(at)


@periodic("payments.sweep", every=timedelta(minutes=1))
def sweep(at: Instant) -> None:
    services.sweep(at)
