"""Jobs and periodic work of the exchange. Arguments are ids, names and days only; each may run twice."""

from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from mingqu.exchange import services
from mingqu.exchange.errors import SystemUnavailable
from mingqu.exchange.services.common import QUEUE
from mingqu.exchange.services.handing import RECALL, SEND
from mingqu.exchange.services.hearing import LOOK
from mingqu.exchange.services.reconciling import DAY_JOB
from mingqu.exchange.services.states import WORK
from mingqu.kernel.schedule import each_alone, periodic
from mingqu.kernel.types import Instant


@app.task(name=SEND, queue=QUEUE)
def send(root_id: str, handover_id: str) -> None:
    services.send(root_id=UUID(root_id), handover_id=UUID(handover_id), at=timezone.now())


@app.task(name=LOOK, queue=QUEUE)
def look(root_id: str, handover_id: str) -> None:
    services.look(root_id=UUID(root_id), handover_id=UUID(handover_id), at=timezone.now())


@app.task(name=RECALL, queue=QUEUE)
def recall(root_id: str, handover_id: str) -> None:
    services.recall(root_id=UUID(root_id), handover_id=UUID(handover_id), at=timezone.now())


@app.task(name=WORK, queue=QUEUE)
def read_states(file_id: str) -> None:
    """Portion after portion, until nothing is left."""
    while services.read_states(UUID(file_id), timezone.now()):
        pass


@app.task(name=DAY_JOB, queue=QUEUE)
def reconcile_day(connector: str, day: str) -> None:
    """A side that can't be asked now is asked at the next turn; its connection shows why."""
    try:
        services.reconcile_asked(connector, date.fromisoformat(day), timezone.now())
    except SystemUnavailable:
        return


@periodic("exchange.sweep", every=timedelta(minutes=1))
def sweep(at: Instant) -> None:
    services.sweep_unsent(at)
    services.sweep_recalls(at)
    services.sweep_unheard(at)
    services.sweep_states(at)


@periodic("exchange.watch_silence", every=timedelta(hours=1))
def watch_silence(at: Instant) -> str:
    found = {handover_id: root_id for root_id, handover_id in services.flag_silent(at)}
    return each_alone(found, lambda one: services.note_silence(found[one], one, at), "silence")


@periodic("exchange.reconcile_days", every=timedelta(hours=1))
def reconcile_days(at: Instant) -> None:
    services.sweep_days(at)
