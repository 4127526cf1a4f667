from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant
from mingqu.notifications import selectors, services
from mingqu.notifications.channels import double
from mingqu.notifications.services import QUEUE, SEND, sending


@app.task(name=SEND, queue=QUEUE, queueing_lock=SEND)
def send() -> None:
    """Until nothing is due. Several may run at once: each takes rows that no other holds."""
    while sending.send_batch(at=timezone.now()):
        pass


@periodic("notifications.send_due", every=timedelta(seconds=10))
def send_due(at: Instant) -> None:
    """Has the sender begin, off the scheduler's own path; also after one that died."""
    if selectors.anything_due(at):
        services.wake()


@periodic("notifications.delete_old_double_messages", every=timedelta(hours=1))
def delete_old_double_messages(at: Instant) -> None:
    double.delete_old(at)
