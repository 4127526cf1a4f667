"""Periodic work of 通办."""

from datetime import timedelta

from mingqu.across import services
from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant


@periodic("across.recount", every=timedelta(hours=24))
def recount(at: Instant) -> None:
    """What an event did not tell: receptions that were never counted, and those that go on."""
    services.recount()
