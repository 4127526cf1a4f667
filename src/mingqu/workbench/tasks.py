"""Periodic work of the desk."""

from datetime import timedelta

from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant
from mingqu.workbench import digest


@periodic("workbench.morning_digest", every=timedelta(minutes=30))
def morning_digest(at: Instant) -> None:
    digest.tell_all(at)
