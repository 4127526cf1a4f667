"""Jobs of simulations. Arguments are ids only; each may run twice."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant
from mingqu.redesign import services
from mingqu.redesign.services.asking import QUEUE, WORK
from mingqu.redesign.services.moving import MOVE


@app.task(name=WORK, queue=QUEUE)
def simulate(run_id: str) -> None:
    """Minutes of computing for large numbers; it says how far it is and can be stopped."""
    services.run(UUID(run_id), timezone.now(), timezone.now)


@app.task(name=MOVE, queue=QUEUE)
def move_flows(move_id: str) -> None:
    """A look at every case, or its move; it begins again where it was cut off."""
    services.go_on_with(UUID(move_id), timezone.now)


@periodic("redesign.map", every=timedelta(hours=1))
def draw_map(at: Instant) -> None:
    """Prerequisites follow from the definitions and bundles in force."""
    services.map_again(at)


@periodic("redesign.measure", every=timedelta(days=1))
def measure(at: Instant) -> None:
    """What definitions save is counted anew daily too: items of before this room, and what was withdrawn."""
    services.measure_again()


@periodic("redesign.sweep", every=timedelta(minutes=2))
def sweep(at: Instant) -> None:
    services.sweep(at)
    services.sweep_moves(at)
