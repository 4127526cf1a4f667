"""Jobs of the report upwards: what comes round asks for them, they speak to the platform above. Each may run twice."""

import contextlib
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from mingqu.federation import rules, services
from mingqu.federation.above.registry import above
from mingqu.federation.errors import UpwardFileWrong
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant

QUEUE = "federation"
GATHER, GO_ON = "federation.gather", "federation.go_on"


@app.task(name=GATHER, queue=QUEUE)
def gather(table: str) -> None:
    """The next part of a table is looked through and what waits is put into batches, which are sent at once."""
    at = timezone.now()
    services.look_through(table, at)
    if services.gather(table, at):
        _send_due(at)


@app.task(name=GO_ON, queue=QUEUE)
def go_on(batch_id: str) -> None:
    to = above()
    if to is not None:
        services.go_on(UUID(batch_id), to, timezone.now())


@periodic("federation.report", every=timedelta(minutes=2))
def report(at: Instant) -> str:
    """Asks for the jobs; nothing where no platform above is connected."""
    try:
        if above() is None:
            return ""
    except (UpwardFileWrong, OSError) as wrong:
        return f"the file about the platform above can't be used: {type(wrong).__name__}"
    _send_due(at)
    for table in rules.layouts():
        if services.has_work(table, at):
            _ask(GATHER, table=table)
    return ""


def _send_due(at: Instant) -> None:
    for batch_id in services.due(at):
        _ask(GO_ON, batch_id=str(batch_id))


def _ask(name: str, **about: str) -> None:
    """Once: what stands in the queue already is not put there again."""
    lock = ":".join((name, *about.values()))
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(name, queue=QUEUE, queueing_lock=lock).defer(**about)
