"""Periodic work of regulation."""

from datetime import timedelta

from mingqu.kernel.schedule import periodic
from mingqu.kernel.types import Instant
from mingqu.regulation import services


@periodic("regulation.watch", every=timedelta(hours=6))
def watch(at: Instant) -> str:
    """Supervision ends with certificates that ended by themselves; inspections past their day are told, once."""
    return services.watch(at)
