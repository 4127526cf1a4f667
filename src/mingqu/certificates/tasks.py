"""Jobs and periodic work of certificates. Arguments are ids only; each may run twice."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from mingqu.certificates.imports import commands
from mingqu.certificates.imports.commands import QUEUE, WORK
from mingqu.certificates.services import reminders
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant


@app.task(name=WORK, queue=QUEUE)
def import_certificates(batch_id: str) -> None:
    """Portion after portion, until nothing is left."""
    while commands.work(UUID(batch_id), timezone.now()):
        pass


@periodic("certificates.import_sweep", every=timedelta(minutes=2))
def import_sweep(at: Instant) -> None:
    commands.sweep(at)


@periodic("certificates.remind_renewal", every=timedelta(hours=6))
def remind_renewal(at: Instant) -> None:
    reminders.remind(at)


@periodic("certificates.remind_of_beginning", every=timedelta(hours=6))
def remind_of_beginning(at: Instant) -> None:
    reminders.remind_of_beginning(at)
